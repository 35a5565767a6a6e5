//! Random bytes, from the operating system and from nowhere else.

use crate::ct;
use core::fmt;
use num_bigint::BigUint;

/// Fills `bytes` with random bytes of the operating system.
///
/// # Errors
///
/// When the operating system has no randomness to give.
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(NoRandomness)
}

/// A random integer x with 0 < x < bound, each as likely as any other; `bound` must be above 1.
///
/// # Errors
///
/// As [`fill`].
pub(crate) fn below(bound: &BigUint) -> Result<BigUint, NoRandomness> {
    let bits = bound.bits();
    let mut bytes = vec![0; bits.div_ceil(8) as usize];
    loop {
        fill(&mut bytes)?;
        // with the excess bits gone, at least every second try is below the bound
        bytes[0] &= 0xff >> ((8 - bits % 8) % 8);
        let x = BigUint::from_bytes_be(&bytes);
        if x > BigUint::ZERO && x < *bound {
            ct::wipe(&mut bytes);
            return Ok(x);
        }
    }
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness(getrandom::Error);

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the operating system gave no random bytes: {}", self.0)
    }
}

impl core::error::Error for NoRandomness {}
