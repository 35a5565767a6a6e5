//! The table of a report, and below it what failed and what was not run.

use crate::cli::voice;
use crate::vectors::report::{CaseReport, SuiteReport};
use crate::vectors::{Counts, Report};
use std::collections::BTreeMap;

/// The most failures of one suite that are told one by one.
const MOST_FAILURES: usize = 20;

/// As many file notes of one reason are told one by one; more are told together.
const MOST_NOTES: usize = 5;

pub(super) fn table(report: &Report) -> String {
    // of a directory of hundreds, those of which nothing ran would hide the others
    let (ran, idle): (Vec<_>, Vec<_>) =
        report.suites.iter().partition(|suite| suite.counts.run() > 0);
    let fold = idle.len() > MOST_NOTES;
    let shown: Vec<&SuiteReport> = if fold { ran } else { report.suites.iter().collect() };
    let width = shown.iter().map(|suite| name(suite).chars().count()).max();
    let width = width.unwrap_or(0).clamp(22, 60);
    let heads = ["cases", "run", "passed", "failed", "explained", "skipped"].map(str::to_owned);
    let mut text = line(width, "file", &heads, "");
    for suite in shown {
        text += &line(width, &name(suite), &numbers(suite.counts), &reasons([suite]));
    }
    if fold {
        let mut counts = Counts::default();
        idle.iter().for_each(|suite| counts.skipped += suite.counts.skipped);
        let name = format!("{} files, nothing ran", idle.len());
        text += &line(width, &name, &numbers(counts), "");
    }
    text += &line(width, "all", &numbers(report.counts()), "");
    report.suites.iter().for_each(|suite| text += &told(suite));
    text += &noted(report);
    if fold {
        text += &format!("skipped in files of which nothing ran: {}\n", reasons(idle));
    }
    text + &notes(report)
}

/// Why cases were skipped, and how many for each reason.
fn reasons<'s>(suites: impl IntoIterator<Item = &'s SuiteReport>) -> String {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for suite in suites {
        suite.skipped().into_iter().for_each(|(why, count)| *all.entry(why).or_insert(0) += count);
    }
    let one = |(why, count): (&str, usize)| format!("{count} × {}", voice::shown(why, 60));
    all.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Files that hold no suite: one by one, or together where there are many for one reason.
fn notes(report: &Report) -> String {
    let mut by_reason: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for note in &report.files {
        by_reason.entry((&note.outcome, &note.why)).or_default().push(&note.file);
    }
    let mut text = String::new();
    for ((outcome, why), files) in by_reason {
        let word = if outcome == "skipped" {
            outcome.to_owned()
        } else {
            voice::bad(&voice::shown(outcome, 20))
        };
        let why = voice::shown(why, 400);
        if files.len() > MOST_NOTES && outcome == "skipped" {
            let (first, count) = (voice::shown(files[0], 200), files.len());
            text += &format!("{word} {count} files, {first} and others: {why}\n");
        } else {
            let line = |file: &&str| format!("{word} {}: {why}\n", voice::shown(file, 200));
            text += &files.iter().map(line).collect::<String>();
        }
    }
    text
}

fn name(suite: &SuiteReport) -> String {
    voice::shown(&suite.file, 200)
}

fn numbers(counts: Counts) -> [String; 6] {
    let Counts { passed, failed, explained, skipped } = counts;
    [counts.total(), counts.run(), passed, failed, explained, skipped].map(|n| n.to_string())
}

fn line(width: usize, name: &str, numbers: &[String; 6], reasons: &str) -> String {
    let [cases, run, passed, failed, explained, skipped] = numbers;
    // the end of a path tells more than its beginning
    let length = name.chars().count();
    let name: String = match length.checked_sub(width) {
        None | Some(0) => name.to_owned(),
        Some(more) => format!("…{}", name.chars().skip(more + 1).collect::<String>()),
    };
    let row = format!(
        "{name:<width$} {cases:>6} {run:>6} {passed:>7} {failed:>7} {explained:>10} {skipped:>8}  {reasons}"
    );
    row.trim_end().to_owned() + "\n"
}

/// The cases of a suite that a person must hear of one by one.
fn told(suite: &SuiteReport) -> String {
    let mut text = String::new();
    let failed: Vec<_> = suite.failed().collect();
    for case in failed.iter().take(MOST_FAILURES) {
        text += &said(&voice::bad("failed"), suite, case);
    }
    if failed.len() > MOST_FAILURES {
        let more = failed.len() - MOST_FAILURES;
        text += &format!("{} {} and {more} more\n", voice::bad("failed"), name(suite));
    }
    let explained = suite.cases.iter().filter(|case| case.outcome == "explained");
    text + &explained.map(|case| said("explained", suite, case)).collect::<String>()
}

fn said(word: &str, suite: &SuiteReport, case: &CaseReport) -> String {
    let why = voice::shown(case.why.as_deref().unwrap_or_default(), 400);
    let comment = match case.comment.as_str() {
        "" => String::new(),
        comment => format!(" ({})", voice::shown(comment, 100)),
    };
    let severity = case.severity.iter().map(|s| format!(" [{}]", voice::shown(s, 40)));
    let severity = severity.collect::<String>();
    format!("{word} {}{comment}{severity}: {why}\n", full_name(suite, case))
}

fn full_name(suite: &SuiteReport, case: &CaseReport) -> String {
    format!("{}/{}", name(suite), voice::shown(&case.id, 60))
}

/// Cases that passed with a word to say: one by one, or together where there are many of one word.
fn noted(report: &Report) -> String {
    let mut by_word: BTreeMap<&str, Vec<(&SuiteReport, &CaseReport)>> = BTreeMap::new();
    for suite in &report.suites {
        for case in suite.cases.iter().filter(|case| case.outcome == "passed") {
            if let Some(why) = &case.why {
                by_word.entry(why).or_default().push((suite, case));
            }
        }
    }
    let mut text = String::new();
    for (why, cases) in by_word {
        if cases.len() > MOST_NOTES {
            let (suite, case) = cases[0];
            let (first, count) = (full_name(suite, case), cases.len());
            text +=
                &format!("noted {count} cases, {first} and others: {}\n", voice::shown(why, 400));
        } else {
            let line = |&(suite, case): &(&SuiteReport, &CaseReport)| said("noted", suite, case);
            text += &cases.iter().map(line).collect::<String>();
        }
    }
    text
}
