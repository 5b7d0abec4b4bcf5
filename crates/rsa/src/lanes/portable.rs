//! The operations in plain Rust, and what they mean.

use std::array::from_fn;

#[derive(Clone, Copy)]
pub(crate) struct Lanes([i32; 4]);

#[allow(clippy::indexing_slicing, reason = "all indices are constants below four")]
impl Lanes {
    pub(crate) const ZERO: Self = Self([0; 4]);

    #[inline]
    pub(crate) fn new(lanes: [i32; 4]) -> Self {
        Self(lanes)
    }

    /// The same in all four lanes.
    #[inline]
    pub(crate) fn repeated(lane: i32) -> Self {
        Self([lane; 4])
    }

    #[inline]
    pub(crate) fn to_array(self) -> [i32; 4] {
        self.0
    }

    #[inline]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline]
    pub(crate) fn minus(self, other: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] - other.0[lane]))
    }

    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] & other.0[lane]))
    }

    /// The sign goes along.
    #[inline]
    pub(crate) fn shifted_right(self, bits: u32) -> Self {
        Self(self.0.map(|lane| lane >> bits))
    }

    /// Each lane taken as two numbers of 16 bits: the sum of the products of the low ones and of the high ones.
    #[inline]
    pub(crate) fn products(self, other: Self) -> Self {
        let low = |lane: i32| i32::from(lane as i16);
        Self(from_fn(|lane| low(self.0[lane]) * low(other.0[lane]) + (self.0[lane] >> 16) * (other.0[lane] >> 16)))
    }

    /// Moved up by one lane; the highest lane of `before` comes in below.
    #[inline]
    pub(crate) fn after_one(self, before: Self) -> Self {
        Self([before.0[3], self.0[0], self.0[1], self.0[2]])
    }

    /// Moved up by two lanes; the two highest lanes of `before` come in below.
    #[inline]
    pub(crate) fn after_two(self, before: Self) -> Self {
        Self([before.0[2], before.0[3], self.0[0], self.0[1]])
    }

    /// The four lanes of both as numbers of 16 bits, in which they fit.
    #[inline]
    pub(crate) fn narrowed(self, high: Self) -> Self {
        let pair = |low: i32, high: i32| {
            debug_assert!(i16::try_from(low).is_ok() && i16::try_from(high).is_ok());
            low & 0xffff | high << 16
        };
        let (low, high) = (self.0, high.0);
        Self([pair(low[0], low[1]), pair(low[2], low[3]), pair(high[0], high[1]), pair(high[2], high[3])])
    }

    /// The low 16 bits of each lane, below those of the same lane of `before`.
    #[inline]
    pub(crate) fn paired(self, before: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] & 0xffff | before.0[lane] << 16))
    }
}
