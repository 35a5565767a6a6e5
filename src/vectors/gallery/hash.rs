//! SHA-2 with one bug: in the padding, the length, the words, the rounds, the output, or between updates.

mod block;
mod list;
mod stream;

use crate::sha2::Algorithm;
use crate::sha2::compress::State;
use crate::sha2::constants::{H224, H256, H384, H512, H512_224, H512_256};
use crate::sha2::word::{W32, W64, Word};
use crate::vectors::jotlab::monte_carlo;
use crate::vectors::question::{Answer, Message, Request};
use stream::Stream;

pub(super) use list::{FLAWS, Flaw};

pub(super) const OPERATIONS: &[&str] = &["sha2", "sha2.mct"];

/// The longest message whose length in bytes is a number of 16 bits.
const MOST_OF_16_BITS: usize = 65_535;

/// The flawed answer, where the flaw can show.
pub(super) fn answer(request: &Request, flaw: Flaw) -> Option<Answer> {
    match request {
        Request::Sha2 { hash, message } => Some(Answer::Output(digest(*hash, message, flaw))),
        Request::Sha2Chain { hash, seed, chain, outer, inner } => {
            let link = |bytes: &[u8]| digest(*hash, &Message::Bytes(bytes.to_vec()), flaw);
            Some(monte_carlo(link, seed, *chain, *outer, *inner))
        }
        _ => None,
    }
}

pub(super) fn digest(hash: Algorithm, message: &Message, flaw: Flaw) -> Vec<u8> {
    let truncated = hash.digest_bytes() < hash.block_bytes() / 2;
    let mut bytes = match (hash, flaw) {
        (Algorithm::Sha256, _) | (Algorithm::Sha224, Flaw::OtherInitial) => {
            words::<W32>(H256, message, flaw)
        }
        (Algorithm::Sha224, _) => words::<W32>(H224, message, flaw),
        (Algorithm::Sha384, flaw) if flaw != Flaw::OtherInitial => {
            words::<W64>(H384, message, flaw)
        }
        (Algorithm::Sha512 | Algorithm::Sha384, _)
        | (_, Flaw::Truncated512 | Flaw::OtherInitial) => words::<W64>(H512, message, flaw),
        (Algorithm::Sha512_224, _) => words::<W64>(H512_224, message, flaw),
        (Algorithm::Sha512_256, _) => words::<W64>(H512_256, message, flaw),
    };
    if truncated && flaw == Flaw::RightmostBytes {
        bytes.drain(..bytes.len() - hash.digest_bytes());
    }
    bytes.truncate(hash.digest_bytes());
    bytes
}

fn words<W: Word>(initial: State<W>, message: &Message, flaw: Flaw) -> Vec<u8> {
    let mut stream = Stream::new(initial, flaw);
    match message {
        Message::Chunks(chunks) => chunks.iter().for_each(|chunk| stream.update(chunk)),
        // one call, whatever pieces it is fed in here
        Message::Bytes(bytes) => stream.take(&seen(bytes, flaw)),
        other => {
            let mut left = if flaw == Flaw::CutAt64Ki { MOST_OF_16_BITS } else { usize::MAX };
            other.feed(|bytes| {
                let seen = &bytes[..bytes.len().min(left)];
                left -= seen.len();
                stream.take(seen);
            });
        }
    }
    let (byte, bits) = match message {
        Message::Bits(bytes, bits) => (bytes.get((bits / 8) as usize).copied(), (bits % 8) as u32),
        _ => (None, 0),
    };
    let h = stream.finish(byte.unwrap_or(0), bits);
    let mut bytes = vec![0; 8 * size_of::<W>()];
    bytes.chunks_exact_mut(size_of::<W>()).zip(h).for_each(|(chunk, word)| word.put(chunk));
    bytes
}

/// What a flawed program sees of a message.
fn seen(message: &[u8], flaw: Flaw) -> Vec<u8> {
    let end = match flaw {
        Flaw::StopsAtNul => message.iter().position(|&byte| byte == 0),
        Flaw::NewlineStripped if message.last() == Some(&b'\n') => Some(message.len() - 1),
        Flaw::CutAt64Ki => Some(message.len().min(MOST_OF_16_BITS)),
        _ => None,
    };
    message[..end.unwrap_or(message.len())].to_vec()
}
