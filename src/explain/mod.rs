//! What a computation did, step by step: traces of the primitives and of a token's way, from the code that
//! hashes, signs and verifies.
//!
//! | file | what stands there |
//! |---|---|
//! | `trace`, `value` | the model: stages, steps, values, and the proof that they end as production did |
//! | `code` | where a step is done: file and line, found when the library is compiled |
//! | `sha2`, `hmac`, `base64`, … | one tracer a subject: it walks the sequences that production takes the last item of |
//! | `jwt`, `jwk`, `jwks` | a token's way through the stages of [`jose`](crate::jose), a key, a set and its rotation |
//! | `difference` | two traces beside each other |
//! | `rsa` | signing and verifying by RSA, and the same with numbers that fit on paper |
//! | `diagnosis` | why a signature is bad |
//! | `figures` | the standards' own figures beside a trace |
//! | `render` | the forms: text, side by side, JSON, HTML, SVG |
//!
//! No arithmetic of an algorithm stands in this room: `tests/explain/one_path.rs` looks for it.
//!
//! ```
//! use jotlab::explain::{self, render};
//! use jotlab::sha2::Algorithm;
//!
//! let trace = explain::sha2::digest(Algorithm::Sha256, b"abc")?;
//! let (_, round) = trace.step("sha256.b0.r0").unwrap();
//! assert_eq!(round.value("T1").unwrap().hex(), "54da50e8");
//! # Ok::<(), explain::ExplainError>(())
//! ```

pub mod base64;
mod code;
pub mod diagnosis;
mod difference;
mod figures;
pub mod hmac;
pub mod jwk;
pub mod jwks;
pub mod jwt;
pub mod render;
pub mod rsa;
pub mod sha2;
mod step;
mod trace;
mod value;

pub use code::Code;
pub use difference::{Difference, difference};
pub use step::{Comparison, Figure, Layout, Outcome, Stage, Step};
pub use trace::{End, Trace, Unfaithful};
pub use value::{Data, Secrecy, Value};

use crate::rsa::pkcs1v15::SignError;
use core::fmt;

/// The longest message that is explained: a step takes some hundred bytes, a block a hundred steps.
pub const MAX_MESSAGE_BYTES: usize = 65536;

/// Why there is no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainError {
    /// The message has more bytes than are explained.
    TooLong {
        /// How many it has.
        bytes: usize,
        /// How many it may have.
        most: usize,
    },
    /// Production gave no signature.
    NoSignature(SignError),
    /// The steps do not end as production does.
    Unfaithful(Unfaithful),
}

impl From<Unfaithful> for ExplainError {
    fn from(error: Unfaithful) -> Self {
        ExplainError::Unfaithful(error)
    }
}

impl fmt::Display for ExplainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExplainError::TooLong { bytes, most } => {
                write!(f, "{bytes} bytes: at most {most} are explained step by step")
            }
            ExplainError::NoSignature(error) => error.fmt(f),
            ExplainError::Unfaithful(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ExplainError {}

/// Refuses what is too long to be explained.
fn fits(bytes: &[u8]) -> Result<(), ExplainError> {
    match bytes.len() {
        0..=MAX_MESSAGE_BYTES => Ok(()),
        bytes => Err(ExplainError::TooLong { bytes, most: MAX_MESSAGE_BYTES }),
    }
}
