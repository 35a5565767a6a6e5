//! The rules that the numbers of a toy key must keep.

use super::super::trace::Unfaithful;
use crate::random::NoRandomness;
use crate::rsa::KeyError;
use core::fmt;

/// The most bits of a number of the toy: beyond that nothing is read off a table any more.
pub const MAX_TOY_BITS: u32 = 32;

/// Which rule the numbers of a toy break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToyError {
    /// The number of this letter has so many bits.
    TooLong(&'static str, u32),
    /// The number of this letter is not a prime.
    NotPrime(&'static str, u64),
    /// The prime of this letter is 2.
    Two(&'static str),
    /// p and q are the same.
    SamePrimes(u64),
    /// e is even, below 3, or not below n.
    Exponent(u64),
    /// e and λ(n) have a common factor.
    NotCoprime(u64, u64),
    /// m is not below n.
    Message(u64, u64),
    /// They are no key.
    Key(KeyError),
    /// No random bases for the test of primes.
    NoRandomness(NoRandomness),
    /// The steps do not end as production does.
    Unfaithful(Unfaithful),
}

impl From<Unfaithful> for ToyError {
    fn from(error: Unfaithful) -> Self {
        ToyError::Unfaithful(error)
    }
}

impl From<NoRandomness> for ToyError {
    fn from(error: NoRandomness) -> Self {
        ToyError::NoRandomness(error)
    }
}

impl From<KeyError> for ToyError {
    fn from(error: KeyError) -> Self {
        ToyError::Key(error)
    }
}

impl fmt::Display for ToyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToyError::TooLong(letter, bits) => {
                write!(f, "{letter} has {bits} bits, a toy has {MAX_TOY_BITS} at most")
            }
            ToyError::NotPrime(letter, value) => {
                write!(f, "{letter} = {value} is not a prime (RFC 8017 §3.1)")
            }
            ToyError::Two(letter) => {
                write!(f, "{letter} = 2: the primes must be odd (RFC 8017 §3.1)")
            }
            ToyError::SamePrimes(value) => {
                write!(f, "p = q = {value}: the primes must be distinct (RFC 8017 §3.1)")
            }
            ToyError::Exponent(e) => {
                write!(f, "e = {e} must be odd, 3 or more, and below n (RFC 8017 §3.1)")
            }
            ToyError::NotCoprime(e, lambda) => write!(
                f,
                "e = {e} and λ(n) = {lambda} have a common factor: e cannot be undone (RFC 8017 §3.1)"
            ),
            ToyError::Message(m, n) => {
                write!(f, "m = {m} is not below n = {n} (RFC 8017 §5.2.1 step 1)")
            }
            ToyError::Key(error) => error.fmt(f),
            ToyError::NoRandomness(error) => error.fmt(f),
            ToyError::Unfaithful(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ToyError {}
