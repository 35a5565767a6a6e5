//! Other implementations, as child processes that speak `xcheck/1`: JSON lines, one answer for each request.
//!
//! | file | what stands there |
//! |---|---|
//! | `wire` | requests and answers as lines |
//! | `process` | the child: its pipes, its group, its last words |
//! | `greet`, `hello` | the first words, and what an adapter declares |
//! | `peer` | the conversation: window, ids, timeouts, who crashed |
//! | `fault` | what goes wrong on the other side |
//! | `remote` | an adapter that suites are run against |
//! | `sources` | what is asked: random and edge cases from a seed |
//! | `difference`, `signed` | an answer beside ours; a token that is spelt otherwise |
//! | `shrink` | the smallest input that still disagrees |
//! | `trace` | the first step that differs |
//! | `diagnosis` | which known bug gives just this answer |
//! | `keep` | a disagreement as a vector to keep |
//! | `exec` | a plain command in the place of an adapter |
//! | `compare` | several parties beside this library, and what was found |
//! | `adapters` | adapters to begin with, one a language |
//!
//! The other side's faults are findings, never the end of a run.

pub mod adapters;
mod compare;
mod diagnosis;
mod difference;
mod exec;
mod fault;
mod greet;
mod group;
mod hello;
mod keep;
mod peer;
mod process;
mod remote;
mod shrink;
mod signed;
mod sources;
mod trace;
pub mod wire;

pub use compare::{Asked, Closer, Coverage, Disagreement, Findings, compare, label, look_closer};
pub use diagnosis::diagnose;
pub use difference::{Side, difference};
pub use exec::Exec;
pub use fault::{Fault, FaultKind};
pub use greet::PeerError;
#[cfg(feature = "cli")]
pub(crate) use group::end_all;
pub use hello::{Hello, Limits};
pub use keep::vector;
pub use peer::Peer;
pub use remote::Remote;
pub use shrink::shrink;
pub use sources::{Wanted, random};
pub use trace::{Parting, Step, parting, steps};

use crate::vectors::{Answer, Request};

/// Somebody who can be asked many things at once.
pub trait Party {
    /// What reports call it.
    fn name(&self) -> String;

    /// Whether it has the operation and the algorithm.
    fn declares(&self, request: &Request) -> bool;

    /// Whether a request that it declares is within its limits.
    fn takes(&self, request: &Request) -> bool;

    /// What it declares by names that xcheck/1 does not have here, so that it is never asked.
    fn unknown(&self) -> Vec<String> {
        vec![]
    }

    /// Asks; the answers are in the order of the requests.
    fn ask(&mut self, requests: &[Request]) -> Vec<Answer>;

    /// What went wrong on its side so far.
    fn faults(&self) -> &[Fault];

    /// Its intermediate values of one request, if it has the feature.
    fn trace(&mut self, _request: &Request) -> Vec<Step> {
        vec![]
    }

    /// What was given up may be asked again.
    fn forgive(&mut self) {}
}

impl Party for Peer {
    fn name(&self) -> String {
        self.hello().name.clone()
    }

    fn declares(&self, request: &Request) -> bool {
        self.hello().declares(request)
    }

    fn takes(&self, request: &Request) -> bool {
        self.hello().takes(request)
    }

    fn unknown(&self) -> Vec<String> {
        self.hello().unknown()
    }

    fn ask(&mut self, requests: &[Request]) -> Vec<Answer> {
        Peer::ask(self, requests)
    }

    fn faults(&self) -> &[Fault] {
        Peer::faults(self)
    }

    fn trace(&mut self, request: &Request) -> Vec<Step> {
        Peer::trace(self, request)
    }

    fn forgive(&mut self) {
        Peer::forgive(self);
    }
}
