//! How a case came out, and the sums.

use serde::{Deserialize, Serialize};

/// How a case came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that the case states holds.
    Passed,
    /// It holds, with a word to say: it could have been otherwise, or only just does.
    Noted(String),
    /// Something does not: what.
    Failed(String),
    /// The label is known to be wrong, and the answer is the right one: the erratum.
    Explained(String),
    /// It was not run: why.
    Skipped(String),
}

impl Outcome {
    /// Whether it passed.
    pub fn is_passed(&self) -> bool {
        matches!(self, Outcome::Passed | Outcome::Noted(_))
    }

    /// Whether something was asked and answered.
    pub fn is_run(&self) -> bool {
        !matches!(self, Outcome::Skipped(_))
    }

    /// The word of reports.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Passed | Outcome::Noted(_) => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Explained(_) => "explained",
            Outcome::Skipped(_) => "skipped",
        }
    }

    /// What there is to say beside the word.
    pub fn why(&self) -> Option<&str> {
        match self {
            Outcome::Passed => None,
            Outcome::Noted(why)
            | Outcome::Failed(why)
            | Outcome::Explained(why)
            | Outcome::Skipped(why) => Some(why),
        }
    }

    /// The outcome of that word and reason.
    pub(super) fn from_parts(name: &str, why: Option<String>) -> Option<Outcome> {
        Some(match (name, why) {
            ("passed", None) => Outcome::Passed,
            ("passed", Some(why)) => Outcome::Noted(why),
            ("failed", why) => Outcome::Failed(why.unwrap_or_default()),
            ("explained", why) => Outcome::Explained(why.unwrap_or_default()),
            ("skipped", why) => Outcome::Skipped(why.unwrap_or_default()),
            _ => return None,
        })
    }
}

/// Cases by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    pub failed: usize,
    /// Cases whose label is wrong and whose answer is right.
    pub explained: usize,
    /// Cases that were not run.
    pub skipped: usize,
}

impl Counts {
    /// Counts one outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Passed | Outcome::Noted(_) => self.passed += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Explained(_) => self.explained += 1,
            Outcome::Skipped(_) => self.skipped += 1,
        }
    }

    /// Those that were asked and answered.
    pub fn run(&self) -> usize {
        self.passed + self.failed + self.explained
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.run() + self.skipped
    }
}

impl<'o> FromIterator<&'o Outcome> for Counts {
    fn from_iter<I: IntoIterator<Item = &'o Outcome>>(outcomes: I) -> Self {
        let mut counts = Counts::default();
        outcomes.into_iter().for_each(|outcome| counts.add(outcome));
        counts
    }
}
