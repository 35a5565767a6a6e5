//! Test vectors: suites of cases, one runner for tests and the command, and a table of what came out.
//!
//! | file | what stands there |
//! |---|---|
//! | `case` | what a case is, operation by operation, in the format `jotlab-vectors/1` |
//! | `reader` | from JSON to cases, with a path to whatever is wrong |
//! | `run_primitives`, `run_jose` | a case against this library |
//! | `embedded` | the suites that come with it |
//!
//! ```
//! use jotlab::sha2::backend::Backend;
//! use jotlab::vectors::{embedded, run};
//!
//! let suites = embedded().unwrap();
//! let suite = suites.iter().find(|suite| suite.name == "RFC 7638").unwrap();
//! assert!(suite.cases.iter().all(|case| run(case, Backend::fastest()).is_passed()));
//! ```

pub mod case;
mod embedded;
mod reader;
mod run_jose;
mod run_primitives;

pub use case::{Case, Operation, Suite};
pub use embedded::embedded;
pub use reader::{ReadError, read};

use crate::sha2::backend::Backend;

/// How a case came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that the case states holds.
    Passed,
    /// Something does not: what.
    Failed(String),
    /// It was not run: why.
    Skipped(String),
}

impl Outcome {
    /// Whether it passed.
    pub fn is_passed(&self) -> bool {
        *self == Outcome::Passed
    }
}

/// Runs a case against this library, hashing by the given way.
pub fn run(case: &Case, backend: &'static Backend) -> Outcome {
    let result = match &case.operation {
        Operation::NotYet { needs } => return Outcome::Skipped(format!("{needs}: not yet")),
        Operation::NotBuilt { needs } => {
            return Outcome::Skipped(format!("{needs}: not part of jotlab"));
        }
        Operation::Sha2(case) => run_primitives::sha2(case, backend),
        Operation::Sha2Constants(case) => run_primitives::sha2_constants(case),
        Operation::Hmac(case) => run_primitives::hmac(case, backend),
        Operation::Base64(case) => run_primitives::base64(case),
        Operation::Base64Alphabet(case) => run_primitives::base64_alphabet(case),
        Operation::DigestInfo(case) => run_primitives::digest_info(case),
        Operation::RsaSign(case) => run_primitives::rsa_sign(case, backend),
        Operation::RsaVerify(case) => run_primitives::rsa_verify(case, backend),
        Operation::Jwk(case) => run_jose::jwk(case),
        Operation::Jwks(case) => run_jose::jwks(case),
        Operation::Thumbprint(case) => run_jose::thumbprint(case),
        Operation::Jws(case) => run_jose::jws(case),
        Operation::JwsReject(case) => run_jose::jws_reject(case),
    };
    match result {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

/// The cases of a suite by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    pub failed: usize,
    /// Cases that were not run.
    pub skipped: usize,
}

impl Counts {
    /// Counts one outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Skipped(_) => self.skipped += 1,
        }
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.passed + self.failed + self.skipped
    }
}

/// Compares a computed value with the one that a case states.
fn expect<T: PartialEq + core::fmt::Display>(
    what: &str,
    found: &T,
    stated: &T,
) -> Result<(), String> {
    if found == stated { Ok(()) } else { Err(format!("{what} is {found}, expected {stated}")) }
}

/// The same for bytes, shown as hex.
fn expect_bytes(what: &str, found: &[u8], stated: &[u8]) -> Result<(), String> {
    expect(what, &hex::encode(found), &hex::encode(stated))
}
