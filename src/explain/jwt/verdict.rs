//! What may be said now: two verdicts, never one, and what neither covers.

use super::choice::because;
use crate::explain::code::{Code, code};
use crate::explain::step::{Stage, Step};
use crate::explain::value::Value;
use crate::jose::{Accepted, Check, Claims, ClaimsError, Family, Policy, Verified};

const NOT_CHECKED: Code = code!("jose/policy.rs", "pub fn not_checked(&self)");

pub(super) fn stage(
    verified: &Verified<'_>,
    result: &Result<Accepted<Claims>, ClaimsError>,
    policy: &Policy,
) -> Stage {
    let open = policy.not_checked().into_iter().map(|what| Value::text("NOT CHECKED", what));
    let step = Step::new("jwt.verdict", "the verdicts")
        .outputs([
            Value::text("SIGNATURE", "good"),
            Value::text("algorithm", verified.algorithm().name()),
            Value::text("key", verified.key()),
            Value::text("because", because(verified.chosen())),
            Value::text("CLAIMS", claims(verified, result, policy)),
        ])
        .outputs(open)
        .remark(sentence(verified, result, policy));
    let why = "A good signature and acceptable claims are two things, and both together are not all there is \
               to ask.";
    Stage::new("jwt.verdict", "the verdict", "RFC 8725 §3").code(NOT_CHECKED).why(why).step(step)
}

fn claims(
    verified: &Verified<'_>,
    result: &Result<Accepted<Claims>, ClaimsError>,
    policy: &Policy,
) -> String {
    let rules = |checks: &mut dyn Iterator<Item = &Check<'_>>| {
        checks.map(|check| &*check.rule).collect::<Vec<_>>().join(", ")
    };
    match result {
        Ok(_) => {
            let checks = verified.checks(policy).unwrap_or_default();
            format!("accepted: {}", rules(&mut checks.iter()))
        }
        Err(ClaimsError::Refused(checks)) => {
            format!("refused: {}", rules(&mut checks.iter().filter(|check| check.failed())))
        }
        Err(_) => "refused: they cannot be read".to_owned(),
    }
}

/// The verdicts as somebody would say them.
fn sentence(
    verified: &Verified<'_>,
    result: &Result<Accepted<Claims>, ClaimsError>,
    policy: &Policy,
) -> String {
    let who = match verified.algorithm().family() {
        Family::Hmac => {
            "somebody who has the secret, and whoever can verify is one of them, wrote exactly this text"
        }
        Family::Rsa => {
            "whoever holds the private half of this key, and nobody who only verifies, wrote exactly this text"
        }
    };
    let now = policy.now();
    match result {
        Ok(_) => format!(
            "Read it so: {who}, and at {now} all that was demanded of its claims held. When it was sent, by \
             whom, and how often, it cannot say."
        ),
        Err(_) => format!(
            "Read it so: {who}; but it is not acceptable here at {now}, so nothing that it says may be used."
        ),
    }
}
