//! The stages at which a token can be refused: a suite states which one must, so that a fault caught by the
//! wrong layer is seen.

use crate::jose::{Reason, VerifyError};
use core::fmt;

/// Where a token was refused, in the order of the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Not in the form of a token.
    Malformed,
    /// Its header demands or holds what it must not.
    Header,
    /// No key for it, or one that is not fit, or not one alone.
    Key,
    /// The signature does not verify.
    Signature,
    /// The claims do not meet the policy.
    Claims,
}

impl Stage {
    /// All, in order.
    pub const ALL: [Stage; 5] =
        [Stage::Malformed, Stage::Header, Stage::Key, Stage::Signature, Stage::Claims];

    /// The name that a vector file uses.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Malformed => "malformed",
            Stage::Header => "header refused",
            Stage::Key => "key refused",
            Stage::Signature => "signature mismatch",
            Stage::Claims => "claims refused",
        }
    }

    /// The stage of that name.
    pub fn from_name(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Where this library refused.
    pub fn of(error: &VerifyError) -> Stage {
        match error {
            VerifyError::Malformed(error) if matches!(error.reason, Reason::Header(_)) => {
                Stage::Header
            }
            VerifyError::Malformed(_) => Stage::Malformed,
            VerifyError::Key(_) => Stage::Key,
            VerifyError::Signature(_) => Stage::Signature,
            VerifyError::Claims(_) => Stage::Claims,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
