//! The table of a report, and below it what failed and what was not run.

use crate::cli::voice;
use crate::vectors::report::SuiteReport;
use crate::vectors::{Counts, Report};

/// The most failures of one suite that are told one by one.
const MOST_FAILURES: usize = 20;

pub(super) fn table(report: &Report) -> String {
    let width = report.suites.iter().map(|suite| name(suite).chars().count()).max();
    let width = width.unwrap_or(0).clamp(12, 60);
    let heads = ["cases", "run", "passed", "failed", "explained", "skipped"].map(str::to_owned);
    let mut text = line(width, "file", &heads, "");
    for suite in &report.suites {
        let reasons: Vec<String> = suite
            .skipped()
            .iter()
            .map(|(why, count)| format!("{count} × {}", voice::shown(why, 60)))
            .collect();
        text += &line(width, &name(suite), &numbers(suite.counts), &reasons.join(", "));
    }
    text += &line(width, "all", &numbers(report.counts()), "");
    report.suites.iter().for_each(|suite| text += &told(suite));
    for note in &report.files {
        let (file, why) = (voice::shown(&note.file, 200), voice::shown(&note.why, 400));
        let word = match note.outcome.as_str() {
            "skipped" => "skipped".to_owned(),
            word => voice::bad(word),
        };
        text += &format!("{word} {file}: {why}\n");
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

/// The cases of a suite that a person must hear of.
fn told(suite: &SuiteReport) -> String {
    let mut text = String::new();
    let said = |word: &str, case: &crate::vectors::report::CaseReport| {
        let (file, id) = (name(suite), voice::shown(&case.id, 60));
        let why = voice::shown(case.why.as_deref().unwrap_or_default(), 400);
        let comment = match case.comment.as_str() {
            "" => String::new(),
            comment => format!(" ({})", voice::shown(comment, 100)),
        };
        let severity = case.severity.iter().map(|s| format!(" [{}]", voice::shown(s, 40)));
        format!("{word} {file}/{id}{comment}{}: {why}\n", severity.collect::<String>())
    };
    let failed: Vec<_> = suite.failed().collect();
    failed.iter().take(MOST_FAILURES).for_each(|case| text += &said(&voice::bad("failed"), case));
    if failed.len() > MOST_FAILURES {
        let more = failed.len() - MOST_FAILURES;
        text += &format!("{} {} and {more} more\n", voice::bad("failed"), name(suite));
    }
    for case in &suite.cases {
        match case.outcome.as_str() {
            "explained" => text += &said("explained", case),
            "passed" if case.why.is_some() => text += &said("noted", case),
            _ => {}
        }
    }
    text
}
