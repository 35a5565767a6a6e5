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

/// How often each row is visited: so many times as long lies between its first sample and its last.
const PASSES: usize = 3;

fn main() -> ExitCode {
    let provider = &jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
    jsonwebtoken::crypto::CryptoProvider::install_default(provider).expect("it is the first");
    let mut table = Table::from_arguments().in_passes(PASSES);
    for _ in 0..PASSES {
        hash::rows(&mut table);
        base64::rows(&mut table);
        rsa::rows(&mut table);
        jwt::rows(&mut table);
        suite::rows(&mut table);
        scaling::rows(&mut table);
    }
    table.finish()
}
