//! Keys that everybody knows: the standards print them, private halves too. What is shown here is signed with
//! them, so that no secret of anybody is needed to look around.

use super::refusal::Refusal;
use crate::base64;
use crate::jose::{Algorithm, Jwk, Policy, Signer};
use axum::http::StatusCode;

/// The key pair of RFC 7515 §A.2.1.
const FIRST: &str = include_str!("../../vectors/keys/rfc7515-a2.jwk.json");
/// The key pair of RFC 7520 §3.4.
const SECOND: &str = include_str!("../../vectors/keys/rfc7520-3.4.jwk.json");
/// The secret of RFC 7515 §A.1.1.
const SECRET: &str =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

/// The time at which the samples are looked at, in seconds.
pub(super) const NOW: i64 = 2_000_000_100;
/// Claims of a sample.
pub(super) const CLAIMS: &str = r#"{"iss":"https://issuer.example","sub":"alice","aud":"my-service","iat":2000000000,"exp":2000003600}"#;

/// One of the two published RSA key pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    First,
    Second,
}

/// A published key pair under a name.
pub(super) fn rsa(pair: Pair, kid: &str) -> Result<Jwk, Refusal> {
    let text = match pair {
        Pair::First => FIRST,
        Pair::Second => SECOND,
    };
    let mut key = Jwk::parse(text).map_err(fault)?;
    let parameters = key.parameters_mut();
    parameters.kid = Some(kid.to_owned());
    parameters.usage = None;
    Ok(key)
}

/// Its public half.
pub(super) fn public(key: &Jwk) -> Result<Jwk, Refusal> {
    key.to_public().ok_or_else(|| fault("a key pair without a public half"))
}

/// The published secret, 64 bytes.
pub(super) fn secret() -> Result<Vec<u8>, Refusal> {
    base64::decode_url(SECRET).map_err(fault)
}

/// A token with these claims.
pub(super) fn sign(
    key: &Jwk,
    algorithm: Algorithm,
    now: i64,
    claims: &str,
) -> Result<String, Refusal> {
    let signer = Signer::new(key, algorithm, &Policy::at(now)).map_err(fault)?;
    signer.compact(claims.as_bytes()).map_err(fault)
}

/// What is demanded of a sample.
pub(super) fn policy(now: i64) -> Policy {
    Policy::at(now).issuer("https://issuer.example").audience("my-service")
}

/// A published key that does not work: that cannot be anybody's input.
pub(super) fn fault(error: impl core::fmt::Display) -> Refusal {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "a sample of this page",
        error.to_string(),
        "the samples are published keys",
    )
}
