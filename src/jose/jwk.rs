//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037): one key and what may be done with it.

use super::algorithm::{Algorithm, Family};
use super::choose::label;
use super::fitness::looks_like_key;
use super::jwk_error::JwkError;
use super::jwk_reader;
use super::numeric_date::NumericDate;
use crate::base64::encode_url;
use crate::ct::Secret;
use crate::hmac::Hmac;
use crate::rsa::{self, PrivateKey, PublicKey};
use crate::sha2;
use core::fmt;
use std::collections::HashSet;
use std::sync::OnceLock;

/// A key with its parameters (RFC 7517 §4).
#[derive(Clone, Debug)]
pub struct Jwk {
    pub(super) material: Material,
    pub(super) parameters: Parameters,
    /// What it is called, once that was asked.
    label: OnceLock<String>,
}

/// What stands beside the key itself. All of it is obeyed where the key is used.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// `kid` (RFC 7517 §4.5): an opaque name.
    pub kid: Option<String>,
    /// `alg` (RFC 7517 §4.4): the only algorithm this key is for.
    pub alg: Option<String>,
    /// `use` (RFC 7517 §4.2).
    pub usage: Option<String>,
    /// `key_ops` (RFC 7517 §4.3).
    pub key_ops: Option<Vec<String>>,
    /// `exp`: no member of RFC 7517, but widely written. An expired key is refused.
    pub expires: Option<NumericDate>,
    /// `x5c` (RFC 7517 §4.7): DER certificates, the first holds this key.
    pub certificates: Vec<Vec<u8>>,
}

/// The key itself (RFC 7518 §6).
#[derive(Clone, Debug)]
pub enum Material {
    /// `oct`: a secret.
    Oct(Box<SymmetricKey>),
    /// `RSA`, public.
    Rsa(PublicKey),
    /// `RSA`, private.
    RsaPrivate(Box<PrivateKey>),
    /// `EC` or `OKP`: read and named, but nothing here can sign with it yet.
    Curve(CurveKey),
}

/// A secret for HMAC, with its prepared states.
#[derive(Clone)]
pub struct SymmetricKey {
    secret: Secret,
    prepared: [OnceLock<Hmac>; 3],
}

impl SymmetricKey {
    pub(super) fn new(secret: Secret) -> Self {
        SymmetricKey { secret, prepared: [const { OnceLock::new() }; 3] }
    }

    /// The secret.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The key set up for the hash of an algorithm; the work is done once.
    pub(super) fn hmac(&self, algorithm: Algorithm) -> &Hmac {
        let slot = match algorithm.hash() {
            sha2::Algorithm::Sha384 => &self.prepared[1],
            sha2::Algorithm::Sha512 => &self.prepared[2],
            _ => &self.prepared[0],
        };
        slot.get_or_init(|| Hmac::new(algorithm.hash(), self.secret.expose()))
    }
}

impl fmt::Debug for SymmetricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.secret.fmt(f)
    }
}

/// A key on a curve (RFC 7518 §6.2, RFC 8037 §2).
#[derive(Clone, Debug)]
pub struct CurveKey {
    /// `EC` or `OKP`.
    pub kty: &'static str,
    /// The name of the curve.
    pub crv: &'static str,
    /// The x coordinate, or the whole public key of an OKP.
    pub x: Vec<u8>,
    /// The y coordinate of an EC key.
    pub y: Option<Vec<u8>>,
    /// The private key, if it is one.
    pub d: Option<Secret>,
}

impl Jwk {
    /// Reads a JWK.
    ///
    /// # Errors
    ///
    /// When the text is not strict JSON, or not a key as RFC 7517 and RFC 7518 §6 write it.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Jwk, JwkError> {
        jwk_reader::read(&super::json::parse_object(json.as_ref())?)
    }

    /// A secret for HMAC that comes as bytes, not as a JWK.
    ///
    /// # Errors
    ///
    /// When it is empty, or is itself a key in PEM, DER or JSON: then somebody is about to use a public
    /// key as a secret.
    pub fn from_secret(secret: Vec<u8>) -> Result<Jwk, JwkError> {
        let secret = Secret::new(secret);
        if secret.expose().is_empty() {
            return Err(JwkError::EmptySecret);
        }
        if let Some(form) = looks_like_key(secret.expose()) {
            return Err(JwkError::SecretIsKey(form));
        }
        Ok(Jwk::from(Material::Oct(Box::new(SymmetricKey::new(secret)))))
    }

    /// The key itself.
    pub fn material(&self) -> &Material {
        &self.material
    }

    /// What stands beside it.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// What stands beside it, to be changed.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        self.label = OnceLock::new();
        &mut self.parameters
    }

    /// What the key is called in a message: its kid, or its thumbprint where it has none.
    pub(super) fn label(&self) -> &str {
        self.label.get_or_init(|| label(self))
    }

    /// `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.parameters.kid.as_deref()
    }

    /// `kty` (RFC 7517 §4.1).
    pub fn kty(&self) -> &'static str {
        match &self.material {
            Material::Oct(_) => "oct",
            Material::Rsa(_) | Material::RsaPrivate(_) => "RSA",
            Material::Curve(key) => key.kty,
        }
    }

    /// Which algorithms the type of this key is for, if any can be used here.
    pub fn family(&self) -> Option<Family> {
        match &self.material {
            Material::Oct(_) => Some(Family::Hmac),
            Material::Rsa(_) | Material::RsaPrivate(_) => Some(Family::Rsa),
            Material::Curve(_) => None,
        }
    }

    /// Whether whoever holds this may sign: a secret or a private key.
    pub fn is_private(&self) -> bool {
        match &self.material {
            Material::Oct(_) | Material::RsaPrivate(_) => true,
            Material::Rsa(_) => false,
            Material::Curve(key) => key.d.is_some(),
        }
    }

    /// The RSA public key, of a private one too.
    pub fn rsa(&self) -> Option<&PublicKey> {
        match &self.material {
            Material::Rsa(key) => Some(key),
            Material::RsaPrivate(key) => Some(key.public()),
            _ => None,
        }
    }

    /// The same key without its private part; nothing for a secret, which has no public part.
    pub fn to_public(&self) -> Option<Jwk> {
        let material = match &self.material {
            Material::Oct(_) => return None,
            Material::Rsa(key) => Material::Rsa(key.clone()),
            Material::RsaPrivate(key) => Material::Rsa(key.public().clone()),
            Material::Curve(key) => Material::Curve(CurveKey { d: None, ..key.clone() }),
        };
        // an operation that only the private half can do is not the public half's
        let public_op = |op: &String| match op.as_str() {
            "sign" => "verify".to_owned(),
            "decrypt" => "encrypt".to_owned(),
            "unwrapKey" => "wrapKey".to_owned(),
            other => other.to_owned(),
        };
        let mut parameters = self.parameters.clone();
        if let Some(ops) = &mut parameters.key_ops {
            // each once (RFC 7517 §4.3)
            let mut seen = HashSet::new();
            *ops = ops.iter().map(public_op).filter(|op| seen.insert(op.clone())).collect();
        }
        Some(Jwk { parameters, ..Jwk::from(material) })
    }

    /// The members that make the key, in the order and the spelling of RFC 7638 §3: what is hashed to a
    /// thumbprint.
    pub fn canonical(&self) -> String {
        match &self.material {
            Material::Oct(key) => {
                format!(r#"{{"k":"{}","kty":"oct"}}"#, encode_url(key.secret.expose()))
            }
            Material::Rsa(key) => canonical_rsa(key),
            Material::RsaPrivate(key) => canonical_rsa(key.public()),
            Material::Curve(CurveKey { kty, crv, x, y, .. }) => {
                let y =
                    y.as_ref().map_or_else(String::new, |y| format!(r#","y":"{}""#, encode_url(y)));
                format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{}"{y}}}"#, encode_url(x))
            }
        }
    }

    /// The thumbprint (RFC 7638 §3).
    pub fn thumbprint(&self, hash: sha2::Algorithm) -> sha2::Digest {
        hash.digest(self.canonical().as_bytes())
    }
}

fn canonical_rsa(key: &PublicKey) -> String {
    let [n, e] = [key.n(), key.e()].map(|x| encode_url(&x.to_bytes_be()));
    format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
}

impl From<Material> for Jwk {
    fn from(material: Material) -> Jwk {
        Jwk { material, parameters: Parameters::default(), label: OnceLock::new() }
    }
}

impl From<PublicKey> for Jwk {
    fn from(key: PublicKey) -> Jwk {
        Material::Rsa(key).into()
    }
}

impl From<PrivateKey> for Jwk {
    fn from(key: PrivateKey) -> Jwk {
        Material::RsaPrivate(Box::new(key)).into()
    }
}

impl From<rsa::encoding::Key> for Jwk {
    fn from(key: rsa::encoding::Key) -> Jwk {
        match key {
            rsa::encoding::Key::Public(key) => key.into(),
            rsa::encoding::Key::Private(key) => Material::RsaPrivate(key).into(),
        }
    }
}
