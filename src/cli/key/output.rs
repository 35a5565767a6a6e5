//! Where keys go: stdout, or a new file. No file is ever overwritten, and a private one is its owner's.

use crate::cli::exit::Fault;
use crate::cli::voice;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Its owner only: 0600.
    Owner,
    /// Everybody: 0644.
    All,
}

/// Writes a key to a new file, or to stdout where no path, or `-`, is given.
pub(super) fn write(path: Option<&str>, readers: Readers, contents: &[u8]) -> Result<(), Fault> {
    match path {
        None | Some("-") => voice::out_bytes(contents),
        Some(path) => {
            NewFile::create(path, readers)?.write(contents)?.keep();
            Ok(())
        }
    }
}

/// A file that was not there before, and goes away again unless it is kept.
pub(super) struct NewFile<'a> {
    path: &'a str,
    file: File,
    fate: Fate,
}

#[derive(PartialEq, Eq)]
enum Fate {
    Removed,
    Kept,
}

impl<'a> NewFile<'a> {
    /// Makes the file. One that is there already is left as it is.
    pub(super) fn create(path: &'a str, readers: Readers) -> Result<NewFile<'a>, Fault> {
        match options(readers).open(path) {
            Ok(file) => Ok(NewFile { path, file, fate: Fate::Removed }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let path = voice::shown(path, 200);
                Err(Fault::usage(format_args!("{path} is there already and is not overwritten")))
            }
            Err(error) => Err(cannot_write(path, &error)),
        }
    }

    /// Writes the whole contents through to the disk.
    pub(super) fn write(mut self, contents: &[u8]) -> Result<NewFile<'a>, Fault> {
        let written = self.file.write_all(contents).and_then(|()| self.file.sync_all());
        written.map_err(|error| cannot_write(self.path, &error))?;
        Ok(self)
    }

    /// Lets the file stay, and says so.
    pub(super) fn keep(mut self) {
        self.fate = Fate::Kept;
        voice::note(&format!("wrote {}", voice::shown(self.path, 200)));
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if self.fate == Fate::Removed {
            let _gone_already = fs::remove_file(self.path);
        }
    }
}

fn options(readers: Readers) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if readers == Readers::Owner { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _the_folder_decides = readers;
    options
}

fn cannot_write(path: &str, error: &io::Error) -> Fault {
    Fault::usage(format_args!("cannot write {}: {error}", voice::shown(path, 200)))
}
