//! Who chooses: the algorithm from the caller's list and the key, the key by its name or as the only fit.

use super::{Entry, ForgeError, Smithy, hs_by, oct};
use serde_json::{Value, json};

pub(super) const REFUSED: &str = "key refused";

/// A JWK with more members.
fn with(mut key: Value, members: &[(&str, Value)]) -> Value {
    for (name, value) in members {
        key[*name] = value.clone();
    }
    key
}

pub(super) struct Case {
    pub(super) id: &'static str,
    pub(super) clause: &'static str,
    pub(super) comment: &'static str,
    pub(super) result: &'static str,
    pub(super) token: String,
    pub(super) key: Value,
    pub(super) algs: &'static [&'static str],
}

pub(super) fn entries(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let mut cases = by_name(smithy);
    cases.extend(by_use(smithy)?);
    cases.extend(by_list(smithy));
    cases.extend(super::confusion::confusions(smithy));
    let entry = |case: Case| {
        let mut fields = json!({ "token": case.token, "key": case.key });
        if !case.algs.is_empty() {
            fields["algs"] = json!(case.algs);
        }
        Entry::new(case.id, "jws.verify", case.clause, case.comment, case.result, fields)
    };
    Ok(cases.into_iter().map(entry).collect())
}

fn by_name(smithy: &Smithy) -> Vec<Case> {
    let [a, b] = ["kid/a", "kid/b"].map(|label| smithy.source.bytes(label, 32));
    let named = |secret: &[u8], kid: &str| with(oct(secret), &[("kid", json!(kid))]);
    let set = |keys: Vec<Value>| json!({ "keys": keys });
    let header = |kid: &str| format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#);
    let bare = r#"{"alg":"HS256"}"#;
    let both = || set(vec![named(&a, "a"), named(&b, "b")]);
    let case = |id, comment, result, token, key| Case {
        id,
        clause: "RFC 7515 §4.1.4",
        comment,
        result,
        token,
        key,
        algs: &[],
    };
    let by_b = |kid: &str| hs_by(&b, &header(kid), "payload");
    vec![
        case(
            "kid-first",
            "the first key by its name",
            "success",
            hs_by(&a, &header("a"), "payload"),
            both(),
        ),
        case("kid-second", "the second key by its name", "success", by_b("b"), both()),
        case(
            "kid-of-another",
            "catches a set of which any key will do",
            "signature mismatch",
            by_b("a"),
            both(),
        ),
        case(
            "kid-unknown",
            "catches a key that is taken though it is not meant",
            REFUSED,
            by_b("c"),
            both(),
        ),
        case(
            "kid-unknown-alone",
            "catches a key that is taken because it is alone",
            REFUSED,
            by_b("c"),
            set(vec![named(&b, "b")]),
        ),
        case(
            "kid-other-case",
            "catches kids that are compared without case",
            REFUSED,
            by_b("B"),
            set(vec![named(&b, "b")]),
        ),
        case("kid-path", "catches a kid that is a path", REFUSED, by_b("../../dev/null"), both()),
        case("kid-empty", "catches an empty kid that matches anything", REFUSED, by_b(""), both()),
        case(
            "kid-missing-several",
            "catches the first of several keys",
            REFUSED,
            hs_by(&a, bare, "payload"),
            both(),
        ),
        case(
            "kid-twice",
            "catches the first of two keys of one name",
            REFUSED,
            hs_by(&a, &header("a"), "payload"),
            set(vec![named(&a, "a"), named(&b, "a")]),
        ),
        case(
            "kid-missing-alone",
            "one key needs no name",
            "success",
            hs_by(&b, bare, "payload"),
            set(vec![named(&b, "b")]),
        ),
        case(
            "set-empty",
            "catches a set of no keys",
            REFUSED,
            hs_by(&b, bare, "payload"),
            set(vec![]),
        ),
        case(
            "mixed-set",
            "catches secrets beside public keys",
            REFUSED,
            hs_by(&a, &header("a"), "payload"),
            set(vec![named(&a, "a"), with(smithy.public(), &[("kid", json!("r"))])]),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn by_use(smithy: &Smithy) -> Result<Vec<Case>, ForgeError> {
    let hs = smithy.hs(r#"{"alg":"HS256"}"#, "payload");
    let rs = smithy.rs(r#"{"alg":"RS256"}"#, "payload")?;
    let case = |id, clause, comment, result, token: &String, key| Case {
        id,
        clause,
        comment,
        result,
        token: token.clone(),
        key,
        algs: &[],
    };
    let oct = |name: &str, value: Value| with(smithy.oct(), &[(name, value)]);
    let rsa = |name: &str, value: Value| with(smithy.public(), &[(name, value)]);
    let alg = "RFC 7517 §4.4";
    let cases = vec![
        case(
            "alg-same",
            alg,
            "the key's own algorithm",
            "success",
            &hs,
            oct("alg", json!("HS256")),
        ),
        case(
            "alg-other",
            alg,
            "catches the key's alg that is ignored",
            REFUSED,
            &hs,
            oct("alg", json!("HS512")),
        ),
        case(
            "alg-other-rs",
            alg,
            "catches the key's alg that is ignored",
            REFUSED,
            &rs,
            rsa("alg", json!("RS512")),
        ),
        case(
            "alg-pss",
            alg,
            "catches an RSA key of another scheme",
            REFUSED,
            &rs,
            rsa("alg", json!("PS256")),
        ),
        case(
            "use-sig",
            "RFC 7517 §4.2",
            "a key for signatures",
            "success",
            &rs,
            rsa("use", json!("sig")),
        ),
        case(
            "use-enc",
            "RFC 7517 §4.2",
            "catches a use that is ignored",
            REFUSED,
            &rs,
            rsa("use", json!("enc")),
        ),
        case(
            "ops-verify",
            "RFC 7517 §4.3",
            "a key for verifying",
            "success",
            &rs,
            rsa("key_ops", json!(["verify"])),
        ),
        case(
            "ops-encrypt",
            "RFC 7517 §4.3",
            "catches key_ops that are ignored",
            REFUSED,
            &rs,
            rsa("key_ops", json!(["encrypt"])),
        ),
        case(
            "ops-sign",
            "RFC 7517 §4.3",
            "catches key_ops that are ignored",
            REFUSED,
            &hs,
            oct("key_ops", json!(["sign"])),
        ),
        case(
            "ops-none",
            "RFC 7517 §4.3",
            "catches an empty list",
            REFUSED,
            &hs,
            oct("key_ops", json!([])),
        ),
        case(
            "type-oct-for-rs",
            "RFC 8725 §3.1",
            "catches a key of another type",
            REFUSED,
            &rs,
            smithy.oct(),
        ),
    ];
    Ok(cases)
}

/// The caller's list of algorithms.
fn by_list(smithy: &Smithy) -> Vec<Case> {
    let listed = |id, comment, result, algs| Case {
        id,
        clause: "RFC 8725 §3.1",
        comment,
        result,
        token: smithy.hs(r#"{"alg":"HS256"}"#, "payload"),
        key: smithy.oct(),
        algs,
    };
    vec![
        listed("list-has-it", "an algorithm of the caller's list", "success", &["HS256"]),
        listed("list-has-it-not", "catches a list that is ignored", REFUSED, &["RS256"]),
        listed("list-of-another", "catches a list that is ignored", REFUSED, &["HS384", "HS512"]),
    ]
}
