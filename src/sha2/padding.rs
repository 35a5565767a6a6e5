//! Padding of the message to whole blocks (FIPS 180-4 §5.1.1, §5.1.2).

use super::word::Word;

/// The last one or two blocks of a message: its tail, a 1 bit, zero bits, and the length.
///
/// `tail` is what is left of the message behind its whole blocks, shorter than a block; `bytes` is the
/// length of the whole message in bytes. The length is written in **bits**, most significant byte first,
/// in the last 8 bytes (32-bit words) or 16 bytes (64-bit words) of the last block.
///
/// ```
/// use jotlab::sha2::{padding::padding, word::W32};
///
/// let blocks: Vec<[u8; 64]> = padding::<W32>(b"abc", 3).collect();
/// assert_eq!(blocks.len(), 1);
/// assert_eq!(blocks[0][..5], [b'a', b'b', b'c', 0x80, 0]);
/// assert_eq!(blocks[0][62..], [0, 24]);
/// // 55 bytes leave room for the 1 bit and the length, 56 do not
/// assert_eq!(padding::<W32>(&[0; 55], 55).count(), 1);
/// assert_eq!(padding::<W32>(&[0; 56], 56).count(), 2);
/// ```
#[inline]
pub fn padding<W: Word>(tail: &[u8], bytes: u128) -> impl Iterator<Item = W::Block> + use<W> {
    padding_after::<W>(tail, bytes, LastBits::NONE)
}

/// The same for a message that ends in a part of a byte behind its whole ones: `bytes` does not count it.
///
/// ```
/// use jotlab::sha2::{padding::{LastBits, padding_after}, word::W32};
///
/// // the five bits 01101, then the 1 bit of the padding, and five as the length
/// let last = LastBits::new(0b0110_1000, 5).unwrap();
/// let block = padding_after::<W32>(b"", 0, last).next().unwrap();
/// assert_eq!((block[0], block[63]), (0b0110_1100, 5));
/// ```
#[inline]
pub fn padding_after<W: Word>(
    tail: &[u8],
    bytes: u128,
    last_bits: LastBits,
) -> impl Iterator<Item = W::Block> + use<W> {
    let mut first = W::ZERO_BLOCK;
    let (message, zeros) = first.as_mut().split_at_mut(tail.len());
    message.copy_from_slice(tail);
    // §5.1: append the bit 1 …
    zeros[0] = last_bits.bits | (0x80 >> last_bits.count);
    let mut last = first;
    // … then k zero bits, the smallest k that leaves room for the length …
    let fits = tail.len() + 1 + W::LENGTH_BYTES <= W::BLOCK_BYTES;
    if !fits {
        last = W::ZERO_BLOCK;
    }
    // … then the length in bits: bytes · 8 < 2¹²⁸ is checked where bytes are counted
    let length = ((bytes << 3) | u128::from(last_bits.count)).to_be_bytes();
    last.as_mut()[W::BLOCK_BYTES - W::LENGTH_BYTES..]
        .copy_from_slice(&length[length.len() - W::LENGTH_BYTES..]);
    (!fits).then_some(first).into_iter().chain([last])
}

/// The part of a byte that ends a message whose length in bits is no multiple of eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastBits {
    /// The bits from the most significant one on, zeros behind them.
    bits: u8,
    /// How many there are: at most 7.
    count: u8,
}

impl LastBits {
    /// The message ends with a whole byte.
    pub const NONE: LastBits = LastBits { bits: 0, count: 0 };

    /// The `count` most significant bits of a byte, at most 7; the others do not matter (FIPS 180-4 §3.1
    /// item 1 and the bit-oriented files of NIST have the first bit of a message on top).
    pub const fn new(byte: u8, count: u8) -> Option<LastBits> {
        match count {
            0..=7 => Some(LastBits { bits: byte & !(0xff >> count), count }),
            _ => None,
        }
    }
}
