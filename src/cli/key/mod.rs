//! `jotlab key`: make, show, convert and check keys of any form.

mod convert;
mod lint;
mod new;
mod output;
mod public;
mod show;
mod thumbprint;

use super::exit::{Done, Exit, Fault};
use super::{input, voice};
use crate::jose::{Jwk, JwkSet, MAX_KEYS_BYTES};

/// What `jotlab key` does. A key file is PEM (certificates too), DER, a JWK or a JWK Set, told apart by
/// content.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Make a key and print it as a private JWK
    New(new::Args),
    /// Show what a key file holds, without anything private
    Show(show::Args),
    /// Give the public half as a JWK, or of a set as a JWK Set
    Public(public::Args),
    /// Write a key in another form
    Convert(convert::Args),
    /// Thumbprints of keys (RFC 7638)
    Thumbprint(thumbprint::Args),
    /// Name what is weak or odd; exit code 1 if a key must not be used
    Lint(lint::Args),
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::New(args) => new::run(args),
        Command::Show(args) => show::run(args),
        Command::Public(args) => public::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Thumbprint(args) => thumbprint::run(args),
        Command::Lint(args) => lint::run(args),
    }
}

/// The keys of a file.
fn read(path: &str) -> Result<JwkSet, Fault> {
    input::parse_keys(path, &input::read(path, MAX_KEYS_BYTES)?)
}

/// Says which keys of a set cannot be used, so that none is left out in silence.
fn note_unusable(set: &JwkSet) {
    set.unusable().iter().for_each(|unusable| voice::note(&format!("left out: {unusable}")));
}

/// A file without a key that can be used.
fn no_keys(path: &str) -> Fault {
    Fault::new(Exit::Key, format_args!("{}: no key that can be used", voice::shown(path, 200)))
}

/// What a key is called in a message. A secret has no public name but its kid.
fn label(key: &Jwk) -> String {
    match key.kid() {
        Some(kid) => format!("{} key \"{}\"", key.kty(), voice::shown(kid, 60)),
        None => format!("{} key without kid", key.kty()),
    }
}
