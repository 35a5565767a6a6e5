//! The JSON report: its schema, its order, its filters.

use crate::files::{hostile, mixed, ran};
use crate::tools::{Dir, is_there, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

const SCHEMA: &str = include_str!("../../docs/report.schema.json");

/// A directory with every outcome in it, and its reports: whole, a shard, of hostile names.
fn reports() -> Vec<String> {
    let dir = Dir::new();
    mixed(&dir);
    let path = dir.path("");
    let path = path.to_str().unwrap();
    let text = |options: &[&str]| ran(&[&["vectors", "run", path, "--json"], options].concat()).out;
    vec![
        text(&[]),
        text(&["--shard", "2/3"]),
        text(&["--only", "nothing"]),
        hostile(&dir, &["--json"]).out,
    ]
}

/// The schema says nothing that is not so: each object has the members that it demands, and no other.
fn check(schema: &Value, at: &Value, value: &Value, path: &str, met: &mut BTreeSet<String>) {
    let at = match at["$ref"].as_str() {
        Some(reference) => schema.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => at,
    };
    if let Some(constant) = at.get("const") {
        assert_eq!(value, constant, "{path}");
    }
    if let Some(choice) = at["enum"].as_array() {
        assert!(choice.contains(value), "{path}: {value}");
    }
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Number(number) if number.is_u64() => "integer",
        other => panic!("{path}: {other}"),
    };
    if let Some(stated) = at["type"].as_str() {
        assert_eq!(kind, stated, "{path}");
    }
    if let Value::Object(members) = value {
        for name in at["required"].as_array().unwrap() {
            assert!(members.contains_key(name.as_str().unwrap()), "{path} has no {name}");
        }
        for (name, member) in members {
            let place = at["properties"]
                .get(name)
                .unwrap_or_else(|| panic!("{path}.{name}: not in the schema"));
            met.insert(format!("{path}.{name}"));
            check(schema, place, member, &format!("{path}.{name}"), met);
        }
    }
    value
        .as_array()
        .into_iter()
        .flatten()
        .for_each(|item| check(schema, &at["items"], item, path, met));
}

#[test]
fn every_report_is_of_the_schema_and_every_member_of_it_occurs() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut met = BTreeSet::new();
    for report in reports() {
        check(&schema, &schema, &serde_json::from_str(&report).unwrap(), "", &mut met);
    }
    let members = |at: &str| schema.pointer(at).unwrap().as_object().unwrap().len();
    let all = [
        "/properties",
        "/$defs/suite/properties",
        "/$defs/counts/properties",
        "/$defs/case/properties",
        "/$defs/file/properties",
    ];
    assert_eq!(met.len(), all.iter().map(|at| members(at)).sum::<usize>(), "{met:?}");
}

/// The same by somebody else's validator, which knows all of JSON Schema.
#[test]
fn pythons_jsonschema_accepts_every_report_and_refuses_changed_ones() {
    const SCRIPT: &str = "import json, sys, jsonschema\n\
        schema, good, bad = json.load(sys.stdin)\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        validator = jsonschema.Draft202012Validator(schema)\n\
        for report in good: validator.validate(json.loads(report))\n\
        for report in bad: assert not validator.is_valid(json.loads(report)), report[:200]\n\
        print('checked')";
    let python =
        || Command::new(std::env::var_os("JOTLAB_PYTHON").unwrap_or_else(|| "python3".into()));
    if !is_there(
        "jsonschema",
        python().args(["-c", "import jsonschema; jsonschema.Draft202012Validator"]),
    ) {
        return;
    }
    let good = reports();
    let changes: [(&str, &str); 5] = [
        ("\"strict\"", "\"lax\""),
        ("\"outcome\": \"skipped\"", "\"outcome\": \"lost\""),
        ("\"position\": 0", "\"position\": -1"),
        ("\"passed\":", "\"won\":"),
        ("\"implementation\":", "\"more\": 1, \"implementation\":"),
    ];
    let bad = changes.map(|(from, to)| good[0].replacen(from, to, 1));
    assert!(bad.iter().all(|report| *report != good[0]));
    let question = serde_json::json!([serde_json::from_str::<Value>(SCHEMA).unwrap(), good, bad]);
    assert_eq!(run(python().args(["-c", SCRIPT]), question.to_string().as_bytes()), b"checked\n");
}

#[test]
fn one_job_and_seven_give_the_same_bytes() {
    let dir = Dir::new();
    mixed(&dir);
    let path = dir.path("");
    for format in ["json", "junit", "markdown", "table"] {
        let text = |jobs: &str| {
            ran(&[
                "vectors",
                "run",
                path.to_str().unwrap(),
                "rfc/rfc7515.json",
                "--jobs",
                jobs,
                "--format",
                format,
            ])
            .out
        };
        let one = text("1");
        for jobs in ["7", "0", "18446744073709551615"] {
            assert_eq!(text(jobs), one, "{format} {jobs}");
        }
    }
}

/// The names of the cases that are taken.
fn taken(options: &[&str]) -> Vec<String> {
    let run = ran(&[&["vectors", "run", "--json"], options].concat());
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let suites = report["suites"].as_array().unwrap().iter();
    let names = suites.flat_map(|suite| {
        let file = suite["file"].as_str().unwrap();
        let cases = suite["cases"].as_array().unwrap().iter();
        cases.map(move |case| format!("{file}/{}", case["id"].as_str().unwrap()))
    });
    names.collect()
}

#[test]
fn filters_take_what_they_say_and_all_of_them_must() {
    let file = "wycheproof/hmac_sha256_test.json";
    assert_eq!(taken(&[file, "--only", "*/hmac_sha256_test.json/17"]), [format!("{file}/17")]);
    assert_eq!(taken(&[file, "--only", "*/1?"]).len(), 10);
    assert_eq!(taken(&[file, "--only", "*/3", "--only", "*/5", "--only", "*/3"]).len(), 2);
    let all = taken(&[file]).len();
    let modified = taken(&[file, "--flag", "ModifiedTag"]).len();
    let either = taken(&[file, "--flag", "ModifiedTag", "--flag", "TruncatedHmac"]).len();
    assert!(0 < modified && modified <= either && either < all, "{modified} {either} {all}");
    let labels = |label: &str| taken(&[file, "--result", label]).len();
    assert_eq!(labels("valid") + labels("invalid"), all);
    assert_eq!(taken(&[file, "--op", "hmac.verify"]).len(), all);
    assert_eq!(taken(&[file, "--op", "hmac"]).len(), labels("valid"));
    assert_eq!(
        taken(&[file, "rfc/rfc4231.json", "--alg", "sha-256"]).len(),
        all + taken(&["rfc/rfc4231.json", "--alg", "SHA-256"]).len()
    );
    assert!(
        taken(&[file, "--alg", "SHA-256", "--result", "valid", "--flag", "ModifiedTag"]).is_empty()
    );
    // a suite of which nothing is taken is no part of the report
    assert!(taken(&[file, "rfc", "--op", "hmac"]).iter().any(|name| name.starts_with("rfc/")));
    for options in [
        &["--only", "no/such"][..],
        &["--flag", "NoSuch"],
        &["--op", "no.such"],
        &["--alg", "SHA-1"],
    ] {
        let run = ran(&[&["vectors", "run", file], options].concat());
        assert!(run.code == 2 && run.err.contains("no case ran"), "{options:?} {}", run.err);
        assert!(run.err.contains(&format!("no case has {}", options.join(" "))), "{}", run.err);
    }
    let run = ran(&["vectors", "run", file, "--alg", "SHA-256", "--alg", "SHA256"]);
    assert!(
        run.code == 0 && run.err.contains("no case has --alg SHA256; there are "),
        "{}",
        run.err
    );
    let run = ran(&["vectors", "run", file, "--result", "perhaps"]);
    assert!(
        run.code == 2 && run.err.contains("expected valid, invalid or acceptable"),
        "{}",
        run.err
    );
}
