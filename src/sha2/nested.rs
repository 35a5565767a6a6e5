//! A hash in a hash, as HMAC has it: both are begun alike, and the digest of one is the message of the other.
//!
//! Where a digest is the whole hash value, its words need not become bytes only to be read as words again.

use super::compress::State;
use super::many;
use super::midstate::{Midstate, Words};
use super::word::{W32, Word};
use super::{Algorithm, Digest, MAX_BLOCK_BYTES};

impl Midstate {
    /// Takes the first [`Algorithm::block_bytes`] bytes of two arrays into two of them, where they stand: the pads of
    /// a key (RFC 2104 §2 steps 3 and 6), side by side where the machine's way has lanes.
    pub(crate) fn take_both([a, b]: [&mut Midstate; 2], blocks: &[[u8; MAX_BLOCK_BYTES]; 2]) {
        if let (Words::Narrow(a), Words::Narrow(b)) = (&mut a.value, &mut b.value) {
            let halves = [&blocks[0].as_chunks().0[..1], &blocks[1].as_chunks().0[..1]];
            a.way.compress_both([&mut a.h, &mut b.h], halves);
            a.bytes += W32::BLOCK_BYTES as u128;
            b.bytes += W32::BLOCK_BYTES as u128;
            return;
        }
        for (midstate, block) in [a, b].into_iter().zip(blocks) {
            if let Some(behind) = midstate.after(&block[..midstate.algorithm.block_bytes()]) {
                *midstate = behind;
            }
        }
    }

    /// The digest that `outer` gives for the digest of the message (RFC 2104 §2 steps 4 to 7).
    #[inline]
    pub(crate) fn finish_nested(&self, message: &[u8], outer: &Midstate) -> Digest {
        let Words::Narrow(value) = &self.value else {
            return outer.finish_with(self.finish_with(message).as_bytes());
        };
        let mut h = [value.h];
        value.finish(&mut h[0], message);
        if outer.take_digests(self.algorithm, &mut h) {
            Digest::new(outer.algorithm, &h[0])
        } else {
            outer.finish_with(Digest::new(self.algorithm, &h[0]).as_bytes())
        }
    }

    /// The same for several messages, in their order.
    pub(crate) fn finish_each_nested(
        &self,
        messages: &[impl AsRef<[u8]>],
        outer: &Midstate,
    ) -> Vec<Digest> {
        let Words::Narrow(value) = &self.value else {
            return outer.finish_each(&self.finish_each(messages));
        };
        let mut h = many::finish_each(value, messages.iter().map(AsRef::as_ref));
        if outer.take_digests(self.algorithm, &mut h) {
            outer.digests(&h)
        } else {
            outer.finish_each(&self.digests(&h))
        }
    }

    /// Replaces hash values of an algorithm by those of the messages which its digests are; or leaves them alone
    /// and says so.
    #[inline]
    fn take_digests(&self, algorithm: Algorithm, h: &mut [State<W32>]) -> bool {
        // a digest that is cut off is not the value
        let whole = size_of::<State<W32>>();
        match &self.value {
            Words::Narrow(value) if algorithm.digest_bytes() == whole => {
                value.way.nest(h, &value.h, value.bytes + whole as u128)
            }
            _ => false,
        }
    }
}
