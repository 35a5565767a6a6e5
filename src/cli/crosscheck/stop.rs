//! Ctrl-C ends a run in good order: children go, and what was found so far is told.

use crate::cli::exit::Fault;
use crate::crosscheck::end_all;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What the shell says of a process that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// A flag that Ctrl-C and a polite kill set. A second one ends the process at once, its children first.
pub(in crate::cli) fn flag() -> Result<Arc<AtomicBool>, Fault> {
    let cannot = |error| Fault::usage(format_args!("cannot catch signals: {error}"));
    let flag = Arc::new(AtomicBool::new(false));
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(cannot)?;
    let set = flag.clone();
    let listen = move || {
        for _signal in signals.forever() {
            if set.swap(true, Ordering::Relaxed) {
                end_all();
                signal_hook::low_level::exit(INTERRUPTED);
            }
        }
    };
    thread::Builder::new().spawn(listen).map_err(cannot)?;
    Ok(flag)
}
