//! What a way does: blocks of 32-bit words, and of 64-bit words, by the kernel that is best for so many messages.

use super::compress::{State, compress};
use super::word::{W32, W64, Word};
#[cfg(target_arch = "x86_64")]
use super::{x86_avx2_sha256, x86_avx2_sha512, x86_avx512_messages, x86_avx512_sha512, x86_sha};
#[cfg(target_arch = "x86_64")]
use crate::cpu::{Avx2, Avx512, ShaNi};

/// The most messages that are taken side by side, by any way.
pub(super) const MAX_LANES: usize = 16;

/// A word size with the ways that there are for it.
pub(super) trait Ways: Word {
    /// One of the ways, with the proof that this machine has it.
    type Way: Copy + core::fmt::Debug;

    /// How many messages are best taken side by side: at most [`MAX_LANES`].
    fn lanes(way: Self::Way) -> usize;

    /// Takes whole blocks into a hash value, in order.
    fn compress(way: Self::Way, h: &mut State<Self>, blocks: &[Self::Block]);

    /// The same for a message to its end: its whole blocks, then its padding.
    #[inline]
    fn compress_last(
        way: Self::Way,
        h: &mut State<Self>,
        blocks: &[Self::Block],
        padding: &[Self::Block],
    ) {
        Self::compress(way, h, blocks);
        Self::compress(way, h, padding);
    }

    /// The same for several messages, at most [`MAX_LANES`], which must have the same number of blocks.
    fn compress_each(way: Self::Way, h: &mut [State<Self>], blocks: &[&[Self::Block]]);
}

/// A way to compress blocks of 32-bit words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Narrow {
    /// One message, or a few.
    pub(super) alone: Alone,
    /// Many.
    #[cfg(target_arch = "x86_64")]
    pub(super) sixteen: Option<Avx512>,
}

/// A way to compress one message, or a few.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alone {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    ShaNi(ShaNi),
}

impl Narrow {
    /// The way for so many messages side by side, if they are enough for it.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn sixteen_for(self, messages: usize) -> Option<Avx512> {
        // sixteen lanes take the time of not quite so many messages otherwise (docs/performance.md)
        let worth_it = match self.alone {
            Alone::Portable => 2,
            Alone::Avx2(_) => 3,
            Alone::ShaNi(_) => 10,
        };
        self.sixteen.filter(|_| messages >= worth_it)
    }

    /// [`Ways::compress_each`] for two hash values, where they stand.
    #[inline]
    pub(super) fn compress_both(self, h: [&mut State<W32>; 2], blocks: [&[[u8; 64]]; 2]) {
        match self.alone {
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) => x86_sha::compress(proof, h, [blocks], None),
            _ => {
                let mut both = h.each_ref().map(|h| **h);
                W32::compress_each(self, &mut both, &blocks);
                h.into_iter().zip(both).for_each(|(h, behind)| *h = behind);
            }
        }
    }

    /// Replaces each hash value by that of the message which it is itself, going on from `outer`; `bytes` is how long
    /// that message is with what led to `outer`. If there is nothing better than to make bytes of them it leaves
    /// them alone, and says so.
    #[inline]
    pub(super) fn nest(self, h: &mut [State<W32>], outer: &State<W32>, bytes: u128) -> bool {
        match self.alone {
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) if self.sixteen_for(h.len()).is_none() => {
                x86_sha::nest_each(
                    proof,
                    h,
                    x86_sha::Outer { h: outer, bits: (bytes << 3) as u64 },
                );
                true
            }
            _ => false,
        }
    }
}

impl Ways for W32 {
    type Way = Narrow;

    #[inline]
    fn lanes(way: Narrow) -> usize {
        #[cfg(target_arch = "x86_64")]
        if way.sixteen.is_some() {
            return x86_avx512_messages::LANES;
        }
        match way.alone {
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(_) => x86_sha::MAX_STREAMS,
            _ => 1,
        }
    }

    #[inline]
    fn compress(way: Narrow, h: &mut State<W32>, blocks: &[[u8; 64]]) {
        match way.alone {
            Alone::Portable => compress(h, blocks),
            #[cfg(target_arch = "x86_64")]
            Alone::Avx2(proof) => x86_avx2_sha256::compress(proof, h, &[blocks]),
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) => x86_sha::compress(proof, [h], [[blocks]], None),
        }
    }

    #[inline]
    fn compress_last(way: Narrow, h: &mut State<W32>, blocks: &[[u8; 64]], padding: &[[u8; 64]]) {
        match way.alone {
            Alone::Portable => {
                compress(h, blocks);
                compress(h, padding);
            }
            #[cfg(target_arch = "x86_64")]
            Alone::Avx2(proof) => {
                x86_avx2_sha256::compress(proof, h, &[blocks, padding]);
            }
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) => {
                x86_sha::compress(proof, [h], [[blocks], [padding]], None);
            }
        }
    }

    #[inline]
    fn compress_each(way: Narrow, h: &mut [State<W32>], blocks: &[&[[u8; 64]]]) {
        #[cfg(target_arch = "x86_64")]
        if let Some(proof) = way.sixteen_for(blocks.len()) {
            return x86_avx512_messages::compress(proof, h, blocks);
        }
        match way.alone {
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) => x86_sha::compress_each(proof, h, blocks),
            _ => h.iter_mut().zip(blocks).for_each(|(h, blocks)| Self::compress(way, h, blocks)),
        }
    }
}

/// A way to compress blocks of 64-bit words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wide {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
}

impl Ways for W64 {
    type Way = Wide;

    #[inline]
    fn lanes(_way: Wide) -> usize {
        1
    }

    #[inline]
    fn compress(way: Wide, h: &mut State<W64>, blocks: &[[u8; 128]]) {
        match way {
            Wide::Portable => compress(h, blocks),
            #[cfg(target_arch = "x86_64")]
            Wide::Avx512(proof) => x86_avx512_sha512::compress(proof, h, blocks),
            #[cfg(target_arch = "x86_64")]
            Wide::Avx2(proof) => x86_avx2_sha512::compress(proof, h, blocks),
        }
    }

    #[inline]
    fn compress_each(way: Wide, h: &mut [State<W64>], blocks: &[&[[u8; 128]]]) {
        h.iter_mut().zip(blocks).for_each(|(h, blocks)| Self::compress(way, h, blocks));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha2::backend::Backend;
    use crate::sha2::padding::padding;
    use proptest::prelude::*;

    proptest! {
        /// Any hash value, not only those that messages lead to; 1 to 16 messages, 0 to 5 blocks.
        #[test]
        fn every_number_of_streams_compresses_as_the_portable_way(
            h in any::<[[u32; 8]; MAX_LANES]>(),
            seed in any::<u64>(),
            blocks in 0..5_usize,
        ) {
            let h = h.map(|h| h.map(core::num::Wrapping));
            let mut bytes = seed;
            let messages: [Vec<[u8; 64]>; MAX_LANES] = core::array::from_fn(|_| {
                let byte = |_| {
                    bytes = bytes.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    bytes.to_be_bytes()[0]
                };
                let bytes: Vec<u8> = (0..64 * blocks).map(byte).collect();
                bytes.as_chunks().0.to_vec()
            });
            let mut judge = h;
            judge.iter_mut().zip(&messages).for_each(|(h, blocks)| compress(h, blocks));
            for backend in Backend::all() {
                for n in 1..=MAX_LANES {
                    let mut h = h;
                    let blocks: Vec<&[[u8; 64]]> = messages[..n].iter().map(Vec::as_slice).collect();
                    W32::compress_each(backend.narrow(), &mut h[..n], &blocks);
                    prop_assert_eq!(&h[..n], &judge[..n], "{} in {} streams", backend.name, n);
                }
            }
        }

        /// Hash values as messages, behind any number of blocks: as their bytes with the padding.
        #[test]
        fn a_hash_value_is_nested_as_its_bytes_are(
            h in any::<[[u32; 8]; MAX_LANES]>(),
            outer in any::<[u32; 8]>(),
            blocks in 0_u128..1 << 90,
        ) {
            let h = h.map(|h| h.map(core::num::Wrapping));
            let outer = outer.map(core::num::Wrapping);
            let bytes = 64 * blocks + 32;
            let judge = h.map(|h| {
                let mut message = [0; 32];
                message.chunks_mut(4).zip(h).for_each(|(bytes, word)| word.put(bytes));
                let mut judge = outer;
                compress(&mut judge, padding::<W32>(&message, bytes).blocks());
                judge
            });
            for backend in Backend::all() {
                for n in 1..=MAX_LANES {
                    let mut nested = h;
                    let done = backend.narrow().nest(&mut nested[..n], &outer, bytes);
                    let expected = if done { judge } else { h };
                    prop_assert_eq!(&nested[..n], &expected[..n], "{} of {}", backend.name, n);
                    prop_assert!(done || backend.name != "sha-ni");
                }
            }
        }

        /// The same for words of 64 bits, whose kernel takes eight blocks of one message at once.
        #[test]
        fn every_number_of_blocks_compresses_as_the_portable_way(
            h in any::<[u64; 8]>(),
            blocks in prop::collection::vec(any::<[[u8; 32]; 4]>(), 0..20),
        ) {
            let h = h.map(core::num::Wrapping);
            let blocks: Vec<[u8; 128]> =
                blocks.iter().map(|block| block.as_flattened().try_into().unwrap()).collect();
            let mut judge = h;
            compress(&mut judge, &blocks);
            for backend in Backend::all() {
                let mut h = h;
                W64::compress(backend.wide(), &mut h, &blocks);
                prop_assert_eq!(h, judge, "{}", backend.name);
            }
        }
    }
}
