//! `JOTLAB_BACKEND`: the way that is asked for, or an error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

use std::process::Command;

/// Every suite on every way of the machine: a table each, under its name.
#[test]
fn all_ways_run_the_suites_that_are_asked_for() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        command.args(["vectors", "run"]).args(arguments).env_remove("JOTLAB_BACKEND");
        let ran = command.output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
    };
    let (code, text) = run(&["RFC 7515", "--backend", "all"]);
    assert_eq!(code, Some(0), "{text}");
    let ways: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("backend ")).collect();
    assert_eq!(ways, jotlab::cpu::available());
    assert_eq!(ways.last(), Some(&"portable"));
    // each has its own table, with the same counts
    let totals: Vec<&str> = text.lines().filter(|line| line.starts_with("rfc/rfc7515")).collect();
    assert_eq!(totals.len(), ways.len(), "{text}");
    assert!(totals.iter().all(|line| *line == totals[0]), "{text}");
    assert_eq!(run(&["RFC 7515", "--backend=all", "--json"]).0, Some(2));
}

#[test]
fn a_way_that_is_asked_for_is_taken_or_refused() {
    let hash = |way: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        command.args(["hash", "sha256", "Cargo.toml"]).env("JOTLAB_BACKEND", way);
        let ran = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        (ran.status.code(), ran.stdout, String::from_utf8(ran.stderr).unwrap())
    };
    let (code, digest, err) = hash("portable");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(hash("").1, digest);
    let (code, _, err) = hash("nosuch");
    assert_eq!(code, Some(2));
    assert!(err.contains("JOTLAB_BACKEND names no backend \"nosuch\": this machine has "), "{err}");
    // a machine without it says so instead
    match hash("sha-ni") {
        (Some(0), out, _) => assert_eq!(out, digest),
        (code, _, err) => {
            assert_eq!(code, Some(2));
            assert!(err.contains("asks for sha-ni, which this machine does not have"), "{err}");
        }
    }
}
