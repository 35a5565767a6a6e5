//! Files of any size in pieces, with a bar for whoever is watching.

use crate::cli::exit::Fault;
use crate::cli::{input, voice};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

/// Bytes that are held at a time.
const PIECE: usize = 64 << 10;
/// Work that is shorter shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// Hands the bytes of a path, which may be `-`, to `take` piece by piece.
pub(in crate::cli) fn stream(path: &str, mut take: impl FnMut(&[u8])) -> Result<(), Fault> {
    let mut source = input::open(path)?;
    let mut progress = Progress::of(path);
    let mut buffer = vec![0; PIECE];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                take(&buffer[..count]);
                progress.add(count as u64);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(input::cannot_read(path, &error)),
        }
    }
}

/// How far a file has been read.
struct Progress {
    started: Instant,
    /// The length, where it is known.
    total: Option<u64>,
    done: u64,
    bar: Option<ProgressBar>,
    watched: bool,
}

impl Progress {
    fn of(path: &str) -> Progress {
        let file = if path == "-" { None } else { std::fs::metadata(path).ok() };
        let total = file.filter(std::fs::Metadata::is_file).map(|file| file.len());
        let watched = voice::is_watched();
        Progress { started: Instant::now(), total, done: 0, bar: None, watched }
    }

    fn add(&mut self, bytes: u64) {
        self.done += bytes;
        if self.watched && self.started.elapsed() > PATIENCE {
            self.bar.get_or_insert_with(|| bar(self.total)).set_position(self.done);
        }
    }
}

/// A bar, or a count where the length is not known; it goes away when it is dropped.
fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "{wide_bar} {bytes}/{total_bytes} {eta}"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}"),
    };
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_finish(ProgressFinish::AndClear)
}
