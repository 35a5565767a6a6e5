//! SHA-2 with one bug: in the padding, the length, the words, the rounds, the output, or between updates.

use super::Row;
use crate::sha2::Algorithm;
use crate::sha2::compress::{
    State, big_sigma0, big_sigma1, ch, compress, feed_forward, maj, rounds, schedule, small_sigma0,
    small_sigma1,
};
use crate::sha2::constants::{H224, H256, H384, H512, H512_224, H512_256};
use crate::sha2::word::{W32, W64, Word};
use crate::vectors::jotlab::monte_carlo;
use crate::vectors::question::{Answer, Message, Request};

pub(super) const OPERATIONS: &[&str] = &["sha2", "sha2.mct"];

/// The longest message whose length in bytes is a number of 16 bits.
const MOST_OF_16_BITS: usize = 65_535;

/// A bug of SHA-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    LengthInBytes,
    LengthMissing,
    LengthLittleEndian,
    LengthOf16Bits,
    LengthOf32Bits,
    LengthOf64Bits,
    LengthOfLastBlock,
    MarkOf01,
    MarkMissing,
    BlockMoreAt55,
    NoBlockMoreAt56,
    PaddedWithOnes,
    LittleEndianWords,
    TypoInK,
    LastKWrong,
    RoundMissing,
    NoFeedForward,
    FeedForwardByXor,
    ChByOr,
    MajByOrOfTwo,
    SigmaRotation,
    ShiftAsRotation,
    ScheduleOffByOne,
    FirstBlockOnly,
    OtherInitial,
    RightmostBytes,
    Truncated512,
    StopsAtNul,
    NewlineStripped,
    CutAt64Ki,
    FullBlockLost,
    SecondUpdateOverwrites,
    EmptyUpdateEnds,
    CountsLastUpdateOnly,
    LastBitsDropped,
    LastBitsNotMasked,
    LastBitsMarkBehindByte,
}

pub(super) const FLAWS: [Row<Flaw>; 37] = [
    (Flaw::LengthInBytes, "length-in-bytes", "the length field counts bytes", "FIPS 180-4 §5.1"),
    (Flaw::LengthMissing, "length-missing", "the length field stays zero", "FIPS 180-4 §5.1"),
    (
        Flaw::LengthLittleEndian,
        "length-little-endian",
        "the length field's least byte comes first",
        "FIPS 180-4 §3.1",
    ),
    (
        Flaw::LengthOf16Bits,
        "length-of-16-bits",
        "the length in bits is kept in 16 bits",
        "FIPS 180-4 §5.1",
    ),
    (
        Flaw::LengthOf32Bits,
        "length-of-32-bits",
        "the length in bits is kept in 32 bits",
        "FIPS 180-4 §5.1",
    ),
    (
        Flaw::LengthOf64Bits,
        "length-of-64-bits",
        "SHA-512's length in bits is kept in 64 bits",
        "FIPS 180-4 §5.1.2",
    ),
    (
        Flaw::LengthOfLastBlock,
        "length-of-last-block",
        "the length field counts the last block only",
        "FIPS 180-4 §5.1",
    ),
    (Flaw::MarkOf01, "mark-01", "the padding begins with 01, not 80", "FIPS 180-4 §5.1"),
    (Flaw::MarkMissing, "mark-missing", "the padding has no 1 bit", "FIPS 180-4 §5.1"),
    (
        Flaw::BlockMoreAt55,
        "block-more-at-55",
        "a block more where the padding just fits",
        "FIPS 180-4 §5.1.1",
    ),
    (
        Flaw::NoBlockMoreAt56,
        "no-block-more-at-56",
        "no block more where the padding just does not fit",
        "FIPS 180-4 §5.1.1",
    ),
    (Flaw::PaddedWithOnes, "padded-with-ones", "the padding is of ff, not 00", "FIPS 180-4 §5.1"),
    (
        Flaw::LittleEndianWords,
        "little-endian-words",
        "words are read with the least byte first",
        "FIPS 180-4 §3.1",
    ),
    (Flaw::TypoInK, "typo-in-k", "a bit of K₁₇ is wrong", "FIPS 180-4 §4.2"),
    (Flaw::LastKWrong, "last-k-wrong", "a bit of the last K is wrong", "FIPS 180-4 §4.2"),
    (Flaw::RoundMissing, "round-missing", "the last round is left out", "FIPS 180-4 §6.2.2 step 3"),
    (
        Flaw::NoFeedForward,
        "no-feed-forward",
        "the old hash value is not added",
        "FIPS 180-4 §6.2.2 step 4",
    ),
    (
        Flaw::FeedForwardByXor,
        "feed-forward-by-xor",
        "the old hash value is xored in",
        "FIPS 180-4 §6.2.2 step 4",
    ),
    (Flaw::ChByOr, "ch-by-or", "Ch has ∨ where the standard has ⊕", "FIPS 180-4 §4.1.2"),
    (Flaw::MajByOrOfTwo, "maj-of-two", "Maj leaves its third term out", "FIPS 180-4 §4.1.2"),
    (Flaw::SigmaRotation, "sigma-rotation", "a rotation of Σ0 is off by one", "FIPS 180-4 §4.1.2"),
    (
        Flaw::ShiftAsRotation,
        "shift-as-rotation",
        "σ0 rotates where it must shift",
        "FIPS 180-4 §4.1.2",
    ),
    (
        Flaw::ScheduleOffByOne,
        "schedule-off-by-one",
        "W takes t − 8 where it must take t − 7",
        "FIPS 180-4 §6.2.2 step 1",
    ),
    (
        Flaw::FirstBlockOnly,
        "first-block-only",
        "every block starts from the initial value",
        "FIPS 180-4 §6.2.2",
    ),
    (
        Flaw::OtherInitial,
        "other-initial",
        "a truncated hash starts from the whole one's value",
        "FIPS 180-4 §5.3",
    ),
    (
        Flaw::RightmostBytes,
        "rightmost-bytes",
        "a truncated hash gives the rightmost bytes",
        "FIPS 180-4 §6.3 to §6.7",
    ),
    (
        Flaw::Truncated512,
        "sha512-t-is-truncated-512",
        "SHA-512/t is SHA-512 cut short",
        "FIPS 180-4 §5.3.6",
    ),
    (Flaw::StopsAtNul, "stops-at-nul", "the message ends at its first zero byte", "strings of C"),
    (
        Flaw::NewlineStripped,
        "newline-stripped",
        "a newline at the end is not hashed",
        "line readers",
    ),
    (Flaw::CutAt64Ki, "cut-at-64-kib", "the message is cut at 65,535 bytes", "a length of 16 bits"),
    (
        Flaw::FullBlockLost,
        "full-block-lost",
        "an update that just fills the buffer is lost",
        "chunked updates",
    ),
    (
        Flaw::SecondUpdateOverwrites,
        "second-update-overwrites",
        "an update overwrites what waits in the buffer",
        "chunked updates",
    ),
    (
        Flaw::EmptyUpdateEnds,
        "empty-update-ends",
        "an empty update ends the message",
        "chunked updates",
    ),
    (
        Flaw::CountsLastUpdateOnly,
        "counts-last-update",
        "the length is that of the last update",
        "chunked updates",
    ),
    (
        Flaw::LastBitsDropped,
        "last-bits-dropped",
        "the bits behind the last whole byte are dropped",
        "FIPS 180-4 §5.1, bits",
    ),
    (
        Flaw::LastBitsNotMasked,
        "last-bits-not-masked",
        "bits behind the message's end are hashed too",
        "FIPS 180-4 §5.1, bits",
    ),
    (
        Flaw::LastBitsMarkBehindByte,
        "last-bits-mark-behind-byte",
        "the 1 bit comes behind the whole last byte",
        "FIPS 180-4 §5.1, bits",
    ),
];

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
        (Algorithm::Sha224, Flaw::OtherInitial) => words::<W32>(H256, message, flaw),
        (Algorithm::Sha224, _) => words::<W32>(H224, message, flaw),
        (Algorithm::Sha256, _) => words::<W32>(H256, message, flaw),
        (Algorithm::Sha384, Flaw::OtherInitial) => words::<W64>(H512, message, flaw),
        (Algorithm::Sha384, _) => words::<W64>(H384, message, flaw),
        (Algorithm::Sha512, _) | (_, Flaw::Truncated512 | Flaw::OtherInitial) => {
            words::<W64>(H512, message, flaw)
        }
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
    let mut stream = Stream { initial, h: initial, pending: vec![], bytes: 0, ended: false, flaw };
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

struct Stream<W: Word> {
    initial: State<W>,
    h: State<W>,
    pending: Vec<u8>,
    bytes: u128,
    ended: bool,
    flaw: Flaw,
}

impl<W: Word> Stream<W> {
    /// One call of a user.
    fn update(&mut self, data: &[u8]) {
        let fills = self.pending.len() + data.len() == W::BLOCK_BYTES;
        match self.flaw {
            Flaw::FullBlockLost if fills && !self.pending.is_empty() => {
                self.bytes += data.len() as u128;
                self.pending.clear();
                return;
            }
            Flaw::SecondUpdateOverwrites if !data.is_empty() => self.pending.clear(),
            Flaw::EmptyUpdateEnds if data.is_empty() => self.ended = true,
            Flaw::CountsLastUpdateOnly => self.bytes = 0,
            _ => {}
        }
        if !self.ended {
            self.take(data);
        }
    }

    fn take(&mut self, data: &[u8]) {
        self.bytes += data.len() as u128;
        if self.pending.is_empty() {
            let (blocks, tail) = W::blocks(data);
            self.compress(blocks);
            self.pending.extend_from_slice(tail);
        } else {
            self.pending.extend_from_slice(data);
            let pending = core::mem::take(&mut self.pending);
            let (blocks, tail) = W::blocks(&pending);
            self.compress(blocks);
            self.pending = tail.to_vec();
        }
    }

    fn compress(&mut self, blocks: &[W::Block]) {
        match self.flaw {
            Flaw::FirstBlockOnly => {
                for block in blocks {
                    self.h = self.initial;
                    compress(&mut self.h, &[*block]);
                }
            }
            flaw if flaw.is_in_rounds() => {
                blocks.iter().for_each(|block| flawed_block(&mut self.h, block, flaw));
            }
            _ => compress(&mut self.h, blocks),
        }
    }

    /// Pads: `bits` bits of `byte` come behind the whole bytes.
    fn finish(mut self, byte: u8, bits: u32) -> State<W> {
        let mut tail = self.pending.clone();
        tail.extend(self.mark(byte, bits));
        let filler = if self.flaw == Flaw::PaddedWithOnes { 0xff } else { 0 };
        let fits = tail.len() + W::LENGTH_BYTES <= W::BLOCK_BYTES;
        let fits_exactly = tail.len() + W::LENGTH_BYTES == W::BLOCK_BYTES;
        let just_over = tail.len() + W::LENGTH_BYTES == W::BLOCK_BYTES + 1;
        let more = match self.flaw {
            Flaw::BlockMoreAt55 => !fits || fits_exactly,
            // the length field is written over the end of the message
            Flaw::NoBlockMoreAt56 => !fits && !just_over,
            _ => !fits,
        };
        tail.resize(if more { 2 } else { 1 } * W::BLOCK_BYTES, filler);
        let field = self.length_field(bits);
        let at = tail.len() - W::LENGTH_BYTES;
        tail[at..].copy_from_slice(&field);
        let (blocks, _) = W::blocks(&tail);
        self.compress(blocks);
        self.h
    }

    fn mark(&self, byte: u8, bits: u32) -> Vec<u8> {
        let kept = if bits == 0 { 0 } else { byte & !(0xff >> bits) };
        match self.flaw {
            Flaw::MarkOf01 => vec![kept | 1],
            Flaw::MarkMissing => vec![kept],
            Flaw::LastBitsDropped => vec![0x80],
            Flaw::LastBitsNotMasked if bits > 0 => vec![byte | (0x80 >> bits)],
            Flaw::LastBitsMarkBehindByte if bits > 0 => vec![kept, 0x80],
            _ => vec![kept | (0x80 >> bits)],
        }
    }

    fn length_field(&self, bits: u32) -> Vec<u8> {
        let bits = if self.flaw == Flaw::LastBitsDropped { 0 } else { bits };
        let length = (self.bytes << 3) | u128::from(bits);
        let length = match self.flaw {
            Flaw::LengthInBytes => self.bytes,
            Flaw::LengthMissing => 0,
            Flaw::LengthOf16Bits => length & 0xffff,
            Flaw::LengthOf32Bits => length & 0xffff_ffff,
            Flaw::LengthOf64Bits => length & u128::from(u64::MAX),
            Flaw::LengthOfLastBlock => 8 * self.pending.len() as u128,
            _ => length,
        };
        let mut field = length.to_be_bytes()[16 - W::LENGTH_BYTES..].to_vec();
        if self.flaw == Flaw::LengthLittleEndian {
            field.reverse();
        }
        field
    }
}

impl Flaw {
    fn is_in_rounds(self) -> bool {
        matches!(
            self,
            Flaw::LittleEndianWords
                | Flaw::TypoInK
                | Flaw::LastKWrong
                | Flaw::RoundMissing
                | Flaw::NoFeedForward
                | Flaw::FeedForwardByXor
                | Flaw::ChByOr
                | Flaw::MajByOrOfTwo
                | Flaw::SigmaRotation
                | Flaw::ShiftAsRotation
                | Flaw::ScheduleOffByOne
        )
    }
}

fn flawed_block<W: Word>(h: &mut State<W>, block: &W::Block, flaw: Flaw) {
    let w = flawed_schedule::<W>(block, flaw);
    let last = match flaw {
        Flaw::LittleEndianWords | Flaw::ShiftAsRotation | Flaw::ScheduleOffByOne => {
            rounds(*h, &w).last().unwrap_or(*h)
        }
        Flaw::NoFeedForward | Flaw::FeedForwardByXor => rounds(*h, &w).last().unwrap_or(*h),
        _ => flawed_rounds::<W>(*h, &w, flaw),
    };
    match flaw {
        Flaw::NoFeedForward => *h = last,
        Flaw::FeedForwardByXor => h.iter_mut().zip(last).for_each(|(h_i, v)| *h_i = *h_i ^ v),
        _ => feed_forward(h, last),
    }
}

fn flawed_schedule<W: Word>(block: &W::Block, flaw: Flaw) -> W::Schedule {
    let mut bytes = block.as_ref().to_vec();
    if flaw == Flaw::LittleEndianWords {
        bytes.chunks_exact_mut(size_of::<W>()).for_each(<[u8]>::reverse);
    }
    if !matches!(flaw, Flaw::ShiftAsRotation | Flaw::ScheduleOffByOne) {
        let (blocks, _) = W::blocks(&bytes);
        return schedule::<W>(&blocks[0]);
    }
    let mut schedule = W::ZERO_SCHEDULE;
    let w = schedule.as_mut();
    w.iter_mut().zip(W::words(&bytes)).for_each(|(w_t, m_t)| *w_t = m_t);
    let back = if flaw == Flaw::ScheduleOffByOne { 8 } else { 7 };
    let sigma0 = |x: W| match flaw {
        Flaw::ShiftAsRotation => {
            let (i, j, k) = W::SMALL_SIGMA_0;
            x.rotr(i) ^ x.rotr(j) ^ x.rotr(k as u32)
        }
        _ => small_sigma0(x),
    };
    for t in 16..w.len() {
        w[t] = small_sigma1(w[t - 2]) + w[t - back] + sigma0(w[t - 15]) + w[t - 16];
    }
    schedule
}

fn flawed_rounds<W: Word>(state: State<W>, w: &W::Schedule, flaw: Flaw) -> State<W> {
    let count = w.as_ref().len();
    // the least bit of a word: 1 = !0 ^ !1, and !0 shifted by all bits but one
    let one = !W::default() >> (8 * size_of::<W>() - 1);
    let mut state = state;
    for (t, (&k_t, &w_t)) in W::K.as_ref().iter().zip(w.as_ref()).enumerate() {
        let [a, b, c, d, e, f, g, h] = state;
        let k_t = match flaw {
            Flaw::TypoInK if t == 17 => k_t ^ one,
            Flaw::LastKWrong if t == count - 1 => k_t ^ one,
            _ => k_t,
        };
        if flaw == Flaw::RoundMissing && t == count - 1 {
            return state;
        }
        let choice = if flaw == Flaw::ChByOr { !(!(e & f) & !(!e & g)) } else { ch(e, f, g) };
        let majority = if flaw == Flaw::MajByOrOfTwo { (a & b) ^ (a & c) } else { maj(a, b, c) };
        let sigma = match flaw {
            Flaw::SigmaRotation => {
                let [i, j, k] = W::BIG_SIGMA_0;
                a.rotr(i) ^ a.rotr(j + 1) ^ a.rotr(k)
            }
            _ => big_sigma0(a),
        };
        let t1 = h + big_sigma1(e) + choice + k_t + w_t;
        let t2 = sigma + majority;
        state = [t1 + t2, a, b, c, d + t1, e, f, g];
    }
    state
}
