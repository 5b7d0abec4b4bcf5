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

/// Vectors of the largest number: of 4096 bits, see `reduction.rs`.
pub(crate) const MAX_VECTORS: usize = 80;

/// Rows of the largest number, and of the high part of a product.
pub(crate) const MAX_ROWS: usize = MAX_VECTORS / 2 + 3;

/// Limbs in a row; products that a row adds to a sum.
const ROW: usize = 2 * VECTOR;

/// Rows that can be added before a sum may not fit in 32 bits.
const ROWS_PER_SUM: usize = 14;
const _: () = assert!((ROWS_PER_SUM * ROW) as i64 * (MAX_LIMB as i64 * MAX_LIMB as i64) < 1 << 31);

/// All sums of a column together are below 2^33, as [`Carrier`] wants them.
const _: () = assert!((MAX_VECTORS * VECTOR) as i64 * (MAX_LIMB as i64 * MAX_LIMB as i64) < 1 << 33);

/// Windows of zeros below and above those of a number, which a tile at the edge reaches into. Windows are loaded in pairs, so that
/// one more is needed.
const BELOW: usize = TILE + 1;
const ABOVE: usize = TILE + 2;

/// A factor whose limbs are multiplied with those of [`Rows`].
///
/// Window `w` has, for the limbs `4w` to `4w + 3`, each with the limb below in the upper half of its lane; and the same for
/// those from `4w - 2`, since the second pair of a vector of [`Rows`] needs them.
#[derive(Clone)]
pub(crate) struct Windows {
    windows: [Window; BELOW + MAX_VECTORS + ABOVE],
    vectors: usize,
}

type Window = [Lanes; 2];
const ZERO: Window = [Lanes::ZERO; 2];

impl Windows {
    pub(crate) fn new() -> Self {
        Self { windows: [ZERO; _], vectors: 0 }
    }

    /// Takes a number with no fewer vectors than the last one.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn set(&mut self, number: &[Lanes]) {
        self.vectors = number.len();
        set_windows(self.windows.get_mut(BELOW..).unwrap_or_default(), number);
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

/// A factor as rows of eight limbs of 16 bits. The highest row comes first, since it meets the lowest windows.
pub(crate) struct Rows {
    rows: [Row; MAX_ROWS],
    count: usize,
}

/// Pairs of limbs. A pair is repeated when it is loaded: that is one instruction, and none of those that calculate.
type Row = [i32; ROW / 2];

impl Rows {
    pub(crate) fn new() -> Self {
        Self { rows: [[0; _]; _], count: 0 }
    }

    /// Those in `range`, counted from the lowest.
    #[inline]
    fn get(&self, range: Range<usize>) -> &[Row] {
        self.rows.get(self.count.wrapping_sub(range.end)..self.count.wrapping_sub(range.start)).unwrap_or_default()
    }

    /// Takes a number of an even number of vectors.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn set(&mut self, number: &[Lanes]) {
        self.count = number.len() / 2;
        for (row, pair) in self.rows.iter_mut().zip(number.rchunks_exact(2)) {
            if let [low, high] = pair {
                *row = low.narrowed(*high).to_array();
            }
        }
    }
}

/// For each row of a number that is squared, the windows that the row meets at the diagonal: those of its own limbs, and, as
/// these products come twice, those of the next row with doubled limbs.
pub(crate) struct Diagonal([[Window; TILE + 2]; MAX_VECTORS / 2]);

impl Diagonal {
    pub(crate) fn new() -> Self {
        Self([[ZERO; TILE + 2]; _])
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn set(&mut self, number: &[Lanes]) {
        let mut rest = number;
        for windows in &mut self.0 {
            let Some((&[low, high], above)) = rest.split_first_chunk() else {
                break;
            };
            let [next_low, next_high] = above.first_chunk().copied().unwrap_or([Lanes::ZERO; 2]);
            let doubled = [low, high, next_low.plus(next_low), next_high.plus(next_high)];
            set_windows(windows.get_mut(1..).unwrap_or_default(), &doubled);
            rest = above;
        }
    }
}

/// Adds `windows · rows` to `sum`, from the vector of columns `lowest` on. What the columns below would carry is left out,
/// and so is what is carried above the sum.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn add_product(windows: &Windows, rows: &Rows, lowest: usize, sum: &mut [Lanes]) {
    add_columns(windows, rows, lowest, None, sum);
}

/// Adds to `sum` the square of the number of which `windows`, `rows` and `diagonal` are.
///
/// The products of different limbs come twice, so those with the rows below the diagonal are calculated once and doubled.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(crate) fn add_square(windows: &Windows, rows: &Rows, diagonal: &Diagonal, sum: &mut [Lanes]) {
    add_columns(windows, rows, 0, Some(diagonal), sum);
}

#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_columns(windows: &Windows, rows: &Rows, lowest: usize, diagonal: Option<&Diagonal>, sum: &mut [Lanes]) {
    let mut carrier = Carrier::new();
    for (index, limbs) in sum.chunks_exact_mut(TILE).enumerate() {
        let column = lowest + index * TILE;
        let below = if diagonal.is_some() { index } else { usize::MAX };
        let range = rows_that_matter(windows.vectors, column, below.min(rows.count));
        // The window that the highest of these rows begins with; each row below begins two later.
        let first = column + BELOW + 1 - 2 * range.end;
        let mut windows = windows.windows.get(first..).unwrap_or_default();
        let (now, mut later) = for_one_sum(rows.get(range));
        let [a, b, c, d] = sums_of_products(windows, now);
        let mut tile = [split(a), split(b), split(c), split(d)];
        while !later.is_empty() {
            windows = windows.get(2 * ROWS_PER_SUM..).unwrap_or_default();
            let (now, rest) = for_one_sum(later);
            add_split(&mut tile, sums_of_products(windows, now));
            later = rest;
        }
        if let Some(diagonal) = diagonal {
            for (low, carries) in &mut tile {
                *low = low.plus(*low);
                *carries = carries.plus(*carries);
            }
            let windows = diagonal.0.get(index).unwrap_or(&[ZERO; _]);
            add_split(&mut tile, sums_of_products(windows, rows.get(index..index + 1)));
        }
        for (limbs, (low, carries)) in limbs.iter_mut().zip(tile) {
            *limbs = carrier.limbs(limbs.plus(low), carries);
        }
    }
}

/// The rows that meet a window which is not zero, in the tile at `column`: row `r` meets the windows `column - 2r - 1` to
/// `column - 2r + 3`, and those from 0 to `vectors` are not zero.
fn rows_that_matter(vectors: usize, column: usize, end: usize) -> Range<usize> {
    (column.saturating_sub(vectors + 1)).div_ceil(2)..end.min((column + 3) / 2 + 1)
}

/// As many of these rows as one sum has room for, and the others.
#[inline]
fn for_one_sum(rows: &[Row]) -> (&[Row], &[Row]) {
    rows.split_at(rows.len().min(ROWS_PER_SUM))
}

#[inline]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_split(tile: &mut [(Lanes, Lanes); TILE], sums: [Lanes; TILE]) {
    for ((low, carries), sum) in tile.iter_mut().zip(sums) {
        let (more_low, more_carries) = split(sum);
        *low = low.plus(more_low);
        *carries = carries.plus(more_carries);
    }
}

/// The products of `rows` with `windows`: the first of both belong together, and for each further row two windows are left out.
#[inline]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn sums_of_products(windows: &[Window], rows: &[Row]) -> [Lanes; TILE] {
    debug_assert!(windows.len() / 2 >= rows.len() + 2, "the windows have zeros around them");
    let [mut first, mut second, mut third, mut fourth] = [Lanes::ZERO; TILE];
    for (row, windows) in rows.iter().zip(windows.as_chunks().0.windows(3)) {
        // Of the row's four pairs, two for each of its vectors: `a` and `b` of the lower, `c` and `d` of the upper one.
        let &[a, b, c, d] = row;
        let (a, b) = (Lanes::repeated(a), Lanes::repeated(b));
        let (c, d) = (Lanes::repeated(c), Lanes::repeated(d));
        let &[[w0, w1], [w2, w3], [w4, _]] = windows else { break };
        first = first.plus(w0[0].products(c)).plus(w0[1].products(d)).plus(w1[0].products(a)).plus(w1[1].products(b));
        second = second.plus(w1[0].products(c)).plus(w1[1].products(d)).plus(w2[0].products(a)).plus(w2[1].products(b));
        third = third.plus(w2[0].products(c)).plus(w2[1].products(d)).plus(w3[0].products(a)).plus(w3[1].products(b));
        fourth = fourth.plus(w3[0].products(c)).plus(w3[1].products(d)).plus(w4[0].products(a)).plus(w4[1].products(b));
    }
    [first, second, third, fourth]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limbs::{to_array, to_vectors};

    /// As the product would be with limbs of unlimited size, with carries brought up one after the other.
    fn schoolbook(a: &[i32], b: &[i32]) -> Vec<i64> {
        let mut columns = vec![0; a.len() + b.len()];
        for (i, a) in a.iter().enumerate() {
            for (j, b) in b.iter().enumerate() {
                columns[i + j] += i64::from(*a) * i64::from(*b);
            }
        }
        canonical(columns)
    }

    fn canonical(mut limbs: Vec<i64>) -> Vec<i64> {
        for index in 1..limbs.len() {
            limbs[index] += limbs[index - 1] >> 13;
            limbs[index - 1] &= 0x1fff;
        }
        limbs
    }

    struct Factor {
        limbs: Vec<i32>,
        windows: Windows,
        rows: Rows,
        diagonal: Diagonal,
    }

    fn factor(limbs: Vec<i32>) -> Factor {
        let mut vectors = vec![Lanes::ZERO; limbs.len() / VECTOR];
        to_vectors(&limbs, &mut vectors);
        let mut factor = Factor { limbs, windows: Windows::new(), rows: Rows::new(), diagonal: Diagonal::new() };
        factor.windows.set(&vectors);
        factor.rows.set(&vectors);
        factor.diagonal.set(&vectors);
        factor
    }

    fn limbs(vectors: &[Lanes]) -> Vec<i64> {
        let mut limbs = vec![0; vectors.len() * VECTOR];
        to_array(vectors, &mut limbs);
        assert!(limbs.iter().all(|limb| limb.abs() <= MAX_LIMB), "{limbs:?}");
        canonical(limbs.into_iter().map(i64::from).collect())
    }

    /// With the largest limbs there can be, of either sign: nothing overflows, and no limb of the result is larger.
    #[test]
    fn the_largest_limbs_do_not_overflow() {
        for vectors in [40, 44, 60, 80] {
            let all = |limb: fn(usize) -> i32| factor((0..vectors * VECTOR).map(limb).collect());
            let factors = [
                all(|_| MAX_LIMB),
                all(|_| -MAX_LIMB),
                all(|index| if index % 2 == 0 { MAX_LIMB } else { -MAX_LIMB }),
                all(|index| if index % 3 == 0 { 4096 } else { 4095 }),
                all(|index| (index * 2_654_435_761) as i32 >> 19),
            ];
            for a in &factors {
                let mut sum = vec![Lanes::ZERO; 2 * vectors];
                add_square(&a.windows, &a.rows, &a.diagonal, &mut sum);
                assert_eq!(limbs(&sum), schoolbook(&a.limbs, &a.limbs));
                for b in &factors {
                    let mut sum = vec![Lanes::ZERO; 2 * vectors];
                    add_product(&a.windows, &b.rows, 0, &mut sum);
                    assert_eq!(limbs(&sum), schoolbook(&a.limbs, &b.limbs));
                }
            }
        }
    }
}
