//! Every embedded suite, by every way of hashing that this machine has.

use jotlab::sha2::backend::Backend;
use jotlab::vectors::{Counts, Outcome, embedded, run};

#[test]
fn every_case_of_every_suite_passes_on_every_backend() {
    let suites = embedded().unwrap();
    for backend in Backend::all() {
        let mut counts = Counts::default();
        let mut failures = vec![];
        for suite in &suites {
            for case in &suite.cases {
                let outcome = run(case, backend);
                counts.add(&outcome);
                if let Outcome::Failed(why) = outcome {
                    failures.push(format!("{}/{}: {why}", suite.file, case.id));
                }
            }
        }
        assert!(failures.is_empty(), "{}:\n{}", backend.name, failures.join("\n"));
        // a suite that is lost would pass as well: this many cases are there
        assert_eq!((counts.passed, counts.skipped), (136, 49), "{}", backend.name);
    }
}
