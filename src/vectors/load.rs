//! Suites from a disk: files by name, directories walked in order.

use super::case::Suite;
use super::formats::{self, Beside, Contents, Known};
use super::report::FileNote;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a file.
pub const MAX_FILE_BYTES: u64 = 256 << 20;
/// The most directories in each other.
const MAX_DEPTH: usize = 32;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The suites, in the order of the names and, within a directory, of the files.
    pub suites: Vec<Suite>,
    /// Files without a suite.
    pub notes: Vec<FileNote>,
}

/// Who named a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// A person: it is wrong if it holds no suite.
    Outright,
    /// A directory: it may hold anything.
    ByDirectory,
}

/// Reads a file, or all files of a directory and those in it. What cannot be read is noted, the others are
/// read all the same.
pub fn load(path: &Path, known: &Known) -> Loaded {
    let mut loaded = Loaded::default();
    let shown = path.to_string_lossy().into_owned();
    match fs::metadata(path) {
        Ok(data) if data.is_dir() => walk(path, &shown, 0, known, &mut loaded),
        Ok(_) => read(path, &shown, Named::Outright, known, &mut loaded),
        Err(error) => loaded.note(&shown, "unreadable", error.to_string()),
    }
    loaded
}

/// Reads what came without a path, such as stdin.
pub fn load_bytes(shown: &str, bytes: &[u8], known: &Known) -> Loaded {
    let mut loaded = Loaded::default();
    take(shown, bytes, &|_| None, Named::Outright, known, &mut loaded);
    loaded
}

fn walk(path: &Path, shown: &str, depth: usize, known: &Known, loaded: &mut Loaded) {
    let entries = fs::read_dir(path).and_then(|dir| {
        dir.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>()
    });
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return loaded.note(shown, "unreadable", error.to_string()),
    };
    if entries.is_empty() && depth == 0 {
        return loaded.note(shown, "unreadable", "the directory is empty".to_owned());
    }
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = format!("{}/{name}", shown.trim_end_matches('/'));
        // a link to a directory may lead round in a circle: only what is really inside is walked
        match fs::symlink_metadata(&entry) {
            Ok(data) if data.is_dir() && depth < MAX_DEPTH => {
                walk(&entry, &shown, depth + 1, known, loaded);
            }
            Ok(data) if data.is_dir() => {
                loaded.note(&shown, "skipped", format!("more than {MAX_DEPTH} directories deep"));
            }
            Ok(_) if entry.is_file() => read(&entry, &shown, Named::ByDirectory, known, loaded),
            Ok(data) if data.is_symlink() => {
                let what = if entry.exists() { "a directory" } else { "nothing" };
                loaded.note(&shown, "skipped", format!("a link to {what}: not followed"));
            }
            Ok(_) => loaded.note(&shown, "skipped", "neither a file nor a directory".to_owned()),
            Err(error) => loaded.note(&shown, "unreadable", error.to_string()),
        }
    }
}

fn read(path: &Path, shown: &str, named: Named, known: &Known, loaded: &mut Loaded) {
    if let Some(reason) = known.defect(shown) {
        return loaded.note(shown, "skipped", format!("known to be broken: {reason}"));
    }
    let bytes = match bytes(path) {
        Ok(bytes) => bytes,
        Err(error) => return loaded.note(shown, "unreadable", error.to_string()),
    };
    let beside = |name: &str| {
        let path = path.with_file_name(name);
        // a pipe of that name would be waited for
        path.is_file().then(|| self::bytes(&path).ok()).flatten()
    };
    take(shown, &bytes, &beside, named, known, loaded);
}

fn take(
    shown: &str,
    bytes: &[u8],
    beside: Beside<'_>,
    named: Named,
    known: &Known,
    loaded: &mut Loaded,
) {
    match formats::read(shown, bytes, beside) {
        Ok(Contents::Suite(mut suite)) => {
            known.apply(&mut suite);
            loaded.suites.push(suite);
        }
        Ok(Contents::OutOfScope(why)) => loaded.note(shown, "skipped", why),
        Ok(Contents::Unknown(why)) if named == Named::ByDirectory => {
            loaded.note(shown, "skipped", why);
        }
        Ok(Contents::Unknown(why)) => loaded.note(shown, "malformed", why),
        Err(error) if error.at.is_empty() => loaded.note(shown, "malformed", error.what),
        Err(error) => loaded.note(shown, "malformed", format!("{}: {}", error.at, error.what)),
    }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    fs::File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let what = format!("more than {MAX_FILE_BYTES} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

impl Loaded {
    fn note(&mut self, file: &str, outcome: &str, why: String) {
        self.notes.push(FileNote { file: file.to_owned(), outcome: outcome.to_owned(), why });
    }
}
