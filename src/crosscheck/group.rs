//! Children that lead a process group of their own, so that what they start can be ended with them.

use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::BTreeSet;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The groups whose leaders have been started and not yet ended.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A child that is ended with its group when the value goes.
pub(super) struct Leader(pub(super) Child);

impl Leader {
    pub(super) fn start(command: &mut Command) -> io::Result<Leader> {
        // held until the child is noted: `end_all` finds each that runs
        let mut running = running();
        let child = command.process_group(0).spawn()?;
        running.insert(child.id());
        Ok(Leader(child))
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let mut running = running();
        end(self.0.id());
        running.remove(&self.0.id());
        drop(running);
        let _gone_already = self.0.wait();
    }
}

/// Ends every group that runs. Whoever would start another waits for ever: only the end of the process may
/// follow.
pub(crate) fn end_all() {
    let running = running();
    running.iter().copied().for_each(end);
    core::mem::forget(running);
}

fn end(group: u32) {
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        let _gone_already = kill_process_group(group, Signal::KILL);
    }
}

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
