//! Large numbers as limbs of 13 bits, the lowest first, four in each vector.
//!
//! A limb has a sign, and stands for itself times a power of 2^13. Limbs from -2^12 to 2^12 would do to write every number;
//! [`Carrier`] leaves some a little larger, up to [`MAX_LIMB`], since that ends a chain of carries after two steps, which are
//! the same for all limbs: nothing has to wait for the limb below. So a number may be written in several ways. Only
//! [`canonical`] settles for one.

use crate::lanes::Lanes;

/// The bits of a limb. Products of two limbs go into sums of 32 bits: 12 bits would leave room for the sums of the largest
/// modulus, and be slower by a sixth; with 14, sums would have to be brought in after 15 additions.
pub(crate) const LIMB_BITS: usize = 13;
const BITS: u32 = LIMB_BITS as u32;

/// Limbs in a vector; their bits.
pub(crate) const VECTOR: usize = 4;
pub(crate) const VECTOR_BITS: usize = VECTOR * LIMB_BITS;

/// The largest limb, without its sign, that arithmetic makes and takes: 2^12 and a carry, for which see [`Carrier`].
pub(crate) const MAX_LIMB: i32 = (1 << 12) + 200;

const HALF: i32 = 1 << (BITS - 1);
const MASK: i32 = (1 << BITS) - 1;

/// Limbs from -2^12 to 2^12 of a number in big-endian bytes, with zeros up to `vectors`, which have room for it.
pub(crate) fn from_bytes(bytes: &[u8], vectors: usize) -> Vec<Lanes> {
    let mut bytes = bytes.iter().rev();
    let (mut window, mut bits) = (0_i32, 0);
    let mut limb = || {
        while bits < BITS {
            window += i32::from(bytes.next().copied().unwrap_or_default()) << bits;
            bits += 8;
        }
        // The upper half of the values becomes negative, and the limb above one larger.
        let limb = ((window & MASK) ^ HALF) - HALF;
        window = (window - limb) >> BITS;
        bits -= BITS;
        limb
    };
    (0..vectors).map(|_| Lanes::new([limb(), limb(), limb(), limb()])).collect()
}

/// The one way to write a number with limbs from 0 to 2^13 - 1, but for the highest, which has the sign.
pub(crate) fn canonical(limbs: &mut [i32]) {
    let mut carry = 0;
    if let Some((highest, limbs)) = limbs.split_last_mut() {
        for limb in limbs {
            carry += *limb;
            *limb = carry & MASK;
            carry >>= BITS;
        }
        *highest += carry;
    }
}

/// A number that is not negative, in canonical limbs, as big-endian bytes; it has room in `length`.
pub(crate) fn to_bytes(limbs: &[i32], length: usize) -> Vec<u8> {
    let mut limbs = limbs.iter();
    let (mut window, mut bits) = (0, 0);
    let mut bytes: Vec<u8> = (0..length)
        .map(|_| {
            if bits < 8 {
                window |= limbs.next().copied().unwrap_or_default() << bits;
                bits += BITS;
            }
            let byte = window as u8;
            window >>= 8;
            bits -= 8;
            byte
        })
        .collect();
    bytes.reverse();
    bytes
}

/// Makes limbs of sums of products, from the lowest vector to the highest.
///
/// A sum is split at its 13th bit, and what is above goes to the limb above. Of sums below 2^34 that leaves numbers below
/// 2^21 + 2^12, and splitting those carries below 2^8: after the second step no limb is above [`MAX_LIMB`]. The carries
/// that leave the highest vector are dropped, so that the result is one modulo a power of 2^13.
pub(crate) struct Carrier {
    first: Lanes,
    second: Lanes,
}

impl Carrier {
    pub(crate) fn new() -> Self {
        Self { first: Lanes::ZERO, second: Lanes::ZERO }
    }

    /// Takes sums split by [`split`].
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn limbs(&mut self, (low, first): (Lanes, Lanes)) -> Lanes {
        let (low, second) = split(low.plus(first.after_one(self.first)));
        let limbs = low.plus(second.after_one(self.second));
        self.first = first;
        self.second = second;
        limbs
    }
}

/// What each sum leaves in its place, from -2^12 to 2^12 - 1, and what it carries to the next.
#[inline]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn split(sums: Lanes) -> (Lanes, Lanes) {
    let carries = sums.plus(Lanes::new([HALF; 4])).shifted_right(BITS);
    (sums.minus(carries.shifted_left(BITS)), carries)
}

/// As [`split`], of one sum.
pub(crate) fn split_one(sum: i32) -> (i32, i32) {
    let carry = (sum + HALF) >> BITS;
    (sum - (carry << BITS), carry)
}

/// The limbs of vectors.
pub(crate) fn to_array(vectors: &[Lanes]) -> Vec<i32> {
    vectors.iter().flat_map(|lanes| lanes.to_array()).collect()
}

/// Vectors of limbs, of which there are four for each.
pub(crate) fn to_vectors(limbs: &[i32]) -> Vec<Lanes> {
    let mut vectors = Vec::with_capacity(limbs.len() / VECTOR);
    for limbs in limbs.chunks_exact(VECTOR) {
        if let [a, b, c, d] = limbs {
            vectors.push(Lanes::new([*a, *b, *c, *d]));
        }
    }
    vectors
}
