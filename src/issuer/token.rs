//! The token itself (RFC 9068): who it is for, who it is about, how long, and what for.
//!
//! Its `typ` is `at+jwt`, so that no verifier that asks for the type takes another JWT of this issuer for an
//! access token, or this one for something else (RFC 8725 §3.11).

use super::error::Error;
use super::keys::Keyring;
use super::making::random_name;
use super::users::User;
use crate::jose::{Policy, Signer, object};
use serde_json::{Value, json};

/// `typ` of the header (RFC 9068 §2.1).
pub const TYPE: &str = "at+jwt";
/// RFC 9068 §2.2 wants a `client_id`; who asks with a password is no client that this issuer knows.
const CLIENT: &str = "jotlab";

/// What all tokens of an issuer have in common.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    /// Seconds.
    pub(super) lifetime: u32,
}

/// A token and what is said about it.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) token: String,
    pub(super) kid: String,
    pub(super) jti: String,
    pub(super) scope: String,
    pub(super) expires: i64,
}

/// Makes a token for a user, with the key that signs at this time.
pub(super) fn issue(
    ring: &Keyring,
    terms: &Terms,
    user: &User,
    scopes: &[String],
    now: i64,
) -> Result<Issued, Error> {
    let key = ring.current(now).ok_or_else(|| Error::Key("there is no key".to_owned()))?;
    let (kid, algorithm) = (key.kid().to_owned(), ring.algorithm());
    let header =
        object(&[("alg", json!(algorithm.name())), ("typ", json!(TYPE)), ("kid", json!(kid))]);
    let (jti, scope) = (random_name()?, scopes.join(" "));
    let expires = now.saturating_add(i64::from(terms.lifetime));
    let audience = match &terms.audiences[..] {
        [one] => json!(one),
        many => json!(many),
    };
    let mut claims: Vec<(&str, Value)> = vec![
        ("iss", json!(terms.issuer)),
        ("sub", json!(user.name())),
        ("aud", audience),
        ("client_id", json!(CLIENT)),
        ("iat", json!(now)),
        ("exp", json!(expires)),
        ("jti", json!(jti)),
    ];
    claims.extend(user.role_name().map(|role| ("role", json!(role))));
    if !scope.is_empty() {
        claims.push(("scope", json!(scope)));
    }
    let unsigned = |error: crate::jose::SignError| Error::Key(error.to_string());
    let policy = Policy::at(now).algorithms([algorithm]);
    let signer = Signer::with_header(&key.jwk, algorithm, &header, &policy).map_err(unsigned)?;
    let token = signer.compact(object(&claims).as_bytes()).map_err(unsigned)?;
    Ok(Issued { token, kid, jti, scope, expires })
}

impl Issued {
    /// The answer's body (RFC 6749 §5.1).
    pub(super) fn to_value(&self, lifetime: u32) -> Value {
        json!({
            "access_token": self.token, "token_type": "Bearer", "expires_in": lifetime,
            "scope": self.scope,
        })
    }
}
