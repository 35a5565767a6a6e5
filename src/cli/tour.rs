//! `jotlab tour`: the whole journey of a token, told and checked.

use super::exit::{Done, Exit};
use super::voice;
use crate::client::{Clock, SystemClock};
use crate::tour::{self, Failure, Step};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(clap::Args)]
pub(super) struct Args {
    /// One JSON object, when all is over
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    if args.json {
        return as_json(&clock);
    }
    let mut unwritten = Ok(());
    voice::out("an issuer and two services on free ports of this machine; some ten seconds\n\n")?;
    let mut number = 0;
    let result = tour::run(&clock, &mut |step, seen| {
        number += 1;
        let written = voice::out(&line(number, step, seen));
        // a full disk does not stop the steps; it is told at the end
        if unwritten.is_ok() {
            unwritten = written;
        }
    });
    unwritten?;
    match result {
        Ok(checks) => {
            let total = tour::steps().len();
            voice::out(&format!("\n{}: {checks} of {total} checks\n", voice::good("ok")))?;
            Ok(Exit::Yes)
        }
        Err(failure) => {
            let step = failure.step.map(|step| line(number + 1, step, "")).unwrap_or_default();
            voice::out(&format!("\n{step}{}: {failure}\n", voice::bad("FAILED")))?;
            Ok(Exit::No)
        }
    }
}

fn line(number: usize, step: &Step, seen: &str) -> String {
    let Step { at, what, standard, .. } = step;
    let seen = if seen.is_empty() { "" } else { &format!("    {}: {seen}\n", voice::good("ok")) };
    format!("{number:>2}  {at}: {what} ({standard})\n{seen}")
}

/// What is the same in each run: no names of keys, no times.
fn as_json(clock: &Arc<dyn Clock>) -> Done {
    let mut steps = vec![];
    let result = tour::run(clock, &mut |step, _| steps.push(member(step, true)));
    if let Err(Failure { step: Some(step), .. }) = &result {
        steps.push(member(step, false));
    }
    let why = result.as_ref().err().map(ToString::to_string);
    let checks = steps.len();
    voice::out_json(&json!({
        "checks": checks, "ok": result.is_ok(), "steps": steps, "why": why,
    }))?;
    Ok(if result.is_ok() { Exit::Yes } else { Exit::No })
}

fn member(step: &Step, ok: bool) -> Value {
    let Step { name, at, what, standard } = step;
    json!({ "step": name, "at": at, "what": what, "standard": standard, "ok": ok })
}
