//! What differs between the two word sizes of SHA-2: everything else is written once, in `compress`.
//!
//! Words are [`Wrapping`], so that `+` in the code is the standard's `+`: addition modulo 2^w
//! (FIPS 180-4 §2.2.2, w is 32 or 64).

use super::constants::{K32, K64};
use core::fmt::{Debug, LowerHex};
use core::num::Wrapping;
use core::ops::{Add, AddAssign, BitAnd, BitXor, Not, Shr};

/// A word of SHA-224 and SHA-256.
pub type W32 = Wrapping<u32>;
/// A word of SHA-384, SHA-512, SHA-512/224 and SHA-512/256.
pub type W64 = Wrapping<u64>;

/// A word of SHA-2 with the parameters that depend on its size (FIPS 180-4 §4.1.2 and §4.1.3).
pub trait Word:
    Copy
    + Default
    + Debug
    + LowerHex
    + Eq
    + Add<Output = Self>
    + AddAssign
    + BitAnd<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shr<usize, Output = Self>
    + 'static
{
    /// A message block of 16 words: 64 or 128 bytes.
    type Block: Copy + Debug + AsRef<[u8]> + AsMut<[u8]> + 'static;
    /// The message schedule `W_0, W_1, …`: a word for each round.
    type Schedule: Copy + AsRef<[Self]> + AsMut<[Self]> + 'static;

    /// Bytes in a block.
    const BLOCK_BYTES: usize;
    /// Bytes at the end of the last block that hold the message's length in bits (FIPS 180-4 §5.1).
    const LENGTH_BYTES: usize;
    /// A block of zero bytes.
    const ZERO_BLOCK: Self::Block;
    /// A schedule of zero words.
    const ZERO_SCHEDULE: Self::Schedule;
    /// The round constants `K_0, K_1, …` (FIPS 180-4 §4.2).
    const K: &'static Self::Schedule;

    /// Rotations of Σ0: ROTR, ROTR, ROTR.
    const BIG_SIGMA_0: [u32; 3];
    /// Rotations of Σ1: ROTR, ROTR, ROTR.
    const BIG_SIGMA_1: [u32; 3];
    /// Rotations and shift of σ0: ROTR, ROTR, SHR.
    const SMALL_SIGMA_0: (u32, u32, usize);
    /// Rotations and shift of σ1: ROTR, ROTR, SHR.
    const SMALL_SIGMA_1: (u32, u32, usize);

    /// ROTR^n(x), the rotation to the right by `n` bits (FIPS 180-4 §3.2).
    #[must_use]
    fn rotr(self, n: u32) -> Self;

    /// Splits bytes into whole blocks and a tail shorter than a block.
    fn blocks(bytes: &[u8]) -> (&[Self::Block], &[u8]);

    /// The words of a byte string, most significant byte first (FIPS 180-4 §3.1).
    fn words(bytes: &[u8]) -> impl Iterator<Item = Self>;

    /// Writes the word to a byte string of its own length, most significant byte first.
    fn put(self, bytes: &mut [u8]);
}

macro_rules! word {
    ($int:ty, $rounds:literal, $k:ident) => {
        type Block = [u8; Self::BLOCK_BYTES];
        type Schedule = [Self; $rounds];

        const BLOCK_BYTES: usize = 16 * size_of::<$int>();
        const LENGTH_BYTES: usize = 2 * size_of::<$int>();
        const ZERO_BLOCK: Self::Block = [0; Self::BLOCK_BYTES];
        const ZERO_SCHEDULE: Self::Schedule = [Wrapping(0); $rounds];
        const K: &'static Self::Schedule = &$k;

        #[inline]
        fn rotr(self, n: u32) -> Self {
            Wrapping(self.0.rotate_right(n))
        }

        #[inline]
        fn blocks(bytes: &[u8]) -> (&[Self::Block], &[u8]) {
            bytes.as_chunks()
        }

        #[inline]
        fn words(bytes: &[u8]) -> impl Iterator<Item = Self> {
            bytes.as_chunks().0.iter().map(|&b| Wrapping(<$int>::from_be_bytes(b)))
        }

        #[inline]
        fn put(self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0.to_be_bytes());
        }
    };
}

impl Word for W32 {
    word!(u32, 64, K32);

    const BIG_SIGMA_0: [u32; 3] = [2, 13, 22];
    const BIG_SIGMA_1: [u32; 3] = [6, 11, 25];
    const SMALL_SIGMA_0: (u32, u32, usize) = (7, 18, 3);
    const SMALL_SIGMA_1: (u32, u32, usize) = (17, 19, 10);
}

impl Word for W64 {
    word!(u64, 80, K64);

    const BIG_SIGMA_0: [u32; 3] = [28, 34, 39];
    const BIG_SIGMA_1: [u32; 3] = [14, 18, 41];
    const SMALL_SIGMA_0: (u32, u32, usize) = (1, 8, 7);
    const SMALL_SIGMA_1: (u32, u32, usize) = (19, 61, 6);
}
