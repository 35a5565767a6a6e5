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

/// Signs several digests, by any keys, in their order: each as [`sign`] does, side by side where the machine's
/// way has lanes.
///
/// ```
/// use jotlab::{rsa::{PrivateKey, pkcs1v15}, sha2::Algorithm};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = PrivateKey::generate(1024)?;
/// let digest = Algorithm::Sha256.digest(b"message");
/// let signatures = pkcs1v15::sign_many(&[(&key, &digest), (&key, &digest)]);
/// assert_eq!(signatures[1], pkcs1v15::sign(&key, &digest));
/// # Ok(()) }
/// ```
pub fn sign_many(tasks: &[(&PrivateKey, &Digest)]) -> Vec<Result<Vec<u8>, SignError>> {
    let encode = |(key, digest): &(&PrivateKey, &Digest)| {
        emsa::encode(digest, Parameters::Null, key.public().modulus_bytes())
    };
    let encoded: Vec<_> = tasks.iter().map(encode).collect();
    let mut ready: Vec<(&PrivateKey, &[u8])> = vec![];
    for ((key, _), em) in tasks.iter().zip(&encoded) {
        ready.extend(em.as_ref().ok().map(|em| (*key, &em[..])));
    }
    let mut applied = PrivateKey::apply_many(&ready).into_iter();
    let signature = |em: &Result<_, TooShort>| {
        em.as_ref().map_err(|&error| error)?;
        Ok(applied.next().unwrap_or(Err(PrivateOperationError::CheckFailed))?)
    };
    encoded.iter().map(signature).collect()
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
    check(&em, digest, parameters)
}

/// What is to be verified: whose signature, of what, and the signature.
pub type Task<'a> = (&'a PublicKey, &'a Digest, &'a [u8]);

/// Verifies several signatures, of any keys, in their order: each with the verdict that [`verify`] gives,
/// side by side where the machine's way has lanes.
///
/// ```
/// use jotlab::{rsa::{PrivateKey, pkcs1v15}, sha2::Algorithm};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = PrivateKey::generate(1024)?;
/// let digest = Algorithm::Sha256.digest(b"message");
/// let good = pkcs1v15::sign(&key, &digest)?;
/// let bad = vec![0; good.len()];
/// let verdicts = pkcs1v15::verify_many(&[
///     (key.public(), &digest, &good),
///     (key.public(), &digest, &bad),
/// ]);
/// assert!(verdicts[0].is_ok() && verdicts[1].is_err());
/// # Ok(()) }
/// ```
pub fn verify_many(tasks: &[Task<'_>]) -> Vec<Result<(), BadSignature>> {
    let signatures: Vec<_> = tasks.iter().map(|(key, _, signature)| (*key, *signature)).collect();
    let recovered = PublicKey::recover_many(&signatures).into_iter();
    let verdict = |(em, (_, digest, _)): (Option<Vec<u8>>, &Task<'_>)| {
        check(&em.ok_or(BadSignature)?, digest, Parameters::Null)
    };
    recovered.zip(tasks).map(verdict).collect()
}

/// Steps 3 and 4 of the verification, with what steps 1 and 2 recovered.
fn check(em: &[u8], digest: &Digest, parameters: Parameters) -> Result<(), BadSignature> {
    // step 3: the encoded message that must come out
    let expected = emsa::encode(digest, parameters, em.len()).map_err(|_| BadSignature)?;
    // step 4: compared whole
    if ct::eq(em, &expected) { Ok(()) } else { Err(BadSignature) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha2::Algorithm;

    /// Lengths with and without a kernel, a modulus that is too short for the hash, groups of every size.
    #[test]
    fn many_signatures_are_those_of_each_digest() {
        let keys = [1024, 512, 1030, 2048, 1536].map(|b| PrivateKey::generate(b).unwrap());
        let hashes = [Algorithm::Sha256, Algorithm::Sha512];
        let digests: Vec<_> = (0..20u8).map(|i| hashes[usize::from(i % 2)].digest(&[i])).collect();
        for of_keys in [&keys[..1], &keys[..]] {
            let mut tasks = vec![];
            for (i, digest) in digests.iter().enumerate() {
                tasks.push((&of_keys[i * i % of_keys.len()], digest));
            }
            for count in 0..=tasks.len() {
                let many = sign_many(&tasks[..count]);
                let alone = tasks[..count].iter().map(|(key, digest)| sign(key, digest));
                assert_eq!(many, alone.collect::<Vec<_>>(), "{count}");
            }
        }
    }

    /// Lengths with and without a kernel, exponents 3 and 65537, groups of every size, good and bad among
    /// each other.
    #[test]
    fn many_verdicts_are_those_of_each_signature() {
        let mut keys: Vec<_> =
            [1024, 1030, 768, 2048].map(|b| PrivateKey::generate(b).unwrap()).into();
        // a key of the same primes with another exponent, where it has an inverse
        let (p, q) = (keys[0].components().p, keys[0].components().q);
        keys.extend(
            [3u32, 17, 257]
                .into_iter()
                .filter_map(|e| PrivateKey::from_primes(p.clone(), q.clone(), e.into()).ok()),
        );
        let digests: Vec<_> = (0..30u8).map(|i| Algorithm::Sha256.digest(&[i])).collect();
        let mut signatures: Vec<(usize, Vec<u8>)> = vec![];
        for (i, digest) in digests.iter().enumerate() {
            let key = i * i % keys.len();
            signatures.push((key, sign(&keys[key], digest).unwrap()));
        }
        for (i, (key, signature)) in signatures.iter_mut().enumerate() {
            match i % 9 {
                1 => signature[5] ^= 1,
                3 => signature.truncate(7),
                5 => signature.fill(0xff),
                7 => *key = (*key + 1) % keys.len(),
                _ => {}
            }
        }
        let mut tasks: Vec<Task<'_>> = vec![];
        for (digest, (key, signature)) in digests.iter().zip(&signatures) {
            tasks.push((keys[*key].public(), digest, signature));
        }
        for count in 0..=tasks.len() {
            let alone = tasks[..count]
                .iter()
                .map(|(key, digest, signature)| verify(key, digest, signature));
            assert_eq!(verify_many(&tasks[..count]), alone.collect::<Vec<_>>(), "{count}");
        }
    }
}
