//! The steps of RSASSA-PKCS1-v1_5 (RFC 8017 §8.2), as [`rsa`](crate::rsa) makes them.
//!
//! | file | what stands there |
//! |---|---|
//! | `block` | from the message to the encoded block, for both sides |
//! | `sign` | the private operation by CRT, checked before it is released |
//! | `verify` | the public operation, squaring by squaring, and the comparison |
//! | `toy` | the same arithmetic with numbers that fit on paper |
//! | `toy_error` | the rules that such numbers must keep |

mod block;
mod sign;
mod toy;
mod toy_error;
mod verify;

pub use sign::sign;
pub use toy::toy;
pub use toy_error::{MAX_TOY_BITS, ToyError};
pub use verify::{verify, verify_stages};

use super::code::{Code, code};
use super::step::Step;
use super::value::Value;
use crate::modular::{self, Modulus, StepKind};
use num_bigint::BigUint;

const LADDER: Code = code!("modular/power.rs", "StepKind::Square => self.square(&value)");

/// The squarings and multiplications of base^e, a row each: `rsa.sqr1`, … `rsa.mul`, or `rsa.mul2` where
/// there is more than one.
fn ladder_steps(
    id: &str,
    base: &str,
    modulus: &Modulus,
    steps: impl IntoIterator<Item = modular::Step>,
) -> Vec<Step> {
    let steps: Vec<modular::Step> = steps.into_iter().collect();
    let multiplies = steps.iter().filter(|step| step.kind == StepKind::Multiply).count();
    let (mut squarings, mut multiplications) = (0, 0);
    let row = |step: &modular::Step| {
        let (name, does) = match step.kind {
            StepKind::Square => {
                squarings += 1;
                (format!("sqr{squarings}"), "squared".to_owned())
            }
            StepKind::Multiply => {
                multiplications += 1;
                let number =
                    if multiplies == 1 { String::new() } else { multiplications.to_string() };
                (format!("mul{number}"), format!("× {base}, for bit {} is 1", step.bit))
            }
        };
        Step::new(format!("{id}.{name}"), format!("{does}, mod n"))
            .inputs([Value::text("does", does)])
            .outputs(shown(&modulus.value(&step.value)))
    };
    steps.iter().map(row).collect()
}

/// A number for a row of a table: as it is if it is small, else its ends beside all of it.
fn shown(x: &BigUint) -> Vec<Value> {
    if x.bits() <= u64::from(u64::BITS) {
        return vec![Value::number("value", x.clone())];
    }
    let digits = hex::encode(x.to_bytes_be());
    let ends = format!("{} … {}", &digits[..ENDS], &digits[digits.len() - ENDS..]);
    vec![Value::text("value", ends), Value::number("x", x.clone())]
}

/// Hex digits at either end of a number that does not fit a row.
const ENDS: usize = 16;
