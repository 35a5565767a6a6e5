//! The first words: an adapter is started and says what it is.

use super::fault::{Fault, FaultKind, add};
use super::hello::{self, Hello};
use super::process::{Heard, Process};
use super::wire::PROTOCOL;
use crate::jose::json::bounded;
use core::fmt;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often it is looked whether all was stopped.
pub(super) const GLANCE: Duration = Duration::from_millis(200);

/// Starting takes its own time, however soon answers must come.
const LEAST_FOR_HELLO: Duration = Duration::from_secs(5);

/// An adapter that has said hello.
pub(super) struct Greeted {
    pub(super) process: Process,
    pub(super) hello: Hello,
    pub(super) faults: Vec<Fault>,
}

/// Starts an adapter and reads what it says of itself.
pub(super) fn greet(
    command: &[String],
    timeout: Duration,
    stop: &AtomicBool,
) -> Result<Greeted, PeerError> {
    let mut process =
        Process::start(command).map_err(|error| PeerError::Start(failed(command, &error)))?;
    process.say(json!({ "id": 0, "op": "hello", "protocol": PROTOCOL }).to_string() + "\n");
    let timeout = timeout.max(LEAST_FOR_HELLO);
    let deadline = Instant::now() + timeout;
    let mut faults: Vec<Fault> = vec![];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(PeerError::Stopped);
        }
        // one that prints without end is late, too
        if Instant::now() >= deadline {
            return Err(PeerError::Silent(timeout, process.last_words()));
        }
        let (class, what) = match process.hear(deadline.min(Instant::now() + GLANCE)) {
            Heard::Line(line) => match serde_json::from_str::<Value>(&line) {
                Ok(value) if value.get("id") == Some(&json!(0)) => {
                    let (hello, remark) = hello::read(&value).map_err(PeerError::Hello)?;
                    if let Some(what) = remark {
                        add(&mut faults, "", Fault::new(FaultKind::Protocol, what, vec![]));
                    }
                    return Ok(Greeted { process, hello, faults });
                }
                Ok(value) if value.is_object() => {
                    let what = "before its hello, whose id is 0, it says";
                    ("early", format!("{what} {}", bounded(&line)))
                }
                _ => ("stdout", prints(&line)),
            },
            Heard::NotUtf8 => ("utf-8", NOT_UTF8.to_owned()),
            Heard::TooLong => ("long", TOO_LONG.to_owned()),
            Heard::Nothing => continue,
            Heard::End(how) => return Err(PeerError::Ended(how, process.last_words())),
        };
        let stderr = process.last_words();
        add(&mut faults, class, Fault::new(FaultKind::Protocol, what, stderr));
    }
}

fn failed(command: &[String], error: &std::io::Error) -> String {
    format!("{}: {error}", bounded(command.first().map_or("", String::as_str)))
}

/// A line that is no JSON.
pub(super) fn prints(line: &str) -> String {
    format!("your library prints to stdout, which is for answers only: {}", bounded(line))
}

/// A line that is no text.
pub(super) const NOT_UTF8: &str = "a line on stdout is no UTF-8";
/// A line that never ends.
pub(super) const TOO_LONG: &str = "a line on stdout has more than 64 MiB";

/// Why there is no conversation at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerError {
    /// The command cannot be run.
    Start(String),
    /// It ended before it said hello.
    Ended(String, Vec<String>),
    /// It said nothing.
    Silent(Duration, Vec<String>),
    /// Its hello is none.
    Hello(String),
    /// Nobody waits for it any more.
    Stopped,
}

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |f: &mut fmt::Formatter<'_>, words: &[String]| {
            words.iter().rev().take(3).rev().try_for_each(|line| write!(f, "\n  {}", bounded(line)))
        };
        match self {
            PeerError::Start(error) => write!(f, "cannot start the adapter: {error}"),
            PeerError::Ended(how, stderr) => {
                write!(f, "the adapter said no hello: {how}")?;
                words(f, stderr)
            }
            PeerError::Silent(time, stderr) => {
                write!(f, "the adapter said no hello within {time:?}")?;
                words(f, stderr)
            }
            PeerError::Hello(what) => f.write_str(what),
            PeerError::Stopped => f.write_str("stopped before the adapter said hello"),
        }
    }
}

impl core::error::Error for PeerError {}
