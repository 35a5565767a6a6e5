//! What is wrong with a bad code of HMAC: the secret in another spelling, another hash, a code cut short.
//!
//! A secret travels as text and is used as bytes. Whether the text itself is the key, or what it says in
//! hex or base 64, is nowhere written beside it: RFC 7518 §3.2 knows octets only.

use crate::base64::{decode_url, encode_standard, encode_url};
use crate::ct::Secret;
use crate::hmac::Hmac;
use crate::sha2::Algorithm;
use core::fmt;

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCode {
    /// The secret verifies in another spelling, or by another hash, or both.
    Secret {
        /// How the secret must be read.
        spelling: Spelling,
        /// By which hash it verifies.
        by: Algorithm,
        /// Which hash was asked for.
        asked: Algorithm,
    },
    /// The code is right as far as it goes.
    Cut {
        /// Bytes that are there.
        found: usize,
        /// Bytes that the hash gives.
        expected: usize,
    },
    /// The code is right, and stands there as hex text.
    HexText,
    /// Not as many bytes as the hash gives.
    Length {
        /// Bytes that are there.
        found: usize,
        /// Bytes that the hash gives.
        expected: usize,
    },
    /// Another message or another secret.
    Other,
}

/// How a secret is to be read, beside what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As it was given.
    Same,
    /// What was given is hex.
    FromHex,
    /// What was given is base 64 of the common alphabet.
    FromBase64,
    /// What was given is base64url.
    FromBase64Url,
    /// A newline belongs to its end.
    WithNewline,
    /// The newline at its end does not belong to it.
    WithoutNewline,
    /// Its hex text.
    AsHex,
    /// Its base 64 text.
    AsBase64,
    /// Its base64url text.
    AsBase64Url,
}

/// The hashes that JOSE has (RFC 7518 §3.2).
const HASHES: [Algorithm; 3] = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

/// What is wrong with a code; nothing where it verifies. It takes some thirty codes of the message.
pub fn hmac(hash: Algorithm, secret: &[u8], message: &[u8], tag: &[u8]) -> Option<BadCode> {
    let key = Hmac::new(hash, secret);
    if key.verify(message, tag) {
        return None;
    }
    let others = HASHES.into_iter().filter(|other| *other != hash);
    for (spelling, secret) in spellings(secret) {
        for by in [hash].into_iter().chain(others.clone()) {
            if Hmac::new(by, secret.expose()).verify(message, tag) {
                return Some(BadCode::Secret { spelling, by, asked: hash });
            }
        }
    }
    let right = key.mac(message);
    let (found, expected) = (tag.len(), right.len());
    Some(match hex::decode(tag) {
        Ok(bytes) if key.verify(message, &bytes) => BadCode::HexText,
        _ if found > 0 && right.starts_with(tag) => BadCode::Cut { found, expected },
        _ if found != expected => BadCode::Length { found, expected },
        _ => BadCode::Other,
    })
}

/// The secret in every spelling that it has.
fn spellings(secret: &[u8]) -> Vec<(Spelling, Secret)> {
    let bare = secret.strip_suffix(b"\n").map(|bare| bare.strip_suffix(b"\r").unwrap_or(bare));
    let text = bare.unwrap_or(secret);
    let mut spellings = vec![
        (Spelling::Same, secret.to_vec()),
        (Spelling::WithNewline, [secret, b"\n"].concat()),
        (Spelling::WithNewline, [secret, b"\r\n"].concat()),
        (Spelling::AsHex, hex::encode(secret).into_bytes()),
        (Spelling::AsBase64, encode_standard(secret).into_bytes()),
        (Spelling::AsBase64Url, encode_url(secret).into_bytes()),
    ];
    spellings.extend(bare.map(|bare| (Spelling::WithoutNewline, bare.to_vec())));
    spellings.extend(hex::decode(text).ok().map(|bytes| (Spelling::FromHex, bytes)));
    spellings.extend(from_base64(text));
    spellings.into_iter().map(|(spelling, bytes)| (spelling, Secret::new(bytes))).collect()
}

/// Base 64 of either alphabet, padded or not; which one is seen by its letters.
fn from_base64(text: &[u8]) -> Option<(Spelling, Vec<u8>)> {
    let text = str::from_utf8(text).ok()?;
    let url = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let spelling = if url == text { Spelling::FromBase64Url } else { Spelling::FromBase64 };
    Some((spelling, decode_url(&url).ok()?))
}

impl Spelling {
    /// The words behind "the secret verifies".
    fn words(self) -> &'static str {
        match self {
            Spelling::Same => "as it is",
            Spelling::FromHex => "decoded from hex",
            Spelling::FromBase64 => "decoded from base64",
            Spelling::FromBase64Url => "decoded from base64url",
            Spelling::WithNewline => "with a newline at its end",
            Spelling::WithoutNewline => "without the newline at its end",
            Spelling::AsHex => "as its hex text",
            Spelling::AsBase64 => "as its base64 text",
            Spelling::AsBase64Url => "as its base64url text",
        }
    }

    /// How to give the secret in this spelling.
    pub(super) fn hint(self) -> Option<&'static str> {
        match self {
            Spelling::FromHex => Some("give it as --secret hex:…"),
            Spelling::FromBase64Url => Some("give it as --secret b64u:…"),
            _ => None,
        }
    }
}

impl BadCode {
    /// The sentence without its section, and the section.
    pub(super) fn words(self) -> (String, &'static str) {
        let words = match self {
            BadCode::Secret { spelling: Spelling::Same, by, asked } => {
                format!("the code is by {by}, not by {asked}: the secret is right")
            }
            BadCode::Secret { spelling, by, asked } if by == asked => {
                format!("the secret verifies {}", spelling.words())
            }
            BadCode::Secret { spelling, by, asked } => {
                format!("the secret verifies {}, by {by}, not by {asked}", spelling.words())
            }
            BadCode::Cut { found, expected } => {
                format!("the code is right but cut short: {found} of {expected} bytes")
            }
            BadCode::HexText => "the code is right but stands there as hex text".to_owned(),
            BadCode::Length { found, expected } => {
                format!("the code has {found} bytes, the hash gives {expected}")
            }
            BadCode::Other => "the message was changed, or another secret signed it".to_owned(),
        };
        (words, "RFC 7518 §3.2")
    }
}

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, section) = self.words();
        write!(f, "{words} ({section})")
    }
}
