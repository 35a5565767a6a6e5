//! `jotlab vectors list`: what comes with jotlab.

use super::choice;
use crate::cli::exit::{Done, Exit};
use crate::cli::voice;
use crate::vectors::Suite;
use serde_json::json;

pub(super) fn run(as_json: bool) -> Done {
    let suites = choice::chosen(&[], &choice::known(None)?)?.suites;
    if as_json {
        let entry = |s: &Suite| {
            json!({
                "suite": s.name, "file": s.file, "format": s.format, "source": s.source,
                "cases": s.cases.len(),
            })
        };
        voice::out_json(&json!({ "suites": suites.iter().map(entry).collect::<Vec<_>>() }))?;
        return Ok(Exit::Yes);
    }
    let line = |s: &Suite| {
        format!("{:<44} {:>5} cases  {}: {}\n", s.file, s.cases.len(), s.name, s.source)
    };
    voice::out(&suites.iter().map(line).collect::<String>())?;
    Ok(Exit::Yes)
}
