//! `vectors`: the table adds up, a changed figure is found, a broken file is named.

use crate::support::{Dir, jotlab};

const FILE: &str = include_str!("../../vectors/rfc/rfc4231.json");

#[test]
fn the_table_adds_up() {
    let run = jotlab(&["vectors", "run"]).exits(0);
    let rows: Vec<Vec<usize>> = run
        .out
        .lines()
        .skip(1)
        .map(|line| {
            line[12..].split_whitespace().map_while(|word| word.parse().ok()).take(4).collect()
        })
        .collect();
    let (sum, rows) = rows.split_last().unwrap();
    assert!(rows.len() >= 11);
    for row in rows.iter().chain([sum]) {
        assert_eq!(row[0], row[1] + row[2] + row[3], "{row:?}");
    }
    for column in 0..4 {
        assert_eq!(rows.iter().map(|row| row[column]).sum::<usize>(), sum[column]);
    }
    let json = jotlab(&["vectors", "run", "--json"]).exits(0).json();
    let passed = json["suites"].as_array().unwrap().iter().map(|s| s["passed"].as_u64().unwrap());
    assert_eq!(passed.sum::<u64>(), sum[1] as u64);
}

#[test]
fn one_changed_figure_is_found_and_named() {
    let dir = Dir::new();
    jotlab(&["vectors", "run", &dir.file("same.json", FILE)]).exits(0);
    // the tag of a case, then an intermediate value only
    let value: serde_json::Value = serde_json::from_str(FILE).unwrap();
    let case = &value["cases"][5];
    for figure in [&case["tag"], &case["steps"]["inner"], &case["steps"]["opad"]] {
        let figure = figure.as_str().unwrap();
        let last = if figure.ends_with('0') { '1' } else { '0' };
        let changed = FILE.replace(figure, &format!("{}{last}", &figure[..figure.len() - 1]));
        let id = case["id"].as_str().unwrap();
        jotlab(&["vectors", "run", &dir.file("changed.json", changed)]).exits(1).says(id);
    }
}

#[test]
fn files_that_are_none_are_told_apart() {
    let dir = Dir::new();
    let empty = r#"{"format":"jotlab-vectors/1","suite":"s","source":"s","cases":[]}"#;
    jotlab(&["vectors", "run", &dir.file("empty", empty)]).exits(2).says("no case ran");
    jotlab(&["vectors", "run", &dir.file("cut", &FILE[..FILE.len() / 2])]).exits(3).says("offset");
    jotlab(&["vectors", "run", &dir.file("other", r#"{"format":"x"}"#)]).exits(3).says("format");
    let op = FILE.replacen("\"hmac\"", "\"hmacc\"", 1);
    jotlab(&["vectors", "run", &dir.file("op", op)]).exits(3).says("cases[0]");
    jotlab(&["vectors", "run", "no such suite"]).exits(2).says("vectors list");
    jotlab(&["vectors", "run", "RFC 7638", "RFC 7797"]).exits(0).says("RFC 7797");
}

#[test]
fn a_case_is_shown_with_what_happened() {
    jotlab(&["vectors", "show", "RFC 7638/3.1"]).exits(0).says("passed").says("NzbLsXh8uDCcd");
    jotlab(&["vectors", "show", "3.1"]).exits(2).says("RFC 7519/3.1");
    jotlab(&["vectors", "show", "4.2"]).exits(2);
    jotlab(&["vectors", "show", "RFC 7520/4.2"]).exits(0).says("PS384: not yet");
    jotlab(&["vectors", "show", "nothing"]).exits(2);
    jotlab(&["vectors", "list"]).exits(0).says("RFC 8017");
}
