//! Why a JOSE header is refused.

use super::json::{self, bounded};
use core::fmt;

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// Not a strict JSON object.
    Json(json::Error),
    /// A member that must be there is not.
    Missing(&'static str),
    /// A member has the wrong JSON type.
    Type {
        /// Its name.
        name: &'static str,
        /// The type it must have.
        expected: &'static str,
        /// The type it has.
        found: &'static str,
    },
    /// `crit` breaks a rule of its own; says which.
    Crit(&'static str),
    /// `crit` lists an extension that is not understood here.
    NotUnderstood(String),
    /// `b64` is false and `crit` does not list it.
    B64NotCritical,
    /// The member must be in the protected header.
    Unprotected(&'static str),
    /// The member stands in the protected and in the unprotected header.
    InBoth(String),
}

impl From<json::Error> for HeaderError {
    fn from(error: json::Error) -> Self {
        HeaderError::Json(error)
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::Json(error) => error.fmt(f),
            HeaderError::Missing(name) => write!(f, "\"{name}\" is missing (RFC 7515 §4.1.1)"),
            HeaderError::Type { name, expected, found } => {
                write!(f, "\"{name}\" is {found}, not {expected}")
            }
            HeaderError::Crit(why) => write!(f, "\"crit\" {why} (RFC 7515 §4.1.11)"),
            HeaderError::NotUnderstood(name) => {
                let name = bounded(name);
                write!(f, "\"crit\" demands \"{name}\", which is not understood (RFC 7515 §4.1.11)")
            }
            HeaderError::B64NotCritical => {
                f.write_str("\"b64\" is false but \"crit\" does not list it (RFC 7797 §6)")
            }
            HeaderError::Unprotected(name) => {
                write!(f, "\"{name}\" is not in the protected header")
            }
            HeaderError::InBoth(name) => {
                let name = bounded(name);
                write!(f, "\"{name}\" is in both headers (RFC 7515 §7.2.1)")
            }
        }
    }
}

impl core::error::Error for HeaderError {}
