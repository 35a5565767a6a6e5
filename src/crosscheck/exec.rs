//! A plain command in the place of an adapter: the message on stdin, the digest in hex as the first word of
//! its output. Each request is a process of its own.

use super::process::group_of_its_own;
use super::{Fault, FaultKind, Party};
use crate::jose::json::bounded;
use crate::sha2;
use crate::vectors::{Answer, Message, Request};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A command that hashes.
pub struct Exec {
    command: String,
    hash: sha2::Algorithm,
    faults: Vec<Fault>,
    stop: Arc<AtomicBool>,
}

impl Exec {
    /// A line of the shell that hashes its stdin by `hash`.
    pub fn new(command: &str, hash: sha2::Algorithm, stop: Arc<AtomicBool>) -> Exec {
        Exec { command: command.to_owned(), hash, faults: vec![], stop }
    }

    fn run(&self, message: &Message) -> Result<Answer, String> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(&self.command).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = group_of_its_own(&mut shell)
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let stdin = child.stdin.take();
        let output = thread::scope(|scope| {
            // beside the reading: a pipe does not hold everything
            scope.spawn(move || {
                if let Some(mut stdin) = stdin {
                    message.feed(|bytes| drop(stdin.write_all(bytes)));
                }
            });
            child.wait_with_output()
        });
        let output = output.map_err(|error| error.to_string())?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{}: {}", output.status, bounded(words.trim())));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let word = text.split_whitespace().next().unwrap_or_default();
        match hex::decode(word) {
            Ok(digest) if !digest.is_empty() => Ok(Answer::Output(digest)),
            _ => Ok(Answer::Error(format!("its output begins with no hex: {}", bounded(&text)))),
        }
    }
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
        for request in requests {
            let answer = match request {
                _ if self.stop.load(Ordering::Relaxed) => {
                    Answer::Unsupported("not asked: the run was stopped".to_owned())
                }
                Request::Sha2 { message, .. } => self.run(message).unwrap_or_else(|what| {
                    let fault =
                        Fault { kind: FaultKind::Crash, what: what.clone(), stderr: vec![] };
                    if self.faults.len() < 20 {
                        self.faults.push(fault);
                    }
                    Answer::Error(format!("CRASH: {what}"))
                }),
                _ => Answer::Unsupported("a plain command hashes only".to_owned()),
            };
            answers.push(answer);
        }
        answers
    }

    fn faults(&self) -> &[Fault] {
        &self.faults
    }
}
