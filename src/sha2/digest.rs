//! What a hash gives.

use super::compress::State;
use super::word::Word;
use super::{Algorithm, MAX_DIGEST_BYTES};
use core::fmt;

/// A digest: 28 to 64 bytes, most significant first, as the standard prints them.
#[derive(Clone, Copy)]
// the bytes first: behind a byte they would lie across the pieces in which a digest is moved
#[repr(C)]
pub struct Digest {
    bytes: [u8; MAX_DIGEST_BYTES],
    algorithm: Algorithm,
}

impl Digest {
    /// The leftmost bytes of a hash value, each word most significant byte first.
    #[inline]
    pub(super) fn new<W: Word>(algorithm: Algorithm, h: &State<W>) -> Digest {
        let mut bytes = [0; MAX_DIGEST_BYTES];
        for (chunk, word) in bytes.chunks_exact_mut(size_of::<W>()).zip(h) {
            word.put(chunk);
        }
        Digest { bytes, algorithm }
    }

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
