//! The choice: every way this machine can compress blocks, fastest first.
//!
//! Production takes the first; tests, benches and `jotlab vectors` take all of them. `JOTLAB_BACKEND` leaves
//! one, in the command and in tests only ([`cpu`]).

use super::compress::{State, compress};
use super::word::{W32, W64, Word};
use super::{Algorithm, Initial};
#[cfg(target_arch = "x86_64")]
use super::{x86_avx2_blocks, x86_avx512_blocks, x86_avx512_messages, x86_sha};
use crate::cpu;
#[cfg(target_arch = "x86_64")]
use crate::cpu::{Avx2, Avx512, ShaNi};
use std::sync::LazyLock;

/// One way to compress blocks, for both word sizes.
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    /// The name that reports and options use.
    pub name: &'static str,
    narrow: Narrow,
    wide: Wide,
}

/// The name of the way that takes each kernel where it is best.
const BEST: &str = "best";

static HERE: LazyLock<Vec<Backend>> = LazyLock::new(|| {
    let mut ways = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        let sha = ShaNi::detect().map(sha_ni);
        let vectors: Vec<Backend> = [Avx512::detect().map(avx512), Avx2::detect().map(avx2)]
            .into_iter()
            .flatten()
            .collect();
        if let (Some(sha), Some(widest)) = (sha, vectors.first()) {
            let sixteen = widest.narrow.sixteen.filter(|_| !ShaNi::streams_beat_lanes());
            let narrow = Narrow { sixteen, ..sha.narrow };
            ways.push(Backend { name: BEST, narrow, wide: widest.wide });
        }
        ways.extend(sha.into_iter().chain(vectors));
    }
    ways.push(PORTABLE);
    cpu::allowed(ways, |backend| backend.name)
});

const PORTABLE: Backend = Backend {
    name: cpu::PORTABLE,
    narrow: Narrow {
        alone: Alone::Portable,
        #[cfg(target_arch = "x86_64")]
        sixteen: None,
    },
    wide: Wide::Portable,
};

#[cfg(target_arch = "x86_64")]
fn sha_ni(proof: ShaNi) -> Backend {
    let narrow = Narrow { alone: Alone::ShaNi(proof), ..PORTABLE.narrow };
    Backend { name: ShaNi::NAME, narrow, wide: Wide::Portable }
}

#[cfg(target_arch = "x86_64")]
fn avx512(proof: Avx512) -> Backend {
    let narrow = Narrow { sixteen: Some(proof), ..PORTABLE.narrow };
    Backend { name: Avx512::NAME, narrow, wide: Wide::Avx512(proof) }
}

#[cfg(target_arch = "x86_64")]
fn avx2(proof: Avx2) -> Backend {
    Backend { name: Avx2::NAME, narrow: PORTABLE.narrow, wide: Wide::Avx2(proof) }
}

impl Backend {
    /// All ways that this machine has, fastest first; never empty, the portable one is always there. Where
    /// `JOTLAB_BACKEND` asks for a way, it is the only one.
    #[inline]
    pub fn all() -> impl Iterator<Item = &'static Backend> {
        HERE.iter()
    }

    /// The way production takes: the first of [`Backend::all`].
    #[inline]
    pub fn fastest() -> &'static Backend {
        Self::all().next().unwrap_or(&PORTABLE)
    }

    /// The names of all kernels that this machine has for an algorithm, fastest first, `portable` last.
    pub fn names_for(algorithm: Algorithm) -> Vec<&'static str> {
        let mut names = vec![];
        for name in Self::all().map(|backend| backend.name_for(algorithm)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        // stable: a way that has no kernel for this algorithm stands before others that have one
        names.sort_by_key(|name| *name == PORTABLE.name);
        names
    }

    /// The name of the kernel that a message of an algorithm takes here: `portable` where this way has none for
    /// it.
    pub fn name_for(&self, algorithm: Algorithm) -> &'static str {
        match (algorithm.initial(), self.narrow.alone, self.wide) {
            (Initial::Narrow(_), Alone::Portable, _) | (Initial::Wide(_), _, Wide::Portable) => {
                PORTABLE.name
            }
            #[cfg(target_arch = "x86_64")]
            (Initial::Narrow(_), Alone::ShaNi(_), _) => ShaNi::NAME,
            #[cfg(target_arch = "x86_64")]
            (Initial::Wide(_), _, Wide::Avx512(_)) => Avx512::NAME,
            #[cfg(target_arch = "x86_64")]
            (Initial::Wide(_), _, Wide::Avx2(_)) => Avx2::NAME,
        }
    }

    /// How this backend compresses 64-byte blocks of 32-bit words.
    #[inline]
    pub(super) fn narrow(&self) -> Narrow {
        self.narrow
    }

    /// How this backend compresses 128-byte blocks of 64-bit words.
    #[inline]
    pub(super) fn wide(&self) -> Wide {
        self.wide
    }
}

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
    alone: Alone,
    /// Many.
    #[cfg(target_arch = "x86_64")]
    sixteen: Option<Avx512>,
}

#[derive(Clone, Copy, Debug)]
enum Alone {
    Portable,
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
            Alone::ShaNi(_) => 10,
        };
        self.sixteen.filter(|_| messages >= worth_it)
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
            Alone::Portable => 1,
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(_) => x86_sha::MAX_STREAMS,
        }
    }

    #[inline]
    fn compress(way: Narrow, h: &mut State<W32>, blocks: &[[u8; 64]]) {
        match way.alone {
            Alone::Portable => compress(h, blocks),
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) => x86_sha::compress(proof, core::array::from_mut(h), [[blocks]]),
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
            Alone::ShaNi(proof) => {
                x86_sha::compress(proof, core::array::from_mut(h), [[blocks], [padding]]);
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
            Alone::Portable => h.iter_mut().zip(blocks).for_each(|(h, b)| compress(h, b)),
            #[cfg(target_arch = "x86_64")]
            Alone::ShaNi(proof) => x86_sha::compress_each(proof, h, blocks),
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
            Wide::Avx512(proof) => x86_avx512_blocks::compress(proof, h, blocks),
            #[cfg(target_arch = "x86_64")]
            Wide::Avx2(proof) => x86_avx2_blocks::compress(proof, h, blocks),
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
    use crate::sha2::{Digest, Hasher};
    use proptest::prelude::*;

    fn digest(algorithm: Algorithm, backend: &Backend, pieces: &[&[u8]]) -> Digest {
        let mut hasher = Hasher::with_backend(algorithm, backend);
        pieces.iter().for_each(|piece| hasher.update(piece));
        hasher.finish()
    }

    #[test]
    fn every_kernel_that_the_machine_has_is_there() {
        let names: Vec<_> = Backend::all().map(|backend| backend.name).collect();
        let has = [
            ("sha-ni", cpu::ShaNi::detect().is_some()),
            ("avx512", cpu::Avx512::detect().is_some()),
            ("avx2", cpu::Avx2::detect().is_some()),
            ("portable", true),
        ];
        let mut expected: Vec<_> = has.iter().filter(|(_, here)| *here).map(|(n, _)| *n).collect();
        if has[0].1 && (has[1].1 || has[2].1) {
            expected.insert(0, "best");
        }
        match cpu::forced().unwrap() {
            None => assert_eq!(names, expected),
            Some(asked) if expected.contains(&asked) => assert_eq!(names, [asked]),
            Some(_) => assert_eq!(names, ["portable"]),
        }
    }

    proptest! {
        #[test]
        fn every_way_gives_the_digest_of_the_portable_one(
            message in prop::collection::vec(any::<u8>(), 0..1000),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        ) {
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(message.len() + 1)).collect();
            cuts.extend([0, message.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|c| &message[c[0]..c[1]]).collect();
            for algorithm in Algorithm::ALL {
                let judge = digest(algorithm, &PORTABLE, &[&message]);
                for backend in Backend::all() {
                    prop_assert_eq!(digest(algorithm, backend, &pieces), judge, "{}", backend.name);
                }
            }
        }

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
