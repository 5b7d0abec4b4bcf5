//! Tokens as bytes: the parts of a JWT are base64url, which sealing would encode a second time.

use crate::base64url;

use super::fields::{FieldReader, FieldWriter};

/// Shorter than the text where it has parts of base64url between dots, as JWS and JWE in compact serialization have.
pub(super) fn packed(token: &str) -> Vec<u8> {
    let parts: Option<Vec<Vec<u8>>> = token.split('.').map(base64url::decode).collect();
    match parts {
        Some(parts) => {
            let write = |fields: FieldWriter, part: &Vec<u8>| fields.bytes(part);
            parts.iter().fold(FieldWriter::default(), write).into_vec()
        }
        // No field begins like this: it would be longer than a cookie.
        None => [&[0xff, 0xff], token.as_bytes()].concat(),
    }
}

/// The very text that was packed.
pub(super) fn unpacked(bytes: &[u8]) -> Option<String> {
    if let Some(text) = bytes.strip_prefix(&[0xff, 0xff]) {
        return std::str::from_utf8(text).ok().map(str::to_owned);
    }
    let mut fields = FieldReader::new(bytes);
    let parts = std::iter::from_fn(|| fields.bytes());
    Some(parts.map(base64url::encode).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_as_it_was() {
        for text in ["", "e30.e30.c2ln", "a.b.c", "opaque+/=", ".", "e30..e30..", "A", "AA", "AB", "\u{e9}"] {
            assert_eq!(unpacked(&packed(text)).as_deref(), Some(text));
        }
        let jws = format!("{0}.{0}.{0}", "abcd".repeat(100));
        assert_eq!(packed(&jws).len(), 3 * (300 + 2));
        assert_eq!(unpacked(&packed(&jws)), Some(jws));
    }
}
