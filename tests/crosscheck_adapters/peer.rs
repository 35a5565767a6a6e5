//! A running adapter: what it declares, and its answers to lines of JSON.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

/// A process that speaks xcheck/1.
pub(crate) struct Peer {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What it says of itself.
    pub(crate) hello: Value,
}

impl Peer {
    pub(crate) fn start(command: &mut Command) -> Peer {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut questions = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        // a member that no adapter knows is ignored
        let hello = json!({ "id": 0, "op": "hello", "protocol": 1, "of-the-future": [{}, null] });
        writeln!(questions, "{hello}").unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
        assert_eq!((&answer["id"], &answer["ok"]["protocol"]), (&json!(0), &json!(1)), "{line}");
        Peer { child, questions, answers, hello: answer["ok"].clone() }
    }

    /// The algorithms of an operation, if it is declared.
    pub(crate) fn algorithms(&self, operation: &str) -> Option<Vec<&str>> {
        let algorithms = self.hello["ops"].get(operation)?.as_array().unwrap();
        Some(algorithms.iter().map(|one| one.as_str().unwrap()).collect())
    }

    /// Asks everything, numbered from 1, and ends the process: exactly one answer for each number.
    pub(crate) fn ask(self, requests: &[Value]) -> Vec<Value> {
        let Peer { mut child, mut questions, answers, .. } = self;
        let mut found = BTreeMap::new();
        thread::scope(|scope| {
            // beside the reading: neither pipe holds everything
            scope.spawn(move || {
                let mut lines = String::new();
                for (id, request) in (1..).zip(requests) {
                    let mut request = request.clone();
                    request["id"] = json!(id);
                    lines.push_str(&format!("{request}\n"));
                }
                // one that dies is seen by the answers that are missing
                questions.write_all(lines.as_bytes()).ok();
            });
            for line in answers.lines() {
                let line = line.unwrap();
                let answer: Value =
                    serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
                let id = usize::try_from(answer["id"].as_u64().unwrap()).unwrap();
                assert!(found.insert(id, answer).is_none(), "{id} is answered twice");
            }
        });
        let status = child.wait().unwrap();
        assert!(status.success(), "{status} after {} answers of {}", found.len(), requests.len());
        assert!(found.keys().copied().eq(1..=requests.len()), "answers are missing");
        found.into_values().collect()
    }
}
