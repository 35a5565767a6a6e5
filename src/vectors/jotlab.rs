//! This library as an implementation: every request answered by what production runs.

use super::figures::{self, Figure};
use super::implementation::Implementation;
use super::question::{Answer, Chain, JwtPolicy, Message, Request, RsaPrivate};
use super::stage::Stage;
use crate::base64::{decode_url, encode_url};
use crate::ct;
use crate::hmac::Hmac;
use crate::jose::{
    self, Algorithm, BindError, Jwk, JwkSet, Jws, Malformed, Policy, Relaxation, VerifyError,
};
use crate::rsa::prime::{ROUNDS_FOR_GIVEN, is_probable_prime};
use crate::rsa::{Components, KeyError, MAX_MODULUS_BITS, PrivateKey, PublicKey, pkcs1v15};
use crate::sha2::backend::Backend;
use crate::sha2::padding::LastBits;
use crate::sha2::{self, Digest, Hasher};
use num_bigint::{BigInt, Sign};
use std::sync::{Arc, Mutex, PoisonError};

/// This library, by every way of hashing that it is given: if two give different answers, that is an error.
pub struct Jotlab {
    backends: Vec<&'static Backend>,
    keys: Keys,
}

impl Jotlab {
    /// By all ways that this machine has.
    pub fn new() -> Jotlab {
        Jotlab { backends: Backend::all().collect(), keys: Keys::default() }
    }

    /// By one way.
    pub fn with_backend(backend: &'static Backend) -> Jotlab {
        Jotlab { backends: vec![backend], keys: Keys::default() }
    }
}

impl Default for Jotlab {
    fn default() -> Self {
        Self::new()
    }
}

impl Implementation for Jotlab {
    fn name(&self) -> String {
        let names: Vec<&str> = self.backends.iter().map(|backend| backend.name).collect();
        format!("jotlab {} ({})", env!("CARGO_PKG_VERSION"), names.join(", "))
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut answers =
            self.backends.iter().map(|backend| (backend, answer(request, backend, &self.keys)));
        let Some((first, answer)) = answers.next() else {
            return Answer::Unsupported("no backend was asked for".to_owned());
        };
        for (other, theirs) in answers {
            if theirs != answer {
                let (first, other) = (first.name, other.name);
                return Answer::Divided(format!("{first} says {answer}, {other} says {theirs}"));
            }
        }
        answer
    }

    fn check_figure(&self, figure: &Figure) -> Result<(), String> {
        self.backends.iter().try_for_each(|backend| figures::check(figure, backend))
    }
}

fn answer(request: &Request, backend: &Backend, keys: &Keys) -> Answer {
    match request {
        Request::Sha2 { hash, message } => output(digest(*hash, message, backend).as_bytes()),
        Request::Sha2Chain { hash, seed, chain, outer, inner } => {
            let link = |message: &[u8]| hash_bytes(*hash, message, backend).as_bytes().to_vec();
            monte_carlo(link, seed, *chain, *outer, *inner)
        }
        Request::Hmac { hash, key, message, tag_bytes } => {
            let tag = Hmac::with_backend(*hash, key, backend).mac(message);
            match tag.get(..*tag_bytes) {
                Some(tag) => output(tag),
                None => refused(None, format!("a tag of {hash} has {} bytes", tag.len())),
            }
        }
        Request::HmacVerify { hash, key, message, tag, tag_bytes } => {
            let hmac = Hmac::with_backend(*hash, key, backend);
            let computed = hmac.mac(message);
            // a suite with truncated tags says how long they are; ours are whole
            let valid = match computed.get(..*tag_bytes) {
                Some(truncated) if truncated.len() < computed.len() => ct::eq(truncated, tag),
                _ => hmac.verify(message, tag),
            };
            verdict(valid)
        }
        Request::Base64UrlEncode { data } => output(encode_url(data).as_bytes()),
        Request::Base64UrlDecode { text } => match decode_url(text) {
            Ok(bytes) => Answer::Output(bytes),
            Err(error) => refused(Some(Stage::Malformed), error.to_string()),
        },
        Request::RsaSign { hash, key, message } => {
            rsa_sign(key, &hash_bytes(*hash, message, backend), keys)
        }
        Request::RsaVerify { hash, n, e, message, signature } => {
            let key = match PublicKey::new(n.clone(), e.clone()) {
                Ok(key) => key,
                Err(error) => return refused(Some(Stage::Key), error.to_string()),
            };
            let digest = hash_bytes(*hash, message, backend);
            verdict(pkcs1v15::verify(&key, &digest, signature).is_ok())
        }
        Request::IsPrime { value } => is_prime(value),
        Request::JwsVerify { token, payload, keys, algorithms, allow } => {
            jws_verify(token, payload.as_deref(), keys, policy(0, algorithms, allow))
        }
        Request::JwtVerify { token, keys, algorithms, policy: demands, allow } => {
            jwt_verify(token, keys, policy(demands.now, algorithms, allow), demands)
        }
        Request::SecretImport { secret } => match Jwk::from_secret(secret.clone()) {
            Ok(_) => Answer::Valid,
            Err(error) => refused(Some(Stage::Key), error.to_string()),
        },
        Request::Thumbprint { jwk, hash } => match Jwk::parse(jwk) {
            Ok(jwk) => output(encode_url(jwk.thumbprint(*hash).as_bytes()).as_bytes()),
            Err(error) => refused(Some(Stage::Key), error.to_string()),
        },
    }
}

fn output(bytes: &[u8]) -> Answer {
    Answer::Output(bytes.to_vec())
}

fn refused(stage: Option<Stage>, why: String) -> Answer {
    Answer::Refused { stage, why }
}

fn verdict(valid: bool) -> Answer {
    if valid { Answer::Valid } else { refused(Some(Stage::Signature), String::new()) }
}

fn hash_bytes(hash: sha2::Algorithm, message: &[u8], backend: &Backend) -> Digest {
    let mut hasher = Hasher::with_backend(hash, backend);
    hasher.update(message);
    hasher.finish()
}

fn digest(hash: sha2::Algorithm, message: &Message, backend: &Backend) -> Digest {
    let mut hasher = Hasher::with_backend(hash, backend);
    message.feed(|bytes| hasher.update(bytes));
    let last = match message {
        Message::Bits(bytes, bits) => {
            let byte = bytes.get((bits / 8) as usize).copied().unwrap_or(0);
            LastBits::new(byte, (bits % 8) as u8)
        }
        _ => None,
    };
    hasher.finish_bits(last.unwrap_or(LastBits::NONE))
}

/// The chain of NIST's Monte Carlo test over any hash: `inner` links for each of `outer` digests.
pub fn monte_carlo(
    hash: impl Fn(&[u8]) -> Vec<u8>,
    seed: &[u8],
    chain: Chain,
    outer: u32,
    inner: u32,
) -> Answer {
    let mut digests = vec![];
    let mut start = seed.to_vec();
    for _ in 0..outer {
        let [mut a, mut b, mut c] = [start.clone(), start.clone(), start];
        for _ in 0..inner {
            let mut message = [&a[..], &b, &c].concat();
            if chain == Chain::Alternate {
                message.resize(seed.len(), 0);
            }
            (a, b, c) = (b, c, hash(&message));
        }
        digests.extend_from_slice(&c);
        start = c;
    }
    Answer::Output(digests)
}

fn rsa_sign(key: &RsaPrivate, digest: &Digest, keys: &Keys) -> Answer {
    let key = match keys.get(key) {
        Ok(key) => key,
        Err(error) => return refused(Some(Stage::Key), error.to_string()),
    };
    match pkcs1v15::sign(&key, digest) {
        Ok(signature) => Answer::Output(signature),
        Err(pkcs1v15::SignError::TooShort(error)) => refused(Some(Stage::Key), error.to_string()),
        Err(error) => Answer::Error(error.to_string()),
    }
}

/// The private keys of late: a suite signs many messages with each, and finding the primes of a key that
/// comes without them takes longer than signing.
#[derive(Default)]
struct Keys(Mutex<Vec<(RsaPrivate, Arc<PrivateKey>)>>);

impl Keys {
    /// How many are kept.
    const MOST: usize = 8;

    fn get(&self, parts: &RsaPrivate) -> Result<Arc<PrivateKey>, KeyError> {
        let kept = |keys: &[(RsaPrivate, Arc<PrivateKey>)]| {
            keys.iter().find(|(known, _)| known == parts).map(|(_, key)| key.clone())
        };
        // a thread that panicked left whole entries behind
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = kept(&lock()) {
            return Ok(key);
        }
        let key = Arc::new(private_key(parts)?);
        let mut keys = lock();
        if keys.len() == Self::MOST {
            keys.remove(0);
        }
        keys.push((parts.clone(), key.clone()));
        Ok(key)
    }
}

fn private_key(key: &RsaPrivate) -> Result<PrivateKey, KeyError> {
    let RsaPrivate { n, e, d, primes } = key.clone();
    match primes {
        Some([p, q, dp, dq, qi]) => PrivateKey::new(&Components { n, e, d, p, q, dp, dq, qi }),
        None => PrivateKey::from_exponents(n, e, d),
    }
}

fn is_prime(value: &BigInt) -> Answer {
    if value.sign() == Sign::Minus {
        return refused(None, "a prime is a positive integer".to_owned());
    }
    if value.bits() > MAX_MODULUS_BITS {
        return Answer::Unsupported(format!("an integer of more than {MAX_MODULUS_BITS} bits"));
    }
    match is_probable_prime(value.magnitude(), ROUNDS_FOR_GIVEN) {
        Ok(true) => Answer::Valid,
        Ok(false) => refused(None, String::new()),
        Err(error) => Answer::Error(error.to_string()),
    }
}

fn policy(now: i64, algorithms: &[String], allow: &[String]) -> Result<Policy, Answer> {
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

fn jws_verify(
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

fn jwt_verify(
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
