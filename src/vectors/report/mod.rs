//! What came out of a run, as a value; and its forms: JSON, JUnit XML, Markdown, and a table for people.
//!
//! A report is in the order of the suites and their cases however many threads ran, so two runs give the
//! same bytes, and the parts of a run that was cut in shards can be merged to the whole.

mod baseline;
mod junit;
mod markdown;
mod merge;

pub use baseline::{Changes, compare};
pub use junit::junit;
pub use markdown::markdown;
pub use merge::{MergeError, merge};

use super::case::{Case, Suite};
use super::outcome::{Counts, Outcome};
use super::runner::Shard;
use crate::jose::json::bounded;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What `report` says in JSON.
pub const FORMAT: &str = "jotlab-report/1";

/// The words of [`FileNote::outcome`].
const FILE_OUTCOMES: [&str; 3] = ["skipped", "malformed", "unreadable"];

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`FORMAT`].
    pub report: String,
    /// Who was asked.
    pub implementation: String,
    /// How labels were read.
    pub policy: String,
    /// Which part of the whole this is, as `K/N`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// Suite by suite.
    pub suites: Vec<SuiteReport>,
    /// Files of which nothing was run, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileNote>,
}

/// A suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuiteReport {
    /// Its name.
    pub suite: String,
    /// The file.
    pub file: String,
    /// The format that the file was read as.
    pub format: String,
    /// The sums.
    pub counts: Counts,
    /// Case by case.
    pub cases: Vec<CaseReport>,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReport {
    /// Where it stands in its file, from 0.
    pub position: usize,
    /// Its name within the file.
    pub id: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// The suite's label: `valid`, `invalid` or `acceptable`.
    pub result: String,
    /// The suite's own marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// How bad a failure is, in the suite's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// `passed`, `failed`, `explained` or `skipped`.
    pub outcome: String,
    /// What there is to say beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A file of which nothing was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileNote {
    /// The file.
    pub file: String,
    /// `skipped`: nothing in it is for this runner; `malformed`: it is, and it is broken; `unreadable`.
    pub outcome: String,
    /// Why.
    pub why: String,
}

impl SuiteReport {
    pub(super) fn empty(suite: &Suite) -> SuiteReport {
        SuiteReport {
            suite: suite.name.clone(),
            file: suite.file.clone(),
            format: suite.format.to_owned(),
            counts: Counts::default(),
            cases: vec![],
        }
    }

    pub(super) fn add(&mut self, case: CaseReport) {
        if let Some(outcome) = case.outcome() {
            self.counts.add(&outcome);
        }
        self.cases.push(case);
    }

    /// Why cases were skipped, and how many for each reason.
    pub fn skipped(&self) -> BTreeMap<&str, usize> {
        let mut reasons = BTreeMap::new();
        for case in self.cases.iter().filter(|case| case.outcome == "skipped") {
            *reasons.entry(case.why.as_deref().unwrap_or_default()).or_insert(0) += 1;
        }
        reasons
    }

    /// The cases that did not come out as they should.
    pub fn failed(&self) -> impl Iterator<Item = &CaseReport> {
        self.cases.iter().filter(|case| case.outcome == "failed")
    }
}

impl CaseReport {
    pub(super) fn new(position: usize, case: &Case, outcome: &Outcome) -> CaseReport {
        CaseReport {
            position,
            id: case.id.clone(),
            comment: case.comment.clone(),
            result: case.label.name().to_owned(),
            flags: case.flags.clone(),
            severity: case.severity.clone(),
            outcome: outcome.name().to_owned(),
            why: outcome.why().map(str::to_owned),
        }
    }

    /// The outcome as a value; nothing if the report was not made by a runner.
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::from_parts(&self.outcome, self.why.clone())
    }
}

impl Report {
    /// The sums over all suites.
    pub fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        for suite in &self.suites {
            sum.passed += suite.counts.passed;
            sum.failed += suite.counts.failed;
            sum.explained += suite.counts.explained;
            sum.skipped += suite.counts.skipped;
        }
        sum
    }

    /// As JSON, in lines.
    pub fn to_json(&self) -> String {
        // a struct of texts and numbers has a JSON
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads a report back.
    ///
    /// # Errors
    ///
    /// When it is not a report of this format, or its sums are not those of its cases.
    pub fn from_json(text: &[u8]) -> Result<Report, String> {
        let report: Report = crate::jose::json::parse(text).map_err(|error| error.to_string())?;
        if report.report != FORMAT {
            return Err(format!("\"{}\" is not {FORMAT}", bounded(&report.report)));
        }
        if let Some(shard) = &report.shard {
            shard.parse::<Shard>().map_err(|what| format!("shard: {what}"))?;
        }
        for note in &report.files {
            if !FILE_OUTCOMES.contains(&note.outcome.as_str()) {
                return Err(format!(
                    "{}: no outcome \"{}\"",
                    bounded(&note.file),
                    bounded(&note.outcome)
                ));
            }
        }
        for suite in &report.suites {
            let mut counts = Counts::default();
            for case in &suite.cases {
                let outcome = case.outcome().ok_or_else(|| {
                    let [file, id, word] =
                        [&suite.file, &case.id, &case.outcome].map(|t| bounded(t));
                    format!("{file}/{id}: no outcome \"{word}\"")
                })?;
                counts.add(&outcome);
            }
            if counts != suite.counts {
                let file = bounded(&suite.file);
                return Err(format!("{file}: the counts are not those of its cases"));
            }
        }
        Ok(report)
    }
}
