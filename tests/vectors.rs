//! Every published suite that comes with the library: how many cases ran, and that none failed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jotlab::sha2::Algorithm;
use jotlab::sha2::backend::Backend;
use jotlab::vectors::report::SuiteReport;
use jotlab::vectors::{self, Jotlab, Options, Suite};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The suites of a directory of `vectors/`, with what is known of them.
fn group(directory: &str) -> Vec<Suite> {
    let known = vectors::known().unwrap();
    let mut suites = vectors::embedded().unwrap();
    suites.retain(|suite| suite.file.starts_with(directory));
    suites.iter_mut().for_each(|suite| known.apply(suite));
    suites
}

/// Runs a group on every way of hashing at once: passed and skipped, after all else was found to be zero.
fn passed_and_skipped(directory: &str) -> (usize, usize) {
    let report = vectors::run(&group(directory), &Jotlab::new(), &Options::default());
    let counts = report.counts();
    let failed: Vec<String> =
        report.suites.iter().flat_map(SuiteReport::failed).map(|c| format!("{c:?}")).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!(counts.explained, 0);
    (counts.passed, counts.skipped)
}

// A suite that is lost would pass as well: so many cases are there.

#[test]
fn the_figures_of_the_rfcs_hold_on_every_backend() {
    assert_eq!(passed_and_skipped("rfc/"), (138, 49));
    // alone as well: a way of hashing that is never asked first is asked here
    for backend in Backend::all() {
        let alone = Jotlab::with_backend(backend);
        let counts = vectors::run(&group("rfc/"), &alone, &Options::default()).counts();
        assert_eq!((counts.passed, counts.failed), (138, 0), "{}", backend.name);
    }
}

#[test]
fn the_files_of_nist_pass() {
    // 646 + 640 + 600 of SHA-2, and of RSA 360 + 120 + 3 × 200; what is skipped is SHA-1
    assert_eq!(passed_and_skipped("cavp/"), (646 + 640 + 600 + 360 + 120 + 600, 90 + 30 + 150));
}

#[test]
fn the_files_of_wycheproof_pass() {
    let macs: usize = [172, 174, 174, 174, 173, 175].iter().sum();
    let keys: usize = [58, 60, 58, 58].iter().sum();
    assert_eq!(passed_and_skipped("wycheproof/"), (macs + keys + 4395 + 317, 0));
}

#[test]
fn our_own_suites_pass() {
    assert_eq!(passed_and_skipped("jotlab/"), (665, 0));
}

/// `vectors/README.md` says of each file that is not ours which it is.
#[test]
fn published_files_are_byte_for_byte_those_that_the_readme_lists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let listed: BTreeSet<String> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter(|row| row.starts_with("cavp/") || row.starts_with("wycheproof/"))
        .map(|row| row.trim_end_matches('|').trim().replace('`', ""))
        .collect();
    let mut found = BTreeSet::new();
    for directory in ["cavp", "wycheproof"] {
        for entry in fs::read_dir(root.join(directory)).unwrap() {
            let entry = entry.unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            let digest = Algorithm::Sha256.digest(&bytes);
            let name = entry.file_name().into_string().unwrap();
            found.insert(format!("{directory}/{name} | {} | {digest}", bytes.len()));
            assert!(
                vectors::embedded_file(&format!("{directory}/{name}")).is_some(),
                "{name}: not embedded"
            );
        }
    }
    assert_eq!(listed, found);
}
