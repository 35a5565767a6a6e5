//! The conversation with an adapter: handshake, a bounded window, ids, timeouts; and when it ends in the
//! middle, which request it was.

use super::process::{Heard, Process};
use super::trace::Step;
use super::wire::{PROTOCOL, read_answer, read_trace, request_line};
use crate::jose::json::bounded;
use crate::vectors::{Answer, Message, Request};
use core::fmt;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The most requests that are under way, whatever an adapter wishes.
const MAX_WINDOW: usize = 256;
/// Crashes in a row after which an operation is given up.
const MOST_CRASHES: usize = 5;

/// What an adapter says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// Its name and version.
    pub name: String,
    /// Operations, each with its algorithms.
    pub operations: BTreeMap<String, Vec<String>>,
    /// What it can take.
    pub limits: Limits,
    /// What it has beyond the operations: `bits`, messages that do not end with a whole byte.
    pub features: Vec<String>,
    window: usize,
}

/// What an adapter can take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a message.
    pub message: Option<u64>,
    /// The least and the most bits of an RSA modulus.
    pub rsa_bits: Option<(u64, u64)>,
}

impl Hello {
    /// One that declares these operations, with every algorithm and without limits.
    pub fn of_everything(operations: &[&str]) -> Hello {
        let operations = operations.iter().map(|operation| ((*operation).to_owned(), vec![]));
        Hello { operations: operations.collect(), window: 1, ..Hello::default() }
    }

    /// Whether a request is one that the adapter declares.
    pub fn declares(&self, request: &Request) -> bool {
        let Some(algorithms) = self.operations.get(request.operation()) else { return false };
        let wanted = request.algorithms();
        wanted.is_empty()
            || algorithms.is_empty()
            || wanted.iter().any(|alg| algorithms.iter().any(|have| have == alg))
    }

    /// Whether a request is within its limits.
    pub fn takes(&self, request: &Request) -> bool {
        // few libraries hash bits: it is no gap of one that does not say so
        let of_bits = matches!(request, Request::Sha2 { message: Message::Bits(..), .. });
        if of_bits && !self.features.iter().any(|feature| feature == "bits") {
            return false;
        }
        let message = match request {
            Request::Sha2 { message, .. } => match message {
                Message::Bytes(bytes) => bytes.len() as u64,
                Message::Bits(_, bits) => bits.div_ceil(8),
                Message::Repeated { bytes, .. } => *bytes,
                Message::Chunks(chunks) => chunks.iter().map(|chunk| chunk.len() as u64).sum(),
            },
            Request::Hmac { message, .. }
            | Request::HmacVerify { message, .. }
            | Request::RsaSign { message, .. }
            | Request::RsaVerify { message, .. } => message.len() as u64,
            _ => 0,
        };
        let bits = match request {
            Request::RsaVerify { n, .. } => Some(n.bits()),
            Request::RsaSign { key, .. } => Some(key.n.bits()),
            _ => None,
        };
        let fits = |bits: u64| {
            self.limits.rsa_bits.is_none_or(|(least, most)| (least..=most).contains(&bits))
        };
        self.limits.message.is_none_or(|most| message <= most) && bits.is_none_or(fits)
    }
}

/// What went wrong on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// What happened, in words.
    pub what: String,
    /// The last lines of its stderr.
    pub stderr: Vec<String>,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// It ended at a request, and did so again when it was asked alone.
    Crash,
    /// It gave no answer in time.
    Hang,
    /// It ended, and no request of the window makes it do so again.
    Flaky,
    /// It broke the protocol.
    Protocol,
}

impl FaultKind {
    /// Whether the process itself failed, not only what it said.
    pub fn is_of_process(self) -> bool {
        self != FaultKind::Protocol
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Crash => "CRASH",
            FaultKind::Hang => "HANG",
            FaultKind::Flaky => "FLAKY",
            FaultKind::Protocol => "PROTOCOL",
        }
    }
}

/// An adapter that is running.
pub struct Peer {
    command: Vec<String>,
    hello: Hello,
    process: Process,
    timeout: Duration,
    next_id: u64,
    faults: Vec<Fault>,
    crashes: HashMap<&'static str, usize>,
    stop: Arc<AtomicBool>,
}

/// A request under way.
struct Outstanding {
    id: u64,
    index: usize,
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
        let (process, hello, faults) = greet(command, timeout)?;
        Ok(Peer {
            command: command.to_vec(),
            hello,
            process,
            timeout,
            next_id: 1,
            faults,
            crashes: HashMap::new(),
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

    /// Asks many things, a window at a time; the answers are in the order of the requests. What was not
    /// asked any more (it was stopped, or gave up) is [`Answer::Unsupported`].
    pub fn ask(&mut self, requests: &[Request]) -> Vec<Answer> {
        let mut answers: Vec<Option<Answer>> = requests.iter().map(|_| None).collect();
        let mut waiting: VecDeque<usize> = (0..requests.len()).collect();
        let mut outstanding: VecDeque<Outstanding> = VecDeque::new();
        let mut deadline = Instant::now() + self.timeout;
        loop {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            while outstanding.len() < self.hello.window {
                let Some(index) = waiting.pop_front() else { break };
                if self.is_given_up(&requests[index]) {
                    let why = "given up after too many crashes".to_owned();
                    answers[index] = Some(Answer::Unsupported(why));
                    continue;
                }
                if outstanding.is_empty() {
                    deadline = Instant::now() + self.patience(&requests[index]);
                }
                outstanding.push_back(self.send(index, &requests[index]));
            }
            let Some(oldest) = outstanding.front().map(|o| o.id) else { break };
            let glance = Instant::now() + Duration::from_millis(200);
            match self.process.hear(deadline.min(glance)) {
                Heard::Nothing if Instant::now() < deadline => {}
                Heard::Nothing => {
                    let hung = outstanding.pop_front();
                    self.hang(hung.map(|o| o.index), requests, &mut answers);
                    outstanding.drain(..).rev().for_each(|o| waiting.push_front(o.index));
                    deadline = Instant::now() + self.timeout;
                }
                Heard::End(how) => {
                    let window: Vec<usize> = outstanding.drain(..).map(|o| o.index).collect();
                    self.replay(&window, &how, requests, &mut answers);
                    deadline = Instant::now() + self.timeout;
                }
                Heard::Line(line) => {
                    self.take(&line, &mut outstanding, requests, &mut answers);
                    if let Some(front) = outstanding.front().filter(|front| front.id != oldest) {
                        // it is the oldest only now
                        deadline = Instant::now() + self.patience(&requests[front.index]);
                    }
                }
                Heard::TooLong => self.protocol_fault("a line of more than 64 MiB"),
                Heard::NotUtf8 => self.protocol_fault("a line that is no UTF-8"),
            }
        }
        let unasked = || Answer::Unsupported("not asked: the run was stopped".to_owned());
        answers.into_iter().map(|answer| answer.unwrap_or_else(unasked)).collect()
    }

    /// The intermediate values of one request, if the adapter has the feature `trace`.
    pub fn trace(&mut self, request: &Request) -> Vec<Step> {
        if !self.hello.features.iter().any(|feature| feature == "trace") {
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
        // whatever it was, the conversation goes on from the start
        self.restart();
        vec![]
    }

    fn is_given_up(&self, request: &Request) -> bool {
        self.crashes.get(request.operation()).is_some_and(|&crashes| crashes >= MOST_CRASHES)
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
    fn take(
        &mut self,
        line: &str,
        outstanding: &mut VecDeque<Outstanding>,
        requests: &[Request],
        answers: &mut [Option<Answer>],
    ) {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            let what = format!("your library prints to stdout: {}", bounded(line));
            return self.protocol_fault(&what);
        };
        let id = value.get("id").and_then(Value::as_u64);
        let Some(at) = outstanding.iter().position(|o| Some(o.id) == id) else {
            let what = match id {
                Some(id) if id < self.next_id && id > 0 => format!("an answer to {id} twice"),
                _ => format!("an answer to nothing that was asked: {}", bounded(line)),
            };
            return self.protocol_fault(&what);
        };
        let Some(Outstanding { index, .. }) = outstanding.remove(at) else { return };
        let request = &requests[index];
        self.crashes.remove(request.operation());
        answers[index] = Some(match read_answer(request, &value) {
            // what is declared and then skipped is a lie, not a gap
            Ok(Answer::Unsupported(why)) => {
                Answer::Error(format!("declared, and skipped: {}", bounded(&why)))
            }
            Ok(answer) => answer,
            Err(why) => Answer::Error(format!("no answer of the protocol: {why}")),
        });
    }

    fn hang(&mut self, index: Option<usize>, requests: &[Request], answers: &mut [Option<Answer>]) {
        if let Some(index) = index {
            let operation = requests[index].operation();
            let what =
                format!("{operation}: no answer within {:?}", self.patience(&requests[index]));
            self.fault(FaultKind::Hang, what.clone());
            *self.crashes.entry(operation).or_insert(0) += 1;
            answers[index] = Some(Answer::Error(format!("HANG: {what}")));
        }
        self.restart();
    }

    /// Asks what was under way one by one: the request that ends the adapter again is the one.
    fn replay(
        &mut self,
        window: &[usize],
        how: &str,
        requests: &[Request],
        answers: &mut [Option<Answer>],
    ) {
        let words = self.process.last_words();
        self.restart();
        let mut crashed = false;
        for &index in window {
            let request = &requests[index];
            if self.is_given_up(request) || self.stop.load(Ordering::Relaxed) {
                continue;
            }
            let mut outstanding = VecDeque::from([self.send(index, request)]);
            let deadline = Instant::now() + self.patience(request);
            while !outstanding.is_empty() {
                match self.process.hear(deadline) {
                    Heard::Line(line) => self.take(&line, &mut outstanding, requests, answers),
                    Heard::End(how) => {
                        let what = format!("{}: {how}", request.operation());
                        self.fault(FaultKind::Crash, what.clone());
                        *self.crashes.entry(request.operation()).or_insert(0) += 1;
                        answers[index] = Some(Answer::Error(format!("CRASH: {what}")));
                        crashed = true;
                        outstanding.clear();
                        self.restart();
                    }
                    Heard::Nothing => {
                        outstanding.clear();
                        self.hang(Some(index), requests, answers);
                    }
                    Heard::TooLong => self.protocol_fault("a line of more than 64 MiB"),
                    Heard::NotUtf8 => self.protocol_fault("a line that is no UTF-8"),
                }
            }
        }
        if !crashed {
            let what = format!("{how}, and none of {} requests does it again", window.len());
            self.faults.push(Fault { kind: FaultKind::Flaky, what, stderr: words });
        }
    }

    fn restart(&mut self) {
        match greet(&self.command, self.timeout) {
            Ok((process, hello, _)) => {
                self.process = process;
                self.hello.window = hello.window;
            }
            Err(error) => {
                self.fault(FaultKind::Crash, format!("it does not start again: {error}"));
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }

    fn fault(&mut self, kind: FaultKind, what: String) {
        let stderr = self.process.last_words();
        self.faults.push(Fault { kind, what, stderr });
    }

    /// The first of a kind is told, the others are the same.
    fn protocol_fault(&mut self, what: &str) {
        let words = |what: &str| what.chars().take(24).collect::<String>();
        if !self.faults.iter().any(|fault| words(&fault.what) == words(what)) {
            self.fault(FaultKind::Protocol, what.to_owned());
        }
    }
}

/// Starts an adapter and reads what it says of itself.
fn greet(command: &[String], timeout: Duration) -> Result<(Process, Hello, Vec<Fault>), PeerError> {
    let mut process =
        Process::start(command).map_err(|error| PeerError::Start(error.to_string()))?;
    process.say(json!({ "id": 0, "op": "hello", "protocol": PROTOCOL }).to_string() + "\n");
    let deadline = Instant::now() + timeout;
    let mut faults: Vec<Fault> = vec![];
    loop {
        let what = match process.hear(deadline) {
            Heard::Line(line) => match serde_json::from_str::<Value>(&line) {
                Ok(value) if value.get("id") == Some(&json!(0)) => {
                    return Ok((process, hello(&value)?, faults));
                }
                _ => format!("your library prints to stdout: {}", bounded(&line)),
            },
            Heard::NotUtf8 => "a line that is no UTF-8".to_owned(),
            Heard::TooLong => "a line of more than 64 MiB".to_owned(),
            Heard::Nothing => return Err(PeerError::Silent(timeout, process.last_words())),
            Heard::End(how) => return Err(PeerError::Ended(how, process.last_words())),
        };
        if faults.is_empty() {
            let stderr = process.last_words();
            faults.push(Fault { kind: FaultKind::Protocol, what, stderr });
        }
    }
}

fn hello(value: &Value) -> Result<Hello, PeerError> {
    let wrong = |what: &str| PeerError::Hello(what.to_owned());
    let ok = value.get("ok").ok_or_else(|| wrong("its hello has no \"ok\""))?;
    match ok.get("protocol").and_then(Value::as_u64) {
        Some(PROTOCOL) => {}
        other => return Err(wrong(&format!("it speaks protocol {other:?}, this is {PROTOCOL}"))),
    }
    let text = |name: &str| ok.get(name).and_then(Value::as_str).map(bounded).unwrap_or_default();
    let declared = ok.get("ops").and_then(Value::as_object);
    let declared = declared.ok_or_else(|| wrong("its hello has no \"ops\""))?;
    let mut operations = BTreeMap::new();
    for (operation, algorithms) in declared {
        let algorithms =
            algorithms.as_array().ok_or_else(|| wrong("an op has no list of algorithms"))?;
        let names = algorithms.iter().filter_map(Value::as_str).map(str::to_owned);
        operations.insert(operation.clone(), names.collect());
    }
    let limit = |name: &str| ok.pointer(&format!("/limits/{name}"));
    let bits = limit("rsa_bits").and_then(Value::as_array).map(Vec::as_slice);
    let rsa_bits = match bits {
        Some([least, most]) => least.as_u64().zip(most.as_u64()),
        _ => None,
    };
    let message = limit("max_msg").and_then(Value::as_u64);
    let features = ok.get("features").and_then(Value::as_array).into_iter().flatten();
    let window = ok.get("window").and_then(Value::as_u64).unwrap_or(1);
    Ok(Hello {
        name: format!("{} {}", text("name"), text("version")).trim().to_owned(),
        operations,
        limits: Limits { message, rsa_bits },
        features: features.filter_map(Value::as_str).map(str::to_owned).collect(),
        window: usize::try_from(window).unwrap_or(MAX_WINDOW).clamp(1, MAX_WINDOW),
    })
}

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
        }
    }
}

impl core::error::Error for PeerError {}
