//! Tokens that have not the form of one. Their signatures are good for what they cover.

use super::{Entry, Smithy, mac_of};
use crate::base64::encode_url;
use serde_json::{Value, json};

const HEADER: &str = r#"{"alg":"HS256"}"#;
const PAYLOAD: &str = r#"{"exp":2000000300}"#;

pub(super) fn entries(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    let token = smithy.hs(HEADER, PAYLOAD);
    let [protected, payload] = [HEADER, PAYLOAD].map(|text| encode_url(text.as_bytes()));
    let signature = mac_of(&smithy.secret, &format!("{protected}.{payload}"));
    let mut push = |id: &str, comment: &str, result: &str, token: String| {
        let fields = json!({ "token": token, "key": smithy.oct() });
        entries.push(Entry::new(id, "jws.verify", "RFC 7515 §7", comment, result, fields));
    };
    push("right", "the token that all others here are made from", "success", token.clone());
    for (id, comment, bent) in [
        ("blank-before", "catches a token that is trimmed", format!(" {token}")),
        ("blank-behind", "catches a token that is trimmed", format!("{token} ")),
        ("newline-behind", "catches a token that is trimmed", format!("{token}\n")),
        ("tab-before", "catches a token that is trimmed", format!("\t{token}")),
        ("fourth-part", "catches parts that are not counted", format!("{token}.eA")),
        ("fourth-part-empty", "catches parts that are not counted", format!("{token}.")),
        ("dot-before", "catches parts that are not counted", format!(".{token}")),
        ("five-parts", "a JWE has five parts", format!("{token}.eA.eA")),
        ("two-parts", "catches a signature that may be missing", format!("{protected}.{payload}")),
        ("one-part", "catches parts that may be missing", protected.clone()),
        ("empty", "catches a token of no bytes", String::new()),
        ("bearer", "catches a scheme that is left before the token", format!("Bearer {token}")),
        ("nul-behind", "catches a token that ends at a zero byte", format!("{token}\0")),
    ] {
        push(id, comment, "malformed", bent);
    }
    push("two-dots", "catches parts that may be empty", "header refused", "..".to_owned());
    let entry = json!({ "protected": protected, "signature": signature });
    let flat = |more: Value| {
        let mut root =
            json!({ "payload": payload, "protected": protected, "signature": signature });
        if let (Some(root), Some(more)) = (root.as_object_mut(), more.as_object()) {
            root.extend(more.clone());
        }
        root.to_string()
    };
    push("flattened", "a flattened serialization that is right", "success", flat(json!({})));
    let general = json!({ "payload": payload, "signatures": [entry] });
    push("general", "a general serialization that is right", "success", general.to_string());
    for (id, comment, bent) in [
        (
            "no-signatures",
            "catches a list of none that verifies",
            json!({ "payload": payload, "signatures": [] }).to_string(),
        ),
        (
            "empty-entry",
            "catches an entry without a signature",
            json!({ "payload": payload, "signatures": [{ "protected": protected }] }).to_string(),
        ),
        (
            "signatures-no-list",
            "catches a list that is an object",
            json!({ "payload": payload, "signatures": entry }).to_string(),
        ),
        ("both-forms", "catches both forms in one", flat(json!({ "signatures": [entry] }))),
        (
            "signature-number",
            "catches a signature of another type",
            flat(json!({ "signature": 1 })),
        ),
        ("payload-number", "catches a payload of another type", flat(json!({ "payload": 1 }))),
        (
            "duplicate-payload",
            "catches a member that is there twice",
            flat(json!({})).replacen('{', "{\"payload\":\"eA\",", 1),
        ),
        ("text-behind", "catches text behind the JSON", flat(json!({})) + "x"),
        ("cut", "catches JSON that ends early", flat(json!({})).trim_end_matches('}').to_owned()),
    ] {
        push(id, comment, "malformed", bent);
    }
    entries
}
