//! Why a text is no strict JSON: the offset and what is wrong there.

use super::{MAX_DEPTH, bounded};
use core::fmt;

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the text.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at an offset of a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Something else belongs here.
    Expected(&'static str),
    /// The object has a member of this name already (RFC 7515 §4, RFC 7519 §4).
    Duplicate(String),
    /// Something stands behind the value.
    Trailing,
    /// A byte order mark in front.
    ByteOrderMark,
    /// Not UTF-8.
    NotUtf8,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// A control character that is not escaped.
    ControlCharacter,
    /// A number beyond what a double can hold.
    NotFinite,
    /// More nested than [`MAX_DEPTH`].
    TooDeep,
    /// The type is not the one that is wanted.
    Type(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JSON at offset {}: ", self.offset)?;
        match &self.reason {
            Reason::Expected(what) => write!(f, "expected {what}"),
            Reason::Duplicate(name) => write!(f, "duplicate member \"{}\"", bounded(name)),
            Reason::Trailing => f.write_str("text behind the value"),
            Reason::ByteOrderMark => f.write_str("a byte order mark"),
            Reason::NotUtf8 => f.write_str("not UTF-8"),
            Reason::LoneSurrogate => f.write_str("half of a surrogate pair"),
            Reason::ControlCharacter => f.write_str("a control character that is not escaped"),
            Reason::NotFinite => f.write_str("a number that is not finite"),
            Reason::TooDeep => write!(f, "nested deeper than {MAX_DEPTH}"),
            Reason::Type(what) => f.write_str(&bounded(what)),
        }
    }
}

impl core::error::Error for Error {}
