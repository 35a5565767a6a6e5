//! What a stranger wrote stands escaped and bounded in every message: a terminal and a log obey control
//! characters (CWE-117, CWE-150).

use super::*;
use jotlab::jose::Unverified;
use serde_json::{Value, json};
use std::fmt::Display;

/// Colours, a new line, a bell, a title, a right-to-left override.
const EVIL: &str = "\u{1b}[31m\nroot: \u{7}\r\u{9b}2J\u{202e}\u{0}\u{1b}]0;x\u{7}";

/// A message may tell of some failed claims: 60 characters of each, and an escape for each of these.
const MOST: usize = 4000;

#[track_caller]
fn is_harmless(error: &impl Display) {
    let text = error.to_string();
    let harmful = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!text.contains(harmful), "{text:?}");
    assert!(text.chars().count() < MOST, "{} characters", text.chars().count());
}

fn evil_and_long() -> String {
    EVIL.repeat(1000)
}

fn header(members: &Value) -> String {
    let mut all = json!({"alg": "HS256"});
    all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    all.to_string()
}

#[test]
fn control_characters_of_a_token() {
    for evil in [EVIL.to_owned(), evil_and_long()] {
        let crit = json!({"crit": [evil], evil.as_str(): 1});
        let duplicate = format!(r#"{{"alg":"HS256",{0}:1,{0}:2}}"#, json!(evil));
        for header in [
            header(&json!({ "alg": evil })),
            header(&json!({ "kid": evil })),
            header(&crit),
            duplicate,
        ] {
            let mut keys = rsa_public();
            if header.contains("kid") {
                let mut key = Jwk::from_secret(SECRET.to_vec()).unwrap();
                key.parameters_mut().kid = Some("other".to_owned());
                keys = key.into();
            }
            is_harmless(&verify(&hs256(&header, CLAIMS), &keys, &strict()).unwrap_err());
        }
        let policy = strict().issuer("me").subject("me").token_id("me").typ("JWT");
        let claims = json!({"iss": evil, "sub": evil, "jti": evil, "aud": [evil, evil]});
        let token = hs256(&header(&json!({ "typ": evil })), &claims.to_string());
        for policy in [policy.clone(), policy.audience("me").require(&evil)] {
            is_harmless(&verify(&token, &secret(), &policy).unwrap_err());
        }
        let claims = format!(r#"{{"x":{{{0}:1,{0}:2}}}}"#, json!(evil));
        is_harmless(&check(&hs256(&header(&json!({})), &claims)).unwrap_err());
        for token in [evil.clone(), format!("{evil}.{evil}.{evil}"), format!("{{{evil}")] {
            is_harmless(&Jws::parse(&token, Relaxations::none()).unwrap_err());
        }
        let member = json!({"payload": "", "signatures": [{"protected": evil, evil.as_str(): 1}]});
        is_harmless(&Jws::json(&member.to_string()).unwrap_err());
        let in_both = json!({"payload": "", "signature": "", "header": {evil.as_str(): 1},
            "protected": encode_url(header(&json!({evil.as_str(): 1})).as_bytes())});
        is_harmless(&Jws::json(&in_both.to_string()).unwrap_err());
    }
}

/// A type of the caller's own, whose serde messages repeat what they do not know.
#[test]
fn control_characters_in_claims_of_ones_own() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Mine {
        #[expect(dead_code, reason = "only its reading matters")]
        exp: i64,
    }
    for claims in [json!({"exp": 2000000300, EVIL: 1}), json!({"exp": 2000000300.5})] {
        let token = hs256(r#"{"alg":"HS256"}"#, &claims.to_string());
        let (jws, keys) = (Jws::compact(&token).unwrap(), secret());
        let verified = jws.bind(&keys, &strict()).unwrap().verify().unwrap();
        is_harmless(&verified.claims::<Mine>(&strict()).unwrap_err());
    }
}

#[test]
fn control_characters_of_a_key() {
    for evil in [EVIL.to_owned(), evil_and_long()] {
        let key = |members: Value| {
            let mut jwk = json!({"kty": "oct", "k": encode_url(SECRET)});
            jwk.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            jwk
        };
        for broken in [
            key(json!({ "kty": evil })),
            key(json!({ "k": evil })),
            key(json!({"kty": "EC", "crv": evil})),
        ] {
            is_harmless(&Jwk::parse(broken.to_string()).unwrap_err());
            let mut named = broken;
            named["kid"] = evil.as_str().into();
            let set = JwkSet::parse(json!({"keys": [named]}).to_string()).unwrap();
            is_harmless(&set.unusable()[0]);
            is_harmless(&no_key(&good_hs256(), &set, &strict()));
        }
        for unfit in [json!({ "alg": evil }), json!({ "use": evil }), json!({ "key_ops": [evil] })]
        {
            let mut unfit = key(unfit);
            unfit["kid"] = evil.as_str().into();
            let keys = JwkSet::from(Jwk::parse(unfit.to_string()).unwrap());
            is_harmless(&no_key(&good_hs256(), &keys, &strict()));
        }
        let named = Jwk::parse(key(json!({ "kid": evil })).to_string()).unwrap();
        let twins: JwkSet = [named.clone(), named].into_iter().collect();
        is_harmless(&no_key(&good_hs256(), &twins, &strict()));
        let label: String = evil.chars().filter(|c| *c != '\n').collect();
        for pem in [
            format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n"),
            format!("-----BEGIN {label}-----\nAAAA\n-----END X-----\n"),
            format!("-----BEGIN {label}\n"),
            format!("-----BEGIN PUBLIC KEY-----\n{label}\n"),
        ] {
            is_harmless(&JwkSet::from_file_contents(pem.as_bytes()).unwrap_err());
        }
        is_harmless(&JwkSet::from_file_contents(evil.as_bytes()).unwrap_err());
    }
}

/// A broken token is looked into as well, and what is said of it is harmless.
#[test]
fn control_characters_in_remarks() {
    let broken = format!(r#"{{"alg":"HS256",{0}:1,{0}:2}}"#, json!(EVIL));
    for token in [hs256(&broken, &broken), format!("{EVIL}.{EVIL}.{EVIL}"), broken] {
        let unverified = Unverified::of(&token);
        let remarks = unverified.parts.iter().flat_map(|part| &part.remarks);
        unverified.remarks.iter().chain(remarks).for_each(is_harmless);
    }
}
