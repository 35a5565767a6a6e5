//! `crosscheck emit` and `judge`: for a device that no adapter reaches.

use super::report::{Closer, Report};
use super::run::MOST_CLOSER;
use super::source::Source;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::{input, voice};
use crate::crosscheck::wire::{read_answer, read_request, request_line};
use crate::crosscheck::{
    self, Asked, Disagreement, Fault as AdapterFault, Findings, Party, compare, diagnose,
};
use crate::vectors::{Answer, Request};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs::OpenOptions;
use std::io::Write;

/// The most bytes of a file of requests or answers.
const MAX_BYTES: usize = 1 << 30;

#[derive(clap::Args)]
pub(in crate::cli) struct EmitArgs {
    #[command(flatten)]
    source: Source,
    /// Where the requests go; a file that is there is not overwritten
    #[arg(value_name = "REQUESTS")]
    path: String,
}

#[derive(clap::Args)]
pub(in crate::cli) struct JudgeArgs {
    /// The emitted requests
    #[arg(value_name = "REQUESTS")]
    requests: String,
    /// The device's answers, a line each, in any order
    #[arg(value_name = "ANSWERS")]
    answers: String,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn emit(args: &EmitArgs) -> Done {
    let asked = args.source.asked()?;
    let lines = asked.iter().zip(1..).map(|(asked, id)| request_line(id, &asked.request));
    let lines = lines.collect::<String>();
    if args.path == "-" {
        return voice::out(&lines).map(|()| Exit::Yes);
    }
    let file = OpenOptions::new().write(true).create_new(true).open(&args.path);
    file.and_then(|mut file| file.write_all(lines.as_bytes())).map_err(|error| {
        let path = voice::shown(&args.path, 200);
        Fault::usage(format_args!("cannot write {path}: {error}"))
    })?;
    voice::note(&format!("wrote {} requests to {}", asked.len(), voice::shown(&args.path, 200)));
    Ok(Exit::Yes)
}

pub(super) fn judge(args: &JudgeArgs) -> Done {
    let requests = requests(&args.requests)?;
    let answers = answers(&args.answers, &requests)?;
    let asked: Vec<Asked> = requests
        .into_iter()
        .map(|(id, request)| Asked { name: format!("request {id}"), about: String::new(), request })
        .collect();
    let mut parties: Vec<Box<dyn Party>> = vec![Box::new(Device { answers })];
    let findings = compare(&mut parties, &asked, &|_, _| {});
    let closer = explained(&asked, &findings);
    let report = Report { asked: &asked, findings: &findings, closer: &closer, stopped: false };
    if args.json {
        voice::out_json(&report.to_value())?;
    } else {
        voice::out(&report.text())?;
    }
    Ok(super::run::exit(&findings, false))
}

/// What was asked, with its ids. A hello, as every adapter wants it first, is passed over.
fn requests(path: &str) -> Result<Vec<(u64, Request)>, Fault> {
    let mut asked: Vec<(u64, Request)> = vec![];
    let mut ids = HashSet::new();
    for (number, value) in lines(path)? {
        if value.get("op").and_then(Value::as_str) == Some("hello") {
            continue;
        }
        let wrong = |what: String| malformed(path, number, &what);
        let id = id(&value).ok_or_else(|| wrong("no id".to_owned()))?;
        asked.push((id, read_request(&value).map_err(wrong)?));
        if !ids.insert(id) {
            return Err(malformed(path, number, "a second request of this id"));
        }
    }
    Ok(asked)
}

/// The answer to each request, if there is one.
fn answers(path: &str, asked: &[(u64, Request)]) -> Result<Vec<Option<Answer>>, Fault> {
    let places: HashMap<u64, usize> = asked.iter().map(|(id, _)| *id).zip(0..).collect();
    let mut answers: Vec<Option<Answer>> = vec![None; asked.len()];
    for (number, value) in lines(path)? {
        let wrong = |what: &str| malformed(path, number, what);
        let id = id(&value).ok_or_else(|| wrong("no id"))?;
        let Some(&place) = places.get(&id) else {
            // what is said to a hello
            if id == 0 {
                continue;
            }
            return Err(wrong("an answer to nothing that was asked"));
        };
        let answer = read_answer(&asked[place].1, &value)
            .unwrap_or_else(|why| Answer::Error(format!("no answer of the protocol: {why}")));
        if answers[place].replace(answer).is_some() {
            return Err(wrong("a second answer to the same request"));
        }
    }
    Ok(answers)
}

fn id(value: &Value) -> Option<u64> {
    value.get("id").and_then(Value::as_u64)
}

/// The first disagreements, as they are: the device cannot be asked for smaller ones.
fn explained(asked: &[Asked], findings: &Findings) -> Vec<Closer> {
    let explain = |d: &Disagreement| {
        let request = asked[d.asked].request.clone();
        let words = diagnose(&request, &d.theirs);
        let found = crosscheck::Closer { request, theirs: d.theirs.clone(), parting: None, words };
        Closer { party: d.party, found }
    };
    findings.disagreements.iter().take(MOST_CLOSER).map(explain).collect()
}

fn malformed(path: &str, line: usize, what: &str) -> Fault {
    Fault::malformed(format_args!(
        "{}: line {line}: {}",
        voice::shown(path, 200),
        voice::shown(what, 200)
    ))
}

/// The lines of a file that say something, with their numbers.
fn lines(path: &str) -> Result<Vec<(usize, Value)>, Fault> {
    let bytes = input::read(path, MAX_BYTES)?;
    let mut lines = vec![];
    for (line, number) in bytes.split(|&byte| byte == b'\n').zip(1..) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let value = serde_json::from_slice(line);
        lines.push((number, value.map_err(|error| malformed(path, number, &error.to_string()))?));
    }
    Ok(lines)
}

/// A device that has answered already.
struct Device {
    answers: Vec<Option<Answer>>,
}

impl Party for Device {
    fn name(&self) -> String {
        "the answers".to_owned()
    }

    fn declares(&self, _request: &Request) -> bool {
        true
    }

    fn takes(&self, _request: &Request) -> bool {
        true
    }

    fn ask(&mut self, _requests: &[Request]) -> Vec<Answer> {
        let missing = || Answer::Error("no answer to it".to_owned());
        self.answers.drain(..).map(|answer| answer.unwrap_or_else(missing)).collect()
    }

    fn faults(&self) -> &[AdapterFault] {
        &[]
    }
}
