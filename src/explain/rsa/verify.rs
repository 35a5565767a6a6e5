//! The steps of a verification (RSASSA-PKCS1-V1_5-VERIFY, RFC 8017 §8.2.2).

use super::super::code::{Code, code};
use super::super::diagnosis;
use super::super::step::{Stage, Step};
use super::super::trace::{End, Trace, Unfaithful};
use super::super::value::Value;
use super::super::{ExplainError, fits};
use super::{LADDER, block, ladder_steps};
use crate::rsa::PublicKey;
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::pkcs1v15::{self, BadSignature};
use crate::sha2::Algorithm;
use num_bigint::BigUint;

const LENGTH: Code = code!("rsa/primitive.rs", "(bytes.len() == self.modulus_bytes())");
const RANGE: Code = code!("modular/mod.rs", "if !x.is_below(&self.n).reveal()");
const OCTETS: Code = code!("rsa/primitive.rs", "x.write_bytes(&mut bytes);");
const COMPARE: Code = code!("rsa/pkcs1v15.rs", "if ct::eq(em, &expected)");

/// Bits of an exponent whose squarings are shown one by one.
const MOST_BITS: u64 = 64;

/// Every step of the verification of a signature of a message, both of at most
/// [`MAX_MESSAGE_BYTES`](super::super::MAX_MESSAGE_BYTES) bytes.
///
/// Ids: `rsa.length`, `rsa.range`, `rsa.sqr1`, …, `rsa.mul`, `rsa.recovered`, `rsa.digest`,
/// `rsa.digestinfo`, `rsa.em`, `rsa.compare`. It ends with the step that fails, whose remark says why.
///
/// # Errors
///
/// When message or signature are longer, and when the steps do not end as production does.
pub fn verify(
    key: &PublicKey,
    hash: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<Trace, ExplainError> {
    fits(message)?;
    fits(signature)?;
    let end = match pkcs1v15::verify(key, &hash.digest(message), signature) {
        Ok(()) => End::Accepted,
        Err(error) => End::Refused(vec![error.to_string()]),
    };
    if !ladder_ends_as_production(key, signature) {
        return Err(Unfaithful { subject: "rsa-verify", production: end }.into());
    }
    let stages = verify_stages(key, hash, message, signature);
    let title = format!("an RSA signature beside a message of {} bytes, {hash}", message.len());
    Ok(Trace::new("rsa-verify", title, stages, end)?)
}

/// The steps shown are the portable ladder's; the block came by the machine's fastest way.
fn ladder_ends_as_production(key: &PublicKey, signature: &[u8]) -> bool {
    let steps = key.recover_steps(signature);
    let last = steps.as_deref().and_then(<[_]>::last).map(|step| key.modulus().value(&step.value));
    last == key.recover(signature).map(|em| BigUint::from_bytes_be(&em))
}

/// The stages of a verification, to the end or to the step that fails.
pub fn verify_stages(
    key: &PublicKey,
    hash: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Vec<Stage> {
    let mut stages = vec![length_stage(key, signature)];
    if signature.len() == key.modulus_bytes() {
        let em = key.recover(signature);
        stages.push(range_stage(key, signature, em.as_deref()));
        if let Some(em) = em {
            stages.push(power_stage(key, signature, &em));
            stages.push(recovered_stage(&em));
            stages.extend(expected_stages(hash, message, &em));
        }
    }
    let mut steps = stages.iter_mut().flat_map(|stage| &mut stage.steps);
    if let Some(failed) = steps.find(|step| step.failure().is_some())
        && let Some(why) = diagnosis::rsa(key, hash, message, signature)
    {
        failed.remark = Some(why.to_string());
    }
    stages
}

fn length_stage(key: &PublicKey, signature: &[u8]) -> Stage {
    let k = key.modulus_bytes();
    let held = if signature.len() == k { Ok(()) } else { Err(BadSignature.to_string()) };
    let step = Step::new("rsa.length", "as many bytes as the modulus")
        .inputs([
            Value::bytes("S", signature),
            Value::number("bytes", signature.len()),
            Value::number("k", k),
        ])
        .outcome(held);
    let why = "A signature is a number below n, written in just as many bytes as n: no zeros left out, \
               none added. So each signature has one spelling.";
    Stage::new("rsa.length", "length", "RFC 8017 §8.2.2 step 1").code(LENGTH).why(why).step(step)
}

fn range_stage(key: &PublicKey, signature: &[u8], em: Option<&[u8]>) -> Stage {
    let held = em.map(|_| ()).ok_or_else(|| BadSignature.to_string());
    let step = Step::new("rsa.range", "s < n")
        .inputs([
            Value::number("s", BigUint::from_bytes_be(signature)),
            Value::number("n", key.n().clone()),
        ])
        .outcome(held);
    let why = "s + n would give the same block as s. Only the smaller one is taken.";
    Stage::new("rsa.range", "range", "RFC 8017 §5.2.2 step 1").code(RANGE).why(why).step(step)
}

fn power_stage(key: &PublicKey, signature: &[u8], em: &[u8]) -> Stage {
    let e = key.e();
    let stage = Stage::new("rsa.power", "public operation", "RFC 8017 §5.2.2 step 2").code(LADDER);
    if e.bits() > MOST_BITS {
        let step = Step::new("rsa.power", "s^e mod n")
            .inputs([Value::number("e", e.clone())])
            .outputs([Value::number("m", BigUint::from_bytes_be(em))]);
        return stage.why("s^e mod n: the exponent is too long to show each squaring.").step(step);
    }
    let why = format!(
        "s^e mod n by squaring: e = {e} is {e:b} in binary. From the left, the first 1 is s itself; each \
         further digit squares, a 1 multiplies by s as well. Everybody can do this; going back needs the \
         primes of n."
    );
    let steps = key.recover_steps(signature).unwrap_or_default();
    stage.why(why).table(&["does", "value"]).steps(ladder_steps("rsa", "s", key.modulus(), steps))
}

fn recovered_stage(em: &[u8]) -> Stage {
    let step = Step::new("rsa.recovered", "the number as k bytes")
        .inputs([Value::number("m", BigUint::from_bytes_be(em))])
        .outputs([Value::bytes("EM′", em)]);
    let why = "What the signer encoded, if it was made with the private key. It is not taken apart: it \
               will be compared as it is.";
    Stage::new("rsa.recovered", "recovered block", "RFC 8017 §8.2.2 step 2c")
        .code(OCTETS)
        .why(why)
        .step(step)
}

/// The block that must come out, and the comparison.
fn expected_stages(hash: Algorithm, message: &[u8], recovered: &[u8]) -> Vec<Stage> {
    let digest = hash.digest(message);
    let k = recovered.len();
    let expected = emsa::encode(&digest, Parameters::Null, k);
    let mut stages = vec![
        block::digest_stage(message, &digest),
        block::info_stage(&digest),
        block::em_stage(&digest, k, &expected),
    ];
    stages.extend(expected.ok().map(|expected| compare_stage(recovered, &expected)));
    stages
}

fn compare_stage(recovered: &[u8], expected: &[u8]) -> Stage {
    let held = if recovered == expected { Ok(()) } else { Err(BadSignature.to_string()) };
    let step = Step::new("rsa.compare", "EM′ = EM")
        .inputs([Value::bytes("EM′", recovered), Value::bytes("EM", expected)])
        .outcome(held);
    let first = recovered.iter().zip(expected).position(|(a, b)| a != b);
    let step = step.outputs(first.map(|at| Value::number("first difference at byte", at)));
    let why = "The block that this message must give is built and compared whole. Verifiers that look into \
               the recovered block instead, for a hash somewhere behind some padding, have been forged.";
    Stage::new("rsa.compare", "comparison", "RFC 8017 §8.2.2 step 4")
        .code(COMPARE)
        .why(why)
        .step(step)
}
