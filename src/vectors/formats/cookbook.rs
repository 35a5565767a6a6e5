//! The JSON of RFC 7520's examples: `input`, `signing` (one or a list), `output`.

use super::node::{JsonPath, Node};
use super::{Contents, ReadError};
use crate::jose::{Algorithm, json};
use crate::vectors::case::{Case, Expected, Question, Suite};
use crate::vectors::question::Request;
use serde_json::{Map, Value};

/// The serializations that an example may have.
const FORMS: [&str; 3] = ["compact", "json", "json_flat"];

pub(super) fn read(file: &str, root: &Map<String, Value>) -> Result<Contents, ReadError> {
    let value = Value::Object(root.clone());
    let root = Node::new(file, JsonPath::root(), &value);
    if root.find("signing")?.is_none() {
        return Ok(Contents::OutOfScope("JWE: not yet".to_owned()));
    }
    let title = root.text_or_empty("title")?;
    let signings = one_or_more(root.get("signing")?)?;
    // an algorithm outside of the protected header is let pass by name
    let bare = |node: &Node<'_>| node.value.pointer("/protected/alg").is_none();
    let allow = if signings.iter().any(bare) { vec!["unprotected-alg".to_owned()] } else { vec![] };
    let input = root.get("input")?;
    let keys = one_or_more(either(&input, "key", "keys")?)?;
    let algorithms = one_or_more(either(&input, "alg", "algs")?)?;
    let mut cases = vec![];
    for (index, signing) in signings.iter().enumerate() {
        let key = keys.get(index).or(keys.first()).ok_or_else(|| input.fault("no key"))?;
        let algorithm = algorithms.get(index).or(algorithms.first());
        let algorithm = algorithm.ok_or_else(|| input.fault("no alg"))?.text()?;
        signing.get("sig")?.text()?;
        let case = Case {
            id: (index + 1).to_string(),
            comment: format!("{title} {algorithm}").trim().to_owned(),
            clause: "RFC 7520".to_owned(),
            ..Case::default()
        };
        if Algorithm::from_name(algorithm).is_none() {
            let skip = Some(format!("{}: not yet", json::bounded(algorithm)));
            cases.push(Case { skip, ..case });
            continue;
        }
        let questions = questions(&root, key, algorithm, &allow)?;
        cases.push(Case { questions, ..case });
    }
    Ok(Contents::Suite(Suite {
        name: if title.is_empty() { "RFC 7520 cookbook".to_owned() } else { title },
        source: "RFC 7520".to_owned(),
        file: file.to_owned(),
        format: "cookbook",
        cases,
    }))
}

fn either<'v>(node: &Node<'v>, one: &str, more: &str) -> Result<Node<'v>, ReadError> {
    match node.find(one)? {
        Some(node) => Ok(node),
        None => node.get(more),
    }
}

fn one_or_more(node: Node<'_>) -> Result<Vec<Node<'_>>, ReadError> {
    if node.value.is_array() { Ok(node.items()?.collect()) } else { Ok(vec![node]) }
}

/// One question for each serialization; the payload goes beside where it is detached.
fn questions(
    root: &Node<'_>,
    key: &Node<'_>,
    algorithm: &str,
    allow: &[String],
) -> Result<Vec<Question>, ReadError> {
    let payload = root.get("input")?.get("payload")?.text()?.as_bytes().to_vec();
    let output = root.get("output")?;
    let mut questions = vec![];
    for form in FORMS {
        let Some(node) = output.find(form)? else { continue };
        let (token, is_apart) = match node.value {
            Value::String(text) => (text.clone(), text.contains("..")),
            value => (value.to_string(), value.get("payload").is_none()),
        };
        let request = Request::JwsVerify {
            token,
            payload: is_apart.then(|| payload.clone()),
            keys: key.value.to_string(),
            algorithms: vec![algorithm.to_owned()],
            allow: allow.to_vec(),
        };
        questions.push(Question { request, expected: Expected::Output(payload.clone()) });
    }
    if questions.is_empty() {
        return Err(output.fault("no compact, json or json_flat"));
    }
    Ok(questions)
}
