//! EMSA-PSS verification (RFC 8017, section 9.1.2), with MGF1 (appendix B.2.1).

use crate::hash::Hash;

/// Whether `encoded`, as long as a modulus of `modulus_bits`, is an encoding of `message`, its salt as long as the hash.
pub(crate) fn is_encoding_of(encoded: &[u8], modulus_bits: usize, hash: Hash, message: &[u8]) -> bool {
    let em_bits = modulus_bits - 1;
    let em_len = em_bits.div_ceil(8);
    // The encoded message is one bit shorter than the modulus: with a modulus of 8k+1 bits that is a byte less.
    let (before, encoded) = encoded.split_at(encoded.len().saturating_sub(em_len));
    if before.iter().any(|byte| *byte != 0) {
        return false;
    }
    let Some((&0xbc, rest)) = encoded.split_last() else {
        return false;
    };
    let Some(db_len) = rest.len().checked_sub(hash.bytes()) else {
        return false;
    };
    let (masked_db, h) = rest.split_at(db_len);

    let unused_bits = 8 * em_len - em_bits;
    let unused = !(0xff_u8 >> unused_bits);
    if masked_db.first().is_none_or(|byte| byte & unused != 0) {
        return false;
    }
    let mut db = mgf1(hash, h, db_len);
    db.iter_mut().zip(masked_db).for_each(|(mask, byte)| *mask ^= byte);
    if let Some(first) = db.first_mut() {
        *first &= !unused;
    }

    // DB is zeros, a one, and the salt.
    let Some(zeros) = db_len.checked_sub(hash.bytes() + 1) else {
        return false;
    };
    let (padding, salt) = db.split_at(zeros + 1);
    let Some((&1, zeros)) = padding.split_last() else {
        return false;
    };
    zeros.iter().all(|byte| *byte == 0) && h == hash.of(&[&[0; 8], &hash.of(&[message]), salt])
}

fn mgf1(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + hash.bytes());
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend_from_slice(&hash.of(&[seed, &counter.to_be_bytes()]));
        counter += 1;
    }
    mask.truncate(length);
    mask
}
