//! A hash under way, of whichever algorithm.

use super::backend::Backend;
#[cfg(test)]
use super::compress::State;
use super::midstate::{self, Midstate};
use super::padding::LastBits;
use super::stream::Stream;
use super::word::{W32, W64};
use super::{Algorithm, Digest};
use core::fmt;

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
        Self::behind(&Midstate::with_backend(algorithm, backend))
    }

    /// A message that goes on behind whole blocks.
    #[inline]
    pub fn behind(begun: &Midstate) -> Self {
        let stream = match begun.value {
            midstate::Words::Narrow(value) => Words::Narrow(Stream::behind(value)),
            midstate::Words::Wide(value) => Words::Wide(Stream::behind(value)),
        };
        Hasher { algorithm: begun.algorithm(), stream }
    }

    /// A 64-bit hash from another initial value: how the values of SHA-512/t are made (§5.3.6).
    #[cfg(test)]
    pub(super) fn starting_at(algorithm: Algorithm, h: State<W64>) -> Self {
        let stream =
            Words::Wide(Stream::behind(midstate::Value::new(h, Backend::fastest().wide())));
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
        match self.stream {
            Words::Narrow(stream) => Digest::new(self.algorithm, &stream.finish(last)),
            Words::Wide(stream) => Digest::new(self.algorithm, &stream.finish(last)),
        }
    }
}

impl fmt::Debug for Hasher {
    /// The name only: the state of a keyed hash is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({})", self.algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
