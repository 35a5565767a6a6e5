//! JWK Sets (RFC 7517 §5), and keys from files of any form.

use super::algorithm::Family;
use super::json::{self, bounded};
use super::jwk::Jwk;
use super::jwk_error::JwkError;
use super::jwk_reader;
use crate::encoding::pem;
use crate::rsa::encoding::{Form, Key, ReadError, form_of, from_der, from_pem_block};
use core::{fmt, iter};
use serde_json::{Value, json};

/// The most keys in a set.
pub const MAX_KEYS: usize = 1000;
/// The most bytes of a set or of any file with keys.
pub const MAX_KEYS_BYTES: usize = 8 << 20;

/// Keys to choose from, in their order.
#[derive(Clone, Debug, Default)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    unusable: Vec<Unusable>,
    /// How many of the keys are secrets: each token asks.
    secrets: usize,
}

/// A member of a set that could not be read. The set's other keys can be used all the same (RFC 7517 §5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Its place in `keys`, from 0.
    pub index: usize,
    /// Its `kid`, if that could be read.
    pub kid: Option<String>,
    /// Why it could not be read.
    pub why: JwkError,
}

impl JwkSet {
    /// Reads a JWK Set.
    ///
    /// # Errors
    ///
    /// When the text is not strict JSON with an array `keys`, or is larger than the caps
    /// [`MAX_KEYS_BYTES`] and [`MAX_KEYS`]. A key that cannot be read is no error but is listed in
    /// [`unusable`](JwkSet::unusable).
    pub fn parse(json: impl AsRef<[u8]>) -> Result<JwkSet, JwkSetError> {
        let json = json.as_ref();
        if json.len() > MAX_KEYS_BYTES {
            return Err(JwkSetError::TooLong(json.len()));
        }
        let members = json::parse_object(json)?;
        let Some(Value::Array(keys)) = members.get("keys") else { return Err(JwkSetError::NoKeys) };
        if keys.len() > MAX_KEYS {
            return Err(JwkSetError::TooMany(keys.len()));
        }
        let mut set = JwkSet::default();
        for (index, key) in keys.iter().enumerate() {
            let Value::Object(members) = key else { return Err(JwkSetError::NotObject(index)) };
            match jwk_reader::read(members) {
                Ok(jwk) => set.push(jwk),
                Err(why) => {
                    let kid = members.get("kid").and_then(Value::as_str).map(str::to_owned);
                    set.unusable.push(Unusable { index, kid, why });
                }
            }
        }
        Ok(set)
    }

    /// Reads the keys of a file, whatever it is: PEM (certificates too), DER, a JWK or a JWK Set, told
    /// apart by content.
    ///
    /// # Errors
    ///
    /// When it is none of these, or is one and broken.
    pub fn from_file_contents(bytes: &[u8]) -> Result<JwkSet, KeyFileError> {
        if bytes.len() > MAX_KEYS_BYTES {
            return Err(KeyFileError::Set(JwkSetError::TooLong(bytes.len())));
        }
        if pem::is_pem(bytes) {
            return from_pem(bytes);
        }
        match bytes.trim_ascii_start() {
            [b'{', ..] => {
                let members = json::parse_object(bytes)?;
                if members.contains_key("keys") {
                    return Ok(JwkSet::parse(bytes)?);
                }
                Ok(jwk_reader::read(&members)?.into())
            }
            [0x30, ..] => {
                let form = form_of(bytes)?;
                Ok(with_certificate(from_der(form, bytes)?, form.label(), bytes).into())
            }
            _ => Err(KeyFileError::Unknown),
        }
    }

    /// The keys that can be read.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The others.
    pub fn unusable(&self) -> &[Unusable] {
        &self.unusable
    }

    /// Adds a key.
    pub fn push(&mut self, key: Jwk) {
        self.secrets += usize::from(key.family() == Some(Family::Hmac));
        self.keys.push(key);
    }

    /// Whether it holds secrets beside public keys: one of the two was put there by mistake, and which one
    /// decides who can forge.
    pub fn is_mixed(&self) -> bool {
        self.secrets > 0 && self.secrets < self.keys.len()
    }

    /// The set as JSON, private parts included.
    pub fn to_value(&self) -> Value {
        json!({ "keys": self.keys.iter().map(Jwk::to_value).collect::<Vec<_>>() })
    }
}

impl From<Jwk> for JwkSet {
    fn from(key: Jwk) -> JwkSet {
        iter::once(key).collect()
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> JwkSet {
        let mut set = JwkSet::default();
        keys.into_iter().for_each(|key| set.push(key));
        set
    }
}

fn from_pem(bytes: &[u8]) -> Result<JwkSet, KeyFileError> {
    let text = str::from_utf8(bytes).map_err(|error| KeyFileError::NotUtf8(error.valid_up_to()))?;
    let mut set = JwkSet::default();
    for block in pem::parse(text)? {
        let key = from_pem_block(&block);
        let key = key.map_err(|error| KeyFileError::Block { offset: block.offset, error })?;
        set.push(with_certificate(key, &block.label, &block.contents));
    }
    Ok(set)
}

/// The key, and the certificate that it came in, if it did.
fn with_certificate(key: Key, label: &str, der: &[u8]) -> Jwk {
    let mut jwk = Jwk::from(key);
    if label == Form::Certificate.label() {
        jwk.parameters.certificates.push(der.to_vec());
    }
    jwk
}

/// Why a text is no JWK Set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwkSetError {
    /// Not strict JSON.
    Json(json::Error),
    /// There is no array `keys` (RFC 7517 §5.1).
    NoKeys,
    /// The key at this place is not an object.
    NotObject(usize),
    /// So many keys, more than [`MAX_KEYS`].
    TooMany(usize),
    /// So many bytes, more than [`MAX_KEYS_BYTES`].
    TooLong(usize),
}

impl From<json::Error> for JwkSetError {
    fn from(error: json::Error) -> Self {
        JwkSetError::Json(error)
    }
}

impl fmt::Display for JwkSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JwkSetError::Json(error) => error.fmt(f),
            JwkSetError::NoKeys => f.write_str("no array \"keys\" (RFC 7517 §5.1)"),
            JwkSetError::NotObject(index) => write!(f, "keys[{index}] is not an object"),
            JwkSetError::TooMany(count) => write!(f, "{count} keys, more than {MAX_KEYS}"),
            JwkSetError::TooLong(bytes) => write!(f, "{bytes} bytes, more than {MAX_KEYS_BYTES}"),
        }
    }
}

impl core::error::Error for JwkSetError {}

/// Why a file holds no keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFileError {
    /// Neither PEM nor DER nor JSON.
    Unknown,
    /// PEM that is not UTF-8 from this offset on.
    NotUtf8(usize),
    /// Broken PEM.
    Pem(pem::Error),
    /// A PEM block, at this offset, that is no key.
    Block {
        /// Where its BEGIN line is.
        offset: usize,
        /// What is wrong.
        error: ReadError,
    },
    /// Broken DER, or DER that is no RSA key.
    Der(ReadError),
    /// A JWK that is no key.
    Jwk(JwkError),
    /// A broken JWK Set.
    Set(JwkSetError),
}

impl KeyFileError {
    /// Whether the file holds a key, and not for an algorithm that is built here.
    pub fn is_of_another_algorithm(&self) -> bool {
        match self {
            KeyFileError::Block { error, .. } | KeyFileError::Der(error) => {
                error.is_of_another_algorithm()
            }
            _ => false,
        }
    }
}

impl From<pem::Error> for KeyFileError {
    fn from(error: pem::Error) -> Self {
        KeyFileError::Pem(error)
    }
}

impl From<ReadError> for KeyFileError {
    fn from(error: ReadError) -> Self {
        KeyFileError::Der(error)
    }
}

impl From<JwkError> for KeyFileError {
    fn from(error: JwkError) -> Self {
        KeyFileError::Jwk(error)
    }
}

impl From<json::Error> for KeyFileError {
    fn from(error: json::Error) -> Self {
        KeyFileError::Jwk(JwkError::Json(error))
    }
}

impl From<JwkSetError> for KeyFileError {
    fn from(error: JwkSetError) -> Self {
        KeyFileError::Set(error)
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyFileError::Unknown => {
                f.write_str("not a key: expected PEM, DER, a JWK or a JWK Set")
            }
            KeyFileError::NotUtf8(offset) => write!(f, "PEM at offset {offset}: not UTF-8"),
            KeyFileError::Pem(error) => error.fmt(f),
            KeyFileError::Block { offset, error } => {
                write!(f, "PEM block at offset {offset}: {error}")
            }
            KeyFileError::Der(error) => error.fmt(f),
            KeyFileError::Jwk(error) => write!(f, "JWK: {error}"),
            KeyFileError::Set(error) => write!(f, "JWK Set: {error}"),
        }
    }
}

impl core::error::Error for KeyFileError {}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys[{}]", self.index)?;
        if let Some(kid) = &self.kid {
            write!(f, " (kid \"{}\")", bounded(kid))?;
        }
        write!(f, ": {}", self.why)
    }
}
