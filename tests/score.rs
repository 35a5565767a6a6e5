//! The gallery against the suites: nothing survives all of them but what no test can see, and each of our
//! own files is needed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

use jotlab::vectors::gallery::{Bug, bugs};
use jotlab::vectors::score::{Matrix, Row, score};
use jotlab::vectors::{FILES, Suite};
use std::sync::LazyLock;

fn suites(wanted: impl Fn(&str) -> bool) -> Vec<Suite> {
    FILES.iter().filter(|file| wanted(file.name)).map(|file| file.read().unwrap()).collect()
}

fn is_ours(name: &str) -> bool {
    name.starts_with("jotlab/")
}

fn run(suites: &[Suite], bugs: &[Bug]) -> Matrix {
    score(suites, bugs, 0, &|_, _| {})
}

/// Every bug beside ours and the standards' own examples.
static MATRIX: LazyLock<Matrix> =
    LazyLock::new(|| run(&suites(|name| is_ours(name) || name.starts_with("rfc/")), &bugs()));

#[test]
fn nothing_survives_but_what_no_test_can_see() {
    // pseudoprimes are left to one other suite
    let alive: Vec<&str> = MATRIX.survivors().map(|row| row.name).collect();
    let alive: Vec<Bug> = bugs().into_iter().filter(|bug| alive.contains(&bug.name)).collect();
    let matrix = run(&suites(|name| name == "wycheproof/primality_test.json"), &alive);
    let survivors: Vec<&str> = matrix.survivors().map(|row| row.name).collect();
    assert!(survivors.is_empty(), "{survivors:?}");
    let equivalent = MATRIX.rows.iter().filter(|row| row.equivalent.is_some());
    equivalent.for_each(|row| assert!(row.survives(), "{}", row.name));
}

#[test]
fn without_any_of_our_files_a_bug_survives() {
    let others = suites(|name| !is_ours(name));
    let columns = (0..MATRIX.suites.len()).filter(|&column| is_ours(&MATRIX.suites[column]));
    for column in columns {
        // of the bugs that no other of ours kills, one of the first lives through all that others made
        let names: Vec<&str> = only_by(column).take(3).collect();
        let lives = |name: &&str| {
            let bug: Vec<Bug> = bugs().into_iter().filter(|bug| bug.name == *name).collect();
            run(&others, &bug).rows.iter().any(Row::survives)
        };
        let file = &MATRIX.suites[column];
        assert!(names.iter().any(lives), "{file} is not needed: {names:?}");
    }
}

/// Bugs that this file of ours kills and none of the others that are ours; those first that none at all does.
fn only_by(column: usize) -> impl Iterator<Item = &'static str> {
    let only = move |ours: bool| {
        MATRIX.rows.iter().filter(move |row| {
            let others = row.kills.iter().zip(&MATRIX.suites).enumerate();
            row.kills[column] > 0
                && others
                    .filter(|(i, (_, name))| *i != column && (!ours || is_ours(name)))
                    .all(|(_, (&kills, _))| kills == 0)
        })
    };
    only(false).chain(only(true)).map(|row| row.name)
}
