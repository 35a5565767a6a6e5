//! Suites in every format, by samples of ours in the published shapes; the runner, its reports, and the
//! faults that a stranger's files have.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on has failed; a value is made where it is passed"
)]

mod acvp;
mod cavp;
mod chain;
mod errata;
mod faults;
mod files;
mod junit;
mod markdown;
mod merge;
mod report;
mod ruling;
mod samples;
mod token_suites;
#[path = "../interop/tools.rs"]
mod tools;
mod wycheproof;
mod wycheproof_tokens;
