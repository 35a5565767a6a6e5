//! The format `jotlab-vectors/1`: an object with `format`, `suite`, `source` and `cases`, each with `id`,
//! `op`, `clause`, `comment`, and the members of its operation.
//!
//! Two kinds of operation: figures with intermediate values (`super::figures`), and the requests of a
//! cross-check with a `result`: `success`, or the stage that must refuse.

mod requests;

use super::{JsonPath, ReadError};
use crate::jose::json;
use crate::vectors::case::{Case, Expected, Label, Question, Suite};
use crate::vectors::figures::model::Operation;
use crate::vectors::figures::{self, Figure};
use crate::vectors::question::Request;
use crate::vectors::stage::Stage;
use requests::{Bits, Chunks, HmacVerify, Jws, Jwt, Pbkdf2, RsaVerify, Secret, Text, Token};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What `format` must say.
pub(super) const FORMAT: &str = "jotlab-vectors/1";

pub(super) fn read(file: &str, root: &Map<String, Value>) -> Result<Suite, ReadError> {
    let fail = |path: &str, what: String| ReadError::new(file, &JsonPath::root().key(path), what);
    let field = |name: &str| match root.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => Err(fail(name, "a string is expected".to_owned())),
    };
    match field("format")? {
        format if format == FORMAT => {}
        other => {
            let what = format!("\"{}\" is not {FORMAT}", json::bounded(&other));
            return Err(fail("format", what));
        }
    }
    let Some(Value::Array(entries)) = root.get("cases") else {
        return Err(fail("cases", "an array is expected".to_owned()));
    };
    let mut cases: Vec<Case> = vec![];
    let mut ids = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let case = case(entry).map_err(|what| fail(&format!("cases[{index}]"), what))?;
        if !ids.insert(case.id.clone()) {
            let what = format!("the id \"{}\" is there already", json::bounded(&case.id));
            return Err(fail(&format!("cases[{index}].id"), what));
        }
        cases.push(case);
    }
    Ok(Suite {
        name: field("suite")?,
        source: field("source")?,
        file: file.to_owned(),
        format: "jotlab-vectors/1",
        cases,
    })
}

fn case(entry: &Value) -> Result<Case, String> {
    let Value::Object(members) = entry else { return Err("an object is expected".to_owned()) };
    let mut fields = members.clone();
    let mut text = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("\"{name}\": a string is expected")),
    };
    let (id, op, clause, comment) = (text("id")?, text("op")?, text("clause")?, text("comment")?);
    let flags = match fields.remove("flags") {
        None => vec![],
        Some(flags) => serde_json::from_value(flags)
            .map_err(|_| "\"flags\": an array of strings is expected")?,
    };
    let case = Case { id: id.clone(), clause, comment, flags, ..Case::default() };
    filled(case, &op, fields, entry).map_err(|what| format!("{id}: {what}"))
}

fn filled(case: Case, op: &str, fields: Map<String, Value>, entry: &Value) -> Result<Case, String> {
    match op {
        "not-yet" => Ok(Case { skip: Some(format!("{}: not yet", needs(&fields)?)), ..case }),
        "not-built" => {
            Ok(Case { skip: Some(format!("{}: not part of jotlab", needs(&fields)?)), ..case })
        }
        _ => {
            if let Some(operation) = figure(op, &fields)? {
                let questions = figures::questions(&operation);
                // a digest alone is asked for as a question: there is no more to compare
                let ends_only = matches!(&operation, Operation::Sha2(sha2) if sha2.steps.is_none());
                let figure = Figure { operation, text: entry.clone() };
                let figure = (!ends_only || questions.is_empty()).then_some(figure);
                return Ok(Case { questions, figure, ..case });
            }
            let question = request(op, fields)?;
            let label = match question.expected {
                Expected::Refuse(_) => Label::Invalid,
                _ => Label::Valid,
            };
            Ok(Case { label, questions: vec![question], ..case })
        }
    }
}

/// An operation that states more than its ends; nothing if the name is not one of those.
fn figure(op: &str, fields: &Map<String, Value>) -> Result<Option<Operation>, String> {
    let fields = || fields.clone();
    Ok(Some(match op {
        "sha2" => Operation::Sha2(typed(fields())?),
        "sha2.constants" => Operation::Sha2Constants(typed(fields())?),
        "hmac" => Operation::Hmac(typed(fields())?),
        "base64" => Operation::Base64(typed(fields())?),
        "base64.alphabet" => Operation::Base64Alphabet(typed(fields())?),
        "rsa.digestinfo" => Operation::DigestInfo(typed(fields())?),
        "rsa.pkcs1v15.sign" => Operation::RsaSign(typed(fields())?),
        "rsa.pkcs1v15.verify" => Operation::RsaVerify(typed(fields())?),
        "jwk" => Operation::Jwk(typed(fields())?),
        "jwks" => Operation::Jwks(typed(fields())?),
        "jwk.thumbprint" => Operation::Thumbprint(typed(fields())?),
        "jws" => Operation::Jws(typed(fields())?),
        _ => return Ok(None),
    }))
}

/// A request of a cross-check, and the `result` that must come out.
fn request(op: &str, mut fields: Map<String, Value>) -> Result<Question, String> {
    let result = fields.remove("result").or_else(|| fields.remove("reject"));
    let Some(Value::String(result)) = result else {
        return Err(format!("unknown op \"{}\", or no result", json::bounded(op)));
    };
    let request = match op {
        "sha2.chunks" => typed::<Chunks>(fields)?.request(),
        "sha2.bits" => typed::<Bits>(fields)?.request()?,
        "hmac.verify" => typed::<HmacVerify>(fields)?.request(),
        "pbkdf2" => typed::<Pbkdf2>(fields)?.request(),
        "base64url.decode" => Request::Base64UrlDecode { text: typed::<Text>(fields)?.text },
        "rsa.verify" => typed::<RsaVerify>(fields)?.request(),
        "secret.import" => Request::SecretImport { secret: typed::<Secret>(fields)?.secret.0 },
        "jws.verify" => typed::<Jws>(fields)?.request(),
        "jwt.verify" => typed::<Jwt>(fields)?.request(),
        "jws.reject" => typed::<Token>(fields)?.request(),
        other => return Err(format!("unknown op \"{}\"", json::bounded(other))),
    };
    let expected = match (result.as_str(), Stage::from_name(&result)) {
        ("success", _) => Expected::Accept,
        ("refused", _) => Expected::Refuse(None),
        (_, Some(stage)) => Expected::Refuse(Some(stage)),
        // the output of what computes
        _ => match result.strip_prefix("hex:").map(hex::decode) {
            Some(Ok(bytes)) => Expected::Output(bytes),
            _ => return Err(format!("unknown result \"{}\"", json::bounded(&result))),
        },
    };
    Ok(Question { request, expected })
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| json::bounded(&error.to_string()))
}

fn needs(fields: &Map<String, Value>) -> Result<String, String> {
    let needs = fields.get("needs").and_then(Value::as_str);
    needs.map(str::to_owned).ok_or_else(|| "\"needs\": a string is expected".to_owned())
}
