//! Exponentiation on IFMA, a number across the lanes: eight digits of 52 bits a vector (S. Gueron and V.
//! Krasnov, "Accelerating Big Integer Arithmetic Using Intel IFMA Extensions", 2016).
//!
//! | name | lanes |
//! |---|---|
//! | `t[v]` | columns 8v … 8v + 7 of the sum; after each digit of a, all move down by one |
//! | `b[v]`, `n[v]` | digits 8v … 8v + 7 |
//! | `a_i`, `m` | one digit, in every lane |
//!
//! An instruction adds the lower, another the upper 52 bits of eight products to eight sums of 64 bits. A
//! column takes at most four such parts for each digit of a while it travels down: below 4 · 80 · 2⁵² < 2⁶¹.
//! Numbers are below 2n throughout (`digits`).
//!
//! What bounds the speed: m needs the lowest column, which needs the last m. Each m costs a product, a
//! broadcast, a product and a move, 15 cycles; so all that does not need m is kept off that chain, and
//! two numbers (the halves of RSA's private operation) are taken in step.

use super::digits::{DIGIT_BITS, Prepared};
use super::number::Number;
use super::power::WINDOW;
use crate::cpu::Ifma;
use crate::cpu::x86_lanes::{Words, load_words, store_words};
use core::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_alignr_epi64, _mm512_and_si512, _mm512_broadcastq_epi64,
    _mm512_castsi512_si128, _mm512_cmpeq_epu64_mask, _mm512_cmpgt_epu64_mask,
    _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_mask_add_epi64, _mm512_mask_mov_epi64,
    _mm512_maskz_srli_epi64, _mm512_set1_epi64, _mm512_setzero_si512, _mm512_srli_epi64,
};
use core::array;
use num_bigint::BigUint;

/// A number as V vectors.
type Digits<const V: usize> = [Words; V];

/// Exponents: one for all, or one each of the same length.
#[derive(Clone, Copy)]
pub(super) enum Exponent<'e, const N: usize> {
    /// Above 1; the time depends on it.
    Public(&'e BigUint),
    /// The time depends on the number of words only.
    Secret([&'e Number; N]),
}

/// x^e mod n, below 2n, for each of N numbers x < n in digits, with moduli of one shape.
pub(super) fn power<const N: usize>(
    moduli: [&Prepared; N],
    x: [&Number; N],
    exponent: Exponent<'_, N>,
) -> [Number; N] {
    match moduli[0].shape.vectors {
        3 => call::<N, 3>(moduli, x, exponent),
        4 => call::<N, 4>(moduli, x, exponent),
        5 => call::<N, 5>(moduli, x, exponent),
        8 => call::<N, 8>(moduli, x, exponent),
        _ => call::<N, 10>(moduli, x, exponent),
    }
}

fn call<const N: usize, const V: usize>(
    moduli: [&Prepared; N],
    x: [&Number; N],
    exponent: Exponent<'_, N>,
) -> [Number; N] {
    let kernel = Kernel::<N, V> {
        digits: moduli[0].shape.digits,
        n: moduli.map(|modulus| vectors(&modulus.n)),
        n0: moduli.map(|modulus| modulus.n0),
        rr: moduli.map(|modulus| vectors(&modulus.rr)),
    };
    let power = kernel.call(moduli[0].proof, &x.map(vectors), exponent);
    power.map(|power| Number::from_words(power.map(|words| words.0).as_flattened()))
}

/// The moduli of N numbers that are taken in step.
struct Kernel<const N: usize, const V: usize> {
    digits: usize,
    n: [Digits<V>; N],
    n0: [u64; N],
    rr: [Digits<V>; N],
}

impl<const N: usize, const V: usize> Kernel<N, V> {
    #[expect(unsafe_code, reason = "the features are there: the proof says so")]
    fn call(&self, _: Ifma, x: &[Digits<V>; N], exponent: Exponent<'_, N>) -> [Digits<V>; N] {
        // SAFETY: a cpu::Ifma is made only where the machine has these features
        unsafe { self.power(x, exponent) }
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power(&self, x: &[Digits<V>; N], exponent: Exponent<'_, N>) -> [Digits<V>; N] {
        match exponent {
            Exponent::Public(e) => self.power_vartime(x, e),
            Exponent::Secret(e) => self.power_secret(x, e),
        }
    }

    /// Left to right, as [`Modulus::ladder`](super::Modulus::ladder). For an odd e the last step is a
    /// multiplication by x, which then takes the number out of Montgomery form, too.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_vartime(&self, x: &[Digits<V>; N], e: &BigUint) -> [Digits<V>; N] {
        let base = self.product(x, &self.rr);
        let mut value = base;
        for bit in (1..e.bits() - 1).rev() {
            value = self.product(&value, &value);
            if e.bit(bit) {
                value = self.product(&value, &base);
            }
        }
        value = self.product(&value, &value);
        let last = if e.bit(0) { *x } else { one() };
        self.product(&value, &last)
    }

    /// By windows, as [`Modulus::windows`](super::Modulus::windows).
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_secret(&self, x: &[Digits<V>; N], e: [&Number; N]) -> [Digits<V>; N] {
        let base = self.product(x, &self.rr);
        let mut table = [self.product(&one(), &self.rr); 1 << WINDOW];
        for i in 1..table.len() {
            table[i] = self.product(&table[i - 1], &base);
        }
        let windows = (e[0].words().len() * 64).div_ceil(WINDOW);
        let mut value = table[0];
        for window in (0..windows).rev() {
            for _ in 0..WINDOW {
                value = self.product(&value, &value);
            }
            let factor = select(&table, e.map(|e| e.bits(window * WINDOW, WINDOW)));
            value = self.product(&value, &factor);
        }
        let value = self.product(&value, &one());
        table.iter_mut().flatten().for_each(|power| crate::ct::wipe(power));
        value
    }

    /// a·b·R⁻¹ mod n, below 2n, for a, b < 2n.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn product(&self, a: &[Digits<V>; N], b: &[Digits<V>; N]) -> [Digits<V>; N] {
        let zero = _mm512_setzero_si512();
        let b = b.each_ref().map(|b| b.each_ref().map(|b| load_words(b)));
        let n = self.n.each_ref().map(|n| n.each_ref().map(|b| load_words(b)));
        let n0 = self.n0.map(|n0| _mm512_set1_epi64(n0.cast_signed()));
        let digit = |k: usize, i: usize| _mm512_set1_epi64(a[k][i / 8].0[i % 8].cast_signed());
        let mut a_i: [__m512i; N] = array::from_fn(|k| digit(k, 0));
        // the lower halves of the first digit's row
        let mut t: [[__m512i; V]; N] =
            array::from_fn(|k| b[k].map(|b| _mm512_madd52lo_epu64(zero, a_i[k], b)));
        for i in 0..self.digits {
            for k in 0..N {
                let next = if i + 1 < self.digits { digit(k, i + 1) } else { zero };
                let m = _mm512_madd52lo_epu64(zero, t[k][0], n0[k]);
                let m = _mm512_broadcastq_epi64(_mm512_castsi512_si128(m));
                // what comes into the columns once they have moved: upper halves, and the next row's lower
                let mut more = b[k].map(|b| {
                    _mm512_madd52hi_epu64(_mm512_madd52lo_epu64(zero, next, b), a_i[k], b)
                });
                for v in 0..V {
                    more[v] = _mm512_madd52hi_epu64(more[v], m, n[k][v]);
                    t[k][v] = _mm512_madd52lo_epu64(t[k][v], m, n[k][v]);
                }
                // the lowest column is a multiple of 2⁵² now: what is above goes to the next one
                more[0] = _mm512_add_epi64(
                    more[0],
                    _mm512_maskz_srli_epi64::<{ DIGIT_BITS as u32 }>(1, t[k][0]),
                );
                for v in 0..V {
                    let above = if v + 1 < V { t[k][v + 1] } else { zero };
                    t[k][v] = _mm512_add_epi64(_mm512_alignr_epi64::<1>(above, t[k][v]), more[v]);
                }
                a_i[k] = next;
            }
        }
        t.map(|t| carried(t))
    }
}

/// Columns to digits: what is above 52 bits goes up, twice, the second time as a ripple of single bits.
#[inline]
#[target_feature(enable = "avx512f")]
fn carried<const V: usize>(mut t: [__m512i; V]) -> Digits<V> {
    let zero = _mm512_setzero_si512();
    let most = _mm512_set1_epi64((1 << DIGIT_BITS) - 1);
    let carry = t.map(|t| _mm512_srli_epi64::<{ DIGIT_BITS as u32 }>(t));
    let (mut over, mut full) = (0u128, 0u128);
    for v in 0..V {
        let below = if v > 0 { carry[v - 1] } else { zero };
        // 2⁵² − 1 and a carry below 2⁹: at most one bit goes over
        t[v] = _mm512_add_epi64(
            _mm512_and_si512(t[v], most),
            _mm512_alignr_epi64::<7>(carry[v], below),
        );
        over |= u128::from(_mm512_cmpgt_epu64_mask(t[v], most)) << (8 * v);
        full |= u128::from(_mm512_cmpeq_epu64_mask(t[v], most)) << (8 * v);
    }
    // an addition's own carries run through the digits that are full
    let ripple = (over << 1).wrapping_add(full) ^ full;
    array::from_fn(|v| {
        let more =
            _mm512_mask_add_epi64(t[v], (ripple >> (8 * v)) as u8, t[v], _mm512_set1_epi64(1));
        let mut digits = Words::default();
        store_words(&mut digits, _mm512_and_si512(more, most));
        digits
    })
}

/// The table's entries at secret indices: every entry is read, one is kept.
#[inline]
#[target_feature(enable = "avx512f")]
fn select<const N: usize, const V: usize>(
    table: &[[Digits<V>; N]],
    index: [u64; N],
) -> [Digits<V>; N] {
    let mut selected: [Digits<V>; N] = [[Words::default(); V]; N];
    for (k, selected) in selected.iter_mut().enumerate() {
        let index = _mm512_set1_epi64(index[k].cast_signed());
        let mut kept = [_mm512_setzero_si512(); V];
        for (i, entry) in (0..).zip(table) {
            let wanted = _mm512_cmpeq_epu64_mask(index, _mm512_set1_epi64(i));
            for (kept, digits) in kept.iter_mut().zip(&entry[k]) {
                *kept = _mm512_mask_mov_epi64(*kept, wanted, load_words(digits));
            }
        }
        selected.iter_mut().zip(kept).for_each(|(to, kept)| store_words(to, kept));
    }
    selected
}

fn one<const N: usize, const V: usize>() -> [Digits<V>; N] {
    let mut one: Digits<V> = [Words::default(); V];
    one[0].0[0] = 1;
    [one; N]
}

fn vectors<const V: usize>(x: &Number) -> Digits<V> {
    let vectors = x.words().as_chunks().0;
    array::from_fn(|v| Words(vectors[v]))
}
