//! Why a signature is bad, from what the verifier has: the recovered block beside the expected one, the
//! secret in other spellings, the other keys of the set.
//!
//! It is asked behind a verdict and never leads to one: production has refused before, by comparing the
//! whole block (RFC 8017 §8.2.2 step 4) or the whole code (RFC 7518 §3.2). What is parsed here is parsed to
//! find words.

mod bad_block;
mod hmac;
mod rsa;

pub use bad_block::{BadBlock, Zeros};
pub use hmac::{BadCode, Spelling, hmac};
pub use rsa::rsa;

use crate::jose::{Bound, Jwk, JwkSet, Material, label};
use core::fmt;

/// What is wrong with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    fault: Fault,
    /// Another key of the set that verifies it.
    other: Option<String>,
}

/// The fault by the family of the algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Rsa(BadBlock),
    Hmac(BadCode),
}

/// Why a bound signature does not verify with its key; `keys` is the set that the key was chosen from.
///
/// Nothing where it does verify.
pub fn of(bound: &Bound<'_>, keys: &JwkSet) -> Option<Diagnosis> {
    let message = bound.signing_input().concat();
    let fault = fault(bound, bound.key(), &message)?;
    let elsewhere = match &fault {
        Fault::Rsa(fault) => fault.points_elsewhere(),
        Fault::Hmac(fault) => matches!(fault, BadCode::Other | BadCode::Length { .. }),
    };
    let candidates = if elsewhere { keys.keys() } else { &[] };
    let mut others = candidates.iter().filter(|key| {
        // RFC 8725 §3.1: a key of the other family is no candidate
        !core::ptr::eq(*key, bound.key()) && key.family() == Some(bound.algorithm().family())
    });
    let other = others.find(|key| verifies(bound, key, &message)).map(label);
    Some(Diagnosis { fault, other })
}

fn fault(bound: &Bound<'_>, key: &Jwk, message: &[u8]) -> Option<Fault> {
    let (hash, signature) = (bound.algorithm().hash(), bound.signature());
    match key.material() {
        Material::Oct(key) => {
            hmac(hash, key.secret().expose(), message, signature).map(Fault::Hmac)
        }
        Material::Rsa(key) => rsa(key, hash, message, signature).map(Fault::Rsa),
        Material::RsaPrivate(key) => rsa(key.public(), hash, message, signature).map(Fault::Rsa),
        Material::Curve(_) => None,
    }
}

/// Whether another key verifies.
fn verifies(bound: &Bound<'_>, key: &Jwk, message: &[u8]) -> bool {
    let (hash, signature) = (bound.algorithm().hash(), bound.signature());
    match key.material() {
        Material::Oct(key) => {
            crate::hmac::Hmac::new(hash, key.secret().expose()).verify(message, signature)
        }
        _ => key.rsa().is_some_and(|key| {
            crate::rsa::pkcs1v15::verify(key, &hash.digest(message), signature).is_ok()
        }),
    }
}

impl Diagnosis {
    /// What can be tried.
    pub fn hint(&self) -> Option<&'static str> {
        match &self.fault {
            Fault::Rsa(BadBlock::NullMissing) => Some("--allow missing-null lets it pass"),
            Fault::Hmac(BadCode::Secret { spelling, .. }) => spelling.hint(),
            _ => None,
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, section) = match &self.fault {
            Fault::Rsa(fault) => fault.words(),
            Fault::Hmac(fault) => fault.words(),
        };
        match (&self.other, &self.fault) {
            (None, _) => write!(f, "{words} ({section})"),
            // a block that looked like something by chance
            (
                Some(key),
                Fault::Rsa(
                    BadBlock::Random
                    | BadBlock::Pss
                    | BadBlock::Type(_)
                    | BadBlock::PaddingShort(_),
                ),
            ) => {
                let (_, section) = BadBlock::Random.words();
                write!(f, "the block is random: {key} of the set verifies it ({section})")
            }
            (Some(key), Fault::Hmac(BadCode::Other)) => {
                write!(f, "another secret: {key} of the set verifies it ({section})")
            }
            (Some(key), _) => write!(f, "{words}; {key} of the set verifies it ({section})"),
        }
    }
}
