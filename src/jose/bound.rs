//! From a parsed token to a verified one: which algorithm, which key, and whether the signature is right.

use super::algorithm::{Algorithm, Family};
use super::fitness::{Operation, Unfit};
use super::header::{Header, PayloadForm};
use super::json::bounded;
use super::jwk::{Jwk, Material};
use super::jwks::JwkSet;
use super::jws::{Jws, Payload, Signature};
use super::policy::Policy;
use super::relaxation::Relaxation;
use crate::base64::encode_url;
use crate::rsa::PublicKey;
use crate::rsa::emsa::Parameters;
use crate::rsa::pkcs1v15;
use crate::sha2::{self, Hasher};
use core::fmt;

/// A signature bound to the one key and the one algorithm it may be verified with.
#[derive(Debug)]
pub struct Bound<'a> {
    jws: &'a Jws,
    signature: &'a Signature,
    key: &'a Jwk,
    algorithm: Algorithm,
    chosen: Chosen,
    /// Whether `missing-null` may be tried.
    missing_null: bool,
    relaxed: Vec<Relaxation>,
}

/// Why this key was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Its `kid` is the token's.
    ByKid,
    /// It is the only one that fits.
    OnlyFit,
}

impl Jws {
    /// Binds the only signature of the token to a key of the set.
    ///
    /// # Errors
    ///
    /// As [`bind_signature`](Jws::bind_signature), and when there is more than one signature.
    pub fn bind<'a>(&'a self, keys: &'a JwkSet, policy: &Policy) -> Result<Bound<'a>, BindError> {
        match &self.signatures[..] {
            [signature] => self.bind_signature(signature, keys, policy),
            several => Err(BindError::SeveralSignatures(several.len())),
        }
    }

    /// Binds one signature of the token to a key of the set.
    ///
    /// The algorithm must be one of the policy's, of the key's type, and the key's own `alg` if it has one:
    /// the header only names one of those (RFC 8725 §3.1). The key is the one with the token's `kid`, or
    /// the only one that fits.
    ///
    /// # Errors
    ///
    /// When no key fits, more than one does, or the one that does may not be used.
    pub fn bind_signature<'a>(
        &'a self,
        signature: &'a Signature,
        keys: &'a JwkSet,
        policy: &Policy,
    ) -> Result<Bound<'a>, BindError> {
        let algorithm = accepted_algorithm(&signature.header, policy)?;
        if matches!(self.payload, Payload::Detached(_)) {
            return Err(BindError::NoPayload);
        }
        if keys.is_mixed() {
            return Err(BindError::MixedSet);
        }
        let (key, chosen) = choose(keys, algorithm, &signature.header, policy)?;
        let strength = key
            .strength(algorithm, policy)
            .map_err(|unfit| BindError::Unfit { key: label(key), unfit })?;
        let mut relaxed = self.relaxed.clone();
        relaxed.extend(strength);
        let missing_null = policy.relaxations.allows(Relaxation::MissingNull);
        Ok(Bound { jws: self, signature, key, algorithm, chosen, missing_null, relaxed })
    }
}

/// The header's `alg`, if it is known and allowed.
fn accepted_algorithm(header: &Header, policy: &Policy) -> Result<Algorithm, BindError> {
    match Algorithm::from_name(header.alg()) {
        None => Err(BindError::UnknownAlgorithm(header.alg().to_owned())),
        Some(algorithm) if policy.algorithms.contains(&algorithm) => Ok(algorithm),
        Some(algorithm) => Err(BindError::NotAllowed(algorithm)),
    }
}

/// The one key that fits.
fn choose<'a>(
    keys: &'a JwkSet,
    algorithm: Algorithm,
    header: &Header,
    policy: &Policy,
) -> Result<(&'a Jwk, Chosen), BindError> {
    let kid = header.kid();
    let named = |key: &&Jwk| kid.is_some() && key.kid() == kid;
    let by_kid = keys.keys().iter().any(|key| named(&key));
    // a key without a kid can be meant by any; one with another kid is not meant
    let candidates = keys.keys().iter().filter(|key| match kid {
        Some(_) if by_kid => named(key),
        Some(_) => key.kid().is_none(),
        None => true,
    });
    let mut fitting = vec![];
    let mut unfit = vec![];
    for key in candidates {
        match key.suits(algorithm, Operation::Verify, policy.now) {
            Ok(()) => fitting.push(key),
            Err(why) => unfit.push((label(key), why)),
        }
    }
    match fitting[..] {
        [key] => Ok((key, if by_kid { Chosen::ByKid } else { Chosen::OnlyFit })),
        [] => {
            let meant = |u: &&super::jwks::Unusable| kid.is_none() || u.kid.as_deref() == kid;
            let unusable = keys.unusable().iter().filter(meant).map(ToString::to_string).collect();
            Err(BindError::NoKey { algorithm, kid: kid.map(str::to_owned), unfit, unusable })
        }
        _ => Err(BindError::Ambiguous(fitting.into_iter().map(label).collect())),
    }
}

/// What a key is called in a message: its kid, or its thumbprint where it has none.
pub(crate) fn label(key: &Jwk) -> String {
    match key.kid() {
        Some(kid) => format!("{} key \"{}\"", key.kty(), bounded(kid)),
        None if key.kty() == "oct" => "oct key without kid".to_owned(),
        None => {
            let thumbprint = encode_url(key.thumbprint(sha2::Algorithm::Sha256).as_bytes());
            format!("{} key without kid, thumbprint {}…", key.kty(), &thumbprint[..8])
        }
    }
}

impl<'a> Bound<'a> {
    /// The algorithm that will be used.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key that will be used.
    pub fn key(&self) -> &'a Jwk {
        self.key
    }

    /// What that key is called.
    pub fn key_label(&self) -> String {
        label(self.key)
    }

    /// Why that key.
    pub fn chosen(&self) -> Chosen {
        self.chosen
    }

    /// What was signed, in pieces to be put together (RFC 7515 §5.1 step 5): the received text of the
    /// protected header, a point, and the payload as received.
    pub fn signing_input(&self) -> [&'a [u8]; 3] {
        let payload = match &self.jws.payload {
            Payload::Encoded { text, .. } => text.as_bytes(),
            Payload::Raw(bytes) => bytes,
            Payload::Detached(_) => &[],
        };
        [self.signature.protected.as_bytes(), b".", payload]
    }

    /// The bytes of the signature.
    pub fn signature(&self) -> &'a [u8] {
        &self.signature.bytes
    }

    /// Verifies (RFC 7515 §5.2 step 8).
    ///
    /// # Errors
    ///
    /// [`BadSignature`], which says nothing more.
    pub fn verify(mut self) -> Result<Verified, BadSignature> {
        let holds = match &self.key.material {
            Material::Oct(key) => {
                let mut mac = key.hmac(self.algorithm).stream();
                for piece in self.signing_input() {
                    mac.update(piece);
                }
                mac.verify(self.signature())
            }
            Material::Rsa(key) => self.verify_rsa(key),
            Material::RsaPrivate(key) => self.verify_rsa(key.public()),
            Material::Curve(_) => false,
        };
        if !holds {
            return Err(BadSignature);
        }
        self.relaxed.dedup();
        Ok(Verified {
            header: self.signature.header.clone(),
            payload: match &self.jws.payload {
                Payload::Encoded { bytes, .. } | Payload::Raw(bytes) => bytes.clone(),
                Payload::Detached(_) => vec![],
            },
            algorithm: self.algorithm,
            key: label(self.key),
            chosen: self.chosen,
            relaxed: self.relaxed,
        })
    }

    fn verify_rsa(&mut self, key: &PublicKey) -> bool {
        debug_assert_eq!(self.algorithm.family(), Family::Rsa);
        let mut hasher = Hasher::new(self.algorithm.hash());
        for piece in self.signing_input() {
            hasher.update(piece);
        }
        let digest = hasher.finish();
        if pkcs1v15::verify(key, &digest, self.signature()).is_ok() {
            return true;
        }
        if !self.missing_null {
            return false;
        }
        self.relaxed.push(Relaxation::MissingNull);
        pkcs1v15::verify_with(key, &digest, Parameters::Absent, self.signature()).is_ok()
    }
}

/// A token whose signature is right. What it says is the signer's word; whether it is accepted now is for
/// [`claims`](Verified::claims) to tell.
#[derive(Clone, Debug)]
pub struct Verified {
    header: Header,
    payload: Vec<u8>,
    algorithm: Algorithm,
    key: String,
    chosen: Chosen,
    relaxed: Vec<Relaxation>,
}

impl Verified {
    /// The header. Its unprotected members, if it has any, are not covered by the signature.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload: for a JWS that is no JWT. The claims of a JWT come from [`claims`](Verified::claims),
    /// which checks them.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The algorithm that was used.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What the key that was used is called.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Why that key.
    pub fn chosen(&self) -> Chosen {
        self.chosen
    }

    /// The relaxations that were needed.
    pub fn relaxed(&self) -> &[Relaxation] {
        &self.relaxed
    }

    /// Whether the payload was signed as it is (RFC 7797).
    pub fn payload_form(&self) -> PayloadForm {
        self.header.payload_form()
    }
}

/// The signature does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

impl fmt::Display for BadSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature does not verify")
    }
}

impl core::error::Error for BadSignature {}

/// Why a signature has no key to be verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindError {
    /// `alg` names nothing that is built here: `none` too.
    UnknownAlgorithm(String),
    /// `alg` is not one that the caller allows.
    NotAllowed(Algorithm),
    /// The payload travels apart and was not given.
    NoPayload,
    /// There are so many signatures, and one was expected.
    SeveralSignatures(usize),
    /// The set has secrets beside public keys.
    MixedSet,
    /// No key fits.
    NoKey {
        /// The algorithm.
        algorithm: Algorithm,
        /// The token's `kid`.
        kid: Option<String>,
        /// The keys that were considered, and why not.
        unfit: Vec<(String, Unfit)>,
        /// Keys of the set that might be meant but could not be read.
        unusable: Vec<String>,
    },
    /// More than one key fits: these.
    Ambiguous(Vec<String>),
    /// The key that fits may not be used.
    Unfit {
        /// What it is called.
        key: String,
        /// Why not.
        unfit: Unfit,
    },
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BindError::UnknownAlgorithm(alg) if alg.eq_ignore_ascii_case("none") => {
                write!(f, "alg \"{}\" is no signature: there is nothing to verify", bounded(alg))
            }
            BindError::UnknownAlgorithm(alg) => {
                write!(f, "alg \"{}\" is unknown or not built here", bounded(alg))
            }
            BindError::NotAllowed(algorithm) => write!(f, "alg {algorithm} is not allowed"),
            BindError::NoPayload => f.write_str("the payload is detached and was not given"),
            BindError::SeveralSignatures(count) => {
                write!(f, "{count} signatures, where one is expected")
            }
            BindError::MixedSet => f.write_str("the key set has secrets beside public keys"),
            BindError::NoKey { algorithm, kid, unfit, unusable } => {
                write!(f, "no key for {algorithm}")?;
                if let Some(kid) = kid {
                    write!(f, " with kid \"{}\"", bounded(kid))?;
                }
                let unfit = unfit.iter().map(|(key, why)| format!("{key}: {why}"));
                let reasons: Vec<String> = unfit.chain(unusable.iter().cloned()).collect();
                reasons.iter().take(MOST_SHOWN).try_for_each(|reason| write!(f, "; {reason}"))?;
                write_rest(f, reasons.len())
            }
            BindError::Ambiguous(keys) => {
                let shown = &keys[..keys.len().min(MOST_SHOWN)];
                write!(f, "more than one key matches: {}", shown.join(", "))?;
                write_rest(f, keys.len())
            }
            BindError::Unfit { key, unfit } => write!(f, "{key}: {unfit}"),
        }
    }
}

impl core::error::Error for BindError {}

/// Keys that a message names: a set may have a thousand.
const MOST_SHOWN: usize = 8;

fn write_rest(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    match count.saturating_sub(MOST_SHOWN) {
        0 => Ok(()),
        rest => write!(f, " and {rest} more"),
    }
}
