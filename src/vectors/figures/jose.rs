//! Figures of JOSE beside what this library computes.

use super::model::{Hex, JwkCase, JwksCase, JwsCase, Thumbprint};
use super::{expect, expect_bytes};
use crate::base64::{decode_url, encode_url};
use crate::jose::{
    Algorithm, Content, Jwk, JwkSet, Jws, Policy, Relaxation, Relaxations, Signer, general,
};
use crate::sha2;
use serde_json::Value;
use std::collections::BTreeMap;

type Check = Result<(), String>;

/// The time of a case: none of the figures depends on it, and their `exp` is long past.
const NOW: i64 = 0;

pub(super) fn jwk(case: &JwkCase) -> Check {
    let jwk = parse_key(&case.key)?;
    expect("written again", &jwk.to_value(), &case.key)?;
    octets(&case.key, case.octets.as_ref())?;
    if let Some(certificate) = &case.certificate {
        let first = jwk.parameters().certificates.first().ok_or("no certificate was read")?;
        expect_bytes("certificate", first, &certificate.0)?;
        if let Some(stated) = &case.certificate_sha256 {
            let hash = sha2::Algorithm::Sha256.digest(first);
            expect("x5t#S256", &encode_url(hash.as_bytes()), stated)?;
        }
    }
    Ok(())
}

pub(super) fn jwks(case: &JwksCase) -> Check {
    let set = JwkSet::parse(case.jwks.to_string()).map_err(|error| error.to_string())?;
    if let Some(unusable) = set.unusable().first() {
        return Err(unusable.to_string());
    }
    expect("written again", &set.to_value(), &case.jwks)?;
    expect("number of keys", &set.keys().len(), &case.octets.len())?;
    for (key, stated) in set.keys().iter().zip(&case.octets) {
        octets(&key.to_value(), Some(stated))?;
    }
    Ok(())
}

fn octets(key: &Value, stated: Option<&BTreeMap<String, Hex>>) -> Check {
    for (name, stated) in stated.into_iter().flatten() {
        let text = key.get(name).and_then(Value::as_str).ok_or(format!("no member {name}"))?;
        let decoded = decode_url(text).map_err(|error| format!("{name}: {error}"))?;
        expect_bytes(name, &decoded, &stated.0)?;
    }
    Ok(())
}

pub(super) fn thumbprint(case: &Thumbprint) -> Check {
    let jwk = parse_key(&case.key)?;
    expect("canonical JSON", &jwk.canonical(), &case.canonical)?;
    let digest = jwk.thumbprint(case.hash.0);
    expect_bytes("digest", digest.as_bytes(), &case.digest.0)?;
    expect("thumbprint", &encode_url(digest.as_bytes()), &case.thumbprint)
}

fn parse_key(key: &Value) -> Result<Jwk, String> {
    Jwk::parse(key.to_string()).map_err(|error| error.to_string())
}

/// Every serialization that the case has is verified; signing again gives the same where that is stated.
pub(super) fn jws(case: &JwsCase) -> Check {
    let policy = policy(&case.allow)?;
    let key = parse_key(&case.key)?;
    let mut forms = vec![];
    forms.extend(case.compact.iter().map(|text| ("compact", text.clone(), 0)));
    forms.extend(case.detached_compact.iter().map(|text| ("detached", text.clone(), 0)));
    forms.extend(case.flattened.iter().map(|json| ("flattened", json.to_string(), 0)));
    forms.extend(case.general.iter().map(|json| ("general", json.to_string(), case.index)));
    if forms.is_empty() {
        return Err("no serialization is stated".to_owned());
    }
    let relaxations = relaxations(&case.allow)?;
    let keys = JwkSet::from(key.clone());
    for (form, token, index) in forms {
        verify_form(case, &token, index, &keys, &policy, relaxations)
            .map_err(|why| format!("{form}: {why}"))?;
    }
    if case.deterministic { sign_again(case, &key, &policy) } else { Ok(()) }
}

fn verify_form(
    case: &JwsCase,
    token: &str,
    index: usize,
    keys: &JwkSet,
    policy: &Policy,
    relaxations: Relaxations,
) -> Check {
    let mut jws = Jws::parse(token, relaxations).map_err(|error| error.to_string())?;
    if jws.is_detached() {
        jws = jws.with_payload(case.payload.0.clone()).map_err(|error| error.to_string())?;
    }
    let signature = jws.signatures().get(index).ok_or("no such signature")?;
    let bound = jws.bind_signature(signature, keys, policy).map_err(|error| error.to_string())?;
    let input = bound.signing_input().concat();
    expect_bytes("signing input", &input, case.signing_input.as_bytes())?;
    if let Some(stated) = &case.digest {
        expect_bytes("digest", bound.algorithm().hash().digest(&input).as_bytes(), &stated.0)?;
    }
    expect("signature", &encode_url(bound.signature()), &case.signature)?;
    let verified = bound.verify().map_err(|error| error.to_string())?;
    expect_bytes("payload", verified.payload(), &case.payload.0)
}

fn sign_again(case: &JwsCase, key: &Jwk, policy: &Policy) -> Check {
    let algorithm = Algorithm::from_name(&case.alg).ok_or("unknown alg")?;
    let protected = case.protected.as_deref().unwrap_or("");
    let unprotected = case.unprotected.clone().unwrap_or_default();
    let signer = Signer::with_headers(key, algorithm, protected, unprotected, policy);
    let signer = signer.map_err(|error| error.to_string())?;
    let failed = |error: crate::jose::SignError| error.to_string();
    let payload = &case.payload.0;
    let signature = signer.signature(payload).map_err(failed)?;
    expect("signed again", &encode_url(&signature), &case.signature)?;
    // a compact form with an empty middle is detached
    if let Some(stated) = &case.compact {
        let made =
            if stated.contains("..") { signer.detached(payload) } else { signer.compact(payload) };
        expect("compact, signed again", &made.map_err(failed)?, stated)?;
    }
    if let Some(stated) = &case.detached_compact {
        let made = signer.detached(payload).map_err(failed)?;
        expect("detached, signed again", &made, stated)?;
    }
    let content = |stated: &Value| {
        if stated.get("payload").is_some() { Content::Attached } else { Content::Detached }
    };
    if let Some(stated) = &case.flattened {
        let made = signer.flattened(payload, content(stated)).map_err(failed)?;
        expect("flattened, signed again", &made, stated)?;
    }
    if let Some(stated) = &case.general
        && stated["signatures"].as_array().map(Vec::len) == Some(1)
    {
        let made = general(&[signer], payload, content(stated)).map_err(failed)?;
        expect("general, signed again", &made, stated)?;
    }
    Ok(())
}

fn policy(allow: &[String]) -> Result<Policy, String> {
    let mut policy = Policy::at(NOW);
    for name in allow {
        policy = policy.allow(relaxation(name)?);
    }
    Ok(policy)
}

fn relaxations(allow: &[String]) -> Result<Relaxations, String> {
    allow.iter().map(|name| relaxation(name)).collect()
}

fn relaxation(name: &str) -> Result<Relaxation, String> {
    Relaxation::from_name(name).ok_or_else(|| format!("unknown relaxation \"{name}\""))
}
