//! PBKDF2: a key from a password, made slow on purpose (RFC 8018 §5.2), over [`hmac`](crate::hmac).
//!
//! Each block of the derived key is a sequence of its states ([`steps`]): [`derive()`] takes the last one, an
//! explanation takes all. The password is the HMAC key of every step, so the hash states behind its pads are
//! made once; a step then costs two blocks of the hash. The fast paths are those of [`sha2`](crate::sha2).
//!
//! ```
//! use jotlab::{pbkdf2, sha2::Algorithm};
//!
//! // RFC 7914 §11
//! let mut key = [0; 64];
//! pbkdf2::derive(Algorithm::Sha256, b"passwd", b"salt", 1, &mut key)?;
//! assert_eq!(hex::encode(&key[..8]), "55ac046e56e3089f");
//! # Ok::<(), pbkdf2::Error>(())
//! ```

use crate::ct;
use crate::hmac::{Hmac, Tag};
use crate::sha2::{Algorithm, MAX_DIGEST_BYTES};
use core::fmt;

/// Fills `key` from a password and a salt of any lengths by `count` iterations of HMAC over `algorithm`.
///
/// The salt is 16 random bytes or more (SP 800-132 §5.1). The count is the price of one guess: 600,000 of
/// SHA-256 are what is advised for the passwords of people today; test suites use 1.
///
/// # Errors
///
/// When `count` is 0, or `key` is empty or longer than (2³² − 1) digests.
pub fn derive(
    algorithm: Algorithm,
    password: &[u8],
    salt: &[u8],
    count: u32,
    key: &mut [u8],
) -> Result<(), Error> {
    derive_with(&Hmac::new(algorithm, password), salt, count, key)
}

/// The same with a password that is an HMAC key already: of many derivations, or by a given way of hashing.
///
/// # Errors
///
/// As [`derive()`].
pub fn derive_with(prf: &Hmac, salt: &[u8], count: u32, key: &mut [u8]) -> Result<(), Error> {
    let last = count.checked_sub(1).ok_or(Error::NoIterations)?;
    blocks(prf.algorithm(), key.len() as u64)?;
    let h_len = prf.algorithm().digest_bytes();
    // RFC 8018 §5.2 steps 3 and 4: DK = T_1 ‖ … ‖ T_l, the last one cut to what is left
    for (i, part) in (1..=u32::MAX).zip(key.chunks_mut(h_len)) {
        if let Some(mut step) = steps(prf, salt, i).nth(last as usize) {
            part.copy_from_slice(&step.t[..part.len()]);
            ct::wipe(&mut step.t);
        }
    }
    Ok(())
}

/// How many blocks a derived key of `bytes` bytes has: l = ⌈dkLen / hLen⌉ (RFC 8018 §5.2 step 2).
///
/// # Errors
///
/// When `bytes` is 0 or more than (2³² − 1) · hLen.
pub fn blocks(algorithm: Algorithm, bytes: u64) -> Result<u32, Error> {
    // RFC 8018 §5.2 step 1: "derived key too long"; dkLen is a positive integer
    let blocks = u32::try_from(bytes.div_ceil(algorithm.digest_bytes() as u64));
    match blocks {
        Ok(0) => Err(Error::Empty),
        Ok(blocks) => Ok(blocks),
        Err(_) => Err(Error::TooLong { bytes, most: most(algorithm) }),
    }
}

/// (2³² − 1) · hLen.
fn most(algorithm: Algorithm) -> u64 {
    u64::from(u32::MAX) * algorithm.digest_bytes() as u64
}

/// Where a block is after an iteration.
#[derive(Clone)]
pub struct Step {
    /// U_c, the code of the one before (of the salt and the block's number at first).
    pub u: Tag,
    /// U_1 ⊕ … ⊕ U_c: the block, if the iteration is the last. The first bytes, as many as `u` has, count.
    pub t: [u8; MAX_DIGEST_BYTES],
}

/// The states of block `i`, counted from 1, iteration by iteration: F of RFC 8018 §5.2 step 3. They go on
/// for ever; the count says where to stop.
///
/// ```
/// use jotlab::{hmac::Hmac, pbkdf2, sha2::Algorithm};
///
/// let prf = Hmac::new(Algorithm::Sha256, b"passwd");
/// let first = pbkdf2::steps(&prf, b"salt", 1).next().unwrap();
/// assert_eq!(first.u[..], first.t[..32]);
/// ```
pub fn steps<'a>(prf: &'a Hmac, salt: &'a [u8], i: u32) -> impl Iterator<Item = Step> + 'a {
    // U_1 = PRF (P, S ‖ INT (i)), four octets, most significant first
    let u = prf.mac(&[salt, &i.to_be_bytes()].concat());
    let t = xor([0; MAX_DIGEST_BYTES], &u);
    core::iter::successors(Some(Step { u, t }), |step| {
        // U_c = PRF (P, U_{c−1})
        let u = prf.mac(&step.u);
        Some(Step { t: xor(step.t, &u), u })
    })
}

#[inline]
fn xor(mut t: [u8; MAX_DIGEST_BYTES], u: &[u8]) -> [u8; MAX_DIGEST_BYTES] {
    t.iter_mut().zip(u).for_each(|(t, u)| *t ^= u);
    t
}

impl fmt::Debug for Step {
    /// Nothing: both are as secret as the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Step")
    }
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// An iteration count of 0.
    NoIterations,
    /// A key of no bytes.
    Empty,
    /// A key that is longer than the number of a block can count.
    TooLong {
        /// Bytes asked for.
        bytes: u64,
        /// Bytes that there can be.
        most: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoIterations => {
                f.write_str("the iteration count is 0, it must be positive (RFC 8018 §5.2)")
            }
            Error::Empty => f.write_str("a derived key of no bytes (RFC 8018 §5.2)"),
            Error::TooLong { bytes, most } => {
                write!(f, "a derived key of {bytes} bytes, {most} are the most (RFC 8018 §5.2)")
            }
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha2::backend::Backend;

    /// hashlib.pbkdf2_hmac(hash, b"password", b"NaCl\0salt", 3, 70)
    const BY_PYTHON: [(Algorithm, &str); 4] = [
        (
            Algorithm::Sha224,
            "0a8cacb237b27c0cc70e6bb686388bf914c3b92ab34a59c383d459f000c9ed7e4765e22846e6\
             14818059d4abcaeac68a96e0966bffbfa01f49de56e1207bc47da8455358899e",
        ),
        (
            Algorithm::Sha256,
            "2ef2e35a29480c571ae3f088203133c7d83cb54ce89caf6eb69a0c84f69bb4aeb7ed267cfb68\
             2ce6cb36ae8b2f98beccab3ff61d7688e341f015b832b11a1ce608953de61d2a",
        ),
        (
            Algorithm::Sha384,
            "d702b3b9b18d8a124a7f853ae63f6f43a1ae37a669a2929467a0c13f6c44b025c0eb6c1f7bf2\
             4710cca09fa860bd114ee568d4c0b479d947e3296a2eb0ea95e7274206c56c85",
        ),
        (
            Algorithm::Sha512,
            "866853588158423a7d62ba1b038738ad473fbb181e058f718c15f89d1d33ca775c38bae079ce\
             8ad845cbd1d02b998887a42c6df5d7569b2db2856a32b263f3c2b110e1c71855",
        ),
    ];

    fn derived(algorithm: Algorithm, count: u32, length: usize) -> Vec<u8> {
        let mut key = vec![0; length];
        derive(algorithm, b"password", b"NaCl\0salt", count, &mut key).unwrap();
        key
    }

    #[test]
    fn keys_are_those_of_another_implementation_on_every_backend() {
        for (algorithm, expected) in BY_PYTHON {
            for backend in Backend::all() {
                let prf = Hmac::with_backend(algorithm, b"password", backend);
                let mut key = [0; 70];
                derive_with(&prf, b"NaCl\0salt", 3, &mut key).unwrap();
                assert_eq!(hex::encode(key), expected, "{algorithm} {}", backend.name);
            }
        }
    }

    #[test]
    fn a_shorter_key_is_the_start_of_a_longer_one() {
        for algorithm in Algorithm::ALL {
            let long = derived(algorithm, 2, 200);
            for length in 1..200 {
                assert_eq!(derived(algorithm, 2, length), long[..length], "{algorithm} {length}");
            }
        }
    }

    #[test]
    fn the_block_is_the_sum_of_all_codes() {
        let prf = Hmac::new(Algorithm::Sha512, b"password");
        let mut sum = [0; MAX_DIGEST_BYTES];
        for (count, step) in (1..50).zip(steps(&prf, b"NaCl\0salt", 1)) {
            sum = xor(sum, &step.u);
            assert_eq!(step.t, sum);
            assert_eq!(derived(Algorithm::Sha512, count, 64), sum, "after {count}");
        }
    }

    #[test]
    fn what_the_standard_rules_out_is_refused() {
        let mut key = [0; 4];
        assert_eq!(derive(Algorithm::Sha256, b"", b"", 0, &mut key), Err(Error::NoIterations));
        assert_eq!(derive(Algorithm::Sha256, b"", b"", 1, &mut []), Err(Error::Empty));
        assert_eq!(key, [0; 4]);
        for algorithm in Algorithm::ALL {
            let most = most(algorithm);
            assert_eq!(blocks(algorithm, most), Ok(u32::MAX));
            let bytes = most + 1;
            assert_eq!(blocks(algorithm, bytes), Err(Error::TooLong { bytes, most }));
            assert!(blocks(algorithm, u64::MAX).is_err());
            assert_eq!(blocks(algorithm, 1), Ok(1));
            assert_eq!(blocks(algorithm, algorithm.digest_bytes() as u64 + 1), Ok(2));
        }
    }
}
