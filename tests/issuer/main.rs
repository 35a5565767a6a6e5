//! `jotlab issuer` over loopback HTTP: the whole journey with the built command, and everything that must not
//! make it say yes, lose a key, or fall over.
#![cfg(all(feature = "serve", feature = "cli", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../http/mod.rs"]
mod http;

mod client;
mod directory;
mod journey;
mod kills;
mod limits;
mod peers;
mod process;
mod refusals;
mod rotation;
mod stopping;
