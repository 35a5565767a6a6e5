//! A look into a token of which nothing is known, however broken it is. Nothing here is verified, and the
//! type says so: there is no way from here to [`Verified`](super::Verified).

use super::json;
use super::jws::{Jws, MAX_TOKEN_BYTES};
use super::malformed::Reason;
use super::relaxation::Relaxation;
use crate::base64;
use serde_json::Value;

/// The parts of a token as far as they can be read.
#[derive(Clone, Debug)]
pub struct Unverified {
    /// The parts in their order.
    pub parts: Vec<UnverifiedPart>,
    /// What is wrong with the token as a whole.
    pub remarks: Vec<String>,
}

/// One part of a token.
#[derive(Clone, Debug)]
pub struct UnverifiedPart {
    /// What it should be: `header`, `payload`, `signature`, or another.
    pub name: String,
    /// Where it begins in the token, in bytes.
    pub offset: usize,
    /// How long its text is.
    pub length: usize,
    /// What it decodes to.
    pub contents: Contents,
    /// What is wrong with it.
    pub remarks: Vec<String>,
}

/// What a part holds.
#[derive(Clone, Debug)]
pub enum Contents {
    /// JSON, perhaps with remarks on it: what it says, and the text that says it.
    Json(Value, String),
    /// Bytes that are not JSON.
    Bytes(Vec<u8>),
    /// Nothing that could be decoded.
    Nothing,
}

const NAMES: [&str; 3] = ["header", "payload", "signature"];
/// The parts of a compact JWE (RFC 7516 §7.1).
const JWE_NAMES: [&str; 5] =
    ["header", "encrypted key", "initialization vector", "ciphertext", "tag"];

impl Unverified {
    /// Takes a token apart.
    pub fn of(token: &str) -> Unverified {
        let mut remarks = vec![];
        if token.len() > MAX_TOKEN_BYTES {
            remarks.push(format!(
                "{} bytes, more than {MAX_TOKEN_BYTES}: not looked into",
                token.len()
            ));
            return Unverified { parts: vec![], remarks };
        }
        if token.trim_start().starts_with('{') {
            return Self::of_json(token);
        }
        let count = token.split('.').count();
        match count {
            3 => {}
            5 => remarks.push("five parts: it looks like a JWE, which is encrypted".to_owned()),
            _ => {
                let parts = if count == 1 { "part" } else { "parts" };
                remarks.push(format!("{count} {parts}, a compact JWS has 3 (RFC 7515 §7.1)"));
            }
        }
        let mut offset = 0;
        let mut parts = vec![];
        // a token of points only has as many parts as bytes: more than a few tell nothing
        for (index, text) in token.split('.').take(8).enumerate() {
            let names: &[&str] = if count == 5 { &JWE_NAMES } else { &NAMES };
            let name =
                names.get(index).map_or_else(|| format!("part {}", index + 1), |n| (*n).to_owned());
            parts.push(part(name, offset, text));
            offset += text.len() + 1;
        }
        Unverified { parts, remarks }
    }

    fn of_json(token: &str) -> Unverified {
        let mut remarks = vec![];
        if let Err(error) = json::check(token.as_bytes()) {
            remarks.push(error.to_string());
        }
        let anything = Relaxation::ALL.into_iter().collect();
        // what is wrong inside of a part is said there
        let of_the_whole =
            |reason: &Reason| matches!(reason, Reason::Structure(_) | Reason::Member(_));
        let reason = Jws::json_with(token, anything).err().map(|error| error.reason);
        remarks.extend(reason.filter(of_the_whole).map(|reason| reason.to_string()));
        let Ok(Value::Object(members)) = serde_json::from_str(token) else {
            return Unverified { parts: vec![], remarks };
        };
        let mut parts = vec![];
        let mut add = |name: String, value: &Value| match value {
            Value::String(text) => parts.push(part(name, 0, text)),
            other => parts.push(UnverifiedPart {
                name,
                offset: 0,
                length: 0,
                contents: Contents::Json(other.clone(), other.to_string()),
                remarks: vec![],
            }),
        };
        for name in ["protected", "header", "payload", "signature"] {
            members.get(name).into_iter().for_each(|value| add(name.to_owned(), value));
        }
        if let Some(Value::Array(entries)) = members.get("signatures") {
            for (index, entry) in entries.iter().enumerate() {
                for name in ["protected", "header", "signature"] {
                    entry.get(name).into_iter().for_each(|value| {
                        add(format!("signatures[{index}].{name}"), value);
                    });
                }
            }
        }
        if parts.is_empty() && remarks.is_empty() {
            remarks.push("it has none of the members of a JWS (RFC 7515 §7.2)".to_owned());
        }
        Unverified { parts, remarks }
    }
}

fn part(name: String, offset: usize, text: &str) -> UnverifiedPart {
    let mut remarks = vec![];
    let bytes = match base64::decode_url(text) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            remarks.push(format!(
                "{} at offset {} of the token",
                error.reason,
                offset + error.offset
            ));
            // padding and the standard alphabet are the usual mistakes: show what was meant
            let meant = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
            base64::decode_url(meant).ok()
        }
    };
    let expects_json = name != "signature" && !name.ends_with(".signature");
    let contents = match bytes {
        None => Contents::Nothing,
        Some(bytes) if expects_json => json_contents(&name, bytes, &mut remarks),
        Some(bytes) => Contents::Bytes(bytes),
    };
    UnverifiedPart { name, offset, length: text.len(), contents, remarks }
}

/// What a part that should be JSON holds; remarks are made where it must be.
fn json_contents(name: &str, bytes: Vec<u8>, remarks: &mut Vec<String>) -> Contents {
    let Ok(value) = serde_json::from_slice(&bytes) else {
        // a payload may be anything, a header may not
        if name == "payload" && bytes.trim_ascii_start().starts_with(b"{") {
            remarks.extend(json::check(&bytes).err().map(|error| format!("no claims: {error}")));
        } else if name != "payload" && !JWE_NAMES[1..].contains(&name) {
            remarks.extend(json::check(&bytes).err().map(|error| format!("no header: {error}")));
        }
        return Contents::Bytes(bytes);
    };
    if name == "header" && !matches!(value, Value::Object(_)) {
        remarks.push("not a JSON object".to_owned());
    }
    remarks.extend(json::check(&bytes).err().map(|error| error.to_string()));
    Contents::Json(value, String::from_utf8_lossy(&bytes).into_owned())
}
