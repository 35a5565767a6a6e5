//! An adapter as an implementation that suites can be run against.

use super::{Fault, Party, Peer};
use crate::vectors::{Answer, Implementation, Request};
use std::sync::{Mutex, PoisonError};

/// An adapter behind the trait that the runner asks.
pub struct Remote {
    name: String,
    peer: Mutex<Peer>,
}

impl Remote {
    /// From an adapter that said hello.
    pub fn new(peer: Peer) -> Remote {
        Remote { name: Party::name(&peer), peer: Mutex::new(peer) }
    }

    /// What went wrong on its side.
    pub fn faults(&self) -> Vec<Fault> {
        self.lock().faults().to_vec()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Peer> {
        // a thread that panicked left no request half asked
        self.peer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Implementation for Remote {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut peer = self.lock();
        if !peer.declares(request) {
            let algorithms = request.algorithms().join(",");
            let what = format!("{} {algorithms}", request.operation());
            return Answer::Unsupported(format!("{}: not declared", what.trim()));
        }
        if !peer.takes(request) {
            return Answer::Unsupported("beyond the adapter's limits".to_owned());
        }
        Peer::ask(&mut peer, core::slice::from_ref(request)).remove(0)
    }
}
