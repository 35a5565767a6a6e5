//! A message taken in piece by piece: what every hash of the family shares, whatever its word size.

use super::backend::Ways;
use super::compress::State;
use super::many;
use super::padding::{LastBits, padding, padding_after};

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
    #[inline]
    pub(super) fn new(initial: State<W>, way: W::Way) -> Self {
        Stream { h: initial, bytes: 0, buffer: W::ZERO_BLOCK, way }
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

    /// The hash value of this message continued by `message`, to its end.
    #[inline]
    pub(super) fn finish_with(&self, message: &[u8]) -> State<W> {
        if self.held() > 0 {
            let mut stream = self.clone();
            stream.update(message);
            return stream.finish(LastBits::NONE);
        }
        let mut h = self.h;
        let (blocks, tail) = W::blocks(message);
        W::compress(self.way, &mut h, blocks);
        let padding = padding::<W>(tail, self.bytes + message.len() as u128);
        W::compress(self.way, &mut h, padding.blocks());
        h
    }

    /// The same for each of several messages.
    pub(super) fn finish_each<'m>(
        &self,
        messages: impl ExactSizeIterator<Item = &'m [u8]>,
    ) -> Vec<State<W>> {
        if self.held() > 0 {
            return messages.map(|message| self.finish_with(message)).collect();
        }
        many::finish_each::<W>(self.way, self.h, self.bytes, messages)
    }

    /// Goes on with a block in each of N copies, side by side; nothing waits in the buffer.
    pub(super) fn fork<const N: usize>(&self, blocks: [&W::Block; N]) -> [Self; N] {
        debug_assert_eq!(self.held(), 0, "whole blocks were taken in");
        let mut h = [self.h; N];
        W::compress_each(self.way, &mut h, &blocks.map(core::slice::from_ref));
        let bytes = self.bytes + W::BLOCK_BYTES as u128;
        h.map(|h| Stream { h, bytes, buffer: W::ZERO_BLOCK, way: self.way })
    }

    /// How many bytes wait in the buffer: always fewer than a block.
    #[inline]
    fn held(&self) -> usize {
        (self.bytes % W::BLOCK_BYTES as u128) as usize
    }
}
