//! Montgomery multiplication, word by word (P. Montgomery, "Modular Multiplication Without Trial
//! Division", 1985; the form with rows in turn is the CIOS of Koç, Acar and Kaliski, 1996).
//!
//! Dividing by n is replaced by dividing by R = 2^(64·N), which is dropping words. For each word of a,
//! a·b grows by a row, then the multiple m·n that makes its lowest word zero is added, and that word goes.
//! N rows later the sum is a·b·R⁻¹ mod n, or that plus n.

use super::number::Number;
use crate::ct::Choice;

/// out = a·b·R⁻¹ mod n, for a, b < n in as many words as n.
///
/// The common widths (primes and moduli of 1024 to 4096 bits) are compiled with their length as a
/// constant, from the same text.
pub(super) fn multiply(out: &mut [u64], a: &[u64], b: &[u64], n: &[u64], n0: u64) {
    match n.len() {
        8 => multiply_fixed::<8>(out, a, b, n, n0),
        16 => multiply_fixed::<16>(out, a, b, n, n0),
        24 => multiply_fixed::<24>(out, a, b, n, n0),
        32 => multiply_fixed::<32>(out, a, b, n, n0),
        48 => multiply_fixed::<48>(out, a, b, n, n0),
        64 => multiply_fixed::<64>(out, a, b, n, n0),
        _ => multiply_any(out, a, b, n, n0),
    }
}

#[inline(never)]
fn multiply_fixed<const N: usize>(out: &mut [u64], a: &[u64], b: &[u64], n: &[u64], n0: u64) {
    if let (Some(out), Some(a), Some(b), Some(n)) = (
        out.first_chunk_mut::<N>(),
        a.first_chunk::<N>(),
        b.first_chunk::<N>(),
        n.first_chunk::<N>(),
    ) {
        multiply_any(out, a, b, n, n0);
    }
}

#[inline(always)]
fn multiply_any(t: &mut [u64], a: &[u64], b: &[u64], n: &[u64], n0: u64) {
    t.fill(0);
    // t + top·R < 2n throughout, so top ≤ 1
    let mut top = 0;
    for &a_i in a {
        top = add_row(t, top, a_i, b, n, n0);
    }
    subtract_once(t, top, n);
}

/// t = (t + a_i·b + m·n) / 2⁶⁴ with the m that makes the division exact; returns the new top word.
#[inline(always)]
fn add_row(t: &mut [u64], top: u64, a_i: u64, b: &[u64], n: &[u64], n0: u64) -> u64 {
    // (2⁶⁴−1)² + 2(2⁶⁴−1) = 2¹²⁸ − 1: each carry stays below 2⁶⁴
    let mut carry_a = 0;
    for (t_j, &b_j) in t.iter_mut().zip(b) {
        (*t_j, carry_a) = a_i.carrying_mul_add(b_j, *t_j, carry_a);
    }
    let m = t[0].wrapping_mul(n0);
    let (_zero, mut carry_m) = m.carrying_mul_add(n[0], t[0], 0);
    for j in 1..t.len() {
        (t[j - 1], carry_m) = m.carrying_mul_add(n[j], t[j], carry_m);
    }
    // t stays below 2n < 2R, so the new top is 0 or 1 and at most one of the two additions overflows
    let (sum, over_a) = carry_a.overflowing_add(top);
    let (sum, over_m) = sum.overflowing_add(carry_m);
    t[t.len() - 1] = sum;
    u64::from(over_a | over_m)
}

/// x·R⁻¹ mod n for x < n·R in twice the words of n.
pub(super) fn reduce(x: &Number, n: &Number, n0: u64) -> Number {
    let n = n.words();
    let (low, high) = x.words().split_at(n.len());
    let mut t = Number::zero(n.len());
    let t_words = t.words_mut();
    t_words.copy_from_slice(low);
    // rows of zero: only the multiples of n are added, and low becomes low·R⁻¹ ≤ n
    let zeros = Number::zero(n.len());
    for _ in 0..n.len() {
        add_row(t_words, 0, 0, zeros.words(), n, n0);
    }
    // x·R⁻¹ = low·R⁻¹ + high ≤ n + n − 1, since x < n·R means high < n
    let mut carry = false;
    for (t, &h) in t_words.iter_mut().zip(high) {
        (*t, carry) = t.carrying_add(h, carry);
    }
    subtract_once(t_words, u64::from(carry), n);
    t
}

/// x mod n for x < 2n in a word more than n.
#[cfg(target_arch = "x86_64")]
pub(super) fn subtract_n(x: &Number, n: &Number) -> Number {
    let mut t = Number::zero(n.words().len());
    let (low, top) = x.words().split_at(n.words().len());
    t.words_mut().copy_from_slice(low);
    subtract_once(t.words_mut(), top[0], n.words());
    t
}

/// a − b mod n.
pub(super) fn subtract(a: &Number, b: &Number, n: &Number) -> Number {
    let mut difference = a.clone();
    let mut borrow = false;
    for (d, &b) in difference.words_mut().iter_mut().zip(b.words()) {
        (*d, borrow) = d.borrowing_sub(b, borrow);
    }
    // below zero: n comes back
    let below = Choice::from(borrow);
    let mut carry = false;
    for (d, &n) in difference.words_mut().iter_mut().zip(n.words()) {
        (*d, carry) = d.carrying_add(below.select(n, 0), carry);
    }
    difference
}

/// t + top·R is below 2n: takes n away where it is not below n.
#[inline(always)]
fn subtract_once(t: &mut [u64], top: u64, n: &[u64]) {
    let mut borrow = false;
    for (&t, &n) in t.iter().zip(n) {
        (_, borrow) = t.borrowing_sub(n, borrow);
    }
    // not below n: there is a top word, or nothing was borrowed
    let take = Choice::from(u64::from(borrow) <= top);
    borrow = false;
    for (t, &n) in t.iter_mut().zip(n) {
        (*t, borrow) = t.borrowing_sub(take.select(n, 0), borrow);
    }
}

/// −n⁻¹ mod 2⁶⁴ for an odd n, by Newton's iteration: each step doubles the bits that are right.
pub(super) fn negated_inverse(n: u64) -> u64 {
    // n·n ≡ 1 mod 8: three bits are right
    let mut inverse = n;
    for _ in 0..5 {
        // 3, 6, 12, 24, 48, 96 bits
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negated_inverse_times_n_is_minus_one() {
        for n in [1, 3, 5, 0xffff_ffff_ffff_ffff, 0x8000_0000_0000_0001, 0x0123_4567_89ab_cdef] {
            assert_eq!(u64::wrapping_mul(n, negated_inverse(n)), u64::MAX, "{n:x}");
        }
    }
}
