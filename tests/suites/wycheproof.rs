//! Wycheproof's primitives.

use crate::samples::{cases, fault, outcomes_of, report, rsa, signed_hex, suite, whys};
use jotlab::hmac::Hmac;
use jotlab::rsa::pkcs1v15;
use jotlab::sha2::Algorithm::{Sha256, Sha512_224};
use jotlab::vectors::Reading;
use serde_json::{Value, json};

/// A file of one group.
pub(crate) fn file(algorithm: &str, group: Value, tests: Vec<Value>) -> Value {
    let mut group = group;
    let count = tests.len();
    group["tests"] = tests.into();
    json!({
        "algorithm": algorithm, "schema": "sample_schema_v1.json", "numberOfTests": count,
        "header": ["a header"], "testGroups": [group],
        "notes": {
            "Forged": { "bugType": "AUTH_BYPASS", "description": "d", "cves": ["CVE-2000-1"] },
            "Plain": { "bugType": "BASIC" },
            "Older": "a text",
        },
    })
}

fn test(id: u64, result: &str, flags: &[&str], members: Value) -> Value {
    let mut test = json!({ "tcId": id, "comment": "", "result": result, "flags": flags });
    test.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    test
}

fn mac_file(algorithm: &str, tag_bits: u64, tag: &str, result: &str) -> Value {
    let members = json!({ "key": "0b0b", "msg": "", "tag": tag });
    let group = json!({ "type": "MacTest", "keySize": 16, "tagSize": tag_bits });
    file(algorithm, group, vec![test(1, result, &["Forged"], members)])
}

#[test]
fn codes_are_compared_in_the_length_that_the_group_states() {
    let tag = hex::encode(Hmac::new(Sha256, &[0x0b; 2]).mac(b"").to_vec());
    for (bits, tag, result, outcome) in [
        (256, &tag[..], "valid", "passed"),
        (128, &tag[..32], "valid", "passed"),
        (8, &tag[..2], "valid", "passed"),
        // a whole tag where a short one is stated, and the other way round
        (128, &tag, "valid", "failed"),
        (128, &tag, "invalid", "passed"),
        (256, &tag[..32], "valid", "failed"),
        (256, &tag[..32], "invalid", "passed"),
        (256, "", "invalid", "passed"),
        (256, &tag, "invalid", "failed"),
        (128, &tag[..32], "invalid", "failed"),
    ] {
        let value = mac_file("HMACSHA256", bits, tag, result);
        assert_eq!(outcomes_of(&value), [outcome], "{bits} {result}");
    }
    let tag = hex::encode(Hmac::new(Sha512_224, &[0x0b; 2]).mac(b"").to_vec());
    for name in ["HMACSHA512/224", "HMAC-SHA512/224"] {
        assert_eq!(outcomes_of(&mac_file(name, 224, &tag, "valid")), ["passed"], "{name}");
    }
    for name in ["HMACSHA1", "HMACSHA3-256", "KMAC128"] {
        let why = whys(&mac_file(name, 128, &tag, "valid").to_string());
        assert_eq!(why, [format!("{name}: not part of jotlab")]);
    }
}

#[test]
fn a_failure_has_its_severity_from_the_first_flag_that_knows_one() {
    let case = |flags: Value| {
        let mut value = mac_file("HMACSHA256", 256, "00", "valid");
        value["testGroups"][0]["tests"][0]["flags"] = flags;
        cases(&value.to_string()).remove(0).severity
    };
    assert_eq!(case(json!(["Forged"])).as_deref(), Some("AUTH_BYPASS"));
    assert_eq!(case(json!(["Unknown", "Older", "Plain", "Forged"])).as_deref(), Some("BASIC"));
    assert_eq!(case(json!(["Older"])), None);
    assert_eq!(case(json!([])), None);
}

#[test]
fn what_is_wrong_with_a_file_is_named_with_its_place() {
    let good = mac_file("HMACSHA256", 256, "00", "invalid");
    for (change, place, words) in [
        (
            |v: &mut Value| v["numberOfTests"] = 2.into(),
            "numberOfTests",
            "1 tests were read, 2 are",
        ),
        (|v| v["schema"] = 1.into(), "schema", "a string is expected"),
        (|v| v["schema"] = "x".into(), "schema", "no schema of Wycheproof"),
        (|v| drop(v.as_object_mut().unwrap().remove("schema")), "", "\"schema\" is missing"),
        (|v| drop(v.as_object_mut().unwrap().remove("algorithm")), "", "\"algorithm\" is missing"),
        (|v| v["testGroups"] = 1.into(), "testGroups", "an array is expected, this is a number"),
        (|v| v["testGroups"][0]["type"] = Value::Null, "testGroups[0].type", "this is null"),
        (|v| v["testGroups"][0]["tagSize"] = 0.into(), "testGroups[0].tagSize", "of 0 bits"),
        (|v| v["testGroups"][0]["tagSize"] = 7.into(), "testGroups[0].tagSize", "of 7 bits"),
        (|v| v["testGroups"][0]["tagSize"] = 264.into(), "testGroups[0].tagSize", "of 264 bits"),
        (|v| v["testGroups"][0]["tagSize"] = (-8).into(), "testGroups[0].tagSize", "whole number"),
        (|v| v["testGroups"][0]["tagSize"] = 1e9.into(), "testGroups[0].tagSize", "whole number"),
        (|v| first(v)["result"] = "maybe".into(), "testGroups[0].tests[0].result", "acceptable"),
        (|v| first(v)["key"] = "0g".into(), "testGroups[0].tests[0].key", "hex"),
        (|v| first(v)["tag"] = "000".into(), "testGroups[0].tests[0].tag", "hex"),
        (|v| first(v)["flags"] = json!([1]), "testGroups[0].tests[0].flags[0]", "a string"),
        (
            |v| drop(first(v).as_object_mut().unwrap().remove("msg")),
            "tests[0]",
            "\"msg\" is missing",
        ),
    ] as [(fn(&mut Value), &str, &str); 17]
    {
        let mut value = good.clone();
        change(&mut value);
        let fault = fault(&value.to_string());
        assert!(fault.contains(place) && fault.contains(words), "{fault}");
    }
}

fn first(value: &mut Value) -> &mut Value {
    &mut value["testGroups"][0]["tests"][0]
}

#[test]
fn signatures_are_verified_and_made_with_a_key_that_has_no_primes() {
    let key = rsa().components();
    let signature = hex::encode(pkcs1v15::sign(rsa(), &Sha256.digest(b"abc")).unwrap());
    let forged = crate::samples::other_hex(&signature);
    let public = json!({
        "modulus": signed_hex(&key.n), "publicExponent": signed_hex(&key.e),
    });
    let verify = json!({ "type": "RsassaPkcs1Verify", "keySize": 2048, "sha": "SHA-256", "publicKey": public });
    let tests = |first: &str, second: &str| {
        vec![
            test(1, "valid", &[], json!({ "msg": "616263", "sig": first })),
            test(2, "invalid", &[], json!({ "msg": "616263", "sig": second })),
        ]
    };
    let value = file("RSASSA-PKCS1-v1_5", verify.clone(), tests(&signature, &forged));
    assert_eq!(outcomes_of(&value), ["passed", "passed"]);
    let value = file("RSASSA-PKCS1-v1_5", verify.clone(), tests(&forged, &signature));
    assert_eq!(outcomes_of(&value), ["failed", "failed"]);
    // a modulus without its 00 in front is negative
    let mut negative = verify.clone();
    negative["publicKey"]["modulus"] = key.n.to_str_radix(16).into();
    let value = file("RSASSA-PKCS1-v1_5", negative, tests(&signature, &forged));
    assert!(fault(&value.to_string()).contains("modulus: a negative integer"));
    for (sha, skipped) in [("SHA-1", true), ("SHA3-256", true), ("SHA-512/256", false)] {
        let mut group = verify.clone();
        group["sha"] = sha.into();
        let value = file("RSASSA-PKCS1-v1_5", group, tests(&signature, &forged));
        assert_eq!(outcomes_of(&value)[0], if skipped { "skipped" } else { "failed" }, "{sha}");
    }

    let generate = json!({
        "type": "RsassaPkcs1Generate", "keySize": 2048, "sha": "SHA-256",
        "privateKey": {
            "modulus": signed_hex(&key.n), "publicExponent": signed_hex(&key.e),
            "privateExponent": signed_hex(&key.d),
        },
    });
    let tests = |sig: &str| vec![test(1, "valid", &[], json!({ "msg": "616263", "sig": sig }))];
    let value = file("RSASSA-PKCS1-v1_5", generate.clone(), tests(&signature));
    assert_eq!(outcomes_of(&value), ["passed"]);
    assert_eq!(outcomes_of(&file("RSASSA-PKCS1-v1_5", generate, tests(&forged))), ["failed"]);
}

#[test]
fn integers_are_twos_complement() {
    let prime = |value: &str, result: &str, flags: &[&str]| {
        let test = test(1, result, flags, json!({ "value": value }));
        file("PrimalityTest", json!({ "type": "PrimalityTest" }), vec![test])
    };
    for (value, result, outcome) in [
        ("0101", "valid", "passed"),
        // feff is −257
        ("feff", "invalid", "passed"),
        ("feff", "valid", "failed"),
        ("00feff", "invalid", "passed"),
        ("", "invalid", "passed"),
        ("00", "invalid", "passed"),
        ("01", "invalid", "passed"),
        ("02", "valid", "passed"),
        ("fe", "invalid", "passed"),
        ("7fffffff", "valid", "passed"),
    ] {
        assert_eq!(outcomes_of(&prime(value, result, &[])), [outcome], "{value} {result}");
    }
    // an acceptable case: the policy decides
    for (reading, flags, outcome, noted) in [
        (Reading::Strict, &["NegativeOfPrime"][..], "passed", true),
        (Reading::Strict, &[], "passed", true),
        (Reading::Rfc, &["NegativeOfPrime"], "passed", true),
        (Reading::Wycheproof, &["NegativeOfPrime"], "passed", true),
    ] {
        let text = prime("feff", "acceptable", flags).to_string();
        let case = report(suite(&text), reading).suites.remove(0).cases.remove(0);
        assert_eq!(
            (&case.outcome[..], case.why.is_some()),
            (outcome, noted),
            "{reading:?} {flags:?}"
        );
    }
    // a prime that is flagged so would have to be refused by a careful verifier: we accept it
    let text = prime("0101", "acceptable", &["NegativeOfPrime"]).to_string();
    let why = whys(&text).remove(0);
    assert!(why.contains("expected refused (NegativeOfPrime: "), "{why}");
    // nobody waits for the primality of a number with a million bits
    assert_eq!(outcomes_of(&prime(&"7f".repeat(125_000), "valid", &[])), ["skipped"]);
}

#[test]
fn other_types_are_counted_and_skipped_by_reason() {
    for (kind, why) in [
        ("RsassaPssVerify", "RSASSA-PSS: not yet"),
        ("RsassaPssWithParametersVerify", "RSASSA-PSS: not yet"),
        ("EcdsaP1363Verify", "ECDSA: not yet"),
        ("EddsaVerify", "EdDSA: not yet"),
        ("JsonWebEncryption", "JWE: not yet"),
        ("AeadTest", "AeadTest: not part of jotlab"),
    ] {
        let tests = vec![test(1, "valid", &[], json!({})), test(2, "invalid", &[], json!({}))];
        let text = file("X", json!({ "type": kind }), tests).to_string();
        assert_eq!(whys(&text), [why, why]);
    }
}
