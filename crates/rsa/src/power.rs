//! `s^e mod n` for a public exponent.

use std::cell::OnceCell;

use crate::lanes::Lanes;
use crate::limbs;
use crate::product::{Rows, Windows, multiply, square};
use crate::reduction::{Reducer, vectors};

/// An odd number to calculate with remainders of.
#[derive(Clone)]
pub(crate) struct Modulus {
    bytes: Vec<u8>,
    bits: usize,
    /// Made when the key is used for the first time.
    reducer: OnceCell<Reducer>,
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
        let reducer = self.reducer.get_or_init(|| Reducer::new(&self.bytes, self.bits));
        let vectors = vectors(self.bits);
        let mut power = limbs::from_bytes(base, vectors);
        let (mut windows, mut rows, mut base) =
            (Windows::with_room(vectors), Rows::with_room(vectors), Rows::with_room(vectors));
        let mut product = vec![Lanes::ZERO; 2 * vectors];
        let mut scratch = reducer.scratch();
        base.set(&power);
        // From the second-highest bit of the exponent on: square, and multiply where the bit is set.
        for bit in (0..exponent.ilog2()).rev() {
            windows.set(&power);
            rows.set(&power);
            square(&power, &windows, &rows, &mut product);
            reducer.reduce(&mut product, &mut scratch);
            if exponent >> bit & 1 == 1 {
                windows.set(product.get(..vectors)?);
                multiply(&windows, &base, &mut product);
                reducer.reduce(&mut product, &mut scratch);
            }
            power.copy_from_slice(product.get(..vectors)?);
        }
        Some(self.remainder(&power))
    }

    fn remainder(&self, power: &[Lanes]) -> Vec<u8> {
        let modulus: Vec<i32> =
            limbs::from_bytes(&self.bytes, power.len()).iter().flat_map(|lanes| lanes.to_array()).collect();
        let mut power: Vec<i32> = power.iter().flat_map(|lanes| lanes.to_array()).collect();
        let mut add = |sign: i32| {
            power.iter_mut().zip(&modulus).for_each(|(limb, modulus)| *limb += sign * modulus);
            limbs::canonical(&mut power);
            power.last().is_some_and(|limb| *limb < 0)
        };
        add(1);
        add(1);
        for _ in 0..4 {
            if add(-1) {
                break;
            }
        }
        add(1);
        limbs::to_bytes(&power, self.bytes.len())
    }
}
