//! `s^e mod n` for a public exponent.

use std::cell::OnceCell;

use crate::lanes::Lanes;
use crate::limbs::{self, VECTOR};
use crate::product::{Diagonal, MAX_VECTORS, Rows, Windows, add_product, add_square};
use crate::reduction::{Reducer, vectors};

const _: () = assert!(vectors(*crate::MODULUS_BITS.end()) == MAX_VECTORS);

/// An odd number to calculate with remainders of.
#[derive(Clone)]
pub(crate) struct Modulus {
    bytes: Vec<u8>,
    bits: usize,
    /// Made when the key is used for the first time.
    reducer: OnceCell<Box<Reducer>>,
}

impl Modulus {
    /// Takes an odd number as big-endian bytes without leading zeros, and the number of its bits.
    pub(crate) fn new(bytes: &[u8], bits: usize) -> Self {
        Self { bytes: bytes.to_vec(), bits, reducer: OnceCell::new() }
    }

    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// `base^exponent mod n` as big-endian bytes, as long as the modulus. `None` where the base, which is as long, is not
    /// less than the modulus. The exponent is odd.
    pub(crate) fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        if base >= self.bytes.as_slice() {
            return None;
        }
        let reducer = self.reducer.get_or_init(|| Box::new(Reducer::new(&self.bytes, self.bits)));
        let vectors = vectors(self.bits);
        let mut limbs = [0; MAX_VECTORS * VECTOR];
        let limbs = limbs.get_mut(..vectors * VECTOR)?;
        limbs::from_bytes(base, limbs);
        let mut power = [Lanes::ZERO; MAX_VECTORS];
        let power = power.get_mut(..vectors)?;
        limbs::to_vectors(limbs, power);
        let mut product = [Lanes::ZERO; 2 * MAX_VECTORS];
        let product = product.get_mut(..2 * vectors)?;

        let (mut windows, mut rows, mut base) = (Windows::new(), Rows::new(), Rows::new());
        let mut diagonal = Diagonal::new();
        base.set(power);
        // From the second-highest bit of the exponent on: square, and multiply where the bit is set.
        for bit in (0..exponent.ilog2()).rev() {
            windows.set(power);
            rows.set(power);
            diagonal.set(power);
            product.fill(Lanes::ZERO);
            add_square(&windows, &rows, &diagonal, product);
            reducer.reduce(product, &mut rows);
            if exponent >> bit & 1 == 1 {
                windows.set(product.get(..vectors)?);
                product.fill(Lanes::ZERO);
                add_product(&windows, &base, 0, product);
                reducer.reduce(product, &mut rows);
            }
            power.copy_from_slice(product.get(..vectors)?);
        }
        self.remainder(power)
    }

    /// The remainder of a number that is less than twice the modulus away from zero, as `Reducer::reduce` leaves it.
    fn remainder(&self, number: &[Lanes]) -> Option<Vec<u8>> {
        let (mut limbs, mut modulus) = ([0; MAX_VECTORS * VECTOR], [0; MAX_VECTORS * VECTOR]);
        let modulus = modulus.get_mut(..number.len() * VECTOR)?;
        limbs::to_array(number, &mut limbs);
        limbs::from_bytes(&self.bytes, modulus);
        for times in [0, 1, -1, 2] {
            let mut bytes = vec![0; self.bytes.len()];
            let sums = limbs.iter().zip(&*modulus).map(|(limb, modulus)| limb + times * modulus);
            if limbs::to_bytes(sums, &mut bytes) && bytes < self.bytes {
                return Some(bytes);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reduction::vectors;

    /// Numbers between minus and plus the modulus and a tenth come out between zero and the modulus.
    #[test]
    fn remainders_of_numbers_on_both_sides_of_zero() {
        let mut bytes = vec![0xa5; 256];
        bytes[255] = 0x81;
        let modulus = Modulus::new(&bytes, 2048);
        for times in -1..=1 {
            for difference in [-3, -1, 0, 1, 3] {
                let mut limbs = vec![0; vectors(2048) * VECTOR];
                limbs::from_bytes(&bytes, &mut limbs);
                limbs.iter_mut().for_each(|limb| *limb *= times);
                limbs[0] += difference;
                let mut number = vec![Lanes::ZERO; vectors(2048)];
                limbs::to_vectors(&limbs, &mut number);

                let remainder = modulus.remainder(&number).unwrap();
                let mut right = if difference < 0 { bytes.clone() } else { vec![0; 256] };
                right[255] = right[255].wrapping_add_signed(difference as i8);
                assert_eq!(remainder, right, "{times} · n + {difference}");
            }
        }
    }
}
