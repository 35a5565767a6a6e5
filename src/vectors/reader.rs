//! Reads the format `jotlab-vectors/1`: an object with `format`, `suite`, `source` and `cases`, each with
//! `id`, `op`, and the fields of its operation.

use super::case::{Case, Operation, Suite};
use crate::jose::json;
use core::fmt;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What `format` must say.
const FORMAT: &str = "jotlab-vectors/1";

/// Reads a file.
///
/// # Errors
///
/// When it is not strict JSON, another format, or a case is not as its operation needs it; with the path
/// to what is wrong.
pub fn read(file: &str, text: &[u8]) -> Result<Suite, ReadError> {
    let fail =
        |path: &str, what: String| ReadError { file: file.to_owned(), path: path.to_owned(), what };
    let root = json::parse_object(text).map_err(|error| fail("", error.to_string()))?;
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
    for (index, entry) in entries.iter().enumerate() {
        let case = case(entry).map_err(|what| fail(&format!("cases[{index}]"), what))?;
        if cases.iter().any(|other| other.id == case.id) {
            let what = format!("the id \"{}\" is there already", json::bounded(&case.id));
            return Err(fail(&format!("cases[{index}].id"), what));
        }
        cases.push(case);
    }
    Ok(Suite { name: field("suite")?, source: field("source")?, file: file.to_owned(), cases })
}

fn case(entry: &Value) -> Result<Case, String> {
    let Value::Object(members) = entry else { return Err("an object is expected".to_owned()) };
    let mut fields = members.clone();
    let mut text = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("\"{name}\": a string is expected")),
    };
    let (id, op, clause, comment) = (text("id")?, text("op")?, text("clause")?, text("comment")?);
    let operation = operation(&op, fields).map_err(|what| format!("{id}: {what}"))?;
    Ok(Case { id, comment, clause, operation, text: entry.clone() })
}

fn operation(op: &str, fields: Map<String, Value>) -> Result<Operation, String> {
    Ok(match op {
        "sha2" => Operation::Sha2(typed(fields)?),
        "sha2.constants" => Operation::Sha2Constants(typed(fields)?),
        "hmac" => Operation::Hmac(typed(fields)?),
        "base64" => Operation::Base64(typed(fields)?),
        "base64.alphabet" => Operation::Base64Alphabet(typed(fields)?),
        "rsa.digestinfo" => Operation::DigestInfo(typed(fields)?),
        "rsa.pkcs1v15.sign" => Operation::RsaSign(typed(fields)?),
        "rsa.pkcs1v15.verify" => Operation::RsaVerify(typed(fields)?),
        "jwk" => Operation::Jwk(typed(fields)?),
        "jwks" => Operation::Jwks(typed(fields)?),
        "jwk.thumbprint" => Operation::Thumbprint(typed(fields)?),
        "jws" => Operation::Jws(typed(fields)?),
        "jws.reject" => Operation::JwsReject(typed(fields)?),
        "not-yet" => Operation::NotYet { needs: needs(&fields)? },
        "not-built" => Operation::NotBuilt { needs: needs(&fields)? },
        other => return Err(format!("unknown op \"{}\"", json::bounded(other))),
    })
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| json::bounded(&error.to_string()))
}

fn needs(fields: &Map<String, Value>) -> Result<String, String> {
    let needs = fields.get("needs").and_then(Value::as_str);
    needs.map(str::to_owned).ok_or_else(|| "\"needs\": a string is expected".to_owned())
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// The JSON path to what is wrong.
    pub path: String,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReadError { file, path, what } = self;
        if path.is_empty() {
            write!(f, "{file}: {what}")
        } else {
            write!(f, "{file}: {path}: {what}")
        }
    }
}

impl core::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        let error = |cases: &str| {
            let text =
                format!(r#"{{"format":"{FORMAT}","suite":"s","source":"s","cases":{cases}}}"#);
            read("f.json", text.as_bytes()).unwrap_err().to_string()
        };
        let case = r#"{"id":"1","op":"base64","clause":"c","comment":"c","data":"00"}"#;
        assert_eq!(error("1"), "f.json: cases: an array is expected");
        assert!(error(&format!("[{case},{case}]")).contains("cases[1].id"));
        assert!(
            error(&case.replace("00", "0x").replace('{', "[{").replace('}', "}]"))
                .contains("cases[0]: 1:")
        );
        assert!(error(&format!("[{}]", case.replace("base64", "base65"))).contains("unknown op"));
        assert!(error(&format!("[{}]", case.replace("data", "date"))).contains("unknown field"));
        assert!(read("f", b"{}").unwrap_err().to_string().contains("format"));
        assert!(read("f", b"{\"format\":\"x\"}").unwrap_err().what.contains("is not"));
    }
}
