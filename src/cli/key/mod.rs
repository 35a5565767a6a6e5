//! `jotlab key`: make, show, convert and check keys of any form.

mod convert;
mod make;
mod show;

use super::exit::{Done, Exit, Fault};
use super::voice;
use crate::jose::{Jwk, JwkSet};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Make a new key and print it as a private JWK
    New(make::Args),
    /// Say what a key file holds; private numbers are never shown
    Show(show::ShowArgs),
    /// The public half as a JWK or JWK Set
    Public(convert::PublicArgs),
    /// Write a key in another form
    Convert(convert::Args),
    /// The thumbprint of RFC 7638, in base64url
    Thumbprint(show::ThumbprintArgs),
    /// Name what is weak or odd about keys
    Lint(show::LintArgs),
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::New(args) => make::run(args),
        Command::Show(args) => show::show(args),
        Command::Public(args) => convert::public(args),
        Command::Convert(args) => convert::run(args),
        Command::Thumbprint(args) => show::thumbprint(args),
        Command::Lint(args) => show::lint(args),
    }
}

/// The one key that is meant: the only one of the file, or the one of this kid.
fn one<'s>(set: &'s JwkSet, kid: Option<&str>) -> Result<&'s Jwk, Fault> {
    let meant = |key: &&Jwk| kid.is_none() || key.kid() == kid;
    let keys: Vec<&Jwk> = set.keys().iter().filter(meant).collect();
    match keys[..] {
        [key] => Ok(key),
        [] => {
            let why = set.unusable().first().map_or_else(String::new, |key| format!("; {key}"));
            Err(Fault::new(Exit::Key, format_args!("no such key{why}")))
        }
        _ => {
            let names =
                keys.iter().take(8).map(|key| voice::shown(key.kid().unwrap_or("(no kid)"), 60));
            let names = names.collect::<Vec<_>>().join(", ");
            let what = format!("{} keys, where one is meant: {names}", keys.len());
            Err(Fault::new(Exit::Key, what).hint("--kid KID names one"))
        }
    }
}

/// Whether a file holds something that only its owner may read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Private,
    Public,
}

/// Writes to a new file, or to stdout without one. An existing file is never written over.
fn write(out: Option<&str>, contents: &[u8], content: Content) -> Result<(), Fault> {
    let Some(path) = out else { return voice::out_bytes(contents) };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if content == Content::Private {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let shown = voice::shown(path, 200);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Fault::usage(format_args!("{shown} is there already: not overwritten"))
        }
        _ => Fault::usage(format_args!("cannot write {shown}: {error}")),
    })?;
    file.write_all(contents)
        .and_then(|()| file.sync_all())
        .map_err(|error| Fault::usage(format_args!("cannot write {shown}: {error}")))
}

/// A key or a set as JSON for people: indented, with a newline at the end.
fn pretty(value: &serde_json::Value) -> Vec<u8> {
    super::voice::json_text(&format!("{value:#}\n")).into_bytes()
}

fn content_of(key: &Jwk) -> Content {
    if key.is_private() { Content::Private } else { Content::Public }
}
