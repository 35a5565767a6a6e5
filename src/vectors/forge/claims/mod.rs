//! JWTs with a good signature and claims that do, or do not, meet a policy.

mod people;
mod times;

use super::{Entry, Smithy, mac_of};
use crate::base64::encode_url;
use people::PEOPLE;
use serde_json::{Value, json};
use times::TIMES;

/// The time of every check.
const NOW: i64 = 2_000_000_000;
const REFUSED: &str = "claims refused";
const HEADER: &str = r#"{"alg":"HS256"}"#;

/// id, comment, result, claims, members of the policy.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub(super) fn entries(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    let mut push = |id: &str, comment: &str, result: &str, token: String, policy: Value| {
        let mut policy = policy;
        policy["now"] = json!(NOW);
        let fields = json!({ "token": token, "key": smithy.oct(), "policy": policy });
        entries.push(Entry::new(id, "jwt.verify", "RFC 7519 §4", comment, result, fields));
    };
    for (id, comment, result, claims, policy) in TIMES.into_iter().chain(PEOPLE) {
        // the tables are JSON, which the tests read
        let policy = serde_json::from_str(policy).unwrap_or_default();
        push(id, comment, result, smithy.hs(HEADER, claims), policy);
    }
    let good = r#"{"exp":2000000300}"#;
    for (id, comment, result, typ) in [
        ("typ-right", "the typ that is expected", "success", "at+jwt"),
        ("typ-full", "application/ and case do not count", "success", "application/AT+JWT"),
        (
            "typ-other",
            "catches typ that is ignored: an ID token for an access token",
            REFUSED,
            "JWT",
        ),
    ] {
        let header = format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#);
        push(id, comment, result, smithy.hs(&header, good), json!({ "typ": "at+jwt" }));
    }
    let comment = "catches typ that may be missing";
    push("typ-missing", comment, REFUSED, smithy.hs(HEADER, good), json!({ "typ": "at+jwt" }));

    let expired = smithy.hs(HEADER, r#"{"exp":1}"#);
    let (input, signature) = expired.rsplit_once('.').unwrap_or_default();
    // the first letter has no spare bits
    let bent =
        signature.replacen(&signature[..1], if signature.starts_with('A') { "B" } else { "A" }, 1);
    push(
        "expired-forgery",
        "catches claims that are judged before the signature",
        "signature mismatch",
        format!("{input}.{bent}"),
        json!({}),
    );
    let [protected, payload] = [HEADER, good].map(|text| encode_url(text.as_bytes()));
    let signature = mac_of(&smithy.secret, &format!("{protected}.{payload}"));
    let flat = json!({ "payload": payload, "protected": protected, "signature": signature });
    let comment = "catches JSON where a JWT is compact";
    push("json-form", comment, "malformed", flat.to_string(), json!({}));
    let header = encode_url(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let input = format!("{header}.{good}");
    let token = format!("{input}.{}", mac_of(&smithy.secret, &input));
    let comment = "catches an unencoded payload in a JWT, which RFC 7797 §7 forbids";
    push("raw-payload", comment, REFUSED, token, json!({}));
    entries
}
