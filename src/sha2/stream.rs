//! A message taken in piece by piece: what every hash of the family shares, whatever its word size.

use super::compress::State;
use super::midstate::Value;
use super::padding::{LastBits, padding_after};
use super::ways::Ways;

/// A hash value under way, with the bytes that do not fill a block yet.
#[derive(Clone, Debug)]
pub(super) struct Stream<W: Ways> {
    h: State<W>,
    /// Bytes taken in so far. SHA-2 ends at 2⁶⁴ or 2¹²⁸ *bits*; 2¹²⁸ bytes cannot be fed in any life.
    bytes: u128,
    buffer: W::Block,
    way: W::Way,
}

impl<W: Ways> Stream<W> {
    /// A message that goes on behind whole blocks.
    #[inline]
    pub(super) fn behind(Value { h, bytes, way }: Value<W>) -> Self {
        Stream { h, bytes, buffer: W::ZERO_BLOCK, way }
    }

    #[inline]
    pub(super) fn update(&mut self, mut data: &[u8]) {
        let held = self.held();
        self.bytes += data.len() as u128;
        if held > 0 {
            let room = &mut self.buffer.as_mut()[held..];
            let (head, rest) = data.split_at(room.len().min(data.len()));
            room[..head.len()].copy_from_slice(head);
            if head.len() < room.len() {
                return;
            }
            W::compress(self.way, &mut self.h, &[self.buffer]);
            data = rest;
        }
        let (blocks, tail) = W::blocks(data);
        W::compress(self.way, &mut self.h, blocks);
        self.buffer.as_mut()[..tail.len()].copy_from_slice(tail);
    }

    #[inline]
    pub(super) fn finish(mut self, last: LastBits) -> State<W> {
        let tail = &self.buffer.as_ref()[..self.held()];
        let padding = padding_after::<W>(tail, self.bytes, last);
        W::compress(self.way, &mut self.h, padding.blocks());
        self.h
    }

    /// How many bytes wait in the buffer: always fewer than a block.
    #[inline]
    fn held(&self) -> usize {
        (self.bytes % W::BLOCK_BYTES as u128) as usize
    }
}
