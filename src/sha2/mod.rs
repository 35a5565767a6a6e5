//! SHA-2: SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224 and SHA-512/256 (FIPS 180-4).
//!
//! | file | what stands there |
//! |---|---|
//! | `compress` | the standard: schedule, rounds, feed-forward (§6.2.2, §6.4.2) |
//! | `word` | what differs between 32 and 64 bits (§4.1.2, §4.1.3) |
//! | `constants` | K and the initial hash values (§4.2, §5.3) |
//! | `padding` | from a message to whole blocks (§5.1) |
//! | `backend` | the choice between the portable way and the machine's |
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
pub mod padding;
mod stream;
pub mod word;

use backend::Backend;
use compress::State;
use constants::{H224, H256, H384, H512, H512_224, H512_256};
use core::fmt;
use core::str::FromStr;
use padding::LastBits;
use stream::Stream;
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
            Algorithm::Sha224 => Initial::Narrow(H224),
            Algorithm::Sha256 => Initial::Narrow(H256),
            Algorithm::Sha384 => Initial::Wide(H384),
            Algorithm::Sha512 => Initial::Wide(H512),
            Algorithm::Sha512_224 => Initial::Wide(H512_224),
            Algorithm::Sha512_256 => Initial::Wide(H512_256),
        }
    }

    /// The digest of a whole message.
    #[inline]
    pub fn digest(self, message: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self);
        hasher.update(message);
        hasher.finish()
    }
}

/// An initial hash value in the word size of its algorithm.
#[derive(Clone, Copy, Debug)]
pub enum Initial {
    /// Of 32-bit words.
    Narrow(State<W32>),
    /// Of 64-bit words.
    Wide(State<W64>),
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

/// A hash under way: feed it with [`update`](Hasher::update), in pieces of any length, then
/// [`finish`](Hasher::finish). A clone goes on from the same point.
#[derive(Clone)]
pub struct Hasher {
    algorithm: Algorithm,
    stream: Words,
}

/// The stream in the algorithm's word size.
#[derive(Clone)]
enum Words {
    Narrow(Stream<W32>),
    Wide(Stream<W64>),
}

impl Hasher {
    /// An empty message, by the machine's fastest way.
    #[inline]
    pub fn new(algorithm: Algorithm) -> Self {
        Self::with_backend(algorithm, Backend::fastest())
    }

    /// An empty message, by the given way.
    #[inline]
    pub fn with_backend(algorithm: Algorithm, backend: &Backend) -> Self {
        let stream = match algorithm.initial() {
            Initial::Narrow(h) => Words::Narrow(Stream::new(h, backend.narrow())),
            Initial::Wide(h) => Words::Wide(Stream::new(h, backend.wide())),
        };
        Hasher { algorithm, stream }
    }

    /// A 64-bit hash from another initial value: how the values of SHA-512/t are made (§5.3.6).
    #[cfg(test)]
    fn starting_at(algorithm: Algorithm, h: State<W64>) -> Self {
        let stream = Words::Wide(Stream::new(h, Backend::fastest().wide()));
        Hasher { algorithm, stream }
    }

    /// Which hash this is.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Takes in the next bytes of the message.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.stream {
            Words::Narrow(stream) => stream.update(data),
            Words::Wide(stream) => stream.update(data),
        }
    }

    /// Pads the message and gives its digest (FIPS 180-4 §6.2.2 end, and §6.3 to §6.7 for the
    /// truncated ones: the leftmost bytes).
    #[inline]
    pub fn finish(self) -> Digest {
        self.finish_bits(LastBits::NONE)
    }

    /// The same for a message that ends in a part of a byte: FIPS 180-4 hashes any number of bits.
    ///
    /// ```
    /// use jotlab::sha2::{Algorithm, Hasher, padding::LastBits};
    ///
    /// // the message of the five bits 01101
    /// let five = LastBits::new(0b0110_1000, 5).unwrap();
    /// let digest = Hasher::new(Algorithm::Sha256).finish_bits(five);
    /// assert_eq!(
    ///     digest.to_string(),
    ///     "d6d3e02a31a84a8caa9718ed6c2057be09db45e7823eb5079ce7a573a3760f95"
    /// );
    /// ```
    #[inline]
    pub fn finish_bits(self, last: LastBits) -> Digest {
        let mut digest = Digest { algorithm: self.algorithm, bytes: [0; MAX_DIGEST_BYTES] };
        match self.stream {
            Words::Narrow(stream) => put_words(&mut digest.bytes, &stream.finish(last)),
            Words::Wide(stream) => put_words(&mut digest.bytes, &stream.finish(last)),
        }
        digest
    }
}

impl fmt::Debug for Hasher {
    /// The name only: the state of a keyed hash is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({})", self.algorithm)
    }
}

fn put_words<W: Word>(bytes: &mut [u8; MAX_DIGEST_BYTES], h: &State<W>) {
    for (chunk, word) in bytes.chunks_exact_mut(size_of::<W>()).zip(h) {
        word.put(chunk);
    }
}

/// A digest: 28 to 64 bytes, most significant first, as the standard prints them.
#[derive(Clone, Copy)]
pub struct Digest {
    algorithm: Algorithm,
    bytes: [u8; MAX_DIGEST_BYTES],
}

impl Digest {
    /// Which hash made it.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.algorithm.digest_bytes()]
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Digest {}

impl fmt::Display for Digest {
    /// Lower-case hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({self})", self.algorithm)
    }
}

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

    #[test]
    fn every_cut_of_a_message_gives_the_same_digest() {
        let message: Vec<u8> = (0..=255).cycle().take(300).collect();
        for backend in Backend::all() {
            for algorithm in Algorithm::ALL {
                let whole = algorithm.digest(&message);
                for cut in 0..=message.len() {
                    let mut hasher = Hasher::with_backend(algorithm, backend);
                    hasher.update(&message[..cut]);
                    hasher.update(&message[cut..]);
                    assert_eq!(hasher.finish(), whole, "{} {algorithm} cut at {cut}", backend.name);
                }
            }
        }
    }

    #[test]
    fn debug_does_not_show_the_state() {
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(b"secret");
        assert_eq!(format!("{hasher:?}"), "Hasher(SHA-256)");
    }
}
