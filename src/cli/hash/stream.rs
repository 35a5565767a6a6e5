//! Files of any size in pieces, with a bar for whoever is watching.

use crate::cli::exit::Fault;
use crate::cli::input;
use crate::cli::progress::{Progress, Unit};
use std::io::{ErrorKind, Read};

/// Bytes that are held at a time.
const PIECE: usize = 64 << 10;

/// Hands the bytes of a path, which may be `-`, to `take` piece by piece.
pub(in crate::cli) fn stream(path: &str, mut take: impl FnMut(&[u8])) -> Result<(), Fault> {
    let mut source = input::open(path)?;
    let file = if path == "-" { None } else { std::fs::metadata(path).ok() };
    let total = file.filter(std::fs::Metadata::is_file).map(|file| file.len());
    let progress = Progress::of(Unit::Bytes, total);
    let mut buffer = vec![0; PIECE];
    let mut done = 0;
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                take(&buffer[..count]);
                done += count as u64;
                progress.set(done);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(input::cannot_read(path, &error)),
        }
    }
}
