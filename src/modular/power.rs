//! Exponentiation, as sequences of states whose last is the answer.
//!
//! A public exponent goes bit by bit ([`Modulus::ladder`]): squarings, and a multiplication where the bit
//! is 1. A secret exponent goes five bits at a time ([`Modulus::windows`]): always five squarings and a
//! multiplication, by a table entry that is picked by reading the whole table.

use super::number::Number;
use super::{Modulus, Residue, WORD_BITS};
use crate::ct::Choice;
use core::{array, iter, mem};
use num_bigint::BigUint;

/// Bits of a secret exponent taken at once. 5 is best for exponents of 500 to 2,500 bits: 4 multiplies
/// more often, 6 spends more on its table.
pub(super) const WINDOW: usize = 5;

/// One step of [`Modulus::ladder`].
#[derive(Clone, Debug)]
pub struct Step {
    /// What was done.
    pub kind: StepKind,
    /// The position of the exponent's bit that this step works on; 0 is the lowest.
    pub bit: u64,
    /// What came out.
    pub value: Residue,
}

/// What a step of the ladder does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The value was squared.
    Square,
    /// The value was multiplied by the base, since the bit is 1.
    Multiply,
}

impl Modulus {
    /// The steps of x^e for a public exponent, left to right, behind its leading 1 bit (Knuth, TAOCP vol. 2
    /// §4.6.3; for e = 65537: sixteen squarings and a multiplication). Empty for e ≤ 1.
    ///
    /// Which steps there are depends on e, so e must be public; x may be secret.
    pub fn ladder(&self, x: &Residue, e: &BigUint) -> impl Iterator<Item = Step> {
        let mut value = x.clone();
        let plan = (0..e.bits().saturating_sub(1)).rev().flat_map(move |bit| {
            let multiply = e.bit(bit).then_some((StepKind::Multiply, bit));
            iter::once((StepKind::Square, bit)).chain(multiply)
        });
        plan.map(move |(kind, bit)| {
            value = match kind {
                StepKind::Square => self.square(&value),
                StepKind::Multiply => self.multiply(&value, x),
            };
            Step { kind, bit, value: value.clone() }
        })
    }

    /// x^e for a public exponent: the last step of the [`ladder`](Modulus::ladder).
    #[must_use]
    pub fn power_vartime(&self, x: &Residue, e: &BigUint) -> Residue {
        match self.ladder(x, e).last() {
            Some(step) => step.value,
            None if e.bit(0) => x.clone(),
            None => self.one(),
        }
    }

    /// The states of x^e for a secret exponent, one behind each window of bits from the top.
    ///
    /// The time depends on the number of words of e, not on its value.
    pub fn windows<'a>(
        &'a self,
        x: &Residue,
        e: &'a Number,
    ) -> impl Iterator<Item = Residue> + use<'a> {
        let mut windows = Windows::new(self, x, e);
        iter::from_fn(move || windows.step().then(|| windows.value.clone()))
    }

    /// x^e for a secret exponent: the last of the [`windows`](Modulus::windows).
    #[must_use]
    pub fn power(&self, x: &Residue, e: &Number) -> Residue {
        let mut windows = Windows::new(self, x, e);
        while windows.step() {}
        windows.value
    }
}

/// An exponentiation under way.
struct Windows<'a> {
    modulus: &'a Modulus,
    e: &'a Number,
    /// x^0, x^1, … x^31
    table: Vec<Residue>,
    /// How many windows are left.
    left: usize,
    value: Residue,
    spare: Residue,
}

impl<'a> Windows<'a> {
    fn new(modulus: &'a Modulus, x: &Residue, e: &'a Number) -> Self {
        let powers = iter::successors(Some(modulus.one()), |y| Some(modulus.multiply(y, x)));
        let left = (e.words().len() * WORD_BITS).div_ceil(WINDOW);
        let (value, spare) = (modulus.one(), modulus.one());
        Windows { modulus, e, table: powers.take(1 << WINDOW).collect(), left, value, spare }
    }

    /// Takes the next window in; says whether there was one.
    fn step(&mut self) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        // the topmost window squares a 1: a few products wasted, one case fewer
        for _ in 0..WINDOW {
            self.modulus.square_into(&mut self.spare, &self.value);
            mem::swap(&mut self.value, &mut self.spare);
        }
        let factor = select(&self.table, self.e.bits(left * WINDOW, WINDOW));
        self.modulus.multiply_into(&mut self.spare, &self.value, &factor);
        mem::swap(&mut self.value, &mut self.spare);
        true
    }
}

/// The table's entry at a secret index: every entry is read, one is kept.
fn select(table: &[Residue], index: u64) -> Residue {
    let mut selected = Number::zero(table[0].0.words().len());
    for (i, entry) in (0..).zip(table) {
        let wanted = Choice::equal(i, index);
        // eight words at a time, so that the machine's vectors take them
        let (to, to_rest) = selected.words_mut().as_chunks_mut::<8>();
        let (from, from_rest) = entry.0.words().as_chunks::<8>();
        for (to, from) in to.iter_mut().zip(from) {
            *to = array::from_fn(|k| to[k] | wanted.select(from[k], 0));
        }
        for (to, &from) in to_rest.iter_mut().zip(from_rest) {
            *to |= wanted.select(from, 0);
        }
    }
    Residue(selected)
}

#[cfg(test)]
mod tests {
    use super::super::backend::{Backend, power_many_vartime};
    use super::*;
    use proptest::prelude::*;

    /// Words that arithmetic goes wrong on, and others.
    fn word() -> impl Strategy<Value = u64> {
        prop_oneof![
            Just(0),
            Just(1),
            Just(u64::MAX),
            Just(1 << 63),
            Just(u64::MAX - 1),
            any::<u64>()
        ]
    }

    fn number(words: usize) -> impl Strategy<Value = BigUint> {
        prop::collection::vec(word(), words).prop_map(|w| {
            BigUint::from_bytes_le(&w.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>())
        })
    }

    /// Of moduli that lanes take; two of them more often.
    fn length() -> impl Strategy<Value = usize> {
        prop_oneof![Just(16), Just(32), 12_usize..=33]
    }

    fn odd(words: usize) -> impl Strategy<Value = BigUint> {
        number(words).prop_map(|n| (n | BigUint::from(1u32)).max(BigUint::from(3u32)))
    }

    /// Everything this room computes, against num-bigint.
    fn agrees(n: &BigUint, a: &BigUint, b: &BigUint, e: &BigUint, spare: usize) {
        let modulus = Modulus::with_words(n, super::super::words_for(n) + spare).unwrap();
        let (a, b) = (a % n, b % n);
        let (ra, rb) = (modulus.residue(&a).unwrap(), modulus.residue(&b).unwrap());
        assert_eq!(modulus.value(&ra), a);
        assert_eq!(modulus.value(&modulus.multiply(&ra, &rb)), &a * &b % n);
        assert_eq!(modulus.value(&modulus.square(&ra)), &a * &a % n);
        assert_eq!(modulus.value(&modulus.subtract(&ra, &rb)), (&a + n - &b) % n);
        assert_eq!(modulus.value(&modulus.one()), BigUint::from(1u32) % n);
        assert_eq!(modulus.equal(&ra, &rb), a == b);
        let power = a.modpow(e, n);
        assert_eq!(modulus.value(&modulus.power_vartime(&ra, e)), power);
        let secret = Number::new(e, super::super::words_for(e)).unwrap();
        assert_eq!(modulus.value(&modulus.power(&ra, &secret)), power);
        let last = modulus.windows(&ra, &secret).last().unwrap();
        assert_eq!(modulus.value(&last), power);
        let r = BigUint::from(1u32) << (WORD_BITS * modulus.words());
        every_way_agrees(n, [&a, &b], e, &power, spare);
        let wide = &a * (&r - 1u32) + &b; // below n·R
        let wide_words = Number::new(&wide, 2 * modulus.words()).unwrap();
        assert_eq!(modulus.remainder(&wide_words).unwrap().to_biguint(), &wide % n);
        assert!(modulus.residue(n).is_err());
    }

    /// All backends: by a public exponent, by a secret one, and two numbers in step.
    fn every_way_agrees(
        n: &BigUint,
        [a, b]: [&BigUint; 2],
        e: &BigUint,
        power: &BigUint,
        spare: usize,
    ) {
        let words = super::super::words_for(n) + spare;
        let secret = Number::new(e, super::super::words_for(e)).unwrap();
        for backend in Backend::all() {
            let modulus = Modulus::with_backend(n, words, backend).unwrap();
            let [x, y] = [a, b].map(|x| Number::new(x, words).unwrap());
            let of = |x: Result<Number, _>| x.unwrap().to_biguint();
            assert_eq!(of(modulus.power_of_vartime(&x, e)), *power, "{}", backend.name);
            assert_eq!(of(modulus.power_of(&x, &secret)), *power, "{}", backend.name);
            let n_2 = Modulus::with_backend(&(n - 2u32).max(3u32.into()), words, backend).unwrap();
            if y.is_below(n_2.number()).reveal() {
                let both = Modulus::power_both([&modulus, &n_2], [&x, &y], [&secret, &secret]);
                let [p, q] = both.unwrap().map(|x| x.to_biguint());
                assert_eq!(p, *power, "{}", backend.name);
                assert_eq!(q, b.modpow(e, &n_2.to_biguint()), "{}", backend.name);
            }
            let n = Number::new(n, words).unwrap();
            assert!(
                modulus.power_of_vartime(&n, e).is_err() && modulus.power_of(&n, &secret).is_err()
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn agrees_with_num_bigint(
            (n, a, b, e, spare) in (1usize..=9).prop_flat_map(|words| {
                (odd(words), number(words), number(words), number(2), 0usize..3)
            })
        ) {
            agrees(&n, &a, &b, &e, spare);
        }

        /// The lengths that kernels are for, with digits that carries run through.
        #[test]
        fn long_numbers_agree_on_every_way(
            (n, a, b, e) in (12usize..=65).prop_flat_map(|words| {
                (odd(words), number(words), number(words), number(1))
            })
        ) {
            let (a, b) = (a % &n, b % &n);
            every_way_agrees(&n, [&a, &b], &e, &a.modpow(&e, &n), 0);
        }

        /// Lanes of different moduli, more than fill the lanes and fewer; often several groups of them, of different
        /// lengths, which have the same memory one after the other.
        #[test]
        fn many_powers_are_those_of_each_number(
            tasks in prop::collection::vec(length().prop_flat_map(|w| (odd(w), number(w))), 1..30),
            e in number(1),
        ) {
            let modulus = |n| Modulus::new(n).unwrap();
            let ready: Vec<_> = tasks
                .iter()
                .map(|(n, x)| (modulus(n), Number::new(x, super::super::words_for(n).max(33)).unwrap()))
                .collect();
            let ready: Vec<_> = ready.iter().map(|(n, x)| (n, x)).collect();
            for ((n, x), power) in tasks.iter().zip(power_many_vartime(&ready, &e)) {
                let expected = (x < n).then(|| x.modpow(&e, n));
                prop_assert_eq!(power.map(|power| power.to_biguint()), expected);
            }
        }

        #[test]
        fn multiply_add_is_a_product_and_a_sum(
            (a, b, c) in (1usize..=9).prop_flat_map(|w| (number(w), number(w), number(w)))
        ) {
            let words = |x: &BigUint| Number::new(x, 9).unwrap();
            let sum = Number::multiply_add(&words(&a), &words(&b), &words(&c)).unwrap();
            prop_assert_eq!(sum.to_biguint(), a * b + c);
        }
    }

    #[test]
    fn agrees_with_num_bigint_at_every_width_and_edge() {
        let one = BigUint::from(1u32);
        for words in 1..=66 {
            let bits = WORD_BITS * words;
            let all_ones = (&one << bits) - 1u32;
            let top_bit = (&one << (bits - 1)) + 1u32;
            for n in [&all_ones, &top_bit, &(&all_ones >> 1u32)] {
                for a in [BigUint::ZERO, one.clone(), n - 1u32, n >> 1u32] {
                    agrees(n, &a, &(n - 1u32), &BigUint::from(65537u32), 0);
                }
            }
        }
        for e in 0u32..40 {
            agrees(&BigUint::from(3233u32), &BigUint::from(65u32), &one, &BigUint::from(e), 0);
        }
    }

    #[test]
    fn even_and_tiny_moduli_are_refused() {
        for n in [0u32, 1, 2, 4, 100] {
            assert_eq!(
                Modulus::new(&BigUint::from(n)).err(),
                Some(super::super::Error::NotOddAboveOne)
            );
        }
    }

    #[test]
    fn the_ladder_of_65537_has_sixteen_squarings_and_one_multiplication() {
        let n = Modulus::new(&BigUint::from(3233u32)).unwrap();
        let e = BigUint::from(65537u32);
        let steps: Vec<_> = n.ladder(&n.one(), &e).map(|s| s.kind).collect();
        assert_eq!(steps[..16], [StepKind::Square; 16]);
        assert_eq!(steps[16..], [StepKind::Multiply]);
    }
}
