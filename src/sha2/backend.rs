//! The choice: every way this machine can compress blocks, fastest first.
//!
//! Production takes the first; tests, benches and `jotlab vectors` take all of them.

use super::compress::{State, compress};
use super::word::{W32, W64, Word};

/// One way to compress blocks, for both word sizes.
#[derive(Debug)]
pub struct Backend {
    /// The name that reports and options use.
    pub name: &'static str,
    narrow: Compress<W32>,
    wide: Compress<W64>,
}

/// Takes whole blocks into a hash value, in order.
pub type Compress<W> = fn(&mut State<W>, &[<W as Word>::Block]);

static PORTABLE: Backend =
    Backend { name: "portable", narrow: compress::<W32>, wide: compress::<W64> };

impl Backend {
    /// All ways that this machine has, fastest first; never empty, the portable one is always there.
    pub fn all() -> impl Iterator<Item = &'static Backend> {
        [&PORTABLE].into_iter()
    }

    /// The way production takes: the first of [`Backend::all`].
    pub fn fastest() -> &'static Backend {
        Self::all().next().unwrap_or(&PORTABLE)
    }

    /// How this backend compresses 64-byte blocks of 32-bit words.
    pub fn narrow(&self) -> Compress<W32> {
        self.narrow
    }

    /// How this backend compresses 128-byte blocks of 64-bit words.
    pub fn wide(&self) -> Compress<W64> {
        self.wide
    }
}
