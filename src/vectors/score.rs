//! Which bugs a suite cannot see: every bug of the gallery beside every suite, and who survives.

use super::case::{Case, Suite};
use super::gallery::{Bug, Memory, Sick};
use super::implementation::Implementation;
use super::jotlab::Jotlab;
use super::outcome::Outcome;
use super::ruling::{Reading, judge};
use super::runner::in_parallel;
use crate::sha2::backend::Backend;
use core::sync::atomic::{AtomicUsize, Ordering};

/// A message of more bytes than this is run only against bugs that everything else let live: hashing half a
/// gigabyte once for each bug of a hash would tell nothing more.
const LONG: u64 = 64 << 20;

/// The kill matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The suites: the columns.
    pub suites: Vec<String>,
    /// The bugs: the rows.
    pub rows: Vec<Row>,
    /// Cases that jotlab itself fails, as suite/case: they are wrong or not for it, and kill nothing.
    pub not_counted: Vec<String>,
}

/// What the suites do to one bug.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// What it does wrong.
    pub what: &'static str,
    /// The rule that it breaks, or where it was seen.
    pub rule: &'static str,
    /// Why no test can see it, if none can.
    pub equivalent: Option<&'static str>,
    /// For each suite, how many of its cases fail against it.
    pub kills: Vec<usize>,
    /// For each suite, one case that does.
    pub example: Vec<Option<String>>,
}

impl Row {
    /// Whether no case of any suite fails against it.
    pub fn survives(&self) -> bool {
        self.kills.iter().all(|&kills| kills == 0)
    }
}

impl Matrix {
    /// Bugs that survive and should not.
    pub fn survivors(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.survives() && row.equivalent.is_none())
    }

    /// Bugs that only the suite at this column kills.
    pub fn only_by(&self, column: usize) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| {
            row.kills[column] > 0
                && row.kills.iter().enumerate().all(|(i, &kills)| i == column || kills == 0)
        })
    }

    /// The same with columns of one name made one: `name` gives the new name of a suite.
    #[must_use]
    pub fn grouped(&self, name: impl Fn(&str) -> String) -> Matrix {
        let names: Vec<String> = self.suites.iter().map(|suite| name(suite)).collect();
        let mut groups: Vec<String> = vec![];
        for name in &names {
            if !groups.contains(name) {
                groups.push(name.clone());
            }
        }
        let column = |name: &String| groups.iter().position(|group| group == name).unwrap_or(0);
        let row = |row: &Row| {
            let (mut kills, mut example) = (vec![0; groups.len()], vec![None; groups.len()]);
            for (i, name) in names.iter().enumerate() {
                kills[column(name)] += row.kills[i];
                let first = &mut example[column(name)];
                *first = first.take().or_else(|| row.example[i].clone());
            }
            Row { kills, example, ..row.clone() }
        };
        let rows = self.rows.iter().map(row).collect();
        Matrix { rows, suites: groups, not_counted: self.not_counted.clone() }
    }
}

/// Runs suites against bugs. `watch` is told how many of how many pairs are done.
pub fn score(
    suites: &[Suite],
    bugs: &[Bug],
    jobs: usize,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Matrix {
    let memory = Memory::default();
    let healthy = Jotlab::with_backend(Backend::fastest());
    let refuted = |suite: &Suite| {
        let cases = suite.cases.iter().filter(|case| !is_long(case) && fails(case, &healthy));
        cases.map(|case| case.id.clone()).collect::<Vec<_>>()
    };
    let not_counted = in_parallel(suites, jobs, &refuted, &|_, _| {});
    let pairs: Vec<(usize, usize)> =
        (0..bugs.len()).flat_map(|bug| (0..suites.len()).map(move |suite| (bug, suite))).collect();
    let kills = |&(bug, suite): &(usize, usize)| {
        let counts = |case: &Case| !is_long(case) && !not_counted[suite].contains(&case.id);
        killing(&bugs[bug], &suites[suite], &memory, counts)
    };
    let found = in_parallel(&pairs, jobs, &kills, watch);
    let mut rows: Vec<Row> = bugs
        .iter()
        .zip(found.chunks(suites.len().max(1)))
        .map(|(bug, found)| Row {
            name: bug.name,
            what: bug.what,
            rule: bug.rule,
            equivalent: bug.equivalent,
            kills: found.iter().map(|(kills, _)| *kills).collect(),
            example: found.iter().map(|(_, example)| example.clone()).collect(),
        })
        .collect();
    let alive: Vec<usize> = (0..bugs.len())
        .filter(|&bug| rows[bug].survives() && bugs[bug].equivalent.is_none())
        .collect();
    let done = AtomicUsize::new(0);
    let long = |&bug: &usize| {
        let found: Vec<_> =
            suites.iter().map(|suite| killing(&bugs[bug], suite, &memory, is_long)).collect();
        watch(done.fetch_add(1, Ordering::Relaxed) + 1, alive.len());
        found
    };
    for (&bug, found) in alive.iter().zip(in_parallel(&alive, jobs, &long, &|_, _| {})) {
        for (suite, (kills, example)) in found.into_iter().enumerate() {
            rows[bug].kills[suite] += kills;
            rows[bug].example[suite] = example;
        }
    }
    let of_suite = |(suite, ids): (&Suite, Vec<String>)| {
        let file = suite.file.clone();
        ids.into_iter().map(move |id| format!("{file}/{id}"))
    };
    let not_counted = suites.iter().zip(not_counted).flat_map(of_suite).collect();
    Matrix { suites: suites.iter().map(|suite| suite.file.clone()).collect(), rows, not_counted }
}

/// How many cases of a suite fail against a bug, and the first of them.
fn killing(
    bug: &Bug,
    suite: &Suite,
    memory: &Memory,
    takes: impl Fn(&Case) -> bool,
) -> (usize, Option<String>) {
    let sick = Sick::new(*bug, memory);
    let touches = |case: &&Case| {
        case.questions.iter().any(|q| bug.operations.contains(&q.request.operation()))
    };
    let mut failing = suite
        .cases
        .iter()
        .filter(|case| takes(case))
        .filter(touches)
        .filter(|case| fails(case, &sick));
    let first = failing.next().map(|case| format!("{}/{}", suite.file, case.id));
    (usize::from(first.is_some()) + failing.count(), first)
}

fn fails(case: &Case, implementation: &dyn Implementation) -> bool {
    matches!(judge(case, implementation, Reading::Strict), Outcome::Failed(_))
}

fn is_long(case: &Case) -> bool {
    use super::question::{Message, Request};
    case.questions.iter().any(|question| match &question.request {
        Request::Sha2 { message: Message::Repeated { bytes, .. }, .. } => *bytes > LONG,
        _ => false,
    })
}
