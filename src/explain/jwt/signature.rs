//! What was signed, and whether this is its signature (RFC 7515 §5.2 step 8).

use crate::explain::code::{Code, code};
use crate::explain::trace::{Stage, Step};
use crate::explain::value::Value;
use crate::jose::{Bound, Family, Material, Verified};

const INPUT: Code =
    code!("jose/bound.rs", "[self.signature.protected.as_bytes(), b\".\", payload]");
const HMAC: Code = code!("jose/bound.rs", "mac.verify(self.signature())");
const RSA: Code = code!("jose/bound.rs", "if pkcs1v15::verify(key, &digest");

pub(super) fn stages(bound: Bound<'_>, stages: &mut Vec<Stage>) -> Option<Verified> {
    stages.push(input(&bound));
    stages.extend(primitive(&bound));
    let stage = verdict_stage(&bound);
    let inputs = verdict_inputs(&bound);
    let verified = bound.verify();
    let step = Step::new("jwt.sig", "the signature, compared whole")
        .inputs(inputs)
        .outcome(verified.as_ref().map(drop).map_err(ToString::to_string));
    let relaxed = verified.as_ref().map_or(&[][..], Verified::relaxed);
    let names: Vec<&str> = relaxed.iter().map(|relaxation| relaxation.name()).collect();
    stages.push(stage.step(match &names[..] {
        [] => step,
        names => step.remark(format!("let pass by name: {}", names.join(", "))),
    }));
    verified.ok()
}

fn input(bound: &Bound<'_>) -> Stage {
    let [header, point, payload] = bound.signing_input();
    let whole = [header, point, payload].concat();
    let whole = match String::from_utf8(whole) {
        Ok(text) => Value::text("signing input", text),
        Err(error) => Value::bytes("signing input", error.into_bytes()),
    };
    let step = Step::new("jwt.input", "header, point, payload")
        .inputs([
            Value::number("header bytes", header.len()),
            Value::number("payload bytes", payload.len()),
        ])
        .outputs([whole]);
    let why = "Signed is the text as it was received, its letters, not the JSON that they mean. So nobody has \
               to agree with anybody how JSON is to be written, and the header is signed as well.";
    Stage::new("jwt.input", "what was signed", "RFC 7515 §5.1 step 5")
        .code(INPUT)
        .why(why)
        .step(step)
}

/// The stages of the algorithm itself, between what was signed and the verdict on it: those of HMAC or of
/// RSA stand here once each has its tracer.
fn primitive(_bound: &Bound<'_>) -> Vec<Stage> {
    vec![]
}

fn verdict_stage(bound: &Bound<'_>) -> Stage {
    let (why, code, section) = match bound.algorithm().family() {
        Family::Hmac => (
            "The secret and the text give a tag; it is made again here and compared, every byte, in a time \
             that does not tell where they differ. Whoever can check such a tag can make one.",
            HMAC,
            "RFC 7518 §3.2",
        ),
        Family::Rsa => (
            "The public key turns the signature back into the block that was signed; the block that this text \
             must have is built anew and the two are compared whole. Checking needs no secret, and gives no \
             way to sign.",
            RSA,
            "RFC 7518 §3.3",
        ),
    };
    Stage::new("jwt.sig", "the signature", section).code(code).why(why)
}

fn verdict_inputs(bound: &Bound<'_>) -> Vec<Value> {
    let mut values = vec![Value::text("alg", bound.algorithm().name())];
    if let Material::Oct(key) = bound.key().material() {
        values.push(Value::bytes("secret", key.secret().expose()).secret());
    }
    if let Some(key) = bound.key().rsa() {
        values.push(Value::number("n", key.n().clone()));
        values.push(Value::number("e", key.e().clone()));
    }
    values.push(Value::bytes("signature", bound.signature()));
    values
}
