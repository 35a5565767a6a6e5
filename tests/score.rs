//! The gallery against the suites: nothing survives all of them but what no test can see, and each of our
//! own files is needed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

use jotlab::vectors::gallery::{Bug, bugs};
use jotlab::vectors::score::{Matrix, score};
use jotlab::vectors::{FILES, Suite};

fn suites(wanted: impl Fn(&str) -> bool) -> Vec<Suite> {
    FILES.iter().filter(|file| wanted(file.name)).map(|file| file.read().unwrap()).collect()
}

fn is_ours(name: &str) -> bool {
    name.starts_with("jotlab/")
}

fn run(suites: &[Suite], bugs: &[Bug]) -> Matrix {
    score(suites, bugs, 0, &|_, _| {})
}

#[test]
fn nothing_survives_but_what_no_test_can_see() {
    // ours, and the one other suite that kills what ours leave to it: pseudoprimes
    let suites = suites(|name| {
        is_ours(name)
            || name.starts_with("rfc/")
            || name == "wycheproof/primality_test.json"
            || name == "cavp/SigGen15_186-2.txt"
    });
    let matrix = run(&suites, &bugs());
    let survivors: Vec<&str> = matrix.survivors().map(|row| row.name).collect();
    assert!(survivors.is_empty(), "{survivors:?}");
    for row in &matrix.rows {
        assert_eq!(row.survives(), row.equivalent.is_some(), "{}", row.name);
    }
}

#[test]
fn without_any_of_our_files_a_bug_survives() {
    let ours = run(&suites(is_ours), &bugs());
    // a few bugs of each file that no other of ours kills …
    let by_file: Vec<Vec<&str>> = (0..ours.suites.len())
        .map(|column| ours.only_by(column).map(|row| row.name).take(6).collect())
        .collect();
    let chosen: Vec<Bug> =
        bugs().into_iter().filter(|bug| by_file.iter().flatten().any(|n| *n == bug.name)).collect();
    // … and one of them at least lives through all that others made
    let others = run(&suites(|name| !is_ours(name)), &chosen);
    for (file, names) in ours.suites.iter().zip(&by_file) {
        let lives =
            |name: &&&str| others.rows.iter().any(|row| row.name == **name && row.survives());
        assert!(names.iter().find(lives).is_some(), "{file} is not needed: {names:?}");
    }
}
