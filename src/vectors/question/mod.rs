//! What an implementation is asked, and what it may say: the operations of a cross-check, one request each.

mod message;
mod wire;

use super::stage::Stage;
use crate::sha2;
pub use message::{Chain, Message};

use core::fmt;
use num_bigint::{BigInt, BigUint};

/// One thing to be computed or judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// The digest of a message.
    Sha2 {
        /// Which hash.
        hash: sha2::Algorithm,
        /// The message.
        message: Message,
    },
    /// NIST's Monte Carlo chain: the digest at the end of each outer round, one after the other.
    Sha2Chain {
        /// Which hash.
        hash: sha2::Algorithm,
        /// The first message.
        seed: Vec<u8>,
        /// How the message of a step is made.
        chain: Chain,
        /// Digests wanted.
        outer: u32,
        /// Steps for each of them.
        inner: u32,
    },
    /// An authentication code, its first `tag_bytes` bytes.
    Hmac {
        /// The hash inside.
        hash: sha2::Algorithm,
        /// The key.
        key: Vec<u8>,
        /// The message.
        message: Vec<u8>,
        /// Bytes wanted.
        tag_bytes: usize,
    },
    /// Whether a code of `tag_bytes` bytes is the message's.
    HmacVerify {
        /// The hash inside.
        hash: sha2::Algorithm,
        /// The key.
        key: Vec<u8>,
        /// The message.
        message: Vec<u8>,
        /// The code that was received.
        tag: Vec<u8>,
        /// Bytes that a code has here.
        tag_bytes: usize,
    },
    /// A key from a password (RFC 8018 §5.2).
    Pbkdf2 {
        /// The hash inside of HMAC.
        hash: sha2::Algorithm,
        /// The password.
        password: Vec<u8>,
        /// The salt.
        salt: Vec<u8>,
        /// Iterations.
        count: u32,
        /// Bytes wanted.
        key_bytes: usize,
    },
    /// Base64url without padding of bytes.
    Base64UrlEncode {
        /// The bytes.
        data: Vec<u8>,
    },
    /// The bytes of base64url without padding.
    Base64UrlDecode {
        /// The text.
        text: String,
    },
    /// A signature (RSASSA-PKCS1-v1_5).
    RsaSign {
        /// Which hash.
        hash: sha2::Algorithm,
        /// The private key.
        key: RsaPrivate,
        /// The message.
        message: Vec<u8>,
    },
    /// Whether a signature verifies (RSASSA-PKCS1-v1_5).
    RsaVerify {
        /// Which hash.
        hash: sha2::Algorithm,
        /// The modulus.
        n: BigUint,
        /// The public exponent.
        e: BigUint,
        /// The message.
        message: Vec<u8>,
        /// The signature.
        signature: Vec<u8>,
    },
    /// Whether an integer is prime.
    IsPrime {
        /// The integer: suites have negative ones too.
        value: BigInt,
    },
    /// A JWS in the compact form with just this protected header.
    JwsSign {
        /// The algorithm.
        algorithm: String,
        /// A JWK, as text.
        key: String,
        /// The protected header, as text: its bytes are what is signed.
        header: String,
        /// The payload.
        payload: Vec<u8>,
    },
    /// Whether a JWS verifies, and its payload.
    JwsVerify {
        /// The token as received: compact or JSON.
        token: String,
        /// The payload, where it is detached.
        payload: Option<Vec<u8>>,
        /// A JWK or a JWK Set, as text.
        keys: String,
        /// Algorithms allowed; empty for all that the implementation has.
        algorithms: Vec<String>,
        /// Names of relaxations asked for.
        allow: Vec<String>,
    },
    /// Whether a JWT verifies and its claims meet a policy.
    JwtVerify {
        /// The token as received.
        token: String,
        /// A JWK or a JWK Set, as text.
        keys: String,
        /// Algorithms allowed; empty for all that the implementation has.
        algorithms: Vec<String>,
        /// What is demanded of the claims.
        policy: JwtPolicy,
        /// Names of relaxations asked for.
        allow: Vec<String>,
    },
    /// Whether a raw secret may serve as a key of HMAC.
    SecretImport {
        /// The secret.
        secret: Vec<u8>,
    },
    /// The members that make a key, as RFC 7638 §3 writes them; a refusal where it is none.
    JwkParse {
        /// The JWK, as text.
        jwk: String,
    },
    /// The thumbprint of a JWK (RFC 7638): its base64url.
    Thumbprint {
        /// The JWK, as text.
        jwk: String,
        /// Which hash.
        hash: sha2::Algorithm,
    },
}

/// A private key of RSA. Suites without primes have `d` only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the letters are those of RFC 8017 §3")]
pub struct RsaPrivate {
    pub n: BigUint,
    pub e: BigUint,
    pub d: BigUint,
    /// p, q, dP, dQ, qInv.
    pub primes: Option<[BigUint; 5]>,
}

/// What is demanded of claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwtPolicy {
    /// The time, in seconds since 1970.
    pub now: i64,
    /// Seconds by which clocks may differ.
    pub leeway: u64,
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud` must hold this.
    pub audience: Option<String>,
    /// `typ` of the header.
    pub typ: Option<String>,
    /// Claims that must be there.
    pub require: Vec<String>,
}

/// What an implementation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The bytes (for a text, its UTF-8); of a verification, the payload.
    Output(Vec<u8>),
    /// Yes: it verifies, it is prime.
    Valid,
    /// No. The right answer to an input that must be refused.
    Refused {
        /// Which stage refused, if that is known.
        stage: Option<Stage>,
        /// Its own words.
        why: String,
    },
    /// Neither yes nor no: it broke.
    Error(String),
    /// It has several ways of computing, and they do not agree: never right, whatever was asked.
    Divided(String),
    /// It does not have this.
    Unsupported(String),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Output(bytes) => f.write_str(&hex::encode(bytes)),
            Answer::Valid => f.write_str("valid"),
            Answer::Refused { stage: Some(stage), why } if !why.is_empty() => {
                write!(f, "{stage} ({why})")
            }
            Answer::Refused { stage: Some(stage), .. } => stage.fmt(f),
            Answer::Refused { stage: None, why } if why.is_empty() => f.write_str("refused"),
            Answer::Refused { stage: None, why } => write!(f, "refused ({why})"),
            Answer::Error(why) => write!(f, "an error: {why}"),
            Answer::Divided(why) => write!(f, "divided: {why}"),
            Answer::Unsupported(why) => write!(f, "not supported: {why}"),
        }
    }
}

impl Request {
    /// The operation's name on the wire, in filters and in reports.
    pub fn operation(&self) -> &'static str {
        match self {
            Request::Sha2 { .. } => "sha2",
            Request::Sha2Chain { .. } => "sha2.mct",
            Request::Hmac { .. } => "hmac",
            Request::HmacVerify { .. } => "hmac.verify",
            Request::Pbkdf2 { .. } => "pbkdf2",
            Request::Base64UrlEncode { .. } => "base64url.encode",
            Request::Base64UrlDecode { .. } => "base64url.decode",
            Request::RsaSign { .. } => "rsa.pkcs1v15.sign",
            Request::RsaVerify { .. } => "rsa.pkcs1v15.verify",
            Request::IsPrime { .. } => "prime",
            Request::JwsSign { .. } => "jws.sign",
            Request::JwsVerify { .. } => "jws.verify",
            Request::JwtVerify { .. } => "jwt.verify",
            Request::SecretImport { .. } => "secret.import",
            Request::JwkParse { .. } => "jwk.parse",
            Request::Thumbprint { .. } => "jwk.thumbprint",
        }
    }

    /// Whether its answer is computed bytes, not a verdict.
    pub fn computes(&self) -> bool {
        !matches!(
            self,
            Request::HmacVerify { .. }
                | Request::Base64UrlDecode { .. }
                | Request::RsaVerify { .. }
                | Request::IsPrime { .. }
                | Request::JwsVerify { .. }
                | Request::JwtVerify { .. }
                | Request::SecretImport { .. }
        )
    }

    /// The algorithms that it is about, by the names of their standards; none where it has no choice.
    pub fn algorithms(&self) -> Vec<&str> {
        match self {
            Request::Sha2 { hash, .. }
            | Request::Sha2Chain { hash, .. }
            | Request::Hmac { hash, .. }
            | Request::HmacVerify { hash, .. }
            | Request::Pbkdf2 { hash, .. }
            | Request::RsaSign { hash, .. }
            | Request::RsaVerify { hash, .. }
            | Request::Thumbprint { hash, .. } => vec![hash.name()],
            Request::JwsSign { algorithm, .. } => vec![algorithm],
            Request::JwsVerify { algorithms, .. } | Request::JwtVerify { algorithms, .. } => {
                algorithms.iter().map(String::as_str).collect()
            }
            Request::Base64UrlEncode { .. }
            | Request::Base64UrlDecode { .. }
            | Request::IsPrime { .. }
            | Request::JwkParse { .. }
            | Request::SecretImport { .. } => vec![],
        }
    }
}
