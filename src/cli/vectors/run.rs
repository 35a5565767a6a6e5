//! `jotlab vectors run`: suites against jotlab, and the report.

use super::asked::Who;
use super::{choice, table};
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::progress::{Progress, Unit};
use crate::cli::{input, voice};
use crate::cpu;
use crate::vectors::report::{Changes, compare, junit, markdown};
use crate::vectors::{Filter, Label, Options, Reading, Report, Request, Shard, Suite, run_watched};
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::process::Command;
use std::{env, fs};

/// The most bytes of an older report.
pub(super) const MAX_REPORT_BYTES: usize = 256 << 20;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Names of suites (such as "RFC 7515" or cavp), files, or directories; without any, all that come
    /// with jotlab
    #[arg(value_name = "SUITE|FILE|DIR")]
    suites: Vec<String>,
    /// Only cases whose FILE/ID is of this form: * for any text, ? for a character
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// Only cases that the suite marks so
    #[arg(long, value_name = "FLAG")]
    flag: Vec<String>,
    /// Only this operation, such as sha2, hmac.verify or jws.verify
    #[arg(long, value_name = "OP")]
    op: Vec<String>,
    /// Only this algorithm, such as SHA-256 or RS256
    #[arg(long, value_name = "ALG")]
    alg: Vec<String>,
    /// Only cases of this label: valid, invalid or acceptable
    #[arg(long, value_name = "LABEL", value_parser = label)]
    result: Vec<Label>,
    /// How labels are read
    #[arg(long, value_name = "POLICY", default_value = "strict", value_parser = ["strict", "rfc", "wycheproof"])]
    policy: String,
    /// Threads; as many as the machine has, if not given
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    /// Only the K-th of N parts of the cases
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Only one way of hashing, such as portable; without it all that the machine has, which must agree;
    /// "all": every way of the machine in turn, and nothing beside it where it has a kernel
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// Ask an adapter's command in jotlab's place: see jotlab crosscheck
    #[arg(long = "impl", value_name = "COMMAND", conflicts_with = "backend")]
    implementation: Option<String>,
    /// More errata, in the form of vectors/errata.json
    #[arg(long, value_name = "FILE")]
    errata: Option<String>,
    /// What the report looks like
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write the report to a file and the table to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// An older JSON report: exit 7 if a case that ran then does not run now (of shards: vectors merge)
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    baseline: Option<String>,
}

/// What a report looks like.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Table,
    /// jotlab-report/1
    Json,
    /// JUnit XML, for CI servers
    Junit,
    /// For pull requests and summaries
    Markdown,
}

fn label(name: &str) -> Result<Label, String> {
    Label::from_name(name).ok_or_else(|| "expected valid, invalid or acceptable".to_owned())
}

pub(super) fn run(args: &Args) -> Done {
    if args.backend.as_deref() == Some(ALL) {
        return every_way(args);
    }
    let baseline = args.baseline.as_deref().map(read_report).transpose()?;
    let who = Who::new(args.backend.as_deref(), args.implementation.as_deref())?;
    let read = args.suites.iter().chain(&args.baseline).chain(&args.errata);
    keep_what_is_read(args.out.as_deref(), read)?;
    let known = choice::known(args.errata.as_deref())?;
    let loaded = choice::chosen(&args.suites, &known)?;
    let options = Options {
        filter: Filter {
            only: args.only.clone(),
            flags: args.flag.clone(),
            operations: args.op.clone(),
            algorithms: args.alg.clone(),
            labels: args.result.clone(),
        },
        reading: args.policy.parse::<Reading>().map_err(Fault::usage)?,
        shard: args.shard,
        jobs: args.jobs,
    };
    tell_what_is_not_there(&loaded.suites, &options.filter);
    let progress = Progress::of(Unit::Cases, None);
    let watch = |done: usize, all: usize| progress.set_of(done as u64, all as u64);
    let mut report = run_watched(&loaded.suites, &who, &options, &watch);
    drop(progress);
    report.files = loaded.notes;
    let format = if args.json { Format::Json } else { args.format };
    write(&report, format, args.out.as_deref())?;
    Ok(who.end(against(baseline.as_ref(), &report)))
}

/// A value of a filter that no case has is a slip, most often: it is told, with the values that there are.
fn tell_what_is_not_there(suites: &[Suite], filter: &Filter) {
    let cases =
        || suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)));
    let requests =
        || cases().flat_map(|(_, case)| &case.questions).map(|question| &question.request);
    let tell = |option: &str, value: &str, alone: Filter, there: BTreeSet<&str>| {
        if !cases().any(|(suite, case)| alone.takes(suite, case)) {
            let there = there.into_iter().take(MOST_THERE).collect::<Vec<_>>().join(", ");
            let there = if there.is_empty() { there } else { format!("; there are {there}") };
            voice::note(&format!("no case has {option} {}{there}", voice::shown(value, 100)));
        }
    };
    for alg in &filter.algorithms {
        let alone = Filter { algorithms: vec![alg.clone()], ..Filter::default() };
        tell("--alg", alg, alone, requests().flat_map(Request::algorithms).collect());
    }
    for op in &filter.operations {
        let alone = Filter { operations: vec![op.clone()], ..Filter::default() };
        tell("--op", op, alone, requests().map(Request::operation).collect());
    }
    for flag in &filter.flags {
        let alone = Filter { flags: vec![flag.clone()], ..Filter::default() };
        let flags = cases().flat_map(|(_, case)| case.flags.iter().map(String::as_str));
        tell("--flag", flag, alone, flags.collect());
    }
    for glob in &filter.only {
        let alone = Filter { only: vec![glob.clone()], ..Filter::default() };
        tell("--only", glob, alone, BTreeSet::new());
    }
}

/// Tells what is not as it was in an older report; how it ends.
pub(super) fn against(baseline: Option<&Report>, report: &Report) -> Exit {
    let changes = baseline.map(|old| compare(old, report));
    if let Some(changes) = &changes {
        tell(changes);
    }
    exit(report, changes.as_ref())
}

/// Values that are told where one is not there.
const MOST_THERE: usize = 24;
/// The name that asks for all ways.
const ALL: &str = "all";

/// Each way of the machine in a process of its own, since a process chooses once: a table each, under its
/// name, and the weightiest end.
fn every_way(args: &Args) -> Done {
    let is_table = args.format == Format::Table && !args.json && args.out.is_none();
    if !is_table || args.baseline.is_some() {
        let words = "--backend all prints a table for each way: for a report set JOTLAB_BACKEND";
        return Err(Fault::usage(words));
    }
    let program = env::current_exe()
        .map_err(|error| Fault::usage(format_args!("cannot start another jotlab: {error}")))?;
    let mut worst = None;
    for way in cpu::available() {
        voice::out(&format!("backend {way}\n"))?;
        let mut arguments = env::args_os().skip(1).peekable();
        let mut child = Command::new(&program);
        child.env(cpu::VARIABLE, way);
        while let Some(argument) = arguments.next() {
            let takes_all = argument == "--backend" && arguments.next_if(|a| *a == ALL).is_some();
            if !takes_all && argument != "--backend=all" {
                child.arg(argument);
            }
        }
        let ended = child
            .status()
            .map_err(|error| Fault::usage(format_args!("cannot start another jotlab: {error}")))?;
        worst = worst.max(Some(Exit::of_child(ended.code())));
        voice::out("\n")?;
    }
    worst.ok_or_else(|| Fault::usage("this machine has no backend"))
}

pub(super) fn read_report(path: &str) -> Result<Report, Fault> {
    let text = input::read(path, MAX_REPORT_BYTES)?;
    Report::from_json(&text)
        .map_err(|error| Fault::malformed(format_args!("{}: {error}", voice::shown(path, 200))))
}

/// A report that would be written over what it is made from.
pub(super) fn keep_what_is_read<'a>(
    out: Option<&str>,
    read: impl IntoIterator<Item = &'a String>,
) -> Result<(), Fault> {
    let Some(out) = out else { return Ok(()) };
    let Ok(there) = fs::canonicalize(out) else { return Ok(()) };
    let is_part = |path: &&String| fs::canonicalize(path).is_ok_and(|path| there.starts_with(path));
    match read.into_iter().find(is_part) {
        None => Ok(()),
        Some(path) => {
            let [out, path] = [out, path].map(|path| voice::shown(path, 200));
            Err(Fault::usage(format!("--out {out} would be written over what is read: {path}")))
        }
    }
}

/// Writes the report: to stdout, or to a file with the table for the person who waits.
pub(super) fn write(report: &Report, format: Format, path: Option<&str>) -> Result<(), Fault> {
    let text = match format {
        Format::Table => table::table(report),
        Format::Json => voice::json_text(&report.to_json()),
        Format::Junit => junit(report),
        Format::Markdown => markdown(report),
    };
    let Some(path) = path else { return voice::out(&text) };
    fs::write(path, anstream::adapter::strip_str(&text).to_string()).map_err(|error| {
        Fault::usage(format_args!("cannot write {}: {error}", voice::shown(path, 200)))
    })?;
    voice::out(&table::table(report))
}

fn tell(changes: &Changes) {
    let Changes { lost, broken, mended, gained } = changes;
    let say = |what: &str, names: &[String]| {
        if !names.is_empty() {
            let shown: Vec<String> = names.iter().take(10).map(|n| voice::shown(n, 100)).collect();
            let more = if names.len() > 10 { ", …" } else { "" };
            voice::note(&format!("{what}: {} ({}{more})", names.len(), shown.join(", ")));
        }
    };
    say("ran then and does not run now", lost);
    say("passed then and fails now", broken);
    say("failed then and passes now", mended);
    say("runs now and did not then", gained);
}

fn exit(report: &Report, changes: Option<&Changes>) -> Exit {
    let has = |outcome: &str| report.files.iter().any(|note| note.outcome == outcome);
    let counts = report.counts();
    if has("unreadable") {
        Exit::Usage
    } else if has("malformed") {
        Exit::Malformed
    } else if counts.failed > 0 {
        Exit::No
    } else if counts.run() == 0 {
        voice::note("no case ran, which is not a pass");
        Exit::Usage
    } else if changes.is_some_and(|changes| !changes.lost.is_empty()) {
        Exit::CoverageLost
    } else {
        Exit::Yes
    }
}
