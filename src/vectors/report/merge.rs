//! Shards to the whole.

use super::{Report, SuiteReport};
use crate::vectors::outcome::Counts;
use crate::vectors::runner::Shard;
use core::fmt;

/// Puts the parts of a run together, in whatever order they come: the result is, byte for byte, the report
/// of the run in one piece.
///
/// # Errors
///
/// When parts are missing, there twice, or not of the same run.
pub fn merge(parts: Vec<Report>) -> Result<Report, MergeError> {
    let mut shards = vec![];
    for part in parts {
        let shard: Option<Shard> = part.shard.as_deref().and_then(|shard| shard.parse().ok());
        shards.push((shard.ok_or(MergeError::NotAShard)?, part));
    }
    shards.sort_by_key(|(shard, _)| shard.part);
    let of = shards.first().ok_or(MergeError::Nothing)?.0.of;
    for (expected, (shard, _)) in (1..).zip(&shards) {
        if shard.of != of {
            return Err(MergeError::OtherRun("the number of shards"));
        }
        if shard.part != expected {
            let twice = shard.part < expected;
            return Err(if twice {
                MergeError::Twice(shard.part)
            } else {
                MergeError::Missing(expected)
            });
        }
    }
    if shards.len() != of {
        return Err(MergeError::Missing(shards.len() + 1));
    }
    let mut parts = shards.into_iter().map(|(_, part)| part);
    let mut whole = parts.next().ok_or(MergeError::Nothing)?;
    whole.shard = None;
    parts.try_for_each(|part| add(&mut whole, part))?;
    for suite in &mut whole.suites {
        suite.cases.sort_by_key(|case| case.position);
        if suite.cases.windows(2).any(|pair| pair[0].position == pair[1].position) {
            return Err(MergeError::OtherRun("a case is in two shards"));
        }
    }
    Ok(whole)
}

fn add(whole: &mut Report, part: Report) -> Result<(), MergeError> {
    let same = |suite: &SuiteReport, other: &SuiteReport| {
        (&suite.suite, &suite.file, &suite.format) == (&other.suite, &other.file, &other.format)
    };
    let differs = [
        (whole.implementation != part.implementation, "the implementation"),
        (whole.policy != part.policy, "the policy"),
        (whole.files != part.files, "the files"),
        (
            whole.suites.len() != part.suites.len()
                || !whole.suites.iter().zip(&part.suites).all(|(a, b)| same(a, b)),
            "the suites",
        ),
    ];
    if let Some((_, what)) = differs.into_iter().find(|(differs, _)| *differs) {
        return Err(MergeError::OtherRun(what));
    }
    for (suite, more) in whole.suites.iter_mut().zip(part.suites) {
        let Counts { passed, failed, explained, skipped } = more.counts;
        suite.counts.passed += passed;
        suite.counts.failed += failed;
        suite.counts.explained += explained;
        suite.counts.skipped += skipped;
        suite.cases.extend(more.cases);
    }
    Ok(())
}

/// Why reports cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// There is none.
    Nothing,
    /// One is of a whole run.
    NotAShard,
    /// A part is missing.
    Missing(usize),
    /// A part is there twice.
    Twice(usize),
    /// They are of different runs: in what.
    OtherRun(&'static str),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::Nothing => f.write_str("no report"),
            MergeError::NotAShard => f.write_str("a report is of a whole run, not of a shard"),
            MergeError::Missing(part) => write!(f, "shard {part} is missing"),
            MergeError::Twice(part) => write!(f, "shard {part} is there twice"),
            MergeError::OtherRun(what) => write!(f, "the reports are of different runs: {what}"),
        }
    }
}

impl core::error::Error for MergeError {}
