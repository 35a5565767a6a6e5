//! New keys and new names.

use super::error::Error;
use crate::base64::encode_url;
use crate::jose::{Algorithm, Family, Jwk, MIN_RSA_BITS};
use crate::random;
use crate::rsa::{PrivateKey, keygen};
use crate::sha2;

/// Whether so many bits are fit for a new modulus.
pub(super) fn check_bits(bits: u64) -> Result<(), Error> {
    let most = *keygen::BITS.end();
    if (MIN_RSA_BITS..=most).contains(&bits) && bits.is_multiple_of(2) {
        return Ok(());
    }
    Err(Error::Setting(format!(
        "{bits} bits: an even number from {MIN_RSA_BITS} (RFC 7518 §3.3) to {most} is needed"
    )))
}

/// A new key for an algorithm: RSA with a modulus of so many bits, or a secret as long as the hash.
pub(super) fn generate(algorithm: Algorithm, bits: u64) -> Result<Jwk, Error> {
    let mut jwk = match algorithm.family() {
        Family::Rsa => {
            check_bits(bits)?;
            Jwk::from(PrivateKey::generate(bits).map_err(|e| Error::Key(e.to_string()))?)
        }
        Family::Hmac => {
            // RFC 7518 §3.2: a key of the size of the hash output or larger
            let mut secret = vec![0; algorithm.hash().digest_bytes()];
            random::fill(&mut secret)?;
            Jwk::from_secret(secret).map_err(|error| Error::Key(error.to_string()))?
        }
    };
    let kid = match algorithm.family() {
        Family::Rsa => encode_url(jwk.thumbprint(sha2::Algorithm::Sha256).as_bytes()),
        // a thumbprint of a secret is something to guess against (RFC 7638 §7)
        Family::Hmac => random_name()?,
    };
    let parameters = jwk.parameters_mut();
    parameters.kid = Some(kid);
    parameters.alg = Some(algorithm.name().to_owned());
    parameters.usage = Some("sig".to_owned());
    Ok(jwk)
}

/// 128 random bits as base64url: a name that nobody has used and nobody can guess.
pub(super) fn random_name() -> Result<String, Error> {
    let mut bytes = [0; 16];
    random::fill(&mut bytes)?;
    Ok(encode_url(&bytes))
}
