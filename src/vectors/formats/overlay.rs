//! What is known of published suites beside their own labels: errata, and labels that are policy.
//!
//! An entry names a file, a case and its comment: a suite whose numbers moved is left alone.

use crate::jose::json;
use crate::vectors::case::{Label, Overlay, Suite};
use core::fmt;
use serde::Deserialize;

/// What the file must say.
const FORMAT: &str = "jotlab-errata/1";

/// Errata and policies by file and case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    format: String,
    cases: Vec<Entry>,
    files: Vec<Defect>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    id: String,
    comment: String,
    /// The right label …
    result: Option<String>,
    /// … or the name of the policy that the label is.
    policy: Option<String>,
    reason: String,
    link: Option<String>,
}

/// A file that is broken as published.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defect {
    file: String,
    reason: String,
}

impl Known {
    /// Reads an overlay.
    ///
    /// # Errors
    ///
    /// When it is not of the format, or an entry says neither or both of label and policy.
    pub fn read(text: &[u8]) -> Result<Known, KnownError> {
        let known: Known = json::parse(text).map_err(|error| KnownError(error.to_string()))?;
        if known.format != FORMAT {
            return Err(KnownError(format!(
                "\"{}\" is not {FORMAT}",
                json::bounded(&known.format)
            )));
        }
        for entry in &known.cases {
            let label = entry.result.as_deref().map(Label::from_name);
            if label == Some(None) || label.is_some() == entry.policy.is_some() {
                let what = "either a result (valid, invalid, acceptable) or a policy is expected";
                return Err(KnownError(format!("{}/{}: {what}", entry.file, entry.id)));
            }
        }
        Ok(known)
    }

    /// Adds the entries of another overlay, which come first.
    pub fn extend(&mut self, more: Known) {
        self.cases.splice(0..0, more.cases);
        self.files.splice(0..0, more.files);
    }

    /// Marks the cases of a suite that something is known of.
    pub fn apply(&self, suite: &mut Suite) {
        let entries: Vec<&Entry> =
            self.cases.iter().filter(|entry| is_of(&suite.file, &entry.file)).collect();
        if entries.is_empty() {
            return;
        }
        for case in &mut suite.cases {
            let entry = entries.iter().find(|e| e.id == case.id && e.comment == case.comment);
            case.overlay = entry.map(|entry| entry.overlay()).or(case.overlay.take());
        }
    }

    /// Why a file is known to be broken.
    pub fn defect(&self, file: &str) -> Option<&str> {
        self.files.iter().find(|defect| is_of(file, &defect.file)).map(|d| d.reason.as_str())
    }
}

impl Entry {
    fn overlay(&self) -> Overlay {
        let link = self.link.iter().map(|link| format!(" ({link})")).collect::<String>();
        match (&self.policy, self.result.as_deref().and_then(Label::from_name)) {
            (None, Some(label)) => {
                Overlay::Erratum { label, reason: format!("{}{link}", self.reason) }
            }
            (policy, _) => {
                let tag = policy.as_deref().unwrap_or_default();
                Overlay::Policy(format!("{tag} ({}{link})", self.reason))
            }
        }
    }
}

/// Whether a path ends with these components.
fn is_of(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// Why an overlay cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownError(String);

impl fmt::Display for KnownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for KnownError {}
