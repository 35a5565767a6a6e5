//! How many requests a second an adapter is asked, and what a crash costs.
//!
//! `cargo bench --bench crosscheck`; with `-- --quick` in seconds. There is no peer: the bars are times.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and stops at what it did not expect"
)]

mod interleave;

use interleave::{Bar, Contender, Table};
use jotlab::crosscheck::{FaultKind, Peer};
use jotlab::sha2::Algorithm;
use jotlab::vectors::{Answer, Message, Request};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

/// Requests a repetition.
const MANY: u32 = 2000;
/// Requests a second that are the least.
const THROUGH_JOTLAB: f64 = 25_000.0;
const THROUGH_PYTHON: f64 = 15_000.0;

fn main() -> ExitCode {
    let mut table = Table::from_arguments();
    rate(
        &mut table,
        "jotlab",
        &[env!("CARGO_BIN_EXE_jotlab"), "crosscheck", "adapter"],
        THROUGH_JOTLAB,
    );
    if Command::new("python3").arg("--version").output().is_ok() {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-adapter.py");
        let adapters = jotlab::crosscheck::adapters::ADAPTERS;
        let python = adapters.iter().find(|adapter| adapter.language == "python").unwrap();
        std::fs::write(&file, python.text).unwrap();
        rate(&mut table, "Python", &["python3", file.to_str().unwrap()], THROUGH_PYTHON);
        crash(&mut table);
    }
    table.finish()
}

fn rate(table: &mut Table, name: &str, command: &[&str], least: f64) {
    let mut peer = start(command);
    let requests: Vec<Request> = (0..MANY).map(|i| hash((i % 100) as usize)).collect();
    let ask = || {
        let answers = peer.ask(&requests);
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Output(_))));
    };
    let bar = Bar::Milliseconds(f64::from(MANY) / least * 1e3);
    let name = format!("{MANY} requests through {name}");
    table.compare(&name, [Contender::by_chance("ask", ask)]).bar(bar);
}

/// Start, crash, a new start, the replay that finds which request it was, and the answers to the others.
fn crash(table: &mut Table) {
    let sick = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crosscheck/sick.py");
    let requests: Vec<Request> = (60..68).map(hash).collect();
    let ask = || {
        let mut peer = start(&["python3", sick, "crash"]);
        let answers = peer.ask(&requests);
        assert_eq!(answers.iter().filter(|a| matches!(a, Answer::Output(_))).count(), 7);
        assert!(peer.faults().iter().any(|fault| fault.kind == FaultKind::Crash));
    };
    table
        .compare("a crash among 8", [Contender::by_chance("ask", ask)])
        .bar(Bar::Milliseconds(1e3));
}

fn start(command: &[&str]) -> Peer {
    let command: Vec<String> = command.iter().map(ToString::to_string).collect();
    Peer::start(&command, Duration::from_secs(10), Arc::default()).unwrap()
}

fn hash(bytes: usize) -> Request {
    Request::Sha2 { hash: Algorithm::Sha256, message: Message::Bytes(vec![0x61; bytes]) }
}
