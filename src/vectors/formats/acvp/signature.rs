//! RSA: `sigVer`, and `sigGen`, which has no private key: its signatures must verify.

use crate::sha2::Algorithm;
use crate::vectors::case::{Case, Expected, Label, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::formats::node::Node;
use crate::vectors::question::Request;

pub(super) fn verify(group: &Node<'_>, test: &Node<'_>) -> Result<Case, ReadError> {
    let passed = test.get("testPassed")?.truth()?;
    let (label, expected) = if passed {
        (Label::Valid, Expected::Accept)
    } else {
        (Label::Invalid, Expected::Refuse(None))
    };
    let comment = test.text_or_empty("reason")?;
    Ok(Case { comment, label, ..signature(group, test, expected)? })
}

pub(super) fn generate(group: &Node<'_>, test: &Node<'_>) -> Result<Case, ReadError> {
    signature(group, test, Expected::Accept)
}

fn signature(group: &Node<'_>, test: &Node<'_>, expected: Expected) -> Result<Case, ReadError> {
    let kind = group.get("sigType")?.text()?;
    match kind {
        "pkcs1v1.5" => {}
        "pss" => return Ok(Case::skipped("", "RSASSA-PSS: not yet")),
        other => return Ok(Case::skipped("", format!("{other}: not part of jotlab"))),
    }
    let hash = group.get("hashAlg")?.text()?;
    let Some(hash) = hash_of(hash) else {
        return Ok(Case::skipped("", format!("{hash}: not part of jotlab")));
    };
    let request = Request::RsaVerify {
        hash,
        n: group.get("n")?.unsigned()?,
        e: group.get("e")?.unsigned()?,
        message: test.get("message")?.hex()?,
        signature: test.get("signature")?.hex()?,
    };
    Ok(Case { questions: vec![Question { request, expected }], ..Case::default() })
}

/// `SHA2-256` and `SHA2-512/224`; `SHA-1` is not here.
fn hash_of(name: &str) -> Option<Algorithm> {
    let digits = name.strip_prefix("SHA2-")?;
    format!("SHA-{digits}").parse().ok()
}
