//! Headers that break a rule, with a signature that is good whatever they say.

use super::{Entry, Smithy, mac_of};
use crate::base64::encode_url;
use serde_json::{Value, json};

const REFUSED: &str = "header refused";

pub(super) fn entries(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    let mut push = |id: &str, clause: &'static str, comment: &str, result: &str, token: String| {
        let fields = json!({ "token": token, "key": smithy.oct() });
        entries.push(Entry::new(id, "jws.verify", clause, comment, result, fields));
    };
    for (id, comment, header) in TAKEN {
        push(id, "RFC 7515 §4", comment, "success", smithy.hs(header, "payload"));
    }
    for (id, clause, comment, header) in BENT {
        push(id, clause, comment, REFUSED, smithy.hs(header, "payload"));
    }
    let deep = |depth: usize| {
        format!("{{\"alg\":\"HS256\",\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth))
    };
    let comment = "catches nesting without an end";
    push("deep", "RFC 8259 §9", comment, REFUSED, smithy.hs(&deep(100), "payload"));
    for (id, comment, header) in NOT_KNOWN {
        push(id, "RFC 7515 §4.1.1", comment, "key refused", smithy.hs(header, "payload"));
    }
    for alg in ["none", "None", "NONE", "nOnE"] {
        let token = smithy.hs(&format!("{{\"alg\":\"{alg}\"}}"), "payload");
        let (input, _) = token.rsplit_once('.').unwrap_or_default();
        let comment = "catches the algorithm that is none";
        push(&format!("alg-{alg}"), "RFC 8725 §3.2", comment, "key refused", format!("{input}."));
    }
    unencoded(smithy, &mut push);
    unprotected(smithy, &mut push);
    entries
}

const TAKEN: [(&str, &str, &str); 5] = [
    ("right", "the header that all others here are made from", r#"{"alg":"HS256"}"#),
    ("blanks", "catches a header that is written anew to be verified", r#"{ "alg" : "HS256" }"#),
    (
        "order",
        "catches a header that is written anew to be verified",
        r#"{"typ":"JWT","alg":"HS256"}"#,
    ),
    ("escaped", "an escape is the same name", r#"{"\u0061lg":"HS256"}"#),
    (
        "unknown-member",
        "what is not critical is ignored, keys of strangers too",
        r#"{"alg":"HS256","jku":"https://example.invalid/keys","x5u":"https://example.invalid/x"}"#,
    ),
];

const CRIT: &str = "RFC 7515 §4.1.11";

const BENT: [(&str, &str, &str, &str); 26] = [
    (
        "duplicate-alg",
        "RFC 7515 §4",
        "catches a member that is there twice",
        r#"{"alg":"none","alg":"HS256"}"#,
    ),
    (
        "duplicate-other",
        "RFC 7515 §4",
        "catches it among members that nobody asks for",
        r#"{"alg":"HS256","x":1,"x":2}"#,
    ),
    (
        "duplicate-deep",
        "RFC 7515 §4",
        "catches it at any depth",
        r#"{"alg":"HS256","x":{"y":1,"y":2}}"#,
    ),
    ("text-behind", "RFC 7515 §4", "catches text behind the JSON", r#"{"alg":"HS256"}x"#),
    (
        "object-behind",
        "RFC 7515 §4",
        "catches text behind the JSON",
        r#"{"alg":"HS256"}{"alg":"none"}"#,
    ),
    (
        "byte-order-mark",
        "RFC 8259 §8.1",
        "catches a BOM that is skipped",
        "\u{feff}{\"alg\":\"HS256\"}",
    ),
    ("array", "RFC 7515 §4", "catches a header that is no object", r#"["HS256"]"#),
    (
        "lone-surrogate",
        "RFC 8259 §8.2",
        "catches half a character",
        r#"{"alg":"HS256","x":"\ud800"}"#,
    ),
    ("no-json", "RFC 7515 §4", "catches a header that is no JSON", "HS256"),
    ("single-quotes", "RFC 8259 §7", "catches JSON that is nearly one", r"{'alg':'HS256'}"),
    ("alg-missing", "RFC 7515 §4.1.1", "catches an algorithm that is assumed", r#"{"typ":"JWT"}"#),
    ("alg-number", "RFC 7515 §4.1.1", "catches an algorithm of another type", r#"{"alg":256}"#),
    ("alg-list", "RFC 7515 §4.1.1", "catches an algorithm of another type", r#"{"alg":["HS256"]}"#),
    (
        "kid-number",
        "RFC 7515 §4.1.4",
        "catches a kid of another type",
        r#"{"alg":"HS256","kid":1}"#,
    ),
    ("crit-unknown", CRIT, "catches crit that is ignored", r#"{"alg":"HS256","crit":["x"],"x":1}"#),
    ("crit-exp", CRIT, "catches crit that is ignored", r#"{"alg":"HS256","crit":["exp"],"exp":1}"#),
    ("crit-empty", CRIT, "catches an empty list", r#"{"alg":"HS256","crit":[]}"#),
    (
        "crit-text",
        CRIT,
        "catches crit that is no list",
        r#"{"alg":"HS256","crit":"b64","b64":true}"#,
    ),
    ("crit-number", CRIT, "catches a name that is no text", r#"{"alg":"HS256","crit":[1]}"#),
    ("crit-null", CRIT, "catches crit that is null", r#"{"alg":"HS256","crit":null}"#),
    (
        "crit-twice",
        CRIT,
        "catches a name that is there twice",
        r#"{"alg":"HS256","crit":["b64","b64"],"b64":true}"#,
    ),
    (
        "crit-registered",
        CRIT,
        "catches a name that the standard has",
        r#"{"alg":"HS256","crit":["alg"]}"#,
    ),
    (
        "crit-absent",
        CRIT,
        "catches a name of what is not there",
        r#"{"alg":"HS256","crit":["b64"]}"#,
    ),
    (
        "crit-second",
        CRIT,
        "catches a list whose first name is looked at only",
        r#"{"alg":"HS256","crit":["b64","x"],"b64":true,"x":1}"#,
    ),
    (
        "b64-text",
        "RFC 7797 §3",
        "catches b64 that is a text",
        r#"{"alg":"HS256","crit":["b64"],"b64":"true"}"#,
    ),
    (
        "b64-without-crit",
        "RFC 7797 §6",
        "catches b64 that crit does not name",
        r#"{"alg":"HS256","b64":false}"#,
    ),
];

const NOT_KNOWN: [(&str, &str, &str); 6] = [
    ("alg-lower-case", "catches names that are compared without case", r#"{"alg":"hs256"}"#),
    ("alg-mixed-case", "catches names that are compared without case", r#"{"alg":"Hs256"}"#),
    ("alg-blank", "catches names that are trimmed", r#"{"alg":" HS256"}"#),
    ("alg-blank-behind", "catches names that are trimmed", r#"{"alg":"HS256 "}"#),
    ("alg-longer", "catches names that are compared by their beginning", r#"{"alg":"HS256x"}"#),
    ("alg-empty", "catches a name of no letters", r#"{"alg":""}"#),
];

type Push<'p> = &'p mut dyn FnMut(&str, &'static str, &str, &str, String);

/// Payloads as they are (RFC 7797): signed raw, so that only the header can be the reason.
fn unencoded(smithy: &Smithy, push: Push<'_>) {
    let token = |header: &str| {
        let input = format!("{}.raw", encode_url(header.as_bytes()));
        format!("{input}.{}", mac_of(&smithy.secret, &input))
    };
    let clause = "RFC 7797 §6";
    let right = token(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    push("raw", clause, "catches b64 that is ignored", "success", right);
    let bare = token(r#"{"alg":"HS256","b64":false}"#);
    push("raw-without-crit", clause, "catches b64 that is obeyed without crit", REFUSED, bare);
    let text = token(r#"{"alg":"HS256","b64":"false","crit":["b64"]}"#);
    push("raw-by-text", clause, "catches b64 that is a text", REFUSED, text);
}

/// Flattened serializations with an unprotected header beside the protected one.
fn unprotected(smithy: &Smithy, push: Push<'_>) {
    let token = |protected: &str, unprotected: Value| {
        let (protected, payload) = (encode_url(protected.as_bytes()), encode_url(b"payload"));
        let signature = mac_of(&smithy.secret, &format!("{protected}.{payload}"));
        let mut token =
            json!({ "payload": payload, "header": unprotected, "signature": signature });
        if !protected.is_empty() {
            token["protected"] = json!(protected);
        }
        token.to_string()
    };
    let alg = r#"{"alg":"HS256"}"#;
    let clause = "RFC 7515 §7.2.1";
    let right = token(alg, json!({ "kid": "1" }));
    push("unprotected-kid", clause, "a kid may be unprotected", "success", right);
    for (id, comment, protected, header) in [
        (
            "same-name",
            "catches a member that overrides the protected one",
            alg,
            json!({ "alg": "HS256" }),
        ),
        (
            "same-name-typ",
            "catches it for any member",
            r#"{"alg":"HS256","typ":"a"}"#,
            json!({ "typ": "b" }),
        ),
        (
            "unprotected-alg",
            "catches an algorithm that nothing protects",
            "",
            json!({ "alg": "HS256" }),
        ),
        (
            "unprotected-crit",
            "catches crit that nothing protects",
            alg,
            json!({ "crit": ["x"], "x": 1 }),
        ),
        ("unprotected-b64", "catches b64 that nothing protects", alg, json!({ "b64": false })),
    ] {
        push(id, clause, comment, REFUSED, token(protected, header));
    }
}
