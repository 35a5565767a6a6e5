//! JWTs with a good signature and claims that do, or do not, meet a policy.

use super::{Entry, Smithy, mac_of};
use crate::base64::encode_url;
use serde_json::{Value, json};

/// The time of every check.
const NOW: i64 = 2_000_000_000;
const REFUSED: &str = "claims refused";
const HEADER: &str = r#"{"alg":"HS256"}"#;

/// id, comment, result, claims, members of the policy.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const TIMES: [Row; 23] = [
    (
        "right",
        "the claims that all others here are made from",
        "success",
        r#"{"exp":2000000300}"#,
        "{}",
    ),
    ("exp-past", "catches exp that is ignored", REFUSED, r#"{"exp":1999999999}"#, "{}"),
    (
        "exp-now",
        "catches a border: at exp itself it is over",
        REFUSED,
        r#"{"exp":2000000000}"#,
        "{}",
    ),
    ("exp-next", "a border: a second before exp", "success", r#"{"exp":2000000001}"#, "{}"),
    ("exp-missing", "catches a token that never ends", REFUSED, "{}", "{}"),
    (
        "exp-text",
        "catches exp of another type that is skipped",
        REFUSED,
        r#"{"exp":"2000000300"}"#,
        "{}",
    ),
    ("exp-null", "catches exp that is null", REFUSED, r#"{"exp":null}"#, "{}"),
    (
        "exp-list",
        "catches exp of another type that is skipped",
        REFUSED,
        r#"{"exp":[2000000300]}"#,
        "{}",
    ),
    ("exp-fraction", "RFC 7519 §2 allows fractions", "success", r#"{"exp":2000000000.5}"#, "{}"),
    ("exp-beyond-32-bits", "catches a time of 32 bits", "success", r#"{"exp":4294967296}"#, "{}"),
    ("exp-beyond-31-bits", "catches a time of 31 bits", "success", r#"{"exp":2147483700}"#, "{}"),
    (
        "exp-largest",
        "catches a sum that wraps around",
        "success",
        r#"{"exp":9223372036854775807}"#,
        r#"{"leeway":60}"#,
    ),
    ("exp-negative", "catches a sign that is dropped", REFUSED, r#"{"exp":-2000000300}"#, "{}"),
    (
        "exp-in-leeway",
        "catches leeway that counts backwards",
        "success",
        r#"{"exp":1999999990}"#,
        r#"{"leeway":30}"#,
    ),
    (
        "exp-beyond-leeway",
        "catches leeway without an end",
        REFUSED,
        r#"{"exp":1999999970}"#,
        r#"{"leeway":30}"#,
    ),
    (
        "nbf-future",
        "catches nbf that is ignored",
        REFUSED,
        r#"{"exp":2000000300,"nbf":2000000001}"#,
        "{}",
    ),
    (
        "nbf-now",
        "catches a border: at nbf itself it has begun",
        "success",
        r#"{"exp":2000000300,"nbf":2000000000}"#,
        "{}",
    ),
    (
        "nbf-in-leeway",
        "leeway counts here too",
        "success",
        r#"{"exp":2000000300,"nbf":2000000030}"#,
        r#"{"leeway":30}"#,
    ),
    (
        "nbf-text",
        "catches nbf of another type that is skipped",
        REFUSED,
        r#"{"exp":2000000300,"nbf":"0"}"#,
        "{}",
    ),
    (
        "iat-future",
        "catches iat that is ignored",
        REFUSED,
        r#"{"exp":2000000300,"iat":2000000001}"#,
        "{}",
    ),
    (
        "duplicate-exp",
        "catches a claim that is there twice",
        REFUSED,
        r#"{"exp":1,"exp":2000000300}"#,
        "{}",
    ),
    ("no-object", "catches claims that are no object", REFUSED, "[2000000300]", "{}"),
    ("text-behind", "catches text behind the claims", REFUSED, r#"{"exp":2000000300}x"#, "{}"),
];

const PEOPLE: [Row; 23] = [
    (
        "aud-right",
        "the audience that is expected",
        "success",
        r#"{"exp":2000000300,"aud":"me"}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-in-list",
        "one of several",
        "success",
        r#"{"exp":2000000300,"aud":["you","me"]}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-other",
        "catches aud that is ignored",
        REFUSED,
        r#"{"exp":2000000300,"aud":"you"}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-missing",
        "catches aud that may be missing",
        REFUSED,
        r#"{"exp":2000000300}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-not-in-list",
        "catches a list that is skipped",
        REFUSED,
        r#"{"exp":2000000300,"aud":["you"]}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-list-empty",
        "catches an empty list",
        REFUSED,
        r#"{"exp":2000000300,"aud":[]}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-longer",
        "catches a part that is taken for the whole",
        REFUSED,
        r#"{"exp":2000000300,"aud":"me too"}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-mixed",
        "catches a list of other things",
        REFUSED,
        r#"{"exp":2000000300,"aud":["me",1]}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-number",
        "catches aud of another type that is skipped",
        REFUSED,
        r#"{"exp":2000000300,"aud":1}"#,
        r#"{"aud":"me"}"#,
    ),
    (
        "aud-unexpected",
        "catches a token for somebody else",
        REFUSED,
        r#"{"exp":2000000300,"aud":"you"}"#,
        "{}",
    ),
    (
        "iss-right",
        "the issuer that is expected",
        "success",
        r#"{"exp":2000000300,"iss":"https://a.example"}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-other",
        "catches iss that is ignored",
        REFUSED,
        r#"{"exp":2000000300,"iss":"https://b.example"}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-missing",
        "catches iss that may be missing",
        REFUSED,
        r#"{"exp":2000000300}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-longer",
        "catches a beginning that is taken for the whole",
        REFUSED,
        r#"{"exp":2000000300,"iss":"https://a.example.evil"}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-shorter",
        "catches a part that is taken for the whole",
        REFUSED,
        r#"{"exp":2000000300,"iss":"https://a"}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-other-case",
        "catches issuers that are compared without case",
        REFUSED,
        r#"{"exp":2000000300,"iss":"HTTPS://a.example"}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-list",
        "catches a list of issuers",
        REFUSED,
        r#"{"exp":2000000300,"iss":["https://a.example"]}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "iss-number",
        "catches iss of another type that is skipped",
        REFUSED,
        r#"{"exp":2000000300,"iss":1}"#,
        r#"{"iss":"https://a.example"}"#,
    ),
    (
        "required",
        "a claim that is required is there",
        "success",
        r#"{"exp":2000000300,"role":"x"}"#,
        r#"{"require":["role"]}"#,
    ),
    (
        "required-missing",
        "catches a requirement that is ignored",
        REFUSED,
        r#"{"exp":2000000300}"#,
        r#"{"require":["role"]}"#,
    ),
    (
        "required-null",
        "catches null that counts as there",
        REFUSED,
        r#"{"exp":2000000300,"role":null}"#,
        r#"{"require":["role"]}"#,
    ),
    (
        "several-failures",
        "catches a check that hides the others",
        REFUSED,
        r#"{"exp":1,"aud":"you","iss":"x"}"#,
        r#"{"aud":"me","iss":"y"}"#,
    ),
    ("escaped-name", "an escape is the same name", REFUSED, r#"{"\u0065xp":1}"#, "{}"),
];

pub(super) fn entries(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    let mut push = |id: &str, comment: &str, result: &str, token: String, policy: Value| {
        let mut policy = policy;
        policy["now"] = json!(NOW);
        let fields = json!({ "token": token, "key": smithy.oct(), "policy": policy });
        entries.push(Entry::new(id, "jwt.verify", "RFC 7519 §4", comment, result, fields));
    };
    for (id, comment, result, claims, policy) in TIMES.into_iter().chain(PEOPLE) {
        // the tables above are JSON, which the tests read
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
    // the last letter but one has no spare bits
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
