//! The command under test, and directories for it.

use crate::tools::{Dir, jotlab};
use jotlab::sha2::Algorithm::Sha256;
use serde_json::{Value, json};

/// How a run ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the command. It may not panic, whatever it is given.
#[track_caller]
pub(crate) fn ran(arguments: &[&str]) -> Ran {
    let ran = jotlab(arguments);
    let [out, err] = [ran.stdout, ran.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(!err.contains("panicked"), "{err}");
    Ran { code: ran.status.code().expect("no signal ended it"), out, err }
}

/// `vectors run` on one path, with options.
#[track_caller]
pub(crate) fn vectors(path: &str, options: &[&str]) -> Ran {
    ran(&[&["vectors", "run", path], options].concat())
}

/// A suite of Wycheproof's with prime numbers and a comment for each.
pub(crate) fn primality(cases: &[(&str, &str, &str)]) -> Value {
    let test = |(id, (value, result, comment)): (u64, &(&str, &str, &str))| json!({ "tcId": id, "comment": comment, "result": result, "value": value, "flags": ["Prime"] });
    let tests: Vec<Value> = (1..).zip(cases).map(test).collect();
    json!({
        "algorithm": "PrimalityTest", "schema": "primality_schema_v1.json", "numberOfTests": cases.len(),
        "notes": { "Prime": { "bugType": "CONFIDENTIALITY" } },
        "testGroups": [{ "type": "PrimalityTest", "tests": tests }],
    })
}

/// NIST's form: the digest of some messages.
pub(crate) fn hashes(messages: &[&[u8]]) -> String {
    let record = |message: &&[u8]| {
        let (bits, hex) = (8 * message.len(), hex::encode(message));
        format!("Len = {bits}\nMsg = {hex}\nMD = {}\n\n", Sha256.digest(message))
    };
    let records: String = messages.iter().map(record).collect();
    format!("# CAVS 11.0\n# \"SHA-256 ShortMsg\" information\n\n[L = 32]\n\n{records}")
}

/// Files with every outcome: passed, failed, noted, skipped; and what is no suite, or a broken one.
pub(crate) fn mixed(dir: &Dir) {
    dir.file("a.rsp", hashes(&[b"a", b"ab", b"abc"]));
    let cases = [
        ("0d", "valid", "thirteen"),
        ("0f", "invalid", "fifteen"),
        ("0f", "valid", "wrong on purpose"),
        ("0d", "acceptable", ""),
    ];
    dir.file("b.json", primality(&cases).to_string());
    let skipped = json!({
        "schema": "eddsa_schema_v1.json", "numberOfTests": 2, "testGroups": [{ "type": "EddsaVerify", "tests": [
            { "tcId": 1, "result": "valid" }, { "tcId": 2, "result": "invalid" },
        ] }],
    });
    dir.file("c.json", skipped.to_string());
    dir.file("readme.txt", "nothing here\n");
    dir.file("z.json", "{\"numberOfTests\": 1, \"testGroups\": [");
}

/// A comment with everything that can break a report.
pub(crate) const HOSTILE: &str = "]]> <b a='b'> \"q\" & | `code` \\ \n\r\t \u{0}\u{1}\u{1b}[31m \u{7f}\u{85} \u{202e}rtl \u{feff} \u{fffe}\u{ffff} \u{1f980} --> *x* ~~y~~ [z](http://example)";

/// A run of one failing case with that comment, in a file of a hostile name.
pub(crate) fn hostile(dir: &Dir, options: &[&str]) -> Ran {
    let text = primality(&[("0f", "valid", HOSTILE), ("0d", "valid", "fine")]).to_string();
    let path = dir.file("h<\"&|`'.json", text);
    let ran = vectors(&path, options);
    assert_eq!(ran.code, 1, "{}", ran.err);
    ran
}

/// No control character but the line's end, nothing that turns text.
#[track_caller]
pub(crate) fn is_fit_for_a_terminal(text: &str) {
    let bad = text.chars().find(|&c| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{feff}')
    });
    assert_eq!(bad, None, "{text}");
}
