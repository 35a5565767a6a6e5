//! What is done about an adapter that ends or hangs: who did it is found by asking again, and it is started
//! anew.

use super::super::fault::{Fault, FaultKind, add};
use super::super::greet::{GLANCE, PeerError, greet};
use super::super::process::Heard;
use super::{Peer, Talk};
use crate::vectors::{Answer, Request};
use std::collections::VecDeque;
use std::time::Instant;

/// Crashes in a row, and crashes and hangs at all, after which an operation is given up.
const MOST_IN_A_ROW: usize = 5;
const MOST_CRASHES: usize = 40;
const MOST_HANGS: usize = 5;
/// Ends without a culprit after which the adapter is given up.
const MOST_FLAKY: usize = 40;

/// How an operation has fared.
#[derive(Default)]
pub(super) struct Trouble {
    pub(super) in_a_row: usize,
    crashes: usize,
    hangs: usize,
}

impl Trouble {
    fn is_too_much(&self) -> bool {
        self.in_a_row >= MOST_IN_A_ROW || self.crashes >= MOST_CRASHES || self.hangs >= MOST_HANGS
    }
}

/// What became of a request that was asked alone.
enum Alone {
    Done,
    Ended(String),
}

impl Peer {
    pub(super) fn is_given_up(&self, request: &Request) -> bool {
        self.trouble.get(request.operation()).is_some_and(Trouble::is_too_much)
    }

    /// The oldest request gets no answer: the adapter is ended, and the others are asked again.
    pub(super) fn oldest_hangs(&mut self, talk: &mut Talk<'_>) {
        let hung = talk.outstanding.pop_front();
        let others: Vec<usize> = talk.outstanding.drain(..).map(|o| o.index).collect();
        others.into_iter().rev().for_each(|index| talk.waiting.push_front(index));
        if let Some(hung) = hung {
            self.hangs(hung.index, talk);
        }
    }

    fn hangs(&mut self, index: usize, talk: &mut Talk<'_>) {
        let request = &talk.requests[index];
        let operation = request.operation();
        let mut what = format!("{operation}: no answer within {:?}", self.patience(request));
        let kind = match self.stray.take() {
            // it did say something: it is not stuck
            Some(stray) => {
                what += &format!("; what came instead: {stray}");
                FaultKind::Protocol
            }
            None => FaultKind::Hang,
        };
        if let Some(why) = self.process.why_silent() {
            what += &format!("; {why}");
        }
        talk.answers[index] = Some(Answer::Error(format!("{}: {what}", kind.name())));
        self.fault_at(index, kind, what);
        self.trouble.entry(operation).or_default().hangs += 1;
        self.tell_if_given_up(request, kind);
        self.restart();
    }

    /// Asks what was under way one by one: the request that ends the adapter again, as the first one of
    /// a new process, is the one.
    pub(super) fn replay(&mut self, how: &str, talk: &mut Talk<'_>) {
        let words = self.process.last_words();
        let window: Vec<usize> = talk.outstanding.drain(..).map(|o| o.index).collect();
        self.restart();
        let (mut is_new, mut crashed) = (true, false);
        for &index in &window {
            if self.is_over() {
                return;
            }
            if self.is_given_up(&talk.requests[index]) {
                talk.waiting.push_front(index);
                continue;
            }
            let mut alone = self.alone(index, talk);
            if !is_new && matches!(alone, Alone::Ended(_)) {
                self.restart();
                alone = self.alone(index, talk);
            }
            is_new = false;
            if let Alone::Ended(how) = alone {
                if self.is_over() {
                    return;
                }
                self.crashes(index, &how, talk);
                (is_new, crashed) = (true, true);
            }
        }
        if !crashed {
            self.ended_for_nothing(how, window, words);
        }
    }

    fn ended_for_nothing(&mut self, how: &str, window: Vec<usize>, words: Vec<String>) {
        let what = match window.len() {
            1 => format!("{how}, and the request does not make it do so again"),
            requests => {
                format!("{how}, and none of the {requests} requests under way does it again alone")
            }
        };
        let mut fault = Fault::new(FaultKind::Flaky, what, words);
        fault.window = window;
        add(&mut self.faults, "ended", fault);
        let flaky = |fault: &&Fault| fault.kind == FaultKind::Flaky;
        if self.faults.iter().filter(flaky).any(|fault| fault.times >= MOST_FLAKY) {
            let what = format!("given up after it ended {MOST_FLAKY} times for no reason");
            self.fault(FaultKind::Flaky, what);
            self.gone = true;
        }
    }

    /// Asks one thing and waits for it.
    fn alone(&mut self, index: usize, talk: &mut Talk<'_>) -> Alone {
        let request = &talk.requests[index];
        self.stray = None;
        talk.outstanding = VecDeque::from([self.send(index, request)]);
        let deadline = Instant::now() + self.patience(request);
        while !talk.outstanding.is_empty() && !self.is_over() {
            match self.process.hear(deadline.min(Instant::now() + GLANCE)) {
                Heard::Nothing if Instant::now() < deadline => {}
                Heard::Nothing => self.oldest_hangs(talk),
                Heard::End(how) => {
                    talk.outstanding.clear();
                    return Alone::Ended(how);
                }
                heard => self.take(heard, talk),
            }
        }
        Alone::Done
    }

    fn crashes(&mut self, index: usize, how: &str, talk: &mut Talk<'_>) {
        let request = &talk.requests[index];
        let what = format!("{}: {how}", request.operation());
        talk.answers[index] = Some(Answer::Error(format!("CRASH: {what}")));
        self.fault_at(index, FaultKind::Crash, what);
        let trouble = self.trouble.entry(request.operation()).or_default();
        trouble.in_a_row += 1;
        trouble.crashes += 1;
        self.tell_if_given_up(request, FaultKind::Crash);
        self.restart();
    }

    fn tell_if_given_up(&mut self, request: &Request, kind: FaultKind) {
        let operation = request.operation();
        let Some(trouble) = self.trouble.get(operation).filter(|t| t.is_too_much()) else { return };
        let how_often = match trouble {
            Trouble { in_a_row: MOST_IN_A_ROW.., .. } => {
                format!("{MOST_IN_A_ROW} crashes in a row")
            }
            Trouble { hangs: MOST_HANGS.., .. } => {
                format!("{MOST_HANGS} requests without an answer")
            }
            _ => format!("{MOST_CRASHES} crashes"),
        };
        let what = format!("{operation}: given up after {how_often}; the rest of it is not asked");
        add(&mut self.faults, operation, Fault::new(kind, what, vec![]));
    }

    fn restart(&mut self) {
        match greet(&self.command, self.timeout, &self.stop) {
            Ok(greeted) => {
                self.process = greeted.process;
                self.hello.window = greeted.hello.window;
            }
            // nobody waits for it any more
            Err(PeerError::Stopped) => {}
            Err(error) => {
                self.fault(FaultKind::Crash, format!("it does not start again: {error}"));
                self.gone = true;
            }
        }
    }
}
