//! `jotlab hash`: digests in the format of sha256sum, made and checked.

use super::exit::{Done, Exit, Fault};
use super::{input, voice};
use crate::sha2::{Algorithm, Hasher};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// Bytes that are read at once: memory does not grow with the file.
const PIECE: usize = 64 << 10;
/// Work that takes longer than this shows its progress.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(super) struct Args {
    /// sha224, sha256, sha384, sha512, sha512-224 or sha512-256
    #[arg(value_name = "ALG")]
    algorithm: Algorithm,
    /// Files, - being stdin; without any, stdin
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Check the digests that this file lists
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    check: Option<String>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    if let Some(list) = &args.check {
        return check(args.algorithm, list, args.json);
    }
    let digest = |path: &str| {
        let mut hasher = Hasher::new(args.algorithm);
        feed(path, |piece| hasher.update(piece))?;
        Ok(hasher.finish().to_string())
    };
    report(args.algorithm, &args.files, args.json, "digest", digest)
}

/// A line for every file, those that cannot be read named and passed over.
pub(super) fn report(
    algorithm: Algorithm,
    files: &[String],
    as_json: bool,
    what: &str,
    mut value_of: impl FnMut(&str) -> Result<String, Fault>,
) -> Done {
    let stdin = ["-".to_owned()];
    let files = if files.is_empty() { &stdin[..] } else { files };
    let mut exit = Exit::Yes;
    let mut entries: Vec<Value> = vec![];
    for path in files {
        match value_of(path) {
            Ok(value) if as_json => entries.push(json!({ "file": path, what: value })),
            Ok(value) => voice::out(&line(&value, path))?,
            Err(fault) => exit = exit.max(voice::fault(&fault)),
        }
    }
    if as_json {
        voice::out_json(&json!({ "alg": algorithm.name(), "files": entries }))?;
    }
    Ok(exit)
}

/// `<hex>  <name>`; a name with a backslash or a line feed is escaped, and a backslash in front says so.
fn line(value: &str, path: &str) -> String {
    if path.contains(['\\', '\n', '\r']) {
        let path = path.replace('\\', r"\\").replace('\n', r"\n").replace('\r', r"\r");
        return format!("\\{value}  {path}\n");
    }
    format!("{value}  {path}\n")
}

/// Reads a path piece by piece. On a terminal long work shows how far it is.
pub(super) fn feed(path: &str, mut take: impl FnMut(&[u8])) -> Result<(), Fault> {
    let mut reader = input::open(path)?;
    let length = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len());
    let start = Instant::now();
    let mut bar: Option<ProgressBar> = None;
    let mut done = 0;
    let mut piece = vec![0; PIECE];
    loop {
        let count = match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(input::cannot_read(path, &error)),
        };
        take(&piece[..count]);
        done += count as u64;
        if bar.is_none() && voice::is_watched() && start.elapsed() > PATIENCE {
            bar = Some(bytes_bar(length));
        }
        bar.iter().for_each(|bar| bar.set_position(done));
    }
    bar.iter().for_each(ProgressBar::finish_and_clear);
    Ok(())
}

fn bytes_bar(length: Option<u64>) -> ProgressBar {
    let Some(length) = length else { return ProgressBar::new_spinner() };
    let template = "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style)
}

/// What a line of a list came to.
enum Checked {
    Same,
    Differs,
    Unreadable(Fault),
}

fn check(algorithm: Algorithm, list: &str, as_json: bool) -> Done {
    let text = input::read(list, 64 << 20)?;
    let text = String::from_utf8(text)
        .map_err(|error| Fault::malformed(format_args!("{list}: {error}")))?;
    let mut exit = None;
    let mut entries = vec![];
    for (number, entry) in text.lines().enumerate() {
        let parsed = parse_line(algorithm, entry);
        let Some((digest, path)) = parsed else {
            let (list, number) = (voice::shown(list, 200), number + 1);
            let what = format!("{list}, line {number}: not \"<{algorithm} digest>  <name>\"");
            return Err(Fault::malformed(what));
        };
        let checked = compare(algorithm, &digest, &path);
        let (word, code) = match &checked {
            Checked::Same => ("OK", Exit::Yes),
            Checked::Differs => ("FAILED", Exit::No),
            Checked::Unreadable(fault) => ("FAILED to read", voice::fault(fault)),
        };
        exit = exit.max(Some(code));
        if as_json {
            entries.push(json!({ "file": path, "result": word }));
        } else {
            voice::out(&format!("{}: {word}\n", voice::shown(&path, 4096)))?;
        }
    }
    if as_json {
        voice::out_json(&json!({ "alg": algorithm.name(), "files": entries }))?;
    }
    exit.ok_or_else(|| Fault::usage(format_args!("{}: nothing to check", voice::shown(list, 200))))
}

fn compare(algorithm: Algorithm, digest: &[u8], path: &str) -> Checked {
    let mut hasher = Hasher::new(algorithm);
    match feed(path, |piece| hasher.update(piece)) {
        Err(fault) => Checked::Unreadable(fault),
        Ok(()) if hasher.finish().as_bytes() == digest => Checked::Same,
        Ok(()) => Checked::Differs,
    }
}

/// The digest and the name in a line as sha256sum writes it, in text (`  `) or binary (` *`) mode.
fn parse_line(algorithm: Algorithm, line: &str) -> Option<(Vec<u8>, String)> {
    let (line, escaped) = match line.strip_prefix('\\') {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (digits, rest) = line.split_at_checked(2 * algorithm.digest_bytes())?;
    let digest = hex::decode(digits).ok()?;
    let name =
        rest.strip_prefix("  ").or(rest.strip_prefix(" *")).filter(|name| !name.is_empty())?;
    if !escaped {
        return Some((digest, name.to_owned()));
    }
    let mut unescaped = String::new();
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        unescaped.push(match letter {
            '\\' => match letters.next()? {
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            other => other,
        });
    }
    Some((digest, unescaped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_whatever_the_name() {
        for name in ["a", "a b", "a\\b", "a\nb", "*", " "] {
            let hex = Algorithm::Sha256.digest(b"").to_string();
            let (digest, parsed) =
                parse_line(Algorithm::Sha256, line(&hex, name).trim_end_matches('\n')).unwrap();
            assert_eq!((hex::encode(digest), parsed.as_str()), (hex, name));
        }
        assert!(parse_line(Algorithm::Sha256, "00  a").is_none());
        assert!(parse_line(Algorithm::Sha256, &format!("{}a", "0".repeat(64))).is_none());
        assert!(parse_line(Algorithm::Sha256, "é".repeat(40).as_str()).is_none());
    }
}
