//! Who chooses: the algorithm from the caller's list and the key, the key by its name or as the only fit.

use super::source::public_jwk;
use super::{Entry, ForgeError, Smithy, hs_by, oct};
use crate::base64::{encode_standard, encode_url};
use crate::rsa::encoding::spki_der;
use serde_json::{Value, json};

const REFUSED: &str = "key refused";

/// A JWK with more members.
fn with(mut key: Value, members: &[(&str, Value)]) -> Value {
    for (name, value) in members {
        key[*name] = value.clone();
    }
    key
}

struct Case {
    id: &'static str,
    clause: &'static str,
    comment: &'static str,
    result: &'static str,
    token: String,
    key: Value,
    algs: &'static [&'static str],
}

pub(super) fn entries(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let mut cases = by_name(smithy);
    cases.extend(by_use(smithy)?);
    cases.extend(confusions(smithy));
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
    let mut cases = vec![
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
    let mut listed = |id, comment, result, token: &String, key, algs| {
        let case = Case { algs, ..case(id, "RFC 8725 §3.1", comment, result, token, key) };
        cases.push(case);
    };
    listed(
        "list-has-it",
        "an algorithm of the caller's list",
        "success",
        &hs,
        smithy.oct(),
        &["HS256"],
    );
    listed(
        "list-has-it-not",
        "catches a list that is ignored",
        REFUSED,
        &hs,
        smithy.oct(),
        &["RS256"],
    );
    listed(
        "list-of-another",
        "catches a list that is ignored",
        REFUSED,
        &hs,
        smithy.oct(),
        &["HS384", "HS512"],
    );
    Ok(cases)
}

/// Tokens by a secret that everybody has, and by a key that the token brings.
fn confusions(smithy: &Smithy) -> Vec<Case> {
    let der = spki_der(smithy.rsa.public());
    let lines: Vec<String> = encode_standard(&der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", lines.join("\n"));
    let public = smithy.public();
    let case = |id, comment, secret: &[u8]| Case {
        id,
        clause: "RFC 8725 §3.1",
        comment,
        result: REFUSED,
        token: hs_by(secret, r#"{"alg":"HS256"}"#, "payload"),
        key: public.clone(),
        algs: &[],
    };
    let mut cases = vec![
        case("secret-pem", "catches HS with the public key's PEM", format!("{pem}\n").as_bytes()),
        case("secret-pem-bare", "catches it without the last newline", pem.as_bytes()),
        case("secret-der", "catches HS with the public key's DER", &der),
        case("secret-jwk", "catches HS with the JWK's text", public.to_string().as_bytes()),
        case(
            "secret-modulus",
            "catches HS with the modulus",
            &smithy.rsa.public().n().to_bytes_be(),
        ),
        case("secret-empty", "catches HS with nothing", b""),
    ];
    let attacker = smithy.source.bytes("attacker", 32);
    let embedded = json!({ "alg": "HS256", "jwk": oct(&attacker) }).to_string();
    cases.push(Case {
        id: "embedded-jwk",
        clause: "RFC 8725 §3.5",
        comment: "catches a key that the token itself brings",
        result: "signature mismatch",
        token: hs_by(&attacker, &embedded, "payload"),
        key: smithy.oct(),
        algs: &[],
    });
    let n = smithy.rsa.public().n();
    let chain = json!({ "alg": "HS256", "x5c": [encode_url(&n.to_bytes_be())] }).to_string();
    cases.push(Case {
        id: "embedded-chain",
        clause: "RFC 8725 §3.5",
        comment: "catches a certificate that the token itself brings",
        result: REFUSED,
        token: hs_by(&attacker, &chain, "payload"),
        key: public_jwk(n, smithy.rsa.public().e()),
        algs: &[],
    });
    cases
}
