//! The cross-check beside adapters that are sick, or right but for one bug. Python plays them; where it is
//! missing that is said and passed over.

#![cfg(all(feature = "cli", unix))]
// a test says what is wrong by panicking, and prints what it measures
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod adapter;
mod exec;
mod files;
mod nway;
mod planted;
mod shrinking;
mod sick;
mod signed;
mod stopping;
#[expect(dead_code, reason = "shared with tests/interop")]
#[path = "../interop/tools.rs"]
mod tools;

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};
use tools::is_there;

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) took: Duration,
}

impl Ended {
    /// Fails, with all that was said, unless it ended so and said all of that.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, code, "{}", self.out);
        for part in said {
            assert!(self.out.contains(part), "\"{part}\" is missing in:\n{}", self.out);
        }
    }

    #[track_caller]
    pub(crate) fn expect_not(&self, part: &str) {
        assert!(!self.out.contains(part), "\"{part}\" is in:\n{}", self.out);
    }
}

pub(crate) fn has_python() -> bool {
    is_there("python3", Command::new("python3").args(["-c", "import hashlib, hmac, json"]))
}

/// `jotlab crosscheck` with arguments; stdout and stderr together.
pub(crate) fn crosscheck(arguments: &[&str]) -> Ended {
    let begin = Instant::now();
    let all = [&["crosscheck"], arguments].concat();
    let output = tools::jotlab(&all);
    let took = begin.elapsed();
    let out = [output.stdout, output.stderr].concat();
    let code = output.status.code().expect("the command is never ended by a signal");
    Ended { code, out: String::from_utf8_lossy(&out).into_owned(), took }
}

pub(crate) fn script(name: &str) -> String {
    format!("{}/tests/crosscheck/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Processes whose command line has the marker and keeps it: one that was killed may be seen for a moment more.
pub(crate) fn left_behind(marker: &str) -> Vec<String> {
    let last = Instant::now() + Duration::from_secs(5);
    loop {
        let there = running(marker);
        if there.is_empty() || Instant::now() > last {
            return there;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn running(marker: &str) -> Vec<String> {
    let own = std::process::id().to_string();
    let mut found = vec![];
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(marker) && *entry.file_name() != *own {
            found.push(line);
        }
    }
    found
}
