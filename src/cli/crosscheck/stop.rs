//! Ctrl-C ends a run in good order: children go, and what was found so far is told.

use crate::cli::exit::Fault;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A flag that Ctrl-C and a polite kill set.
pub(in crate::cli) fn flag() -> Result<Arc<AtomicBool>, Fault> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // a second one ends the process at once
        let second = signal_hook::flag::register_conditional_shutdown(signal, 130, flag.clone());
        second
            .and_then(|_| signal_hook::flag::register(signal, flag.clone()))
            .map_err(|error| Fault::usage(format_args!("cannot catch signals: {error}")))?;
    }
    Ok(flag)
}
