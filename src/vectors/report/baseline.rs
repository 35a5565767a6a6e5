//! A run beside an older one: what is no longer run, what is no longer right.

use super::{CaseReport, Report};
use std::collections::HashMap;

/// What changed since the older run, as `file/id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Ran then, and is not run now, or not there: coverage lost.
    pub lost: Vec<String>,
    /// Passed then, and fails now.
    pub broken: Vec<String>,
    /// Failed then, and passes now.
    pub mended: Vec<String>,
    /// Runs now, and did not then.
    pub gained: Vec<String>,
}

/// Compares a run with an older one, case by case.
pub fn compare(old: &Report, new: &Report) -> Changes {
    let (before, after) = (by_name(old), by_name(new));
    let mut changes = Changes::default();
    for (name, then) in in_order(old) {
        let now = after.get(&name);
        match (is_run(then), now.is_some_and(|now| is_run(now))) {
            (true, false) => changes.lost.push(name),
            (true, true) => {
                match (then.outcome == "failed", now.map(|now| now.outcome == "failed")) {
                    (false, Some(true)) => changes.broken.push(name),
                    (true, Some(false)) => changes.mended.push(name),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let is_new = |name: &String, case: &CaseReport| {
        is_run(case) && !before.get(name).is_some_and(|then| is_run(then))
    };
    let gained = in_order(new).filter(|(name, case)| is_new(name, case)).map(|(name, _)| name);
    changes.gained = gained.collect();
    changes
}

fn is_run(case: &CaseReport) -> bool {
    case.outcome != "skipped"
}

/// The cases by their names. A name that is there again is numbered: none may stand for another.
fn in_order(report: &Report) -> impl Iterator<Item = (String, &CaseReport)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let cases = report.suites.iter().flat_map(|s| s.cases.iter().map(move |case| (s, case)));
    cases.map(move |(suite, case)| {
        let name = format!("{}/{}", suite.file, case.id);
        let times = seen.entry(name.clone()).or_insert(0);
        *times += 1;
        (if *times == 1 { name } else { format!("{name} ({times})") }, case)
    })
}

fn by_name(report: &Report) -> HashMap<String, &CaseReport> {
    in_order(report).collect()
}
