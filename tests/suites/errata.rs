//! What is known of published suites beside their labels, under each policy.

use crate::samples::{report, suite};
use crate::tools::{Dir, jotlab};
use jotlab::vectors::report::CaseReport;
use jotlab::vectors::{Known, Reading};
use serde_json::{Value, json};

/// A suite of Wycheproof's of one case, whose value is prime or is not.
fn primality(value: &str, result: &str) -> Value {
    json!({
        "algorithm": "PrimalityTest", "schema": "primality_schema_v1.json", "numberOfTests": 1,
        "testGroups": [{ "type": "PrimalityTest", "tests": [
            { "tcId": 7, "comment": "a comment", "result": result, "flags": [], "value": value },
        ] }],
    })
}

fn overlay(member: &str, word: &str) -> String {
    let mut case = json!({
        "file": "primality.json", "id": "7", "comment": "a comment", "result": null, "policy": null,
        "reason": "the reason", "link": "issue 1",
    });
    case[member] = word.into();
    json!({ "format": "jotlab-errata/1", "cases": [case], "files": [] }).to_string()
}

fn judged(value: &str, result: &str, known: &str, reading: Reading) -> CaseReport {
    let mut suite = suite(&primality(value, result).to_string());
    suite.file = String::from("there/primality.json");
    Known::read(known.as_bytes()).unwrap().apply(&mut suite);
    report(suite, reading).suites.remove(0).cases.remove(0)
}

#[test]
fn an_erratum_corrects_a_label_and_says_so() {
    use Reading::{Rfc, Strict, Wycheproof};
    for (value, label, right, reading, outcome) in [
        // labelled valid, and not prime
        ("0f", "valid", "invalid", Strict, "explained"),
        ("0f", "valid", "invalid", Rfc, "explained"),
        ("0f", "valid", "invalid", Wycheproof, "failed"),
        ("0f", "valid", "acceptable", Strict, "explained"),
        // labelled invalid, and prime
        ("0d", "invalid", "valid", Strict, "explained"),
        ("0d", "invalid", "valid", Wycheproof, "failed"),
        // the erratum itself is wrong: the answer is what the suite says
        ("0d", "valid", "invalid", Strict, "failed"),
        ("0d", "valid", "invalid", Wycheproof, "passed"),
        ("0f", "invalid", "valid", Rfc, "failed"),
    ] {
        let case = judged(value, label, &overlay("result", right), reading);
        assert_eq!(case.outcome, outcome, "{value} {label} {right} {reading:?}");
        let why = case.why.unwrap_or_default();
        match outcome {
            "explained" => assert_eq!(why, "the reason (issue 1)"),
            "failed" if reading != Wycheproof => {
                assert!(why.contains("against its erratum (the reason"), "{why}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_policy_is_demanded_by_all_but_the_standards() {
    for (reading, outcome) in
        [(Reading::Strict, "failed"), (Reading::Wycheproof, "failed"), (Reading::Rfc, "passed")]
    {
        let case = judged("0d", "invalid", &overlay("policy", "no-thirteen"), reading);
        assert_eq!(case.outcome, outcome, "{reading:?}");
        assert_eq!(case.why.is_some_and(|why| why.contains("as it may be")), outcome == "passed");
    }
}

#[test]
fn a_computed_answer_that_is_not_the_wrong_one_stated_is_explained() {
    let text = "# CAVS 1\n[L = 32]\nLen = 0\nMsg = 00\nMD = ".to_owned() + &"00".repeat(32) + "\n";
    let known = |result: &str| {
        json!({ "format": "jotlab-errata/1", "files": [], "cases": [{
            "file": "sample", "id": "1", "comment": "line 3: Len = 0", "result": result, "policy": null,
            "reason": "the digest was printed wrong", "link": null,
        }] })
    };
    let mut suite = suite(&text);
    Known::read(known("invalid").to_string().as_bytes()).unwrap().apply(&mut suite);
    let case = report(suite, Reading::Strict).suites.remove(0).cases.remove(0);
    assert_eq!(
        (&case.outcome[..], case.why.as_deref()),
        ("explained", Some("the digest was printed wrong"))
    );
}

#[test]
fn an_overlay_is_of_its_file_its_case_and_its_comment_alone() {
    let known = Known::read(overlay("result", "invalid").as_bytes()).unwrap();
    for (file, comment, applies) in [
        ("primality.json", "a comment", true),
        ("a/b/primality.json", "a comment", true),
        ("other_primality.json", "a comment", false),
        ("primality.json/x", "a comment", false),
        ("primality.json", "another", false),
    ] {
        let mut suite = suite(&primality("0d", "valid").to_string());
        suite.file = String::from(file);
        suite.cases[0].comment = String::from(comment);
        known.apply(&mut suite);
        assert_eq!(suite.cases[0].overlay.is_some(), applies, "{file} {comment}");
    }
}

#[test]
fn a_file_of_errata_of_the_users_own_comes_first() {
    let dir = Dir::new();
    let file = dir.file("primality.json", primality("0f", "valid").to_string());
    let errata = dir.file("errata.json", overlay("result", "invalid"));
    let run = |options: &[&str]| {
        let ran = jotlab(&[&["vectors", "run", &file], options].concat());
        let out = String::from_utf8(ran.stdout).unwrap() + &String::from_utf8(ran.stderr).unwrap();
        (ran.status.code().unwrap(), out)
    };
    assert_eq!(run(&[]).0, 1);
    let (code, out) = run(&["--errata", &errata]);
    assert!(
        code == 0
            && out.contains("explained")
            && out.contains("/7 (a comment): the reason (issue 1)"),
        "{out}"
    );
    assert_eq!(run(&["--errata", &errata, "--policy", "wycheproof"]).0, 1);
    for (text, code, words) in [
        ("{".to_owned(), 3, "errata.json: "),
        ("{}".to_owned(), 3, "errata.json: "),
        (overlay("result", "perhaps"), 3, "either a result"),
        (overlay("reason", "neither result nor policy"), 3, "either a result"),
        (overlay("result", "valid").replace("errata/1", "errata/9"), 3, "is not jotlab-errata/1"),
        (overlay("more", "x"), 3, "unknown field"),
    ] {
        let broken = dir.file("broken-errata.json", text);
        let (found, out) = run(&["--errata", &broken]);
        assert!(found == code && out.contains(words), "{found} {out}");
    }
    let (code, out) = run(&["--errata", "no such file"]);
    assert!(code == 2 && out.contains("cannot read no such file"), "{out}");
}
