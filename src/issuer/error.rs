//! Why an issuer does not start, or a key or a user is not added.

use crate::random::NoRandomness;
use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What went wrong, and where.
#[derive(Debug)]
pub enum Error {
    /// The operating system refuses.
    Io {
        /// What was tried: `read`, `write`, …
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// Its words.
        error: io::Error,
    },
    /// Others than the owner may read or write what only the owner may.
    Mode {
        /// The file or directory.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// Those that it must have.
        wanted: u32,
    },
    /// Not what the file must hold.
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where in it: `line 3`, `keys[1]`, an offset.
        at: String,
        /// What is wrong.
        what: String,
    },
    /// A setting that cannot work.
    Setting(String),
    /// A user that cannot be added.
    User(String),
    /// A key that cannot be added.
    Key(String),
    /// There is no randomness.
    Random(NoRandomness),
}

impl Error {
    /// For `map_err` after something was tried on a path.
    pub(super) fn io(
        verb: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |error| Error::Io { verb, path, error }
    }
}

/// A path without characters that steer a terminal.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().escape_debug().to_string()
}

impl From<NoRandomness> for Error {
    fn from(error: NoRandomness) -> Error {
        Error::Random(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { verb, path, error } => {
                write!(f, "cannot {verb} {}: {error}", shown(path))
            }
            Error::Mode { path, mode, wanted } => {
                let path = shown(path);
                write!(f, "{path} has mode {mode:04o}: others than its owner could use it; ")?;
                write!(f, "{wanted:04o} is needed")
            }
            Error::Malformed { path, at, what } => write!(f, "{}, {at}: {what}", shown(path)),
            Error::Setting(what) | Error::User(what) | Error::Key(what) => f.write_str(what),
            Error::Random(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}
