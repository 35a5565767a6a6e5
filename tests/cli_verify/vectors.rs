//! `vectors`: the suites pass, a wrong figure is found and named, and nothing that ran is not a yes.

use crate::support::{Dir, command, jotlab, run};
use serde_json::Value;

/// A suite of one operation, as it stands in the repository.
const HMAC: &str = include_str!("../../vectors/rfc/rfc4231.json");

/// The numbers of a row behind the name: cases, run, passed, failed, explained, skipped.
fn numbers(row: &str) -> [usize; 6] {
    let numbers = row.split_whitespace().skip(1).take(6).map(|text| text.parse().unwrap());
    numbers.collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn every_figure_passes_and_the_table_adds_up() {
    let run = jotlab(&["vectors", "run", "rfc"]).exits(0);
    let rows: Vec<&str> =
        run.out.lines().skip(1).take_while(|row| !row.starts_with("all ")).collect();
    let all = run.out.lines().nth(rows.len() + 1).unwrap();
    let mut sum = [0; 6];
    for row in rows {
        assert!(row.starts_with("rfc/"), "{row}");
        let numbers @ [cases, run, passed, failed, explained, skipped] = numbers(row);
        assert_eq!((cases, run), (run + skipped, passed + failed + explained));
        assert_eq!((failed, explained), (0, 0));
        // why something was skipped stands behind the numbers, and how often
        let reasons = row.split_whitespace().collect::<Vec<_>>();
        let times = reasons.windows(2).filter(|pair| pair[1] == "×");
        assert_eq!(
            times.map(|pair| pair[0].parse::<usize>().unwrap()).sum::<usize>(),
            skipped,
            "{row}"
        );
        sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
    }
    assert_eq!(numbers(all), sum);
    assert_eq!(sum, [187, 138, 138, 0, 0, 49]);

    let report = jotlab(&["vectors", "run", "rfc", "--json"]).exits(0).json();
    assert_eq!(report["report"], "jotlab-report/1");
    let suites = report["suites"].as_array().unwrap();
    let of_json = |member: &str| -> u64 {
        suites.iter().map(|s| s["counts"][member].as_u64().unwrap()).sum()
    };
    assert_eq!(["passed", "failed", "explained", "skipped"].map(of_json), [138, 0, 0, 49]);
    assert_eq!(suites.iter().flat_map(|s| s["cases"].as_array().unwrap()).count(), 187);
}

#[test]
fn the_list_has_every_suite_with_its_cases() {
    let list = jotlab(&["vectors", "list", "--json"]).exits(0).json();
    let text = jotlab(&["vectors", "list"]).exits(0).out;
    let suites = list["suites"].as_array().unwrap();
    assert_eq!(text.lines().count(), suites.len());
    for suite in suites {
        let file = suite["file"].as_str().unwrap();
        let line = text.lines().find(|line| line.starts_with(&format!("{file} "))).unwrap();
        assert!(line.contains(&format!("{} cases", suite["cases"])), "{line}");
        assert!(line.contains(suite["suite"].as_str().unwrap()), "{line}");
    }
    // each run reads every suite: some names stand for all
    for suite in suites.iter().filter(|suite| suite["cases"].as_u64() < Some(7)).take(2) {
        for name in ["file", "suite"].map(|member| suite[member].as_str().unwrap()) {
            let run = jotlab(&["vectors", "run", name, "--json"]).json();
            let ran = run["suites"].as_array().unwrap();
            assert_eq!(ran.len(), 1);
            assert_eq!(
                Some(ran[0]["cases"].as_array().unwrap().len() as u64),
                suite["cases"].as_u64()
            );
        }
    }
}

fn first_case_changed(change: impl FnOnce(&mut Value)) -> String {
    let mut suite: Value = serde_json::from_str(HMAC).unwrap();
    change(&mut suite["cases"][0]);
    suite.to_string()
}

#[test]
fn one_wrong_figure_is_found_and_its_case_named() {
    let dir = Dir::new();
    let same = dir.file("same.json", HMAC);
    jotlab(&["vectors", "run", &same]).exits(0);
    for member in ["tag", "msg", "key"] {
        let changed = first_case_changed(|case| {
            let mut hex = case[member].as_str().unwrap().to_owned();
            let last = if hex.pop() == Some('0') { '1' } else { '0' };
            case[member] = (hex + &last.to_string()).into();
        });
        let file = dir.file("changed.json", changed);
        let run = jotlab(&["vectors", "run", &file]).exits(1);
        let named = format!("failed {file}/1-SHA-224 (");
        assert!(run.out.contains(&named), "{}", run.out);
        assert_eq!(run.out.matches("\nfailed ").count(), 1, "{}", run.out);
        let report = jotlab(&["vectors", "run", &file, "--json"]).exits(1).json();
        assert_eq!(report["suites"][0]["counts"]["failed"], 1);
        assert_eq!(report["suites"][0]["cases"][0]["outcome"], "failed");
        assert!(report["suites"][0]["cases"][0]["why"].is_string());
        // beside a suite that passes it fails as well
        jotlab(&["vectors", "run", "RFC 4231", &file]).exits(1);
    }
}

#[test]
fn a_broken_file_is_malformed_and_an_empty_one_is_not_a_yes() {
    let dir = Dir::new();
    let text = HMAC.trim_end();
    for broken in [
        &text[..text.len() / 2],
        &text[..text.len() - 1],
        &format!("{text}x"),
        "",
        "{}",
        "[]",
        &HMAC.replace("jotlab-vectors/1", "jotlab-vectors/9"),
        &first_case_changed(|case| drop(case.as_object_mut().unwrap().remove("id"))),
        &first_case_changed(|case| case["op"] = 1.into()),
    ] {
        let run = jotlab(&["vectors", "run", &dir.file("broken.json", broken)]);
        assert_eq!(run.code, 3, "{}…\n{}{}", &broken[..broken.len().min(60)], run.out, run.err);
    }
    let mut empty: Value = serde_json::from_str(HMAC).unwrap();
    empty["cases"] = Value::Array(vec![]);
    jotlab(&["vectors", "run", &dir.file("empty.json", empty.to_string())])
        .exits(2)
        .says("no case");
    jotlab(&["vectors", "run", "no such suite"]).exits(2).says("vectors list");
}

#[test]
fn a_case_is_shown_with_its_inputs_and_its_outcome() {
    let run = jotlab(&["vectors", "show", "RFC 4231/1-SHA-256"]).exits(0);
    let run = run.says("passed").says("RFC 4231 §4.2").says("b0344c61d8db38535ca8afceaf0bf12b");
    assert!(run.out.starts_with("RFC 4231/1-SHA-256  passed\n"), "{}", run.out);
    let shown = jotlab(&["vectors", "show", "RFC 4231/1-SHA-256", "--json"]).exits(0).json();
    assert_eq!(
        (&shown["id"], &shown["outcome"]["outcome"]),
        (&"1-SHA-256".into(), &"passed".into())
    );
    jotlab(&["vectors", "show", "1-SHA-256"]).exits(0);
}

#[test]
fn a_case_that_jotlab_fails_kills_no_bug_and_is_named() {
    let dir = Dir::new();
    let wrong = dir.file("wrong.json", HMAC.replacen("b0344c61", "b0344c62", 1));
    let score = jotlab(&["vectors", "score", &wrong, "--json"]).exits(1).json();
    assert_eq!(score["not_counted"], serde_json::json!([format!("{wrong}/1-SHA-256")]));
    let right = dir.file("right.json", HMAC);
    let whole = jotlab(&["vectors", "score", &right, "--json"]).exits(1).json();
    assert_eq!(whole["not_counted"], serde_json::json!([]));
    let kills = |score: &Value| -> Vec<u64> {
        let bugs = score["bugs"].as_array().unwrap();
        bugs.iter().map(|bug| bug["kills"][0].as_u64().unwrap()).collect()
    };
    let (wrong_kills, kills) = (kills(&score), kills(&whole));
    assert!(wrong_kills.iter().zip(&kills).all(|(wrong, right)| wrong <= right));
    assert!(wrong_kills.iter().sum::<u64>() < kills.iter().sum());
    jotlab(&["vectors", "score", &wrong]).exits(1).says("jotlab itself fails it");
}

#[test]
fn a_report_is_not_written_over_what_is_read() {
    let dir = Dir::new();
    let suite = dir.file("mine.json", HMAC);
    let over = ["vectors", "run", &suite, "--json", "--out", &suite];
    jotlab(&over).exits(2).says("would be written over what is read");
    assert_eq!(std::fs::read_to_string(&suite).unwrap(), HMAC);
    let report = dir.path("report.json");
    jotlab(&["vectors", "run", &suite, "--json", "--out", &report]).exits(0);
    let written = std::fs::read(&report).unwrap();
    let over = ["vectors", "merge", &report, "--out", &report];
    jotlab(&over).exits(2).says("would be written over what is read");
    assert_eq!(std::fs::read(&report).unwrap(), written);
}

#[test]
fn a_plain_name_is_a_suite_and_the_file_is_said_to_be_another() {
    let dir = Dir::new();
    dir.file("rfc", "not a suite");
    let in_dir =
        |name: &str| run(command(&["vectors", "run", name]).current_dir(dir.path("")), b"");
    in_dir("rfc").exits(0).says("what lies here is ./rfc");
    in_dir("./rfc").exits(3);
    dir.file("bom.json", format!("\u{feff}{HMAC}"));
    in_dir("bom.json").exits(3).says("byte order mark");
    dir.file(
        "empty.json",
        HMAC.replacen("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", "", 1),
    );
    in_dir("empty.json").exits(1).says("the tag that is stated has 0 bytes, not 1 to 32");
}
