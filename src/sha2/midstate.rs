//! A hash value behind whole blocks: any number of messages may go on from it, each to its end.

use super::backend::Backend;
use super::compress::State;
use super::many;
use super::padding::{LastBits, Padding};
use super::ways::Ways;
use super::word::{W32, W64};
use super::{Algorithm, Digest, Initial};
use crate::ct;
use core::fmt;

/// The beginning that messages have in common: none, or whole blocks such as the pad of an HMAC key. What was
/// hashed of it is never hashed again.
///
/// ```
/// use jotlab::sha2::{Algorithm, Hasher, Midstate};
///
/// let begin = [0x36; 64];
/// let begun = Midstate::new(Algorithm::Sha256).after(&begin).unwrap();
/// let mut hasher = Hasher::new(Algorithm::Sha256);
/// hasher.update(&begin);
/// hasher.update(b"first");
/// assert_eq!(begun.finish_with(b"first"), hasher.finish());
/// // half a block is not whole blocks
/// assert!(begun.after(&begin[..32]).is_none());
/// ```
#[derive(Clone, Copy)]
pub struct Midstate {
    pub(super) algorithm: Algorithm,
    pub(super) value: Words,
}

/// The value in the algorithm's word size.
#[derive(Clone, Copy)]
pub(super) enum Words {
    Narrow(Value<W32>),
    Wide(Value<W64>),
}

/// A hash value, how many bytes led to it (whole blocks), and the way that is taken from there.
#[derive(Clone, Copy)]
pub(super) struct Value<W: Ways> {
    pub(super) h: State<W>,
    pub(super) bytes: u128,
    pub(super) way: W::Way,
}

impl<W: Ways> Value<W> {
    #[inline]
    pub(super) fn new(initial: State<W>, way: W::Way) -> Self {
        Value { h: initial, bytes: 0, way }
    }

    fn after(mut self, bytes: &[u8]) -> Option<Self> {
        let (blocks, []) = W::blocks(bytes) else { return None };
        W::compress(self.way, &mut self.h, blocks);
        self.bytes += bytes.len() as u128;
        Some(self)
    }

    /// The hash value of the message that goes on from here, to its end, in the place of this one.
    #[inline]
    pub(super) fn finish(&self, h: &mut State<W>, message: &[u8]) {
        let (blocks, tail) = W::blocks(message);
        // where it stands, and before the long chain of rounds: behind it, it has reached the cache
        let mut padding = Padding::<W>::default();
        padding.set(tail, self.bytes + message.len() as u128, LastBits::NONE);
        W::compress_last(self.way, h, blocks, padding.blocks());
    }

    /// The digest of that message.
    #[inline]
    pub(super) fn digest(&self, algorithm: Algorithm, message: &[u8]) -> Digest {
        let mut h = self.h;
        self.finish(&mut h, message);
        Digest::new(algorithm, &h)
    }
}

impl Midstate {
    /// Nothing yet, by the machine's fastest way.
    #[inline]
    pub fn new(algorithm: Algorithm) -> Self {
        Self::with_backend(algorithm, Backend::fastest())
    }

    /// Nothing yet, by the given way.
    #[inline]
    pub fn with_backend(algorithm: Algorithm, backend: &Backend) -> Self {
        let value = match algorithm.initial() {
            Initial::Narrow(h) => Words::Narrow(Value::new(*h, backend.narrow())),
            Initial::Wide(h) => Words::Wide(Value::new(*h, backend.wide())),
        };
        Midstate { algorithm, value }
    }

    /// Which hash this is.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The same behind these bytes too, if they are whole blocks of [`Algorithm::block_bytes`].
    pub fn after(&self, bytes: &[u8]) -> Option<Midstate> {
        let value = match &self.value {
            Words::Narrow(value) => Words::Narrow(value.after(bytes)?),
            Words::Wide(value) => Words::Wide(value.after(bytes)?),
        };
        Some(Midstate { algorithm: self.algorithm, value })
    }

    /// The digest of the message that goes on with these bytes, to its end.
    #[inline]
    pub fn finish_with(&self, message: &[u8]) -> Digest {
        match &self.value {
            Words::Narrow(value) => value.digest(self.algorithm, message),
            Words::Wide(value) => value.digest(self.algorithm, message),
        }
    }

    /// The digests for several messages that go on from here, in their order: side by side where the machine's
    /// way has lanes.
    ///
    /// ```
    /// use jotlab::sha2::{Algorithm, Midstate};
    ///
    /// let begun = Midstate::new(Algorithm::Sha256);
    /// let digests = begun.finish_each(&["first", "second"]);
    /// assert_eq!(digests[1], Algorithm::Sha256.digest(b"second"));
    /// ```
    pub fn finish_each(&self, messages: &[impl AsRef<[u8]>]) -> Vec<Digest> {
        let messages = messages.iter().map(AsRef::as_ref);
        match &self.value {
            Words::Narrow(value) => self.digests(&many::finish_each(value, messages)),
            Words::Wide(value) => self.digests(&many::finish_each(value, messages)),
        }
    }

    /// Writes zeros over the value: behind the pad of a key it is as good as the key.
    #[inline]
    pub(crate) fn wipe(&mut self) {
        match &mut self.value {
            Words::Narrow(value) => ct::wipe(&mut value.h),
            Words::Wide(value) => ct::wipe(&mut value.h),
        }
    }

    pub(super) fn digests<W: Ways>(&self, values: &[State<W>]) -> Vec<Digest> {
        values.iter().map(|h| Digest::new(self.algorithm, h)).collect()
    }
}

impl fmt::Debug for Midstate {
    /// The name only: the value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Midstate({})", self.algorithm)
    }
}
