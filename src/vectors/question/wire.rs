//! Requests as JSON, the form of a cross-check and of `vectors show`.

use super::{JwtPolicy, Message, Request, RsaPrivate};
use num_bigint::BigUint;
use serde_json::{Value, json};

impl Request {
    /// As JSON: bytes are lower-case hex, integers big-endian hex, tokens and keys text as received.
    pub fn to_value(&self) -> Value {
        let mut value = self.members();
        value["op"] = json!(self.operation());
        value
    }

    fn members(&self) -> Value {
        match self {
            Request::Sha2 { hash, message } => {
                let mut value = message.to_value();
                value["alg"] = json!(hash.name());
                value
            }
            Request::Sha2Chain { hash, seed, chain, outer, inner } => json!({
                "alg": hash.name(), "seed": hex::encode(seed), "variant": chain.name(),
                "outer": outer, "inner": inner,
            }),
            Request::Hmac { hash, key, message, tag_bytes } => json!({
                "alg": hash.name(), "key": hex::encode(key), "msg": hex::encode(message),
                "tag_len": tag_bytes,
            }),
            Request::HmacVerify { hash, key, message, tag, tag_bytes } => json!({
                "alg": hash.name(), "key": hex::encode(key), "msg": hex::encode(message),
                "tag": hex::encode(tag), "tag_len": tag_bytes,
            }),
            Request::Pbkdf2 { hash, password, salt, count, key_bytes } => json!({
                "alg": hash.name(), "password": hex::encode(password), "salt": hex::encode(salt),
                "count": count, "dk_len": key_bytes,
            }),
            Request::Base64UrlEncode { data } => json!({ "data": hex::encode(data) }),
            Request::Base64UrlDecode { text } => json!({ "text": text }),
            Request::RsaSign { hash, key, message } => json!({
                "alg": hash.name(), "key": key.to_value(), "msg": hex::encode(message),
            }),
            Request::RsaVerify { hash, n, e, message, signature } => json!({
                "alg": hash.name(), "key": { "n": integer(n), "e": integer(e) },
                "msg": hex::encode(message), "sig": hex::encode(signature),
            }),
            Request::IsPrime { value } => json!({ "value": format!("{value:x}") }),
            Request::JwsSign { algorithm, key, header, payload } => json!({
                "alg": algorithm, "key": key, "header": header, "payload": hex::encode(payload),
            }),
            Request::JwsVerify { token, payload, keys, algorithms, allow } => {
                let mut value =
                    json!({ "jws": token, "key": keys, "algs": algorithms, "allow": allow });
                if let Some(payload) = payload {
                    value["payload"] = json!(hex::encode(payload));
                }
                value
            }
            Request::JwtVerify { token, keys, algorithms, policy, allow } => json!({
                "token": token, "key": keys, "algs": algorithms, "allow": allow,
                "policy": policy.to_value(),
            }),
            Request::SecretImport { secret } => json!({ "secret": hex::encode(secret) }),
            Request::JwkParse { jwk } => json!({ "jwk": jwk }),
            Request::Thumbprint { jwk, hash } => json!({ "jwk": jwk, "hash": hash.name() }),
        }
    }
}

impl Message {
    fn to_value(&self) -> Value {
        match self {
            Message::Bytes(bytes) => json!({ "msg": hex::encode(bytes) }),
            Message::Bits(bytes, bits) => json!({ "msg": hex::encode(bytes), "bits": bits }),
            Message::Repeated { piece, bytes } => {
                json!({ "repeat": hex::encode(piece), "bytes": bytes })
            }
            Message::Chunks(chunks) => {
                json!({ "chunks": chunks.iter().map(hex::encode).collect::<Vec<_>>() })
            }
        }
    }
}

impl RsaPrivate {
    fn to_value(&self) -> Value {
        let mut value =
            json!({ "n": integer(&self.n), "e": integer(&self.e), "d": integer(&self.d) });
        for (name, number) in ["p", "q", "dp", "dq", "qi"].iter().zip(self.primes.iter().flatten())
        {
            value[*name] = json!(integer(number));
        }
        value
    }
}

impl JwtPolicy {
    fn to_value(&self) -> Value {
        let mut value = json!({ "now": self.now });
        if self.leeway > 0 {
            value["leeway"] = json!(self.leeway);
        }
        for (name, text) in [("iss", &self.issuer), ("aud", &self.audience), ("typ", &self.typ)] {
            if let Some(text) = text {
                value[name] = json!(text);
            }
        }
        if !self.require.is_empty() {
            value["require"] = json!(self.require);
        }
        value
    }
}

/// Big-endian hex of whole bytes.
fn integer(number: &BigUint) -> String {
    hex::encode(number.to_bytes_be())
}
