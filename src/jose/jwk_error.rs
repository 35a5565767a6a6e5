//! Why a text or a secret is no key.

use super::json::{self, bounded};
use crate::{base64, rsa};
use core::fmt;

/// Why a text or a secret is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwkError {
    /// Not strict JSON.
    Json(json::Error),
    /// A member that must be there is not.
    Missing(&'static str),
    /// A member has the wrong JSON type.
    Type {
        /// Its name.
        name: &'static str,
        /// The type it must have.
        expected: &'static str,
    },
    /// A member is not base 64 of the kind it must be.
    Base64 {
        /// Its name.
        name: &'static str,
        /// What is wrong, with the offset in the member's value.
        error: base64::Error,
    },
    /// An operation stands in `key_ops` twice (RFC 7517 §4.3).
    RepeatedOperation(String),
    /// An integer with leading zero octets (RFC 7518 §6.3.1.1).
    LeadingZero(&'static str),
    /// The numbers are no RSA key.
    Rsa(rsa::KeyError),
    /// `kty` is not one that is known.
    UnknownType(String),
    /// `crv` is not one that is known for this `kty`.
    UnknownCurve(String),
    /// A coordinate or curve key of another length than its curve's.
    Length {
        /// The member.
        name: &'static str,
        /// Bytes that it has.
        found: usize,
        /// Bytes that it must have.
        expected: usize,
    },
    /// Some CRT members of a private key are there and others are not (RFC 7518 §6.3.2).
    PartialPrivateKey(&'static str),
    /// More than two primes.
    OtherPrimes,
    /// The first certificate in `x5c` cannot be read.
    Certificate(rsa::encoding::ReadError),
    /// The first certificate in `x5c` holds another key (RFC 7517 §4.7).
    CertificateKey,
    /// `x5t#S256` is not the hash of the first certificate (RFC 7517 §4.9).
    CertificateThumbprint,
    /// The secret is empty.
    EmptySecret,
    /// The secret is itself a key, in this form.
    SecretIsKey(&'static str),
}

impl From<json::Error> for JwkError {
    fn from(error: json::Error) -> Self {
        JwkError::Json(error)
    }
}

impl From<rsa::KeyError> for JwkError {
    fn from(error: rsa::KeyError) -> Self {
        JwkError::Rsa(error)
    }
}

impl fmt::Display for JwkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JwkError::Json(error) => error.fmt(f),
            JwkError::Missing(name) => write!(f, "\"{name}\" is missing"),
            JwkError::Type { name, expected } => write!(f, "\"{name}\" is not {expected}"),
            JwkError::Base64 { name, error } => write!(f, "\"{name}\": {error}"),
            JwkError::RepeatedOperation(op) => {
                write!(f, "\"key_ops\" has \"{}\" twice (RFC 7517 §4.3)", bounded(op))
            }
            JwkError::LeadingZero(name) => {
                write!(f, "\"{name}\" has leading zero octets (RFC 7518 §6.3.1.1)")
            }
            JwkError::Rsa(error) => error.fmt(f),
            JwkError::UnknownType(kty) => write!(f, "unknown key type \"{}\"", bounded(kty)),
            JwkError::UnknownCurve(crv) => write!(f, "unknown curve \"{}\"", bounded(crv)),
            JwkError::Length { name, found, expected } => {
                write!(f, "\"{name}\" has {found} bytes, its curve needs {expected}")
            }
            JwkError::PartialPrivateKey(name) => {
                write!(f, "\"{name}\" is missing beside other CRT members (RFC 7518 §6.3.2)")
            }
            JwkError::OtherPrimes => f.write_str("\"oth\": more than two primes are not supported"),
            JwkError::Certificate(error) => write!(f, "\"x5c\": {error}"),
            JwkError::CertificateKey => {
                f.write_str("\"x5c\": the certificate holds another key (RFC 7517 §4.7)")
            }
            JwkError::CertificateThumbprint => {
                f.write_str("\"x5t#S256\" is not the hash of the certificate (RFC 7517 §4.9)")
            }
            JwkError::EmptySecret => f.write_str("the secret is empty"),
            JwkError::SecretIsKey(form) => {
                write!(f, "the secret is itself a key ({form}): a key pair verifies RS, not HS")
            }
        }
    }
}

impl core::error::Error for JwkError {}
