//! Of hashes, codes, letters and RSA, with the values between.

use super::{Hash, Hex};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A hash of a message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sha2 {
    /// Which hash.
    pub alg: Hash,
    /// The message …
    pub msg: Option<Hex>,
    /// … or an octet that is repeated.
    pub repeat: Option<Repeat>,
    /// The digest.
    pub md: Hex,
    /// Padding, schedules and rounds.
    pub steps: Option<Sha2Steps>,
}

/// A message of one octet many times.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// The octet.
    pub octet_hex: Hex,
    /// How often.
    pub count: u64,
}

/// The states of a hash.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sha2Steps {
    /// The padded message.
    pub padded: Hex,
    /// Block by block.
    pub blocks: Vec<Sha2Block>,
}

/// The states of one block, words as hex.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sha2Block {
    /// H before it.
    pub before: Vec<String>,
    /// W.
    pub schedule: Vec<String>,
    /// a … h after each round.
    pub rounds: Vec<Vec<String>>,
    /// H after it.
    pub after: Vec<String>,
}

/// K and H(0) of a word size.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sha2Constants {
    /// 32 or 64.
    pub word_bits: u32,
    /// K.
    pub k: Vec<String>,
    /// H(0) by hash.
    pub initial: BTreeMap<String, Vec<String>>,
}

/// An authentication code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hmac {
    /// The hash inside.
    pub alg: Hash,
    /// The key.
    pub key: Hex,
    /// The message.
    pub msg: Hex,
    /// The code, perhaps truncated.
    pub tag: Hex,
    /// K0, both pads, the inner digest.
    pub steps: Option<HmacSteps>,
}

/// The states of HMAC.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HmacSteps {
    /// K0.
    pub k0: Hex,
    /// K0 ⊕ ipad.
    pub ipad: Hex,
    /// K0 ⊕ opad.
    pub opad: Hex,
    /// The inner digest.
    pub inner: Hex,
}

/// Base 64 both ways.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base64 {
    /// The bytes.
    pub data: Hex,
    /// Their standard base 64, padded.
    pub text: Option<String>,
    /// Their base64url, not padded.
    pub url: Option<String>,
}

/// An alphabet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base64Alphabet {
    /// `base64` or `base64url`.
    pub encoding: String,
    /// Its 64 letters.
    pub alphabet: String,
}

/// The DER in front of a digest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestInfo {
    /// Which hash.
    pub alg: Hash,
    /// The bytes.
    pub prefix: Hex,
    /// How long the digest is.
    pub digest_octets: usize,
}

/// An RSA key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the letters are those of RFC 8017 §3")]
pub struct RsaKey {
    pub n: Hex,
    pub e: Hex,
    pub d: Option<Hex>,
    pub p: Option<Hex>,
    pub q: Option<Hex>,
    pub dp: Option<Hex>,
    pub dq: Option<Hex>,
    pub qi: Option<Hex>,
}

/// A signature to be made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RsaSign {
    /// Which hash.
    pub alg: Hash,
    /// The private key.
    pub key: RsaKey,
    /// The message.
    pub msg: Hex,
    /// The signature.
    pub sig: Hex,
    /// Digest, DigestInfo, EM, CRT halves.
    pub steps: Option<RsaSteps>,
}

/// A signature to be verified.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RsaVerify {
    /// Which hash.
    pub alg: Hash,
    /// The public key.
    pub key: RsaKey,
    /// The message.
    pub msg: Hex,
    /// The signature.
    pub sig: Hex,
    /// Whether it verifies.
    pub valid: bool,
    /// Digest, and the EM that is recovered.
    pub steps: Option<RsaSteps>,
}

/// The states of RSA.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the letters are those of RFC 8017 §5.1.2 and §9.2")]
pub struct RsaSteps {
    pub digest: Option<Hex>,
    pub digestinfo: Option<Hex>,
    pub em: Option<Hex>,
    pub m1: Option<Hex>,
    pub m2: Option<Hex>,
    pub h: Option<Hex>,
}
