//! Reading suites: one reader a format, all giving the same model of a case.
//!
//! | file | format |
//! |---|---|
//! | `native` | `jotlab-vectors/1`, our own |
//! | `wycheproof` | Wycheproof's JSON, version 1 |
//! | `cavp` | NIST's `.rsp`, `.req` and `.txt` |
//! | `acvp` | NIST's ACVP JSON: prompt and answers, internal projection, wire form |
//! | `cookbook` | the JSON of RFC 7520's examples |
//! | `flat` | one flat list of tests with whole tokens |
//!
//! The format is told by what a file holds, never by its name.

mod acvp;
mod cavp;
mod cookbook;
mod flat;
mod native;
mod node;
mod overlay;
mod wycheproof;

pub use overlay::{Known, KnownError};

use super::case::Suite;
use crate::jose::json;
use core::fmt;
use node::JsonPath;
use serde_json::{Map, Value};

/// What a file turned out to be.
#[derive(Clone, Debug)]
pub enum Contents {
    /// Cases.
    Suite(Suite),
    /// Of a known format, and nothing in it is for this runner: why.
    OutOfScope(String),
    /// Nothing that a reader knows: why.
    Unknown(String),
}

/// The files beside the one that is read, by name: some formats spread a suite over two.
pub type Beside<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// Reads a file. `file` is what errors and reports call it.
///
/// # Errors
///
/// When it is of a known format and broken: where, and which rule.
pub fn read(file: &str, bytes: &[u8], beside: Beside<'_>) -> Result<Contents, ReadError> {
    match bytes.trim_ascii_start().first() {
        None => Ok(Contents::Unknown("the file is empty".to_owned())),
        // the reader of JSON says what is wrong with it
        Some(0xef) if bytes.starts_with(b"\xef\xbb\xbf{") => read_json(file, bytes, beside),
        Some(b'[') if cavp::starts_with_section(bytes) => cavp::read(file, bytes),
        Some(b'{' | b'[') => read_json(file, bytes, beside),
        Some(_) => cavp::read(file, bytes),
    }
}

fn read_json(file: &str, bytes: &[u8], beside: Beside<'_>) -> Result<Contents, ReadError> {
    let value: Value = match json::parse(bytes) {
        Ok(value) => value,
        // JSON that does not parse may be a broken suite, or anything else
        Err(error) => {
            return match looks_like(bytes) {
                Some(format) => {
                    let what = format!("{error} (it looks like {format})");
                    Err(ReadError::at(file, format!("offset {}", error.offset), what))
                }
                None => {
                    Ok(Contents::Unknown(format!("no format that is known here; as JSON: {error}")))
                }
            };
        }
    };
    match &value {
        Value::Object(root) => read_object(file, &value, root, beside),
        Value::Array(parts) if acvp::is_wire(parts) => acvp::read_wire(file, parts, beside),
        _ => Ok(Contents::Unknown("JSON of no format that is known here".to_owned())),
    }
}

fn read_object(
    file: &str,
    value: &Value,
    root: &Map<String, Value>,
    beside: Beside<'_>,
) -> Result<Contents, ReadError> {
    let has = |names: &[&str]| names.iter().all(|name| root.contains_key(*name));
    if has(&["format", "suite"]) {
        return native::read(file, root).map(Contents::Suite);
    }
    if has(&["testGroups", "numberOfTests"]) || has(&["testGroups", "schema"]) {
        return wycheproof::read(file, root);
    }
    if has(&["testGroups", "vsId"]) || has(&["testGroups", "algorithm", "revision"]) {
        return acvp::read(file, value, beside);
    }
    if has(&["testType", "tests"]) {
        return flat::read(file, root);
    }
    if has(&["input"]) && (has(&["signing"]) || has(&["encrypting_content"])) {
        return cookbook::read(file, root);
    }
    Ok(Contents::Unknown("JSON of no format that is known here".to_owned()))
}

/// Which format broken JSON was meant to be, by the words in it.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const WORDS: [(&str, &str); 6] = [
        ("\"jotlab-vectors/", "a suite of jotlab"),
        ("\"numberOfTests\"", "a suite of Wycheproof"),
        ("\"vsId\"", "a suite of ACVP"),
        ("\"acvVersion\"", "a suite of ACVP"),
        ("\"testType\"", "a flat suite"),
        ("\"sig-input\"", "an example of RFC 7520's cookbook"),
    ];
    // they stand near the top; a hundred megabytes of anything are not searched for them
    let head = &bytes[..bytes.len().min(1 << 20)];
    let has = |word: &str| head.windows(word.len()).any(|window| window == word.as_bytes());
    WORDS.into_iter().find(|(word, _)| has(word)).map(|(_, format)| format)
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// Where: a JSON path, a line, an offset; empty for the whole file.
    pub at: String,
    /// What is wrong there.
    pub what: String,
}

impl ReadError {
    fn new(file: &str, path: &JsonPath, what: impl Into<String>) -> ReadError {
        ReadError::at(file, path.to_string(), what)
    }

    fn at(file: &str, at: impl Into<String>, what: impl Into<String>) -> ReadError {
        ReadError { file: file.to_owned(), at: at.into(), what: what.into() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReadError { file, at, what } = self;
        if at.is_empty() { write!(f, "{file}: {what}") } else { write!(f, "{file}: {at}: {what}") }
    }
}

impl core::error::Error for ReadError {}
