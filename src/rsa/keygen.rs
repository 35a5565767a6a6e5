//! New keys from random probable primes (FIPS 186-5 §A.1.3).
//!
//! The search for primes runs on `BigUint` and takes a random time: see docs/security.md.

use super::key::PrivateKey;
use super::prime::{exponent_fits, first_probable_prime, rounds_for_random, small_factor};
use crate::modular::backend::side_by_side;
use crate::random::{self, NoRandomness};
use core::fmt;
use num_bigint::BigUint;
use num_traits::One;

/// Lengths of a new modulus, in bits. FIPS 186-5 asks for 2048 at least; less is for experiments.
pub const BITS: core::ops::RangeInclusive<u64> = 512..=8192;
/// The public exponent of new keys, F4.
const E: u32 = 65537;

/// What a search for primes tells of its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many candidates have been looked at for the prime that is being searched.
    Candidate(u64),
    /// A prime was found.
    Found,
}

impl PrivateKey {
    /// A new key with a modulus of exactly `bits` bits and e = 65537.
    ///
    /// # Errors
    ///
    /// When `bits` is odd or outside of [`BITS`], and when the operating system gives no randomness.
    pub fn generate(bits: u64) -> Result<PrivateKey, KeygenError> {
        Self::generate_with(bits, |_| {})
    }

    /// The same, with a callback that is told of the progress.
    ///
    /// # Errors
    ///
    /// As [`generate`](PrivateKey::generate).
    pub fn generate_with(
        bits: u64,
        mut progress: impl FnMut(Progress),
    ) -> Result<PrivateKey, KeygenError> {
        if !BITS.contains(&bits) || !bits.is_multiple_of(2) {
            return Err(KeygenError::Bits(bits));
        }
        let e = BigUint::from(E);
        loop {
            // §A.1.3 step 4
            let p = prime(bits / 2, &e, |_| true, &mut progress)?;
            // §A.1.3 step 5: |p − q| > 2^(nlen/2 − 100)
            let apart = BigUint::one() << (bits / 2 - 100);
            let far = |q: &BigUint| if *q > p { q - &p > apart } else { &p - q > apart };
            let q = prime(bits / 2, &e, far, &mut progress)?;
            // §A.1.1 step 3: d > 2^(nlen/2), or start again
            if let Ok(key) = PrivateKey::from_primes(p, q, e.clone())
                && key.components().d.bits() > bits / 2
            {
                return Ok(key);
            }
        }
    }
}

/// A random prime of `bits` bits, at least √2·2^(bits − 1), with gcd(p − 1, e) = 1, that is accepted
/// (FIPS 186-5 §A.1.3 steps 4.2 to 4.5). Every candidate is new random bits.
fn prime(
    bits: u64,
    e: &BigUint,
    accept: impl Fn(&BigUint) -> bool,
    progress: &mut impl FnMut(Progress),
) -> Result<BigUint, NoRandomness> {
    let mut bytes = vec![0; bits.div_ceil(8) as usize];
    let excess = (8 - bits % 8) % 8;
    // p ≥ √2·2^(bits − 1) means p² ≥ 2^(2·bits − 1)
    let least_square = BigUint::one() << (2 * bits - 1);
    let mut count = 0;
    loop {
        let mut candidates = vec![];
        while candidates.len() < side_by_side() {
            count += 1;
            random::fill(&mut bytes)?;
            bytes[0] &= 0xff >> excess;
            let mut p = BigUint::from_bytes_be(&bytes);
            p.set_bit(0, true);
            progress(Progress::Candidate(count));
            let is_candidate = &p * &p >= least_square && accept(&p);
            if is_candidate && small_factor(&p).is_none() && exponent_fits(e, &p) {
                candidates.push(p);
            }
        }
        if let Some(p) = first_probable_prime(&candidates, rounds_for_random(bits))? {
            progress(Progress::Found);
            crate::ct::wipe(&mut bytes);
            return Ok(p);
        }
    }
}

/// Why there is no new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeygenError {
    /// Not a length that keys are made in.
    Bits(u64),
    /// No randomness.
    NoRandomness(NoRandomness),
}

impl From<NoRandomness> for KeygenError {
    fn from(error: NoRandomness) -> Self {
        KeygenError::NoRandomness(error)
    }
}

impl fmt::Display for KeygenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeygenError::Bits(bits) => {
                let (least, most) = (BITS.start(), BITS.end());
                write!(f, "no key of {bits} bits: an even number from {least} to {most} is needed")
            }
            KeygenError::NoRandomness(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for KeygenError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rsa::prime::{ROUNDS_FOR_GIVEN, is_probable_prime};

    #[test]
    fn new_keys_are_as_the_standard_says() {
        for bits in [512, 1024, 1026, 2048] {
            let mut found = 0;
            let key = PrivateKey::generate_with(bits, |p| found += u32::from(p == Progress::Found));
            let parts = key.unwrap().components();
            assert!(found >= 2);
            assert_eq!(parts.n.bits(), bits);
            assert_eq!((parts.p.bits(), parts.q.bits()), (bits / 2, bits / 2));
            assert!(is_probable_prime(&parts.p, ROUNDS_FOR_GIVEN).unwrap());
            assert!(is_probable_prime(&parts.q, ROUNDS_FOR_GIVEN).unwrap());
            assert!(parts.d.bits() > bits / 2);
        }
        for bits in [0, 510, 1023, 8194, u64::MAX] {
            assert_eq!(PrivateKey::generate(bits).err(), Some(KeygenError::Bits(bits)));
        }
    }
}
