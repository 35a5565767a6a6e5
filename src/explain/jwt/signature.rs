//! What was signed, and whether this is its signature (RFC 7515 §5.2 step 8).

use crate::explain::code::{Code, code};
use crate::explain::step::{Outcome, Stage, Step};
use crate::explain::value::{Secrecy, Value};
use crate::explain::{diagnosis, hmac, rsa};
use crate::jose::{Bound, Family, JwkSet, Material, Relaxation, Verified};

const INPUT: Code =
    code!("jose/bound.rs", "[self.signature.protected.as_bytes(), b\".\", payload]");
const HMAC: Code = code!("jose/bound.rs", "key.hmac(self.algorithm).verify(");
const RSA: Code = code!("jose/bound.rs", "pkcs1v15::verify(key, &digest, self.signature())");

pub(super) fn stages<'a>(
    bound: Bound<'a>,
    keys: &JwkSet,
    stages: &mut Vec<Stage>,
) -> Option<Verified<'a>> {
    let why = diagnosis::of(&bound, keys).map(|why| why.to_string());
    stages.push(input(&bound));
    let mut inner = primitive(&bound);
    let stage = verdict_stage(&bound);
    let inputs = verdict_inputs(&bound);
    let verified = bound.verify();
    let has_failed = |stage: &Stage| stage.steps.iter().any(|step| step.failure().is_some());
    match (&verified, inner.iter().any(has_failed)) {
        // a relaxation let pass what the algorithm refuses: its name stands at the verdict
        (Ok(_), true) => inner.clear(),
        (Err(error), true) => {
            let steps = inner.iter_mut().flat_map(|stage| &mut stage.steps);
            for step in steps.filter(|step| step.failure().is_some()) {
                step.outcome = Outcome::Fails(error.to_string());
                step.remark.clone_from(&why);
            }
            stages.append(&mut inner);
            return None;
        }
        (Err(_), false) => inner.iter_mut().for_each(mask_tag),
        (Ok(_), false) => {}
    }
    stages.append(&mut inner);
    let step = Step::new("jwt.sig", "the signature, compared whole")
        .inputs(inputs)
        .outcome(verified.as_ref().map(drop).map_err(ToString::to_string));
    let relaxed = verified.as_ref().map(Verified::relaxed).unwrap_or_default();
    let names: Vec<&str> = relaxed.iter().map(Relaxation::name).collect();
    stages.push(stage.step(match &names[..] {
        [] => match why {
            Some(why) if verified.is_err() => step.remark(why),
            _ => step,
        },
        names => step.remark(format!("let pass by name: {}", names.join(", "))),
    }));
    verified.ok()
}

/// The right tag of a text that somebody else wrote is a forgery ready to be sent, and the inner digest lets
/// whoever sees it try secrets.
fn mask_tag(stage: &mut Stage) {
    let steps = stage.steps.iter_mut();
    for value in steps.flat_map(|step| step.inputs.iter_mut().chain(&mut step.outputs)) {
        if ["tag", "inner"].contains(&value.name.as_ref()) {
            value.secrecy = Secrecy::Secret;
        }
    }
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

/// The stages of the algorithm itself, between what was signed and the verdict on it.
fn primitive(bound: &Bound<'_>) -> Vec<Stage> {
    let (hash, message) = (bound.algorithm().hash(), bound.signing_input().concat());
    match bound.key().material() {
        Material::Oct(key) => hmac::stages(hash, key.secret().expose(), &message),
        Material::Rsa(_) | Material::RsaPrivate(_) | Material::Curve(_) => {
            match bound.key().rsa() {
                Some(key) => rsa::verify_stages(key, hash, &message, bound.signature()),
                None => vec![],
            }
        }
    }
}

fn verdict_stage(bound: &Bound<'_>) -> Stage {
    let (why, code, section) = match bound.algorithm().family() {
        Family::Hmac => (
            "The tag that was just made beside the one that was received: compared, every byte, in a time that \
             does not tell where they differ. Whoever can check such a tag can make one.",
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

fn verdict_inputs(bound: &Bound<'_>) -> [Value; 2] {
    let alg = Value::text("alg", bound.algorithm().name());
    [alg, Value::bytes("signature", bound.signature())]
}
