//! Why a number is refused.

use core::fmt;

/// Why a number cannot be used with, or as, a modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// A modulus must be odd and at least 3.
    NotOddAboveOne,
    /// The number does not fit: not below the modulus, or too many words.
    TooLarge,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::NotOddAboveOne => "a modulus must be odd and at least 3",
            Error::TooLarge => "the number is not below the modulus",
        })
    }
}

impl core::error::Error for Error {}
