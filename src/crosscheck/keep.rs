//! A disagreement as a vector to keep: a case of the format `jotlab-vectors/1`.

use crate::vectors::{Answer, Message, Request};
use serde_json::{Value, json};

/// The case, for the operations that the format has; what is right is our answer.
pub fn vector(request: &Request, right: &Answer, comment: &str) -> Option<Value> {
    let mut case = match (request, right) {
        (Request::Sha2 { hash, message: Message::Bytes(bytes) }, Answer::Output(digest)) => json!({
            "op": "sha2", "alg": hash.name(), "msg": hex::encode(bytes), "md": hex::encode(digest),
        }),
        (Request::Sha2 { hash, message: Message::Chunks(chunks) }, Answer::Output(digest)) => {
            json!({
                "op": "sha2.chunks", "alg": hash.name(), "result": format!("hex:{}", hex::encode(digest)),
                "chunks": chunks.iter().map(hex::encode).collect::<Vec<_>>(),
            })
        }
        (Request::Hmac { hash, key, message, .. }, Answer::Output(tag)) => json!({
            "op": "hmac", "alg": hash.name(), "key": hex::encode(key), "msg": hex::encode(message),
            "tag": hex::encode(tag),
        }),
        (Request::HmacVerify { hash, key, message, tag, .. }, answer) => json!({
            "op": "hmac.verify", "alg": hash.name(), "key": hex::encode(key),
            "msg": hex::encode(message), "tag": hex::encode(tag), "result": result(answer)?,
        }),
        (Request::Pbkdf2 { hash, password, salt, count, key_bytes }, answer) => json!({
            "op": "pbkdf2", "alg": hash.name(), "password": hex::encode(password),
            "salt": hex::encode(salt), "count": count, "dk_len": key_bytes, "result": result(answer)?,
        }),
        (Request::Base64UrlDecode { text }, answer) => {
            json!({ "op": "base64url.decode", "text": text, "result": result(answer)? })
        }
        (Request::RsaVerify { hash, n, e, message, signature }, answer) => json!({
            "op": "rsa.verify", "alg": hash.name(), "n": hex::encode(n.to_bytes_be()),
            "e": hex::encode(e.to_bytes_be()), "msg": hex::encode(message),
            "sig": hex::encode(signature), "result": result(answer)?,
        }),
        (Request::JwsVerify { token, payload, keys, algorithms, allow }, answer) => {
            let mut case = json!({
                "op": "jws.verify", "token": token, "key": keys, "algs": algorithms, "allow": allow,
                "result": result(answer)?,
            });
            if let Some(payload) = payload {
                case["payload"] = json!(hex::encode(payload));
            }
            case
        }
        _ => return None,
    };
    case["id"] = json!("found");
    case["clause"] = json!("found by a cross-check");
    case["comment"] = json!(comment);
    Some(case)
}

/// The word of the format for an answer.
fn result(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Valid => Some("success".to_owned()),
        Answer::Output(bytes) => Some(format!("hex:{}", hex::encode(bytes))),
        Answer::Refused { stage: Some(stage), .. } => Some(stage.name().to_owned()),
        Answer::Refused { stage: None, .. } => Some("refused".to_owned()),
        Answer::Error(_) | Answer::Divided(_) | Answer::Unsupported(_) => None,
    }
}
