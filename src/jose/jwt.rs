//! JSON Web Tokens (RFC 7519): a JWS whose payload is a set of claims, and the claims are checked.

use super::BadSignature;
use super::bound::Verified;
use super::check::Check;
use super::choose::BindError;
use super::claims::Claims;
use super::header::PayloadForm;
use super::json::{self, Members};
use super::jwks::JwkSet;
use super::jws::Jws;
use super::malformed::Malformed;
use super::policy::Policy;
use super::relaxation::Relaxations;
use core::fmt;
use serde::de::DeserializeOwned;

/// Verifies a compact JWT and accepts its claims: all stages in one call.
///
/// # Errors
///
/// What refused the token first; among the claims, everything that did.
pub fn verify(
    token: &str,
    keys: &JwkSet,
    policy: &Policy,
) -> Result<Accepted<Claims>, VerifyError> {
    let jws = Jws::compact_with(token, policy.relaxations)?;
    Ok(jws.bind(keys, policy)?.verify()?.claims(policy)?)
}

/// Claims that were verified and meet the policy.
///
/// The checks that they passed can be seen again: [`Verified::checks`].
#[derive(Clone, Debug)]
pub struct Accepted<T> {
    /// The claims.
    pub claims: T,
    /// The relaxations that they needed.
    pub relaxed: Relaxations,
}

impl Verified<'_> {
    /// Reads the payload as claims of type `T`, if they meet the policy.
    ///
    /// # Errors
    ///
    /// When the payload is not an object of strict JSON, when it was signed as it is (RFC 7797 §7 forbids
    /// that in a JWT), when a check fails (all that do are told), and when the claims are not a `T`.
    pub fn claims<T: DeserializeOwned>(&self, policy: &Policy) -> Result<Accepted<T>, ClaimsError> {
        let members = self.members()?;
        let Some(relaxed) = policy.accepts(self.header(), &members) else {
            return Err(ClaimsError::Refused(self.checks(policy)?));
        };
        match members.read() {
            Ok(claims) => Ok(Accepted { claims, relaxed }),
            Err(error) => Err(error.into()),
        }
    }

    /// Every check of a policy on the claims, whether they pass or fail.
    ///
    /// # Errors
    ///
    /// When there are no claims to check.
    pub fn checks(&self, policy: &Policy) -> Result<Vec<Check<'static>>, ClaimsError> {
        let members = self.members()?;
        let checks = policy.checks(self.header(), &members);
        Ok(checks.into_iter().map(Check::into_owned).collect())
    }

    fn members(&self) -> Result<Members<'_>, ClaimsError> {
        if self.payload_form() == PayloadForm::Raw {
            return Err(ClaimsError::Unencoded);
        }
        Ok(Members::parse(self.payload())?)
    }
}

/// Why claims are not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimsError {
    /// The payload was signed as it is, which a JWT must not be.
    Unencoded,
    /// The payload is not claims.
    Json(json::Error),
    /// Checks failed: the whole sequence, those that passed too.
    Refused(Vec<Check<'static>>),
}

impl From<json::Error> for ClaimsError {
    fn from(error: json::Error) -> Self {
        ClaimsError::Json(error)
    }
}

impl fmt::Display for ClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClaimsError::Unencoded => {
                f.write_str("a JWT must not have an unencoded payload (RFC 7797 §7)")
            }
            ClaimsError::Json(error) => write!(f, "payload: {error}"),
            ClaimsError::Refused(checks) => {
                f.write_str("claims refused")?;
                let mut refusals = checks.iter().filter_map(Check::refusal);
                refusals.try_for_each(|refusal| write!(f, "; {refusal}"))
            }
        }
    }
}

impl core::error::Error for ClaimsError {}

/// What refused a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// It cannot be parsed.
    Malformed(Malformed),
    /// There is no key to verify it with.
    Key(BindError),
    /// Its signature does not verify.
    Signature(BadSignature),
    /// Its claims are not accepted.
    Claims(ClaimsError),
}

impl From<Malformed> for VerifyError {
    fn from(error: Malformed) -> Self {
        VerifyError::Malformed(error)
    }
}

impl From<BindError> for VerifyError {
    fn from(error: BindError) -> Self {
        VerifyError::Key(error)
    }
}

impl From<BadSignature> for VerifyError {
    fn from(error: BadSignature) -> Self {
        VerifyError::Signature(error)
    }
}

impl From<ClaimsError> for VerifyError {
    fn from(error: ClaimsError) -> Self {
        VerifyError::Claims(error)
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerifyError::Malformed(error) => error.fmt(f),
            VerifyError::Key(error) => error.fmt(f),
            VerifyError::Signature(error) => error.fmt(f),
            VerifyError::Claims(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for VerifyError {}
