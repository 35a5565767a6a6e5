//! The one runner: which cases, on how many threads, in which order the results stand.

use super::case::{Case, Suite};
use super::filter::Filter;
use super::implementation::Implementation;
use super::outcome::Outcome;
use super::report::{CaseReport, FORMAT, Report, SuiteReport};
use super::ruling::{Reading, judge};
use core::fmt;
use core::str::FromStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The most threads: more of them than a machine can have is no wish to be taken at its word.
const MAX_JOBS: usize = 1024;

/// How suites are run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which cases.
    pub filter: Filter,
    /// How labels are read.
    pub reading: Reading,
    /// Which part of them.
    pub shard: Option<Shard>,
    /// Threads; 0 for as many as the machine has.
    pub jobs: usize,
}

/// One part of N of the selected cases: every N-th, so that all parts take about as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub part: usize,
    /// How many there are.
    pub of: usize,
}

impl Shard {
    fn has(self, position: usize) -> bool {
        position % self.of == self.part - 1
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    /// Reads `K/N`.
    fn from_str(text: &str) -> Result<Self, &'static str> {
        let wrong = "expected K/N, such as 1/4, with K from 1 to N";
        let (part, of) = text.split_once('/').ok_or(wrong)?;
        match (part.parse(), of.parse()) {
            (Ok(part), Ok(of)) if (1..=of).contains(&part) => Ok(Shard { part, of }),
            _ => Err(wrong),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

/// Runs suites against an implementation.
pub fn run(suites: &[Suite], implementation: &dyn Implementation, options: &Options) -> Report {
    run_watched(suites, implementation, options, &|_, _| {})
}

/// The same, telling after each case how many of how many are done.
pub fn run_watched(
    suites: &[Suite],
    implementation: &dyn Implementation,
    options: &Options,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Report {
    let selected: Vec<(usize, usize)> = selected(suites, &options.filter).collect();
    let mine: Vec<(usize, usize)> = match options.shard {
        None => selected.clone(),
        Some(shard) => {
            (0..).zip(&selected).filter(|(i, _)| shard.has(*i)).map(|(_, c)| *c).collect()
        }
    };
    let outcome = |&(suite, case): &(usize, usize)| -> Outcome {
        let case: &Case = &suites[suite].cases[case];
        let judged =
            catch_unwind(AssertUnwindSafe(|| judge(case, implementation, options.reading)));
        judged.unwrap_or_else(|_| Outcome::Failed("the implementation panicked".to_owned()))
    };
    let outcomes = in_parallel(&mine, options.jobs, &outcome, watch);
    let mut reports: Vec<SuiteReport> = suites.iter().map(SuiteReport::empty).collect();
    for (&(suite, case), outcome) in mine.iter().zip(outcomes) {
        reports[suite].add(CaseReport::new(case, &suites[suite].cases[case], &outcome));
    }
    // a suite of which nothing was selected is no part of the run, one that fell to other shards is
    let mut has_cases = vec![false; suites.len()];
    selected.iter().for_each(|&(suite, _)| has_cases[suite] = true);
    let keep = |(report, has): (SuiteReport, &bool)| has.then_some(report);
    Report {
        report: FORMAT.to_owned(),
        implementation: implementation.name(),
        policy: options.reading.name().to_owned(),
        shard: options.shard.map(|shard| shard.to_string()),
        suites: reports.into_iter().zip(&has_cases).filter_map(keep).collect(),
        files: vec![],
    }
}

fn selected<'a>(
    suites: &'a [Suite],
    filter: &'a Filter,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    suites.iter().enumerate().flat_map(move |(s, suite)| {
        let takes = move |case: &&(usize, &Case)| filter.takes(suite, case.1);
        let cases: Vec<(usize, &Case)> = suite.cases.iter().enumerate().collect();
        cases.iter().filter(takes).map(|&(c, _)| (s, c)).collect::<Vec<_>>()
    })
}

/// Applies a function to all items on some threads; the results are in the items' order.
pub(super) fn in_parallel<I: Sync, O: Send>(
    items: &[I],
    jobs: usize,
    function: &(dyn Fn(&I) -> O + Sync),
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Vec<O> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        let mut results = vec![];
        while let Some((position, item)) = {
            let position = next.fetch_add(1, Ordering::Relaxed);
            items.get(position).map(|item| (position, item))
        } {
            results.push((position, function(item)));
            watch(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
        }
        results
    };
    let jobs =
        if jobs == 0 { thread::available_parallelism().map_or(1, usize::from) } else { jobs };
    let jobs = jobs.min(items.len()).min(MAX_JOBS);
    let mut results: Vec<(usize, O)> = thread::scope(|scope| {
        let threads: Vec<_> = (1..jobs)
            // where the machine has no thread left, those that are there do it all
            .map_while(|_| thread::Builder::new().spawn_scoped(scope, worker).ok())
            .collect();
        let mut results = worker();
        // a worker catches what it runs: one that is lost would lose cases, so it may not be passed over
        threads.into_iter().for_each(|thread| match thread.join() {
            Ok(more) => results.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        results
    });
    results.sort_by_key(|(position, _)| *position);
    results.into_iter().map(|(_, result)| result).collect()
}
