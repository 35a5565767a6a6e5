//! What is weak or odd about keys, by name: for whoever publishes them, before anybody relies on them.

use super::choose::label;
use super::fitness::{MAX_EXPONENT_BITS, MIN_RSA_BITS};
use super::jwk::{Jwk, Material};
use super::jwks::JwkSet;
use crate::rsa::prime::{is_probable_prime, small_factor};
use crate::rsa::weak::{has_roca_fingerprint, is_near_a_square};
use crate::rsa::{PrivateKey, PublicKey};
use num_integer::Integer;
use num_traits::One;

/// One remark on a key or a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name.
    pub name: &'static str,
    /// Whether the key must not be used, or only looks odd.
    pub severity: Severity,
    /// The key it is about, or `set`.
    pub about: String,
    /// What was found, in a sentence.
    pub what: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Allowed, but ask whether it is meant.
    Odd,
    /// Not to be used.
    Bad,
}

/// Whether the keys are to be published: then a private part is a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody may read them.
    Published,
    /// They stay where they are.
    Private,
}

/// All findings on a set, key by key, then on the set as a whole.
pub fn lint(set: &JwkSet, audience: Audience) -> Vec<Finding> {
    let mut findings = vec![];
    for unusable in set.unusable() {
        findings.push(Finding {
            name: "unreadable",
            severity: Severity::Bad,
            about: format!("keys[{}]", unusable.index),
            what: unusable.to_string(),
        });
    }
    for key in set.keys() {
        let mut add = |name, severity, what: String| {
            findings.push(Finding { name, severity, about: label(key), what });
        };
        lint_parameters(key, &mut add);
        if audience == Audience::Published && key.is_private() {
            add("private-member", Severity::Bad, "whoever reads it can sign".to_owned());
        }
        match key.material() {
            Material::Oct(secret) => lint_secret(secret.secret().expose(), &mut add),
            Material::Rsa(key) => {
                lint_rsa(key, &mut add);
                if is_near_a_square(key.n()) {
                    add("near-primes", Severity::Bad, NEAR_PRIMES.to_owned());
                }
            }
            Material::RsaPrivate(key) => {
                lint_rsa(key.public(), &mut add);
                lint_private(key, &mut add);
            }
            Material::Curve(_) => {}
        }
    }
    lint_set(set, &mut findings);
    findings
}

type Add<'a> = dyn FnMut(&'static str, Severity, String) + 'a;

fn lint_parameters(key: &Jwk, add: &mut Add<'_>) {
    let parameters = key.parameters();
    if parameters.kid.is_none() {
        add("no-kid", Severity::Odd, "no kid: it cannot be rotated without a gap".to_owned());
    }
    match &parameters.alg {
        None => add("no-alg", Severity::Odd, "no alg: its type alone decides".to_owned()),
        Some(alg) if key.family().is_some() && super::Algorithm::from_name(alg).is_none() => {
            add("unknown-alg", Severity::Odd, format!("alg \"{}\"", super::json::bounded(alg)));
        }
        Some(_) => {}
    }
}

/// RFC 7518 §3.2
fn lint_secret(secret: &[u8], add: &mut Add<'_>) {
    let bytes = secret.len();
    if bytes < 32 {
        let what = format!("{bytes} bytes, HS256 needs 32 (RFC 7518 §3.2)");
        add("short-secret", Severity::Bad, what);
    }
    if secret.iter().all(u8::is_ascii_graphic) {
        let what = "only printable characters: a password, not a random secret?";
        add("text-secret", Severity::Odd, what.to_owned());
    }
}

/// A modulus of more bits is not tested for being a prime: 4096 take a twentieth of a second, 16384 four, and a set has
/// hundreds of keys.
const MOST_BITS_FOR_A_PRIME: u64 = 4096;

fn lint_rsa(key: &PublicKey, add: &mut Add<'_>) {
    let bits = key.n().bits();
    if bits < MIN_RSA_BITS {
        let what = format!("{bits} bits, {MIN_RSA_BITS} are needed (RFC 7518 §3.3)");
        add("small-modulus", Severity::Bad, what);
    }
    if !bits.is_multiple_of(8) {
        add("odd-length", Severity::Odd, format!("a modulus of {bits} bits"));
    }
    if let Some(factor) = small_factor(key.n()) {
        add("small-factor", Severity::Bad, format!("{factor} divides the modulus"));
    }
    // without randomness nothing is said
    if bits <= MOST_BITS_FOR_A_PRIME && is_probable_prime(key.n(), 8) == Ok(true) {
        let what = "the modulus is a prime: whoever knows it can sign";
        add("prime-modulus", Severity::Bad, what.to_owned());
    }
    if has_roca_fingerprint(key.n()) {
        let what = "the fingerprint of CVE-2017-15361: the modulus can be factored";
        add("roca", Severity::Bad, what.to_owned());
    }
    if *key.e() == 3u32.into() {
        add("exponent-3", Severity::Odd, "e = 3: fatal with a lax verifier".to_owned());
    } else if key.e().bits() > MAX_EXPONENT_BITS {
        add("large-exponent", Severity::Bad, format!("e has {} bits", key.e().bits()));
    } else if *key.e() != 65537u32.into() {
        add("unusual-exponent", Severity::Odd, format!("e = {}", key.e()));
    }
}

const NEAR_PRIMES: &str = "p and q are so near that n can be factored from its root";

/// FIPS 186-5 §A.1.3
fn lint_private(key: &PrivateKey, add: &mut Add<'_>) {
    let parts = key.components();
    let half = parts.n.bits() / 2;
    let (more, less) = if parts.p > parts.q { (parts.p, parts.q) } else { (parts.q, parts.p) };
    if (more - less).bits() + 100 < half {
        add("near-primes", Severity::Bad, NEAR_PRIMES.to_owned());
    }
    if parts.d.bits() <= half {
        add("small-d", Severity::Bad, format!("d has only {} bits", parts.d.bits()));
    }
}

fn lint_set(set: &JwkSet, findings: &mut Vec<Finding>) {
    let mut add = |name, severity, what| {
        findings.push(Finding { name, severity, about: "set".to_owned(), what });
    };
    if set.is_mixed() {
        add("mixed-set", Severity::Bad, "secrets beside public keys".to_owned());
    }
    for (index, key) in set.keys().iter().enumerate() {
        for other in &set.keys()[index + 1..] {
            if key.kid().is_some() && key.kid() == other.kid() {
                let what = format!("{} and {} have one kid", label(key), label(other));
                add("duplicate-kid", Severity::Bad, what);
            }
            if let (Some(a), Some(b)) = (key.rsa(), other.rsa())
                && a.n() != b.n()
                && !a.n().gcd(b.n()).is_one()
            {
                let what =
                    format!("{} and {}: both moduli can be factored", label(key), label(other));
                add("shared-factor", Severity::Bad, what);
            }
        }
    }
}
