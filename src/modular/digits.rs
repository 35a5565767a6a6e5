//! The same numbers in digits of 52 bits, which IFMA's products take.
//!
//! A digit fills a word of 64 bits, least significant first; the twelve bits above it are room for sums of
//! products. What is kept here is ready for both kernels: a multiple of eight words, zeros at the end.

use super::montgomery;
use super::number::Number;
use super::words_for;
use crate::cpu::Ifma;
use num_bigint::BigUint;

/// Bits in a digit.
pub(super) const DIGIT_BITS: usize = 52;

/// How many vectors of eight digits a number fills, and how many of its digits count, a multiple of four:
/// R = 2^(52 · digits). One line for each length of RSA's moduli and primes, smallest first.
const SHAPES: [Shape; 5] = [
    Shape { vectors: 3, digits: 20 },  // 1024 bits
    Shape { vectors: 4, digits: 32 },  // 1536
    Shape { vectors: 5, digits: 40 },  // 2048
    Shape { vectors: 8, digits: 60 },  // 3072
    Shape { vectors: 10, digits: 80 }, // 4096
];

/// The shortest modulus that gains by the change of digits.
const LEAST_BITS: u64 = 768;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) vectors: usize,
    pub(super) digits: usize,
}

impl Shape {
    /// The smallest R above 4n: products of numbers below 2n then are below 2n, without a comparison (C.
    /// Walter, "Montgomery exponentiation needs no final subtractions", 1999).
    fn of(n: &BigUint) -> Option<Shape> {
        let fits = |shape: &Shape| n.bits() + 2 <= (DIGIT_BITS * shape.digits) as u64;
        SHAPES.into_iter().find(fits).filter(|_| n.bits() >= LEAST_BITS)
    }
}

/// A modulus as the kernels want it.
#[derive(Clone)]
pub(super) struct Prepared {
    /// That the kernels may be called.
    pub(super) proof: Ifma,
    pub(super) shape: Shape,
    /// n
    pub(super) n: Number,
    /// −n⁻¹ mod 2⁵²
    pub(super) n0: u64,
    /// R² mod n
    pub(super) rr: Number,
}

impl Prepared {
    /// Nothing for a length that no shape is for. The time depends on n.
    pub(super) fn new(proof: Ifma, n: &BigUint) -> Option<Prepared> {
        let shape = Shape::of(n)?;
        let rr = (BigUint::from(1u32) << (2 * DIGIT_BITS * shape.digits)) % n;
        let words = words_for(n);
        let (n, rr) = (Number::new(n, words)?, Number::new(&rr, words)?);
        let n0 = montgomery::negated_inverse(n.words()[0]) & ((1 << DIGIT_BITS) - 1);
        Some(Prepared { proof, shape, n0, n: shape.split(&n), rr: shape.split(&rr) })
    }

    /// Here the modulus becomes a secret.
    pub(super) fn mark_secret(&self) {
        [&self.n, &self.rr].into_iter().for_each(Number::mark_secret);
        crate::ct::secret(core::slice::from_ref(&self.n0));
    }
}

impl Shape {
    /// From words to digits.
    pub(super) fn split(self, x: &Number) -> Number {
        let mut digits = Number::zero(8 * self.vectors);
        let words = digits.words_mut().iter_mut().enumerate();
        words.for_each(|(i, digit)| *digit = Self::digit(x, i));
        digits
    }

    /// From digits to words; what is beyond the last word is zero.
    pub(super) fn join(digits: &Number, words: usize) -> Number {
        Self::join_each(|i| digits.words().get(i).copied(), words)
    }

    /// The digit at a place.
    #[inline]
    pub(super) fn digit(x: &Number, place: usize) -> u64 {
        regrouped::<64, DIGIT_BITS>(|i| x.words().get(i).copied(), place)
    }

    /// From digits that stand anywhere.
    #[inline]
    pub(super) fn join_each(digit: impl Fn(usize) -> Option<u64>, words: usize) -> Number {
        let mut joined = Number::zero(words);
        let words = joined.words_mut().iter_mut().enumerate();
        words.for_each(|(i, word)| *word = regrouped::<DIGIT_BITS, 64>(&digit, i));
        joined
    }
}

/// A group of TO bits out of groups of FROM bits, both least significant first; none has more than 64.
#[inline]
fn regrouped<const FROM: usize, const TO: usize>(
    group: impl Fn(usize) -> Option<u64>,
    place: usize,
) -> u64 {
    let from = |i| group(i).unwrap_or(0);
    let (mut i, shift) = (place * TO / FROM, place * TO % FROM);
    let (mut bits, mut count) = (from(i) >> shift, FROM - shift);
    while count < TO {
        i += 1;
        bits |= from(i) << count;
        count += FROM;
    }
    bits & (u64::MAX >> (64 - TO))
}
