//! Percent-encoding in the one way that signatures are computed over ("UriEncode" in "Create a signed AWS API request",
//! AWS Identity and Access Management User Guide).

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Encodes every byte but RFC 3986's unreserved characters and those in `also`, with upper-case digits.
pub(crate) fn encode_into(encoded: &mut String, bytes: &[u8], also: &[u8]) {
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded.push(DIGITS.get(usize::from(digit)).copied().unwrap_or_default().into());
            }
        }
    }
}

/// Decodes each `%XX` once, and `+` as a space. `None` where a `%` is not followed by two hexadecimal digits.
pub(crate) fn decode_with_plus(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => digit(bytes.next()?)? << 4 | digit(bytes.next()?)?,
            b'+' => b' ',
            other => other,
        });
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str, also: &[u8]) -> String {
        let mut encoded = String::new();
        encode_into(&mut encoded, text.as_bytes(), also);
        encoded
    }

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(encode("aZ09-._~", b""), "aZ09-._~");
        assert_eq!(encode("!'()*+,/=\u{e9} %", b""), "%21%27%28%29%2A%2B%2C%2F%3D%C3%A9%20%25");
        assert_eq!(encode("/a/b c", b"/"), "/a/b%20c");
    }

    #[test]
    fn decodes_once_and_reads_plus_as_a_space() {
        assert_eq!(decode_with_plus("a+b%2b%2541"), Some(b"a b+%41".to_vec()));
        for broken in ["%", "%4", "%zz", "a%4g", "%%41", "%+1"] {
            assert_eq!(decode_with_plus(broken), None, "{broken}");
        }
    }
}
