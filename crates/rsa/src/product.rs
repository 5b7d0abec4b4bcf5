//! Products of large numbers, column by column.
//!
//! Column `c` of `a · b` is the sum of all `a[i] · b[j]` with `i + j = c`. Four neighbouring columns are calculated at once,
//! in a vector: for each pair of limbs `b[j]` and `b[j + 1]`, repeated four times, one instruction multiplies the limbs
//! `a[c - j]` and `a[c - j - 1]` with them for each of the four columns `c`, and adds the two products. So one factor is
//! kept as [`Rows`], whose pairs are neighbours anyway; and the other as [`Windows`], a pair for each limb and the one below.
//! Four vectors of columns are summed in one go: each window that is loaded serves up to four of them.

use std::ops::Range;

use crate::lanes::Lanes;
use crate::limbs::{Carrier, MAX_LIMB, VECTOR, split};

/// Vectors of columns that are summed in one go.
pub(crate) const TILE: usize = 4;

/// Limbs in a row; products that a row adds to a sum.
const ROW: usize = 2 * VECTOR;

/// Rows that can be added before a sum may not fit in 32 bits. Each adds 8 products.
const MAX_ROWS: usize = 14;
const _: () = assert!((MAX_ROWS * ROW) as i64 * (MAX_LIMB as i64 * MAX_LIMB as i64) < 1 << 31);

/// Zeros below and above the windows, which a tile at the edge reaches into.
const PADDING: usize = TILE + 1;

/// A factor whose limbs are multiplied with those of [`Rows`].
///
/// Window `w` has, for the limbs `4w` to `4w + 3`, each with the limb below in the upper half of its lane; and the same for
/// those from `4w - 2`, since the second pair of a vector of [`Rows`] needs them.
#[derive(Clone)]
pub(crate) struct Windows(Vec<Window>);

type Window = [Lanes; 2];
const ZERO: Window = [Lanes::ZERO; 2];

impl Windows {
    /// Zero, with room for so many vectors.
    pub(crate) fn with_room(vectors: usize) -> Self {
        Self(vec![ZERO; vectors + 2 * PADDING])
    }

    /// Takes a number with as many vectors as there is room for.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn set(&mut self, number: &[Lanes]) {
        set_windows(self.0.get_mut(PADDING..).unwrap_or_default(), number);
    }

    /// The vectors of the number.
    fn vectors(&self) -> usize {
        self.0.len() - 2 * PADDING
    }
}

#[inline]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn set_windows(windows: &mut [Window], number: &[Lanes]) {
    let (mut before, mut even_before) = (Lanes::ZERO, Lanes::ZERO);
    // One more than vectors: the highest limb is below its first.
    for (window, limbs) in windows.iter_mut().zip(number.iter().chain([&Lanes::ZERO])) {
        let even = limbs.paired(limbs.after_one(before));
        *window = [even, even.after_two(even_before)];
        (before, even_before) = (*limbs, even);
    }
}

/// A factor as rows of eight limbs of 16 bits.
pub(crate) struct Rows(Vec<Lanes>);

impl Rows {
    /// Zero, with room for so many vectors, an even number.
    pub(crate) fn with_room(vectors: usize) -> Self {
        Self(vec![Lanes::ZERO; vectors / 2])
    }

    /// Takes a number with as many vectors as there is room for.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn set(&mut self, number: &[Lanes]) {
        for (row, pair) in self.0.iter_mut().zip(number.chunks_exact(2)) {
            if let [low, high] = pair {
                *row = low.narrowed(*high);
            }
        }
    }
}

/// Sums of products in a tile of columns, split so that they can be added further.
#[derive(Clone, Copy)]
pub(crate) struct Tile([(Lanes, Lanes); TILE]);

/// The tile of `windows · rows` whose lowest vector of columns is `column`.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn tile(windows: &Windows, rows: &Rows, column: usize) -> Tile {
    let mut tile = Tile([(Lanes::ZERO, Lanes::ZERO); TILE]);
    tile.add(windows, rows, column, rows.0.len());
    tile
}

/// All of `windows · rows`.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn multiply(windows: &Windows, rows: &Rows, product: &mut [Lanes]) {
    let mut carrier = Carrier::new();
    for (index, limbs) in product.chunks_exact_mut(TILE).enumerate() {
        tile(windows, rows, index * TILE).finish(&mut carrier, limbs);
    }
}

/// The square of `number`, of which `windows` and `rows` are.
///
/// The products of different limbs come twice, so they are calculated once and doubled. What lies at the diagonal are, for
/// each tile, the products of one row with itself and, doubled, with the row above.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn square(number: &[Lanes], windows: &Windows, rows: &Rows, square: &mut [Lanes]) {
    let mut carrier = Carrier::new();
    for (index, limbs) in square.chunks_exact_mut(TILE).enumerate() {
        let mut tile = Tile([(Lanes::ZERO, Lanes::ZERO); TILE]);
        tile.add(windows, rows, index * TILE, index);
        tile.double();
        if let Some(row) = rows.0.get(index) {
            tile.add_diagonal(number.get(2 * index..).unwrap_or_default(), row);
        }
        tile.finish(&mut carrier, limbs);
    }
}

impl Tile {
    /// The limbs of the tile, whatever the carrier brings from the tile below added.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn finish(&self, carrier: &mut Carrier, limbs: &mut [Lanes]) {
        for (limbs, sums) in limbs.iter_mut().zip(self.0) {
            *limbs = carrier.limbs(sums);
        }
    }

    /// As [`Tile::finish`], but `limbs` minus the tile.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn subtract_from(&self, carrier: &mut Carrier, limbs: &mut [Lanes]) {
        for (limbs, (low, carries)) in limbs.iter_mut().zip(self.0) {
            *limbs = carrier.limbs((limbs.minus(low), Lanes::ZERO.minus(carries)));
        }
    }

    /// Adds the products with the rows below `end`.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn add(&mut self, windows: &Windows, rows: &Rows, column: usize, end: usize) {
        let Range { mut start, end } = rows_that_matter(windows.vectors(), column, end);
        while start < end {
            let next = end.min(start + MAX_ROWS);
            let mut sums = [Lanes::ZERO; TILE];
            let rows = rows.0.get(start..next).unwrap_or_default();
            add_rows(&mut sums, &windows.0, rows, column + PADDING - 1 - 2 * start);
            self.add_sums(&sums);
            start = next;
        }
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn add_sums(&mut self, sums: &[Lanes; TILE]) {
        for ((low, carries), sums) in self.0.iter_mut().zip(sums) {
            let (more, more_carries) = split(*sums);
            *low = low.plus(more);
            *carries = carries.plus(more_carries);
        }
    }

    /// Adds the products of `row`, which is the first two vectors of `number`, with itself, and twice those with the next.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn add_diagonal(&mut self, number: &[Lanes], row: &Lanes) {
        let [low, high] = number.first_chunk().copied().unwrap_or([Lanes::ZERO; 2]);
        let [next_low, next_high] = number.get(2..).and_then(<[_]>::first_chunk).copied().unwrap_or([Lanes::ZERO; 2]);
        let mut windows = [ZERO; TILE + 1];
        set_windows(&mut windows[1..], &[low, high, next_low.plus(next_low), next_high.plus(next_high)]);
        let mut sums = [Lanes::ZERO; TILE];
        add_rows(&mut sums, &windows, std::slice::from_ref(row), 0);
        self.add_sums(&sums);
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn double(&mut self) {
        for (low, carries) in &mut self.0 {
            *low = low.plus(*low);
            *carries = carries.plus(*carries);
        }
    }
}

/// The rows that meet a window which is not zero, in the tile at `column`: row `r` meets the windows `column - 2r - 1` to
/// `column - 2r + 3`, and those from 0 to `vectors` are not zero.
fn rows_that_matter(vectors: usize, column: usize, end: usize) -> Range<usize> {
    (column.saturating_sub(vectors + 1)).div_ceil(2)..end.min((column + 3) / 2 + 1)
}

/// Adds the products of `rows` with the windows from `window` on for the first row, and from two less for each next.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_rows(sums: &mut [Lanes; TILE], windows: &[[Lanes; 2]], rows: &[Lanes], mut window: usize) {
    let [mut first, mut second, mut third, mut fourth] = *sums;
    for row in rows {
        // Of the row's four pairs, two for each of its vectors: `a` and `b` of the lower, `c` and `d` of the upper one.
        let (a, b, c, d) = (row.repeated::<0>(), row.repeated::<1>(), row.repeated::<2>(), row.repeated::<3>());
        let Some(&[w0, w1, w2, w3, w4]) = windows.get(window..).and_then(<[_]>::first_chunk) else {
            debug_assert!(false, "the windows have padding");
            return;
        };
        first = first.plus(w0[0].products(c)).plus(w0[1].products(d)).plus(w1[0].products(a)).plus(w1[1].products(b));
        second = second.plus(w1[0].products(c)).plus(w1[1].products(d)).plus(w2[0].products(a)).plus(w2[1].products(b));
        third = third.plus(w2[0].products(c)).plus(w2[1].products(d)).plus(w3[0].products(a)).plus(w3[1].products(b));
        fourth = fourth.plus(w3[0].products(c)).plus(w3[1].products(d)).plus(w4[0].products(a)).plus(w4[1].products(b));
        window = window.wrapping_sub(2);
    }
    *sums = [first, second, third, fourth];
}
