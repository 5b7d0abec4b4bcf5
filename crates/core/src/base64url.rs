//! base64url without padding (RFC 7515, section 2), with one encoding for each value.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Decodes; `None` for padding, white space, other alphabets, and trailing bits that are not zero (RFC 4648, section 3.5):
/// with those a signed token could be written in several ways.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Encodes. The library's encoder is made for speed, and would take eight times the room in the module.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain(&[0; 2]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        for shift in [18, 12, 6, 0].into_iter().take(chunk.len() + 1) {
            text.extend(ALPHABET.get(bits >> shift & 63).map(|digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_what_the_library_encodes() {
        for length in 0..=64_u8 {
            let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(67).wrapping_add(length)).collect();
            assert_eq!(encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes));
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

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
