//! What a figure states. The fields are those of the file format `jotlab-vectors/1`: bytes are lower-case
//! hex, tokens are text as received, integers are big-endian hex.

mod jose;
mod primitives;

pub use jose::{JwkCase, JwksCase, JwsCase, Thumbprint};
pub use primitives::{
    Base64, Base64Alphabet, DigestInfo, Hmac, HmacSteps, Repeat, RsaKey, RsaSign, RsaSteps,
    RsaVerify, Sha2, Sha2Block, Sha2Constants, Sha2Steps,
};

use crate::jose::json::bounded;
use crate::sha2;
use serde::{Deserialize, Deserializer, de};

/// What a figure is of.
#[derive(Clone, Debug)]
pub enum Operation {
    /// `sha2`
    Sha2(Box<Sha2>),
    /// `sha2.constants`
    Sha2Constants(Sha2Constants),
    /// `hmac`
    Hmac(Box<Hmac>),
    /// `base64`
    Base64(Base64),
    /// `base64.alphabet`
    Base64Alphabet(Base64Alphabet),
    /// `rsa.digestinfo`
    DigestInfo(DigestInfo),
    /// `rsa.pkcs1v15.sign`
    RsaSign(Box<RsaSign>),
    /// `rsa.pkcs1v15.verify`
    RsaVerify(Box<RsaVerify>),
    /// `jwk`
    Jwk(Box<JwkCase>),
    /// `jwks`
    Jwks(JwksCase),
    /// `jwk.thumbprint`
    Thumbprint(Thumbprint),
    /// `jws`
    Jws(Box<JwsCase>),
}

/// Bytes in lower-case hex.
#[derive(Clone, Debug)]
pub struct Hex(pub Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = |error| format!("\"{}\" is not hex: {error}", bounded(&text));
        hex::decode(&text).map(Hex).map_err(|error| de::Error::custom(wrong(error)))
    }
}

/// A hash by its name.
#[derive(Clone, Copy, Debug)]
pub struct Hash(pub sha2::Algorithm);

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map(Hash).map_err(|error| de::Error::custom(format!("{name}: {error}")))
    }
}
