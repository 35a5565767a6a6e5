//! The JSON serializations of a JWS, flattened and general (RFC 7515 §7.2).

use super::header::{Header, PayloadForm};
use super::json;
use super::jws::{Jws, MAX_SIGNATURES, PartReader, Payload, Signature};
use super::malformed::{Malformed, Part, Reason};
use super::relaxation::Relaxations;
use serde_json::{Map, Value};

/// Parses either form; which it is shows in its members.
pub(super) fn parse(token: &str, relaxations: Relaxations) -> Result<Jws<'static>, Malformed> {
    let members = json::parse_object(token.as_bytes()).map_err(|error| Malformed {
        part: Part::Token,
        offset: error.offset,
        reason: Reason::Json(error.reason),
    })?;
    let mut reader = PartReader::new(relaxations);
    let signatures = match members.get("signatures") {
        // §7.2.2: the flattened form has no `signatures`
        None => vec![signature(&members, "", &mut reader)?],
        Some(_)
            if ["signature", "protected", "header"].iter().any(|m| members.contains_key(*m)) =>
        {
            return wrong(Part::Token, "members of the flattened form beside \"signatures\"");
        }
        Some(Value::Array(entries)) if entries.is_empty() => {
            return wrong(Part::Token, "\"signatures\" is empty");
        }
        Some(Value::Array(entries)) if entries.len() > MAX_SIGNATURES => {
            let what = format!("{} signatures, more than {MAX_SIGNATURES}", entries.len());
            return wrong(Part::Token, what);
        }
        Some(Value::Array(entries)) => entries
            .iter()
            .enumerate()
            .map(|(index, entry)| match entry {
                Value::Object(members) => {
                    signature(members, &format!("signatures[{index}]."), &mut reader)
                }
                _ => wrong(Part::Token, format!("signatures[{index}] is not an object")),
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return wrong(Part::Token, "\"signatures\" is not an array"),
    };
    let payload = payload(&members, &signatures, &mut reader)?;
    // the members go, what is kept of them stays
    Ok(Jws { payload, signatures, signed: None, relaxed: reader.relaxed }.into_owned())
}

/// One entry: `protected`, `header`, `signature`.
fn signature<'m>(
    members: &'m Map<String, Value>,
    path: &str,
    reader: &mut PartReader,
) -> Result<Signature<'m>, Malformed> {
    let protected = match text(members, "protected", path, Part::Header)? {
        // §7.2.1: absent if there is none, so an empty one is wrong
        Some("") => return wrong(Part::Header, format!("\"{path}protected\" is empty")),
        protected => protected.unwrap_or_default(),
    };
    let decoded = reader.decode(Part::Header, 0, protected)?;
    let protected_members = if protected.is_empty() {
        None
    } else {
        Some(json::parse_object(&decoded).map_err(|error| Malformed::header(error.into()))?)
    };
    let unprotected = match members.get("header") {
        None => None,
        Some(Value::Object(members)) => Some(members.clone()),
        Some(_) => return wrong(Part::Header, format!("\"{path}header\" is not an object")),
    };
    let header = Header::join(protected_members, unprotected, reader.relaxations);
    let header = header.map_err(Malformed::header)?;
    reader.relaxed.extend(header.relaxed());
    let Some(signature) = text(members, "signature", path, Part::Signature)? else {
        return wrong(Part::Signature, format!("\"{path}signature\" is missing"));
    };
    let bytes = reader.decode(Part::Signature, 0, signature)?;
    Ok(Signature { header, protected: protected.into(), bytes })
}

/// RFC 7797 §3: all signatures are over the payload in the same form.
fn payload<'m>(
    members: &'m Map<String, Value>,
    signatures: &[Signature<'_>],
    reader: &mut PartReader,
) -> Result<Payload<'m>, Malformed> {
    let forms: Vec<PayloadForm> = signatures.iter().map(|s| s.header.payload_form()).collect();
    let form = forms[0];
    if forms.iter().any(|other| *other != form) {
        return wrong(Part::Header, "\"b64\" differs between the signatures");
    }
    match text(members, "payload", "", Part::Payload)? {
        None => Ok(Payload::Detached(form)),
        Some(payload) => reader.payload(0, payload, form),
    }
}

fn text<'m>(
    members: &'m Map<String, Value>,
    name: &str,
    path: &str,
    part: Part,
) -> Result<Option<&'m str>, Malformed> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => wrong(part, format!("\"{path}{name}\" is not a string")),
    }
}

fn wrong<T>(part: Part, what: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed { part, offset: 0, reason: Reason::Member(what.into()) })
}
