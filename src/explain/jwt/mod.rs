//! The way of a token (RFC 7515 §5.2, RFC 7519 §7.2): the stages that [`jose::verify`] walks, each shown
//! with what went in and what it gave.
//!
//! | stage | what is asked | production's error |
//! |---|---|---|
//! | `jwt.split`, `jwt.decode` | is it in the form of a token? | [`Malformed`](jose::Malformed) |
//! | `jwt.alg`, `jwt.key.set`, `jwt.key` | which algorithm, which key? | [`BindError`](jose::BindError) |
//! | `jwt.input`, `jwt.sig` | is it that key's signature? | [`BadSignature`](jose::BadSignature) |
//! | `jwt.claims`, `jwt.verdict` | do the claims meet the policy? | [`ClaimsError`] |
//!
//! Nothing is shown of a stage behind the one that refused: production did not get there.

mod choice;
mod claims;
mod form;
mod signature;
mod verdict;

pub(super) use choice::{CANDIDATE_COLUMNS, because, candidates};

use super::step::Stage;
use super::trace::{End, Trace};
use super::{ExplainError, MAX_MESSAGE_BYTES};
use crate::jose::{
    self, Check, ClaimsError, JwkSet, Jws, MAX_TOKEN_BYTES, Policy, Signature, Verified,
    VerifyError,
};

/// Every stage of verifying a compact JWT, up to the one that refuses it.
///
/// Ids: `jwt.split.header`, `jwt.decode.payload`, `jwt.alg`, `jwt.key.set.0`, `jwt.key`, `jwt.input`,
/// those of [`hmac`](super::hmac), `jwt.sig`, `jwt.claims.exp`, `jwt.claims.require.NAME`, `jwt.verdict`.
///
/// # Errors
///
/// When the token has more than [`MAX_MESSAGE_BYTES`] bytes, and when the stages do not end as
/// [`jose::verify`] does.
pub fn verify(token: &str, keys: &JwkSet, policy: &Policy) -> Result<Trace, ExplainError> {
    // what production refuses for its length is refused in a trace of one step
    if token.len() <= MAX_TOKEN_BYTES {
        check_length(token.len())?;
    }
    let end = match jose::verify(token, keys, policy) {
        Ok(_) => End::Accepted,
        Err(error) => End::Refused(reasons(&error)),
    };
    let mut stages = vec![];
    walk(token, keys, policy, &mut stages);
    let title = format!("verifying a token of {} bytes", token.len());
    Ok(Trace::new("jwt", title, stages, end)?)
}

/// The stages from the algorithm to the signature, for one signature of a JWS in any serialization.
///
/// # Errors
///
/// When more than [`MAX_MESSAGE_BYTES`] bytes were signed, and when the stages do not end as
/// [`Jws::bind_signature`] and [`Bound::verify`](jose::Bound::verify) do.
pub fn jws(
    jws: &Jws<'_>,
    signature: &Signature<'_>,
    keys: &JwkSet,
    policy: &Policy,
) -> Result<Trace, ExplainError> {
    let production = match jws.bind_signature(signature, keys, policy) {
        Err(error) => Err(error.to_string()),
        Ok(bound) => {
            check_length(bound.signing_input().map(<[u8]>::len).iter().sum())?;
            bound.verify().map_err(|error| error.to_string())
        }
    };
    let end = match production {
        Ok(_) => End::Accepted,
        Err(reason) => End::Refused(vec![reason]),
    };
    let mut stages = vec![];
    signed(jws, signature, keys, policy, &mut stages);
    Ok(Trace::new("jws", "verifying a signature", stages, end)?)
}

fn check_length(bytes: usize) -> Result<(), ExplainError> {
    if bytes <= MAX_MESSAGE_BYTES {
        return Ok(());
    }
    Err(ExplainError::TooLong { bytes, most: MAX_MESSAGE_BYTES })
}

/// Adds stage after stage; nothing, where one refuses.
fn walk(token: &str, keys: &JwkSet, policy: &Policy, stages: &mut Vec<Stage>) -> Option<()> {
    form::stages(token, policy, stages)?;
    let jws = Jws::compact_with(token, policy.relaxations()).ok()?;
    let verified = signed(&jws, jws.signatures().first()?, keys, policy, stages)?;
    let result = verified.claims(policy);
    stages.push(claims::stage(&verified, &result, policy));
    stages.push(verdict::stage(&verified, &result, policy));
    Some(())
}

fn signed<'a>(
    jws: &'a Jws<'a>,
    signature: &'a Signature<'a>,
    keys: &'a JwkSet,
    policy: &Policy,
    stages: &mut Vec<Stage>,
) -> Option<Verified<'a>> {
    let bound = choice::stages(jws, signature, keys, policy, stages)?;
    signature::stages(bound, keys, stages)
}

/// Production's words: of claims one reason for each check that failed, else the one there is.
fn reasons(error: &VerifyError) -> Vec<String> {
    match error {
        VerifyError::Claims(ClaimsError::Refused(checks)) => {
            checks.iter().filter_map(Check::refusal).collect()
        }
        error => vec![error.to_string()],
    }
}
