//! Suites of whole tokens: the cookbook of RFC 7520, and flat lists.

use crate::samples::{fault, not_run, outcomes_of, rsa_jwk, whys};
use jotlab::base64::encode_url;
use jotlab::jose::{Algorithm, Jwk, Policy, Signer};
use serde_json::{Value, json};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const PAYLOAD: &str = "It\u{2019}s a dangerous business";

fn secret() -> Value {
    json!({ "kty": "oct", "k": encode_url(SECRET), "alg": "HS256", "kid": "one" })
}

/// Protected header, payload and signature of a token by the secret.
fn parts() -> Vec<String> {
    let key = Jwk::from_secret(SECRET.to_vec()).unwrap();
    let token = Signer::new(&key, Algorithm::Hs256, &Policy::at(0)).unwrap();
    let token = token.compact(PAYLOAD.as_bytes()).unwrap();
    token.split('.').map(str::to_owned).collect()
}

fn example(output: Value) -> Value {
    let parts = parts();
    json!({
        "title": "4.4.  HMAC-SHA2 Integrity Protection", "reproducible": true,
        "input": { "payload": PAYLOAD, "key": secret(), "alg": "HS256" },
        "signing": {
            "protected": { "alg": "HS256" }, "protected_b64u": parts[0],
            "sig-input": format!("{}.{}", parts[0], parts[1]), "sig": parts[2],
        },
        "output": output,
    })
}

fn flattened(payload: Option<&str>) -> Value {
    let parts = parts();
    let mut value = json!({ "protected": parts[0], "signature": parts[2] });
    if let Some(payload) = payload {
        value["payload"] = payload.into();
    }
    value
}

#[test]
fn every_serialization_of_an_example_is_verified() {
    let parts = parts();
    let json_form = json!({ "payload": parts[1], "signatures": [{ "protected": parts[0], "signature": parts[2] }] });
    let output = json!({ "compact": parts.join("."), "json": json_form, "json_flat": flattened(Some(&parts[1])) });
    let good = example(output.clone());
    assert_eq!(outcomes_of(&good), ["passed"]);
    for (form, pointer) in [("compact", ""), ("json", "/payload"), ("json_flat", "/signature")] {
        let mut changed = output.clone();
        let place = changed[form].pointer_mut(pointer).unwrap();
        *place = format!("A{}", &place.as_str().unwrap()[1..]).into();
        let why = whys(&example(changed).to_string()).remove(0);
        assert!(why.starts_with("jws.verify: "), "{form}: {why}");
    }
    // the payload of the input is what must come out
    let mut other = good;
    other["input"]["payload"] = "else".into();
    assert_eq!(outcomes_of(&other), ["failed"]);
}

#[test]
fn a_detached_payload_is_put_beside() {
    let parts = parts();
    let output =
        json!({ "compact": format!("{}..{}", parts[0], parts[2]), "json_flat": flattened(None) });
    assert_eq!(outcomes_of(&example(output.clone())), ["passed"]);
    let mut other = example(output);
    other["input"]["payload"] = "else".into();
    assert_eq!(outcomes_of(&other), ["failed"]);
}

#[test]
fn an_algorithm_outside_of_the_protected_header_is_let_pass_by_name() {
    let key = Jwk::from_secret(SECRET.to_vec()).unwrap();
    let input = format!(".{}", encode_url(PAYLOAD.as_bytes()));
    let tag =
        jotlab::hmac::Hmac::new(jotlab::sha2::Algorithm::Sha256, SECRET).mac(input.as_bytes());
    drop(key);
    let sig = encode_url(&tag);
    let mut value = example(json!({ "json_flat": {
        "header": { "alg": "HS256" }, "payload": encode_url(PAYLOAD.as_bytes()), "signature": sig,
    } }));
    value["signing"] = json!({ "unprotected": { "alg": "HS256" }, "sig-input": input, "sig": sig });
    assert_eq!(outcomes_of(&value), ["passed"]);
}

#[test]
fn of_several_signatures_each_is_a_case() {
    let (rsa, parts) = (rsa_jwk(), parts());
    let token = Signer::new(&rsa, Algorithm::Rs256, &Policy::at(0)).unwrap();
    let token = token.compact(PAYLOAD.as_bytes()).unwrap();
    let theirs: Vec<&str> = token.split('.').collect();
    let sign = |protected: &str, sig: &str| json!({ "protected": { "alg": "x" }, "protected_b64u": protected, "sig": sig });
    let mut value = example(json!({ "json": { "payload": parts[1], "signatures": [
        { "protected": theirs[0], "signature": theirs[2] },
        { "header": { "alg": "ES512" }, "signature": "AA" },
        { "protected": parts[0], "signature": parts[2] },
    ] } }));
    let ec = json!({ "kty": "EC", "crv": "P-521" });
    value["input"] = json!({
        "payload": PAYLOAD, "keys": [rsa.to_value(), ec, secret()], "algs": ["RS256", "ES512", "HS256"],
    });
    let unprotected = json!({ "unprotected": { "alg": "ES512" }, "sig": "AA" });
    value["signing"] = json!([sign(theirs[0], theirs[2]), unprotected, sign(&parts[0], &parts[2])]);
    assert_eq!(outcomes_of(&value), ["passed", "skipped", "passed"]);
    assert_eq!(whys(&value.to_string())[1], "ES512: not yet");
    // the third signature is wrong: its case alone fails, the first one's does not
    value["output"]["json"]["signatures"][2]["signature"] = "AA".into();
    assert_eq!(outcomes_of(&value), ["passed", "skipped", "failed"]);
}

#[test]
fn what_is_no_signature_is_out_of_scope_and_what_lacks_a_part_is_refused() {
    let jwe = json!({ "title": "5.1", "input": {}, "encrypting_content": {}, "output": {} });
    assert_eq!(not_run(&jwe.to_string()), "JWE: not yet");
    for (pointer, name, words) in [
        ("", "output", "\"output\" is missing"),
        ("/input", "payload", "input: \"payload\" is missing"),
        ("/input", "key", "input: \"keys\" is missing"),
        ("/input", "alg", "input: \"algs\" is missing"),
        ("/signing", "sig", "signing: \"sig\" is missing"),
        ("/output", "compact", "output: no compact, json or json_flat"),
    ] {
        let mut value = example(json!({ "compact": parts().join(".") }));
        value.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
        assert!(fault(&value.to_string()).contains(words), "{}", fault(&value.to_string()));
    }
}

fn flat(algorithm: &str, tests: &[Value]) -> Value {
    json!({
        "algorithm": { "primitive": algorithm, "keySize": 256 }, "testType": "JwsVerify",
        "numTests": tests.len(), "notes": {}, "tests": tests,
    })
}

#[test]
fn a_flat_test_has_its_token_its_key_and_a_verdict() {
    let token = parts().join(".");
    let other = token.replace('.', "..");
    let test = |id: u64, sig: &str, valid: bool| {
        // what stands as keyJwk is not the key
        let wrong = json!({ "kty": "oct", "k": hex::encode(SECRET), "alg": "HS512" });
        json!({ "tcId": id, "key": hex::encode(SECRET), "keyJwk": wrong, "msg": hex::encode(PAYLOAD),
            "sig": sig, "comment": "", "valid": valid, "flags": ["Normal"] })
    };
    let tests = [
        test(1, &token, true),
        test(2, &other, false),
        test(3, &token, false),
        test(4, &other, true),
    ];
    assert_eq!(outcomes_of(&flat("HS256", &tests)), ["passed", "passed", "failed", "failed"]);
    // the suite's algorithm is pinned, whatever the header says
    assert_eq!(outcomes_of(&flat("HS384", &tests)), ["failed", "passed", "passed", "failed"]);
    assert_eq!(outcomes_of(&flat("ES256", &tests)), ["skipped"; 4]);
    // the message is compared
    let mut changed = tests[0].clone();
    changed["msg"] = "00".into();
    assert_eq!(outcomes_of(&flat("HS256", &[changed])), ["failed"]);
}

#[test]
fn a_public_key_is_a_jwk_or_a_pem() {
    use jotlab::encoding::pem;
    use jotlab::rsa::encoding::{Form, spki_der};
    let key = rsa_jwk();
    let token =
        Signer::new(&key, Algorithm::Rs256, &Policy::at(0)).unwrap().compact(b"{}").unwrap();
    let pem = pem::write(Form::Spki.label(), &spki_der(key.rsa().unwrap()));
    for (name, value) in
        [("publicKeyJwk", key.to_public().unwrap().to_value()), ("publicKeyPem", pem.into())]
    {
        let mut test = json!({ "tcId": 1, "msg": "7b7d", "sig": token, "valid": true });
        test[name] = value;
        assert_eq!(outcomes_of(&flat("RS256", &[test])), ["passed"], "{name}");
    }
}

#[test]
fn a_broken_flat_suite_is_refused_and_another_type_is_out_of_scope() {
    let test = json!({ "tcId": 1, "key": "00", "msg": "", "sig": "a.b.c", "valid": false });
    let mut value = flat("HS256", std::slice::from_ref(&test));
    value["numTests"] = 2.into();
    assert!(fault(&value.to_string()).contains("numTests: 1 tests were read, 2 are stated"));
    for name in ["tcId", "key", "sig", "valid"] {
        let mut test = test.clone();
        test.as_object_mut().unwrap().remove(name);
        assert!(fault(&flat("HS256", &[test]).to_string()).contains("tests[0]: "), "{name}");
    }
    let mut value = flat("SHA-256", &[test]);
    value["testType"] = "Hash".into();
    assert!(not_run(&value.to_string()).contains("a flat suite of type Hash"));
}
