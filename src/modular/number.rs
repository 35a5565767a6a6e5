//! Unsigned integers of a fixed number of 64-bit words, least significant word first.
//!
//! The number of words is public, the value may be secret: no operation here branches on it, and the
//! words are wiped when the number is dropped.

use crate::ct::{self, Choice};
use core::fmt;
use num_bigint::BigUint;

/// An unsigned integer of a fixed number of words.
#[derive(Clone)]
pub struct Number(Vec<u64>);

impl Number {
    /// A number in `words` words, if it fits. The time depends on the number: this is import.
    pub fn new(x: &BigUint, words: usize) -> Option<Number> {
        let digits = x.iter_u64_digits();
        if digits.len() > words {
            return None;
        }
        let mut number = Number::zero(words);
        number.0.iter_mut().zip(digits).for_each(|(word, digit)| *word = digit);
        Some(number)
    }

    /// Zero.
    pub fn zero(words: usize) -> Number {
        Number(vec![0; words])
    }

    /// One; `words` must not be 0.
    pub(super) fn one(words: usize) -> Number {
        let mut one = Number::zero(words);
        one.0[0] = 1;
        one
    }

    /// A number of the given words, least significant first.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn from_words(words: impl Iterator<Item = u64>) -> Number {
        Number(words.collect())
    }

    /// Reads an integer, most significant byte first (OS2IP, RFC 8017 §4.2).
    pub fn from_bytes(bytes: &[u8]) -> Number {
        let (head, words) = bytes.as_rchunks();
        let mut words: Vec<u64> =
            words.iter().rev().map(|word| u64::from_be_bytes(*word)).collect();
        if !head.is_empty() {
            words.push(head.iter().fold(0, |word, &byte| (word << 8) | u64::from(byte)));
        }
        Number(words)
    }

    /// Writes the integer to `bytes`, most significant byte first (I2OSP, RFC 8017 §4.1).
    ///
    /// Bytes of the number beyond the length of `bytes` are left out: who calls knows that they are zero.
    pub fn write_bytes(&self, bytes: &mut [u8]) {
        let mut words = self.0.iter().copied().chain(core::iter::repeat(0));
        let (head, chunks) = bytes.as_rchunks_mut();
        for (chunk, word) in chunks.iter_mut().rev().zip(&mut words) {
            *chunk = u64::to_be_bytes(word);
        }
        let last = words.next().unwrap_or(0).to_be_bytes();
        head.copy_from_slice(&last[size_of::<u64>() - head.len()..]);
    }

    /// The number as a [`BigUint`]. The time depends on it: this is export.
    pub fn to_biguint(&self) -> BigUint {
        let digits = self.0.iter().flat_map(|&word| [word as u32, (word >> 32) as u32]);
        BigUint::new(digits.collect())
    }

    /// Here the number becomes a secret.
    pub(crate) fn mark_secret(&self) {
        ct::secret(&self.0);
    }

    /// Here the number becomes public; who calls says why.
    pub(crate) fn public(mut self) -> Number {
        self.0.iter_mut().for_each(|word| *word = ct::public(*word));
        self
    }

    /// The words, least significant first.
    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }

    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }

    /// The same number in `words` words; nothing if a word that must go is not zero, which then is public.
    pub(crate) fn resized(&self, words: usize) -> Option<Number> {
        let beyond = self.0.iter().skip(words).fold(0, |bits, word| bits | word);
        if !Choice::is_zero(beyond).reveal() {
            return None;
        }
        let mut resized = Number::zero(words);
        resized.0.iter_mut().zip(&self.0).for_each(|(to, from)| *to = *from);
        Some(resized)
    }

    /// Takes the most significant word away.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn take_top(&mut self) -> u64 {
        let top = self.0.last_mut().map_or(0, core::mem::take);
        self.0.pop();
        top
    }

    /// Whether this number is below another of as many words.
    pub(super) fn is_below(&self, other: &Number) -> Choice {
        let mut borrow = false;
        for (&a, &b) in self.0.iter().zip(&other.0) {
            (_, borrow) = a.borrowing_sub(b, borrow);
        }
        Choice::from(borrow)
    }

    /// Whether two numbers of as many words are the same.
    pub(crate) fn equals(&self, other: &Number) -> Choice {
        let difference = self.0.iter().zip(&other.0).fold(0, |bits, (a, b)| bits | (a ^ b));
        Choice::is_zero(difference)
    }

    /// a·b + c, in as many words as a and b have together; c has no more words than that.
    ///
    /// The result fits for c ≤ a + b, as in the recombination of RSA's halves, where it is below p·q.
    pub(crate) fn multiply_add(a: &Number, b: &Number, c: &Number) -> Option<Number> {
        let mut sum = c.resized(a.0.len() + b.0.len())?;
        for (i, &a_i) in a.0.iter().enumerate() {
            let mut carry = 0;
            let (row, rest) = sum.0[i..].split_at_mut(b.0.len());
            for (s, &b_j) in row.iter_mut().zip(&b.0) {
                // (2⁶⁴−1)² + 2(2⁶⁴−1) = 2¹²⁸ − 1: the carry stays below 2⁶⁴
                (*s, carry) = a_i.carrying_mul_add(b_j, *s, carry);
            }
            for s in rest {
                let (low, overflow) = s.overflowing_add(carry);
                (*s, carry) = (low, u64::from(overflow));
            }
        }
        Some(sum)
    }

    /// The `count` ≤ 63 bits that begin at bit `from`. The position is public, the bits are not.
    pub(super) fn bits(&self, from: usize, count: usize) -> u64 {
        let (word, shift) = (from / 64, from % 64);
        let low = self.0.get(word).copied().unwrap_or(0);
        let high = self.0.get(word + 1).copied().unwrap_or(0);
        let pair = u128::from(high) << 64 | u128::from(low);
        (pair >> shift) as u64 & ((1 << count) - 1)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        ct::wipe(&mut self.0);
    }
}

impl fmt::Debug for Number {
    /// The size only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({} words)", self.0.len())
    }
}
