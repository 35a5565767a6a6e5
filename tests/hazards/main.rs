//! Known ways into JWT libraries, one test each, named after the way in. Every token here that could be
//! refused for another reason is otherwise right: where a header, a payload or a padding is wrong, the
//! signature over it is good, so that a test fails if the defence it names is taken out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod claims;
mod encoding;
mod headers;
mod json;
mod keys;
mod long_messages;
mod mac;
mod messages;
mod rsa_blocks;
mod serializations;
mod weak_keys;
mod who_chooses;

use jotlab::base64::encode_url;
use jotlab::jose::{
    Accepted, Algorithm, BindError, Claims, ClaimsError, Failure, Jwk, JwkSet, Jws, Malformed,
    Material, Outcome, Policy, Relaxation, Relaxations, VerifyError, verify,
};
use jotlab::rsa::{PrivateKey, pkcs1v15};
use std::sync::LazyLock;

/// The time of every check.
const NOW: i64 = 2_000_000_000;
/// Claims that the strict policy accepts at that time.
const CLAIMS: &str = r#"{"exp":2000000300}"#;
/// A secret that is long enough for every hash.
const SECRET: &[u8; 64] = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The RSA key of RFC 7515 appendix A.2, 2048 bits.
static RSA: LazyLock<Jwk> =
    LazyLock::new(|| Jwk::parse(include_str!("../../vectors/keys/rfc7515-a2.jwk.json")).unwrap());

fn rsa_private() -> &'static PrivateKey {
    let Material::RsaPrivate(key) = RSA.material() else { panic!("the key is private") };
    key
}

fn rsa_public() -> JwkSet {
    RSA.to_public().unwrap().into()
}

fn secret() -> JwkSet {
    Jwk::from_secret(SECRET.to_vec()).unwrap().into()
}

fn strict() -> Policy {
    Policy::at(NOW)
}

/// Everything that can be asked for.
fn lenient() -> Policy {
    Relaxation::ALL.into_iter().fold(strict(), Policy::allow)
}

fn mac(algorithm: Algorithm, key: &[u8], input: &str) -> Vec<u8> {
    jotlab::hmac::Hmac::new(algorithm.hash(), key).mac(input.as_bytes()).to_vec()
}

/// A compact token of the two texts as they are, with a MAC by `key`.
fn mac_token(key: &[u8], header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    let signature = mac(Algorithm::Hs256, key, &input);
    format!("{input}.{}", encode_url(&signature))
}

/// A compact token of any header and payload, with a good HS256 signature whatever they say.
fn hs256(header: &str, payload: &str) -> String {
    mac_token(SECRET, &encode_url(header.as_bytes()), &encode_url(payload.as_bytes()))
}

/// The same with a good RS256 signature.
fn rs256(header: &str, payload: &str) -> String {
    let input = format!("{}.{}", encode_url(header.as_bytes()), encode_url(payload.as_bytes()));
    let digest = Algorithm::Rs256.hash().digest(input.as_bytes());
    let signature = pkcs1v15::sign(rsa_private(), &digest).unwrap();
    format!("{input}.{}", encode_url(&signature))
}

fn good_hs256() -> String {
    hs256(r#"{"alg":"HS256"}"#, CLAIMS)
}

fn good_rs256() -> String {
    rs256(r#"{"alg":"RS256"}"#, CLAIMS)
}

/// Verifies with the secret and the strict policy.
fn check(token: &str) -> Result<Accepted<Claims>, VerifyError> {
    verify(token, &secret(), &strict())
}

fn malformed(token: &str) -> Malformed {
    match check(token) {
        Err(VerifyError::Malformed(error)) => error,
        other => panic!("{token:?}: {other:?} where it should be malformed"),
    }
}

fn no_key(token: &str, keys: &JwkSet, policy: &Policy) -> BindError {
    match verify(token, keys, policy) {
        Err(VerifyError::Key(error)) => error,
        other => panic!("{token:?}: {other:?} where there should be no key"),
    }
}

#[track_caller]
fn bad_signature(token: &str, keys: &JwkSet, policy: &Policy) {
    match verify(token, keys, policy) {
        Err(VerifyError::Signature(_)) => {}
        other => panic!("{token:?}: {other:?} where the signature should be bad"),
    }
}

/// The checks that failed, by their rules.
fn failures(token: &str, policy: &Policy) -> Vec<(String, Failure)> {
    match verify(token, &secret(), policy) {
        Err(VerifyError::Claims(ClaimsError::Refused(checks))) => checks
            .into_iter()
            .filter_map(|check| match check.outcome {
                Outcome::Failed(failure) => Some((check.rule.into_owned(), failure)),
                _ => None,
            })
            .collect(),
        other => panic!("{token:?}: {other:?} where claims should be refused"),
    }
}

/// The relaxations that a token needed for its key and its signature.
fn relaxed(token: &str, keys: &JwkSet, policy: &Policy) -> Vec<Relaxation> {
    let relaxations: Relaxations = Relaxation::ALL.into_iter().collect();
    let jws = Jws::parse(token, relaxations).unwrap();
    jws.bind(keys, policy).unwrap().verify().unwrap().relaxed().iter().collect()
}

#[test]
fn what_all_these_tests_start_from_is_accepted() {
    assert!(check(&good_hs256()).is_ok());
    assert!(verify(&good_rs256(), &rsa_public(), &strict()).is_ok());
}
