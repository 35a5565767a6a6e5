//! The steps of a signature (RSASSA-PKCS1-V1_5-SIGN, RFC 8017 §8.2.1).

use super::super::code::{Code, code};
use super::super::step::{Stage, Step};
use super::super::trace::{End, Trace, Unfaithful};
use super::super::value::Value;
use super::super::{ExplainError, fits};
use super::block;
use crate::modular::Number;
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::{PrivateKey, pkcs1v15};
use crate::sha2::Algorithm;
use num_bigint::BigUint;

const INTEGER: Code = code!("rsa/primitive.rs", "let m = self.public().integer(m)");
const M1: Code = code!("rsa/primitive.rs", "let [m1, m2] = Modulus::power_both");
const M2: Code = code!("rsa/primitive.rs", "let [m1, m2] = Modulus::power_both");
const H: Code = code!("rsa/primitive.rs", "let h = p.multiply_number(&difference, &self.qi)?;");
const JOINED: Code = code!("rsa/primitive.rs", "let m = Number::multiply_add(q.number(), &h, &m2)");
const CHECK: Code =
    code!("rsa/primitive.rs", "let undone = n.power_of_vartime(&s, self.public().e());");
const RELEASED: Code = code!("rsa/primitive.rs", "Ok(self.public().octets(&s.public()))");

/// Every step of the signature of a message of at most
/// [`MAX_MESSAGE_BYTES`](super::super::MAX_MESSAGE_BYTES) bytes.
///
/// Ids: `rsa.digest`, `rsa.digestinfo`, `rsa.em`, `rsa.m`, `rsa.crt.m1`, `rsa.crt.m2`, `rsa.crt.h`,
/// `rsa.crt.s`, `rsa.check`, `rsa.s`. What gives the key away is secret in it, and not wiped: see
/// docs/security.md.
///
/// # Errors
///
/// When the message is longer, when production gives no signature, and when the steps do not end as it does.
pub fn sign(key: &PrivateKey, hash: Algorithm, message: &[u8]) -> Result<Trace, ExplainError> {
    fits(message)?;
    let digest = hash.digest(message);
    let signature = pkcs1v15::sign(key, &digest).map_err(ExplainError::NoSignature)?;
    let end = End::Value(signature);
    let k = key.public().modulus_bytes();
    let encoded = emsa::encode(&digest, Parameters::Null, k);
    let mut stages = vec![
        block::digest_stage(message, &digest),
        block::info_stage(&digest),
        block::em_stage(&digest, k, &encoded),
    ];
    let more = encoded.ok().and_then(|em| private_stages(key, &em));
    let Some(more) = more else {
        return Err(Unfaithful { subject: "rsa-sign", production: end }.into());
    };
    stages.extend(more);
    let bits = key.public().n().bits();
    let title = format!("an RSA signature of {} bytes by {hash}, {bits} bits", message.len());
    Ok(Trace::new("rsa-sign", title, stages, end)?)
}

fn private_stages(key: &PrivateKey, em: &[u8]) -> Option<Vec<Stage>> {
    let m = Number::from_bytes(em);
    let halves = key.crt(&m).ok()?;
    let [m, m1, m2, h, s] =
        [&m, &halves.m1, &halves.m2, &halves.h, &halves.m].map(Number::to_biguint);
    let mut signature = vec![0; em.len()];
    halves.m.write_bytes(&mut signature);
    Some(vec![
        integer_stage(em, &m),
        crt_stage(key, &m, [m1, m2, h], &s),
        check_stage(key, em, &signature),
        release_stage(&s, &signature),
    ])
}

fn integer_stage(em: &[u8], m: &BigUint) -> Stage {
    let step = Step::new("rsa.m", "EM as a number")
        .inputs([Value::bytes("EM", em)])
        .outputs([Value::number("m", m.clone())]);
    let why = "RSA takes a number below n. The bytes are its digits to the base 256, the first the most \
               significant (OS2IP).";
    Stage::new("rsa.m", "integer", "RFC 8017 §8.2.1 step 2a").code(INTEGER).why(why).step(step)
}

fn crt_stage(key: &PrivateKey, m: &BigUint, [m1, m2, h]: [BigUint; 3], s: &BigUint) -> Stage {
    let parts = key.components();
    let secret =
        |name: &'static str, number: &BigUint| Value::number(name, number.clone()).secret();
    let step = |id: &str, title: &str| Step::new(format!("rsa.crt.{id}"), title);
    let section = "RFC 8017 §5.2.1 step 2b";
    let why = "s = m^d mod n, taken apart: half as long modulo p, half as long modulo q, and put together \
               (Chinese remainder theorem). It is about four times as fast. Production does this to \
               m·r^e for a random r and takes r out again (blinding), so that the time it takes tells \
               nothing of m: the result is the same.";
    Stage::new("rsa.crt", "private operation", section)
        .code(JOINED)
        .why(why)
        .step(
            step("m1", "m1 = m^dP mod p")
                .inputs([
                    Value::number("m", m.clone()),
                    secret("p", &parts.p),
                    secret("dP", &parts.dp),
                ])
                .outputs([secret("m1", &m1)])
                .place(section, M1),
        )
        .step(
            step("m2", "m2 = m^dQ mod q")
                .inputs([
                    Value::number("m", m.clone()),
                    secret("q", &parts.q),
                    secret("dQ", &parts.dq),
                ])
                .outputs([secret("m2", &m2)])
                .place(section, M2),
        )
        .step(
            step("h", "h = (m1 − m2) · qInv mod p")
                .inputs([secret("m1", &m1), secret("m2", &m2), secret("qInv", &parts.qi)])
                .outputs([secret("h", &h)])
                .place(section, H),
        )
        .step(
            step("s", "s = m2 + q · h")
                .inputs([secret("m2", &m2), secret("q", &parts.q), secret("h", &h)])
                .outputs([Value::number("s", s.clone())]),
        )
}

fn check_stage(key: &PrivateKey, em: &[u8], signature: &[u8]) -> Stage {
    let public = key.public();
    let recovered = public.recover(signature).unwrap_or_default();
    let held = if recovered == em { Ok(()) } else { Err("s^e mod n is not m".to_owned()) };
    let step = Step::new("rsa.check", "s^e mod n is m again")
        .inputs([Value::number("e", public.e().clone()), Value::number("n", public.n().clone())])
        .outputs([Value::bytes("EM′", recovered)])
        .outcome(held);
    let why = "Checked with the public key before it leaves: were one half wrong, by a fault of the \
               machine, this signature and its message would give away a prime of n.";
    Stage::new("rsa.check", "check", "RFC 8017 §5.2.2").code(CHECK).why(why).step(step)
}

fn release_stage(s: &BigUint, signature: &[u8]) -> Stage {
    let step = Step::new("rsa.s", "s as k bytes")
        .inputs([Value::number("s", s.clone())])
        .outputs([Value::bytes("S", signature)]);
    let why = "Always as long as the modulus, with zeros at the front where s is small (I2OSP).";
    Stage::new("rsa.s", "signature", "RFC 8017 §8.2.1 step 2c").code(RELEASED).why(why).step(step)
}
