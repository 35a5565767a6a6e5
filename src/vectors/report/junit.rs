//! JUnit XML, as CI servers read it: a `testsuite` a file, a `testcase` a case.

use super::{CaseReport, Report, SuiteReport};
use crate::vectors::outcome::Counts;

/// A report as JUnit XML. It has no times: the same run gives the same bytes.
pub fn junit(report: &Report) -> String {
    let sum = report.counts();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml += &format!(
        "<testsuites name=\"{}\" {}>\n",
        escaped(&report.implementation),
        // the schema of Jenkins has no sum of what was skipped
        failures(sum, broken(report))
    );
    report.suites.iter().for_each(|suite| xml += &test_suite(suite));
    // a file that cannot be read is an error that no case stands for
    let faults = report.files.iter().filter(|note| note.outcome != "skipped");
    for note in faults {
        let file = escaped(&note.file);
        xml += &format!(
            "  <testsuite name=\"{file}\" {}>\n    <testcase classname=\"{file}\" name=\"read\">\n      \
             <error message=\"{}\" type=\"{}\"></error>\n    </testcase>\n  </testsuite>\n",
            numbers(Counts::default(), 1),
            escaped(&note.why),
            escaped(&note.outcome)
        );
    }
    xml + "</testsuites>\n"
}

fn broken(report: &Report) -> usize {
    report.files.iter().filter(|note| note.outcome != "skipped").count()
}

fn failures(counts: Counts, errors: usize) -> String {
    let (tests, failed) = (counts.total() + errors, counts.failed);
    format!("tests=\"{tests}\" failures=\"{failed}\" errors=\"{errors}\"")
}

fn numbers(counts: Counts, errors: usize) -> String {
    format!("{} skipped=\"{}\"", failures(counts, errors), counts.skipped)
}

fn test_suite(suite: &SuiteReport) -> String {
    let head =
        format!("  <testsuite name=\"{}\" {}>\n", escaped(&suite.file), numbers(suite.counts, 0));
    let cases = suite.cases.iter().map(|case| test_case(&suite.file, case)).collect::<String>();
    head + &cases + "  </testsuite>\n"
}

fn test_case(file: &str, case: &CaseReport) -> String {
    let name = if case.comment.is_empty() {
        case.id.clone()
    } else {
        format!("{}: {}", case.id, case.comment)
    };
    let open = format!("    <testcase classname=\"{}\" name=\"{}\"", escaped(file), escaped(&name));
    let why = escaped(case.why.as_deref().unwrap_or_default());
    match case.outcome.as_str() {
        "failed" => {
            let kind = escaped(case.severity.as_deref().unwrap_or(&case.result));
            format!(
                "{open}>\n      <failure message=\"{why}\" type=\"{kind}\"></failure>\n    \
                 </testcase>\n"
            )
        }
        "skipped" => format!("{open}>\n      <skipped message=\"{why}\"/>\n    </testcase>\n"),
        _ if why.is_empty() => format!("{open}/>\n"),
        outcome => format!(
            "{open}>\n      <system-out>{}: {why}</system-out>\n    </testcase>\n",
            escaped(outcome)
        ),
    }
}

/// A text in an attribute or element. XML 1.0 §2.2 has no way to write most control characters: they
/// become the replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\r' | '\t' => escaped += &format!("&#{};", u32::from(c)),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            // what turns or hides text is written by its number: the same value, and no terminal obeys it
            c if !c.is_ascii() && c.escape_debug().len() > 1 => {
                escaped += &format!("&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
