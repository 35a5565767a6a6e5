//! ACVP, in its three shapes.

use crate::chain::round;
use crate::samples::{fault, not_run, other_hex, outcomes_of, rsa, whys};
use crate::tools::{Dir, bytes};
use jotlab::hmac::Hmac;
use jotlab::rsa::pkcs1v15;
use jotlab::sha2::Algorithm::Sha256;
use jotlab::sha2::Hasher;
use jotlab::sha2::padding::LastBits;
use jotlab::vectors::{Jotlab, Known, Options, known, load, run};
use serde_json::{Value, json};
use std::path::Path;

fn upper(bytes: impl AsRef<[u8]>) -> String {
    hex::encode_upper(bytes)
}

fn set(algorithm: &str, mode: Option<&str>, mut group: Value, tests: Value) -> Value {
    group["tgId"] = 1.into();
    group["tests"] = tests;
    let mut set = json!({
        "vsId": 0, "algorithm": algorithm, "revision": "1.0", "isSample": true, "testGroups": [group],
    });
    if let Some(mode) = mode {
        set["mode"] = mode.into();
    }
    set
}

fn sha2(kind: &str, test: &Value) -> Value {
    set("SHA2-256", None, json!({ "testType": kind, "function": "SHA2-256" }), json!([test]))
}

#[test]
fn messages_have_their_length_in_bits() {
    let seven = Hasher::new(Sha256).finish_bits(LastBits::new(0xb4, 6).unwrap()).to_string();
    for (msg, len, md) in [
        ("616263", 24, Sha256.digest(b"abc").to_string()),
        ("", 0, Sha256.digest(b"").to_string()),
        // the length has the word here as well
        ("00", 0, Sha256.digest(b"").to_string()),
        ("B4", 6, seven),
    ] {
        let test = |md: &str| json!({ "tcId": 1, "msg": msg, "len": len, "md": md.to_uppercase() });
        assert_eq!(outcomes_of(&sha2("AFT", &test(&md))), ["passed"], "{len}");
        assert_eq!(outcomes_of(&sha2("AFT", &test(&other_hex(&md)))), ["failed"], "{len}");
    }
    for (msg, len) in [
        ("6162", json!(24)),
        ("616263", json!(25 + 8)),
        ("61", json!(u64::MAX)),
        ("61", json!(-8)),
        ("61", json!(1e300)),
    ] {
        let value = sha2("AFT", &json!({ "tcId": 1, "msg": msg, "len": len, "md": "00" }));
        assert!(fault(&value.to_string()).contains("testGroups[0].tests[0]"), "{len}");
    }
    let value = sha2("VOT", &json!({ "tcId": 1, "md": "00", "msg": "" }));
    assert_eq!(whys(&value.to_string()), ["test type VOT: not known"]);
    for (algorithm, skipped) in [
        ("SHA2-512/224", false),
        ("SHA2-999", true),
        ("SHA-1", true),
        ("SHA3-256", true),
        ("ACVP-AES-GCM", true),
    ] {
        let mut value = sha2("AFT", &json!({ "tcId": 1, "msg": "", "len": 0, "md": "00" }));
        value["algorithm"] = algorithm.into();
        assert_eq!(
            outcomes_of(&value),
            [if skipped { "skipped" } else { "failed" }],
            "{algorithm}"
        );
    }
}

#[test]
fn the_chain_has_two_versions() {
    let seed = bytes(1, 20);
    for (version, length) in [(Some("standard"), None), (None, None), (Some("alternate"), Some(20))]
    {
        let first = round(Sha256, &seed, length);
        let second = round(Sha256, &first, length);
        let results = json!([{ "md": upper(&first) }, { "md": upper(&second) }]);
        let test = json!({ "tcId": 1, "msg": upper(&seed), "len": 160, "resultsArray": results });
        let mut value = sha2("MCT", &test);
        if let Some(version) = version {
            value["testGroups"][0]["mctVersion"] = version.into();
        }
        assert_eq!(outcomes_of(&value), ["passed"], "{version:?}");
        value["testGroups"][0]["mctVersion"] =
            if length.is_some() { "standard" } else { "alternate" }.into();
        assert_eq!(outcomes_of(&value), ["failed"], "{version:?}");
    }
    let test = json!({ "tcId": 1, "seed": "00", "len": 8, "resultsArray": [] });
    assert!(fault(&sha2("MCT", &test).to_string()).contains("resultsArray: no digest"));
}

fn large(content: &[u8], bits: u64, md: &str) -> Value {
    let large = json!({
        "content": upper(content), "contentLength": 8 * content.len(), "fullLength": bits,
        "expansionTechnique": "repeating",
    });
    sha2("LDT", &json!({ "tcId": 1, "largeMsg": large, "md": md }))
}

#[test]
fn large_messages_are_a_content_again_and_again() {
    for (content, length) in [(&bytes(2, 64)[..], 3 << 20), (b"abc", 70_000), (b"a", 65_537)] {
        let message: Vec<u8> = content.iter().copied().cycle().take(length).collect();
        let md = Sha256.digest(&message).to_string();
        assert_eq!(outcomes_of(&large(content, 8 * length as u64, &md)), ["passed"]);
        assert_eq!(outcomes_of(&large(content, 8 * length as u64 + 8, &md)), ["failed"]);
    }
    // a length that no machine comes to the end of holds up nobody
    for bits in [1 << 63, u64::MAX - 7, 1 << 40] {
        let why = whys(&large(b"a", bits, "00").to_string()).remove(0);
        assert!(why.contains("more than 137438953472"), "{why}");
    }
    let mut value = large(b"a", 8, "00");
    value["testGroups"][0]["tests"][0]["largeMsg"]["expansionTechnique"] = "counting".into();
    assert_eq!(outcomes_of(&value), ["skipped"]);
    for value in [large(b"a", 9, "00"), large(b"", 8, "00")] {
        assert!(fault(&value.to_string()).contains("whole bytes"));
    }
}

#[test]
fn codes_are_cut_to_their_length() {
    let tag = Hmac::new(Sha256, &[7; 3]).mac(b"abc").to_vec();
    let value = |bits: u64, mac: &[u8], in_group: bool| {
        let mut test = json!({ "tcId": 1, "key": "070707", "msg": "616263", "mac": upper(mac) });
        let mut group = json!({ "testType": "AFT" });
        let lengths = if in_group { &mut group } else { &mut test };
        for (name, bits) in [("keyLen", 24), ("msgLen", 24), ("macLen", bits)] {
            lengths[name] = bits.into();
        }
        set("HMAC-SHA2-256", None, group, json!([test]))
    };
    for in_group in [false, true] {
        assert_eq!(outcomes_of(&value(256, &tag, in_group)), ["passed"]);
        assert_eq!(outcomes_of(&value(80, &tag[..10], in_group)), ["passed"]);
        assert_eq!(outcomes_of(&value(80, &[0; 10], in_group)), ["failed"]);
        assert_eq!(outcomes_of(&value(81, &tag[..10], in_group)), ["skipped"]);
    }
    for (bits, mac) in [(0, &[][..]), (264, &[0; 33]), (80, &tag)] {
        assert!(fault(&value(bits, mac, false).to_string()).contains("testGroups[0].tests[0]"));
    }
}

fn rsa_set(mode: &str, kind: &str, hash: &str, tests: Value) -> Value {
    let key = rsa().components();
    let group = json!({
        "sigType": kind, "hashAlg": hash, "modulo": 2048,
        "n": key.n.to_str_radix(16).to_uppercase(), "e": key.e.to_str_radix(16),
    });
    set("RSA", Some(mode), group, tests)
}

fn signature() -> String {
    upper(pkcs1v15::sign(rsa(), &Sha256.digest(b"abc")).unwrap())
}

#[test]
fn signatures_are_verified_and_other_schemes_skipped() {
    let good = signature();
    let bad = other_hex(&good);
    let test = |id: u64, sig: &str, passed: bool| json!({ "tcId": id, "message": "616263", "signature": sig, "testPassed": passed, "reason": "a reason" });
    let tests = json!([
        test(1, &good, true),
        test(2, &bad, false),
        test(3, &bad, true),
        test(4, &good, false)
    ]);
    let value = rsa_set("sigVer", "pkcs1v1.5", "SHA2-256", tests.clone());
    assert_eq!(outcomes_of(&value), ["passed", "passed", "failed", "failed"]);
    for (kind, hash, why) in [
        ("pss", "SHA2-256", "RSASSA-PSS: not yet"),
        ("ansx9.31", "SHA2-256", "ansx9.31: not part of jotlab"),
        ("pkcs1v1.5", "SHA-1", "SHA-1: not part of jotlab"),
    ] {
        assert_eq!(whys(&rsa_set("sigVer", kind, hash, tests.clone()).to_string()), [why; 4]);
    }
    let tests = json!([{ "tcId": 1, "message": "616263", "signature": good }]);
    assert_eq!(outcomes_of(&rsa_set("sigGen", "pkcs1v1.5", "SHA2-256", tests)), ["passed"]);
}

/// Writes a prompt and its answers, loads the directory, and gives the words of the cases and of the files.
fn loaded(dir: &Dir) -> (Vec<String>, Vec<(String, String)>) {
    let known: Known = known().unwrap();
    let loaded = load(Path::new(&dir.path("")), &known);
    let report = run(&loaded.suites, &Jotlab::new(), &Options::default());
    let cases = report.suites.into_iter().flat_map(|suite| suite.cases);
    let notes = loaded.notes.into_iter().map(|note| (note.outcome, note.why));
    (cases.map(|case| case.outcome).collect(), notes.collect())
}

#[test]
fn a_prompt_finds_the_answers_beside_it_by_test() {
    let (empty, abc) = (Sha256.digest(b"").to_string(), Sha256.digest(b"abc").to_string());
    let tests =
        json!([{ "tcId": 1, "msg": "", "len": 0 }, { "tcId": 2, "msg": "616263", "len": 24 }]);
    let prompt = set("SHA2-256", None, json!({ "testType": "AFT" }), tests);
    // in another order: the ids decide
    let answers = json!({ "vsId": 0, "testGroups": [{ "tgId": 1, "tests": [
        { "tcId": 2, "md": abc }, { "tcId": 1, "md": empty },
    ] }] });
    let version = json!({ "acvVersion": "1.0" });
    for (prompt, answers) in [
        (prompt.clone(), answers.clone()),
        (json!([version, prompt]), json!([version, answers])),
        (json!([version, prompt]), answers.clone()),
    ] {
        let dir = Dir::new();
        dir.file("prompt.json", prompt.to_string());
        assert!(loaded(&dir).1[0].1.contains("a prompt without answers"), "{:?}", loaded(&dir));
        dir.file("expectedResults.json", answers.to_string());
        let (words, notes) = loaded(&dir);
        assert_eq!(words, ["passed", "passed"]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].0 == "skipped" && notes[0].1.contains("answers only"), "{notes:?}");
    }
    // the wire form with both in one array, and the projection that has both in one test
    assert_eq!(outcomes_of(&json!([version, prompt, answers])), ["passed", "passed"]);
    let mut both = prompt.clone();
    both["testGroups"][0]["tests"][0]["md"] = empty.into();
    both["testGroups"][0]["tests"][1]["md"] = abc.into();
    assert_eq!(outcomes_of(&both), ["passed", "passed"]);
    assert!(not_run(&json!([version, prompt]).to_string()).contains("without answers"));

    let dir = Dir::new();
    dir.file("prompt.json", prompt.to_string());
    for (answers, words) in [
        (r#"{"testGroups":"#.to_owned(), "expectedResults.json beside it"),
        (json!({ "testGroups": [] }).to_string(), "there is no answer to this test"),
        ("[]".to_owned(), "expectedResults.json"),
    ] {
        dir.file("expectedResults.json", answers);
        let (cases, notes) = loaded(&dir);
        let malformed = notes.iter().find(|note| note.0 == "malformed").unwrap();
        assert!(cases.is_empty() && malformed.1.contains(words), "{notes:?}");
    }
}

#[test]
fn a_signature_in_a_prompt_is_a_question_or_an_answer() {
    let good = signature();
    // to be verified: the answer is whether it passed
    let tests = json!([{ "tcId": 1, "message": "616263", "signature": good }]);
    let dir = Dir::new();
    dir.file("prompt.json", rsa_set("sigVer", "pkcs1v1.5", "SHA2-256", tests).to_string());
    let answers = |answer: Value| json!({ "testGroups": [{ "tgId": 1, "tests": [answer] }] });
    dir.file("expectedResults.json", answers(json!({ "tcId": 1, "testPassed": true })).to_string());
    assert_eq!(loaded(&dir).0, ["passed"]);
    // made: the answer has the key and the signature
    let mut prompt =
        rsa_set("sigGen", "pkcs1v1.5", "SHA2-256", json!([{ "tcId": 1, "message": "616263" }]));
    let group = prompt["testGroups"][0].as_object_mut().unwrap();
    let (n, e) = (group.remove("n").unwrap(), group.remove("e").unwrap());
    dir.file("prompt.json", prompt.to_string());
    let mut answers = answers(json!({ "tcId": 1, "signature": good }));
    answers["testGroups"][0]["n"] = n;
    answers["testGroups"][0]["e"] = e;
    dir.file("expectedResults.json", answers.to_string());
    assert_eq!(loaded(&dir).0, ["passed"]);
}
