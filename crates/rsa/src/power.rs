//! `s^e mod n` for a public exponent, by Montgomery multiplication.
//!
//! Numbers are limbs of 32 bits, the lowest first: the product of two and two carries fit into 64 bits, which WebAssembly
//! multiplies in one instruction. With `R = 2^(32 · limbs)`, the Montgomery product of `a` and `b` is `a · b / R mod n`: a
//! division by `R` is a shift, and it is made exact by adding the multiple of `n` that clears the low limb, limb by limb
//! (Montgomery, "Modular multiplication without trial division", 1985; the order of the loops is the one that Koç, Acar
//! and Kaliski call CIOS, 1996).

use std::cell::OnceCell;

/// Limbs of the largest modulus: 4096 bits.
const MAX_LIMBS: usize = 128;

/// An odd number to calculate with remainders of.
#[derive(Clone)]
pub(crate) struct Modulus {
    limbs: Vec<u32>,
    bits: usize,
    /// `-n^-1 mod 2^32`.
    negative_inverse: u32,
    /// `R^2 mod n`, which brings numbers into Montgomery form; made when the key is used for the first time.
    r_squared: OnceCell<Vec<u32>>,
}

impl Modulus {
    /// Takes an odd number as big-endian bytes without leading zeros, and the number of its bits.
    pub(crate) fn new(bytes: &[u8], bits: usize) -> Self {
        let limbs = limbs_of(bytes, bits.div_ceil(32));
        let negative_inverse = negative_inverse(limbs.first().copied().unwrap_or(1));
        Self { limbs, bits, negative_inverse, r_squared: OnceCell::new() }
    }

    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// `base^exponent mod n` as big-endian bytes, as long as the modulus. `None` where the base is not less than the
    /// modulus. The exponent is odd.
    pub(crate) fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        let base = limbs_of(base, self.limbs.len());
        if !is_less(&base, &self.limbs) {
            return None;
        }
        let r_squared = self.r_squared.get_or_init(|| self.r_squared());
        let montgomery_base = self.multiply(&base, r_squared);

        // From the second-highest bit of the exponent to the second-lowest: square, and multiply where the bit is set.
        let mut power = montgomery_base.clone();
        for bit in (1..exponent.ilog2()).rev() {
            power = self.multiply(&power, &power);
            if exponent >> bit & 1 == 1 {
                power = self.multiply(&power, &montgomery_base);
            }
        }
        power = self.multiply(&power, &power);
        // The lowest bit is set: multiplying with the base as it is leaves Montgomery form at the same time.
        power = self.multiply(&power, &base);
        Some(self.bytes_of(&power))
    }

    /// The Montgomery product of two numbers less than the modulus.
    fn multiply(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        let length = self.limbs.len();
        let mut buffer = [0_u32; MAX_LIMBS];
        let (sum, _) = buffer.split_at_mut(length.min(MAX_LIMBS));
        // Above the limbs of the sum; with both operands less than the modulus it is 0 or 1 after each round.
        let mut high = 0_u64;
        for &limb in a {
            let carry = add_product(sum, limb, b);
            high += u64::from(carry);

            let factor = sum.first().copied().unwrap_or_default().wrapping_mul(self.negative_inverse);
            let carry = add_product(sum, factor, &self.limbs);
            high += u64::from(carry);

            // The lowest limb is zero now: shift it out.
            sum.copy_within(1.., 0);
            if let Some(top) = sum.last_mut() {
                *top = high as u32;
            }
            high >>= 32;
        }
        if high != 0 || !is_less(sum, &self.limbs) {
            subtract(sum, &self.limbs);
        }
        sum.to_vec()
    }

    /// `R^2 mod n`, by doubling and squaring: in Montgomery form, `2^k` is `2^k · R`, so that `R^2` is `2^(32 · limbs)`.
    fn r_squared(&self) -> Vec<u32> {
        let length = self.limbs.len();
        // 2^(bits - 1) is less than the modulus, which is odd; doubled until it is R.
        let mut power = vec![0_u32; length];
        if let Some(limb) = power.get_mut((self.bits - 1) / 32) {
            *limb = 1 << ((self.bits - 1) % 32);
        }
        for _ in self.bits - 1..32 * length {
            self.double(&mut power);
        }
        let exponent = 32 * length;
        let mut power_of_two = power;
        self.double(&mut power_of_two);
        for bit in (0..exponent.ilog2()).rev() {
            power_of_two = self.multiply(&power_of_two, &power_of_two);
            if exponent >> bit & 1 == 1 {
                self.double(&mut power_of_two);
            }
        }
        power_of_two
    }

    fn double(&self, number: &mut [u32]) {
        let mut carry = 0;
        for limb in number.iter_mut() {
            (*limb, carry) = (*limb << 1 | carry, *limb >> 31);
        }
        if carry == 1 || !is_less(number, &self.limbs) {
            subtract(number, &self.limbs);
        }
    }

    fn bytes_of(&self, number: &[u32]) -> Vec<u8> {
        let bytes: Vec<u8> = number.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
        let length = self.bits.div_ceil(8);
        bytes.get(bytes.len().saturating_sub(length)..).unwrap_or_default().to_vec()
    }
}

/// `sum += factor · number`; what does not fit is the carry.
#[inline]
fn add_product(sum: &mut [u32], factor: u32, number: &[u32]) -> u32 {
    let mut carry = 0_u64;
    for (sum, limb) in sum.iter_mut().zip(number) {
        carry += u64::from(*sum) + u64::from(factor) * u64::from(*limb);
        *sum = carry as u32;
        carry >>= 32;
    }
    carry as u32
}

/// `number -= other`, a borrow at the end ignored.
fn subtract(number: &mut [u32], other: &[u32]) {
    let mut borrow = 0_i64;
    for (limb, other) in number.iter_mut().zip(other) {
        borrow += i64::from(*limb) - i64::from(*other);
        *limb = borrow as u32;
        borrow >>= 32;
    }
}

fn is_less(number: &[u32], other: &[u32]) -> bool {
    number.iter().rev().lt(other.iter().rev())
}

/// Big-endian bytes as limbs, the lowest first, with zeros up to `length`.
fn limbs_of(bytes: &[u8], length: usize) -> Vec<u32> {
    let limb = |chunk: &[u8]| chunk.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte));
    let mut limbs: Vec<u32> = bytes.rchunks(4).map(limb).collect();
    limbs.resize(length, 0);
    limbs
}

/// `-number^-1 mod 2^32` of an odd number, by Newton's iteration, which doubles the right bits each time.
fn negative_inverse(number: u32) -> u32 {
    // Each odd number is its own inverse modulo 8: three bits are right.
    let mut inverse = number;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(number.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}
