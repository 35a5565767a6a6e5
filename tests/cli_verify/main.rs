//! The contract of the command for tokens and vectors: `sign`, `verify`, `decode`, `vectors`.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod altered;
mod batch;
mod claims;
mod decode;
mod explain;
mod forms;
mod hostile;
mod inputs;
mod keys;
mod relaxed;
mod report;
mod shell;
mod support;
mod vectors;
mod why;
