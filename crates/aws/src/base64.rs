//! Base64 (RFC 4648, section 4), and CloudFront's variant of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 with `+`, `=` and `/` replaced by `-`, `_` and `~` ("Create a signature for a signed URL that uses a canned
/// policy" in the CloudFront Developer Guide).
pub(crate) fn encode_for_cloudfront(bytes: &[u8]) -> String {
    let replaced = |character| match character {
        '+' => '-',
        '=' => '_',
        '/' => '~',
        other => other,
    };
    encode(bytes).chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets() {
        assert_eq!(encode(&[0xfb, 0xff, 0xfe, 0xff]), "+//+/w==");
        assert_eq!(encode_for_cloudfront(&[0xfb, 0xff, 0xfe, 0xff]), "-~~-~w__");
    }
}
