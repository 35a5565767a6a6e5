//! Montgomery multiplication, word by word (P. Montgomery, "Modular Multiplication Without Trial
//! Division", 1985; the form with rows in turn is the CIOS of Koç, Acar and Kaliski, 1996).
//!
//! Dividing by n is replaced by dividing by R = 2^(64·N), which is dropping words. For each word of a,
//! a·b grows by a row, then the multiple m·n that makes its lowest word zero is added, and that word goes.
//! N rows later the sum is a·b·R⁻¹ mod n, or that plus n.

use super::number::Number;
use crate::ct::{self, Choice};

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
        (*t_j, carry_a) = a_i.carrying_mul_add(b_j, carry_a, *t_j);
    }
    let m = t[0].wrapping_mul(n0);
    let (_zero, mut carry_m) = m.carrying_mul_add(n[0], 0, t[0]);
    for j in 1..t.len() {
        (t[j - 1], carry_m) = m.carrying_mul_add(n[j], carry_m, t[j]);
    }
    // t stays below 2n < 2R, so the new top is 0 or 1 and at most one of the two additions overflows
    let (sum, over_a) = carry_a.overflowing_add(top);
    let (sum, over_m) = sum.overflowing_add(carry_m);
    t[t.len() - 1] = sum;
    u64::from(over_a | over_m)
}

/// out = a²·R⁻¹ mod n, for a < n in as many words as n: a product of two words of a stands twice in a², and is
/// made once (A. Menezes et al., "Handbook of Applied Cryptography", 14.16).
pub(super) fn square(out: &mut [u64], a: &[u64], n: &[u64], n0: u64) {
    match n.len() {
        8 => square_fixed::<8>(out, a, n, n0),
        16 => square_fixed::<16>(out, a, n, n0),
        24 => square_fixed::<24>(out, a, n, n0),
        32 => square_fixed::<32>(out, a, n, n0),
        48 => square_fixed::<48>(out, a, n, n0),
        64 => square_fixed::<64>(out, a, n, n0),
        _ => multiply_any(out, a, a, n, n0),
    }
}

#[inline(never)]
fn square_fixed<const N: usize>(out: &mut [u64], a: &[u64], n: &[u64], n0: u64) {
    let (Some(a), Some(n)) = (a.first_chunk::<N>(), n.first_chunk::<N>()) else { return };
    let mut t = [[0; 2]; N];
    let t = t.as_flattened_mut();
    // each product of two different words
    for i in 0..N {
        let mut carry = 0;
        for (t_j, &a_j) in t[2 * i + 1..].iter_mut().zip(&a[i + 1..]) {
            (*t_j, carry) = a[i].carrying_mul_add(a_j, carry, *t_j);
        }
        t[i + N] = carry;
    }
    // twice, and each word's own square
    let (mut shifted, mut carry) = (0, false);
    for ([low, high], &a_i) in t.as_chunks_mut().0.iter_mut().zip(a) {
        let twice = [*low << 1 | shifted, *high << 1 | *low >> 63];
        shifted = *high >> 63;
        let (square, square_high) = a_i.carrying_mul(a_i, 0);
        (*low, carry) = twice[0].carrying_add(square, carry);
        (*high, carry) = twice[1].carrying_add(square_high, carry);
    }
    // a² < R² leaves nothing to carry
    reduce_into(out, t, n, n0);
    ct::wipe(t);
}

/// x·R⁻¹ mod n for x < n·R in twice the words of n.
pub(super) fn reduce(x: &Number, n: &Number, n0: u64) -> Number {
    let (mut x, mut reduced) = (x.clone(), Number::zero(n.words().len()));
    reduce_into(reduced.words_mut(), x.words_mut(), n.words(), n0);
    reduced
}

/// out = t·R⁻¹ mod n for t < n·R in twice the words of n; t is used up.
#[inline(always)]
fn reduce_into(out: &mut [u64], t: &mut [u64], n: &[u64], n0: u64) {
    // (t + multiples of n) / R < (n·R + R·n) / R = 2n, so what is carried out is 0 or 1
    let mut top = 0;
    for i in 0..n.len() {
        let m = t[i].wrapping_mul(n0);
        let mut carry = 0;
        let (row, above) = t[i..].split_at_mut(n.len());
        for (t_j, &n_j) in row.iter_mut().zip(n) {
            (*t_j, carry) = m.carrying_mul_add(n_j, carry, *t_j);
        }
        // (2⁶⁴−1) + (2⁶⁴−1) + 1: at most one of the two additions overflows
        let (sum, over_carry) = above[0].overflowing_add(carry);
        let (sum, over_top) = sum.overflowing_add(top);
        above[0] = sum;
        top = u64::from(over_carry | over_top);
    }
    out.copy_from_slice(&t[n.len()..]);
    subtract_once(out, top, n);
}

/// x mod n for x < 2n in a word more than n.
#[cfg(target_arch = "x86_64")]
pub(super) fn subtract_n(mut x: Number, n: &Number) -> Number {
    let top = x.take_top();
    subtract_once(x.words_mut(), top, n.words());
    x
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
pub(super) fn subtract_once(t: &mut [u64], top: u64, n: &[u64]) {
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
