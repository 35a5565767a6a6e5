//! What came out of verifying one token, and how it is told: as text, as JSON, as a line of a batch.

use super::super::exit::Exit;
use super::super::{time, voice};
use super::signature::SignatureVerdict;
use super::{Payload, Reasons, Signatures, Verifier};
use crate::base64::encode_url;
use crate::jose::{
    BindError, Check, ClaimsError, Failure, Found, Malformed, Outcome, Relaxation, Relaxations,
    Verified,
};
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

/// The two verdicts on one token.
pub(super) struct Verdict<'a> {
    signatures: Vec<SignatureVerdict<'a>>,
    claims: ClaimsVerdict,
    not_checked: Vec<&'static str>,
    relaxed: Relaxations,
    payload: Option<Vec<u8>>,
    exit: Exit,
}

enum ClaimsVerdict {
    /// The signature was not good: they were not looked at.
    NotReached,
    /// `--jws`
    NotAsked,
    NotJson(String),
    Refused(Vec<Check<'static>>),
    Accepted(Vec<Check<'static>>, Map<String, Value>),
}

impl<'a> Verdict<'a> {
    pub(super) fn malformed(error: Malformed) -> Verdict<'a> {
        Verdict::without_claims(vec![SignatureVerdict::Malformed(error)], Exit::Malformed)
    }

    fn without_claims(signatures: Vec<SignatureVerdict<'a>>, exit: Exit) -> Verdict<'a> {
        let claims = ClaimsVerdict::NotReached;
        Verdict {
            signatures,
            claims,
            not_checked: vec![],
            relaxed: Relaxations::none(),
            payload: None,
            exit,
        }
    }

    pub(super) fn of(signatures: Vec<SignatureVerdict<'a>>, verifier: &Verifier) -> Verdict<'a> {
        let exits = || signatures.iter().map(SignatureVerdict::exit);
        let worst = exits().max().unwrap_or(Exit::Usage);
        let any = verifier.signatures == Signatures::Any && exits().any(|exit| exit == Exit::Yes);
        if worst != Exit::Yes && !any {
            return Self::without_claims(signatures, worst);
        }
        let good: Vec<&Verified<'_>> =
            signatures.iter().filter_map(SignatureVerdict::good).collect();
        let Some(verified) = good.first() else { return Self::without_claims(signatures, worst) };
        let (claims, exit) = claims(verified, verifier);
        // what is counted as good: the one that is enough, or each of them
        let relaxed = needed(if any { &good[..1] } else { &good[..] }, &claims);
        let is_shown = verifier.claims == Payload::Anything;
        let payload = is_shown.then(|| verified.payload().to_vec());
        let not_checked = verifier.policy.not_checked();
        Verdict { signatures, claims, not_checked, relaxed, payload, exit }
    }

    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for signature in &self.signatures {
            text += &format!("SIGNATURE    {}\n", signature.text());
        }
        match &self.claims {
            ClaimsVerdict::NotReached => return text,
            ClaimsVerdict::NotAsked => text += "CLAIMS       not asked\n",
            ClaimsVerdict::NotJson(why) => {
                text += &format!("CLAIMS       {}  {why}\n", voice::bad("malformed"));
            }
            ClaimsVerdict::Refused(checks) => {
                text += &format!("CLAIMS       {}\n", voice::bad("refused"));
                text.extend(checks.iter().map(check_line));
            }
            ClaimsVerdict::Accepted(checks, _) => {
                text += &format!("CLAIMS       {}\n", voice::good("accepted"));
                text.extend(checks.iter().map(check_line));
            }
        }
        for (index, open) in self.not_checked.iter().enumerate() {
            text += &format!("{:<12} {open}\n", if index == 0 { "NOT CHECKED" } else { "" });
        }
        text
    }

    /// Words beside the result: what was let pass, and what to try.
    pub(super) fn say_more(&self) {
        for relaxation in self.relaxed.iter() {
            voice::note(&format!("needed --allow {relaxation}"));
        }
        for signature in &self.signatures {
            let hint = match signature {
                SignatureVerdict::NoKey(BindError::Unfit { unfit, .. }) => unfit
                    .relaxation()
                    .map(|relaxation| format!("--allow {relaxation} lets it pass")),
                SignatureVerdict::Malformed(_) => {
                    Some("jotlab decode TOKEN shows what can be read of it".to_owned())
                }
                SignatureVerdict::Bad { hint, .. } => hint.map(str::to_owned),
                _ => None,
            };
            if let Some(hint) = hint {
                voice::note(&format!("hint: {hint}"));
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut value = json!({
            "verdict": if self.exit == Exit::Yes { "accepted" } else { "refused" },
            "exit": self.exit.code(),
            "not_checked": self.not_checked,
            "relaxed": self.relaxed.iter().map(Relaxation::name).collect::<Vec<_>>(),
        });
        match &self.signatures[..] {
            [signature] => value["signature"] = signature.json(),
            many => value["signatures"] = many.iter().map(SignatureVerdict::json).collect(),
        }
        value["claims"] = match &self.claims {
            ClaimsVerdict::NotReached => json!({ "verdict": "not reached" }),
            ClaimsVerdict::NotAsked => json!({ "verdict": "not asked" }),
            ClaimsVerdict::NotJson(why) => json!({ "verdict": "malformed", "reason": why }),
            ClaimsVerdict::Refused(checks) => {
                json!({ "verdict": "refused", "checks": checks.iter().map(check_json).collect::<Vec<_>>() })
            }
            ClaimsVerdict::Accepted(checks, claims) => json!({
                "verdict": "accepted",
                "checks": checks.iter().map(check_json).collect::<Vec<_>>(),
                "values": claims,
            }),
        };
        if let (ClaimsVerdict::NotAsked, Some(payload)) = (&self.claims, &self.payload) {
            value["payload"] = encode_url(payload).into();
        }
        value
    }

    /// One line of a batch: `ok`, or the kind of refusal and its reason.
    pub(super) fn line(&self) -> String {
        if self.exit == Exit::Yes {
            return "ok".to_owned();
        }
        let failed = |checks: &[Check]| {
            let failed = checks.iter().filter(|check| check.failed());
            failed
                .map(|check| format!("{} {}", voice::shown(&check.rule, 40), detail(check)))
                .collect::<Vec<_>>()
        };
        match &self.claims {
            ClaimsVerdict::Refused(checks) => {
                format!("claims refused: {}", failed(checks).join("; "))
            }
            ClaimsVerdict::NotJson(why) => format!("malformed: {why}"),
            _ => {
                let reason = |signature: &SignatureVerdict| match signature {
                    SignatureVerdict::Malformed(error) => format!("malformed: {error}"),
                    SignatureVerdict::NoKey(error) => format!("no key: {error}"),
                    SignatureVerdict::Bad { .. } => "bad signature".to_owned(),
                    SignatureVerdict::Good(_) => "good".to_owned(),
                };
                self.signatures.iter().map(reason).collect::<Vec<_>>().join(" | ")
            }
        }
    }
}

/// Each relaxation that the signatures and the claims needed, once.
fn needed(good: &[&Verified<'_>], claims: &ClaimsVerdict) -> Relaxations {
    let checks = match claims {
        ClaimsVerdict::Accepted(checks, _) | ClaimsVerdict::Refused(checks) => &checks[..],
        _ => &[],
    };
    let by_claims = checks.iter().filter_map(|check| match check.outcome {
        Outcome::Relaxed(relaxation) => Some(relaxation),
        _ => None,
    });
    good.iter().flat_map(|good| good.relaxed().iter()).chain(by_claims).collect()
}

fn claims(verified: &Verified<'_>, verifier: &Verifier) -> (ClaimsVerdict, Exit) {
    if verifier.claims == Payload::Anything {
        return (ClaimsVerdict::NotAsked, Exit::Yes);
    }
    let policy = &verifier.policy;
    let read = || match verifier.reasons {
        Reasons::NotTold => {
            verified.claims::<IgnoredAny>(policy)?;
            Ok((Map::new(), vec![]))
        }
        Reasons::Told => {
            let accepted = verified.claims(policy)?;
            Ok((accepted.claims, verified.checks(policy)?))
        }
    };
    match read() {
        Ok((claims, checks)) => (ClaimsVerdict::Accepted(checks, claims), Exit::Yes),
        Err(ClaimsError::Refused(checks)) => (ClaimsVerdict::Refused(checks), Exit::ClaimsRefused),
        Err(error) => (ClaimsVerdict::NotJson(error.to_string()), Exit::Malformed),
    }
}

fn check_line(check: &Check<'_>) -> String {
    let mark = match check.outcome {
        Outcome::Passed(_) => voice::good("ok    "),
        Outcome::Relaxed(_) => "passed".to_owned(),
        Outcome::Failed(_) => voice::bad("failed"),
    };
    let rule = voice::shown(&check.rule, 40);
    format!("  {mark}  {rule:<8} {}  ({})\n", detail(check), check.section)
}

fn detail(check: &Check<'_>) -> String {
    match &check.outcome {
        Outcome::Passed(Found::Time(time)) => time::dated(*time),
        Outcome::Passed(found) => voice::shown(&found.to_string(), 60),
        Outcome::Relaxed(relaxation) => format!("let pass by {relaxation}"),
        Outcome::Failed(Failure::Expired { exp, now }) => {
            format!("expired at {}, now is {}", time::dated(*exp), time::dated(*now))
        }
        Outcome::Failed(Failure::InFuture { time: at, now }) => {
            format!("{} is in the future, now is {}", time::dated(*at), time::dated(*now))
        }
        Outcome::Failed(failure) => failure.to_string(),
    }
}

fn check_json(check: &Check<'_>) -> Value {
    let outcome = match check.outcome {
        Outcome::Passed(_) => "passed",
        Outcome::Relaxed(_) => "relaxed",
        Outcome::Failed(_) => "failed",
    };
    json!({ "rule": check.rule, "section": check.section, "outcome": outcome, "detail": detail(check) })
}
