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
    /// out = a·b·R⁻¹
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn product(&self, t: &mut [Lanes], a: &[Lanes], b: &[Lanes], out: &mut [Lanes]) {
        t.fill(Lanes::default());
        for (i, rows) in (0..).step_by(ROWS).zip(a.as_chunks::<ROWS>().0) {
            add_rows(&mut t[i..], load_rows(rows), b);
        }
        self.reduce(t, out);
    }

    /// a = a·a·R⁻¹
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn square(&self, t: &mut [Lanes], a: &mut [Lanes]) {
        t.fill(Lanes::default());
        // above the diagonal of blocks of four
        for (i, rows) in (0..).step_by(ROWS).zip(a.as_chunks::<ROWS>().0) {
            let above = &a[i + ROWS..];
            add_rows(&mut t[2 * i + ROWS..], load_rows(rows), above);
        }
        for column in &mut *t {
            let once = load_words(column);
            store_words(column, _mm512_add_epi64(once, once));
        }
        for (i, rows) in (0..).step_by(ROWS).zip(a.as_chunks::<ROWS>().0) {
            add_rows(&mut t[2 * i..], load_rows(rows), rows);
        }
        self.reduce(t, a);
    }

    /// out = t·R⁻¹, below 2n for t < 4n², in digits again.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn reduce(&self, t: &mut [Lanes], out: &mut [Lanes]) {
        for i in (0..self.n.len()).step_by(ROWS) {
            let m = self.multiples(t[i..].first_chunk());
            add_rows(&mut t[i..], m, self.n);
            // four columns are multiples of 2⁵² in turn, once the one below has given what is above its digit
            let (done, rest) = t[i..].split_at_mut(ROWS);
            let above = done.iter().fold(_mm512_setzero_si512(), |above, column| {
                above_digit(_mm512_add_epi64(load_words(column), above))
            });
            add_to(&mut rest[0], above);
        }
        let most = _mm512_set1_epi64((1 << DIGIT_BITS) - 1);
        let mut above = _mm512_setzero_si512();
        for (column, out) in t[self.n.len()..].iter().zip(out) {
            let column = _mm512_add_epi64(load_words(column), above);
            store_words(out, _mm512_and_si512(column, most));
            above = above_digit(column);
        }
    }

    /// The m of four rows: each makes its column a multiple of 2⁵² after the ones before it.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn multiples(&self, columns: Option<&[Lanes; ROWS]>) -> [__m512i; ROWS] {
        let zero = _mm512_setzero_si512();
        let mut m = [zero; ROWS];
        let Some(columns) = columns else { return m };
        let mut t: [__m512i; ROWS] = load_rows(columns);
        let n0 = load_words(&self.n0);
        let Some(n) = self.n.first_chunk() else { return m };
        let n = load_rows(n);
        for r in 0..ROWS {
            m[r] = _mm512_madd52lo_epu64(zero, t[r], n0);
            for j in 0..ROWS - r {
                t[r + j] = _mm512_madd52lo_epu64(t[r + j], m[r], n[j]);
                if r + j + 1 < ROWS {
                    t[r + j + 1] = _mm512_madd52hi_epu64(t[r + j + 1], m[r], n[j]);
                }
            }
            if r + 1 < ROWS {
                t[r + 1] = _mm512_add_epi64(t[r + 1], above_digit(t[r]));
            }
        }
        m
    }
}

/// t += rows · b, the rows being four neighbouring digits and t beginning at the column of the lowest.
#[target_feature(enable = "avx512f,avx512ifma")]
fn add_rows(t: &mut [Lanes], rows: [__m512i; ROWS], b: &[Lanes]) {
    let zero = _mm512_setzero_si512();
    // place c has the lower halves of a column and the upper halves of the next: two chains of sums instead of
    // one. Columns take turns, so that none moves
    let (mut lower, mut upper, mut above) = ([zero; ROWS], [zero; ROWS], zero);
    let (body, end) = t.split_at_mut(b.len());
    for (t, b) in body.as_chunks_mut::<ROWS>().0.iter_mut().zip(b.as_chunks::<ROWS>().0) {
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
    for (t, (lower, upper)) in end.iter_mut().zip(lower.into_iter().zip(upper)).take(ROWS) {
        add_to(t, _mm512_add_epi64(lower, above));
        above = upper;
    }
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
