//! SHA-2: SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224 and SHA-512/256 (FIPS 180-4).
//!
//! | file | what stands there |
//! |---|---|
//! | `compress` | the standard: schedule, rounds, feed-forward (§6.2.2, §6.4.2) |
//! | `word` | what differs between 32 and 64 bits (§4.1.2, §4.1.3) |
//! | `constants` | K and the initial hash values (§4.2, §5.3) |
//! | `padding` | from a message to whole blocks (§5.1) |
//! | `hasher`, `digest` | what a user holds: a hash under way, its result |
//! | `midstate`, `many` | what messages go on from; many messages at once |
//! | `nested` | the digest of a digest, for HMAC |
//! | `stream` | a message in pieces |
//! | `x86_sha` | the machine: SHA-256 by the SHA extensions of x86, several messages side by side |
//! | `x86_avx512_messages` | the machine: SHA-256 of sixteen messages by AVX-512 |
//! | `x86_avx2_sha256` | the machine: SHA-256, two blocks' schedules by AVX2 |
//! | `x86_avx512_sha512` | the machine: SHA-512, eight blocks' schedules by AVX-512 |
//! | `x86_avx2_sha512` | the machine: SHA-512, four blocks' schedules by AVX2 |
//! | `backend`, `ways` | the choice between the portable way and the machine's; which kernel takes so many messages |
//!
//! Every user of a hash here (HMAC, RSA, JWS, a vector file) knows it by name only when it runs, so there
//! is one [`Hasher`] that is told its [`Algorithm`], not a type for each.
//!
//! ```
//! use jotlab::sha2::{Algorithm, Hasher};
//!
//! let digest = Algorithm::Sha256.digest(b"abc");
//! assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
//!
//! let mut hasher = Hasher::new(Algorithm::Sha256);
//! hasher.update(b"a");
//! hasher.update(b"bc");
//! assert_eq!(hasher.finish(), digest);
//! ```

pub mod backend;
pub mod compress;
pub mod constants;
mod digest;
mod hasher;
mod many;
mod midstate;
mod nested;
pub mod padding;
mod stream;
mod ways;
pub mod word;
#[cfg(target_arch = "x86_64")]
mod x86_avx2_sha256;
#[cfg(target_arch = "x86_64")]
mod x86_avx2_sha512;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_messages;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_sha512;
#[cfg(target_arch = "x86_64")]
mod x86_sha;

pub use digest::Digest;
pub use hasher::Hasher;
pub use midstate::Midstate;

use backend::Backend;
use compress::State;
use constants::{H224, H256, H384, H512, H512_224, H512_256};
use core::fmt;
use core::str::FromStr;
use midstate::Value;
use word::{W32, W64, Word};

/// The longest block of the family, in bytes.
pub const MAX_BLOCK_BYTES: usize = 128;
/// The longest digest of the family, in bytes.
pub const MAX_DIGEST_BYTES: usize = 64;

/// A hash function of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-224: 32-bit words, 28 bytes out.
    Sha224,
    /// SHA-256: 32-bit words, 32 bytes out.
    Sha256,
    /// SHA-384: 64-bit words, 48 bytes out.
    Sha384,
    /// SHA-512: 64-bit words, 64 bytes out.
    Sha512,
    /// SHA-512/224: 64-bit words, 28 bytes out.
    Sha512_224,
    /// SHA-512/256: 64-bit words, 32 bytes out.
    Sha512_256,
}

impl Algorithm {
    /// The whole family, in the standard's order.
    pub const ALL: [Algorithm; 6] = [
        Algorithm::Sha224,
        Algorithm::Sha256,
        Algorithm::Sha384,
        Algorithm::Sha512,
        Algorithm::Sha512_224,
        Algorithm::Sha512_256,
    ];

    /// The standard's name, such as `SHA-512/256`.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Sha224 => "SHA-224",
            Algorithm::Sha256 => "SHA-256",
            Algorithm::Sha384 => "SHA-384",
            Algorithm::Sha512 => "SHA-512",
            Algorithm::Sha512_224 => "SHA-512/224",
            Algorithm::Sha512_256 => "SHA-512/256",
        }
    }

    /// The name as a word of a command line, such as `sha512-256`.
    pub const fn command_name(self) -> &'static str {
        match self {
            Algorithm::Sha224 => "sha224",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
            Algorithm::Sha512_224 => "sha512-224",
            Algorithm::Sha512_256 => "sha512-256",
        }
    }

    /// Bytes in a digest: 28, 32, 48 or 64.
    pub const fn digest_bytes(self) -> usize {
        match self {
            Algorithm::Sha224 | Algorithm::Sha512_224 => 28,
            Algorithm::Sha256 | Algorithm::Sha512_256 => 32,
            Algorithm::Sha384 => 48,
            Algorithm::Sha512 => 64,
        }
    }

    /// Bytes in a block: 64 or 128.
    pub const fn block_bytes(self) -> usize {
        match self {
            Algorithm::Sha224 | Algorithm::Sha256 => W32::BLOCK_BYTES,
            _ => W64::BLOCK_BYTES,
        }
    }

    /// The hash value that a message starts from (FIPS 180-4 §5.3).
    #[inline]
    pub const fn initial(self) -> Initial {
        match self {
            Algorithm::Sha224 => Initial::Narrow(&H224),
            Algorithm::Sha256 => Initial::Narrow(&H256),
            Algorithm::Sha384 => Initial::Wide(&H384),
            Algorithm::Sha512 => Initial::Wide(&H512),
            Algorithm::Sha512_224 => Initial::Wide(&H512_224),
            Algorithm::Sha512_256 => Initial::Wide(&H512_256),
        }
    }

    /// The digest of a whole message.
    #[inline]
    pub fn digest(self, message: &[u8]) -> Digest {
        // a Midstate is for those who keep it: on the way through one the initial value would be moved, and waited for
        let backend = Backend::fastest();
        match self.initial() {
            Initial::Narrow(h) => Value::new(*h, backend.narrow()).digest(self, message),
            Initial::Wide(h) => Value::new(*h, backend.wide()).digest(self, message),
        }
    }
}

/// The digests of whole messages, in their order: side by side where the machine's way has lanes, so that many
/// cost less than each alone. Lengths may differ.
///
/// ```
/// use jotlab::sha2::{self, Algorithm};
///
/// let digests = sha2::digest_many(Algorithm::Sha256, &["abc", "", "a longer message"]);
/// assert_eq!(digests[0], Algorithm::Sha256.digest(b"abc"));
/// assert_eq!(digests[1], Algorithm::Sha256.digest(b""));
/// ```
pub fn digest_many(algorithm: Algorithm, messages: &[impl AsRef<[u8]>]) -> Vec<Digest> {
    Midstate::new(algorithm).finish_each(messages)
}

/// An initial hash value in the word size of its algorithm.
#[derive(Clone, Copy, Debug)]
pub enum Initial {
    /// Of 32-bit words.
    Narrow(&'static State<W32>),
    /// Of 64-bit words.
    Wide(&'static State<W64>),
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Reads the standard's name or the command line's, exactly as written.
    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Algorithm::ALL
            .into_iter()
            .find(|a| a.name() == name || a.command_name() == name)
            .ok_or(UnknownAlgorithm)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not one of the SHA-2 family's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm;

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a SHA-2 hash: expected one of")?;
        Algorithm::ALL.iter().try_for_each(|a| write!(f, " {}", a.command_name()))
    }
}

impl core::error::Error for UnknownAlgorithm {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
            assert_eq!(algorithm.command_name().parse(), Ok(algorithm));
        }
        assert_eq!("SHA256".parse::<Algorithm>(), Err(UnknownAlgorithm));
    }
}
