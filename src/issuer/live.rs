//! A file of the directory as it is now: read again when it was replaced, kept as it was when the new one is
//! broken.

use super::error::Error;
use super::store::{Directory, Stamp};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads a file; `Err` with the place and what is wrong there.
type Parse<T> = fn(&[u8]) -> Result<T, (String, String)>;

/// A file that others replace while it is used.
#[derive(Debug)]
pub(super) struct Live<T> {
    directory: Directory,
    name: &'static str,
    parse: Parse<T>,
    known: Mutex<(Option<Stamp>, Arc<T>)>,
}

impl<T> Live<T> {
    /// The file as it is now, `missing` where there is none.
    pub(super) fn open(
        directory: &Directory,
        name: &'static str,
        parse: Parse<T>,
        missing: T,
    ) -> Result<Live<T>, Error> {
        let read = read(directory, name, parse)?;
        let (stamp, value) = read.map_or((None, missing), |(value, stamp)| (Some(stamp), value));
        let known = Mutex::new((stamp, Arc::new(value)));
        Ok(Live { directory: directory.clone(), name, parse, known })
    }

    /// What it holds. A broken or missing file is told once in the log, and changes nothing.
    pub(super) fn now(&self) -> Arc<T> {
        // who panicked left a whole value behind
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.directory.stamp(self.name);
        if stamp != known.0 {
            match read(&self.directory, self.name, self.parse) {
                Ok(Some((value, stamp))) => {
                    *known = (Some(stamp), Arc::new(value));
                    tracing::info!(file = self.name, "read again");
                }
                Ok(None) => {
                    known.0 = None;
                    tracing::warn!(file = self.name, "is gone, what it held is kept");
                }
                Err(error) => {
                    known.0 = stamp;
                    tracing::warn!(file = self.name, why = %error, "not taken, what it held before is kept");
                }
            }
        }
        known.1.clone()
    }
}

/// The contents of a file, if there is one.
pub(super) fn read<T>(
    directory: &Directory,
    name: &str,
    parse: Parse<T>,
) -> Result<Option<(T, Stamp)>, Error> {
    let Some((bytes, stamp)) = directory.read(name)? else { return Ok(None) };
    let malformed = |(at, what)| Error::Malformed { path: directory.file(name), at, what };
    Ok(Some((parse(&bytes).map_err(malformed)?, stamp)))
}
