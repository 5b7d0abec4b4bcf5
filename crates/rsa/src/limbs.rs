//! Large numbers as limbs of 13 bits, the lowest first, four in each vector.
//!
//! A limb has a sign, and stands for itself times a power of 2^13. Limbs from -2^12 to 2^12 would do to write every number;
//! [`Carrier`] leaves some a little larger, up to [`MAX_LIMB`], since that ends a chain of carries after two steps, which are
//! the same for all limbs: nothing has to wait for the limb below. So a number may be written in several ways, until
//! [`to_bytes`] settles for one.

use crate::lanes::Lanes;

/// The bits of a limb. Products of two limbs go into sums of 32 bits: limbs of 12 bits would leave room for all of a column,
/// but there would be a sixth more products; with 14 bits, a sum would be full after 15 additions.
pub(crate) const LIMB_BITS: usize = 13;

/// Limbs in a vector; their bits.
pub(crate) const VECTOR: usize = 4;
pub(crate) const VECTOR_BITS: usize = VECTOR * LIMB_BITS;

/// The largest limb, without its sign, that arithmetic makes and takes: 2^12 and a carry, for which see [`Carrier`].
pub(crate) const MAX_LIMB: i32 = HALF + 256;

const BITS: u32 = LIMB_BITS as u32;
const HALF: i32 = 1 << (BITS - 1);
const MASK: i32 = (1 << BITS) - 1;

/// The limbs, from -2^12 to 2^12, of a number in big-endian bytes, with zeros above; there is room for it.
#[inline(never)]
pub(crate) fn from_bytes(bytes: &[u8], limbs: &mut [i32]) {
    let mut bytes = bytes.iter().rev();
    let (mut window, mut bits) = (0, 0);
    for limb in limbs {
        while bits < BITS {
            window += i32::from(bytes.next().copied().unwrap_or_default()) << bits;
            bits += 8;
        }
        (*limb, window) = split_one(window);
        bits -= BITS;
    }
}

/// A number as big-endian bytes, which are zero yet; whether it has room in them and is not negative.
pub(crate) fn to_bytes(limbs: impl Iterator<Item = i32>, bytes: &mut [u8]) -> bool {
    let mut bytes = bytes.iter_mut().rev();
    let (mut window, mut bits) = (0, 0);
    let mut above = 0;
    for limb in limbs {
        window += limb << bits;
        bits += BITS;
        while bits >= 8 {
            *bytes.next().unwrap_or(&mut above) |= window as u8;
            window >>= 8;
            bits -= 8;
        }
    }
    window == 0 && above == 0
}

/// Makes limbs of sums of products, from the lowest vector to the highest.
///
/// A sum is split at its 13th bit, and what is above goes to the limb above. Of sums below 2^33 that leaves numbers below
/// 2^20 + 2^15, and splitting those carries below 2^8: after the second step no limb is above [`MAX_LIMB`]. The carries
/// that leave the highest vector are dropped, so that the result is one modulo a power of 2^13.
pub(crate) struct Carrier {
    first: Lanes,
    second: Lanes,
}

impl Carrier {
    pub(crate) fn new() -> Self {
        Self { first: Lanes::ZERO, second: Lanes::ZERO }
    }

    /// Takes what [`split`] made of sums: the low parts and the carries.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn limbs(&mut self, low: Lanes, first: Lanes) -> Lanes {
        let half = Lanes::new([HALF; 4]);
        let (low, second) = split(low.plus(half).plus(first.after_one(self.first)));
        let limbs = low.minus(half).plus(second.after_one(self.second));
        self.first = first;
        self.second = second;
        limbs
    }
}

/// What each sum leaves in its place, from 0 to 2^13 - 1, and what it carries to the next.
#[inline]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn split(sums: Lanes) -> (Lanes, Lanes) {
    (sums.and(Lanes::new([MASK; 4])), sums.shifted_right(BITS))
}

/// As [`split`], of one sum; what it leaves is from -2^12 to 2^12 - 1.
#[inline]
pub(crate) fn split_one(sum: i32) -> (i32, i32) {
    let carry = (sum + HALF) >> BITS;
    (sum - (carry << BITS), carry)
}

/// Vectors of limbs, and zeros above.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn to_vectors(limbs: &[i32], vectors: &mut [Lanes]) {
    vectors.fill(Lanes::ZERO);
    for (vector, limbs) in vectors.iter_mut().zip(limbs.chunks_exact(VECTOR)) {
        if let [a, b, c, d] = limbs {
            *vector = Lanes::new([*a, *b, *c, *d]);
        }
    }
}

/// The limbs of vectors; those above stay as they are.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn to_array(vectors: &[Lanes], limbs: &mut [i32]) {
    for (limbs, vector) in limbs.chunks_exact_mut(VECTOR).zip(vectors) {
        limbs.copy_from_slice(&vector.to_array());
    }
}
