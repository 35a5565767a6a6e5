//! `jotlab crosscheck run`: parties beside jotlab, what they differ in, and why.

use super::faults;
use super::report::{Closer, Report};
use super::source::Source;
use super::stop;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::crosscheck::{Asked, Exec, Findings, Party, Peer, compare, look_closer};
use crate::sha2;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Disagreements that are shrunk and diagnosed, of one party.
pub(super) const MOST_CLOSER: usize = 8;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    source: Source,
    /// Another implementation beside the first: a name and its adapter's command
    #[arg(long, value_name = "NAME=COMMAND")]
    with: Vec<String>,
    /// A plain command that hashes its stdin, in the place of an adapter; --op sha2 --alg ALG say what it is
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Seconds for an answer, such as 5 or 0.5
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    timeout: Duration,
    /// Where the requests go that were under way when the adapter ended for nothing
    #[arg(long, value_name = "DIR", default_value = ".")]
    keep: PathBuf,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// The adapter's command
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

pub(super) fn run(args: &Args) -> Done {
    let stop = stop::flag()?;
    let mut parties = parties(args, &stop)?;
    let asked = args.source.asked()?;
    let mut findings = compare(&mut parties, &asked, &|_, _| {});
    faults::save_windows(&mut findings, &asked, &args.keep);
    let closer = closer(&mut parties, &asked, &findings, &stop);
    let stopped = stop.load(Ordering::Relaxed);
    let report = Report { asked: &asked, findings: &findings, closer: &closer, stopped };
    if args.json {
        voice::out_json(&report.to_value())?;
    } else {
        voice::out(&report.text())?;
    }
    Ok(exit(&findings, stopped))
}

pub(super) fn exit(findings: &Findings, stopped: bool) -> Exit {
    let asked = findings.coverage.iter().flat_map(|rows| rows.values());
    if findings.faults.iter().flatten().any(|fault| fault.kind.is_of_process()) {
        Exit::Adapter
    } else if !findings.disagreements.is_empty() || findings.faults.iter().any(|f| !f.is_empty()) {
        Exit::No
    } else if stopped || asked.map(|row| row.same + row.weak).sum::<usize>() == 0 {
        voice::note("nothing was compared to the end, which is not a pass");
        Exit::Usage
    } else {
        Exit::Yes
    }
}

/// A time that somebody can wait.
fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) if (0.01..=86_400.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("seconds from 0.01 to 86400 are expected".to_owned()),
    }
}

/// Everybody who takes part: the command behind `--`, `--exec`, and each `--with`.
fn parties(args: &Args, stop: &Arc<AtomicBool>) -> Result<Vec<Box<dyn Party>>, Fault> {
    let mut parties: Vec<Box<dyn Party>> = vec![];
    let timeout = args.timeout;
    if let Some(command) = &args.exec {
        let [alg] = &args.source.alg[..] else {
            return Err(Fault::usage("--exec needs --alg, such as --alg SHA-256"));
        };
        let hash: sha2::Algorithm = alg.parse().map_err(Fault::usage)?;
        parties.push(Box::new(Exec::new(command, hash, timeout, stop.clone())));
    }
    if !args.command.is_empty() {
        parties.push(Box::new(start(&args.command, timeout, stop)?));
    }
    for with in &args.with {
        let Some((name, command)) = with.split_once('=') else {
            return Err(Fault::usage("--with: NAME=COMMAND is expected"));
        };
        // a line of the shell, as people write it; exec keeps it one process
        let command = ["sh".to_owned(), "-c".to_owned(), format!("exec {command}")];
        let peer = start(&command, timeout, stop).map_err(|fault| {
            let message = format!("{}: {}", voice::shown(name, 60), fault.message);
            Fault { message, ..fault }
        })?;
        parties.push(Box::new(Named { name: name.to_owned(), peer }));
    }
    if parties.is_empty() {
        let what = "no implementation: give its adapter's command behind --";
        return Err(Fault::usage(what).hint("jotlab crosscheck init python > adapter.py"));
    }
    Ok(parties)
}

pub(in crate::cli) fn start(
    command: &[String],
    timeout: Duration,
    stop: &Arc<AtomicBool>,
) -> Result<Peer, Fault> {
    Peer::start(command, timeout, stop.clone()).map_err(|error| {
        let text = error.to_string();
        let shown = text.lines().map(|line| voice::shown(line, 300)).collect::<Vec<_>>();
        Fault::new(Exit::Adapter, shown.join("\n  "))
    })
}

/// A peer by the name that it was given.
struct Named {
    name: String,
    peer: Peer,
}

impl Party for Named {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn declares(&self, request: &crate::vectors::Request) -> bool {
        self.peer.declares(request)
    }

    fn takes(&self, request: &crate::vectors::Request) -> bool {
        self.peer.takes(request)
    }

    fn unknown(&self) -> Vec<String> {
        self.peer.unknown()
    }

    fn ask(&mut self, requests: &[crate::vectors::Request]) -> Vec<crate::vectors::Answer> {
        self.peer.ask(requests)
    }

    fn faults(&self) -> &[crate::crosscheck::Fault] {
        self.peer.faults()
    }

    fn trace(&mut self, request: &crate::vectors::Request) -> Vec<crate::crosscheck::Step> {
        self.peer.trace(request)
    }

    fn forgive(&mut self) {
        self.peer.forgive();
    }
}

/// The first disagreements of each party and operation, made small and explained.
fn closer(
    parties: &mut [Box<dyn Party>],
    asked: &[Asked],
    findings: &Findings,
    stop: &AtomicBool,
) -> Vec<Closer> {
    let mut closer = vec![];
    let mut seen = HashSet::new();
    for disagreement in &findings.disagreements {
        let request = &asked[disagreement.asked].request;
        let label = (disagreement.party, request.operation(), request.algorithms().join(","));
        let of_party = closer.iter().filter(|c: &&Closer| c.party == disagreement.party).count();
        if of_party >= MOST_CLOSER || !seen.insert(label) {
            continue;
        }
        let party = &mut parties[disagreement.party];
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let found = look_closer(party.as_mut(), request, &disagreement.theirs);
        closer.push(Closer { party: disagreement.party, found });
    }
    closer
}
