//! The conversation with an adapter: a bounded window, ids, timeouts. What is done when it ends or hangs in
//! the middle is in `replay`.

use super::fault::{Fault, FaultKind, add};
use super::greet::{GLANCE, Greeted, NOT_UTF8, PeerError, TOO_LONG, greet, prints};
use super::hello::Hello;
use super::process::{Heard, Process};
use super::trace::Step;
use super::wire::{read_answer, read_trace, request_line};
use crate::jose::json::bounded;
use crate::vectors::{Answer, Message, Request};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

mod replay;

use replay::Trouble;

/// An adapter that is running.
pub struct Peer {
    command: Vec<String>,
    hello: Hello,
    process: Process,
    timeout: Duration,
    next_id: u64,
    faults: Vec<Fault>,
    trouble: HashMap<&'static str, Trouble>,
    /// What came since the oldest request is the oldest, and is an answer to nothing.
    stray: Option<String>,
    /// It does not start again, or has ended too often.
    gone: bool,
    stop: Arc<AtomicBool>,
}

/// A request under way.
struct Outstanding {
    id: u64,
    index: usize,
}

/// What is asked, and how far it is.
struct Talk<'r> {
    requests: &'r [Request],
    answers: Vec<Option<Answer>>,
    waiting: VecDeque<usize>,
    outstanding: VecDeque<Outstanding>,
    deadline: Instant,
}

impl Peer {
    /// Starts an adapter and greets it. `stop` ends every conversation as soon as it is set.
    ///
    /// # Errors
    ///
    /// When it cannot be started, does not answer, or speaks another protocol.
    pub fn start(
        command: &[String],
        timeout: Duration,
        stop: Arc<AtomicBool>,
    ) -> Result<Peer, PeerError> {
        let Greeted { process, hello, faults } = greet(command, timeout, &stop)?;
        Ok(Peer {
            command: command.to_vec(),
            hello,
            process,
            timeout,
            next_id: 1,
            faults,
            trouble: HashMap::new(),
            stray: None,
            gone: false,
            stop,
        })
    }

    /// What it said of itself.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// What went wrong so far.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Forgets how often it crashed: what was given up may be asked again.
    pub fn forgive(&mut self) {
        self.trouble.clear();
    }

    /// Asks many things, a window at a time; the answers are in the order of the requests. What was not
    /// asked any more (it was stopped, or gave up) is [`Answer::Unsupported`].
    pub fn ask(&mut self, requests: &[Request]) -> Vec<Answer> {
        let mut talk = Talk {
            requests,
            answers: requests.iter().map(|_| None).collect(),
            waiting: (0..requests.len()).collect(),
            outstanding: VecDeque::new(),
            deadline: Instant::now(),
        };
        while !self.is_over() && self.fill(&mut talk) {
            self.step(&mut talk);
        }
        let why = if self.gone { "not asked: it is given up" } else { "not asked: stopped" };
        let unasked = || Answer::Unsupported(why.to_owned());
        talk.answers.into_iter().map(|answer| answer.unwrap_or_else(unasked)).collect()
    }

    /// The intermediate values of one request, if the adapter has the feature `trace`.
    pub fn trace(&mut self, request: &Request) -> Vec<Step> {
        if self.gone || !self.hello.features.iter().any(|feature| feature == "trace") {
            return vec![];
        }
        let id = self.next_id;
        self.next_id += 1;
        let mut value = request.to_value();
        value["id"] = json!(id);
        value["trace"] = json!(true);
        self.process.say(value.to_string() + "\n");
        if let Heard::Line(line) = self.process.hear(Instant::now() + self.patience(request)) {
            let answer = serde_json::from_str(&line);
            return answer.map(|value| read_trace(&value)).unwrap_or_default();
        }
        vec![]
    }

    fn is_over(&self) -> bool {
        self.gone || self.stop.load(Ordering::Relaxed)
    }

    /// Sends as much as the window takes. Whether anything is under way.
    fn fill(&mut self, talk: &mut Talk<'_>) -> bool {
        while talk.outstanding.len() < self.hello.window {
            let Some(index) = talk.waiting.pop_front() else { break };
            let request = &talk.requests[index];
            if self.is_given_up(request) {
                talk.answers[index] = Some(Answer::Unsupported("not asked: given up".to_owned()));
                continue;
            }
            if talk.outstanding.is_empty() {
                talk.deadline = Instant::now() + self.patience(request);
                self.stray = None;
            }
            talk.outstanding.push_back(self.send(index, request));
        }
        !talk.outstanding.is_empty()
    }

    fn step(&mut self, talk: &mut Talk<'_>) {
        let oldest = talk.outstanding.front().map(|o| o.id);
        match self.process.hear(talk.deadline.min(Instant::now() + GLANCE)) {
            Heard::Nothing if Instant::now() < talk.deadline => {}
            Heard::Nothing => self.oldest_hangs(talk),
            Heard::End(how) => self.replay(&how, talk),
            heard => self.take(heard, talk),
        }
        if let Some(front) = talk.outstanding.front().filter(|front| Some(front.id) != oldest) {
            // it is the oldest only now
            talk.deadline = Instant::now() + self.patience(&talk.requests[front.index]);
            self.stray = None;
        }
    }

    /// Longer for what takes longer: a second for each 8 MiB.
    fn patience(&self, request: &Request) -> Duration {
        let bytes = match request {
            Request::Sha2 { message: Message::Repeated { bytes, .. }, .. } => *bytes,
            Request::Sha2 { message: Message::Bytes(bytes), .. } => bytes.len() as u64,
            Request::Sha2Chain { outer, inner, .. } => u64::from(*outer) * u64::from(*inner) * 64,
            _ => 0,
        };
        self.timeout + Duration::from_secs(bytes >> 23)
    }

    fn send(&mut self, index: usize, request: &Request) -> Outstanding {
        let id = self.next_id;
        self.next_id += 1;
        self.process.say(request_line(id, request));
        Outstanding { id, index }
    }

    /// A line that came: an answer, or a fault.
    fn take(&mut self, heard: Heard, talk: &mut Talk<'_>) {
        let line = match heard {
            Heard::Line(line) => line,
            Heard::NotUtf8 => return self.stray("utf-8", NOT_UTF8),
            Heard::TooLong => return self.stray("long", TOO_LONG),
            Heard::End(_) | Heard::Nothing => return,
        };
        let Ok(value) = serde_json::from_str::<Value>(&line) else {
            return self.protocol_fault("stdout", &prints(&line));
        };
        let id = self.id_of(&value);
        let Some(at) = talk.outstanding.iter().position(|o| Some(o.id) == id) else {
            return match id {
                Some(id) if id < self.next_id => {
                    self.protocol_fault("twice", &format!("request {id} is answered twice"));
                }
                _ => {
                    let what = format!("an answer whose id was not asked: {}", bounded(&line));
                    self.stray("id", &what);
                }
            };
        };
        let Some(Outstanding { index, .. }) = talk.outstanding.remove(at) else { return };
        let request = &talk.requests[index];
        if let Some(trouble) = self.trouble.get_mut(request.operation()) {
            trouble.in_a_row = 0;
        }
        talk.answers[index] = Some(match read_answer(request, &value) {
            // what is declared and then skipped is a lie, not a gap
            Ok(Answer::Unsupported(why)) => {
                Answer::Error(format!("declared, and skipped: {}", bounded(&why)))
            }
            Ok(answer) => answer,
            Err(why) => Answer::Error(format!("no answer of the protocol: {why}")),
        });
    }

    /// The number of an answer. One that is spelt as a string is told, and taken.
    fn id_of(&mut self, value: &Value) -> Option<u64> {
        let id = value.get("id")?;
        let Some(text) = id.as_str() else { return id.as_u64() };
        let number = text.parse().ok()?;
        let what = format!("the id of an answer is the string \"{number}\", not the number");
        self.protocol_fault("id is text", &what);
        Some(number)
    }

    fn fault(&mut self, kind: FaultKind, what: String) {
        let stderr = self.process.last_words();
        add(&mut self.faults, "", Fault::new(kind, what, stderr));
    }

    fn fault_at(&mut self, index: usize, kind: FaultKind, what: String) {
        let stderr = self.process.last_words();
        add(&mut self.faults, "", Fault::new(kind, what, stderr).at(index));
    }

    /// The first of a class is told, the others are counted.
    fn protocol_fault(&mut self, class: &'static str, what: &str) {
        let stderr = self.process.last_words();
        let fault = Fault::new(FaultKind::Protocol, what.to_owned(), stderr);
        add(&mut self.faults, class, fault);
    }

    /// Something that stands where an answer should.
    fn stray(&mut self, class: &'static str, what: &str) {
        self.protocol_fault(class, what);
        self.stray = Some(what.to_owned());
    }
}
