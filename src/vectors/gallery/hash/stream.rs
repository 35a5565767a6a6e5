//! Blocks, padding and length, bent where the flaw is.

use super::Flaw;
use super::block::flawed_block;
use crate::sha2::compress::{State, compress};
use crate::sha2::word::Word;

pub(super) struct Stream<W: Word> {
    initial: State<W>,
    h: State<W>,
    pending: Vec<u8>,
    bytes: u128,
    ended: bool,
    flaw: Flaw,
}

impl<W: Word> Stream<W> {
    pub(super) fn new(initial: State<W>, flaw: Flaw) -> Stream<W> {
        Stream { initial, h: initial, pending: vec![], bytes: 0, ended: false, flaw }
    }

    /// One call of a user.
    pub(super) fn update(&mut self, data: &[u8]) {
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

    pub(super) fn take(&mut self, data: &[u8]) {
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
    pub(super) fn finish(mut self, byte: u8, bits: u32) -> State<W> {
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
