//! The keys of an issuer by its address: what can be wrong with it, how often it is asked, and what is used
//! meanwhile. The issuers are servers of these tests.
#![cfg(feature = "client")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../key_server/faults.rs"]
mod faults_table;
#[path = "../key_server/mod.rs"]
mod key_server;

mod cache;
#[cfg(feature = "cli")]
mod command;
mod fetch;
mod flight;
#[cfg(feature = "cli")]
mod others;
mod tls;
mod tools;
