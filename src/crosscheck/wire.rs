//! `xcheck/1` as text: a request or an answer a line.

mod request;

pub use request::read_request;

use crate::vectors::{Answer, Request};
use serde_json::{Value, json};

/// The number of the protocol.
pub const PROTOCOL: u64 = 1;
/// The most bytes of a line.
pub const MAX_LINE_BYTES: usize = 64 << 20;

/// A request as a line, with its newline.
pub fn request_line(id: u64, request: &Request) -> String {
    let mut value = request.to_value();
    value["id"] = json!(id);
    value.to_string() + "\n"
}

/// What an answer's line says of a request.
///
/// # Errors
///
/// When it is no answer to such a request: which member is missing or of a wrong type.
pub fn read_answer(request: &Request, answer: &Value) -> Result<Answer, String> {
    let text = |name: &str| answer.get(name).map(|value| text_of(name, value)).transpose();
    if let Some(stage) = text("reject")? {
        let why = text("why")?.unwrap_or_default();
        let why = if why.is_empty() { stage } else { format!("{stage}: {why}") };
        return Ok(Answer::Refused { stage: None, why });
    }
    if let Some(why) = text("error")? {
        return Ok(Answer::Error(why));
    }
    if let Some(why) = text("skip")? {
        return Ok(Answer::Unsupported(why));
    }
    let ok = answer.get("ok").ok_or("neither ok, reject, error nor skip")?;
    read_ok(request, ok)
}

fn text_of(name: &str, value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("\"{name}\" is no string"))
}

fn read_ok(request: &Request, ok: &Value) -> Result<Answer, String> {
    let member = |name: &str| ok.get(name).ok_or_else(|| format!("ok has no \"{name}\""));
    let text = |name: &str| member(name).and_then(|value| text_of(name, value));
    let hex = |name: &str| {
        let text = text(name)?;
        hex::decode(&text).map_err(|error| format!("\"{name}\" is no hex: {error}"))
    };
    let output = |name: &str| hex(name).map(Answer::Output);
    match request {
        Request::Sha2 { .. } => output("md"),
        Request::Sha2Chain { .. } => {
            let digests = member("mds")?.as_array().ok_or("\"mds\" is no array")?;
            let mut all = vec![];
            for digest in digests {
                let text = text_of("mds[]", digest)?;
                all.extend(hex::decode(text).map_err(|error| format!("mds: no hex: {error}"))?);
            }
            Ok(Answer::Output(all))
        }
        Request::Hmac { .. } => output("tag"),
        Request::Pbkdf2 { .. } => output("dk"),
        Request::Base64UrlEncode { .. } => Ok(Answer::Output(text("text")?.into_bytes())),
        Request::Base64UrlDecode { .. } => output("data"),
        Request::RsaSign { .. } => output("sig"),
        Request::JwsSign { .. } => Ok(Answer::Output(text("jws")?.into_bytes())),
        Request::JwkParse { .. } => Ok(Answer::Output(text("canonical")?.into_bytes())),
        Request::Thumbprint { .. } => Ok(Answer::Output(text("thumbprint")?.into_bytes())),
        Request::HmacVerify { .. }
        | Request::RsaVerify { .. }
        | Request::IsPrime { .. }
        | Request::JwsVerify { .. }
        | Request::JwtVerify { .. }
        | Request::SecretImport { .. } => {
            let valid = member("valid")?.as_bool().ok_or("\"valid\" is neither true nor false")?;
            match (valid, ok.get("payload")) {
                (false, _) => Ok(Answer::Refused { stage: None, why: String::new() }),
                (true, Some(_)) => output("payload"),
                (true, None) => Ok(Answer::Valid),
            }
        }
    }
}

/// The steps that an answer brings: `"trace":[["hmac.k0",HEX],…]`, in it or in its `ok`. What is no step is
/// passed over.
pub fn read_trace(answer: &Value) -> Vec<(String, Vec<u8>)> {
    let trace = answer.get("trace").or_else(|| answer.pointer("/ok/trace"));
    let step = |step: &Value| {
        let (name, value) = (step.get(0)?.as_str()?, step.get(1)?.as_str()?);
        Some((name.to_owned(), hex::decode(value).ok()?))
    };
    trace.and_then(Value::as_array).into_iter().flatten().filter_map(step).collect()
}

/// Our answer as a line, with its newline.
pub fn answer_line(id: &Value, request: &Request, answer: &Answer) -> String {
    let mut line = match answer {
        Answer::Refused { stage, why } => {
            let code = stage.map_or("refused", crate::vectors::Stage::name);
            json!({ "reject": code, "why": why })
        }
        Answer::Error(why) | Answer::Divided(why) => json!({ "error": why }),
        Answer::Unsupported(why) => json!({ "skip": why }),
        Answer::Valid => json!({ "ok": { "valid": true } }),
        Answer::Output(bytes) => json!({ "ok": output_members(request, bytes) }),
    };
    line["id"] = id.clone();
    line.to_string() + "\n"
}

fn output_members(request: &Request, bytes: &[u8]) -> Value {
    let text = || String::from_utf8_lossy(bytes).into_owned();
    match request {
        Request::Sha2 { .. } => json!({ "md": hex::encode(bytes) }),
        Request::Sha2Chain { hash, .. } => {
            let digests = bytes.chunks(hash.digest_bytes()).map(hex::encode);
            json!({ "mds": digests.collect::<Vec<_>>() })
        }
        Request::Hmac { .. } => json!({ "tag": hex::encode(bytes) }),
        Request::Pbkdf2 { .. } => json!({ "dk": hex::encode(bytes) }),
        Request::Base64UrlEncode { .. } => json!({ "text": text() }),
        Request::Base64UrlDecode { .. } => json!({ "data": hex::encode(bytes) }),
        Request::RsaSign { .. } => json!({ "sig": hex::encode(bytes) }),
        Request::JwsSign { .. } => json!({ "jws": text() }),
        Request::JwkParse { .. } => json!({ "canonical": text() }),
        Request::Thumbprint { .. } => json!({ "thumbprint": text() }),
        _ => json!({ "valid": true, "payload": hex::encode(bytes) }),
    }
}
