//! Why a token cannot be parsed: the part, the offset, the reason.

use super::header_error::HeaderError;
use super::json::{self, bounded};
use super::jws::MAX_TOKEN_BYTES;
use crate::base64;
use core::fmt;

/// Why a token cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The part that is wrong.
    pub part: Part,
    /// Bytes from the start of the token; for [`Reason::Header`] the reason counts in the decoded header.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

impl Malformed {
    /// A header that breaks a rule.
    pub fn header(error: HeaderError) -> Malformed {
        Malformed { part: Part::Header, offset: 0, reason: Reason::Header(error) }
    }

    /// A part that begins at an offset of the token and is not base64url.
    pub(super) fn base64(part: Part, at: usize, error: base64::Error) -> Malformed {
        let reason = Reason::Base64(error.reason);
        Malformed { part, offset: at + error.offset, reason }
    }
}

/// A part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The token as a whole.
    Token,
    /// The protected or the unprotected header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}

/// What is wrong with a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// So many bytes, more than [`MAX_TOKEN_BYTES`].
    TooLong(usize),
    /// It is not put together as a token is; says how.
    Structure(&'static str),
    /// Not base64url.
    Base64(base64::Reason),
    /// Not strict JSON.
    Json(json::Reason),
    /// The header breaks a rule.
    Header(HeaderError),
    /// A member of the JSON serialization is wrong.
    Member(String),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Token => "token",
            Part::Header => "header",
            Part::Payload => "payload",
            Part::Signature => "signature",
        };
        match &self.reason {
            // the header's own words have the offset in its JSON
            Reason::Header(error) => write!(f, "{part}: {error}"),
            Reason::Member(what) => write!(f, "{part}: {}", bounded(what)),
            reason => write!(f, "{part} at offset {}: {reason}", self.offset),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::TooLong(bytes) => write!(f, "{bytes} bytes, more than {MAX_TOKEN_BYTES}"),
            Reason::Structure(what) => f.write_str(what),
            Reason::Base64(reason) => write!(f, "base64url: {reason}"),
            Reason::Json(reason) => json::Error { offset: 0, reason: reason.clone() }.fmt(f),
            Reason::Header(error) => error.fmt(f),
            Reason::Member(what) => f.write_str(&bounded(what)),
        }
    }
}

impl core::error::Error for Malformed {}
