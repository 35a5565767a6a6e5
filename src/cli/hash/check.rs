//! `jotlab hash ALG --check FILE`: a list as `sha256sum` writes it against the files it names.

use super::{Format, digest};
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::{input, voice};
use crate::sha2::Algorithm;
use serde_json::{Value, json};

/// The longest name that is shown, in characters: the longest path of Linux.
const MAX_SHOWN: usize = 4096;

/// Checks each line. What is wrong with one does not stop the others; the worst of it is the exit code.
pub(super) fn run(algorithm: Algorithm, list: &str, format: Format) -> Done {
    let bytes = input::payload(list)?;
    let mut tally =
        Tally { format, exit: Exit::Yes, files: vec![], broken: vec![], counts: [0; 2] };
    for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        // as sha256sum: CRLF is a line's end too, an empty line and a comment say nothing
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        match entry(algorithm, line) {
            Ok((expected, name)) => tally.check(algorithm, &expected, &name)?,
            Err(why) => tally.broken(list, number, why),
        }
    }
    tally.end(algorithm, list)
}

/// The digest and the name of a line: hex, a blank, then a blank or `*` (text or binary: the same here), or as
/// [`tagged`].
fn entry(algorithm: Algorithm, line: &[u8]) -> Result<(Vec<u8>, String), &'static str> {
    let line = str::from_utf8(line).map_err(|_| "not UTF-8")?;
    let (line, escaped) = match line.strip_prefix('\\') {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let outline = "expected a digest, two blanks, a name";
    let (digits, name) = if let Some(entry) = tagged(algorithm, line) {
        entry
    } else {
        let (digits, name) = line.split_once(' ').ok_or(outline)?;
        (digits, name.strip_prefix([' ', '*']).filter(|name| !name.is_empty()).ok_or(outline)?)
    };
    let expected = hex::decode(digits).map_err(|_| "the digest is not hex")?;
    if expected.len() != algorithm.digest_bytes() {
        return Err("a digest of another length: of another algorithm?");
    }
    let name = if escaped { unescape(name)? } else { name.to_owned() };
    Ok((expected, name))
}

/// The digest and the name of a line as `sha256sum --tag` writes it: `SHA256 (name) = digest`.
fn tagged(algorithm: Algorithm, line: &str) -> Option<(&str, &str)> {
    let tag = algorithm.command_name().to_uppercase();
    let (name, digits) = line.strip_prefix(&tag)?.strip_prefix(" (")?.rsplit_once(") = ")?;
    (!name.is_empty()).then_some((digits, name))
}

fn unescape(name: &str) -> Result<String, &'static str> {
    let mut letters = name.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next() {
                Some('\\') => '\\',
                Some('n') => '\n',
                Some('r') => '\r',
                _ => return Err("the name has an escape that is none of \\\\, \\n and \\r"),
            },
            other => other,
        });
    }
    Ok(plain)
}

/// What has been found so far.
struct Tally {
    format: Format,
    exit: Exit,
    files: Vec<Value>,
    broken: Vec<Value>,
    /// Files that agree, and files that differ.
    counts: [usize; 2],
}

impl Tally {
    fn check(&mut self, algorithm: Algorithm, expected: &[u8], name: &str) -> Result<(), Fault> {
        let found = match digest(algorithm, name) {
            Ok(found) => found,
            Err(fault) => {
                self.files.push(json!({"name": name, "result": "unreadable"}));
                self.exit = self.exit.max(voice::fault(&fault));
                return Ok(());
            }
        };
        let (result, word) = if found.as_bytes() == expected {
            self.counts[0] += 1;
            ("ok", voice::good("OK"))
        } else {
            self.counts[1] += 1;
            self.exit = self.exit.max(Exit::No);
            ("failed", voice::bad("FAILED"))
        };
        match self.format {
            Format::Text => voice::out(&format!("{}: {word}\n", voice::shown(name, MAX_SHOWN))),
            Format::Json => {
                self.files.push(json!({"name": name, "result": result}));
                Ok(())
            }
        }
    }

    fn broken(&mut self, list: &str, number: usize, why: &str) {
        self.broken.push(json!({"line": number, "error": why}));
        let list = voice::shown(list, 200);
        let fault = Fault::malformed(format_args!("{list}: line {number}: {why}"));
        self.exit = self.exit.max(voice::fault(&fault));
    }

    fn end(self, algorithm: Algorithm, list: &str) -> Done {
        let [agree, differ] = self.counts;
        if self.format == Format::Json {
            voice::out_json(&json!({
                "algorithm": algorithm.command_name(), "files": self.files, "broken": self.broken,
                "ok": agree, "failed": differ,
            }))?;
        }
        if differ > 0 {
            voice::note(&format!("{differ} of {} digests differ", agree + differ));
        }
        // nothing ran is no success
        if agree + differ == 0 && self.exit == Exit::Yes {
            let list = voice::shown(list, 200);
            return Err(Fault::usage(format_args!("{list}: no digest to check")));
        }
        Ok(self.exit)
    }
}
