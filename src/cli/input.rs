//! What users give: `TEXT`, `@FILE`, `-` for stdin; `hex:…` and `b64u:…` for bytes; paths of keys.

use super::exit::{Exit, Fault};
use crate::base64;
use crate::jose::{Jwk, JwkSet, MAX_KEYS_BYTES, MAX_TOKEN_BYTES};
use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

/// The most bytes of a payload or a secret.
const MAX_PAYLOAD_BYTES: usize = 256 << 20;

/// Whether stdin was read to its end: it gives what it holds once.
static STDIN_IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Opens a path, `-` being stdin.
pub(super) fn open(path: &str) -> Result<Box<dyn Read>, Fault> {
    if path == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(cannot_read(path, &error)),
    }
}

pub(super) fn cannot_read(path: &str, error: &io::Error) -> Fault {
    Fault::usage(format_args!("cannot read {}: {error}", super::voice::shown(path, 200)))
}

/// All bytes of a path, which may be `-` for one of the inputs; more than `most` are refused.
pub(super) fn read(path: &str, most: usize) -> Result<Vec<u8>, Fault> {
    if path == "-" && STDIN_IS_TAKEN.swap(true, Ordering::Relaxed) {
        return Err(Fault::usage("stdin can be one of the inputs, and it was read already"));
    }
    let mut bytes = vec![];
    let limit = most as u64 + 1;
    open(path)?.take(limit).read_to_end(&mut bytes).map_err(|error| cannot_read(path, &error))?;
    if bytes.len() > most {
        let path = super::voice::shown(path, 200);
        return Err(Fault::malformed(format_args!("{path}: more than {most} bytes")));
    }
    Ok(bytes)
}

/// The text of a value: as given, of a file, or of stdin.
fn text(value: &str, most: usize) -> Result<Vec<u8>, Fault> {
    match value.strip_prefix('@') {
        Some(path) => read(path, most),
        None if value == "-" => read("-", most),
        None => Ok(value.as_bytes().to_vec()),
    }
}

/// A token. From a file or stdin it may end in one newline, which is no part of it.
pub(super) fn token(value: &str) -> Result<String, Fault> {
    // the newline, and a byte more so that too long a token is seen as one
    let bytes = trimmed(value, text(value, MAX_TOKEN_BYTES + 2)?);
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Fault::malformed(format_args!("token at offset {offset}: not UTF-8"))
    })
}

/// A line of text that is no token: base64url of any length.
pub(super) fn line(value: &str) -> Result<Vec<u8>, Fault> {
    Ok(trimmed(value, text(value, MAX_PAYLOAD_BYTES)?))
}

/// What editors and `echo` put at the end of a file: one newline, and only that.
fn trimmed(value: &str, mut bytes: Vec<u8>) -> Vec<u8> {
    if (value == "-" || value.starts_with('@')) && bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    bytes
}

/// Bytes: `hex:…`, `b64u:…`, `@FILE`, `-`, or the text itself.
pub(super) fn bytes(value: &str) -> Result<Vec<u8>, Fault> {
    if let Some(digits) = value.strip_prefix("hex:") {
        return hex::decode(digits).map_err(|error| Fault::malformed(format_args!("hex: {error}")));
    }
    if let Some(letters) = value.strip_prefix("b64u:") {
        return base64::decode_url(letters).map_err(Fault::malformed);
    }
    text(value, MAX_PAYLOAD_BYTES)
}

/// A secret: like bytes, and `env:NAME` besides.
pub(super) fn secret(value: &str) -> Result<Vec<u8>, Fault> {
    match value.strip_prefix("env:") {
        Some(name) => match std::env::var_os(name) {
            Some(value) => Ok(value.into_encoded_bytes()),
            None => Err(Fault::usage(format_args!("the environment has no {name}"))),
        },
        None => bytes(value),
    }
}

/// A payload that is read as it is.
pub(super) fn payload(path: &str) -> Result<Vec<u8>, Fault> {
    read(path, MAX_PAYLOAD_BYTES)
}

/// Keys of a file of any form.
pub(super) fn keys(path: &str) -> Result<JwkSet, Fault> {
    let bytes = read(path, MAX_KEYS_BYTES)?;
    parse_keys(path, &bytes)
        .map_err(|fault| fault.hint("jotlab key show FILE tells what a key file holds"))
}

/// Keys from bytes that were read from a path.
pub(super) fn parse_keys(path: &str, bytes: &[u8]) -> Result<JwkSet, Fault> {
    JwkSet::from_file_contents(bytes).map_err(|error| {
        let exit = if error.is_of_another_algorithm() { Exit::Key } else { Exit::Malformed };
        Fault::new(exit, format_args!("{}: {error}", super::voice::shown(path, 200)))
    })
}

/// The key from `--key` or `--secret`, whichever was given.
pub(super) fn key_set(key: Option<&str>, secret_value: Option<&str>) -> Result<JwkSet, Fault> {
    match (key, secret_value) {
        (Some(path), None) => keys(path),
        (None, Some(value)) => match Jwk::from_secret(secret(value)?) {
            Ok(jwk) => Ok(jwk.into()),
            Err(error) => Err(Fault::new(Exit::Key, error)
                .hint("verify a key pair's token with --key, not with --secret")),
        },
        _ => Err(Fault::usage("one of --key and --secret is needed")),
    }
}
