//! Of keys, sets, thumbprints and signatures.

use super::{Hash, Hex};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A key to be read and written again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JwkCase {
    /// The JWK.
    pub key: Value,
    /// Its members decoded.
    pub octets: Option<BTreeMap<String, Hex>>,
    /// Its first certificate.
    pub certificate: Option<Hex>,
    /// `x5t#S256` of that.
    pub certificate_sha256: Option<String>,
}

/// A set to be read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JwksCase {
    /// The set.
    pub jwks: Value,
    /// The members of its keys decoded.
    pub octets: Vec<BTreeMap<String, Hex>>,
}

/// A thumbprint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thumbprint {
    /// The JWK.
    pub key: Value,
    /// Which hash.
    pub hash: Hash,
    /// What is hashed.
    pub canonical: String,
    /// The digest.
    pub digest: Hex,
    /// Its base64url.
    pub thumbprint: String,
}

/// A signature in one serialization or more.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JwsCase {
    /// `alg`.
    pub alg: String,
    /// The JWK, private where there is one.
    pub key: Value,
    /// The payload.
    pub payload: Hex,
    /// The protected header, byte by byte.
    pub protected: Option<String>,
    /// The unprotected header.
    pub unprotected: Option<Map<String, Value>>,
    /// What is signed.
    pub signing_input: String,
    /// Its digest.
    pub digest: Option<Hex>,
    /// The signature, base64url.
    pub signature: String,
    /// Whether signing again gives the same.
    pub deterministic: bool,
    /// Compact serialization.
    pub compact: Option<String>,
    /// Compact serialization without the payload.
    pub detached_compact: Option<String>,
    /// Flattened JSON serialization.
    pub flattened: Option<Value>,
    /// General JSON serialization.
    pub general: Option<Value>,
    /// Which entry of the general serialization this is about.
    #[serde(default)]
    pub index: usize,
    /// Relaxations that it needs.
    #[serde(default)]
    pub allow: Vec<String>,
}
