//! The members of each operation that is a request.

use crate::vectors::figures::model::{Hash, Hex};
use crate::vectors::question::{JwtPolicy, Message, Request};
use num_bigint::BigUint;
use serde::Deserialize;
use serde_json::Value;

/// The same message by several calls.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chunks {
    alg: Hash,
    chunks: Vec<Hex>,
}

impl Chunks {
    pub(super) fn request(self) -> Request {
        let message = Message::Chunks(self.chunks.into_iter().map(|hex| hex.0).collect());
        Request::Sha2 { hash: self.alg.0, message }
    }
}

/// A message of so many bits.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bits {
    alg: Hash,
    msg: Hex,
    #[serde(rename = "bits")]
    length: u64,
}

impl Bits {
    pub(super) fn request(self) -> Result<Request, String> {
        if self.msg.0.len() as u64 != self.length.div_ceil(8) {
            return Err(format!("{} bits are not in {} bytes", self.length, self.msg.0.len()));
        }
        let message = Message::Bits(self.msg.0, self.length);
        Ok(Request::Sha2 { hash: self.alg.0, message })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HmacVerify {
    alg: Hash,
    key: Hex,
    msg: Hex,
    tag: Hex,
}

impl HmacVerify {
    pub(super) fn request(self) -> Request {
        Request::HmacVerify {
            hash: self.alg.0,
            key: self.key.0,
            message: self.msg.0,
            tag: self.tag.0,
            tag_bytes: self.alg.0.digest_bytes(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pbkdf2 {
    alg: Hash,
    password: Hex,
    salt: Hex,
    count: u32,
    dk_len: usize,
}

impl Pbkdf2 {
    pub(super) fn request(self) -> Request {
        Request::Pbkdf2 {
            hash: self.alg.0,
            password: self.password.0,
            salt: self.salt.0,
            count: self.count,
            key_bytes: self.dk_len,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    pub(super) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secret {
    pub(super) secret: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RsaVerify {
    alg: Hash,
    n: Hex,
    e: Hex,
    msg: Hex,
    sig: Hex,
}

impl RsaVerify {
    pub(super) fn request(self) -> Request {
        let [n, e] = [self.n, self.e].map(|hex| BigUint::from_bytes_be(&hex.0));
        let (message, signature) = (self.msg.0, self.sig.0);
        Request::RsaVerify { hash: self.alg.0, n, e, message, signature }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jws {
    token: String,
    key: Value,
    payload: Option<Hex>,
    #[serde(default)]
    algs: Vec<String>,
    #[serde(default)]
    allow: Vec<String>,
}

impl Jws {
    pub(super) fn request(self) -> Request {
        Request::JwsVerify {
            token: self.token,
            payload: self.payload.map(|hex| hex.0),
            keys: key_text(self.key),
            algorithms: self.algs,
            allow: self.allow,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jwt {
    token: String,
    key: Value,
    #[serde(default)]
    algs: Vec<String>,
    #[serde(default)]
    allow: Vec<String>,
    policy: Policy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    now: i64,
    #[serde(default)]
    leeway: u64,
    iss: Option<String>,
    aud: Option<String>,
    typ: Option<String>,
    #[serde(default)]
    require: Vec<String>,
}

impl Jwt {
    pub(super) fn request(self) -> Request {
        let Policy { now, leeway, iss, aud, typ, require } = self.policy;
        Request::JwtVerify {
            token: self.token,
            keys: key_text(self.key),
            algorithms: self.algs,
            policy: JwtPolicy { now, leeway, issuer: iss, audience: aud, typ, require },
            allow: self.allow,
        }
    }
}

/// A token that must be refused under the strict defaults at the beginning of 1970.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    token: String,
    key: Option<Value>,
}

impl Token {
    pub(super) fn request(self) -> Request {
        Request::JwtVerify {
            token: self.token,
            keys: self.key.map_or_else(|| "{\"keys\":[]}".to_owned(), key_text),
            algorithms: vec![],
            policy: JwtPolicy::default(),
            allow: vec![],
        }
    }
}

/// A key as a JSON value is written in order of names; one that must keep its bytes is a text.
fn key_text(key: Value) -> String {
    match key {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
