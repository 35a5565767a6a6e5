//! The page `jotlab study` over loopback HTTP: who may ask, what every answer carries, what each view says, and
//! that no input makes it say anything else.
#![cfg(feature = "study")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../http/mod.rs"]
mod http;

mod client;
#[cfg(feature = "cli")]
mod command;
mod guard;
mod hostile;
mod views;
