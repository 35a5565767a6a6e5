//! The verdicts on a token: its signature, its claims, and what was not looked at.

use super::super::super::demo::{self, Pair};
use super::super::super::form::Fields;
use super::super::super::parts;
use super::super::super::refusal::Refusal;
use crate::jose::{Check, ClaimsError, Jwk, JwkSet, Jws, Outcome, Policy, VerifyError};
use maud::{Markup, html};
use serde_json::{Map, Value};
use std::time::SystemTime;

/// The most bytes of keys in the form.
const MOST_KEY_BYTES: usize = 32 << 10;

pub(super) fn verify(fields: &Fields, token: &str) -> Result<Markup, Refusal> {
    let Some(keys) = keys(fields)? else {
        return Ok(html! {
            p { "That cannot be seen without a key. Give the issuer's public key, or the secret that both sides have." }
        });
    };
    let policy = policy(fields)?;
    let signature = signature(token, &keys, &policy);
    let claims = match &signature {
        Ok((_, claims)) => claims.clone(),
        Err(_) => Err(vec![]),
    };
    let (checks, failed) = match claims {
        Ok(checks) => (checks, false),
        Err(checks) => (checks, true),
    };
    Ok(html! {
        dl.facts {
            div {
                dt { "Signature" }
                dd { (parts::verdict(&signature.as_ref().map(|(how, _)| how.as_str()).map_err(|why| parts::shown(why)))) }
            }
            div {
                dt { "Claims" }
                dd {
                    @if signature.is_err() { span.why { "not looked at: they are nobody's words" } }
                    @else if failed { span.no { "✗ refused" } }
                    @else { span.yes { "✓ accepted" } }
                }
            }
        }
        @if !checks.is_empty() { (table(&checks)) }
        h3 { "Not checked" }
        ul { @for open in policy.not_checked() { li { (open) } } }
    })
}

/// How the signature was verified and what the claims gave; or why it does not verify.
type Verdict = Result<(String, Result<Vec<Check<'static>>, Vec<Check<'static>>>), String>;

fn signature(token: &str, keys: &JwkSet, policy: &Policy) -> Verdict {
    let jws = Jws::compact(token).map_err(|error| error.to_string())?;
    let verify = || -> Result<_, VerifyError> { Ok(jws.bind(keys, policy)?.verify()?) };
    let verified = verify().map_err(|error| error.to_string())?;
    let how = format!("{} with {}", verified.algorithm(), verified.key());
    let read = || {
        verified.claims::<Map<String, Value>>(policy)?;
        verified.checks(policy)
    };
    let claims = match read() {
        Ok(checks) => Ok(checks),
        Err(ClaimsError::Refused(checks)) => Err(checks),
        Err(other) => return Ok((format!("{how}; but {other}"), Err(vec![]))),
    };
    Ok((how, claims))
}

fn table(checks: &[Check<'_>]) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "check" } th scope="col" { "outcome" } th scope="col" { "section" } } }
            tbody {
                @for check in checks {
                    tr {
                        th scope="row" { code { (parts::shown(&check.rule)) } }
                        td { @match &check.outcome {
                            Outcome::Passed(value) => { span.yes { "✓ holds" } " " (parts::shown(&value.to_string())) }
                            Outcome::Relaxed(by) => { span.why { "let pass by " (by.name()) } }
                            Outcome::Failed(failure) => { span.no { "✗ fails" } " " (parts::shown(&failure.to_string())) }
                        } }
                        td { (check.section) }
                    }
                }
            }
        }
    }
}

/// Whether the sample's published key stands for the one that nobody gave.
pub(super) fn uses_sample_key(fields: &Fields) -> bool {
    !fields.is_sent() || fields.get("with") == Some("sample")
}

fn keys(fields: &Fields) -> Result<Option<JwkSet>, Refusal> {
    let text = fields.at_most("key", "", MOST_KEY_BYTES)?;
    let secret = fields.at_most("secret", "", MOST_KEY_BYTES)?;
    if !text.trim().is_empty() && !secret.is_empty() {
        let what = "one of them verifies, and both were given";
        return Err(Refusal::input("the fields key and secret", what, "RFC 8725 §3.1"));
    }
    if !text.trim().is_empty() {
        let keys = JwkSet::from_file_contents(text.trim().as_bytes());
        let wrong = |what: String| Refusal::input("the field key", what, "RFC 7517, RFC 7468");
        return keys.map(Some).map_err(|error| wrong(error.to_string()));
    }
    if !secret.is_empty() {
        let key = Jwk::from_secret(fields.bytes("secret", "", MOST_KEY_BYTES)?);
        let wrong = |what: String| Refusal::input("the field secret", what, "RFC 7518 §3.2");
        return key.map(|key| Some(JwkSet::from(key))).map_err(|error| wrong(error.to_string()));
    }
    if uses_sample_key(fields) {
        let key = demo::public(&demo::rsa(Pair::First, "sample")?)?;
        return Ok(Some(JwkSet::from(key)));
    }
    Ok(None)
}

/// The keys of the form, to stand in the next one; nothing of private keys and secrets.
pub(super) fn public_text(fields: &Fields) -> &str {
    let text = fields.or("key", "");
    match JwkSet::from_file_contents(text.trim().as_bytes()) {
        Ok(keys) if !keys.keys().iter().any(Jwk::is_private) && keys.unusable().is_empty() => text,
        _ => "",
    }
}

fn policy(fields: &Fields) -> Result<Policy, Refusal> {
    let given = if fields.is_sent() { fields.or("now", "").trim() } else { "" };
    let now = match given {
        _ if !fields.is_sent() => demo::NOW,
        "" => clock(),
        seconds => seconds.parse().map_err(|_| {
            Refusal::input("the field now", "whole seconds since 1970 are expected", "RFC 7519 §2")
        })?,
    };
    let policy = Policy::at(now);
    Ok(match fields.at_most("aud", "my-service", 1024)? {
        "" => policy,
        audience => policy.audience(audience),
    })
}

/// This machine's clock. The library reads none; here nobody else could.
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
