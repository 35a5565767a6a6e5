//! Flat suites: one list of tests, each a whole token with its key and whether it is valid.

use super::node::{JsonPath, Node};
use super::{Contents, ReadError};
use crate::base64::encode_url;
use crate::jose::{Algorithm, json};
use crate::vectors::case::{Case, Expected, Label, Question, Suite};
use crate::vectors::question::Request;
use serde_json::{Map, Value, json};

pub(super) fn read(file: &str, root: &Map<String, Value>) -> Result<Contents, ReadError> {
    let value = Value::Object(root.clone());
    let root = Node::new(file, JsonPath::root(), &value);
    let kind = root.get("testType")?.text()?;
    if kind != "JwsVerify" {
        let kind = json::bounded(kind);
        return Ok(Contents::OutOfScope(format!("a flat suite of type {kind}: not read here")));
    }
    let algorithm = root.get("algorithm")?.get("primitive")?.text()?;
    let mut cases = vec![];
    for test in root.get("tests")?.items()? {
        cases.push(case(&test, algorithm)?);
    }
    if let Some(stated) = root.find("numTests")?
        && stated.number()? != cases.len() as u64
    {
        let what = format!("{} tests were read, {} are stated", cases.len(), stated.shown());
        return Err(stated.fault(what));
    }
    Ok(Contents::Suite(Suite {
        name: format!("JWS {}", json::bounded(algorithm)),
        source: "a flat suite of tokens".to_owned(),
        file: file.to_owned(),
        format: "flat",
        cases,
    }))
}

fn case(test: &Node<'_>, algorithm: &str) -> Result<Case, ReadError> {
    let valid = test.get("valid")?.truth()?;
    let case = Case {
        id: test.get("tcId")?.name()?,
        comment: test.text_or_empty("comment")?,
        flags: test.texts("flags")?,
        label: if valid { Label::Valid } else { Label::Invalid },
        ..Case::default()
    };
    if Algorithm::from_name(algorithm).is_none() {
        let skip = Some(format!("{}: not yet", json::bounded(algorithm)));
        return Ok(Case { skip, ..case });
    }
    let sig = test.get("sig")?;
    let token = match sig.value {
        Value::Object(_) => sig.value.to_string(),
        _ => sig.text()?.to_owned(),
    };
    let request = Request::JwsVerify {
        token,
        payload: None,
        keys: keys(test)?,
        // the suite's algorithm and no other
        algorithms: vec![algorithm.to_owned()],
        allow: vec![],
    };
    let expected = match (valid, test.find("msg")?) {
        (false, _) => Expected::Refuse(None),
        (true, Some(message)) => Expected::Output(message.hex()?),
        (true, None) => Expected::Accept,
    };
    Ok(Case { questions: vec![Question { request, expected }], ..case })
}

/// A secret is `key`, in hex: what stands as `keyJwk` beside it is not the same. A public key is a JWK or PEM.
fn keys(test: &Node<'_>) -> Result<String, ReadError> {
    if let Some(secret) = test.find("key")? {
        return Ok(json!({ "kty": "oct", "k": encode_url(&secret.hex()?) }).to_string());
    }
    match test.find("publicKeyJwk")? {
        Some(jwk) => Ok(jwk.value.to_string()),
        None => Ok(test.get("publicKeyPem")?.text()?.to_owned()),
    }
}
