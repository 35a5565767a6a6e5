//! What went wrong on the other side: each fault with the case that it is of, and what was under way when an
//! adapter ended for nothing saved to a file, to be asked again.

use super::case::case;
use crate::cli::voice;
use crate::crosscheck::wire::{PROTOCOL, request_line};
use crate::crosscheck::{Asked, Fault, FaultKind, Findings};
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Faults of a kind that are listed one by one.
const MOST: usize = 12;
/// Files of that name that may be there already.
const MOST_FILES: usize = 1000;

/// The first faults of each kind.
pub(super) fn text(all: &[Fault], asked: &[Asked]) -> String {
    let mut text = String::new();
    for kind in [FaultKind::Crash, FaultKind::Hang, FaultKind::Flaky, FaultKind::Protocol] {
        let of_kind: Vec<&Fault> = all.iter().filter(|fault| fault.kind == kind).collect();
        of_kind.iter().take(MOST).for_each(|fault| text += &one(fault, asked));
        if of_kind.len() > MOST {
            let more = of_kind.len() - MOST;
            text += &format!("  {} and {more} more\n", voice::bad(kind.name()));
        }
    }
    text
}

fn one(fault: &Fault, asked: &[Asked]) -> String {
    let what = voice::shown(&fault.what, 300);
    let times = if fault.times > 1 { format!(" ({} times)", fault.times) } else { String::new() };
    let mut text = format!("  {} {what}{times}\n", voice::bad(fault.kind.name()));
    if let Some(asked) = fault.at.and_then(|at| asked.get(at)) {
        text += &format!("    at: {}\n", case(asked));
    }
    let last = fault.stderr.iter().rev().take(3).rev();
    last.for_each(|line| text += &format!("    stderr: {}\n", voice::shown(line, 200)));
    text
}

/// The same as JSON.
pub(super) fn to_value(fault: &Fault, asked: &[Asked]) -> Value {
    let at = fault.at.and_then(|at| asked.get(at));
    json!({
        "kind": fault.kind.name(), "what": fault.what, "times": fault.times, "stderr": fault.stderr,
        "case": at.map(|at| &at.name), "about": at.map(|at| &at.about),
        "request": at.map(|at| at.request.to_value()),
    })
}

/// Saves what was under way when an adapter ended for nothing, and says so in the fault.
pub(super) fn save_windows(findings: &mut Findings, asked: &[Asked], directory: &Path) {
    for fault in findings.faults.iter_mut().flatten().filter(|fault| !fault.window.is_empty()) {
        let window = fault.window.iter().filter_map(|&at| asked.get(at));
        // the hello comes first, as for every adapter; judge passes over it
        let hello = json!({ "id": 0, "op": "hello", "protocol": PROTOCOL }).to_string() + "\n";
        let lines = window.zip(1..).map(|(asked, id)| request_line(id, &asked.request));
        let lines = std::iter::once(hello).chain(lines).collect::<String>();
        fault.what += &match save(&lines, directory) {
            Ok(path) => format!("; they are saved in {}", path.display()),
            Err(error) => format!("; they cannot be saved in {}: {error}", directory.display()),
        };
    }
}

/// Writes a file that is not there yet.
fn save(lines: &str, directory: &Path) -> io::Result<PathBuf> {
    for number in 1..=MOST_FILES {
        let path = directory.join(format!("flaky-{number}.jsonl"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => return file.write_all(lines.as_bytes()).map(|()| path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many such files are there"))
}
