//! Many tokens at once: the same stages, with the primitives' lanes below (`sha2::digest_many`,
//! `Hmac::mac_many`, `rsa::pkcs1v15::verify_many`). No token's verdict depends on another's.

use super::BadSignature;
use super::algorithm::Family;
use super::bound::{Bound, Verified};
use super::claims::Claims;
use super::jwk::Material;
use super::jwks::JwkSet;
use super::jws::Jws;
use super::jwt::{Accepted, VerifyError};
use super::policy::Policy;
use crate::ct;
use crate::rsa::{PublicKey, pkcs1v15};
use crate::sha2;
use std::collections::BTreeMap;

/// Verifies compact JWTs, of any algorithms and keys of the set, and accepts their claims: in their order,
/// each as [`verify`](super::verify) would.
///
/// It pays from a few tokens on; some hundreds at once are enough (memory is theirs, several times).
pub fn verify_many(
    tokens: &[&str],
    keys: &JwkSet,
    policy: &Policy,
) -> Vec<Result<Accepted<Claims>, VerifyError>> {
    let parsed: Vec<_> =
        tokens.iter().map(|token| Jws::compact_with(token, policy.relaxations)).collect();
    let bind = |jws| Ok(Jws::bind(jws, keys, policy)?);
    let mut bound: Vec<Result<Bound<'_>, VerifyError>> = parsed
        .iter()
        .map(|jws| jws.as_ref().map_err(|e| e.clone().into()).and_then(bind))
        .collect();
    let mut holds = hold(&mut bound.iter_mut().flatten().collect::<Vec<_>>()).into_iter();
    let mut accept = |bound: Result<Bound<'_>, VerifyError>| {
        let bound = bound?;
        let verified = holds.next().unwrap_or(false).then(|| bound.verified());
        Ok(verified.ok_or(BadSignature)?.claims(policy)?)
    };
    bound.into_iter().map(&mut accept).collect()
}

impl<'a> Bound<'a> {
    /// Verifies several signatures, in their order, each as [`verify`](Bound::verify) would.
    pub fn verify_many(mut bound: Vec<Bound<'a>>) -> Vec<Result<Verified<'a>, BadSignature>> {
        let holds = hold(&mut bound.iter_mut().collect::<Vec<_>>());
        let verdict = |(bound, holds): (&Bound<'a>, bool)| {
            if holds { Ok(bound.verified()) } else { Err(BadSignature) }
        };
        bound.iter().zip(holds).map(verdict).collect()
    }
}

/// Which of several signatures hold.
fn hold(bound: &mut [&mut Bound<'_>]) -> Vec<bool> {
    let mut holds = vec![false; bound.len()];
    rsa(bound, &mut holds);
    hmac(bound, &mut holds);
    holds
}

/// The public key of an RSA signature.
fn rsa_key<'a>(bound: &Bound<'a>) -> Option<&'a PublicKey> {
    match bound.key().material() {
        Material::Rsa(key) => Some(key),
        Material::RsaPrivate(key) => Some(key.public()),
        Material::Oct(_) | Material::Curve(_) => None,
    }
}

fn rsa(bound: &mut [&mut Bound<'_>], holds: &mut [bool]) {
    let mut by_hash = BTreeMap::<sha2::Algorithm, Vec<(usize, &PublicKey)>>::new();
    for (i, one) in bound.iter().enumerate() {
        if let (Family::Rsa, Some(key)) = (one.algorithm().family(), rsa_key(one)) {
            by_hash.entry(one.algorithm().hash()).or_default().push((i, key));
        }
    }
    for (hash, ready) in by_hash {
        let messages: Vec<_> = ready.iter().map(|(i, _)| bound[*i].message()).collect();
        let digests = sha2::digest_many(hash, &messages);
        let mut tasks: Vec<pkcs1v15::Task<'_>> = vec![];
        for ((i, key), digest) in ready.iter().zip(&digests) {
            tasks.push((key, digest, bound[*i].signature()));
        }
        let verdicts = pkcs1v15::verify_many(&tasks);
        for (((i, key), digest), verdict) in ready.into_iter().zip(&digests).zip(verdicts) {
            holds[i] = verdict.is_ok() || bound[i].holds_relaxed(key, digest);
        }
    }
}

fn hmac(bound: &[&mut Bound<'_>], holds: &mut [bool]) {
    // the same key of the set is the same place in memory
    let mut by_key = BTreeMap::<(*const (), sha2::Algorithm), Vec<usize>>::new();
    for (i, one) in bound.iter().enumerate() {
        let key = core::ptr::from_ref(one.key()).cast();
        if one.algorithm().family() == Family::Hmac {
            by_key.entry((key, one.algorithm().hash())).or_default().push(i);
        }
    }
    for places in by_key.into_values() {
        let first = &bound[places[0]];
        let Material::Oct(key) = first.key().material() else { continue };
        let messages: Vec<_> = places.iter().map(|i| bound[*i].message()).collect();
        let tags = key.hmac(first.algorithm()).mac_many(&messages);
        for (i, tag) in places.into_iter().zip(tags) {
            holds[i] = ct::eq(&tag, bound[i].signature());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Algorithm, Jwk, verify};
    use super::*;
    use crate::base64::encode_url;
    use crate::hmac::Hmac;
    use crate::rsa::PrivateKey;

    fn token(header: &str, claims: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let text = format!("{}.{}", encode_url(header.as_bytes()), encode_url(claims.as_bytes()));
        let signature = sign(text.as_bytes());
        format!("{text}.{}", encode_url(&signature))
    }

    /// Good and bad tokens of several keys and algorithms, in any order: each has the verdict that it has
    /// alone. A set holds secrets or public keys, so there are two.
    #[test]
    fn no_verdict_depends_on_a_neighbour() {
        let named = |kid: &str, mut key: Jwk| {
            key.parameters_mut().kid = Some(kid.to_owned());
            key
        };
        let rsa = [0, 1].map(|_| PrivateKey::generate(2048).unwrap());
        let secrets = [[1; 64], [2; 64]];
        let sets: [JwkSet; 2] = [
            ["a", "b"]
                .into_iter()
                .zip(&rsa)
                .map(|(kid, key)| named(kid, key.public().clone().into()))
                .collect(),
            ["c", "d"]
                .into_iter()
                .zip(secrets)
                .map(|(kid, secret)| named(kid, Jwk::from_secret(secret.to_vec()).unwrap()))
                .collect(),
        ];
        let policy = Policy::at(1000).algorithms(Algorithm::ALL);
        let mut tokens = vec!["a.b".to_owned(), String::new(), "é".to_owned()];
        for i in 0..60 {
            let hash = [sha2::Algorithm::Sha256, sha2::Algorithm::Sha512][i % 2];
            let (bits, of) = ([256, 512][i % 2], i / 2 % 2);
            let claims = format!(r#"{{"exp":{}}}"#, if i % 7 == 3 { 999 } else { 2000 });
            let flip = |mut signature: Vec<u8>| {
                signature[0] ^= u8::from(i % 5 == 4);
                signature
            };
            let rs = format!(r#"{{"alg":"RS{bits}","kid":"{}"}}"#, ["a", "b"][of]);
            tokens.push(token(&rs, &claims, |text| {
                flip(pkcs1v15::sign(&rsa[of], &hash.digest(text)).unwrap())
            }));
            let hs = format!(r#"{{"alg":"HS{bits}","kid":"{}"}}"#, ["c", "d"][of]);
            tokens.push(token(&hs, &claims, |text| {
                flip(Hmac::new(hash, &secrets[of]).mac(text).to_vec())
            }));
        }
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        for keys in &sets {
            let many = verify_many(&tokens, keys, &policy);
            let good = many.iter().filter(|verdict| verdict.is_ok()).count();
            assert!((20..60).contains(&good), "{good}");
            for (token, verdict) in tokens.iter().zip(many) {
                let alone = verify(token, keys, &policy);
                assert_eq!(verdict.map(|v| v.claims), alone.map(|v| v.claims), "{token}");
            }
        }
    }
}
