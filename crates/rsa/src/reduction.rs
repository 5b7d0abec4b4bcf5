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
//! `B^b / n`, off by no more than 0.53, with `B^b >= 2^12 · n^2`. Let `t` be no larger than `1.21 n^2`. Of `t`, the vectors
//! from `a` on are taken, which is `t / B^a` but for 0.53; their product with `m`, from column `b - a - 1` on; and of this
//! what is above column `b - a`. The errors of the quotient are
//!
//! - what was cut off `t`: `0.53 · B^a · m / B^b < 0.54`;
//! - the error of the reciprocal: `0.53 · t / B^b < 0.01`;
//! - the columns left out, each sum of which is below 2^34, and the column cut off: `0.53`.
//!
//! So it is off by less than 1.1, the remainder is within `1.1 n` on both sides of zero, and its square is no larger than
//! `1.21 n^2` again. (A number below `B^k / 2` that is written with limbs up to `MAX_LIMB` may go on above vector `k`, but its
//! part below `k` is smaller than `0.53 B^k`: this is the 0.53.) For the same reason the lower half tells all of the
//! remainder: there are no two numbers that are the same modulo `B^l`, one below `1.1 n`, the other below `0.53 B^l`.

use crate::lanes::Lanes;
use crate::limbs::{self, Carrier, LIMB_BITS, VECTOR, VECTOR_BITS};
use crate::product::{Rows, TILE, Windows, tile};

/// What is needed to take remainders modulo `n`.
#[derive(Clone)]
pub(crate) struct Reducer {
    /// `l` above; a multiple of a tile.
    vectors: usize,
    /// `a` above; even, since rows are of two vectors.
    cut: usize,
    /// `b` above.
    exponent: usize,
    modulus: Windows,
    reciprocal: Windows,
}

impl Reducer {
    /// Takes the modulus as big-endian bytes without leading zeros, and the number of its bits.
    pub(crate) fn new(bytes: &[u8], bits: usize) -> Self {
        let vectors = vectors(bits);
        let exponent = (2 * bits + 12).div_ceil(VECTOR_BITS);
        let windows = |number: &[Lanes]| {
            let mut windows = Windows::with_room(number.len());
            windows.set(number);
            windows
        };
        Self {
            vectors,
            cut: (bits - 1) / (2 * VECTOR_BITS) * 2,
            exponent,
            modulus: windows(&limbs::from_bytes(bytes, vectors)),
            reciprocal: windows(&reciprocal(bytes, bits, exponent)),
        }
    }

    /// Makes `product`, which has twice the vectors, a number that is the same modulo `n`, within `1.1 n` of zero, in the
    /// lower half of the vectors.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn reduce(&self, product: &mut [Lanes], scratch: &mut Scratch) {
        let Scratch { high, quotient, rows } = scratch;
        high.set(product.get(self.cut..).unwrap_or_default());
        // One vector of columns below the quotient, for what it carries.
        let lowest = self.exponent - self.cut - 1;
        let mut carrier = Carrier::new();
        for (index, limbs) in quotient.chunks_exact_mut(TILE).enumerate() {
            tile(&self.reciprocal, high, lowest + index * TILE).finish(&mut carrier, limbs);
        }
        rows.set(quotient.get(1..).unwrap_or_default());
        let mut carrier = Carrier::new();
        for (index, limbs) in product.chunks_exact_mut(TILE).take(self.vectors / TILE).enumerate() {
            tile(&self.modulus, rows, index * TILE).subtract_from(&mut carrier, limbs);
        }
    }

    pub(crate) fn scratch(&self) -> Scratch {
        Scratch {
            high: Rows::with_room(2 * self.vectors - self.cut),
            quotient: vec![Lanes::ZERO; self.vectors + TILE],
            rows: Rows::with_room(self.vectors),
        }
    }
}

/// Where [`Reducer::reduce`] keeps what it calculates on the way.
pub(crate) struct Scratch {
    high: Rows,
    quotient: Vec<Lanes>,
    rows: Rows,
}

/// Vectors for numbers modulo one of this many bits.
pub(crate) fn vectors(bits: usize) -> usize {
    (bits + 8).div_ceil(VECTOR_BITS * TILE) * TILE
}

/// `2^(52 · exponent) / modulus`, off by no more than 0.53.
///
/// Long division, whose digits are limbs with a sign: each is estimated from the highest limbs, and may be off by a little
/// more than a half, as the next one makes up for it. The remainder stays within 0.53 of the modulus.
fn reciprocal(modulus: &[u8], bits: usize, exponent: usize) -> Vec<Lanes> {
    // A vector more than the modulus may need: remainders are multiplied by 2^13.
    let modulus = limbs::to_array(&limbs::from_bytes(modulus, bits.div_ceil(VECTOR_BITS) + 1));
    // The highest limb that is not zero, unless one is carried to the next.
    let top = (bits - 1) / LIMB_BITS;
    // With three limbs more than that the modulus has 27 bits at least, and a remainder 53 at most.
    let highest = |number: &[i32]| {
        let limbs = number.get(top - 2..).unwrap_or_default();
        limbs.iter().rev().fold(0_i64, |sum, limb| (sum << LIMB_BITS) + i64::from(*limb))
    };
    let divisor = highest(&modulus);
    let mut remainder = vec![0; modulus.len()];
    if let Some(limb) = remainder.get_mut(top) {
        *limb = 1;
    }
    // The quotient is at most 2^(52 · exponent - bits + 1); with two bits more its highest limb does not carry.
    let mut quotient = vec![0; (exponent * VECTOR_BITS - bits + 3).div_ceil(VECTOR_BITS) * VECTOR];
    for index in (0..=exponent * VECTOR - top).rev() {
        let digit = (highest(&remainder) + divisor / 2).div_euclid(divisor) as i32;
        if let Some(limb) = quotient.get_mut(index) {
            *limb = digit;
        }
        // (remainder - digit · modulus) · 2^13, with one step of carries for all.
        let (mut carry, mut below) = (0, 0);
        for (limb, modulus) in remainder.iter_mut().zip(&modulus) {
            let (low, next) = limbs::split_one(*limb - digit * modulus);
            *limb = below;
            below = low + carry;
            carry = next;
        }
    }
    limbs::to_vectors(&quotient)
}
