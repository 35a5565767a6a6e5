//! The choice: every way this machine can compress blocks, fastest first.
//!
//! Production takes the first; tests, benches and `jotlab vectors` take all of them. `JOTLAB_BACKEND` leaves
//! one, in the command and in tests only ([`cpu`]).

use super::ways::{Alone, Narrow, Wide};
use super::{Algorithm, Initial};
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
    let alone = Avx2::detect().map_or(Alone::Portable, Alone::Avx2);
    let narrow = Narrow { alone, sixteen: Some(proof) };
    Backend { name: Avx512::NAME, narrow, wide: Wide::Avx512(proof) }
}

#[cfg(target_arch = "x86_64")]
fn avx2(proof: Avx2) -> Backend {
    let narrow = Narrow { alone: Alone::Avx2(proof), ..PORTABLE.narrow };
    Backend { name: Avx2::NAME, narrow, wide: Wide::Avx2(proof) }
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
            (Initial::Narrow(_), Alone::Avx2(_), _) => Avx2::NAME,
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
    }
}
