//! The gallery: seeded bugs, each a small change of a hash, a MAC, a decoder or a verifier, as somebody
//! wrote it once or easily could.
//!
//! This is the one place with a second copy of algorithms, and nothing but `vectors score`, the diagnosis
//! of a cross-check and tests ever runs it. Each room has a pliable copy with one branch a flaw; with no
//! flaw the copy is right, which a test shows over all suites.
//!
//! | file | bugs of |
//! |---|---|
//! | `hash` | SHA-2: padding, length, rounds, output, updates |
//! | `mac` | HMAC: key block, pads, comparing |
//! | `stretch` | PBKDF2: count, blocks, sum, password and salt |
//! | `base64` | base64url decoding |
//! | `rsa` | PKCS #1 v1.5 and primes |
//! | `jws` | tokens: form, header, keys, signature |
//! | `jwt` | claims |

mod base64;
mod hash;
mod jws;
mod jwt;
mod mac;
mod rsa;
mod stretch;

use super::implementation::Implementation;
use super::jotlab::Jotlab;
use super::question::{Answer, Request, RsaPrivate};
use crate::modular::Modulus;
use crate::sha2::Digest;
use num_bigint::BigUint;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A seeded bug.
#[derive(Clone, Copy)]
pub struct Bug {
    /// A short name, such as `length-in-bytes`, unique.
    pub name: &'static str,
    /// What it does wrong.
    pub what: &'static str,
    /// The rule that it breaks, or where it was seen.
    pub rule: &'static str,
    /// Operations that it can show in.
    pub operations: &'static [&'static str],
    /// Why no test can ever see it, if none can.
    pub equivalent: Option<&'static str>,
    flaw: Flaw,
}

/// Where the bug sits.
#[derive(Clone, Copy)]
enum Flaw {
    Hash(hash::Flaw),
    Mac(mac::Flaw),
    Stretch(stretch::Flaw),
    Base64(base64::Flaw),
    Rsa(rsa::Flaw),
    Jws(jws::Flaw),
    Jwt(jwt::Flaw),
}

/// One row of a room's list.
type Row<F> = (F, &'static str, &'static str, &'static str);

/// All bugs, room by room.
pub fn bugs() -> Vec<Bug> {
    let mut bugs = vec![];
    bugs.extend(rows(&hash::FLAWS, |_| hash::OPERATIONS, Flaw::Hash));
    bugs.extend(rows(&mac::FLAWS, |_| mac::OPERATIONS, Flaw::Mac));
    bugs.extend(rows(&stretch::FLAWS, |_| stretch::OPERATIONS, Flaw::Stretch));
    bugs.extend(rows(&base64::FLAWS, |_| base64::OPERATIONS, Flaw::Base64));
    bugs.extend(rows(&rsa::FLAWS, rsa::operations, Flaw::Rsa));
    bugs.extend(rows(&jws::FLAWS, |_| jws::OPERATIONS, Flaw::Jws));
    bugs.extend(rows(&jwt::FLAWS, |_| jwt::OPERATIONS, Flaw::Jwt));
    for bug in &mut bugs {
        let proof = EQUIVALENT.iter().find(|(name, _)| *name == bug.name);
        bug.equivalent = proof.map(|(_, proof)| *proof);
    }
    bugs
}

fn rows<F: Copy>(
    flaws: &[Row<F>],
    operations: fn(F) -> &'static [&'static str],
    flaw: fn(F) -> Flaw,
) -> impl Iterator<Item = Bug> {
    flaws.iter().map(move |&(f, name, what, rule)| Bug {
        name,
        what,
        rule,
        operations: operations(f),
        equivalent: None,
        flaw: flaw(f),
    })
}

/// Changes that no input can show, with the proof. They are here so that a suite's author does not hunt them.
const EQUIVALENT: [(&str, &str); 2] = [
    (
        "length-of-64-bits",
        "it differs from SHA-512 only where a message has 2⁶⁴ bits or more: 2 million terabytes, which no \
         test can feed",
    ),
    (
        "ch-by-or",
        "(x∧y)⊕(¬x∧z) and (x∧y)∨(¬x∧z) are equal for all words: where x has a 1 the second term is 0, \
         where it has a 0 the first is",
    ),
];

/// An implementation that is right but for one bug. Many share what they have in common: `s^e mod n` of a
/// signature is the same for all bugs that look at it.
pub struct Sick<'m> {
    bug: Bug,
    jotlab: Jotlab,
    memory: &'m Memory,
}

impl<'m> Sick<'m> {
    /// One with this bug.
    pub fn new(bug: Bug, memory: &'m Memory) -> Sick<'m> {
        Sick { bug, jotlab: Jotlab::new(), memory }
    }
}

impl Implementation for Sick<'_> {
    fn name(&self) -> String {
        self.bug.name.to_owned()
    }

    fn answer(&self, request: &Request) -> Answer {
        let flawed = match self.bug.flaw {
            Flaw::Hash(flaw) => hash::answer(request, flaw),
            Flaw::Mac(flaw) => mac::answer(request, flaw),
            Flaw::Stretch(flaw) => stretch::answer(request, flaw),
            Flaw::Base64(flaw) => base64::answer(request, flaw),
            Flaw::Rsa(flaw) => rsa::answer(request, flaw, self.memory),
            Flaw::Jws(flaw) => jws::answer(request, flaw, self.memory),
            Flaw::Jwt(flaw) => jwt::answer(request, flaw),
        };
        flawed.unwrap_or_else(|| self.jotlab.answer(request))
    }
}

/// What was computed once for all bugs: blocks recovered from RSA signatures.
#[derive(Default)]
pub struct Memory {
    blocks: Mutex<HashMap<[u8; 32], Arc<Vec<u8>>>>,
}

impl Memory {
    /// s^e mod n as k bytes, whatever s is: the textbook's operation, without a check.
    fn power(&self, n: &BigUint, e: &BigUint, s: &BigUint) -> Arc<Vec<u8>> {
        let key = digest(&[&n.to_bytes_be(), &e.to_bytes_be(), &s.to_bytes_be()]);
        // a thread that panicked left whole entries behind
        let lock = || self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = lock().get(&key) {
            return block.clone();
        }
        let k = n.bits().div_ceil(8) as usize;
        // the fast way where there is one: an even n has none
        let power = match Modulus::new(n) {
            Ok(modulus) if s < n => {
                modulus.residue(s).map(|x| modulus.value(&modulus.power_vartime(&x, e)))
            }
            other => other.map(|_| s.modpow(e, n)),
        };
        let power = power.unwrap_or_else(|_| s.modpow(e, n));
        let block = Arc::new(left_padded(&power.to_bytes_be(), k));
        lock().insert(key, block.clone());
        block
    }
}

impl Memory {
    /// m^d mod n by the textbook, with the two primes where they are known: nothing here is a secret.
    fn private_power(&self, key: &RsaPrivate, m: &BigUint) -> BigUint {
        let Some([p, q, dp, dq, qi]) = &key.primes else {
            return BigUint::from_bytes_be(&self.power(&key.n, &key.d, m));
        };
        let (m1, m2) = ((m % p).modpow(dp, p), (m % q).modpow(dq, q));
        let h = qi * (m1 + p - &m2 % p) % p;
        m2 + q * h
    }
}

/// A name for byte strings: each with its length in front.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = crate::sha2::Hasher::new(crate::sha2::Algorithm::Sha256);
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest: Digest = hasher.finish();
    let mut name = [0; 32];
    name.copy_from_slice(digest.as_bytes());
    name
}

fn left_padded(bytes: &[u8], length: usize) -> Vec<u8> {
    let zeros = length.saturating_sub(bytes.len());
    [&vec![0; zeros][..], bytes].concat()
}

#[cfg(test)]
mod tests;
