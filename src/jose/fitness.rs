//! Whether a key may be used for an algorithm: its type, its parameters, its strength (RFC 7517 §4,
//! RFC 7518 §3.2 and §3.3, RFC 8725 §3.1 and §3.5).

use super::algorithm::Algorithm;
use super::json::bounded;
use super::jwk::{Jwk, Material};
use super::numeric_date::NumericDate;
use super::policy::Policy;
use super::relaxation::Relaxation;
use crate::encoding::der::Reader;
use crate::encoding::pem;
use crate::rsa::{self, PublicKey};
use core::fmt;

/// The least bits of an RSA modulus (RFC 7518 §3.3).
pub const MIN_RSA_BITS: u64 = 2048;
/// The most bits of an RSA public exponent: verifying must stay cheap.
pub const MAX_EXPONENT_BITS: u64 = 33;

/// What a key is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Making a signature.
    Sign,
    /// Checking one.
    Verify,
}

impl Operation {
    /// Its name in `key_ops` (RFC 7517 §4.3).
    pub const fn name(self) -> &'static str {
        match self {
            Operation::Sign => "sign",
            Operation::Verify => "verify",
        }
    }
}

/// Why a key does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The algorithm needs a key of another type.
    Type(&'static str),
    /// A key on a curve: no algorithm for it is built.
    NotBuilt(&'static str),
    /// The key's `alg` is another.
    Alg(String),
    /// The key's `use` is not `sig`.
    Usage(String),
    /// The key's `key_ops` do not have the operation.
    KeyOps(Operation),
    /// The key's `exp` has come.
    Expired(NumericDate),
    /// A public key cannot sign.
    PublicOnly,
    /// A secret of so many bytes where the hash has more.
    ShortSecret {
        /// Bytes of the secret.
        found: usize,
        /// Bytes of the hash.
        needed: usize,
    },
    /// A modulus of so many bits.
    SmallModulus(u64),
    /// A public exponent of so many bits.
    LargeExponent(u64),
    /// The fingerprint of CVE-2017-15361.
    Roca,
}

impl Jwk {
    /// Checks everything that the key itself says of its use, and its type. `alg` is compared by name.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit.
    pub fn suits(
        &self,
        algorithm: Algorithm,
        operation: Operation,
        now: NumericDate,
    ) -> Result<(), Unfit> {
        match (&self.material, self.family()) {
            (Material::Curve(key), _) => return Err(Unfit::NotBuilt(key.crv)),
            (_, Some(family)) if family != algorithm.family() => {
                return Err(Unfit::Type(self.kty()));
            }
            _ => {}
        }
        let parameters = self.parameters();
        match &parameters.alg {
            Some(alg) if alg != algorithm.name() => return Err(Unfit::Alg(alg.clone())),
            _ => {}
        }
        match &parameters.usage {
            Some(usage) if usage != "sig" => return Err(Unfit::Usage(usage.clone())),
            _ => {}
        }
        match &parameters.key_ops {
            Some(ops) if !ops.iter().any(|op| op == operation.name()) => {
                return Err(Unfit::KeyOps(operation));
            }
            _ => {}
        }
        match parameters.expires {
            Some(exp) if exp <= now => return Err(Unfit::Expired(exp)),
            _ => {}
        }
        if operation == Operation::Sign && !self.is_private() {
            return Err(Unfit::PublicOnly);
        }
        Ok(())
    }

    /// Checks the strength of the key; gives the relaxation that was needed.
    ///
    /// # Errors
    ///
    /// When it is too weak, or so strong that it is a burden, and no relaxation of the policy lets it pass.
    pub fn strength(
        &self,
        algorithm: Algorithm,
        policy: &Policy,
    ) -> Result<Option<Relaxation>, Unfit> {
        let relaxed = |relaxation, unfit| {
            if policy.relaxations.allows(relaxation) { Ok(Some(relaxation)) } else { Err(unfit) }
        };
        match &self.material {
            // RFC 7518 §3.2: as long as the hash at least
            Material::Oct(key) => {
                let (found, needed) =
                    (key.secret().expose().len(), algorithm.hash().digest_bytes());
                let short = Unfit::ShortSecret { found, needed };
                if found < needed { relaxed(Relaxation::ShortHmacKey, short) } else { Ok(None) }
            }
            Material::Rsa(key) => rsa_strength(key, relaxed),
            Material::RsaPrivate(key) => rsa_strength(key.public(), relaxed),
            Material::Curve(key) => Err(Unfit::NotBuilt(key.crv)),
        }
    }
}

fn rsa_strength(
    key: &PublicKey,
    relaxed: impl Fn(Relaxation, Unfit) -> Result<Option<Relaxation>, Unfit>,
) -> Result<Option<Relaxation>, Unfit> {
    let (bits, exponent_bits) = (key.n().bits(), key.e().bits());
    if exponent_bits > MAX_EXPONENT_BITS {
        return Err(Unfit::LargeExponent(exponent_bits));
    }
    if key.is_roca() {
        return Err(Unfit::Roca);
    }
    if bits < MIN_RSA_BITS {
        relaxed(Relaxation::SmallRsa, Unfit::SmallModulus(bits))
    } else {
        Ok(None)
    }
}

/// Whether the bytes of a secret are a key in some form, and in which: `HS256` keyed with the text of a
/// public key is how tokens are forged (CVE-2016-10555 and its many cousins).
pub(super) fn looks_like_key(secret: &[u8]) -> Option<&'static str> {
    if pem::is_pem(secret) {
        return Some("PEM");
    }
    // whether the JSON is sound does not matter: whose text it is does
    let text = String::from_utf8_lossy(secret);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.starts_with('{') && ["\"kty\"", "\"keys\""].iter().any(|name| text.contains(name)) {
        return Some("JWK");
    }
    // what stands behind the key does not matter either
    let mut reader = Reader::new(secret);
    reader.any().ok()?;
    match rsa::encoding::from_any_der(&secret[..reader.offset()]) {
        Ok(_) => Some("DER"),
        Err(error) if error.is_other_key() => Some("DER"),
        Err(_) => None,
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Type(kty) => write!(f, "its type {kty} is not the algorithm's"),
            Unfit::NotBuilt(crv) => write!(f, "keys on {crv} cannot be used yet"),
            Unfit::Alg(alg) => write!(f, "it is for alg \"{}\" only", bounded(alg)),
            Unfit::Usage(usage) => write!(f, "its use is \"{}\", not \"sig\"", bounded(usage)),
            Unfit::KeyOps(operation) => write!(f, "its key_ops have no \"{}\"", operation.name()),
            Unfit::Expired(exp) => write!(f, "the key expired at {exp}"),
            Unfit::PublicOnly => f.write_str("a public key cannot sign"),
            Unfit::ShortSecret { found, needed } => {
                write!(f, "the secret has {found} bytes, {needed} are needed (RFC 7518 §3.2)")
            }
            Unfit::SmallModulus(bits) => {
                write!(f, "the modulus has {bits} bits, {MIN_RSA_BITS} are needed (RFC 7518 §3.3)")
            }
            Unfit::LargeExponent(bits) => {
                write!(f, "the exponent e has {bits} bits, more than {MAX_EXPONENT_BITS}")
            }
            Unfit::Roca => f.write_str(
                "the modulus has the ROCA fingerprint (CVE-2017-15361): it can be factored",
            ),
        }
    }
}

impl core::error::Error for Unfit {}

impl Unfit {
    /// The relaxation that would let the key pass, if there is one.
    pub fn relaxation(&self) -> Option<Relaxation> {
        match self {
            Unfit::ShortSecret { .. } => Some(Relaxation::ShortHmacKey),
            Unfit::SmallModulus(_) => Some(Relaxation::SmallRsa),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::Jwk;
    use crate::rsa::encoding::spki_der;

    #[test]
    fn a_key_is_known_for_one_even_where_it_is_no_longer_sound() {
        let key = Jwk::parse(include_str!("../../vectors/keys/rfc7515-a2.jwk.json")).unwrap();
        let der = spki_der(key.rsa().unwrap());
        let json = key.to_value().to_string();
        for (text, form) in [
            (der.clone(), "DER"),
            ([&der[..], b"\n"].concat(), "DER"),
            (json.clone().into_bytes(), "JWK"),
            (format!("\u{feff} {json}").into_bytes(), "JWK"),
            (json.replacen('{', "{\"alg\":\"HS256\",", 1).into_bytes(), "JWK"),
            (b"words\n-----BEGIN PUBLIC KEY-----".to_vec(), "PEM"),
        ] {
            assert_eq!(looks_like_key(&text), Some(form));
        }
        for secret in [&b"0secret"[..], b"{not a key}", b"\x30\x03\x02\x01\x05", &[0x30; 32]] {
            assert_eq!(looks_like_key(secret), None);
        }
    }
}
