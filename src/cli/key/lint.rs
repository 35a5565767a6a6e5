//! `jotlab key lint`: what is weak or odd about keys, one finding a line.

use super::read;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::jose::lint::{Audience, Finding, Severity, lint};
use serde_json::{Value, json};

/// What `jotlab key lint` takes.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The key file, - for stdin
    file: String,
    /// The keys are to be published: a private one among them is a finding
    #[arg(long)]
    published: bool,
    /// Give one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let set = read(&args.file)?;
    if set.keys().is_empty() && set.unusable().is_empty() {
        let file = voice::shown(&args.file, 200);
        return Err(Fault::usage(format_args!("{file}: a set without keys, nothing to look at")));
    }
    let audience = if args.published { Audience::Published } else { Audience::Private };
    let findings = lint(&set, audience);
    if args.json {
        let findings: Vec<Value> = findings.iter().map(finding_json).collect();
        voice::out_json(&json!({ "findings": findings }))?;
    } else if findings.is_empty() {
        voice::out("no findings\n")?;
    } else {
        findings.iter().try_for_each(say)?;
    }
    let bad = findings.iter().any(|finding| finding.severity == Severity::Bad);
    Ok(if bad { Exit::No } else { Exit::Yes })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Bad => "bad",
        Severity::Odd => "odd",
    }
}

fn say(finding: &Finding) -> Result<(), Fault> {
    let Finding { name, severity, about, what } = finding;
    let word = match severity {
        Severity::Bad => voice::bad(word(*severity)),
        Severity::Odd => word(*severity).to_owned(),
    };
    voice::out(&format!("{word}  {name}  {about}: {what}\n"))
}

fn finding_json(finding: &Finding) -> Value {
    let Finding { name, severity, about, what } = finding;
    json!({"severity": word(*severity), "name": name, "about": about, "what": what})
}
