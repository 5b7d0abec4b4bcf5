//! Base64 (RFC 4648, section 4), and CloudFront's variant of it.
//!
//! What libraries have is made for speed, and would take four times the room in the module.

/// The first 62 digits, which all variants share.
const DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

pub(crate) fn encode(bytes: &[u8]) -> String {
    encode_with(bytes, ['+', '/', '='])
}

/// Base64 with `+`, `=` and `/` replaced by `-`, `_` and `~` ("Create a signature for a signed URL that uses a canned
/// policy" in the CloudFront Developer Guide).
pub(crate) fn encode_for_cloudfront(bytes: &[u8]) -> String {
    encode_with(bytes, ['-', '~', '_'])
}

/// With the last two digits, and what fills up the last four.
fn encode_with(bytes: &[u8], [plus, slash, padding]: [char; 3]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain(&[0; 2]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = bits >> shift & 63;
            let last = if digit == 62 { plus } else { slash };
            let digit = DIGITS.get(digit).map_or(last, |digit| char::from(*digit));
            text.push(if index > chunk.len() { padding } else { digit });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn what_is_encoded_is_what_the_library_encodes() {
        for length in 0..=64_u8 {
            let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(67).wrapping_add(length)).collect();
            assert_eq!(encode(&bytes), STANDARD.encode(&bytes));
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(encode(&all), STANDARD.encode(&all));
    }

    #[test]
    fn both_alphabets() {
        assert_eq!(encode(&[0xfb, 0xff, 0xfe, 0xff]), "+//+/w==");
        assert_eq!(encode_for_cloudfront(&[0xfb, 0xff, 0xfe, 0xff]), "-~~-~w__");
    }
}
