//! The issuer's directory: files that are whole at every moment, and their owner's alone.
//!
//! A file is replaced by writing a new one beside it, through to the disk, and renaming it: whoever reads
//! sees the old contents or the new, and so does whoever comes after a `kill -9` or a power cut. Writers take
//! turns by a lock that the operating system lets go of when its holder ends, however it ends. What a killed
//! writer left behind has another name, is read by nobody, and is removed by the next writer.

use super::error::Error;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The most bytes of a file.
pub(super) const MAX_FILE_BYTES: u64 = 16 << 20;
/// The name of the lock.
const LOCK: &str = "lock";
/// Permission bits of others than the owner.
const OF_OTHERS: u32 = 0o077;
/// Those of them that let write.
const WRITE_OF_OTHERS: u32 = 0o022;

/// An issuer's directory.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    path: PathBuf,
}

/// The right to write, until it is dropped.
pub(super) struct Lock {
    _file: File,
}

/// What changes when a file is replaced: its place on the disk, its time, its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp(u64, i64, i64, u64);

impl Directory {
    /// Opens a directory that is there, or makes it, for its owner only.
    pub(super) fn open(path: &Path) -> Result<Directory, Error> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(Error::io("make the directory", path))?;
        let metadata = fs::metadata(path).map_err(Error::io("look at", path))?;
        let mode = metadata.mode() & 0o7777;
        if mode & WRITE_OF_OTHERS != 0 {
            return Err(Error::Mode { path: path.to_owned(), mode, wanted: 0o700 });
        }
        Ok(Directory { path: path.to_owned() })
    }

    /// Where a file of it is.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Waits for the right to write. What a killed writer left behind is cleared away.
    pub(super) fn lock(&self) -> Result<Lock, Error> {
        let path = self.file(LOCK);
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => file.lock().map_err(Error::io("lock", &path))?,
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        self.clear()?;
        Ok(Lock { _file: file })
    }

    /// Removes new files that were never renamed.
    fn clear(&self) -> Result<(), Error> {
        let entries = fs::read_dir(&self.path).map_err(Error::io("read", &self.path))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') && name.ends_with(".new") {
                let path = entry.path();
                fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            }
        }
        Ok(())
    }

    /// What a file holds; nothing if there is none. One that others could read or write is refused: its
    /// secrets may be known already.
    pub(super) fn read(&self, name: &str) -> Result<Option<(Vec<u8>, Stamp)>, Error> {
        let path = self.file(name);
        let file = match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.map_err(Error::io("read", &path))?,
        };
        let metadata = file.metadata().map_err(Error::io("look at", &path))?;
        let mode = metadata.mode() & 0o7777;
        if mode & OF_OTHERS != 0 {
            return Err(Error::Mode { path, mode, wanted: 0o600 });
        }
        let mut bytes = vec![];
        let read = file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(Error::io("read", &path))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            let what = format!("more than {MAX_FILE_BYTES} bytes");
            return Err(Error::Malformed { path, at: "its length".to_owned(), what });
        }
        Ok(Some((bytes, Stamp::of(&metadata))))
    }

    /// Replaces a file, or makes it.
    pub(super) fn write(&self, _turn: &Lock, name: &str, contents: &[u8]) -> Result<(), Error> {
        let (path, new) = (self.file(name), self.file(&format!(".{name}.new")));
        write_through(&new, contents).map_err(Error::io("write", &new))?;
        fs::rename(&new, &path).map_err(Error::io("replace", &path))?;
        // the new name is on the disk when its directory is
        let synced = File::open(&self.path).and_then(|directory| directory.sync_all());
        synced.map_err(Error::io("write", &self.path))
    }

    /// What tells whether a file was replaced; nothing if there is none.
    pub(super) fn stamp(&self, name: &str) -> Option<Stamp> {
        fs::metadata(self.file(name)).ok().map(|metadata| Stamp::of(&metadata))
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp(metadata.ino(), metadata.mtime(), metadata.mtime_nsec(), metadata.len())
    }
}

fn write_through(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
