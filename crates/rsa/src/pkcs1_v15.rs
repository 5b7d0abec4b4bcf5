//! EMSA-PKCS1-v1_5 (RFC 8017, section 9.2): `00 01 FF … FF 00`, a DigestInfo, the hash.

use crate::hash::Hash;

/// The DER encodings of DigestInfo without the hash (RFC 8017, section 9.2, note 1).
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
const SHA384_INFO: [u8; 19] =
    [0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30];
const SHA512_INFO: [u8; 19] =
    [0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40];

/// Whether `encoded` is the encoding of `message`.
///
/// The one right encoding is made and compared: a parser of encodings would be one that can be fooled (Bleichenbacher's
/// forgery of 2006, CVE-2006-4339).
pub(crate) fn is_encoding_of(encoded: &[u8], hash: Hash, message: &[u8]) -> bool {
    let info = match hash {
        Hash::Sha256 => SHA256_INFO,
        Hash::Sha384 => SHA384_INFO,
        Hash::Sha512 => SHA512_INFO,
    };
    let hashed = hash.of(&[message]);
    // A modulus of 2048 bits has room for the longest of them, with more than the 8 bytes of padding that are required.
    let Some(padding) = encoded.len().checked_sub(3 + info.len() + hashed.len()) else {
        return false;
    };
    let expected = [&[0, 1], vec![0xff; padding].as_slice(), &[0], &info, &hashed].concat();
    encoded == expected
}
