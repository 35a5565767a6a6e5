//! How fast jotlab is against the crates that the trade uses.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml`; behind `--`: `--quick`, `--json`, and
//! `--svg FILE` for a plot.

#[path = "../../interleave/mod.rs"]
mod interleave;

mod base64;
mod hash;
mod jwt;
mod keys;
mod rsa;
mod scaling;
mod suite;

use interleave::Table;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut table = Table::from_arguments();
    hash::rows(&mut table);
    base64::rows(&mut table);
    rsa::rows(&mut table);
    jwt::rows(&mut table);
    suite::rows(&mut table);
    scaling::rows(&mut table);
    table.finish()
}
