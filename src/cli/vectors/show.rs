//! `jotlab vectors show`: one case, every input, and what happened.

use super::choice;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::vectors::{Case, Implementation, Jotlab, Outcome, Reading, Suite, judge};
use serde_json::{Value, json};

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The case as FILE/ID, SUITE/ID or ID, such as "RFC 7515/A.2.1"
    id: String,
    /// Look for it in these suites, files or directories
    #[arg(value_name = "SUITE|FILE|DIR")]
    suites: Vec<String>,
    /// How labels are read
    #[arg(long, value_name = "POLICY", default_value = "strict", value_parser = ["strict", "rfc", "wycheproof"])]
    policy: String,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let loaded = choice::chosen(&args.suites, &choice::known(None)?)?;
    if let (true, Some(note)) = (loaded.suites.is_empty(), loaded.notes.first()) {
        let exit = if note.outcome == "unreadable" { Exit::Usage } else { Exit::Malformed };
        let file = voice::shown(&note.file, 200);
        return Err(Fault::new(exit, format_args!("{file}: {}", voice::shown(&note.why, 400))));
    }
    let (suite, case) = find(&loaded.suites, &args.id)?;
    let jotlab = Jotlab::new();
    let reading: Reading = args.policy.parse().map_err(Fault::usage)?;
    let outcome = judge(case, &jotlab, reading);
    if args.json {
        voice::out_json(&to_value(suite, case, &jotlab, &outcome))?;
    } else {
        voice::out(&text(suite, case, &jotlab, &outcome))?;
    }
    Ok(if matches!(outcome, Outcome::Failed(_)) { Exit::No } else { Exit::Yes })
}

fn find<'s>(suites: &'s [Suite], id: &str) -> Result<(&'s Suite, &'s Case), Fault> {
    let is_it = |suite: &Suite, case: &Case| {
        let within = |name: &str| {
            id.strip_prefix(name).and_then(|rest| rest.strip_prefix('/')) == Some(case.id.as_str())
        };
        case.id == id || within(&suite.name) || within(&suite.file)
    };
    let every = suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)));
    let found: Vec<_> = every.filter(|(suite, case)| is_it(suite, case)).collect();
    match found[..] {
        [one] => Ok(one),
        [] => {
            let what = format!("no case \"{}\"", voice::shown(id, 60));
            Err(Fault::usage(what).hint("jotlab vectors run --json lists every id"))
        }
        _ => {
            let names = found.iter().take(10).map(|(s, c)| format!("{}/{}", s.file, c.id));
            let names = voice::shown(&names.collect::<Vec<_>>().join(", "), 600);
            Err(Fault::usage(format_args!("{} cases: {names}", found.len())))
        }
    }
}

/// The case as JSON, each question with the answer to it, and the outcome.
fn to_value(suite: &Suite, case: &Case, jotlab: &Jotlab, outcome: &Outcome) -> Value {
    let mut value = case.to_value();
    value["suite"] = json!(suite.name);
    value["file"] = json!(suite.file);
    if let Some(questions) = value["questions"].as_array_mut() {
        for (shown, question) in questions.iter_mut().zip(&case.questions) {
            shown["answer"] = json!(jotlab.answer(&question.request).to_string());
        }
    }
    value["outcome"] = json!({ "outcome": outcome.name(), "why": outcome.why() });
    value
}

fn text(suite: &Suite, case: &Case, jotlab: &Jotlab, outcome: &Outcome) -> String {
    let why = outcome.why().map(|why| format!("  {}", voice::shown(why, 400))).unwrap_or_default();
    let word = match outcome {
        Outcome::Passed | Outcome::Noted(_) => voice::good(outcome.name()),
        Outcome::Failed(_) => voice::bad(outcome.name()),
        Outcome::Explained(_) | Outcome::Skipped(_) => outcome.name().to_owned(),
    };
    let mut text = format!("{}/{}  {word}{why}\n", suite.name, voice::shown(&case.id, 60));
    for line in [&case.comment, &case.clause, &format!("{}, {}", suite.source, suite.file)] {
        if !line.is_empty() {
            text += &format!("{}\n", voice::shown(line, 400));
        }
    }
    for question in &case.questions {
        text += &format!("\n{}\n", question.request.operation());
        let members = question.request.to_value();
        for (name, value) in members.as_object().into_iter().flatten().filter(|m| m.0 != "op") {
            text += &format!("  {name:<9} {}\n", shown(value));
        }
        text += &format!("  {:<9} {}\n", "expected", voice::shown(&question.expected.text(), 2000));
        let answer = jotlab.answer(&question.request).to_string();
        text += &format!("  {:<9} {}\n", "answer", voice::shown(&answer, 2000));
    }
    if let Some(figure) = &case.figure {
        text += &format!(
            "\nas it stands in the file\n{}\n",
            voice::json_text(&format!("{:#}", figure.text))
        );
    }
    text
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => voice::shown(text, 4000),
        other => voice::shown(&other.to_string(), 4000),
    }
}
