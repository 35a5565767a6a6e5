//! This library as an implementation: every request answered by what production runs.

mod keys;
mod stretch;
mod tokens;

use super::figures::{self, Figure};
use super::implementation::Implementation;
use super::question::{Answer, Chain, Message, Request, RsaPrivate};
use super::stage::Stage;
use crate::base64::{decode_url, encode_url};
use crate::ct;
use crate::hmac::Hmac;
use crate::jose::Jwk;
use crate::rsa::prime::{ROUNDS_FOR_GIVEN, is_probable_prime};
use crate::rsa::{MAX_MODULUS_BITS, PublicKey, pkcs1v15};
use crate::sha2::backend::Backend;
use crate::sha2::padding::LastBits;
use crate::sha2::{self, Digest, Hasher};
use keys::Keys;
use num_bigint::{BigInt, Sign};
use stretch::pbkdf2;
use tokens::{jws_sign, jws_verify, jwt_verify, policy};

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
        Request::Pbkdf2 { hash, password, salt, count, key_bytes } => {
            let prf = Hmac::with_backend(*hash, password, backend);
            pbkdf2(&prf, salt, *count, *key_bytes)
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
        Request::JwsSign { algorithm, key, header, payload } => {
            jws_sign(algorithm, key, header, payload)
        }
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
        Request::JwkParse { jwk } => match Jwk::parse(jwk) {
            Ok(jwk) => output(jwk.canonical().as_bytes()),
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
