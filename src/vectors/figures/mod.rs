//! Figures with intermediate values, as standards print them: the states of a hash, the blocks of a
//! signature, the members of a key. Only this library can be asked for its inner states; of the same
//! figure every implementation can be asked for the ends.

mod jose;
pub mod model;
mod primitives;

use super::case::{Expected, Question};
use super::question::{Message, Request, RsaPrivate};
use crate::sha2::backend::Backend;
use model::{JwsCase, Operation, RsaKey};
use num_bigint::BigUint;
use serde_json::Value;

/// A figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is of.
    pub operation: Operation,
    /// As it stands in the file.
    pub text: Value,
}

/// Compares a figure with what this library computes, hashing by the given way.
///
/// # Errors
///
/// The first thing that differs.
pub fn check(figure: &Figure, backend: &Backend) -> Result<(), String> {
    match &figure.operation {
        Operation::Sha2(figure) => primitives::sha2(figure, backend),
        Operation::Sha2Constants(figure) => primitives::sha2_constants(figure),
        Operation::Hmac(figure) => primitives::hmac(figure, backend),
        Operation::Base64(figure) => primitives::base64(figure),
        Operation::Base64Alphabet(figure) => primitives::base64_alphabet(figure),
        Operation::DigestInfo(figure) => primitives::digest_info(figure),
        Operation::RsaSign(figure) => primitives::rsa_sign(figure, backend),
        Operation::RsaVerify(figure) => primitives::rsa_verify(figure, backend),
        Operation::Jwk(figure) => jose::jwk(figure),
        Operation::Jwks(figure) => jose::jwks(figure),
        Operation::Thumbprint(figure) => jose::thumbprint(figure),
        Operation::Jws(figure) => jose::jws(figure),
    }
}

/// What any implementation can be asked of a figure.
pub(super) fn questions(operation: &Operation) -> Vec<Question> {
    let output = |request, bytes: &[u8]| {
        vec![Question { request, expected: Expected::Output(bytes.to_vec()) }]
    };
    match operation {
        Operation::Sha2(figure) => match (&figure.msg, &figure.repeat) {
            (Some(message), _) => {
                let message = Message::Bytes(message.0.clone());
                output(Request::Sha2 { hash: figure.alg.0, message }, &figure.md.0)
            }
            (None, Some(repeat)) => {
                let piece = repeat.octet_hex.0.clone();
                let bytes = repeat.count.saturating_mul(piece.len() as u64);
                let message = Message::Repeated { piece, bytes };
                output(Request::Sha2 { hash: figure.alg.0, message }, &figure.md.0)
            }
            (None, None) => vec![],
        },
        Operation::Hmac(figure) => {
            let (key, message) = (figure.key.0.clone(), figure.msg.0.clone());
            let tag_bytes = figure.tag.0.len();
            output(Request::Hmac { hash: figure.alg.0, key, message, tag_bytes }, &figure.tag.0)
        }
        Operation::Base64(figure) => base64url(figure),
        Operation::RsaSign(figure) => {
            let (hash, message) = (figure.alg.0, figure.msg.0.clone());
            private(&figure.key).map_or(vec![], |key| {
                output(Request::RsaSign { hash, key, message }, &figure.sig.0)
            })
        }
        Operation::RsaVerify(figure) => {
            let [n, e] = [&figure.key.n, &figure.key.e].map(|hex| BigUint::from_bytes_be(&hex.0));
            let (message, signature) = (figure.msg.0.clone(), figure.sig.0.clone());
            let request = Request::RsaVerify { hash: figure.alg.0, n, e, message, signature };
            let expected = if figure.valid { Expected::Accept } else { Expected::Refuse(None) };
            vec![Question { request, expected }]
        }
        Operation::Thumbprint(figure) => {
            let (jwk, hash) = (figure.key.to_string(), figure.hash.0);
            output(Request::Thumbprint { jwk, hash }, figure.thumbprint.as_bytes())
        }
        Operation::Jws(figure) => jws(figure),
        Operation::Sha2Constants(_)
        | Operation::Base64Alphabet(_)
        | Operation::DigestInfo(_)
        | Operation::Jwk(_)
        | Operation::Jwks(_) => vec![],
    }
}

fn base64url(figure: &model::Base64) -> Vec<Question> {
    let Some(url) = &figure.url else { return vec![] };
    let data = figure.data.0.clone();
    let expected = Expected::Output(data.clone());
    vec![
        Question {
            request: Request::Base64UrlEncode { data },
            expected: Expected::Output(url.clone().into_bytes()),
        },
        Question { request: Request::Base64UrlDecode { text: url.clone() }, expected },
    ]
}

fn private(key: &RsaKey) -> Option<RsaPrivate> {
    let integer = |hex: &model::Hex| BigUint::from_bytes_be(&hex.0);
    let parts = [&key.p, &key.q, &key.dp, &key.dq, &key.qi].map(|part| part.as_ref().map(integer));
    let primes = match parts {
        [Some(p), Some(q), Some(dp), Some(dq), Some(qi)] => Some([p, q, dp, dq, qi]),
        _ => None,
    };
    Some(RsaPrivate { n: integer(&key.n), e: integer(&key.e), d: integer(key.d.as_ref()?), primes })
}

/// Every serialization that is printed, with the payload beside it where it is detached.
fn jws(figure: &JwsCase) -> Vec<Question> {
    let json = [&figure.flattened, &figure.general].into_iter().flatten();
    let texts = [&figure.compact, &figure.detached_compact].into_iter().flatten().cloned();
    let question = |token: String| {
        let is_apart = token.contains("..") || (token.starts_with('{') && !has_payload(&token));
        let request = Request::JwsVerify {
            payload: is_apart.then(|| figure.payload.0.clone()),
            token,
            keys: figure.key.to_string(),
            algorithms: vec![figure.alg.clone()],
            allow: figure.allow.clone(),
        };
        Question { request, expected: Expected::Output(figure.payload.0.clone()) }
    };
    texts.chain(json.map(Value::to_string)).map(question).collect()
}

fn has_payload(json: &str) -> bool {
    serde_json::from_str::<Value>(json).is_ok_and(|value| value.get("payload").is_some())
}

/// Compares a computed value with the one that a figure states.
fn expect<T: PartialEq + core::fmt::Display>(
    what: &str,
    found: &T,
    stated: &T,
) -> Result<(), String> {
    if found == stated { Ok(()) } else { Err(format!("{what} is {found}, expected {stated}")) }
}

/// The same for bytes, shown as hex.
fn expect_bytes(what: &str, found: &[u8], stated: &[u8]) -> Result<(), String> {
    expect(what, &hex::encode(found), &hex::encode(stated))
}
