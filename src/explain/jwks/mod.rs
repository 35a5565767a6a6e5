//! A set of keys (RFC 7517 §5): which of them a token meets, and how one key takes the place of another.

mod rotation;

pub use rotation::rotation;

use super::ExplainError;
use super::code::{Code, code};
use super::jwt::{CANDIDATE_COLUMNS, because, candidates};
use super::step::{Stage, Step};
use super::trace::{End, Trace};
use super::value::Value;
use crate::jose::lint::{Audience, Severity, lint};
use crate::jose::{Algorithm, BindError, Jwk, JwkSet, Policy, label};

const READ: Code = code!("jose/jwks.rs", "match jwk_reader::read(members) {");
const SUITS: Code = code!("jose/choose.rs", "match meant.then(|| key.suits(");
const CHOICE: Code = code!("jose/choose.rs", "match (fitting.next(), fitting.next()) {");
const LINT: Code = code!("jose/lint.rs", "pub fn lint(set: &JwkSet");

/// Characters of a text that a row shows.
const BEGIN: usize = 24;

/// What a JWK Set holds, what is odd about it, and which key a token with this `kid` and algorithm meets.
///
/// With an algorithm the trace ends in the key, or in why there is none; without one, each algorithm is
/// asked, and it ends in how many have a key. Ids: `jwks.read`, `jwks.keys.0`, `jwks.lint.0`,
/// `jwks.fit.0`, `jwks.choice`, `jwks.choice.RS256`.
///
/// # Errors
///
/// When the stages do not end as [`JwkSet::parse`], [`JwkSet::choose`] and [`Jwk::strength`] do.
pub fn set(
    text: &str,
    kid: Option<&str>,
    alg: Option<Algorithm>,
    policy: &Policy,
) -> Result<Trace, ExplainError> {
    let parsed = JwkSet::parse(text);
    let mut stages = vec![read(text, &parsed.as_ref().map_err(ToString::to_string))];
    let set = match parsed {
        Ok(set) => set,
        Err(error) => {
            let end = End::Refused(vec![error.to_string()]);
            return Ok(Trace::new("jwks", "a JWK Set", stages, end)?);
        }
    };
    stages.push(keys_stage(&set));
    stages.extend(lint_stage(&set));
    let end = if let Some(alg) = alg {
        stages.push(fit_stage(&set, (alg, kid), policy));
        let chosen = chosen(&set, alg, kid, policy);
        stages.push(choice(kid, &chosen));
        chosen.map_or_else(|why| End::Refused(vec![why]), |(key, _)| End::Value(key.into_bytes()))
    } else {
        stages.push(choices(&set, kid, policy));
        End::Value(count(&set, kid, policy).into_bytes())
    };
    Ok(Trace::new("jwks", format!("a JWK Set of {} keys", set.keys().len()), stages, end)?)
}

fn fit_stage(set: &JwkSet, token: (Algorithm, Option<&str>), policy: &Policy) -> Stage {
    let why = "A key without kid can be meant by any token, one with another kid is not meant. What is left \
               must be for the algorithm, by its kind and by its own alg, use and key_ops.";
    Stage::new("jwks.fit", format!("for a token of {}", token.0), "RFC 7515 §4.1.4")
        .code(SUITS)
        .why(why)
        .table(&CANDIDATE_COLUMNS)
        .steps(candidates("jwks.fit", set, token, policy))
}

/// The key that production takes, by name, and why; or why none.
fn chosen(
    set: &JwkSet,
    alg: Algorithm,
    kid: Option<&str>,
    policy: &Policy,
) -> Result<(String, &'static str), String> {
    let strong = |(key, chosen): (&Jwk, _)| match key.strength(alg, policy) {
        Ok(_) => Ok((label(key), because(chosen))),
        Err(unfit) => Err(BindError::Unfit { key: label(key), unfit }),
    };
    set.choose(alg, kid, policy).and_then(strong).map_err(|error| error.to_string())
}

fn read(text: &str, parsed: &Result<&JwkSet, String>) -> Stage {
    let mut step = Step::new("jwks.read", "the text").inputs([Value::number("bytes", text.len())]);
    if let Ok(set) = parsed {
        step = step.outputs([Value::number("keys", set.keys().len())]);
        let unreadable = set.unusable().iter().map(|u| Value::text("not readable", u.to_string()));
        step = step.outputs(unreadable);
    }
    let why = "An object with an array of keys. A key that cannot be read is set aside, and the others serve \
               all the same, so that a new kind of key does not stop an old program.";
    let step = step.outcome(parsed.as_ref().map(drop).map_err(Clone::clone));
    Stage::new("jwks.read", "a set in JSON", "RFC 7517 §5").code(READ).why(why).step(step)
}

fn keys_stage(set: &JwkSet) -> Stage {
    let row = |(i, key): (usize, &Jwk)| {
        let parameters = key.parameters();
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let half = if key.is_private() { "yes" } else { "no" };
        let bits = key.rsa().map_or_else(|| "-".to_owned(), |rsa| rsa.n().bits().to_string());
        Step::new(format!("jwks.keys.{i}"), format!("key {i}")).outputs([
            Value::text("kty", key.kty()),
            Value::text("bits", bits),
            Value::begin_of("kid", &text(&parameters.kid), BEGIN),
            Value::begin_of("alg", &text(&parameters.alg), BEGIN / 2),
            Value::begin_of("use", &text(&parameters.usage), BEGIN / 2),
            Value::text("private", half),
        ])
    };
    let why = "Each key says by what name tokens call it and what it is for. A published set has no private \
               member: with one, every reader could sign.";
    Stage::new("jwks.keys", "the keys", "RFC 7517 §4")
        .why(why)
        .table(&["kty", "bits", "kid", "alg", "use", "private"])
        .steps(set.keys().iter().enumerate().map(row))
}

/// What is weak or odd, as of a set that is published; nothing where nothing is.
fn lint_stage(set: &JwkSet) -> Option<Stage> {
    let findings = lint(set, Audience::Published);
    let steps = findings.iter().enumerate().map(|(i, finding)| {
        let mark = match finding.severity {
            Severity::Bad => "bad",
            Severity::Odd => "odd",
        };
        Step::new(format!("jwks.lint.{i}"), format!("{mark}: {}", finding.name)).outputs([
            Value::text("about", finding.about.clone()),
            Value::text("found", finding.what.clone()),
        ])
    });
    let why = "Looked at as a set that everybody may read.";
    let stage = Stage::new("jwks.lint", "what is odd", "RFC 8725 §3.5").code(LINT).why(why);
    (!findings.is_empty()).then(|| stage.steps(steps))
}

fn choice(kid: Option<&str>, chosen: &Result<(String, &'static str), String>) -> Stage {
    let step = Step::new("jwks.choice", "the one that fits")
        .inputs([Value::text("kid", kid.unwrap_or("(none)"))]);
    let step = match chosen {
        Ok((key, because)) => step
            .outputs([Value::text("because", *because), Value::text("key", key.clone())])
            .outcome(Ok(())),
        Err(why) => step.outcome(Err(why.clone())),
    };
    choice_stage().step(step)
}

fn choice_stage() -> Stage {
    let why = "Exactly one key must be left. None, or more than one, and the token is refused: to try them one \
               after the other would let the weakest decide.";
    Stage::new("jwks.choice", "the key that a token meets", "RFC 7515 §5.2 step 8")
        .code(CHOICE)
        .why(why)
}

/// Every algorithm in turn, for a token whose algorithm is not said.
fn choices(set: &JwkSet, kid: Option<&str>, policy: &Policy) -> Stage {
    let meets = Algorithm::ALL.map(|alg| {
        let words = match chosen(set, alg, kid, policy) {
            Ok((key, because)) => format!("{key}: {because}"),
            Err(why) => why,
        };
        Value::text(alg.name(), words)
    });
    let step = Step::new("jwks.choice", "each algorithm in turn")
        .inputs([Value::text("kid", kid.unwrap_or("(none)"))])
        .outputs(meets)
        .outputs([Value::text("together", count(set, kid, policy))]);
    choice_stage().step(step)
}

fn count(set: &JwkSet, kid: Option<&str>, policy: &Policy) -> String {
    let meets = |alg: &Algorithm| chosen(set, *alg, kid, policy).is_ok();
    let names: Vec<&str> =
        Algorithm::ALL.iter().filter(|alg| meets(alg)).map(|alg| alg.name()).collect();
    match &names[..] {
        [] => "no token meets a key".to_owned(),
        names => format!("a token meets a key if its alg is {}", names.join(" or ")),
    }
}
