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

/// Encodes all but unreserved characters (RFC 3986, section 2.3): so a value can stand in a query or a form.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            let digit =
                |value: u8| char::from(b"0123456789ABCDEF".get(usize::from(value)).copied().unwrap_or_default());
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

/// `name=value&…`, each value encoded.
pub(crate) fn form(parameters: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in parameters {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(name);
        form.push('=');
        form.push_str(&encode(value));
    }
    form
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
    fn what_is_encoded_is_decoded_to_the_same() {
        let text = "a b&c=d+e%41/\u{e9}~-._";
        assert_eq!(encode(text), "a%20b%26c%3Dd%2Be%2541%2F%C3%A9~-._");
        assert_eq!(decode(&encode(text)).unwrap(), text.as_bytes());
        assert_eq!(form(&[("a", "1"), ("b", "x y")]), "a=1&b=x%20y");
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
