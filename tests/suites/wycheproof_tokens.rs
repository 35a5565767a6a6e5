//! Wycheproof's `json_web_*` files, which name no algorithm.

use crate::samples::{outcomes_of, rsa_jwk, whys};
use jotlab::base64::encode_url;
use jotlab::jose::{Algorithm, Jwk, Policy, Signer};
use serde_json::{Value, json};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

fn compact(key: &Jwk, algorithm: Algorithm) -> String {
    Signer::new(key, algorithm, &Policy::at(0)).unwrap().compact(b"{}").unwrap()
}

fn hs256() -> (Value, String) {
    let key = Jwk::from_secret(SECRET.to_vec()).unwrap();
    (
        json!({ "kty": "oct", "k": encode_url(SECRET), "alg": "HS256" }),
        compact(&key, Algorithm::Hs256),
    )
}

fn rs256() -> (Value, Value, String) {
    let key = rsa_jwk();
    (key.to_value(), key.to_public().unwrap().to_value(), compact(&key, Algorithm::Rs256))
}

fn file(kind: &str, keys: Value, tests: Vec<Value>) -> Value {
    let mut group = json!({ "type": kind, "comment": "a group" });
    group.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let count = tests.len();
    group["tests"] = tests.into();
    json!({ "schema": "json_web_schema.json", "numberOfTests": count, "notes": {}, "testGroups": [group] })
}

fn test(id: u64, result: &str, member: &str, token: impl Into<Value>) -> Value {
    let mut test = json!({ "tcId": id, "comment": "", "result": result, "flags": [] });
    test[member] = token.into();
    test
}

/// A token with its first letter of the signature changed.
fn forged(token: &str) -> String {
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let letter = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{rest}.{letter}{}", &signature[1..])
}

#[test]
fn a_token_is_verified_with_the_public_key_or_else_the_private_one() {
    let (secret, token) = hs256();
    let tests = vec![
        test(1, "valid", "jws", token.clone()),
        test(2, "invalid", "jws", forged(&token)),
        test(3, "invalid", "jws", token.clone()),
        test(4, "valid", "jws", forged(&token)),
        test(5, "invalid", "jws", ""),
    ];
    let value = file("JsonWebSignature", json!({ "private": secret }), tests);
    assert_eq!(outcomes_of(&value), ["passed", "passed", "failed", "failed", "passed"]);

    let (private, public, token) = rs256();
    let tests =
        vec![test(1, "valid", "jws", token.clone()), test(2, "invalid", "jws", forged(&token))];
    let value =
        file("JsonWebSignature", json!({ "private": private, "public": public }), tests.clone());
    assert_eq!(outcomes_of(&value), ["passed", "passed"]);
    // the public half has the word: here it is another's
    let other = json!({ "kty": "oct", "k": encode_url(SECRET) });
    let value = file("JsonWebSignature", json!({ "private": private, "public": other }), tests);
    assert_eq!(outcomes_of(&value), ["failed", "passed"]);
}

#[test]
fn the_key_is_chosen_from_a_set() {
    let (_, public, token) = rs256();
    let other = json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "other" });
    for keys in [json!([public]), json!([other, public])] {
        let tests =
            vec![test(1, "valid", "jws", token.clone()), test(2, "invalid", "jws", forged(&token))];
        let value = file("JsonWebKey", json!({ "public": { "keys": keys } }), tests);
        let text = value.to_string();
        assert!(whys(&text).iter().all(|why| !why.contains("not yet")), "{:?}", whys(&text));
        assert_eq!(outcomes_of(&value)[1], "passed");
    }
    let tests = vec![test(1, "valid", "jws", token)];
    let value = file("JsonWebKey", json!({ "public": { "keys": [public] } }), tests.clone());
    assert_eq!(outcomes_of(&value), ["passed"]);
    // of a set in which no key is of a family that is here, nothing can be said
    let value = file("JsonWebKey", json!({ "public": { "keys": [other, other] } }), tests.clone());
    assert_eq!(whys(&value.to_string()), ["ECDSA: not yet"]);
    // an empty set refuses everything
    let value = file("JsonWebKey", json!({ "public": { "keys": [] } }), tests);
    assert_eq!(outcomes_of(&value), ["failed"]);
}

#[test]
fn families_that_are_not_here_are_skipped_by_name() {
    for (key, why) in [
        (json!({ "kty": "EC", "crv": "P-256" }), "ECDSA: not yet"),
        (json!({ "kty": "OKP", "crv": "Ed25519" }), "EdDSA: not yet"),
        (json!({ "kty": "RSA", "alg": "PS256" }), "RSASSA-PSS: not yet"),
    ] {
        let value = file(
            "JsonWebSignature",
            json!({ "public": key }),
            vec![test(1, "valid", "jws", "a.b.c")],
        );
        assert_eq!(whys(&value.to_string()), [why]);
    }
}

#[test]
fn what_is_signed_or_encrypted_is_told_apart() {
    let (secret, token) = hs256();
    let parts: Vec<&str> = token.split('.').collect();
    let flattened = json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] });
    let mut changed = flattened.clone();
    changed["payload"] = "e30K".into();
    let tests = vec![
        test(1, "valid", "jws", token),
        test(2, "valid", "jws", flattened),
        test(3, "invalid", "jws", changed),
        test(4, "valid", "jwe", "a.b.c.d.e"),
        test(5, "valid", "jwe", json!({ "ciphertext": "" })),
    ];
    let value = file("JsonWebCrypto", json!({ "private": secret }), tests);
    assert_eq!(outcomes_of(&value), ["passed", "passed", "passed", "skipped", "skipped"]);
    assert_eq!(whys(&value.to_string())[3..], ["JWE: not yet", "JWE: not yet"]);
}

#[test]
fn a_stated_plaintext_is_compared_with_the_payload() {
    let (secret, token) = hs256();
    for (text, outcome) in [("7b7d", "passed"), ("7b7e", "failed")] {
        let mut test = test(1, "valid", "jws", token.clone());
        test["pt"] = text.into();
        let value = file("JsonWebCrypto", json!({ "private": secret }), vec![test]);
        assert_eq!(outcomes_of(&value), [outcome]);
    }
}
