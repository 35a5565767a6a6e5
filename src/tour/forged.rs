//! Tokens of forgers: each is refused by the services, and here it is how it is made.

use super::house::said;
use crate::base64::{decode_url, encode_url};
use crate::encoding::pem;
use crate::hmac::Hmac;
use crate::jose::{Jwk, Jws, json};
use crate::rsa::encoding::spki_der;
use crate::sha2::Algorithm;
use serde_json::{Value, json};

/// The claims of a token, changed; the rest as it was.
pub(super) fn altered(token: &str) -> Result<String, String> {
    let [header, payload, signature] = Jws::split(token).map_err(said)?;
    let payload = decode_url(payload).map_err(said)?;
    let mut claims = json::parse_object(&payload).map_err(said)?;
    claims.insert("role".to_owned(), Value::from("admin"));
    claims.insert("scope".to_owned(), Value::from("read admin"));
    let payload = encode_url(Value::from(claims).to_string().as_bytes());
    Ok(format!("{header}.{payload}.{signature}"))
}

/// The claims of a token under HS256, with the public key as everybody can have it, in PEM, as the secret.
pub(super) fn by_public_key(token: &str, key: &Jwk) -> Result<String, String> {
    let public = key.rsa().ok_or("the published key is not RSA")?;
    let secret = pem::write("PUBLIC KEY", &spki_der(public));
    let signed = under("HS256", token, key)?;
    let tag = Hmac::new(Algorithm::Sha256, secret.as_bytes()).mac(signed.as_bytes());
    Ok(format!("{signed}.{}", encode_url(&tag)))
}

/// The claims of a token without any signature (RFC 7518 §3.6).
pub(super) fn unsigned(token: &str, key: &Jwk) -> Result<String, String> {
    Ok(format!("{}.", under("none", token, key)?))
}

fn under(alg: &str, token: &str, key: &Jwk) -> Result<String, String> {
    let [_, payload, _] = Jws::split(token).map_err(said)?;
    let header = json!({ "alg": alg, "kid": key.kid(), "typ": "at+jwt" }).to_string();
    Ok(format!("{}.{payload}", encode_url(header.as_bytes())))
}
