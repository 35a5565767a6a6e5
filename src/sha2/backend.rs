//! The choice: every way this machine can compress blocks, fastest first.
//!
//! Production takes the first; tests, benches and `jotlab vectors` take all of them. `JOTLAB_BACKEND` leaves
//! one, in the command and in tests only ([`cpu`]).

use super::compress::{State, compress};
use super::word::{W32, W64, Word};
#[cfg(target_arch = "x86_64")]
use super::x86_sha;
use super::{Algorithm, Initial};
use crate::cpu;
#[cfg(target_arch = "x86_64")]
use crate::cpu::ShaNi;
use std::sync::LazyLock;

/// One way to compress blocks, for both word sizes.
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    /// The name that reports and options use.
    pub name: &'static str,
    narrow: Narrow,
    wide: Wide,
}

static HERE: LazyLock<Vec<Backend>> = LazyLock::new(|| {
    let mut ways = Vec::new();
    #[cfg(target_arch = "x86_64")]
    if let Some(proof) = ShaNi::detect() {
        ways.push(Backend { name: ShaNi::NAME, narrow: Narrow::ShaNi(proof), ..PORTABLE });
    }
    ways.push(PORTABLE);
    cpu::allowed(ways, |backend| backend.name)
});

const PORTABLE: Backend =
    Backend { name: cpu::PORTABLE, narrow: Narrow::Portable, wide: Wide::Portable };

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

    /// The names of all ways that this machine has for an algorithm, fastest first: a backend's name, or
    /// `portable` where its kernel is for the other word size.
    pub fn names_for(algorithm: Algorithm) -> Vec<&'static str> {
        let mut names: Vec<_> = Self::all().map(|backend| backend.name_for(algorithm)).collect();
        names.dedup();
        names
    }

    /// The name of the way that an algorithm takes here.
    pub fn name_for(&self, algorithm: Algorithm) -> &'static str {
        match (algorithm.initial(), self.narrow, self.wide) {
            (Initial::Narrow(_), Narrow::Portable, _) | (Initial::Wide(_), _, Wide::Portable) => {
                PORTABLE.name
            }
            #[cfg(target_arch = "x86_64")]
            (Initial::Narrow(_), Narrow::ShaNi(_), _) => self.name,
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

/// The most messages that are taken side by side: a fourth would cost SHA-NI's streams their registers and
/// gain nothing (docs/performance.md).
pub(super) const MAX_LANES: usize = 3;

/// A word size with the ways that there are for it.
pub(super) trait Ways: Word {
    /// One of the ways, with the proof that this machine has it.
    type Way: Copy + core::fmt::Debug;

    /// Takes whole blocks into a hash value, in order.
    fn compress(way: Self::Way, h: &mut State<Self>, blocks: &[Self::Block]);

    /// The same for several messages, which must have the same number of blocks.
    fn compress_each<const N: usize>(
        way: Self::Way,
        h: &mut [State<Self>; N],
        blocks: [&[Self::Block]; N],
    ) {
        h.iter_mut().zip(blocks).for_each(|(h, blocks)| Self::compress(way, h, blocks));
    }
}

/// A way to compress blocks of 32-bit words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Narrow {
    Portable,
    #[cfg(target_arch = "x86_64")]
    ShaNi(ShaNi),
}

impl Ways for W32 {
    type Way = Narrow;

    #[inline]
    fn compress(way: Narrow, h: &mut State<W32>, blocks: &[[u8; 64]]) {
        match way {
            Narrow::Portable => compress(h, blocks),
            #[cfg(target_arch = "x86_64")]
            Narrow::ShaNi(proof) => x86_sha::compress(proof, core::array::from_mut(h), [blocks]),
        }
    }

    #[inline]
    fn compress_each<const N: usize>(
        way: Narrow,
        h: &mut [State<W32>; N],
        blocks: [&[[u8; 64]]; N],
    ) {
        match way {
            Narrow::Portable => h.iter_mut().zip(blocks).for_each(|(h, b)| compress(h, b)),
            #[cfg(target_arch = "x86_64")]
            Narrow::ShaNi(proof) => x86_sha::compress(proof, h, blocks),
        }
    }
}

/// A way to compress blocks of 64-bit words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wide {
    Portable,
}

impl Ways for W64 {
    type Way = Wide;

    #[inline]
    fn compress(way: Wide, h: &mut State<W64>, blocks: &[[u8; 128]]) {
        match way {
            Wide::Portable => compress(h, blocks),
        }
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
    fn the_machine_that_has_sha_ni_uses_it() {
        let names: Vec<_> = Backend::all().map(|backend| backend.name).collect();
        match (cpu::forced().unwrap(), cpu::ShaNi::detect()) {
            (Some(asked), _) => assert_eq!(names, [asked]),
            (None, Some(_)) => assert_eq!(names, ["sha-ni", "portable"]),
            (None, None) => assert_eq!(names, ["portable"]),
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

        /// Any hash value, not only those that messages lead to; 1 to 4 messages, 0 to 5 blocks.
        #[test]
        fn every_number_of_streams_compresses_as_the_portable_way(
            h in any::<[[u32; 8]; 4]>(),
            blocks in prop::collection::vec(any::<[[[u8; 32]; 2]; 4]>(), 0..5),
        ) {
            let h = h.map(|h| h.map(core::num::Wrapping));
            let blocks = [0, 1, 2, 3].map(|i| {
                let of_stream = blocks.iter().map(|b| b[i].as_flattened().try_into().unwrap());
                of_stream.collect::<Vec<[u8; 64]>>()
            });
            let mut judge = h;
            judge.iter_mut().zip(&blocks).for_each(|(h, blocks)| compress(h, blocks));
            for backend in Backend::all() {
                each::<1>(backend, h, &blocks, &judge);
                each::<2>(backend, h, &blocks, &judge);
                each::<3>(backend, h, &blocks, &judge);
                each::<4>(backend, h, &blocks, &judge);
            }
        }
    }

    fn each<const N: usize>(
        backend: &Backend,
        h: [State<W32>; 4],
        blocks: &[Vec<[u8; 64]>; 4],
        judge: &[State<W32>; 4],
    ) {
        let mut h = *h.first_chunk::<N>().unwrap();
        let blocks = blocks.first_chunk::<N>().unwrap().each_ref().map(Vec::as_slice);
        W32::compress_each(backend.narrow(), &mut h, blocks);
        assert_eq!(h[..], judge[..N], "{} in {N} streams", backend.name);
    }
}
