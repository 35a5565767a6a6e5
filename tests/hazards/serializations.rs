//! The JSON serializations (RFC 7515 §7.2): their structure, and what is over each signature.

use super::*;
use jotlab::jose::{BadSignature, Content, HeaderError, MAX_SIGNATURES, Reason, Signer, general};
use serde_json::{Value, json};

fn why(token: &Value) -> Reason {
    let all = Relaxation::ALL.into_iter().collect();
    Jws::json_with(&token.to_string(), all).unwrap_err().reason
}

#[track_caller]
fn wrong_member(token: &Value, expected: &str) {
    let Reason::Member(what) = why(token) else { panic!("{token}: {:?}", why(token)) };
    assert!(what.contains(expected), "{token}: {what}");
}

fn flattened() -> Value {
    let keys = secret();
    let signer = Signer::new(&keys.keys()[0], Algorithm::Hs256, &strict()).unwrap();
    signer.flattened(CLAIMS.as_bytes(), Content::Attached).unwrap()
}

fn entry() -> Value {
    let mut entry = flattened();
    entry.as_object_mut().unwrap().remove("payload");
    entry
}

fn with_signatures(signatures: &Value) -> Value {
    json!({"payload": flattened()["payload"], "signatures": signatures})
}

/// RFC 7515 §7.2.1: "all verified" of no signature is no verdict.
#[test]
fn signatures_empty_or_of_empty_entries() {
    wrong_member(&with_signatures(&json!([])), "is empty");
    let no_alg = Reason::Header(HeaderError::Missing("alg"));
    assert_eq!(why(&with_signatures(&json!([{}]))), no_alg);
    assert_eq!(why(&with_signatures(&json!([entry(), {}]))), no_alg);
    for signatures in [json!(null), json!({}), json!("x"), json!(entry())] {
        wrong_member(&with_signatures(&signatures), "not an array");
    }
    for one in [json!(null), json!([]), json!("x"), json!(1)] {
        wrong_member(&with_signatures(&json!([one])), "signatures[0] is not an object");
    }
    let mut no_signature = entry();
    no_signature.as_object_mut().unwrap().remove("signature");
    wrong_member(&with_signatures(&json!([no_signature])), "signature\" is missing");
}

/// RFC 7515 §7.2.2: one form or the other.
#[test]
fn signature_and_signatures() {
    for member in ["signature", "protected", "header"] {
        let mut both = with_signatures(&json!([entry()]));
        both[member] = flattened().get(member).cloned().unwrap_or(json!({}));
        wrong_member(&both, "beside \"signatures\"");
    }
    for (member, value, expected) in [
        ("signature", json!(1), "is not a string"),
        ("signature", json!(null), "is not a string"),
        ("protected", json!({"alg": "HS256"}), "is not a string"),
        ("protected", json!(""), "is empty"),
        ("payload", json!({"exp": 1}), "is not a string"),
        ("payload", json!(null), "is not a string"),
        ("header", json!("x"), "is not an object"),
        ("header", json!(null), "is not an object"),
    ] {
        let mut token = flattened();
        token[member] = value;
        wrong_member(&token, expected);
    }
}

/// 64 signatures are the most: the cap stands before any of them is looked at.
#[test]
fn more_than_64_signatures() {
    let many = |count: usize| with_signatures(&vec![entry(); count].into());
    wrong_member(&many(MAX_SIGNATURES + 1), "65 signatures, more than 64");
    let jws = Jws::json(&many(MAX_SIGNATURES).to_string()).unwrap();
    assert_eq!(jws.signatures().len(), MAX_SIGNATURES);
}

/// RFC 7515 §7.2.1: each signature has its verdict; none stands for the others.
#[test]
fn one_good_signature_beside_a_bad_one() {
    let mut bad = entry();
    bad["signature"] = encode_url(&[0; 32]).into();
    let jws = Jws::json(&with_signatures(&json!([entry(), bad])).to_string()).unwrap();
    let (keys, policy) = (secret(), strict());
    assert_eq!(jws.bind(&keys, &policy).unwrap_err(), BindError::SeveralSignatures(2));
    let verdicts: Vec<bool> = jws
        .signatures()
        .iter()
        .map(|one| jws.bind_signature(one, &keys, &policy).unwrap().verify().is_ok())
        .collect();
    assert_eq!(verdicts, [true, false]);
}

/// RFC 7797 §3: all signatures are over the payload in one form.
#[test]
fn signatures_over_two_forms_of_the_payload() {
    let keys = secret();
    let key = &keys.keys()[0];
    let raw = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;
    let raw = Signer::with_header(key, Algorithm::Hs256, raw, &strict()).unwrap();
    let encoded = Signer::new(key, Algorithm::Hs256, &strict()).unwrap();
    assert!(general(&[encoded.clone(), raw.clone()], b"{}", Content::Attached).is_err());
    let one = |signer: &Signer<'_>| {
        let mut entry = signer.flattened(CLAIMS.as_bytes(), Content::Detached).unwrap();
        entry.as_object_mut().unwrap().remove("payload");
        entry
    };
    wrong_member(&with_signatures(&json!([one(&encoded), one(&raw)])), "\"b64\" differs");
}

/// RFC 7515 appendix F: a payload that travels apart is put back before anything is verified.
#[test]
fn detached_payload() {
    let keys = secret();
    let signer = Signer::new(&keys.keys()[0], Algorithm::Hs256, &strict()).unwrap();
    let detached = signer.flattened(CLAIMS.as_bytes(), Content::Detached).unwrap().to_string();
    let jws = Jws::json(&detached).unwrap();
    assert_eq!(jws.bind(&keys, &strict()).unwrap_err(), BindError::NoPayload);
    for (payload, expected) in
        [(CLAIMS, Ok(())), ("{}", Err(BadSignature)), ("", Err(BadSignature))]
    {
        let jws = jws.clone().with_payload(payload.as_bytes().to_vec()).unwrap();
        assert_eq!(jws.bind(&keys, &strict()).unwrap().verify().map(|_| ()), expected);
    }
    // a payload that is there is not replaced
    let attached = Jws::json(&flattened().to_string()).unwrap();
    assert!(attached.with_payload(b"{}".to_vec()).is_err());
    let compact = signer.detached(CLAIMS.as_bytes()).unwrap();
    bad_signature(&compact, &keys, &strict());
}

/// Text behind the token, and duplicates in it.
#[test]
fn token_that_is_not_strict_json() {
    use jotlab::jose::json;
    let token = flattened().to_string();
    let trailing = Jws::json(&format!("{token}{token}")).unwrap_err();
    assert_eq!(
        (trailing.offset, trailing.reason),
        (token.len(), Reason::Json(json::Reason::Trailing))
    );
    let twice = token.replacen('{', r#"{"payload":"e30","#, 1);
    let duplicate = Jws::json(&twice).unwrap_err().reason;
    assert_eq!(duplicate, Reason::Json(json::Reason::Duplicate("payload".to_owned())));
}
