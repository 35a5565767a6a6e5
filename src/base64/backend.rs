//! The choice: every way this machine can encode and decode, fastest first.
//!
//! A kernel says only whether a text is one: what is wrong with it is said by the portable way.

use super::groups::{decode_groups, encode_groups};
use super::{Alphabet, Error};
#[cfg(target_arch = "x86_64")]
use super::{x86_avx2, x86_vbmi};
use crate::cpu;
#[cfg(target_arch = "x86_64")]
use crate::{
    cpu::{Avx2, Vbmi},
    ct,
};
use std::sync::LazyLock;

/// One way to encode and decode.
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    /// The name that reports and options use.
    pub name: &'static str,
    way: Way,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    #[cfg(target_arch = "x86_64")]
    Vbmi(Vbmi),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    Portable,
}

static HERE: LazyLock<Vec<Backend>> = LazyLock::new(|| {
    let mut ways = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        let vbmi = Vbmi::detect().map(|proof| (Vbmi::NAME, Way::Vbmi(proof)));
        let avx2 = Avx2::detect().map(|proof| (Avx2::NAME, Way::Avx2(proof)));
        ways.extend(vbmi.into_iter().chain(avx2).map(|(name, way)| Backend { name, way }));
    }
    ways.push(PORTABLE);
    cpu::allowed(ways, |backend| backend.name)
});

static FASTEST: LazyLock<Backend> = LazyLock::new(|| *HERE.first().unwrap_or(&PORTABLE));

const PORTABLE: Backend = Backend { name: cpu::PORTABLE, way: Way::Portable };

impl Backend {
    /// All ways that this machine has, fastest first; never empty. Where `JOTLAB_BACKEND` asks for a way, it is
    /// the only one.
    #[inline]
    pub fn all() -> impl Iterator<Item = &'static Backend> {
        HERE.iter()
    }

    /// The way production takes: the first of [`Backend::all`].
    #[inline]
    pub fn fastest() -> &'static Backend {
        &FASTEST
    }

    /// [`encode_url`](super::encode_url) by this way.
    pub fn encode_url(&self, bytes: &[u8]) -> String {
        super::encode(self, Alphabet::Url, bytes)
    }

    /// [`decode_url`](super::decode_url) by this way.
    ///
    /// # Errors
    ///
    /// As there.
    #[inline(always)]
    pub fn decode_url(&self, text: &[u8]) -> Result<Vec<u8>, Error> {
        super::decode(self, Alphabet::Url, text)
    }

    /// The letters of `bytes`, for which `text` has just as much room as they need.
    #[inline]
    pub(super) fn encode(&self, alphabet: Alphabet, bytes: &[u8], text: &mut [u8]) {
        match self.way {
            Way::Portable => encode_groups(alphabet, bytes, text),
            #[cfg(target_arch = "x86_64")]
            Way::Vbmi(proof) => {
                x86_vbmi::run::<ENCODE>(proof, alphabet, bytes, text);
            }
            #[cfg(target_arch = "x86_64")]
            Way::Avx2(proof) => {
                x86_avx2::run::<ENCODE>(proof, alphabet, bytes, text);
            }
        }
    }

    /// The octets of `text`, for which `bytes` has just as much room as they need.
    #[inline]
    pub(super) fn decode(
        &self,
        alphabet: Alphabet,
        text: &[u8],
        bytes: &mut [u8],
    ) -> Result<(), Error> {
        let whole_octets = text.len() % 4 != 1;
        let taken = whole_octets
            && match self.way {
                Way::Portable => false,
                // whether a text is refused is public
                #[cfg(target_arch = "x86_64")]
                Way::Vbmi(proof) => {
                    ct::public(x86_vbmi::run::<DECODE>(proof, alphabet, text, bytes))
                }
                #[cfg(target_arch = "x86_64")]
                Way::Avx2(proof) => {
                    ct::public(x86_avx2::run::<DECODE>(proof, alphabet, text, bytes))
                }
            };
        if taken { Ok(()) } else { decode_groups(alphabet, text, bytes) }
    }
}

/// What a kernel is to do, from the first slice to the second: octets to letters, for which there is just as much
/// room as they need.
#[cfg(target_arch = "x86_64")]
pub(super) const ENCODE: bool = true;

/// Letters to octets, the same. A length that leaves a letter over is not looked at.
#[cfg(target_arch = "x86_64")]
pub(super) const DECODE: bool = false;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64::{letters_for, octets_for};
    use proptest::prelude::*;

    proptest! {
        /// Texts of letters with something else among them, or not.
        #[test]
        fn every_way_gives_the_letters_octets_and_errors_of_the_portable_one(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            wrong in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
            cut in 0usize..4,
        ) {
            for alphabet in [Alphabet::Url, Alphabet::Standard] {
                let mut judge = vec![0; letters_for(bytes.len())];
                encode_groups(alphabet, &bytes, &mut judge);
                for backend in Backend::all() {
                    let mut text = vec![0; judge.len()];
                    backend.encode(alphabet, &bytes, &mut text);
                    prop_assert_eq!(&text, &judge, "{}", backend.name);
                }
                let mut text = judge;
                text.truncate(text.len().saturating_sub(cut));
                if let (Some((at, byte)), false) = (wrong, text.is_empty()) {
                    let at = at.index(text.len());
                    text[at] = byte;
                }
                let decoded = |way: &Backend| {
                    let mut bytes = vec![0; octets_for(text.len())];
                    way.decode(alphabet, &text, &mut bytes).map(|()| bytes)
                };
                let judge = decoded(&PORTABLE);
                for backend in Backend::all() {
                    prop_assert_eq!(decoded(backend), judge.clone(), "{}", backend.name);
                }
            }
        }
    }

    #[test]
    fn every_byte_is_a_letter_or_none_at_every_place() {
        for backend in Backend::all() {
            for place in 0..130 {
                for byte in 0..=255 {
                    let mut text = [b'A'; 132];
                    text[place] = byte;
                    let mut bytes = [0; 99];
                    let taken = backend.decode(Alphabet::Url, &text, &mut bytes).is_ok();
                    let letter = byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                    assert_eq!(taken, letter, "{} at {place}: {byte}", backend.name);
                }
            }
        }
    }
}
