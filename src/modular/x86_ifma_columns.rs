//! Montgomery's product on IFMA, a number in each lane: eight products, each modulo its own modulus, at once.
//!
//! | name | lanes |
//! |---|---|
//! | `a[i]`, `n[i]` | digit i of each of the eight |
//! | `t[i]` | column i of each of the eight |
//!
//! Nothing moves between lanes, so nothing waits for a move; what costs is the number of products. Four rows
//! are taken in one pass over the other factor: each of its digits is loaded once for eight products, and
//! their columns stay in registers. A square takes the products above its diagonal once and doubles them.
//!
//! A column takes two parts (a lower and an upper half) of each product and of each multiple of n: below
//! 4 · 80 · 2⁵² < 2⁶¹, the carries of the reduction included. Numbers are below 2n throughout (`digits`).

use super::digits::DIGIT_BITS;
use crate::cpu::x86_lanes::{Words, load_words, store_words};
use core::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_and_si512, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64,
    _mm512_set1_epi64, _mm512_setzero_si512, _mm512_srli_epi64,
};

/// How many numbers are taken at once.
pub(super) const LANES: usize = 8;
/// The rows of a pass; every shape has a multiple of it as digits.
const ROWS: usize = 4;

/// One digit of each number.
pub(super) type Lanes = Words;

/// Eight moduli of one shape.
pub(super) struct Columns<'m> {
    pub(super) n: &'m [Lanes],
    /// −n⁻¹ mod 2⁵²
    pub(super) n0: Lanes,
}

impl Columns<'_> {
    /// a = a·b·R⁻¹
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn multiply(&self, t: &mut [Lanes], a: &mut [Lanes], b: &[Lanes]) {
        t[..a.len()].fill(Lanes::default());
        for (i, rows) in (0..).step_by(ROWS).zip(a.as_chunks::<ROWS>().0) {
            let above = Sums::none().add_rows(&mut t[i..], load_rows(rows), b);
            // nothing was there before
            store_rows(t[i + b.len()..].first_chunk_mut(), above);
        }
        self.reduce(t, a);
    }

    /// a = a·a·R⁻¹
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn square(&self, t: &mut [Lanes], a: &mut [Lanes]) {
        t[..a.len()].fill(Lanes::default());
        // each product of two different digits once: of four and all above them, then among the four
        for (i, rows) in (0..).step_by(ROWS).zip(a.as_chunks::<ROWS>().0) {
            let (rows, rest) = (load_rows(rows), &a[i + ROWS..]);
            let above = Sums::none().add_rows(&mut t[2 * i + ROWS..], rows, rest);
            store_rows(t[i + a.len()..].first_chunk_mut(), above);
        }
        for (t, rows) in t.as_chunks_mut().0.iter_mut().zip(a.as_chunks::<ROWS>().0) {
            finish_square(t, load_rows(rows));
        }
        self.reduce(t, a);
    }

    /// out = t·R⁻¹, below 2n for t < 4n², in digits again.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn reduce(&self, t: &mut [Lanes], out: &mut [Lanes]) {
        let Some((low, high)) = self.n.split_first_chunk() else { return };
        for i in (0..self.n.len()).step_by(ROWS) {
            let (columns, rest) = t[i..].split_at_mut(ROWS);
            let Some(columns) = columns.first_chunk() else { return };
            let (m, sums) = self.multiples(load_rows(columns), load_rows(low));
            let above = sums.add_rows(rest, m, high);
            let columns = rest[high.len()..].iter_mut();
            columns.zip(above).for_each(|(column, more)| add_to(column, more));
        }
        let most = _mm512_set1_epi64((1 << DIGIT_BITS) - 1);
        let mut above = _mm512_setzero_si512();
        for (column, out) in t[self.n.len()..].iter().zip(out) {
            let column = _mm512_add_epi64(load_words(column), above);
            store_words(out, _mm512_and_si512(column, most));
            above = above_digit(column);
        }
    }

    /// The m of four rows: each makes its column a multiple of 2⁵² after the ones before it. With the four columns,
    /// which are done then, goes what the lowest four digits of n add to the next.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    #[expect(
        clippy::needless_range_loop,
        clippy::comparison_chain,
        reason = "in this form the loops are written out and the sums are registers"
    )]
    fn multiples(&self, mut t: [__m512i; ROWS], n: [__m512i; ROWS]) -> ([__m512i; ROWS], Sums) {
        let zero = _mm512_setzero_si512();
        let Sums { mut lower, mut upper, mut above } = Sums::none();
        let mut m = [zero; ROWS];
        let n0 = load_words(&self.n0);
        for r in 0..ROWS {
            m[r] = _mm512_madd52lo_epu64(zero, t[r], n0);
            for s in 0..ROWS {
                let c = (r + s) % ROWS;
                if r + s < ROWS {
                    t[c] = _mm512_madd52lo_epu64(t[c], m[r], n[s]);
                } else {
                    lower[c] = _mm512_madd52lo_epu64(lower[c], m[r], n[s]);
                }
                if r + s + 1 < ROWS {
                    t[c + 1] = _mm512_madd52hi_epu64(t[c + 1], m[r], n[s]);
                } else if r + s + 1 == ROWS {
                    above = _mm512_madd52hi_epu64(above, m[r], n[s]);
                } else {
                    upper[c] = _mm512_madd52hi_epu64(upper[c], m[r], n[s]);
                }
            }
            if r + 1 < ROWS {
                t[r + 1] = _mm512_add_epi64(t[r + 1], above_digit(t[r]));
            } else {
                above = _mm512_add_epi64(above, above_digit(t[r]));
            }
        }
        (m, Sums { lower, upper, above })
    }
}

/// What four rows add to columns, as far as they have come.
#[derive(Clone, Copy)]
struct Sums {
    /// Place c has the lower halves of a column and the upper halves of the next: two chains of sums instead of one.
    /// Columns take turns, so that none moves.
    lower: [__m512i; ROWS],
    upper: [__m512i; ROWS],
    /// The upper halves that belong to the next column.
    above: __m512i,
}

impl Sums {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn none() -> Sums {
        let zero = _mm512_setzero_si512();
        Sums { lower: [zero; ROWS], upper: [zero; ROWS], above: zero }
    }

    /// t += rows · b and the sums, the rows being four neighbouring digits and t beginning at the column of the
    /// lowest; gives what comes into the four columns above those of b.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add_rows(self, t: &mut [Lanes], rows: [__m512i; ROWS], b: &[Lanes]) -> [__m512i; ROWS] {
        let zero = _mm512_setzero_si512();
        let Sums { mut lower, mut upper, mut above } = self;
        for (t, b) in t.as_chunks_mut::<ROWS>().0.iter_mut().zip(b.as_chunks::<ROWS>().0) {
            for s in 0..ROWS {
                let b = load_words(&b[s]);
                for (r, row) in rows.into_iter().enumerate() {
                    let c = (r + s) % ROWS;
                    lower[c] = _mm512_madd52lo_epu64(lower[c], row, b);
                    upper[c] = _mm512_madd52hi_epu64(upper[c], row, b);
                }
                add_to(&mut t[s], _mm512_add_epi64(lower[s], above));
                above = upper[s];
                (lower[s], upper[s]) = (zero, zero);
            }
        }
        for c in 0..ROWS {
            lower[c] = _mm512_add_epi64(lower[c], above);
            above = upper[c];
        }
        lower
    }
}

/// t = 2t + the square of four neighbouring digits, t beginning at twice the place of the lowest.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn finish_square(t: &mut [Lanes; 2 * ROWS], rows: [__m512i; ROWS]) {
    let mut columns = t.each_ref().map(|column| load_words(column));
    for r in 0..ROWS {
        for s in r + 1..ROWS {
            columns[r + s] = _mm512_madd52lo_epu64(columns[r + s], rows[r], rows[s]);
            columns[r + s + 1] = _mm512_madd52hi_epu64(columns[r + s + 1], rows[r], rows[s]);
        }
    }
    let mut twice = columns.map(|column| _mm512_add_epi64(column, column));
    for r in 0..ROWS {
        twice[2 * r] = _mm512_madd52lo_epu64(twice[2 * r], rows[r], rows[r]);
        twice[2 * r + 1] = _mm512_madd52hi_epu64(twice[2 * r + 1], rows[r], rows[r]);
    }
    store_rows(Some(t), twice);
}

/// Of a number that is known: rows that might be fewer would become a call that copies them.
#[inline]
#[target_feature(enable = "avx512f")]
fn store_rows<const N: usize>(t: Option<&mut [Lanes; N]>, rows: [__m512i; N]) {
    let Some(t) = t else { return };
    t.iter_mut().zip(rows).for_each(|(t, row)| store_words(t, row));
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_rows(rows: &[Lanes; ROWS]) -> [__m512i; ROWS] {
    let mut loaded = [_mm512_setzero_si512(); ROWS];
    loaded.iter_mut().zip(rows).for_each(|(loaded, row)| *loaded = load_words(row));
    loaded
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_to(column: &mut Lanes, more: __m512i) {
    let sum = _mm512_add_epi64(load_words(column), more);
    store_words(column, sum);
}

/// What a column gives to the next one.
#[inline]
#[target_feature(enable = "avx512f")]
fn above_digit(column: __m512i) -> __m512i {
    _mm512_srli_epi64::<{ DIGIT_BITS as u32 }>(column)
}
