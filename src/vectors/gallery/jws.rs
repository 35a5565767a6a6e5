//! JWS verifiers with one bug: in the form of a token, its header, the choice of the key, the key's
//! strength, or the signature.

use super::mac::{self, refused};
use super::{Memory, base64, rsa};
use crate::base64::encode_url;
use crate::jose::Algorithm;
use crate::rsa::PublicKey;
use crate::rsa::encoding::spki_der;
use crate::vectors::question::{Answer, Request};
use keys::{Key, candidates, key_list};
use num_bigint::BigUint;
use serde_json::{Map, Value};
use token::{Part, header, parts};

mod keys;
mod list;
mod token;

pub(super) use list::{FLAWS, Flaw};

pub(super) const OPERATIONS: &[&str] = &["jws.verify", "jwt.verify"];

/// What a verifier is given.
#[derive(Clone, Copy)]
pub(super) struct Asked<'r> {
    pub(super) token: &'r str,
    pub(super) payload: Option<&'r [u8]>,
    pub(super) keys: &'r str,
    pub(super) algorithms: &'r [String],
    pub(super) allow: &'r [String],
}

/// How it goes about it: the flaw, and that of its decoder.
#[derive(Clone, Copy)]
pub(super) struct Way<'m> {
    pub(super) flaw: Flaw,
    pub(super) decoder: base64::Flaw,
    pub(super) memory: &'m Memory,
}

/// A token that was taken: its header and its payload.
pub(super) struct Taken {
    pub(super) header: Map<String, Value>,
    pub(super) payload: Vec<u8>,
    /// The payload was not encoded.
    pub(super) raw: bool,
}

pub(super) fn answer(request: &Request, flaw: Flaw, memory: &Memory) -> Option<Answer> {
    by_way(request, Way { flaw, decoder: base64::Flaw::None, memory })
}

/// A verifier that is right but for its decoder.
pub(super) fn with_decoder(request: &Request, decoder: base64::Flaw) -> Option<Answer> {
    by_way(request, Way { flaw: Flaw::None, decoder, memory: &Memory::default() })
}

fn by_way(request: &Request, way: Way<'_>) -> Option<Answer> {
    match request {
        Request::JwsVerify { token, payload, keys, algorithms, allow } => {
            let payload = payload.as_deref();
            let asked = Asked { token, payload, keys, algorithms, allow };
            let taken = verify(asked, way);
            Some(taken.map_or_else(refused, |taken| Answer::Output(taken.payload)))
        }
        Request::JwtVerify { token, keys, algorithms, policy, allow } => {
            let asked = Asked { token, payload: None, keys, algorithms, allow };
            Some(super::jwt::verify(asked, policy, super::jwt::Flaw::None, way))
        }
        _ => None,
    }
}

/// Verifies: of several signatures one that is good is enough.
pub(super) fn verify(asked: Asked<'_>, way: Way<'_>) -> Option<Taken> {
    let parts = parts(asked, way)?;
    if parts.is_empty() && way.flaw == Flaw::EmptySignatures {
        return Some(Taken { header: Map::new(), payload: vec![], raw: false });
    }
    // a part that breaks a rule of form spoils the whole token
    let headers: Option<Vec<_>> = parts.iter().map(|part| header(part, asked, way)).collect();
    let headers = headers?;
    parts.iter().zip(headers).find_map(|(part, header)| verify_part(part, &header, asked, way))
}

fn verify_part(
    part: &Part,
    header: &Map<String, Value>,
    asked: Asked<'_>,
    way: Way<'_>,
) -> Option<Taken> {
    let raw = match header.get("b64") {
        Some(Value::Bool(false)) => way.flaw != Flaw::B64Ignored,
        Some(Value::String(text)) => text == "false",
        _ => false,
    };
    let (text, payload) = payload(part, raw, asked, way)?;
    let protected = match way.flaw {
        // written anew from what was parsed
        Flaw::HeaderWrittenAnew => {
            let parsed = base64::decode(&part.protected, way.decoder)?;
            let value: Value = serde_json::from_slice(&parsed).ok()?;
            encode_url(value.to_string().as_bytes())
        }
        _ => part.protected.clone(),
    };
    let input = [protected.as_bytes(), b".", &text].concat();
    let signature = base64::decode(&part.signature, way.decoder)?;
    let alg = header.get("alg")?.as_str()?;
    let is_none = match way.flaw {
        Flaw::NoneAccepted => alg == "none",
        Flaw::NoneByOtherCase => alg != "none" && alg.eq_ignore_ascii_case("none"),
        _ => false,
    };
    let taken = || Taken { header: header.clone(), payload, raw };
    if is_none && signature.is_empty() {
        return Some(taken());
    }
    let algorithm = algorithm(alg, asked, way)?;
    let list = key_list(asked.keys, way)?;
    let embedded = embedded(header, way);
    let candidates = match &embedded {
        Some(key) => vec![key],
        None => candidates(&list, algorithm, header, way)?,
    };
    let fits = |key: &&Key| {
        keys::is_strong(key, algorithm, asked, way)
            && is_good(key, algorithm, &input, &signature, asked, way)
    };
    candidates.iter().any(fits).then(taken)
}

/// The payload as it is signed, and its bytes.
fn payload(part: &Part, raw: bool, asked: Asked<'_>, way: Way<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let given = asked.payload.map(<[u8]>::to_vec);
    match (&part.payload, given) {
        (Some(text), Some(_)) if !text.is_empty() => None,
        (_, Some(bytes)) if raw => Some((bytes.clone(), bytes)),
        (_, Some(bytes)) => Some((encode_url(&bytes).into_bytes(), bytes)),
        (None, None) => None,
        (Some(text), None) if raw => Some((text.clone().into_bytes(), text.clone().into_bytes())),
        (Some(text), None) => Some((text.clone().into_bytes(), base64::decode(text, way.decoder)?)),
    }
}

fn algorithm(alg: &str, asked: Asked<'_>, way: Way<'_>) -> Option<Algorithm> {
    let algorithm = match way.flaw {
        Flaw::AlgWithoutCase => {
            Algorithm::ALL.into_iter().find(|a| a.name().eq_ignore_ascii_case(alg))
        }
        Flaw::AlgTrimmed => Algorithm::from_name(alg.trim()),
        Flaw::AlgByPrefix => Algorithm::ALL.into_iter().find(|a| alg.starts_with(a.name())),
        _ => Algorithm::from_name(alg),
    }?;
    let allowed = asked.algorithms.is_empty()
        || asked.algorithms.iter().any(|name| name == algorithm.name())
        || way.flaw == Flaw::HeaderAlgTrusted;
    allowed.then_some(algorithm)
}

/// The key that a token brings with it.
fn embedded(header: &Map<String, Value>, way: Way<'_>) -> Option<Key> {
    if way.flaw != Flaw::EmbeddedJwk {
        return None;
    }
    keys::key(header.get("jwk")?, way)
}

fn is_good(
    key: &Key,
    algorithm: Algorithm,
    input: &[u8],
    signature: &[u8],
    asked: Asked<'_>,
    way: Way<'_>,
) -> bool {
    if signature.is_empty() && way.flaw == Flaw::EmptySignature {
        return true;
    }
    let hash = algorithm.hash();
    let is_mac = algorithm.name().starts_with("HS");
    match (key, is_mac) {
        (Key::Oct { secret, .. }, true) => {
            let computed = mac::code(hash, secret, input, mac::Flaw::None);
            same_mac(&computed, signature, way.flaw)
        }
        (Key::Rsa { n, e, .. }, true) => {
            let Some(secret) = public_key_as_secret(n, e, asked, way) else { return false };
            mac::code(hash, &secret, input, mac::Flaw::None) == signature
        }
        (Key::Rsa { n, e, .. }, false) => {
            let digest = hash.digest(input);
            let flaw = match way.flaw {
                Flaw::ExponentOne => rsa::Flaw::ExponentOne,
                Flaw::RsaShortSignature => rsa::Flaw::ShortSignature,
                Flaw::RsaLongSignature => rsa::Flaw::LongSignature,
                Flaw::RsaSignatureAboveN => rsa::Flaw::NotReduced,
                _ => rsa::Flaw::None,
            };
            let allowed_null = asked.allow.iter().any(|name| name == "missing-null");
            rsa::verifies(n, e, &digest, signature, flaw, way.memory)
                || (allowed_null
                    && rsa::verifies(n, e, &digest, signature, rsa::Flaw::MissingNull, way.memory))
        }
        (Key::Oct { .. }, false) => false,
    }
}

fn same_mac(computed: &[u8], signature: &[u8], flaw: Flaw) -> bool {
    let flaw = match flaw {
        Flaw::MacPrefix => mac::Flaw::PrefixAccepted,
        Flaw::MacLonger => mac::Flaw::LongerAccepted,
        Flaw::MacLastByte => mac::Flaw::LastByteUnchecked,
        Flaw::MacUntilNul => mac::Flaw::NulTerminated,
        Flaw::MacHalf => return signature.len() >= 16 && computed.starts_with(&signature[..16]),
        _ => mac::Flaw::None,
    };
    mac::same(computed, signature, flaw)
}

/// A public key's text used as the secret of HMAC: everybody has it.
fn public_key_as_secret(
    n: &BigUint,
    e: &BigUint,
    asked: Asked<'_>,
    way: Way<'_>,
) -> Option<Vec<u8>> {
    let key = PublicKey::new(n.clone(), e.clone()).ok()?;
    let pem = || {
        let der = crate::base64::encode_standard(&spki_der(&key));
        let lines: Vec<&str> =
            der.as_bytes().chunks(64).filter_map(|line| core::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", lines.join("\n"))
    };
    match way.flaw {
        Flaw::SecretIsPem => Some((pem() + "\n").into_bytes()),
        Flaw::SecretIsPemWithoutNewline => Some(pem().into_bytes()),
        Flaw::SecretIsDer => Some(spki_der(&key)),
        Flaw::SecretIsJwk => Some(asked.keys.as_bytes().to_vec()),
        Flaw::SecretIsModulus => Some(n.to_bytes_be()),
        _ => None,
    }
}
