//! Bearer tokens in front of routes, and the server `jotlab service`: what is let through, what is answered
//! and logged, and what happens when the issuer, the next service or the caller misbehaves.
#![cfg(feature = "service")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../key_server/faults.rs"]
mod faults_table;
#[path = "../http/mod.rs"]
mod http;
#[path = "../key_server/mod.rs"]
mod key_server;

mod answers;
#[cfg(all(feature = "cli", unix))]
mod command;
mod crowd;
#[cfg(all(feature = "cli", unix))]
mod faults;
mod forward;
mod support;
