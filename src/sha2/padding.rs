//! Padding of the message to whole blocks (FIPS 180-4 §5.1.1, §5.1.2).

use super::word::Word;

/// The last one or two blocks of a message: its tail, a 1 bit, zero bits, and the length.
///
/// `tail` is what is left of the message behind its whole blocks, shorter than a block; `bytes` is the
/// length of the whole message in bytes. The length is written in **bits**, most significant byte first,
/// in the last 8 bytes (32-bit words) or 16 bytes (64-bit words) of the last block; of a length beyond the
/// standard's 2⁶⁴ or 2¹²⁸ bits, those are its lowest.
///
/// # Panics
///
/// When `tail` is a block or longer.
///
/// ```
/// use jotlab::sha2::{padding::padding, word::W32};
///
/// let padding_of_abc = padding::<W32>(b"abc", 3);
/// let [block] = padding_of_abc.blocks() else { panic!("one block") };
/// assert_eq!(block[..5], [b'a', b'b', b'c', 0x80, 0]);
/// assert_eq!(block[62..], [0, 24]);
/// // 55 bytes leave room for the 1 bit and the length, 56 do not
/// assert_eq!(padding::<W32>(&[0; 55], 55).blocks().len(), 1);
/// assert_eq!(padding::<W32>(&[0; 56], 56).blocks().len(), 2);
/// ```
#[inline]
pub fn padding<W: Word>(tail: &[u8], bytes: u128) -> Padding<W> {
    padding_after::<W>(tail, bytes, LastBits::NONE)
}

/// The same for a message that ends in a part of a byte behind its whole ones: `bytes` does not count it.
///
/// # Panics
///
/// As [`padding`].
///
/// ```
/// use jotlab::sha2::{padding::{LastBits, padding_after}, word::W32};
///
/// // the five bits 01101, then the 1 bit of the padding, and five as the length
/// let last = LastBits::new(0b0110_1000, 5).unwrap();
/// let padding = padding_after::<W32>(b"", 0, last);
/// let block = padding.blocks()[0];
/// assert_eq!((block[0], block[63]), (0b0110_1100, 5));
/// ```
#[inline]
pub fn padding_after<W: Word>(tail: &[u8], bytes: u128, last_bits: LastBits) -> Padding<W> {
    let mut padding = Padding::default();
    padding.set(tail, bytes, last_bits);
    padding
}

/// What ends a message.
#[derive(Clone, Copy, Debug)]
pub struct Padding<W: Word> {
    blocks: [W::Block; 2],
    /// The first that counts: 0 or 1.
    first: usize,
}

impl<W: Word> Default for Padding<W> {
    /// Zeros, which end no message.
    #[inline]
    fn default() -> Self {
        Padding { blocks: [W::ZERO_BLOCK; 2], first: 0 }
    }
}

impl<W: Word> Padding<W> {
    /// Makes it the padding of another message, where it stands.
    #[inline]
    pub(super) fn set(&mut self, tail: &[u8], bytes: u128, last_bits: LastBits) {
        self.blocks = [W::ZERO_BLOCK; 2];
        // §5.1: the smallest k zero bits that leave room for the length
        let fits = tail.len() + 1 + W::LENGTH_BYTES <= W::BLOCK_BYTES;
        self.first = usize::from(fits);
        let begin = self.blocks[self.first].as_mut();
        begin[..tail.len()].copy_from_slice(tail);
        // append the bit 1 …
        begin[tail.len()] = last_bits.bits | (0x80 >> last_bits.count);
        // … the zero bits are there, then the length in bits: no message is so long that one is lost
        let length = ((bytes << 3) | u128::from(last_bits.count)).to_be_bytes();
        self.blocks[1].as_mut()[W::BLOCK_BYTES - W::LENGTH_BYTES..]
            .copy_from_slice(&length[length.len() - W::LENGTH_BYTES..]);
    }

    /// Its one or two blocks.
    #[inline]
    pub fn blocks(&self) -> &[W::Block] {
        &self.blocks[self.first..]
    }
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
