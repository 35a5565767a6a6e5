//! The files of `src/`, for the tests that read the source.

use std::path::{Path, PathBuf};

/// One source file.
pub(crate) struct Source {
    /// Below `src`, with `/` on every system: `rsa/key.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every `src/**/*.rs`, by path, but the adapters that are printed for others: they are no part of the crate.
pub(crate) fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    let mut folders: Vec<PathBuf> = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("crosscheck/adapters") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let below = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source { path: below, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
