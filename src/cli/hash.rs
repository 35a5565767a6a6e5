//! `jotlab hash`: digests of files in the format of `sha256sum`, and the check of such a list.

mod check;
mod stream;

pub(super) use stream::stream;

use super::exit::{Done, Exit, Fault};
use super::voice;
use crate::sha2::{Algorithm, Digest, Hasher};
use serde_json::json;
use std::io::{self, IsTerminal};

/// What `jotlab hash` takes.
#[derive(clap::Args)]
pub(super) struct Args {
    /// sha224, sha256, sha384, sha512, sha512-224 or sha512-256
    #[arg(value_name = "ALG")]
    algorithm: Algorithm,
    /// Files to hash, - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<String>,
    /// Check the digests that FILE lists, as `sha256sum --check` does
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    check: Option<String>,
    /// Give one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let algorithm = args.algorithm;
    if let Some(list) = &args.check {
        return check::run(algorithm, list, args.json.into());
    }
    let listing =
        Listing { algorithm, files: &args.files, member: "digest", format: args.json.into() };
    listing.print(|path| digest(algorithm, path).map(|digest| digest.to_string()))
}

/// The digest of a file of any size.
fn digest(algorithm: Algorithm, path: &str) -> Result<Digest, Fault> {
    let mut hasher = Hasher::new(algorithm);
    stream(path, |piece| hasher.update(piece))?;
    Ok(hasher.finish())
}

/// How a result is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Lines.
    Text,
    /// One object.
    Json,
}

impl From<bool> for Format {
    /// From whether `--json` was given.
    fn from(json: bool) -> Format {
        if json { Format::Json } else { Format::Text }
    }
}

/// Files whose digests or codes are listed.
pub(super) struct Listing<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) files: &'a [String],
    /// What the hex is called in JSON.
    pub(super) member: &'static str,
    pub(super) format: Format,
}

impl Listing<'_> {
    /// One line a file. A file that cannot be read is reported, and the others are listed all the same.
    pub(super) fn print(&self, hex: impl Fn(&str) -> Result<String, Fault>) -> Done {
        let mut exit = Exit::Yes;
        let mut files = vec![];
        for name in self.files {
            match (hex(name), self.format) {
                (Ok(hex), Format::Text) => voice::out_bytes(line(&hex, name).as_bytes())?,
                (Ok(hex), Format::Json) => files.push(json!({"name": name, self.member: hex})),
                (Err(fault), _) => {
                    files.push(json!({"name": name, "error": fault.message}));
                    exit = exit.max(voice::fault(&fault));
                }
            }
        }
        if self.format == Format::Json {
            let algorithm = self.algorithm.command_name();
            voice::out_json(&json!({"algorithm": algorithm, "files": files}))?;
        }
        Ok(exit)
    }
}

/// A line as sha256sum writes it: with a backslash before it where the name had to be escaped.
fn line(hex: &str, name: &str) -> String {
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    // a script gets the name byte by byte, a terminal no control character
    let shown =
        if io::stdout().is_terminal() { escaped.replace(char::is_control, "?") } else { escaped };
    format!("{mark}{hex}  {shown}\n")
}
