//! Tokens, verified by what production runs.

use super::{output, refused};
use crate::jose::{
    self, Algorithm, BindError, Jwk, JwkSet, Jws, Malformed, Policy, Relaxation, SignError, Signer,
    VerifyError,
};
use crate::vectors::question::{Answer, JwtPolicy};
use crate::vectors::stage::Stage;

pub(super) fn policy(now: i64, algorithms: &[String], allow: &[String]) -> Result<Policy, Answer> {
    let mut policy = Policy::at(now);
    if !algorithms.is_empty() {
        // a name that this library does not know can verify nothing
        policy = policy.algorithms(algorithms.iter().filter_map(|a| Algorithm::from_name(a)));
    }
    for name in allow {
        let relaxation = Relaxation::from_name(name)
            .ok_or_else(|| Answer::Unsupported(format!("no relaxation \"{name}\"")))?;
        policy = policy.allow(relaxation);
    }
    Ok(policy)
}

fn key_set(keys: &str) -> Result<JwkSet, Answer> {
    let set = JwkSet::from_file_contents(keys.as_bytes());
    set.map_err(|error| refused(Some(Stage::Key), error.to_string()))
}

/// A token by the strict policy, its header byte by byte.
pub(super) fn jws_sign(algorithm: &str, key: &str, header: &str, payload: &[u8]) -> Answer {
    let Some(algorithm) = Algorithm::from_name(algorithm) else {
        return refused(Some(Stage::Key), "this library has no such algorithm".to_owned());
    };
    let key = match Jwk::parse(key) {
        Ok(key) => key,
        Err(error) => return refused(Some(Stage::Key), error.to_string()),
    };
    let signer = Signer::with_header(&key, algorithm, header, &Policy::at(0));
    match signer.and_then(|signer| signer.compact(payload)) {
        Ok(token) => output(token.as_bytes()),
        Err(error @ SignError::Rsa(_)) => Answer::Error(error.to_string()),
        Err(error @ (SignError::Header(_) | SignError::HeaderAlg(_))) => {
            refused(Some(Stage::Malformed), error.to_string())
        }
        Err(error) => refused(Some(Stage::Key), error.to_string()),
    }
}

pub(super) fn jws_verify(
    token: &str,
    payload: Option<&[u8]>,
    keys: &str,
    policy: Result<Policy, Answer>,
) -> Answer {
    let verify = || -> Result<Answer, Answer> {
        let policy = policy?;
        let keys = key_set(keys)?;
        let malformed = |error: Malformed| {
            let error = VerifyError::Malformed(error);
            refused(Some(Stage::of(&error)), error.to_string())
        };
        let mut jws = Jws::parse(token, policy.relaxations()).map_err(malformed)?;
        if let Some(payload) = payload {
            jws = jws.with_payload(payload.to_vec()).map_err(malformed)?;
        }
        // of several signatures one that verifies is enough
        let mut last = refused(Some(Stage::Malformed), "no signature".to_owned());
        for signature in jws.signatures() {
            let bound = jws.bind_signature(signature, &keys, &policy);
            match bound.map_err(|error| key_refused(&error)).and_then(|bound| {
                bound.verify().map_err(|_| refused(Some(Stage::Signature), String::new()))
            }) {
                Ok(verified) => return Ok(output(verified.payload())),
                Err(answer) => last = answer,
            }
        }
        Err(last)
    };
    verify().unwrap_or_else(|answer| answer)
}

fn key_refused(error: &BindError) -> Answer {
    refused(Some(Stage::Key), error.to_string())
}

pub(super) fn jwt_verify(
    token: &str,
    keys: &str,
    policy: Result<Policy, Answer>,
    demands: &JwtPolicy,
) -> Answer {
    let verify = || -> Result<Answer, Answer> {
        let policy = demanding(policy?, demands);
        match jose::verify(token, &key_set(keys)?, &policy) {
            Ok(_) => Ok(Answer::Valid),
            Err(error) => Err(refused(Some(Stage::of(&error)), error.to_string())),
        }
    };
    verify().unwrap_or_else(|answer| answer)
}

fn demanding(policy: Policy, demands: &JwtPolicy) -> Policy {
    let mut policy = policy.leeway(demands.leeway);
    if let Some(issuer) = &demands.issuer {
        policy = policy.issuer(issuer);
    }
    if let Some(audience) = &demands.audience {
        policy = policy.audience(audience);
    }
    if let Some(typ) = &demands.typ {
        policy = policy.typ(typ);
    }
    demands.require.iter().fold(policy, Policy::require)
}
