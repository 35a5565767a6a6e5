//! The gallery itself: without a flaw each pliable copy is right, and every bug has a name of its own.

use super::*;
use crate::vectors::{self, Options, run};
use std::collections::HashSet;

/// All rooms without a flaw.
struct Healthy(Memory);

impl Implementation for Healthy {
    fn name(&self) -> String {
        "healthy".to_owned()
    }

    fn answer(&self, request: &Request) -> Answer {
        hash::answer(request, hash::Flaw::None)
            .or_else(|| mac::answer(request, mac::Flaw::None))
            .or_else(|| stretch::answer(request, stretch::Flaw::None))
            .or_else(|| rsa::answer(request, rsa::Flaw::None, &self.0))
            .or_else(|| jws::answer(request, jws::Flaw::None, &self.0))
            .or_else(|| base64::answer(request, base64::Flaw::None))
            .unwrap_or_else(|| Jotlab::new().answer(request))
    }
}

#[test]
fn without_a_flaw_every_copy_is_right() {
    let suites = vectors::embedded().unwrap();
    let report = run(&suites, &Healthy(Memory::default()), &Options::default());
    let failed: Vec<String> = report
        .suites
        .iter()
        .flat_map(|suite| {
            suite.failed().map(|case| format!("{}/{}: {:?}", suite.file, case.id, case.why))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_bug_has_a_name_of_its_own() {
    let bugs = bugs();
    assert!(bugs.len() >= 90);
    let names: HashSet<&str> = bugs.iter().map(|bug| bug.name).collect();
    assert_eq!(names.len(), bugs.len());
    for (name, _) in EQUIVALENT {
        assert!(names.contains(name), "{name}");
    }
}
