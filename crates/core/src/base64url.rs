//! base64url without padding (RFC 7515, section 2), with one encoding for each value.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Decodes; `None` for padding, white space, other alphabets, and trailing bits that are not zero (RFC 4648, section 3.5):
/// with those a signed token could be written in several ways.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threat 9: lenient base64.
    #[test]
    fn threat_9_a_value_has_one_encoding() {
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decode(""), Some(vec![]));
        for text in ["-_8=", "-_9", "+/8", "-_8 ", " -_8", "-\n_8", "A", "-_8%3D", "AAAAA"] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
