//! Making a JWS (RFC 7515 §5.1), in every serialization.

use super::algorithm::Algorithm;
use super::choose::label;
use super::fitness::{Operation, Unfit};
use super::header::{Header, PayloadForm};
use super::header_error::HeaderError;
use super::json;
use super::jwk::{Jwk, Material};
use super::policy::Policy;
use crate::base64::encode_url;
use crate::rsa::pkcs1v15;
use core::fmt;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A key, an algorithm and a header, ready to sign payloads.
#[derive(Clone, Debug)]
pub struct Signer<'k> {
    key: &'k Jwk,
    algorithm: Algorithm,
    /// The protected header as it is sent: its base64url text, empty if there is none.
    protected: String,
    unprotected: Map<String, Value>,
    header: Header,
}

impl<'k> Signer<'k> {
    /// A signer with the protected header `{"alg": …}` and `kid` if the key has one.
    ///
    /// # Errors
    ///
    /// When the key may not sign with this algorithm under the policy.
    pub fn new(key: &'k Jwk, algorithm: Algorithm, policy: &Policy) -> Result<Self, SignError> {
        let mut members = vec![("alg", Value::from(algorithm.name()))];
        members.extend(key.kid().map(|kid| ("kid", Value::from(kid))));
        Self::with_header(key, algorithm, &object(&members), policy)
    }

    /// A signer with this JSON as the protected header, byte by byte. Empty: no protected header.
    ///
    /// # Errors
    ///
    /// When the key may not sign, or the header breaks a rule, or its `alg` is another.
    pub fn with_header(
        key: &'k Jwk,
        algorithm: Algorithm,
        protected: &str,
        policy: &Policy,
    ) -> Result<Self, SignError> {
        Self::with_headers(key, algorithm, protected, Map::new(), policy)
    }

    /// The same with an unprotected header for the JSON serializations.
    ///
    /// # Errors
    ///
    /// As [`with_header`](Signer::with_header).
    pub fn with_headers(
        key: &'k Jwk,
        algorithm: Algorithm,
        protected: &str,
        unprotected: Map<String, Value>,
        policy: &Policy,
    ) -> Result<Self, SignError> {
        check_key(key, algorithm, policy)?;
        let members = match protected {
            "" => None,
            json => Some(json::parse_object(json.as_bytes()).map_err(HeaderError::from)?),
        };
        let header = Header::join(members, Some(unprotected.clone()), policy.relaxations)?;
        if header.alg() != algorithm.name() {
            return Err(SignError::HeaderAlg(header.alg().to_owned()));
        }
        let protected = encode_url(protected.as_bytes());
        Ok(Signer { key, algorithm, protected, unprotected, header })
    }

    /// The compact serialization (RFC 7515 §7.1).
    ///
    /// # Errors
    ///
    /// When there is an unprotected header, when an unencoded payload cannot stand in the compact form,
    /// and as [`signature`](Signer::signature).
    pub fn compact(&self, payload: &[u8]) -> Result<String, SignError> {
        let text = match self.header.payload_form() {
            PayloadForm::Encoded => encode_url(payload),
            // RFC 7797 §5.2: only what cannot be mistaken for the token's own structure
            PayloadForm::Raw => match str::from_utf8(payload) {
                Ok(text) if text.bytes().all(|b| matches!(b, 0x20..0x7f) && b != b'.') => {
                    text.to_owned()
                }
                _ => return Err(SignError::NotCompact),
            },
        };
        self.join_compact(&text, text.as_bytes())
    }

    /// The compact serialization without its payload (RFC 7515 appendix F).
    ///
    /// # Errors
    ///
    /// When there is an unprotected header, and as [`signature`](Signer::signature).
    pub fn detached(&self, payload: &[u8]) -> Result<String, SignError> {
        self.join_compact("", &self.signed_form(payload))
    }

    /// Header, payload as it is shown, and the signature of the payload in the form that is signed.
    fn join_compact(&self, shown: &str, signed: &[u8]) -> Result<String, SignError> {
        if !self.unprotected.is_empty() {
            return Err(SignError::Unprotected);
        }
        let signature = encode_url(&self.sign(signed)?);
        Ok([&self.protected, shown, &signature].join("."))
    }

    /// The flattened JSON serialization (RFC 7515 §7.2.2).
    ///
    /// # Errors
    ///
    /// As [`signature`](Signer::signature), and when an unencoded payload is not UTF-8.
    pub fn flattened(&self, payload: &[u8], content: Content) -> Result<Value, SignError> {
        let mut value = self.entry(payload)?;
        if let Some(text) = self.json_payload(payload, content)? {
            value["payload"] = text.into();
        }
        Ok(value)
    }

    /// One entry of `signatures`: protected, header, signature.
    fn entry(&self, payload: &[u8]) -> Result<Value, SignError> {
        let mut entry = json!({ "signature": encode_url(&self.signature(payload)?) });
        if !self.protected.is_empty() {
            entry["protected"] = self.protected.clone().into();
        }
        if !self.unprotected.is_empty() {
            entry["header"] = self.unprotected.clone().into();
        }
        Ok(entry)
    }

    fn json_payload(&self, payload: &[u8], content: Content) -> Result<Option<String>, SignError> {
        match (content, self.header.payload_form()) {
            (Content::Detached, _) => Ok(None),
            (Content::Attached, PayloadForm::Encoded) => Ok(Some(encode_url(payload))),
            (Content::Attached, PayloadForm::Raw) => match str::from_utf8(payload) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(_) => Err(SignError::NotUtf8),
            },
        }
    }

    /// The signature alone (RFC 7515 §5.1 steps 5 and 6).
    ///
    /// # Errors
    ///
    /// When the private operation fails.
    pub fn signature(&self, payload: &[u8]) -> Result<Vec<u8>, SignError> {
        self.sign(&self.signed_form(payload))
    }

    /// The payload in the form that is signed (RFC 7797 §3).
    fn signed_form<'p>(&self, payload: &'p [u8]) -> Cow<'p, [u8]> {
        match self.header.payload_form() {
            PayloadForm::Raw => payload.into(),
            PayloadForm::Encoded => encode_url(payload).into_bytes().into(),
        }
    }

    fn sign(&self, signed: &[u8]) -> Result<Vec<u8>, SignError> {
        let input = [self.protected.as_bytes(), b".", signed].concat();
        match &self.key.material {
            Material::Oct(key) => Ok(key.hmac(self.algorithm).mac(&input).to_vec()),
            Material::RsaPrivate(key) => {
                Ok(pkcs1v15::sign(key, &self.algorithm.hash().digest(&input))?)
            }
            Material::Rsa(_) | Material::Curve(_) => {
                Err(SignError::Key { key: label(self.key), unfit: Unfit::PublicOnly })
            }
        }
    }
}

/// The general JSON serialization (RFC 7515 §7.2.1): one payload, a signature of each signer.
///
/// # Errors
///
/// When there is no signer, when they differ in `b64` (RFC 7797 §3), and as [`Signer::flattened`].
pub fn general(
    signers: &[Signer<'_>],
    payload: &[u8],
    content: Content,
) -> Result<Value, SignError> {
    let Some(first) = signers.first() else { return Err(SignError::NoSigner) };
    let form = first.header.payload_form();
    if signers.iter().any(|signer| signer.header.payload_form() != form) {
        return Err(SignError::MixedPayloadForms);
    }
    let entries = signers.iter().map(|signer| signer.entry(payload));
    let mut value = json!({ "signatures": entries.collect::<Result<Vec<_>, _>>()? });
    if let Some(text) = first.json_payload(payload, content)? {
        value["payload"] = text.into();
    }
    Ok(value)
}

/// Whether the payload travels with its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// It is in the token.
    Attached,
    /// It is not (RFC 7515 appendix F).
    Detached,
}

/// A JSON object with its members in the given order.
pub fn object(members: &[(&str, Value)]) -> String {
    let members = members.iter().map(|(name, value)| format!("{}:{value}", Value::from(*name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn check_key(key: &Jwk, algorithm: Algorithm, policy: &Policy) -> Result<(), SignError> {
    let unfit = |unfit| SignError::Key { key: label(key), unfit };
    if !policy.algorithms.contains(&algorithm) {
        return Err(SignError::NotAllowed(algorithm));
    }
    key.suits(algorithm, Operation::Sign, policy.now).map_err(unfit)?;
    key.strength(algorithm, policy).map_err(unfit)?;
    Ok(())
}

/// Why there is no signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignError {
    /// The policy does not allow this algorithm.
    NotAllowed(Algorithm),
    /// The key may not be used.
    Key {
        /// What it is called.
        key: String,
        /// Why not.
        unfit: Unfit,
    },
    /// The header breaks a rule.
    Header(HeaderError),
    /// The header's `alg` is this, not the signer's.
    HeaderAlg(String),
    /// The compact form has no place for an unprotected header.
    Unprotected,
    /// This unencoded payload cannot stand in the compact form; detached it can.
    NotCompact,
    /// An unencoded payload in JSON must be UTF-8.
    NotUtf8,
    /// No signer.
    NoSigner,
    /// Some signers encode the payload and some do not.
    MixedPayloadForms,
    /// The private operation failed.
    Rsa(pkcs1v15::SignError),
}

impl From<HeaderError> for SignError {
    fn from(error: HeaderError) -> Self {
        SignError::Header(error)
    }
}

impl From<pkcs1v15::SignError> for SignError {
    fn from(error: pkcs1v15::SignError) -> Self {
        SignError::Rsa(error)
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignError::NotAllowed(algorithm) => write!(f, "alg {algorithm} is not allowed"),
            SignError::Key { key, unfit } => write!(f, "{key}: {unfit}"),
            SignError::Header(error) => write!(f, "header: {error}"),
            SignError::HeaderAlg(alg) => {
                write!(f, "the header's alg \"{}\" is not the signer's", json::bounded(alg))
            }
            SignError::Unprotected => {
                f.write_str("the compact serialization has no place for an unprotected header")
            }
            SignError::NotCompact => f.write_str(
                "an unencoded payload in the compact form must be printable ASCII without '.' \
                 (RFC 7797 §5.2)",
            ),
            SignError::NotUtf8 => f.write_str("an unencoded payload in JSON must be UTF-8"),
            SignError::NoSigner => f.write_str("no signer"),
            SignError::MixedPayloadForms => {
                f.write_str("the signers differ in \"b64\" (RFC 7797 §3)")
            }
            SignError::Rsa(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SignError {}
