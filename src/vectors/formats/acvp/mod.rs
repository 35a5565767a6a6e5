//! NIST ACVP: JSON with upper-case hex and lengths in bits, in three shapes.
//!
//! `prompt.json` with `expectedResults.json` beside it; `internalProjection.json`, which has both; and the
//! wire form, an array of a version and one of these. The answers are put into the prompt's tests, so that
//! the readers see one shape.
//!
//! | file | what |
//! |---|---|
//! | `answers` | prompt and answers to one |
//! | `hash` | `SHA2-*` (AFT, MCT, LDT) and `HMAC-SHA2-*` |
//! | `signature` | RSA `sigVer` and `sigGen` |

mod answers;
mod hash;
mod signature;

use super::node::{JsonPath, Node};
use super::{Beside, Contents, ReadError};
use crate::jose::json;
use crate::vectors::case::{Case, Suite};
use serde_json::Value;

/// The file that has the answers to a prompt.
const ANSWERS: &str = "expectedResults.json";

/// Whether an array is the wire form: a version, then a vector set.
pub(super) fn is_wire(parts: &[Value]) -> bool {
    parts.iter().any(|part| part.get("acvVersion").is_some())
        && parts.iter().any(|part| part.get("testGroups").is_some())
}

/// The wire form: whichever of its parts have groups; two of them are prompt and answers.
pub(super) fn read_wire(
    file: &str,
    parts: &[Value],
    beside: Beside<'_>,
) -> Result<Contents, ReadError> {
    let mut sets = parts.iter().filter(|part| part.get("testGroups").is_some());
    let Some(set) = sets.next() else {
        return Ok(Contents::Unknown("no vector set".to_owned()));
    };
    match sets.next() {
        Some(answers) => read_set(file, &answers::joined(file, set, answers)?),
        None => read(file, set, beside),
    }
}

pub(super) fn read(file: &str, set: &Value, beside: Beside<'_>) -> Result<Contents, ReadError> {
    if answers::has_no_prompts(set) {
        return Ok(Contents::OutOfScope(
            "answers only: they are read with the prompt.json beside them".to_owned(),
        ));
    }
    if answers::has_answers(set) {
        return read_set(file, set);
    }
    let Some(text) = beside(ANSWERS) else {
        return Ok(Contents::OutOfScope(format!(
            "a prompt without answers: no {ANSWERS} beside it"
        )));
    };
    let answers: Value = json::parse(&text).map_err(|error| {
        let what = format!("{ANSWERS} beside it: {error}");
        ReadError::at(file, "", what)
    })?;
    // answers have the wire form as well
    let answers = match answers {
        Value::Array(parts) => parts.into_iter().find(|part| part.get("testGroups").is_some()),
        set => Some(set),
    };
    let what = || ReadError::at(file, "", format!("{ANSWERS} beside it has no testGroups"));
    let answers = answers.ok_or_else(what)?;
    read_set(file, &answers::joined(file, set, &answers)?)
}

fn read_set(file: &str, set: &Value) -> Result<Contents, ReadError> {
    let root = Node::new(file, JsonPath::root(), set);
    let algorithm = root.get("algorithm")?.text()?;
    let mode = root.text_or_empty("mode")?;
    let mut cases = vec![];
    for group in root.get("testGroups")?.items()? {
        for test in group.get("tests")?.items()? {
            let id = test.get("tcId")?.name()?;
            let case = match (algorithm, mode.to_ascii_lowercase().as_str()) {
                (name, _) if name.starts_with("SHA2-") => hash::sha2(name, &group, &test)?,
                (name, _) if name.starts_with("HMAC-SHA2-") => hash::hmac(name, &group, &test)?,
                ("RSA", "sigver") => signature::verify(&group, &test)?,
                ("RSA", "siggen") => signature::generate(&group, &test)?,
                (name, mode) => {
                    let name = json::bounded(format!("{name} {mode}").trim());
                    Case::skipped("", format!("{name}: not part of jotlab"))
                }
            };
            cases.push(Case { id, ..case });
        }
    }
    Ok(Contents::Suite(Suite {
        name: format!("{algorithm} {mode}").trim().to_owned(),
        source: "NIST ACVP".to_owned(),
        file: file.to_owned(),
        format: "acvp",
        cases,
    }))
}
