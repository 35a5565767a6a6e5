//! Traces: they are as the standards print, they end as production does, they have one code path, and their
//! forms keep what they promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod endings;
mod figures;
mod forms;
mod one_path;
#[path = "../source/mod.rs"]
mod source;

use jotlab::explain::{Comparison, Trace};

/// The hex of a value of a step.
fn shown(trace: &Trace, id: &str, name: &str) -> String {
    let (_, step) = trace.step(id).unwrap_or_else(|| panic!("no step {id}"));
    step.value(name).unwrap_or_else(|| panic!("no {name} in {id}")).hex()
}

/// How many steps were put beside a figure; none of them may differ.
fn compared(trace: &Trace) -> usize {
    let figures: Vec<_> = trace.steps().filter_map(|(_, step)| step.figure).collect();
    assert!(figures.iter().all(|figure| figure.comparison == Comparison::Same), "{trace:?}");
    figures.len()
}
