//! JWS tokens with the key or the set of keys of their group.

use super::Asked;
use crate::vectors::case::{Expected, Label, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::formats::node::Node;
use crate::vectors::question::Request;
use serde_json::Value;

/// `JsonWebSignature` and `JsonWebKey`: verified with the public key or set if there is one, else with the
/// private one. A key of a family that is not here is skipped by its name.
pub(super) fn signature(
    group: &Node<'_>,
    test: &Node<'_>,
    label: Label,
) -> Result<Asked, ReadError> {
    let keys = keys(group)?;
    let jws = test.get("jws")?;
    let token = token(&jws)?;
    if let Some(needs) = unsupported(keys.value) {
        return Ok(Asked::Skip(needs));
    }
    let request = Request::JwsVerify {
        token,
        payload: None,
        keys: keys.value.to_string(),
        algorithms: vec![],
        allow: vec![],
    };
    let expected = match label {
        Label::Invalid => Expected::Refuse(None),
        _ => match test.find("pt")? {
            Some(payload) => Expected::Output(payload.hex()?),
            None => Expected::Accept,
        },
    };
    Ok(Asked::Questions(vec![Question { request, expected }]))
}

/// `JsonWebCrypto`: signed or encrypted.
pub(super) fn mixed(group: &Node<'_>, test: &Node<'_>, label: Label) -> Result<Asked, ReadError> {
    if test.find("jws")?.is_some() {
        return signature(group, test, label);
    }
    test.get("jwe")?;
    Ok(Asked::Skip("JWE: not yet".to_owned()))
}

fn keys<'v>(group: &Node<'v>) -> Result<Node<'v>, ReadError> {
    match group.find("public")? {
        Some(public) => Ok(public),
        None => group.get("private"),
    }
}

/// A token is a text, or a JSON serialization written as the object that it is.
fn token(jws: &Node<'_>) -> Result<String, ReadError> {
    match jws.value {
        Value::Object(_) => Ok(jws.value.to_string()),
        _ => jws.text().map(str::to_owned),
    }
}

/// Why this library can say nothing of a case: every key is of a family that it does not have. A token of
/// such an algorithm for a key that it does have is run: it must be refused.
fn unsupported(keys: &Value) -> Option<String> {
    let keys: Vec<&Value> = match keys.get("keys").and_then(Value::as_array) {
        Some(set) => set.iter().collect(),
        None => vec![keys],
    };
    let mut needs = keys.iter().map(|key| needs(key));
    let first = needs.next()??;
    needs.all(|needs| needs.is_some()).then_some(first)
}

/// What a key needs that is not here.
fn needs(key: &Value) -> Option<String> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    match text("kty") {
        Some("EC") => Some("ECDSA: not yet".to_owned()),
        Some("OKP") => Some("EdDSA: not yet".to_owned()),
        _ => match text("alg") {
            Some(alg) if alg.starts_with("PS") => Some("RSASSA-PSS: not yet".to_owned()),
            _ => None,
        },
    }
}
