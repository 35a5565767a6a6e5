//! What goes wrong on the other side: findings, with the words that a stranger needs.

use crate::jose::json::bounded;
use serde_json::Value;

/// What went wrong on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// What happened, in words; the first time, if it happened often.
    pub what: String,
    /// The last lines of its stderr.
    pub stderr: Vec<String>,
    /// How often it happened.
    pub times: usize,
    /// Which of the requests that were asked together did it, if that is known.
    pub at: Option<usize>,
    /// Which of them were under way when it ended, and none of them does it again.
    pub window: Vec<usize>,
    /// What is the same kind of thing.
    class: &'static str,
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

impl Fault {
    /// One that stands for itself.
    pub(super) fn new(kind: FaultKind, what: String, stderr: Vec<String>) -> Fault {
        Fault { kind, what, stderr, times: 1, at: None, window: vec![], class: "" }
    }

    /// The same, done by this request.
    pub(super) fn at(self, index: usize) -> Fault {
        Fault { at: Some(index), ..self }
    }

    /// The same in the numbers of a longer list, of which `asked` were asked.
    pub(super) fn among(&self, asked: &[usize]) -> Fault {
        let number = |index: &usize| asked.get(*index).copied();
        let window = self.window.iter().filter_map(number).collect();
        Fault { at: self.at.as_ref().and_then(number), window, ..self.clone() }
    }
}

/// Adds a fault; of a class of its own the first is told and the others are counted.
pub(super) fn add(faults: &mut Vec<Fault>, class: &'static str, fault: Fault) {
    let same = |known: &&mut Fault| known.kind == fault.kind && known.class == class;
    match faults.iter_mut().find(same) {
        Some(known) if !class.is_empty() => known.times += 1,
        _ => faults.push(Fault { class, ..fault }),
    }
}

/// A value as a line that is not long.
pub(super) fn bounded_value(value: &Value) -> String {
    bounded(&value.to_string())
}
