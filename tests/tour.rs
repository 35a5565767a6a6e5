//! `jotlab tour`: the whole journey, each step said and checked.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use std::{env, fs};

/// Every step, in order.
const STEPS: [&str; 13] = [
    "wrong-password",
    "log-in",
    "token",
    "two-services",
    "scope",
    "altered-role",
    "public-key-as-secret",
    "none",
    "rotate",
    "new-key",
    "old-token",
    "expired",
    "key-gone",
];

/// Runs it with a directory for what it leaves, which must be nothing.
fn tour(name: &str, arguments: &[&str]) -> Output {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _not_there = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
    let output = command.arg("tour").args(arguments).env("TMPDIR", &place).output().unwrap();
    // fifteen seconds on a machine at rest: one that is busy gets four times as much
    assert!(start.elapsed() < Duration::from_mins(1));
    assert_eq!(
        fs::read_dir(&place).unwrap().count(),
        0,
        "something is left in {}",
        place.display()
    );
    output
}

#[test]
fn every_step_is_said_and_checked() {
    let output = tour("tour-text", &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}{said}");
    assert!(text.ends_with(&format!("ok: {0} of {0} checks\n", STEPS.len())), "{text}");
    assert_eq!(text.matches("    ok: ").count(), STEPS.len(), "{text}");
    // a token begins so, in the words of any of the servers
    assert!(!text.contains("eyJ") && !said.contains("eyJ"), "{text}{said}");
}

#[test]
fn programs_read_the_steps() {
    let output = tour("tour-json", &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let steps = value["steps"].as_array().unwrap();
    let names: Vec<&str> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names, STEPS);
    assert!(steps.iter().all(|step| step["ok"] == true && step["standard"].is_string()));
    assert_eq!((&value["ok"], &value["checks"]), (&true.into(), &STEPS.len().into()));
}
