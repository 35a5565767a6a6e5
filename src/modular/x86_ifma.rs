//! Exponentiation on IFMA, numbers across the lanes: eight digits of 52 bits a vector (S. Gueron and V. Krasnov,
//! "Accelerating Big Integer Arithmetic Using Intel IFMA Extensions", 2016). They are of one number, or of two
//! that are taken in step, four digits of each.
//!
//! | name | lanes, of one number | of two |
//! |---|---|---|
//! | `t[v]` | columns 8v … 8v + 7 of the sum; after each digit of a, all move down by one | 4v … 4v + 3 of both |
//! | `b[v]`, `n[v]` | digits 8v … 8v + 7 | 4v … 4v + 3 of both |
//! | `a_i`, `m` | one digit, in every lane | one digit of each, in every lane of it |
//!
//! An instruction adds the lower, another the upper 52 bits of eight products to eight sums of 64 bits. A
//! column takes at most four such parts for each digit of a while it travels down: below 4 · 80 · 2⁵² < 2⁶¹.
//! Numbers are below 2n throughout (`digits`).
//!
//! What bounds the speed: m needs the lowest column, which needs the last m. Each m costs a product, a
//! permutation, a product and a move; so what else comes into a column is summed apart and added at once, and the
//! next m is made before the other columns move.

use super::digits::{DIGIT_BITS, Prepared};
use super::number::Number;
use super::power::WINDOW;
use super::x86_ifma_layout::{
    Digits, LANES, digit, down_plus, from_vectors, lowest, one, spread, up, vectors, whose,
};
use crate::cpu::Ifma;
use crate::cpu::x86_lanes::{Words, load_words, store_words};
use core::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_and_si512, _mm512_cmpeq_epu64_mask, _mm512_cmpgt_epu64_mask,
    _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_mask_add_epi64, _mm512_mask_mov_epi64,
    _mm512_maskz_srli_epi64, _mm512_set1_epi64, _mm512_setzero_si512, _mm512_srli_epi64,
};
use core::array;
use num_bigint::BigUint;

/// Exponents: one for all, or one each of the same length.
#[derive(Clone, Copy)]
pub(super) enum Exponent<'e, const N: usize> {
    /// Above 1; the time depends on it.
    Public(&'e BigUint),
    /// The time depends on the number of words only.
    Secret([&'e Number; N]),
}

/// x^e mod n, below 2n, of one number x < n in digits.
pub(super) fn power(modulus: &Prepared, x: &Number, exponent: Exponent<'_, 1>) -> Number {
    let [power] = match modulus.shape.vectors {
        3 => call::<1, 3>([modulus], [x], exponent),
        4 => call::<1, 4>([modulus], [x], exponent),
        5 => call::<1, 5>([modulus], [x], exponent),
        8 => call::<1, 8>([modulus], [x], exponent),
        _ => call::<1, 10>([modulus], [x], exponent),
    };
    power
}

/// The same of two in step. Only for moduli of 20 digits: two of them fill five vectors, where each alone leaves
/// a part of three empty. Longer ones gain nothing and would need more registers than there are.
pub(super) fn power_both(
    moduli: [&Prepared; 2],
    x: [&Number; 2],
    exponent: Exponent<'_, 2>,
) -> Option<[Number; 2]> {
    let short = moduli.iter().all(|modulus| modulus.shape.digits == 20);
    short.then(|| call::<2, 5>(moduli, x, exponent))
}

fn call<const N: usize, const V: usize>(
    moduli: [&Prepared; N],
    x: [&Number; N],
    exponent: Exponent<'_, N>,
) -> [Number; N] {
    let kernel = Kernel::<N, V> {
        digits: moduli[0].shape.digits,
        n: vectors::<N, V>(moduli.map(|modulus| &modulus.n)),
        n0: Words(array::from_fn(|lane| moduli[whose::<N>(lane)].n0)),
        rr: vectors::<N, V>(moduli.map(|modulus| &modulus.rr)),
        highest: lowest::<N>() << (LANES / N - 1),
    };
    let power = kernel.call(moduli[0].proof, &vectors::<N, V>(x), exponent);
    from_vectors(&power)
}

/// The moduli of N numbers that are taken in step.
struct Kernel<const N: usize, const V: usize> {
    digits: usize,
    n: Digits<V>,
    n0: Words,
    rr: Digits<V>,
    /// The lanes of the highest digits of a vector. A constant would lead the compiler back to what [`down_plus`]
    /// avoids.
    highest: u8,
}

impl<const N: usize, const V: usize> Kernel<N, V> {
    #[expect(unsafe_code, reason = "the features are there: the proof says so")]
    fn call(&self, _: Ifma, x: &Digits<V>, exponent: Exponent<'_, N>) -> Digits<V> {
        // SAFETY: a cpu::Ifma is made only where the machine has these features
        unsafe { self.power(x, exponent) }
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power(&self, x: &Digits<V>, exponent: Exponent<'_, N>) -> Digits<V> {
        match exponent {
            Exponent::Public(e) => self.power_vartime(x, e),
            Exponent::Secret(e) => self.power_secret(x, e),
        }
    }

    /// Left to right, as [`Modulus::ladder`](super::Modulus::ladder). For an odd e the last step is a
    /// multiplication by x, which then takes the number out of Montgomery form, too.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_vartime(&self, x: &Digits<V>, e: &BigUint) -> Digits<V> {
        let base = self.product(x, &self.rr);
        let mut value = base;
        for bit in (1..e.bits() - 1).rev() {
            value = self.product(&value, &value);
            if e.bit(bit) {
                value = self.product(&value, &base);
            }
        }
        value = self.product(&value, &value);
        let last = if e.bit(0) { *x } else { one::<N, V>() };
        self.product(&value, &last)
    }

    /// By windows, as [`Modulus::windows`](super::Modulus::windows).
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_secret(&self, x: &Digits<V>, e: [&Number; N]) -> Digits<V> {
        let base = self.product(x, &self.rr);
        let mut table = [self.product(&one::<N, V>(), &self.rr); 1 << WINDOW];
        for i in 1..table.len() {
            table[i] = self.product(&table[i - 1], &base);
        }
        let windows = (e[0].words().len() * 64).div_ceil(WINDOW);
        let mut value = table[0];
        for window in (0..windows).rev() {
            for _ in 0..WINDOW {
                value = self.product(&value, &value);
            }
            let factor = select::<N, V>(&table, e.map(|e| e.bits(window * WINDOW, WINDOW)));
            value = self.product(&value, &factor);
        }
        let value = self.product(&value, &one::<N, V>());
        table.iter_mut().for_each(|power| crate::ct::wipe(power));
        value
    }

    /// a·b·R⁻¹ mod n, below 2n, for a, b < 2n.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn product(&self, a: &Digits<V>, b: &Digits<V>) -> Digits<V> {
        let zero = _mm512_setzero_si512();
        let b = b.each_ref().map(|b| load_words(b));
        let n = self.n.each_ref().map(|n| load_words(n));
        let n0 = load_words(&self.n0);
        let mut a_i = digit::<N>(a, 0);
        // the lower halves of the first digit's row
        let mut t = b.map(|b| _mm512_madd52lo_epu64(zero, a_i, b));
        let mut m = multiple::<N>(t[0], n0);
        for i in 0..self.digits {
            let next = if i + 1 < self.digits { digit::<N>(a, i + 1) } else { zero };
            t[0] = _mm512_madd52lo_epu64(t[0], m, n[0]);
            // the lowest column is a multiple of 2⁵² now: what is above goes to the next one
            let above = _mm512_maskz_srli_epi64::<{ DIGIT_BITS as u32 }>(lowest::<N>(), t[0]);
            let mut next_m = m;
            for v in 0..V {
                let mut higher = zero;
                if v + 1 < V {
                    t[v + 1] = _mm512_madd52lo_epu64(t[v + 1], m, n[v + 1]);
                    higher = t[v + 1];
                }
                // what comes into the columns once they have moved: upper halves, and the next row's lower
                let mut sum = _mm512_madd52lo_epu64(zero, next, b[v]);
                sum = _mm512_madd52hi_epu64(sum, a_i, b[v]);
                sum = _mm512_madd52hi_epu64(sum, m, n[v]);
                if v == 0 {
                    sum = _mm512_add_epi64(sum, above);
                }
                t[v] = down_plus::<N>(higher, t[v], sum, self.highest);
                // the next m at once: everything waits for it
                if v == 0 {
                    next_m = multiple::<N>(t[0], n0);
                }
            }
            (a_i, m) = (next, next_m);
        }
        carried::<N, V>(t)
    }
}

/// Columns to digits: what is above 52 bits goes up, twice, the second time as a ripple of single bits.
#[inline]
#[target_feature(enable = "avx512f")]
fn carried<const N: usize, const V: usize>(mut t: [__m512i; V]) -> Digits<V> {
    let zero = _mm512_setzero_si512();
    let most = _mm512_set1_epi64((1 << DIGIT_BITS) - 1);
    let carry = t.map(|t| _mm512_srli_epi64::<{ DIGIT_BITS as u32 }>(t));
    for v in 0..V {
        let below = if v > 0 { carry[v - 1] } else { zero };
        // 2⁵² − 1 and a carry below 2⁹: at most one bit goes over
        t[v] = _mm512_add_epi64(_mm512_and_si512(t[v], most), up::<N>(carry[v], below));
    }
    // an addition's own carries run through the digits that are full: over · 2 + full, lane by lane
    let (mut from_over, mut from_full) = ([0; N], [0; N]);
    array::from_fn(|v| {
        let over = _mm512_cmpgt_epu64_mask(t[v], most);
        let full = _mm512_cmpeq_epu64_mask(t[v], most);
        let mut ripple = 0;
        for k in 0..N {
            let (lanes, all) = (LANES / N, u32::from(u8::MAX) >> (LANES - LANES / N));
            let of = |mask: u8| u32::from(mask) >> (k * lanes) & all;
            let twice = of(over) << 1 | from_over[k];
            let sum = (twice & all) + of(full) + from_full[k];
            (from_over[k], from_full[k]) = (twice >> lanes, sum >> lanes);
            ripple |= ((sum ^ of(full)) & all) << (k * lanes);
        }
        let more = _mm512_mask_add_epi64(t[v], ripple as u8, t[v], _mm512_set1_epi64(1));
        let mut digits = Words::default();
        store_words(&mut digits, _mm512_and_si512(more, most));
        digits
    })
}

/// The table's entries at secret indices: every entry is read, one is kept.
#[inline]
#[target_feature(enable = "avx512f")]
fn select<const N: usize, const V: usize>(table: &[Digits<V>], index: [u64; N]) -> Digits<V> {
    let index = load_words(&Words(array::from_fn(|lane| index[whose::<N>(lane)])));
    let mut kept = [_mm512_setzero_si512(); V];
    for (i, entry) in (0..).zip(table) {
        let wanted = _mm512_cmpeq_epu64_mask(index, _mm512_set1_epi64(i));
        for (kept, digits) in kept.iter_mut().zip(entry) {
            *kept = _mm512_mask_mov_epi64(*kept, wanted, load_words(digits));
        }
    }
    let mut selected = [Words::default(); V];
    selected.iter_mut().zip(kept).for_each(|(to, kept)| store_words(to, kept));
    selected
}

/// m of each number, in every lane of it: what makes the lowest column a multiple of 2⁵².
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn multiple<const N: usize>(column: __m512i, n0: __m512i) -> __m512i {
    spread::<N>(_mm512_madd52lo_epu64(_mm512_setzero_si512(), column, n0))
}
