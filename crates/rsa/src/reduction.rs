//! Remainders modulo a number that many are taken of.
//!
//! Barrett's reduction ("Implementing the Rivest Shamir and Adleman public key encryption algorithm on a standard digital
//! signal processor", 1986; Handbook of Applied Cryptography, section 14.3.3): with a reciprocal of `n` at hand, the
//! quotient of a product `t` by `n` is estimated by a multiplication, of which only the upper half matters; and as the
//! remainder `t - q · n` is known to be small, only its lower half is calculated. An estimate that is wrong by one leaves a
//! remainder that is larger by `n`, and this is no error: it is as good for the next multiplication. Montgomery's
//! reduction costs the same, and conversions besides.
//!
//! In numbers, with `B = 2^52` for a vector of four limbs: `n < B^l / 2^8`, and `B^a <= n`. The reciprocal `m` is
//! `B^b / n`, off by no more than 0.54, with `B^b >= 2^12 · n^2`. Let `t` be no larger than `1.21 n^2`. Of `t`, the vectors
//! from `a` on are taken, which is `t / B^a` but for 0.54; their product with `m`, from column `b - a - 1` on; and of this
//! what is above column `b - a`. The errors of the quotient are
//!
//! - what was cut off `t`: `0.54 · B^a · m / B^b`, which is no more than 0.54;
//! - the error of the reciprocal: `0.54 · t / B^b < 0.01`;
//! - the columns left out, each sum of which is below 2^34, and the column cut off: `0.54`.
//!
//! So it is off by less than 1.1, the remainder is within `1.1 n` on both sides of zero, and its square is no larger than
//! `1.21 n^2` again. (A number below `B^k / 2` that is written with limbs up to `MAX_LIMB` may go on above vector `k`, but its
//! part below `k` is smaller than `0.54 B^k`: this is the 0.54.) For the same reason the lower half tells all of the
//! remainder: there are no two numbers that are the same modulo `B^l`, one below `1.1 n`, the other below `0.54 B^l`.

use crate::MODULUS_BITS;
use crate::lanes::Lanes;
use crate::limbs::{self, LIMB_BITS, VECTOR, VECTOR_BITS};
use crate::product::{MAX_ROWS, MAX_VECTORS, Rows, TILE, Windows, add_product};

/// What is needed to take remainders modulo `n`.
#[derive(Clone)]
pub(crate) struct Reducer {
    /// `l` above; a multiple of a tile.
    vectors: usize,
    /// `a` above; even, since rows are of two vectors.
    cut: usize,
    /// `b` above.
    exponent: usize,
    /// `-n`.
    modulus: Windows,
    reciprocal: Windows,
}

impl Reducer {
    /// Takes the modulus as big-endian bytes without leading zeros, and the number of its bits.
    pub(crate) fn new(bytes: &[u8], bits: usize) -> Self {
        let mut number = [Lanes::ZERO; MAX_VECTORS];
        let mut windows = |limbs: &[i32]| {
            let number = number.get_mut(..limbs.len() / VECTOR).unwrap_or_default();
            limbs::to_vectors(limbs, number);
            let mut windows = Windows::new();
            windows.set(number);
            windows
        };
        let mut modulus = [0; MAX_VECTORS * VECTOR];
        limbs::from_bytes(bytes, &mut modulus);
        let reciprocal = reciprocal(&modulus, bits);
        modulus.iter_mut().for_each(|limb| *limb = -*limb);
        let vectors = vectors(bits);
        Self {
            vectors,
            cut: cut(bits),
            exponent: exponent(bits),
            modulus: windows(modulus.get(..vectors * VECTOR).unwrap_or_default()),
            reciprocal: windows(&reciprocal),
        }
    }

    /// Makes `product`, which has twice the vectors, a number that is the same modulo `n`, within `1.1 n` of zero, in the
    /// lower half of the vectors.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn reduce(&self, product: &mut [Lanes], rows: &mut Rows) {
        rows.set(product.get(self.cut..).unwrap_or_default());
        // One vector of columns below the quotient, for what it carries.
        let mut quotient = [Lanes::ZERO; MAX_VECTORS + TILE];
        let quotient = quotient.get_mut(..self.vectors + TILE).unwrap_or_default();
        add_product(&self.reciprocal, rows, self.exponent - self.cut - 1, quotient);
        rows.set(quotient.get(1..=self.vectors).unwrap_or_default());
        add_product(&self.modulus, rows, 0, product.get_mut(..self.vectors).unwrap_or_default());
    }
}

/// `l` above, for a modulus of this many bits.
pub(crate) const fn vectors(bits: usize) -> usize {
    (bits + 8).div_ceil(VECTOR_BITS * TILE) * TILE
}

const fn cut(bits: usize) -> usize {
    (bits - 1) / (2 * VECTOR_BITS) * 2
}

const fn exponent(bits: usize) -> usize {
    (2 * bits + 12).div_ceil(VECTOR_BITS)
}

/// The reciprocal is at most `2^(52 · exponent - bits + 1)`; with two bits more its highest limb does not carry.
const fn reciprocal_vectors(bits: usize) -> usize {
    (exponent(bits) * VECTOR_BITS - bits + 3).div_ceil(VECTOR_BITS)
}

/// There is room for all moduli.
const _: () = {
    let mut bits = *MODULUS_BITS.start();
    while bits <= *MODULUS_BITS.end() {
        assert!(vectors(bits) <= MAX_VECTORS && reciprocal_vectors(bits) <= MAX_VECTORS);
        assert!(2 * vectors(bits) - cut(bits) <= 2 * MAX_ROWS);
        bits += 1;
    }
};

/// `2^(52 · exponent) / modulus`, off by no more than 0.54.
///
/// Long division, whose digits are limbs with a sign: each is estimated from the highest limbs, and may be off by a little
/// more than a half, as the next one makes up for it.
fn reciprocal(modulus: &[i32], bits: usize) -> Vec<i32> {
    // The highest limb that is not zero, unless one is carried to the next.
    let top = (bits - 1) / LIMB_BITS;
    // With two limbs below that the modulus has 27 bits at least, and a remainder 53 at most.
    let highest = |number: &[i32]| {
        let limbs = number.get(top - 2..).unwrap_or_default();
        limbs.iter().rev().fold(0_i64, |sum, limb| (sum << LIMB_BITS) + i64::from(*limb))
    };
    // Remainders are multiplied by 2^13, and may carry to the limb above.
    let length = top + 3;
    let modulus = modulus.get(..length).unwrap_or_default();
    let divisor = highest(modulus);
    let mut remainder = vec![0; length];
    if let Some(limb) = remainder.get_mut(top) {
        *limb = 1;
    }
    let mut quotient = vec![0; reciprocal_vectors(bits) * VECTOR];
    for index in (0..=exponent(bits) * VECTOR - top).rev() {
        let digit = (highest(&remainder) + divisor / 2).div_euclid(divisor) as i32;
        if let Some(limb) = quotient.get_mut(index) {
            *limb = digit;
        }
        // (remainder - digit · modulus) · 2^13, with one step of carries for all.
        let (mut carry, mut below) = (0, 0);
        for (limb, modulus) in remainder.iter_mut().zip(modulus) {
            let (low, next) = limbs::split_one(*limb - digit * modulus);
            *limb = below;
            below = low + carry;
            carry = next;
        }
    }
    quotient
}

#[cfg(test)]
mod tests {
    use rsa::BigUint;

    use super::*;

    /// The number that the limbs are, divided by the place value of the highest.
    fn approximate(limbs: &[i32]) -> f64 {
        limbs.iter().fold(0.0, |sum, limb| sum / 8192.0 + f64::from(*limb))
    }

    fn vectors_of(bytes: &[u8], sign: i32, vectors: usize) -> Vec<Lanes> {
        let mut limbs = vec![0; vectors * VECTOR];
        limbs::from_bytes(bytes, &mut limbs);
        limbs.iter_mut().for_each(|limb| *limb *= sign);
        let mut vectors = vec![Lanes::ZERO; vectors];
        limbs::to_vectors(&limbs, &mut vectors);
        vectors
    }

    fn limbs_of(vectors: &[Lanes]) -> Vec<i32> {
        let mut limbs = vec![0; vectors.len() * VECTOR];
        limbs::to_array(vectors, &mut limbs);
        limbs
    }

    /// Products of numbers as large as there may be leave remainders that are no larger.
    #[test]
    fn remainders_are_within_a_little_more_than_the_modulus() {
        for bits in (2048_usize..=2300).chain(4000..=4096) {
            for filling in [0x00, 0x55, 0xff] {
                let mut bytes = vec![filling; bits.div_ceil(8)];
                bytes[0] = (filling | 0x80) >> (bytes.len() * 8 - bits);
                *bytes.last_mut().unwrap() |= 1;
                let reducer = Reducer::new(&bytes, bits);
                let modulus = vectors_of(&bytes, 1, reducer.vectors);
                let (mut windows, mut rows) = (Windows::new(), Rows::new());
                for (percent, sign) in [(110_u32, 1), (110, -1), (99, 1), (51, -1)] {
                    let number = BigUint::from_bytes_be(&bytes) * BigUint::from(percent) / BigUint::from(100_u8);
                    windows.set(&vectors_of(&number.to_bytes_be(), 1, reducer.vectors));
                    rows.set(&vectors_of(&number.to_bytes_be(), sign, reducer.vectors));
                    let mut product = vec![Lanes::ZERO; 2 * reducer.vectors];
                    add_product(&windows, &rows, 0, &mut product);
                    reducer.reduce(&mut product, &mut rows);
                    let remainder = limbs_of(&product[..reducer.vectors]);
                    let ratio = approximate(&remainder) / approximate(&limbs_of(&modulus));
                    assert!(ratio.abs() <= 1.1, "{bits} bits of {filling:#x}, {percent} %: {ratio}");
                }
            }
        }
    }
}
