//! Markdown, for a pull request or a job's summary page: the table, and what failed.

use super::{Report, SuiteReport};
use crate::vectors::outcome::Counts;

/// The most failures that are listed.
const MOST_FAILURES: usize = 100;

/// A report as Markdown.
pub fn markdown(report: &Report) -> String {
    let counts = report.counts();
    let mut text = format!("## {}\n\n", cell(&report.implementation));
    text += &format!(
        "{} cases: {} passed, {} failed, {} explained, {} skipped; policy {}.\n\n",
        counts.total(),
        counts.passed,
        counts.failed,
        counts.explained,
        counts.skipped,
        cell(&report.policy)
    );
    text += "| file | cases | run | passed | failed | explained | skipped | why skipped |\n";
    text += "|---|--:|--:|--:|--:|--:|--:|---|\n";
    for suite in &report.suites {
        text += &row(&cell(&suite.file), suite.counts, &reasons(suite));
    }
    text += &row("**all**", counts, "");
    failures(report, &mut text);
    if !report.files.is_empty() {
        text += "\n| file not run | why |\n|---|---|\n";
        for note in &report.files {
            text += &format!(
                "| {} | {}: {} |\n",
                cell(&note.file),
                cell(&note.outcome),
                cell(&note.why)
            );
        }
    }
    text
}

fn failures(report: &Report, text: &mut String) {
    let failed: Vec<_> =
        report.suites.iter().flat_map(|s| s.failed().map(|case| (&s.file, case))).collect();
    if failed.is_empty() {
        return;
    }
    *text += "\n### Failed\n\n| case | about | why | severity |\n|---|---|---|---|\n";
    for (file, case) in failed.iter().take(MOST_FAILURES) {
        *text += &format!(
            "| {}/{} | {} | {} | {} |\n",
            cell(file),
            cell(&case.id),
            cell(&case.comment),
            cell(case.why.as_deref().unwrap_or_default()),
            cell(case.severity.as_deref().unwrap_or_default())
        );
    }
    if failed.len() > MOST_FAILURES {
        *text += &format!("\nand {} more\n", failed.len() - MOST_FAILURES);
    }
}

fn row(name: &str, counts: Counts, reasons: &str) -> String {
    let Counts { passed, failed, explained, skipped } = counts;
    let (total, run) = (counts.total(), counts.run());
    format!(
        "| {name} | {total} | {run} | {passed} | {failed} | {explained} | {skipped} | {reasons} |\n"
    )
}

fn reasons(suite: &SuiteReport) -> String {
    let reasons = suite.skipped();
    reasons
        .iter()
        .map(|(why, count)| format!("{count} × {}", cell(why)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A stranger's text in a cell: no character of it is markup.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for c in text.chars().take(300) {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '!' | '~' | '$' => {
                cell.push('\\');
                cell.push(c);
            }
            '<' => cell += "&lt;",
            '>' => cell += "&gt;",
            '&' => cell += "&amp;",
            // what steers a terminal, turns text or hides in it
            c if c.is_control() || (!c.is_ascii() && c.escape_debug().len() > 1) => {
                cell.push_str(&format!("U+{:04X}", u32::from(c)));
            }
            c => cell.push(c),
        }
    }
    if text.chars().nth(300).is_some() {
        cell.push('…');
    }
    cell
}
