//! `jotlab vectors`: the suites, their table, and single cases.

use super::exit::{Done, Exit, Fault};
use super::{input, voice};
use crate::sha2::backend::Backend;
use crate::vectors::{Case, Counts, Outcome, Suite, embedded, read, run as run_case};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most bytes of a vector file.
const MAX_FILE_BYTES: usize = 256 << 20;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// The suites and what they are of
    List {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Run suites against jotlab
    Run {
        /// Names of suites (such as "RFC 7515"), or files; without any, all that come with jotlab
        #[arg(value_name = "SUITE|FILE")]
        suites: Vec<String>,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show one case: its inputs, what it states, and what happened
    Show {
        /// The case as SUITE/ID or ID, such as "RFC 7515/A.2.1"
        id: String,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::List { json } => list(*json),
        Command::Run { suites, json } => run_suites(suites, *json),
        Command::Show { id, json } => show(id, *json),
    }
}

fn all() -> Result<Vec<Suite>, Fault> {
    embedded().map_err(Fault::malformed)
}

fn list(as_json: bool) -> Done {
    let suites = all()?;
    if as_json {
        let entry = |s: &Suite| json!({"suite": s.name, "file": s.file, "source": s.source, "cases": s.cases.len()});
        voice::out_json(&json!({ "suites": suites.iter().map(entry).collect::<Vec<_>>() }))?;
        return Ok(Exit::Yes);
    }
    let line = |s: &Suite| format!("{:<12} {:>5} cases  {}\n", s.name, s.cases.len(), s.source);
    voice::out(&suites.iter().map(line).collect::<String>())?;
    Ok(Exit::Yes)
}

/// The suites that were named: by name, or by the path of a file.
fn chosen(names: &[String]) -> Result<Vec<Suite>, Fault> {
    let suites = all()?;
    if names.is_empty() {
        return Ok(suites);
    }
    let find = |name: &String| {
        if let Some(suite) = suites.iter().find(|suite| suite.name == *name) {
            return Ok(suite.clone());
        }
        let shown = voice::shown(name, 200);
        let text = input::read(name, MAX_FILE_BYTES)
            .map_err(|fault| fault.hint("jotlab vectors list names the suites"))?;
        read(&shown, &text).map_err(Fault::malformed)
    };
    names.iter().map(find).collect()
}

/// One suite after it ran.
struct Row<'s> {
    suite: &'s Suite,
    counts: Counts,
    outcomes: Vec<(&'s Case, Outcome)>,
}

fn run_suites(names: &[String], as_json: bool) -> Done {
    let suites = chosen(names)?;
    let backend = Backend::fastest();
    let rows: Vec<Row<'_>> = suites
        .iter()
        .map(|suite| {
            let mut counts = Counts::default();
            let outcomes = suite.cases.iter().map(|case| (case, run_case(case, backend)));
            let outcomes = outcomes.inspect(|(_, outcome)| counts.add(outcome)).collect();
            Row { suite, counts, outcomes }
        })
        .collect();
    if as_json {
        voice::out_json(&report(&rows))?;
    } else {
        voice::out(&table(&rows))?;
    }
    let failed: usize = rows.iter().map(|row| row.counts.failed).sum();
    let passed: usize = rows.iter().map(|row| row.counts.passed).sum();
    match (failed, passed) {
        (0, 0) => Err(Fault::usage("no case ran")),
        (0, _) => Ok(Exit::Yes),
        _ => Ok(Exit::No),
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let line = |name: &str, cases: String, counts: [String; 3]| {
        let [passed, failed, skipped] = counts;
        format!("{name:<12} {cases:>6} {passed:>7} {failed:>7} {skipped:>8}")
    };
    let numbers = |name: &str, c: &Counts| {
        line(name, c.total().to_string(), [c.passed, c.failed, c.skipped].map(|n| n.to_string()))
    };
    let heads = ["passed", "failed", "skipped"].map(str::to_owned);
    let mut text = line("source", "cases".to_owned(), heads) + "\n";
    let mut sum = Counts::default();
    for Row { suite, counts, outcomes } in rows {
        text += &numbers(&voice::shown(&suite.name, 60), counts);
        let reasons = reasons(outcomes);
        if !reasons.is_empty() {
            text += &format!("  {}", reasons.join(", "));
        }
        text.push('\n');
        outcomes.iter().for_each(|(_, outcome)| sum.add(outcome));
    }
    text += &(numbers("all", &sum) + "\n");
    for Row { suite, outcomes, .. } in rows {
        for (case, outcome) in outcomes {
            if let Outcome::Failed(why) = outcome {
                let (name, id) = (voice::shown(&suite.name, 60), voice::shown(&case.id, 60));
                text +=
                    &format!("{} {name}/{id}: {}\n", voice::bad("failed"), voice::shown(why, 400));
            }
        }
    }
    text
}

/// Why cases were skipped, with their counts.
fn reasons(outcomes: &[(&Case, Outcome)]) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for (_, outcome) in outcomes {
        if let Outcome::Skipped(why) = outcome {
            *counts.entry(why).or_insert(0) += 1;
        }
    }
    counts.iter().map(|(why, count)| format!("{count} × {}", voice::shown(why, 60))).collect()
}

fn report(rows: &[Row<'_>]) -> Value {
    let suite = |row: &Row<'_>| {
        let Counts { passed, failed, skipped } = row.counts;
        let case = |(case, outcome): &(&Case, Outcome)| outcome_json(case, outcome);
        json!({
            "suite": row.suite.name, "file": row.suite.file,
            "passed": passed, "failed": failed, "skipped": skipped,
            "cases": row.outcomes.iter().map(case).collect::<Vec<_>>(),
        })
    };
    json!({ "report": "jotlab-report/1", "suites": rows.iter().map(suite).collect::<Vec<_>>() })
}

fn outcome_json(case: &Case, outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Passed => json!({ "id": case.id, "outcome": "passed" }),
        Outcome::Failed(why) => json!({ "id": case.id, "outcome": "failed", "why": why }),
        Outcome::Skipped(why) => json!({ "id": case.id, "outcome": "skipped", "why": why }),
    }
}

fn show(id: &str, as_json: bool) -> Done {
    let suites = all()?;
    let every = suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)));
    let found: Vec<_> = every
        .filter(|(suite, case)| case.id == id || format!("{}/{}", suite.name, case.id) == id)
        .collect();
    let (suite, case) = match found[..] {
        [one] => one,
        [] => {
            let what = format!("no case \"{}\"", voice::shown(id, 60));
            return Err(Fault::usage(what).hint("jotlab vectors run --json lists every id"));
        }
        _ => {
            let names = found.iter().map(|(suite, case)| format!("{}/{}", suite.name, case.id));
            let what = format!("more than one case: {}", names.collect::<Vec<_>>().join(", "));
            return Err(Fault::usage(what));
        }
    };
    let outcome = run_case(case, Backend::fastest());
    let mut value = case.text.clone();
    if as_json {
        value["result"] = outcome_json(case, &outcome);
        voice::out_json(&value)?;
    } else {
        let verdict = match &outcome {
            Outcome::Passed => voice::good("passed"),
            Outcome::Failed(why) => format!("{}  {}", voice::bad("failed"), voice::shown(why, 400)),
            Outcome::Skipped(why) => format!("skipped  {why}"),
        };
        let Case { id, comment, clause, .. } = case;
        let head = format!("{}/{id}  {verdict}\n{comment}\n{clause}, {}\n", suite.name, suite.file);
        voice::out(&format!("{head}{value:#}\n"))?;
    }
    Ok(match outcome {
        Outcome::Failed(_) => Exit::No,
        _ => Exit::Yes,
    })
}
