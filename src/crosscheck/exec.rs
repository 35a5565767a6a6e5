//! A plain command in the place of an adapter: the message on stdin, the digest in hex as the first word of
//! its output. Each request is a process of its own.

use super::group::Leader;
use super::{Fault, FaultKind, Party};
use crate::jose::json::bounded;
use crate::sha2;
use crate::vectors::{Answer, Message, Request};
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Failures in a row after which it is not run any more.
const MOST_IN_A_ROW: usize = 5;
/// The most bytes of output that are read.
const MOST_OUTPUT: u64 = 1 << 20;
/// How often it is looked whether all was stopped.
const GLANCE: Duration = Duration::from_millis(100);

/// A command that hashes.
pub struct Exec {
    command: String,
    hash: sha2::Algorithm,
    timeout: Duration,
    faults: Vec<Fault>,
    in_a_row: usize,
    stop: Arc<AtomicBool>,
}

/// How a run failed.
struct Failure(FaultKind, String);

impl Exec {
    /// A line of the shell that hashes its stdin by `hash`, and has so much time for each message.
    pub fn new(
        command: &str,
        hash: sha2::Algorithm,
        timeout: Duration,
        stop: Arc<AtomicBool>,
    ) -> Exec {
        Exec { command: command.to_owned(), hash, timeout, faults: vec![], in_a_row: 0, stop }
    }

    fn run(&self, message: &Message) -> Result<Answer, Failure> {
        let broken = |error: io::Error| Failure(FaultKind::Crash, error.to_string());
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(&self.command);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Leader::start(&mut shell).map_err(broken)?;
        if let Some(mut stdin) = running.0.stdin.take() {
            let message = message.clone();
            // beside the reading: a pipe does not hold everything
            thread::spawn(move || message.feed(|bytes| drop(stdin.write_all(bytes))));
        }
        let errors = read(running.0.stderr.take());
        let output = self.wait(&read(running.0.stdout.take()))?;
        let status = running.0.wait().map_err(broken)?;
        if !status.success() {
            let words = errors.recv_timeout(GLANCE).unwrap_or_default();
            let words = String::from_utf8_lossy(&words).into_owned();
            return Err(Failure(FaultKind::Crash, format!("{status}: {}", bounded(words.trim()))));
        }
        let text = String::from_utf8_lossy(&output).into_owned();
        let word = text.split_whitespace().next().unwrap_or_default();
        Ok(match hex::decode(word) {
            Ok(digest) if !digest.is_empty() => Answer::Output(digest),
            _ if word.is_empty() => Answer::Error("it printed nothing".to_owned()),
            _ => Answer::Error(format!("its output begins with no hex: {}", bounded(&text))),
        })
    }

    /// Its whole output, if it ends in time.
    fn wait(&self, output: &Receiver<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        let deadline = Instant::now() + self.timeout;
        loop {
            match output.recv_timeout(GLANCE) {
                Ok(output) => return Ok(output),
                Err(RecvTimeoutError::Disconnected) => return Ok(vec![]),
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => {
                    return Err(Failure(FaultKind::Hang, String::new()));
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => {
                    let what = format!("no output within {:?}", self.timeout);
                    return Err(Failure(FaultKind::Hang, what));
                }
            }
        }
    }

    fn answer(&mut self, index: usize, message: &Message) -> Answer {
        match self.run(message) {
            Ok(answer) => {
                self.in_a_row = 0;
                answer
            }
            Err(_) if self.stop.load(Ordering::Relaxed) => not_asked("stopped"),
            Err(Failure(kind, what)) => {
                self.in_a_row += 1;
                self.faults.push(Fault::new(kind, what.clone(), vec![]).at(index));
                if self.in_a_row == MOST_IN_A_ROW {
                    let what = format!("given up after {MOST_IN_A_ROW} failures in a row");
                    self.faults.push(Fault::new(kind, what, vec![]));
                }
                Answer::Error(format!("{}: {what}", kind.name()))
            }
        }
    }
}

fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (whole, end) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = vec![];
        if let Some(mut pipe) = pipe {
            let _what_came = pipe.by_ref().take(MOST_OUTPUT).read_to_end(&mut bytes);
            let _the_rest = io::copy(&mut pipe, &mut io::sink());
        }
        let _nobody_waits = whole.send(bytes);
    });
    end
}

fn not_asked(why: &str) -> Answer {
    Answer::Unsupported(format!("not asked: {why}"))
}

impl Party for Exec {
    fn name(&self) -> String {
        self.command.clone()
    }

    fn declares(&self, request: &Request) -> bool {
        matches!(request, Request::Sha2 { hash, .. } if *hash == self.hash)
    }

    fn takes(&self, request: &Request) -> bool {
        // bits, and several calls, have no form on stdin
        matches!(
            request,
            Request::Sha2 { message: Message::Bytes(_) | Message::Repeated { .. }, .. }
        )
    }

    fn ask(&mut self, requests: &[Request]) -> Vec<Answer> {
        let mut answers = vec![];
        for (index, request) in requests.iter().enumerate() {
            answers.push(match request {
                _ if self.stop.load(Ordering::Relaxed) => not_asked("stopped"),
                _ if self.in_a_row >= MOST_IN_A_ROW => not_asked("given up"),
                Request::Sha2 { message, .. } => self.answer(index, message),
                _ => Answer::Unsupported("a plain command hashes only".to_owned()),
            });
        }
        answers
    }

    fn faults(&self) -> &[Fault] {
        &self.faults
    }

    fn forgive(&mut self) {
        self.in_a_row = 0;
    }
}
