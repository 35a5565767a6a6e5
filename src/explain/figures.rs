//! The standards' own figures beside a trace: where a standard or its institute prints the inner values of
//! this very input, the steps that were compared say so.

use super::trace::Trace;
use crate::sha2::Algorithm;
use crate::vectors::figures::model::{self, Operation};
use crate::vectors::{Suite, embedded_file};
use std::sync::LazyLock;

/// A file of figures, read once: reading takes longer than a trace.
type Figures = LazyLock<Option<Suite>>;

static FIPS_180_4: Figures = LazyLock::new(|| embedded_file("rfc/fips180-4.json")?.read().ok());
static RFC_4231: Figures = LazyLock::new(|| embedded_file("rfc/rfc4231.json")?.read().ok());

/// The rounds of SHA-2 that NIST prints.
pub(super) fn compare_sha2(trace: &mut Trace, algorithm: Algorithm, message: &[u8]) {
    let is_this = |operation: &Operation| match operation {
        Operation::Sha2(figure) => {
            let same = figure.alg.0 == algorithm;
            let message = figure.msg.as_ref().is_some_and(|msg| msg.0 == message);
            figure.steps.clone().filter(|_| same && message)
        }
        _ => None,
    };
    let Some(steps) = find(&FIPS_180_4, is_this) else { return };
    for (b, block) in steps.blocks.iter().enumerate() {
        for (t, round) in block.rounds.iter().enumerate() {
            let id = format!("{}.b{b}.r{t}", algorithm.command_name());
            let letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
            trace.compare(&id, "NIST", letters.into_iter().zip(round.iter().map(String::as_str)));
        }
    }
}

/// The codes that RFC 4231 prints, and the inner values of its cases, which it does not: those of the vectors
/// were computed by RFC 2104 §2.
pub(super) fn compare_hmac(trace: &mut Trace, algorithm: Algorithm, key: &[u8], message: &[u8]) {
    let is_this = |operation: &Operation| match operation {
        Operation::Hmac(figure) => {
            let same = figure.alg.0 == algorithm && figure.key.0 == key && figure.msg.0 == message;
            same.then(|| (figure.steps.clone(), figure.tag.0.clone()))
        }
        _ => None,
    };
    let Some((steps, tag)) = find(&RFC_4231, is_this) else { return };
    if tag.len() == algorithm.digest_bytes() {
        trace.compare("hmac.outer", "RFC 4231", [("tag", hex::encode(&tag).as_str())]);
    }
    let Some(steps) = steps else { return };
    for (id, name, stated) in [
        ("hmac.k0", "K0", &steps.k0),
        ("hmac.ipad", "K0 ⊕ ipad", &steps.ipad),
        ("hmac.opad", "K0 ⊕ opad", &steps.opad),
        ("hmac.inner", "inner", &steps.inner),
    ] {
        trace.compare(id, "the vectors", [(name, hex::encode(&stated.0).as_str())]);
    }
}

/// The first figure of a file that is of this input.
fn find<T>(suite: &Figures, is_this: impl Fn(&model::Operation) -> Option<T>) -> Option<T> {
    let suite = suite.as_ref()?;
    let mut figures = suite.cases.iter().filter_map(|case| case.figure.as_ref());
    figures.find_map(|figure| is_this(&figure.operation))
}
