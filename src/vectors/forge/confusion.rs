//! Tokens by a secret that everybody has, and by a key that the token brings.

use super::choice::{Case, REFUSED};
use super::source::public_jwk;
use super::{Smithy, hs_by, oct};
use crate::base64::{encode_standard, encode_url};
use crate::rsa::encoding::spki_der;
use serde_json::json;

/// Tokens by a secret that everybody has, and by a key that the token brings.
pub(super) fn confusions(smithy: &Smithy) -> Vec<Case> {
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
