//! Wycheproof, version 1: `testGroups` of `tests`, each with `result` and `flags`.
//!
//! | file | types |
//! |---|---|
//! | `primitives` | `MacTest`, `PbkdfTest`, `RsassaPkcs1Verify`, `RsassaPkcs1Generate`, `PrimalityTest` |
//! | `tokens` | `JsonWebSignature`, `JsonWebKey`, `JsonWebCrypto` |
//!
//! Of every other type the tests are counted and skipped by reason.

mod primitives;
mod tokens;

use super::node::{JsonPath, Node};
use super::{Contents, ReadError};
use crate::jose::json::bounded;
use crate::vectors::case::{Case, Label, Question, Suite};
use serde_json::{Map, Value};

/// Types that this library will have, and all other types, by why they are skipped.
const NOT_YET: [(&str, &str); 5] = [
    ("RsassaPssVerify", "RSASSA-PSS"),
    ("RsassaPssWithParametersVerify", "RSASSA-PSS"),
    ("EcdsaP1363Verify", "ECDSA"),
    ("EddsaVerify", "EdDSA"),
    ("JsonWebEncryption", "JWE"),
];

pub(super) fn read(file: &str, root: &Map<String, Value>) -> Result<Contents, ReadError> {
    let value = Value::Object(root.clone());
    let root = Node::new(file, JsonPath::root(), &value);
    let schema = root.get("schema")?;
    if !schema.text()?.contains("schema") {
        return Err(schema.fault(format!("no schema of Wycheproof: {}", schema.shown())));
    }
    let notes = root.find("notes")?;
    let mut cases = vec![];
    for group in root.get("testGroups")?.items()? {
        let kind = group.get("type")?.text()?;
        for test in group.get("tests")?.items()? {
            let case = case(&root, &group, kind, &test)?;
            cases.push(Case { severity: severity(notes.as_ref(), &case.flags), ..case });
        }
    }
    let stated = root.get("numberOfTests")?;
    if stated.number()? != cases.len() as u64 {
        let what = format!("{} tests were read, {} are stated", cases.len(), stated.shown());
        return Err(stated.fault(what));
    }
    let algorithm = root.text_or_empty("algorithm")?;
    let name = if algorithm.is_empty() { schema.text()?.to_owned() } else { algorithm };
    Ok(Contents::Suite(Suite {
        name,
        source: "Wycheproof".to_owned(),
        file: file.to_owned(),
        format: "wycheproof",
        cases,
    }))
}

fn case(root: &Node<'_>, group: &Node<'_>, kind: &str, test: &Node<'_>) -> Result<Case, ReadError> {
    let result = test.get("result")?;
    let label = Label::from_name(result.text()?)
        .ok_or_else(|| result.fault("valid, invalid or acceptable is expected"))?;
    let case = Case {
        id: test.get("tcId")?.name()?,
        comment: test.text_or_empty("comment")?,
        flags: test.texts("flags")?,
        label,
        ..Case::default()
    };
    let asked = match kind {
        "MacTest" => primitives::mac(root, group, test, label)?,
        "PbkdfTest" => primitives::pbkdf2(root, test, label)?,
        "RsassaPkcs1Verify" => primitives::rsa_verify(group, test, label)?,
        "RsassaPkcs1Generate" => primitives::rsa_generate(group, test, label)?,
        "PrimalityTest" => primitives::primality(test, label)?,
        "JsonWebSignature" | "JsonWebKey" => tokens::signature(group, test, label)?,
        "JsonWebCrypto" => tokens::mixed(group, test, label)?,
        _ => match NOT_YET.iter().find(|(name, _)| *name == kind) {
            Some((_, needs)) => Asked::Skip(format!("{needs}: not yet")),
            None => Asked::Skip(format!("{}: not part of jotlab", bounded(kind))),
        },
    };
    Ok(match asked {
        Asked::Questions(questions) => Case { questions, ..case },
        Asked::Skip(why) => Case { skip: Some(why), ..case },
    })
}

/// What a test asks, or why it is not run.
enum Asked {
    Questions(Vec<Question>),
    Skip(String),
}

/// The kind of bug that the first flag with one stands for. Older files have a text for a note.
fn severity(notes: Option<&Node<'_>>, flags: &[String]) -> Option<String> {
    let kind = |flag: &String| {
        let note = notes?.find(flag).ok()??;
        Some(note.value.get("bugType")?.as_str()?.to_owned())
    };
    flags.iter().find_map(kind)
}
