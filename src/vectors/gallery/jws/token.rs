//! From a token to its parts, and from a part to its header.

use super::{Asked, Flaw, Way};
use crate::jose::json;
use crate::vectors::gallery::base64;
use serde_json::{Map, Value};

/// What one signature is about.
pub(super) struct Part {
    pub(super) protected: String,
    pub(super) unprotected: Map<String, Value>,
    pub(super) payload: Option<String>,
    pub(super) signature: String,
}

/// Members that RFC 7515 and RFC 7518 register: crit may not name them.
const REGISTERED: [&str; 11] =
    ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];

pub(super) fn parts(asked: Asked<'_>, way: Way<'_>) -> Option<Vec<Part>> {
    let token = if way.flaw == Flaw::TrimsToken { asked.token.trim() } else { asked.token };
    if token.trim_start().starts_with('{') {
        return json_parts(token, way);
    }
    let mut parts: Vec<&str> = token.split('.').collect();
    if way.flaw == Flaw::MoreParts {
        parts.truncate(3);
    }
    let [protected, payload, signature] = parts[..] else { return None };
    Some(vec![Part {
        protected: protected.to_owned(),
        unprotected: Map::new(),
        payload: Some(payload.to_owned()),
        signature: signature.to_owned(),
    }])
}

fn json_parts(token: &str, way: Way<'_>) -> Option<Vec<Part>> {
    let root = json::parse_object(token.as_bytes()).ok()?;
    let payload = match root.get("payload") {
        None => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => return None,
    };
    let part = |members: &Map<String, Value>| {
        let text = |name: &str| match members.get(name) {
            None => Some(String::new()),
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => None,
        };
        let unprotected = match members.get("header") {
            None => Map::new(),
            Some(Value::Object(unprotected)) => unprotected.clone(),
            Some(_) => return None,
        };
        members.get("signature")?;
        Some(Part {
            protected: text("protected")?,
            unprotected,
            payload: payload.clone(),
            signature: text("signature")?,
        })
    };
    let both = ["signature", "protected", "header"].iter().any(|name| root.contains_key(*name));
    match root.get("signatures") {
        None => Some(vec![part(&root)?]),
        Some(_) if both && way.flaw != Flaw::BothSignatures => None,
        Some(Value::Array(entries)) if !entries.is_empty() || way.flaw == Flaw::EmptySignatures => {
            entries.iter().map(|entry| entry.as_object().and_then(part)).collect()
        }
        Some(_) => None,
    }
}

/// The joined header, if every rule of form is kept.
pub(super) fn header(part: &Part, asked: Asked<'_>, way: Way<'_>) -> Option<Map<String, Value>> {
    let protected = if part.protected.is_empty() && !part.unprotected.is_empty() {
        Map::new()
    } else {
        parsed(&base64::decode(&part.protected, way.decoder)?, way.flaw)?
    };
    let same_name = part.unprotected.keys().any(|name| protected.contains_key(name));
    if same_name && way.flaw != Flaw::SameNameInBoth {
        return None;
    }
    let unprotected = |name: &str| part.unprotected.contains_key(name);
    let alg_allowed = way.flaw == Flaw::UnprotectedAlg
        || way.flaw == Flaw::SameNameInBoth
        || asked.allow.iter().any(|name| name == "unprotected-alg");
    if (unprotected("crit") && way.flaw != Flaw::UnprotectedCrit)
        || unprotected("b64")
        || (unprotected("alg") && !alg_allowed)
    {
        return None;
    }
    critical(&protected, way.flaw)?;
    let mut header = protected;
    header.extend(part.unprotected.clone());
    let is_text = |name: &str| header.get(name).is_none_or(Value::is_string);
    (header.contains_key("alg") && ["alg", "kid", "typ"].into_iter().all(is_text)).then_some(header)
}

fn parsed(bytes: &[u8], flaw: Flaw) -> Option<Map<String, Value>> {
    let value = match flaw {
        Flaw::DuplicateMembers => serde_json::from_slice(bytes).ok()?,
        Flaw::TextAfterHeader => {
            serde_json::Deserializer::from_slice(bytes).into_iter::<Value>().next()?.ok()?
        }
        Flaw::ByteOrderMark => {
            return json::parse_object(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok();
        }
        Flaw::DeepHeader => {
            // duplicates are still refused: the flaw is the depth alone
            serde_json::from_slice(bytes).ok()?
        }
        _ => return json::parse_object(bytes).ok(),
    };
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// RFC 7515 §4.1.11 and RFC 7797, bent where the flaw is.
fn critical(protected: &Map<String, Value>, flaw: Flaw) -> Option<()> {
    let mut names: Vec<&str> = vec![];
    match protected.get("crit") {
        None => {}
        Some(_) if flaw == Flaw::CritIgnored => {}
        Some(Value::Array(entries)) => {
            if entries.is_empty() && flaw != Flaw::CritEmpty {
                return None;
            }
            for name in entries {
                let name = name.as_str()?;
                let is_refused = (names.contains(&name) && flaw != Flaw::CritTwice)
                    || (REGISTERED.contains(&name) && flaw != Flaw::CritRegistered)
                    || (!protected.contains_key(name) && flaw != Flaw::CritAbsent)
                    || (name != "b64"
                        && !(flaw == Flaw::CritRegistered && REGISTERED.contains(&name)));
                if is_refused && (flaw != Flaw::CritFirstOnly || names.is_empty()) {
                    return None;
                }
                names.push(name);
            }
        }
        Some(_) if flaw == Flaw::CritNoArray => {}
        Some(_) => return None,
    }
    match protected.get("b64") {
        None | Some(Value::Bool(true)) => Some(()),
        Some(Value::Bool(false)) => {
            let listed = names.contains(&"b64");
            let ignored =
                matches!(flaw, Flaw::B64WithoutCrit | Flaw::CritIgnored | Flaw::B64Ignored);
            (listed || ignored).then_some(())
        }
        Some(Value::String(_)) if flaw == Flaw::B64AsText => Some(()),
        Some(_) => None,
    }
}
