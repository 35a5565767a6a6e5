//! Why an input is no RSA key, and whether it is another.

use super::super::key::KeyError;
use super::{EC_KEY, OTHER_ALGORITHM};
use crate::encoding::der::{self, Reason};
use crate::encoding::pem;
use core::fmt;

/// Why an input is no RSA key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Not the DER that was expected.
    Der(der::Error),
    /// A PEM block of another kind.
    Label(String),
    /// The DER is right, the numbers are not.
    Key(KeyError),
}

impl From<der::Error> for ReadError {
    fn from(error: der::Error) -> Self {
        ReadError::Der(error)
    }
}

impl From<KeyError> for ReadError {
    fn from(error: KeyError) -> Self {
        ReadError::Key(error)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Der(error) => error.fmt(f),
            ReadError::Label(label) if label.contains("ENCRYPTED") => {
                f.write_str("encrypted private keys are not supported")
            }
            ReadError::Label(label) if label == "OPENSSH PRIVATE KEY" => f.write_str(
                "OpenSSH's own form of a private key is not read: ssh-keygen -p -m PEM -f FILE changes it",
            ),
            ReadError::Label(label) => {
                write!(f, "a PEM block '{}' is not an RSA key", pem::shown(label))
            }
            ReadError::Key(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ReadError {}

impl ReadError {
    /// Whether the input has the outline of a key: of another algorithm, or an RSA key that is refused.
    pub fn is_other_key(&self) -> bool {
        matches!(self, ReadError::Key(_)) || self.is_of_another_algorithm()
    }

    /// Whether it is a key, and not for RSA.
    pub fn is_of_another_algorithm(&self) -> bool {
        match self {
            ReadError::Der(error) => {
                matches!(error.reason, Reason::Value(OTHER_ALGORITHM | EC_KEY))
            }
            ReadError::Label(label) => label == "EC PRIVATE KEY" || label == "DSA PRIVATE KEY",
            ReadError::Key(_) => false,
        }
    }
}
