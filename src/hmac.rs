//! HMAC: a keyed hash (RFC 2104, FIPS 198-1) over any hash of [`sha2`](crate::sha2).
//!
//! HMAC(K, text) = H((K0 ⊕ opad) ‖ H((K0 ⊕ ipad) ‖ text)). The hash states behind both pads are kept in
//! the key, so each message costs two finished hashes and nothing for the key.
//!
//! ```
//! use jotlab::{hmac::Hmac, sha2::Algorithm};
//!
//! let key = Hmac::new(Algorithm::Sha256, b"Jefe");
//! let tag = key.mac(b"what do ya want for nothing?");
//! assert_eq!(hex::encode(&tag[..4]), "5bdcc146");
//! assert!(key.verify(b"what do ya want for nothing?", &tag));
//! assert!(!key.verify(b"what do ya want for nothing?", &tag[..31]));
//! ```

use crate::ct;
use crate::sha2::backend::Backend;
use crate::sha2::{Algorithm, Digest, Hasher, MAX_BLOCK_BYTES, Midstate};
use core::fmt;

/// The byte that is repeated to ipad (RFC 2104 §2).
const IPAD: u8 = 0x36;
/// The byte that is repeated to opad (RFC 2104 §2).
const OPAD: u8 = 0x5c;

/// A key of HMAC, ready for any number of messages.
///
/// Any key length is taken, the empty one too: RFC 2104 sets no minimum and test suites use short keys.
/// The minimum of RFC 7518 §3.2 is enforced where JOSE is.
#[derive(Clone)]
pub struct Hmac {
    /// Behind K0 ⊕ ipad.
    inner: Midstate,
    /// Behind K0 ⊕ opad.
    outer: Midstate,
}

impl Hmac {
    /// Prepares a key of any length.
    pub fn new(algorithm: Algorithm, key: &[u8]) -> Hmac {
        Self::with_backend(algorithm, key, Backend::fastest())
    }

    /// The same by a given way of hashing.
    pub fn with_backend(algorithm: Algorithm, key: &[u8], backend: &Backend) -> Hmac {
        let begun = Midstate::with_backend(algorithm, backend);
        let mut hmac = Hmac { inner: begun, outer: begun };
        hmac.take_key(key);
        hmac
    }

    /// Takes in both pads of the key: each is the first block of its hash (RFC 2104 §2 steps 3 and 6).
    fn take_key(&mut self, key: &[u8]) {
        let mut k0 = block_key(self.algorithm(), key);
        let mut pads = pads(&k0);
        Midstate::take_both([&mut self.inner, &mut self.outer], &pads);
        ct::wipe(&mut k0);
        ct::wipe(pads.as_flattened_mut());
    }

    /// Which hash is used.
    pub fn algorithm(&self) -> Algorithm {
        self.inner.algorithm()
    }

    /// The authentication code of a message, as long as a digest of the hash.
    ///
    /// To check a code that somebody sent use [`verify`](Hmac::verify): comparing with `==` takes a time
    /// that tells how many bytes were right.
    pub fn mac(&self, message: &[u8]) -> Tag {
        Tag(self.inner.finish_nested(message, &self.outer))
    }

    /// The codes of several messages, of any lengths, in their order: side by side where the machine's way of
    /// hashing has lanes, so that many cost less than each alone.
    ///
    /// ```
    /// use jotlab::{hmac::Hmac, sha2::Algorithm};
    ///
    /// let key = Hmac::new(Algorithm::Sha256, b"Jefe");
    /// let tags = key.mac_many(&["what do ya want for nothing?", "another"]);
    /// assert!(key.verify(b"what do ya want for nothing?", &tags[0]));
    /// assert!(key.verify(b"another", &tags[1]));
    /// ```
    pub fn mac_many(&self, messages: &[impl AsRef<[u8]>]) -> Vec<Tag> {
        self.inner.finish_each_nested(messages, &self.outer).into_iter().map(Tag).collect()
    }

    /// Whether `tag` is the code of `message`: the whole code, compared in constant time.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        ct::eq(&self.mac(message), tag)
    }

    /// Begins a message that comes in pieces.
    pub fn stream(&self) -> Stream {
        Stream { inner: Hasher::behind(&self.inner), outer: Hasher::behind(&self.outer) }
    }
}

impl Drop for Hmac {
    /// The values behind the pads are as good as the key.
    fn drop(&mut self) {
        self.inner.wipe();
        self.outer.wipe();
    }
}

impl fmt::Debug for Hmac {
    /// The name only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hmac({})", self.algorithm())
    }
}

/// A message under way.
pub struct Stream {
    inner: Hasher,
    outer: Hasher,
}

impl Stream {
    /// Takes in the next bytes of the message (RFC 2104 §2 step 3).
    pub fn update(&mut self, data: &[u8]) {
        self.inner.update(data);
    }

    /// The code of the whole message.
    pub fn finish(self) -> Tag {
        self.digests().1
    }

    /// The inner digest, and the code that is the outer one (RFC 2104 §2 steps 4 to 7).
    pub fn digests(mut self) -> (Digest, Tag) {
        let inner = self.inner.finish();
        self.outer.update(inner.as_bytes());
        (inner, Tag(self.outer.finish()))
    }

    /// Whether `tag` is the code of the whole message, compared in constant time.
    pub fn verify(self, tag: &[u8]) -> bool {
        ct::eq(&self.finish(), tag)
    }
}

/// An authentication code. It has no `==`, on purpose: see [`Hmac::verify`].
#[derive(Clone)]
pub struct Tag(Digest);

impl core::ops::Deref for Tag {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// K0: the key filled with zeros to a block, hashed first if it is longer (RFC 2104 §2 step 1, FIPS
/// 198-1 §4 steps 1 to 3). The first [`Algorithm::block_bytes`] bytes count.
pub fn block_key(algorithm: Algorithm, key: &[u8]) -> [u8; MAX_BLOCK_BYTES] {
    let mut k0 = [0; MAX_BLOCK_BYTES];
    if key.len() > algorithm.block_bytes() {
        let hashed = algorithm.digest(key);
        k0[..hashed.as_bytes().len()].copy_from_slice(hashed.as_bytes());
    } else {
        k0[..key.len()].copy_from_slice(key);
    }
    k0
}

/// K0 ⊕ ipad and K0 ⊕ opad (RFC 2104 §2 steps 2 and 5).
pub fn pads(k0: &[u8; MAX_BLOCK_BYTES]) -> [[u8; MAX_BLOCK_BYTES]; 2] {
    let mut pads = [[IPAD; MAX_BLOCK_BYTES], [OPAD; MAX_BLOCK_BYTES]];
    for pad in &mut pads {
        pad.iter_mut().zip(k0).for_each(|(byte, key)| *byte ^= key);
    }
    pads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_as_long_as_a_block_is_not_hashed_a_longer_one_is() {
        for algorithm in Algorithm::ALL {
            let block = algorithm.block_bytes();
            let key = vec![0xaa; block];
            assert_eq!(block_key(algorithm, &key)[..block], key);
            let longer = vec![0xaa; block + 1];
            let hashed = algorithm.digest(&longer);
            let k0 = block_key(algorithm, &longer);
            assert_eq!(&k0[..algorithm.digest_bytes()], hashed.as_bytes());
            assert!(k0[algorithm.digest_bytes()..].iter().all(|&byte| byte == 0));
        }
    }

    #[test]
    fn many_codes_are_those_of_each_message_whole_or_in_pieces() {
        let bytes: Vec<u8> = (0..=255).cycle().take(700).collect();
        let messages: Vec<&[u8]> = (0..40).map(|i| &bytes[..i * 17]).collect();
        for backend in Backend::all() {
            for algorithm in Algorithm::ALL {
                let key = Hmac::with_backend(algorithm, b"key", backend);
                let many = key.mac_many(&messages);
                assert_eq!(many.len(), messages.len());
                for (message, tag) in messages.iter().zip(many) {
                    let mut stream = key.stream();
                    message.chunks(50).for_each(|piece| stream.update(piece));
                    assert_eq!(tag[..], stream.finish()[..], "{} {algorithm}", backend.name);
                    assert_eq!(tag[..], key.mac(message)[..]);
                }
            }
        }
    }

    #[test]
    fn only_the_whole_tag_verifies() {
        let key = Hmac::new(Algorithm::Sha384, b"key");
        let tag = key.mac(b"message");
        assert!(key.verify(b"message", &tag));
        for length in 0..tag.len() {
            assert!(!key.verify(b"message", &tag[..length]), "{length} bytes");
        }
        let mut longer = tag.to_vec();
        longer.push(0);
        assert!(!key.verify(b"message", &longer));
    }
}
