//! RSASSA-PKCS1-v1_5: signing and verifying (RFC 8017 §8.2).
//!
//! The message comes as its [`Digest`]: hashing is the first step of the encoding (§9.2 step 1), and a
//! message may be long or come in pieces.

use super::emsa::{self, Parameters, TooShort};
use super::key::{PrivateKey, PublicKey};
use super::primitive::PrivateOperationError;
use crate::ct;
use crate::sha2::Digest;
use core::fmt;

/// Signs a digest: k bytes, most significant first (RSASSA-PKCS1-V1_5-SIGN, RFC 8017 §8.2.1).
///
/// The same digest always gives the same signature. The private operation is blinded and its result
/// verified before it is returned.
///
/// # Errors
///
/// When the modulus is too short for the hash, when there is no randomness for blinding, and when the
/// result does not verify.
pub fn sign(key: &PrivateKey, digest: &Digest) -> Result<Vec<u8>, SignError> {
    // step 1: EMSA-PKCS1-v1_5 encoding
    let em = emsa::encode(digest, Parameters::Null, key.public().modulus_bytes())?;
    // step 2: RSA signature
    Ok(key.apply(&em)?)
}

/// Verifies a signature (RSASSA-PKCS1-V1_5-VERIFY, RFC 8017 §8.2.2).
///
/// # Errors
///
/// [`BadSignature`], which tells nothing more: not why, not where.
pub fn verify(key: &PublicKey, digest: &Digest, signature: &[u8]) -> Result<(), BadSignature> {
    verify_with(key, digest, Parameters::Null, signature)
}

/// The same with the parameters that DigestInfo must have: the relaxation `missing-null` tries both.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_with(
    key: &PublicKey,
    digest: &Digest,
    parameters: Parameters,
    signature: &[u8],
) -> Result<(), BadSignature> {
    // steps 1 and 2: k bytes that are below n, and s^e mod n of them
    let em = key.recover(signature).ok_or(BadSignature)?;
    // step 3: the encoded message that must come out
    let expected = emsa::encode(digest, parameters, em.len()).map_err(|_| BadSignature)?;
    // step 4: compared whole
    if ct::eq(&em, &expected) { Ok(()) } else { Err(BadSignature) }
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

/// Why there is no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignError {
    /// The modulus is too short for the hash.
    TooShort(TooShort),
    /// The private operation gave nothing.
    PrivateOperation(PrivateOperationError),
}

impl From<TooShort> for SignError {
    fn from(error: TooShort) -> Self {
        SignError::TooShort(error)
    }
}

impl From<PrivateOperationError> for SignError {
    fn from(error: PrivateOperationError) -> Self {
        SignError::PrivateOperation(error)
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignError::TooShort(error) => error.fmt(f),
            SignError::PrivateOperation(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SignError {}
