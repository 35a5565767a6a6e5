//! What the token says, beside what is demanded: one step a check (RFC 7519 §4.1).

use crate::explain::code::{Code, code};
use crate::explain::step::{Stage, Step};
use crate::explain::value::Value;
use crate::jose::{
    Accepted, Check, Claims, ClaimsError, Failure, NumericDate, Outcome, Policy, Verified, json,
};
use serde_json::{Map, Value as Json};

const CHECKS: Code = code!("jose/jwt.rs", "policy.accepts(self.header(), &members");

pub(super) fn stage(
    verified: &Verified<'_>,
    result: &Result<Accepted<Claims>, ClaimsError>,
    policy: &Policy,
) -> Stage {
    let why = "The signature says who wrote the claims, not that they are meant for here and now. Each demand \
               of the policy is one check; a verdict is all that fail, not the first.";
    let stage = Stage::new("jwt.claims", "the claims", "RFC 7519 §7.2").code(CHECKS).why(why);
    let members = match (result, json::parse_object(verified.payload())) {
        (Err(error @ ClaimsError::Unencoded), _) => {
            return stage.step(refused("jwt.claims.form", "the form of the payload", error));
        }
        (Err(error), Err(_)) => {
            let step = refused("jwt.claims.json", "the payload as an object of JSON", error);
            return stage.step(step.inputs([Value::bytes("payload", verified.payload())]));
        }
        (_, members) => members.unwrap_or_default(),
    };
    let asked = Asked { verified, members: &members, policy };
    let checks = verified.checks(policy).unwrap_or_default();
    let stage = stage.steps(checks.iter().map(|check| asked.step(check)));
    match result {
        // every check passed, and the claims are still of a type that they must not have
        Err(error @ ClaimsError::Json(_)) => {
            stage.step(refused("jwt.claims.read", "the claims by their types", error))
        }
        _ => stage,
    }
}

fn refused(id: &'static str, title: &'static str, error: &ClaimsError) -> Step {
    Step::new(id, title).outcome(Err(error.to_string()))
}

/// What a check looked at.
struct Asked<'a> {
    verified: &'a Verified<'a>,
    members: &'a Map<String, Json>,
    policy: &'a Policy,
}

impl Asked<'_> {
    fn step(&self, check: &Check<'_>) -> Step {
        let is_required = check.section == "required";
        let rule = json::bounded(&check.rule);
        let id = if is_required { format!("require.{rule}") } else { rule.clone() };
        let question = if is_required { "is it there?" } else { question(&check.rule) };
        let mut step = Step::new(format!("jwt.claims.{id}"), format!("{rule}: {question}"))
            .inputs([self.found(check)])
            .inputs(expected(check));
        if matches!(&*check.rule, "exp" | "nbf" | "iat" | "max-age") && !is_required {
            step = step.inputs(self.clock()).remark(self.distance(check));
        }
        match (&check.outcome, check.refusal()) {
            (Outcome::Relaxed(relaxation), _) => {
                step.remark(format!("it does not hold, and was let pass by name: {relaxation}"))
            }
            (_, Some(refusal)) => step.outcome(Err(refusal)),
            (_, None) => step.outcome(Ok(())),
        }
    }

    /// The claim, as the token has it.
    fn found(&self, check: &Check<'_>) -> Value {
        let (name, found) = match &*check.rule {
            "typ" => ("typ", self.verified.header().members().get("typ")),
            "max-age" => ("iat", self.members.get("iat")),
            rule => (rule, self.members.get(rule)),
        };
        let text = found.map_or_else(|| "(not there)".to_owned(), ToString::to_string);
        Value::text(json::bounded(name), text)
    }

    fn clock(&self) -> Vec<Value> {
        let mut values = vec![Value::text("now", self.policy.now().to_string())];
        if self.policy.leeway_seconds() > 0 {
            values.push(Value::text("leeway", format!("{} s", self.policy.leeway_seconds())));
        }
        values
    }

    /// How far the claim's time is from now.
    fn distance(&self, check: &Check<'_>) -> String {
        let name = if check.rule == "max-age" { "iat" } else { &*check.rule };
        let Some(Json::Number(number)) = self.members.get(name) else {
            return format!("there is no time in {name}");
        };
        let time = NumericDate::from_number(number).seconds();
        let now = self.policy.now().seconds();
        let seconds = time.abs_diff(now);
        if time > now { format!("{seconds} s from now") } else { format!("{seconds} s ago") }
    }
}

/// What a check asks.
fn question(rule: &str) -> &'static str {
    match rule {
        "typ" => "is it a token of this kind?",
        "iss" => "is it from whom it must be?",
        "sub" => "is it about whom it must be?",
        "aud" => "is it meant for here?",
        "exp" => "is it still valid?",
        "nbf" => "is it valid already?",
        "iat" => "was it issued before now?",
        "max-age" => "is it young enough?",
        "jti" => "is it this very token?",
        _ => "does it hold?",
    }
}

/// What the policy demands, where it is a value.
fn expected(check: &Check<'_>) -> Option<Value> {
    let expected = match &check.outcome {
        Outcome::Failed(Failure::Differs { expected, .. }) => expected.clone(),
        Outcome::Failed(Failure::TooOld { max_age, .. }) => format!("at most {max_age} s old"),
        // it passed, so it is the one that was demanded
        Outcome::Passed(found) if matches!(&*check.rule, "typ" | "iss" | "sub" | "aud" | "jti") => {
            found.to_string()
        }
        _ => return None,
    };
    (check.section != "required").then(|| Value::text("demanded", expected))
}
