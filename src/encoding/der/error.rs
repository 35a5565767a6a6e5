//! What is refused, and where.

use super::Tag;
use core::fmt;

/// Why an input is not the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at an offset of a DER input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The input ends inside an element.
    Truncated,
    /// Something stands behind the end of the value.
    Trailing,
    /// Another element was expected.
    Tag {
        /// The tag that belongs here.
        expected: Tag,
        /// The tag that stands here.
        found: Tag,
    },
    /// A tag of more than one octet.
    LongTag,
    /// A length that leaves the end open: BER, not DER.
    IndefiniteLength,
    /// A length in more octets than it needs: BER, not DER.
    LongLength,
    /// An integer without octets.
    EmptyInteger,
    /// An integer in more octets than it needs.
    LongInteger,
    /// A negative integer.
    NegativeInteger,
    /// A bit string that does not end with a whole octet.
    UnusedBits,
    /// A value that the structure does not allow here; says which.
    Value(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DER at offset {}: ", self.offset)?;
        match self.reason {
            Reason::Truncated => f.write_str("the input ends inside an element"),
            Reason::Trailing => f.write_str("bytes behind the end of the value"),
            Reason::Tag { expected, found } => write!(f, "expected {expected}, found {found}"),
            Reason::LongTag => f.write_str("a tag of more than one octet"),
            Reason::IndefiniteLength => f.write_str("indefinite length (BER, not DER)"),
            Reason::LongLength => f.write_str("length not in its shortest form (BER, not DER)"),
            Reason::EmptyInteger => f.write_str("integer without octets"),
            Reason::LongInteger => f.write_str("integer not in its shortest form"),
            Reason::NegativeInteger => f.write_str("negative integer"),
            Reason::UnusedBits => f.write_str("bit string of part of an octet"),
            Reason::Value(what) => f.write_str(what),
        }
    }
}

impl core::error::Error for Error {}
