//! Arithmetic modulo an odd number, on 64-bit words, by Montgomery's method.
//!
//! | file | what stands there |
//! |---|---|
//! | `number` | unsigned integers of a fixed number of words, wiped on drop |
//! | `montgomery` | the product a·b·R⁻¹ mod n, word by word |
//! | `product` | products of residues, by the machine's way |
//! | `power` | exponentiation: by a public exponent, by a secret one |
//! | `digits` | numbers in digits of 52 bits, for AVX-512 IFMA |
//! | `x86_ifma`, `x86_ifma_layout` | exponentiation of one number, or two in step, across the lanes; which digit stands where |
//! | `x86_ifma_columns`, `x86_ifma_lanes` | products and exponentiation of eight numbers, one in each lane |
//! | `x86_adx` | the product by rows of eight words, with two chains of carries |
//! | `backend` | the choice among the machine's ways |
//! | `error` | why a number is refused |
//!
//! Public numbers enter and leave as [`BigUint`]. What is secret stays in [`Number`] and [`Residue`], whose
//! operations run in a time that depends on lengths only. Names that end in `_vartime` are the exceptions.
//!
//! ```
//! use jotlab::modular::Modulus;
//! use num_bigint::BigUint;
//!
//! let n = Modulus::new(&BigUint::from(3233u32)).unwrap();
//! let m = n.residue(&BigUint::from(65u32)).unwrap();
//! let c = n.power_vartime(&m, &BigUint::from(17u32));
//! assert_eq!(n.value(&c), BigUint::from(2790u32));
//! ```

pub mod backend;
#[cfg(target_arch = "x86_64")]
mod digits;
mod error;
mod montgomery;
mod number;
mod power;
mod product;
#[cfg(target_arch = "x86_64")]
mod x86_adx;
#[cfg(target_arch = "x86_64")]
mod x86_ifma;
#[cfg(target_arch = "x86_64")]
mod x86_ifma_columns;
#[cfg(target_arch = "x86_64")]
mod x86_ifma_lanes;
#[cfg(target_arch = "x86_64")]
mod x86_ifma_layout;

use backend::{Backend, Preparation};
pub use error::Error;
pub use number::Number;
pub use power::{Step, StepKind};

use crate::ct;
use core::fmt;
use num_bigint::BigUint;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Bits in a word.
pub(crate) const WORD_BITS: usize = 64;

/// An odd modulus n ≥ 3 with what Montgomery's method needs to know of it.
///
/// R is 2^(64 · words). It may be wider than n needs: the two primes of an RSA key share one width.
#[derive(Clone)]
pub struct Modulus {
    n: Number,
    /// −n⁻¹ mod 2⁶⁴
    n0: u64,
    /// R² mod n: multiplying by it takes a number into Montgomery form. Made when it is first wanted.
    rr: OnceLock<Residue>,
    preparation: Preparation,
}

/// A number below its modulus in Montgomery form: x·R mod n. It belongs to the modulus that made it.
#[derive(Clone)]
pub struct Residue(Number);

impl Modulus {
    /// Prepares a modulus in as many words as it needs.
    ///
    /// The time depends on n: this is where a key is imported.
    ///
    /// # Errors
    ///
    /// When n is even or below 3.
    pub fn new(n: &BigUint) -> Result<Modulus, Error> {
        Self::with_words(n, words_for(n))
    }

    /// Prepares a modulus in `words` words, at least as many as it needs.
    ///
    /// # Errors
    ///
    /// When n is even, below 3, or does not fit.
    pub fn with_words(n: &BigUint, words: usize) -> Result<Modulus, Error> {
        Self::with_backend(n, words, Backend::fastest())
    }

    /// The same for a given way to exponentiate.
    ///
    /// # Errors
    ///
    /// As [`with_words`](Modulus::with_words).
    pub fn with_backend(n: &BigUint, words: usize, backend: &Backend) -> Result<Modulus, Error> {
        if !n.bit(0) || n.bits() < 2 {
            return Err(Error::NotOddAboveOne);
        }
        let preparation = backend.prepare(n);
        let n = Number::new(n, words).ok_or(Error::TooLarge)?;
        let n0 = montgomery::negated_inverse(n.words()[0]);
        Ok(Modulus { n, n0, rr: OnceLock::new(), preparation })
    }

    /// R² mod n. The time of the first call depends on n.
    fn rr(&self) -> &Residue {
        self.rr.get_or_init(|| {
            let rr = (BigUint::from(1u32) << (2 * WORD_BITS * self.words())) % self.to_biguint();
            Residue(Number::new(&rr, self.words()).unwrap_or_else(|| self.n.clone()))
        })
    }

    /// How many words a number of this modulus has.
    pub fn words(&self) -> usize {
        self.n.words().len()
    }

    /// The modulus itself. The time depends on it.
    pub fn to_biguint(&self) -> BigUint {
        self.n.to_biguint()
    }

    /// The modulus itself, in its words.
    pub fn number(&self) -> &Number {
        &self.n
    }

    /// Takes a public number into Montgomery form.
    ///
    /// # Errors
    ///
    /// When x ≥ n.
    pub fn residue(&self, x: &BigUint) -> Result<Residue, Error> {
        let x = Number::new(x, self.words()).ok_or(Error::TooLarge)?;
        self.residue_of(&x)
    }

    /// Takes a number of at most this modulus's words into Montgomery form.
    ///
    /// # Errors
    ///
    /// When x ≥ n; that this is so becomes public, x itself does not.
    pub fn residue_of(&self, x: &Number) -> Result<Residue, Error> {
        Ok(Residue(self.multiply_number(x, self.rr())?))
    }

    /// x in this modulus's words, if it is below n.
    fn checked<'x>(&self, x: &'x Number) -> Result<Cow<'x, Number>, Error> {
        let x = if x.words().len() == self.words() {
            Cow::Borrowed(x)
        } else {
            Cow::Owned(x.resized(self.words()).ok_or(Error::TooLarge)?)
        };
        if !x.is_below(&self.n).reveal() {
            return Err(Error::TooLarge);
        }
        Ok(x)
    }

    /// x mod n for x < 2n in a word more than n has.
    #[cfg(target_arch = "x86_64")]
    fn below_n(&self, x: Number) -> Number {
        montgomery::subtract_n(x, &self.n)
    }

    /// x mod n for a secret x < n·R.
    ///
    /// # Errors
    ///
    /// When x has more than twice this modulus's words.
    pub fn remainder(&self, x: &Number) -> Result<Number, Error> {
        let x = x.resized(2 * self.words()).ok_or(Error::TooLarge)?;
        // x·R⁻¹, then times R²·R⁻¹
        let reduced = Residue(montgomery::reduce(&x, &self.n, self.n0));
        Ok(self.multiply(&reduced, self.rr()).0)
    }

    /// Takes a residue back out of Montgomery form.
    pub fn number_of(&self, x: &Residue) -> Number {
        // x·R · 1 · R⁻¹
        self.multiply(x, &Residue(Number::one(self.words()))).0
    }

    /// The same, for a number that is public or about to be. The time of the conversion depends on it.
    pub fn value(&self, x: &Residue) -> BigUint {
        self.number_of(x).to_biguint()
    }

    /// 1 in Montgomery form: R mod n.
    pub fn one(&self) -> Residue {
        self.multiply(&Residue(Number::one(self.words())), self.rr())
    }

    /// a − b mod n.
    #[must_use]
    pub fn subtract(&self, a: &Residue, b: &Residue) -> Residue {
        Residue(self.subtract_numbers(&a.0, &b.0))
    }

    /// The same of numbers below n, in this modulus's words.
    pub(crate) fn subtract_numbers(&self, a: &Number, b: &Number) -> Number {
        montgomery::subtract(a, b, &self.n)
    }

    /// Whether two residues of this modulus are the same, in constant time; the answer is public.
    pub fn equal(&self, a: &Residue, b: &Residue) -> bool {
        a.0.equals(&b.0).reveal()
    }
}

impl Modulus {
    /// Here the modulus becomes a secret, as a prime of an RSA key is.
    pub(crate) fn mark_secret(&self) {
        // the time of the first call depends on n
        let rr = self.rr();
        self.n.mark_secret();
        ct::secret(core::slice::from_ref(&self.n0));
        rr.mark_secret();
        self.preparation.mark_secret();
    }
}

impl Residue {
    /// Here the residue becomes a secret.
    pub(crate) fn mark_secret(&self) {
        self.0.mark_secret();
    }

    /// Here the residue becomes public; who calls says why.
    pub(crate) fn public(self) -> Residue {
        Residue(self.0.public())
    }
}

impl fmt::Debug for Modulus {
    /// The size only: a modulus may be a secret prime.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Modulus({} words)", self.words())
    }
}

impl fmt::Debug for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Residue({} words)", self.0.words().len())
    }
}

/// How many words a number needs, at least one.
pub(crate) fn words_for(x: &BigUint) -> usize {
    usize::try_from(x.bits().div_ceil(WORD_BITS as u64)).unwrap_or(usize::MAX).max(1)
}
