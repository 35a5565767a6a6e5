//! What a published set of keys must be: read strictly, and refused whole where it is none.
//!
//! A key of a kind that is not built here is passed over, as RFC 7517 §5 asks. What shows that a set was
//! published by mistake, or can be read in two ways, refuses all of it: then its other keys are no safer.

use crate::jose::json::{self, bounded};
use crate::jose::{JwkSet, JwkSetError};
use core::fmt;
use serde_json::Value;
use std::collections::BTreeMap;

/// Members that only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2).
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Reads a set that an issuer publishes.
///
/// # Errors
///
/// When it is no strict JWK Set, has no key that can be read, a private member anywhere, or one `kid` twice.
pub fn published(body: &[u8]) -> Result<JwkSet, SetError> {
    let set = JwkSet::parse(body)?;
    let members = json::parse_object(body).map_err(JwkSetError::Json)?;
    let keys = members.get("keys").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut names = BTreeMap::new();
    for (index, key) in keys.iter().enumerate() {
        if let Some(member) = PRIVATE.into_iter().find(|name| key.get(name).is_some()) {
            return Err(SetError::Private { index, member });
        }
        let Some(kid) = key.get("kid").and_then(Value::as_str) else { continue };
        if let Some(first) = names.insert(kid, index) {
            return Err(SetError::OneKid { first, second: index, kid: kid.to_owned() });
        }
    }
    match set.unusable().first() {
        _ if !set.keys().is_empty() => Ok(set),
        None => Err(SetError::Empty),
        Some(unusable) => Err(SetError::NoneUsable(unusable.to_string())),
    }
}

/// Why a set is refused whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetError {
    /// No JWK Set.
    Set(JwkSetError),
    /// No key at all.
    Empty,
    /// None that can be read; why the first cannot.
    NoneUsable(String),
    /// A private member in the key at this place.
    Private {
        /// Its place in `keys`, from 0.
        index: usize,
        /// The member's name.
        member: &'static str,
    },
    /// Two keys of one name.
    OneKid {
        /// The place of the first.
        first: usize,
        /// The place of the second.
        second: usize,
        /// Their name.
        kid: String,
    },
}

impl From<JwkSetError> for SetError {
    fn from(error: JwkSetError) -> Self {
        SetError::Set(error)
    }
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetError::Set(error) => error.fmt(f),
            SetError::Empty => f.write_str("the set has no key"),
            SetError::NoneUsable(why) => write!(f, "the set has no key that can be read; {why}"),
            SetError::Private { index, member } => write!(
                f,
                "keys[{index}] has the private member \"{member}\": a published set that every reader could sign with"
            ),
            SetError::OneKid { first, second, kid } => {
                write!(f, "keys[{first}] and keys[{second}] have one kid, \"{}\"", bounded(kid))
            }
        }
    }
}

impl core::error::Error for SetError {}
