//! Percent-encoding (RFC 3986, section 2.1).

/// Decodes each `%XX` of `text` once. `None` where a `%` is not followed by two hexadecimal digits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => decoded.push(hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?),
            _ => decoded.push(byte),
        }
    }
    Some(decoded)
}

/// Whether `bytes` has a `%XX` in it, so that decoding it (again) would change it.
pub(crate) fn has_escape(bytes: &[u8]) -> bool {
    bytes
        .windows(3)
        .any(|window| matches!(window, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()))
}

fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_each_escape_once() {
        assert_eq!(decode("a%20b%C3%a9+").unwrap(), "a b\u{e9}+".as_bytes());
        assert_eq!(decode("%2541").unwrap(), b"%41");
    }

    #[test]
    fn a_broken_escape_is_no_text() {
        for text in ["%", "%4", "a%4", "%zz", "%4g", "%%41", "%+1"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn knows_what_a_second_decoding_would_change() {
        assert!(has_escape(b"100%41"));
        assert!(!has_escape(b"100%.png"));
        assert!(!has_escape(b"100%4"));
    }
}
