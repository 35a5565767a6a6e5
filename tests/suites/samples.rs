//! Samples read and run through the library.

use jotlab::jose::Jwk;
use jotlab::rsa::PrivateKey;
use jotlab::rsa::encoding::Key;
use jotlab::vectors::formats::{self, ReadError};
use jotlab::vectors::report::CaseReport;
use jotlab::vectors::{Contents, Jotlab, Options, Reading, Report, Suite, known, run};
use serde_json::Value;
use std::sync::OnceLock;

/// Reads a text as a file of its own.
pub(crate) fn read(text: &str) -> Result<Contents, ReadError> {
    formats::read("sample", text.as_bytes(), &|_| None)
}

/// The suite that a text is.
#[track_caller]
pub(crate) fn suite(text: &str) -> Suite {
    match read(text) {
        Ok(Contents::Suite(suite)) => suite,
        other => panic!("{other:?}"),
    }
}

/// What is wrong with a text of a known format: place and rule.
#[track_caller]
pub(crate) fn fault(text: &str) -> String {
    match read(text) {
        Err(error) => error.to_string(),
        Ok(other) => panic!("{other:?}"),
    }
}

/// Why a text is no suite, in the words of a report.
#[track_caller]
pub(crate) fn not_run(text: &str) -> String {
    match read(text) {
        Ok(Contents::OutOfScope(why) | Contents::Unknown(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// Runs one suite under a policy, with what is known of published ones.
pub(crate) fn report(mut suite: Suite, reading: Reading) -> Report {
    known().unwrap().apply(&mut suite);
    run(&[suite], &Jotlab::new(), &Options { reading, ..Options::default() })
}

/// How each case of a text came out.
#[track_caller]
pub(crate) fn cases(text: &str) -> Vec<CaseReport> {
    report(suite(text), Reading::Strict).suites.remove(0).cases
}

/// The word for each case of a text.
#[track_caller]
pub(crate) fn outcomes(text: &str) -> Vec<String> {
    cases(text).into_iter().map(|case| case.outcome).collect()
}

/// Why each case of a text was skipped or failed.
#[track_caller]
pub(crate) fn whys(text: &str) -> Vec<String> {
    cases(text).into_iter().map(|case| case.why.unwrap_or_default()).collect()
}

/// The same for a value.
#[track_caller]
pub(crate) fn outcomes_of(value: &Value) -> Vec<String> {
    outcomes(&value.to_string())
}

/// A text with one letter of hex changed: the last one of a field.
pub(crate) fn other_hex(hex: &str) -> String {
    let (rest, last) = hex.split_at(hex.len() - 1);
    format!("{rest}{}", if last == "0" { '1' } else { '0' })
}

/// An RSA key of our own making, one for all tests.
pub(crate) fn rsa() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(2048).unwrap())
}

/// The same as a JWK.
pub(crate) fn rsa_jwk() -> Jwk {
    Jwk::from(Key::Private(Box::new(PrivateKey::new(&rsa().components()).unwrap())))
}

/// An integer as Wycheproof writes it: two's complement, so perhaps with 00 in front.
pub(crate) fn signed_hex(number: &num_bigint::BigUint) -> String {
    hex::encode(num_bigint::BigInt::from(number.clone()).to_signed_bytes_be())
}
