//! The operations as instructions of WebAssembly's SIMD.
//!
//! `target_feature` lets these functions use them whatever the build is told. A runtime that lacks them refuses the whole
//! module when it is loaded, so that calling such a function is safe in WebAssembly.

use core::arch::wasm32::*;

#[derive(Clone, Copy)]
pub(crate) struct Lanes(v128);

impl Lanes {
    pub(crate) const ZERO: Self = Self(i32x4(0, 0, 0, 0));

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn new([a, b, c, d]: [i32; 4]) -> Self {
        Self(i32x4(a, b, c, d))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn repeated(lane: i32) -> Self {
        Self(i32x4_splat(lane))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn to_array(self) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(self.0),
            i32x4_extract_lane::<1>(self.0),
            i32x4_extract_lane::<2>(self.0),
            i32x4_extract_lane::<3>(self.0),
        ]
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn minus(self, other: Self) -> Self {
        Self(i32x4_sub(self.0, other.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn shifted_right(self, bits: u32) -> Self {
        Self(i32x4_shr(self.0, bits))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn products(self, other: Self) -> Self {
        Self(i32x4_dot_i16x8(self.0, other.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn after_one(self, before: Self) -> Self {
        Self(i32x4_shuffle::<3, 4, 5, 6>(before.0, self.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn after_two(self, before: Self) -> Self {
        Self(i32x4_shuffle::<2, 3, 4, 5>(before.0, self.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn narrowed(self, high: Self) -> Self {
        Self(i16x8_narrow_i32x4(self.0, high.0))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(crate) fn paired(self, before: Self) -> Self {
        // Without a mask: V8 would make it anew each time.
        Self(i16x8_shuffle::<0, 9, 2, 11, 4, 13, 6, 15>(self.0, i32x4_shl(before.0, 16)))
    }
}
