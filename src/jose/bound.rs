//! From a parsed token to a verified one: which algorithm, which key, and whether the signature is right.

use super::BadSignature;
use super::algorithm::{Algorithm, Family};
use super::choose::{BindError, Chosen, accepted_algorithm, label};
use super::header::{Header, PayloadForm};
use super::jwk::{Jwk, Material};
use super::jwks::JwkSet;
use super::jws::{Jws, Payload, Signature};
use super::policy::Policy;
use super::relaxation::{Relaxation, Relaxations};
use crate::rsa::PublicKey;
use crate::rsa::emsa::Parameters;
use crate::rsa::pkcs1v15;
use crate::sha2::Digest;
use std::borrow::Cow;

/// A signature bound to the one key and the one algorithm it may be verified with.
#[derive(Clone, Debug)]
pub struct Bound<'a> {
    jws: &'a Jws<'a>,
    signature: &'a Signature<'a>,
    key: &'a Jwk,
    algorithm: Algorithm,
    chosen: Chosen,
    /// Whether `missing-null` may be tried.
    missing_null: bool,
    relaxed: Relaxations,
}

impl Jws<'_> {
    /// Binds the only signature of the token to a key of the set.
    ///
    /// # Errors
    ///
    /// As [`bind_signature`](Jws::bind_signature), and when there is more than one signature.
    pub fn bind<'a>(&'a self, keys: &'a JwkSet, policy: &Policy) -> Result<Bound<'a>, BindError> {
        match &self.signatures[..] {
            [signature] => self.bind_signature(signature, keys, policy),
            several => Err(BindError::SeveralSignatures(several.len())),
        }
    }

    /// Binds one signature of the token to a key of the set.
    ///
    /// The algorithm must be one of the policy's, of the key's type, and the key's own `alg` if it has one:
    /// the header only names one of those (RFC 8725 §3.1). The key is the one with the token's `kid`, or
    /// the only one that fits.
    ///
    /// # Errors
    ///
    /// When no key fits, more than one does, or the one that does may not be used.
    pub fn bind_signature<'a>(
        &'a self,
        signature: &'a Signature<'a>,
        keys: &'a JwkSet,
        policy: &Policy,
    ) -> Result<Bound<'a>, BindError> {
        let algorithm = accepted_algorithm(&signature.header, policy)?;
        if matches!(self.payload, Payload::Detached(_)) {
            return Err(BindError::NoPayload);
        }
        let (key, chosen) = keys.choose(algorithm, signature.header.kid(), policy)?;
        let strength = key
            .strength(algorithm, policy)
            .map_err(|unfit| BindError::Unfit { key: label(key), unfit })?;
        let mut relaxed = self.relaxed;
        relaxed.extend(strength);
        let missing_null = policy.relaxations.allows(Relaxation::MissingNull);
        Ok(Bound { jws: self, signature, key, algorithm, chosen, missing_null, relaxed })
    }
}

impl<'a> Bound<'a> {
    /// The algorithm that will be used.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key that will be used.
    pub fn key(&self) -> &'a Jwk {
        self.key
    }

    /// What that key is called.
    pub fn key_label(&self) -> String {
        label(self.key)
    }

    /// Why that key.
    pub fn chosen(&self) -> Chosen {
        self.chosen
    }

    /// What was signed, in pieces to be put together (RFC 7515 §5.1 step 5): the received text of the
    /// protected header, a point, and the payload as received.
    pub fn signing_input(&self) -> [&'a [u8]; 3] {
        let payload = match &self.jws.payload {
            Payload::Encoded { text, .. } => text.as_bytes(),
            Payload::Raw(bytes) => bytes,
            Payload::Detached(_) => &[],
        };
        [self.signature.protected.as_bytes(), b".", payload]
    }

    /// The same in one piece: the token's own, where it is one there. That is only of the token's own signature:
    /// a copy, or one of another token, is checked over its own header.
    pub(super) fn message(&self) -> Cow<'a, [u8]> {
        match (self.jws.signed, self.jws.signatures.first()) {
            (Some(signed), Some(own)) if core::ptr::eq(own, self.signature) => {
                Cow::Borrowed(signed)
            }
            _ => Cow::Owned(self.signing_input().concat()),
        }
    }

    /// The bytes of the signature.
    pub fn signature(&self) -> &'a [u8] {
        &self.signature.bytes
    }

    /// Verifies (RFC 7515 §5.2 step 8).
    ///
    /// # Errors
    ///
    /// [`BadSignature`], which says nothing more.
    pub fn verify(mut self) -> Result<Verified<'a>, BadSignature> {
        if self.holds() { Ok(self.verified()) } else { Err(BadSignature) }
    }

    fn holds(&mut self) -> bool {
        match &self.key.material {
            Material::Oct(key) => {
                key.hmac(self.algorithm).verify(&self.message(), self.signature())
            }
            Material::Rsa(key) => self.verify_rsa(key),
            Material::RsaPrivate(key) => self.verify_rsa(key.public()),
            Material::Curve(_) => false,
        }
    }

    /// What a signature that holds makes of it.
    pub(super) fn verified(&self) -> Verified<'a> {
        Verified {
            header: Kept::Borrowed(&self.signature.header),
            payload: Cow::Borrowed(match &self.jws.payload {
                Payload::Encoded { bytes, .. } => bytes,
                Payload::Raw(bytes) => bytes,
                Payload::Detached(_) => &[],
            }),
            algorithm: self.algorithm,
            key: Cow::Borrowed(self.key.label()),
            chosen: self.chosen,
            relaxed: self.relaxed,
        }
    }

    fn verify_rsa(&mut self, key: &PublicKey) -> bool {
        debug_assert_eq!(self.algorithm.family(), Family::Rsa);
        let digest = self.algorithm.hash().digest(&self.message());
        pkcs1v15::verify(key, &digest, self.signature()).is_ok() || self.holds_relaxed(key, &digest)
    }

    /// Whether it holds by `missing-null`, if that may be tried.
    pub(super) fn holds_relaxed(&mut self, key: &PublicKey, digest: &Digest) -> bool {
        if !self.missing_null {
            return false;
        }
        self.relaxed.allow(Relaxation::MissingNull);
        pkcs1v15::verify_with(key, digest, Parameters::Absent, self.signature()).is_ok()
    }
}

/// A token whose signature is right. What it says is the signer's word; whether it is accepted now is for
/// [`claims`](Verified::claims) to tell. It borrows from the token and the keys;
/// [`into_owned`](Verified::into_owned) lets it outlive them.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    header: Kept<'a>,
    payload: Cow<'a, [u8]>,
    algorithm: Algorithm,
    key: Cow<'a, str>,
    chosen: Chosen,
    relaxed: Relaxations,
}

impl Verified<'_> {
    /// The header. Its unprotected members, if it has any, are not covered by the signature.
    pub fn header(&self) -> &Header {
        match &self.header {
            Kept::Borrowed(header) => header,
            Kept::Owned(header) => header,
        }
    }

    /// The payload: for a JWS that is no JWT. The claims of a JWT come from [`claims`](Verified::claims),
    /// which checks them.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The algorithm that was used.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What the key that was used is called.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Why that key.
    pub fn chosen(&self) -> Chosen {
        self.chosen
    }

    /// The relaxations that were needed.
    pub fn relaxed(&self) -> Relaxations {
        self.relaxed
    }

    /// Whether the payload was signed as it is (RFC 7797).
    pub fn payload_form(&self) -> PayloadForm {
        self.header().payload_form()
    }

    /// The same with nothing borrowed from the token or the keys.
    pub fn into_owned(self) -> Verified<'static> {
        Verified {
            header: Kept::Owned(Box::new(self.header().clone())),
            payload: Cow::Owned(self.payload.into_owned()),
            key: Cow::Owned(self.key.into_owned()),
            ..self
        }
    }
}

/// A header of the token, or one of its own. A `Cow` would be as large as the header, each time it is moved.
#[derive(Clone, Debug)]
enum Kept<'a> {
    Borrowed(&'a Header),
    Owned(Box<Header>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hmac::Hmac;
    use crate::jose::Algorithm;
    use crate::sha2;

    #[test]
    fn what_was_verified_can_outlive_token_and_keys() {
        // RFC 7797: the payload is signed as it is, and the key has no name
        let owned = {
            let header =
                crate::base64::encode_url(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
            let text = format!("{header}.payload");
            let tag = Hmac::new(sha2::Algorithm::Sha256, &[7; 32]).mac(text.as_bytes());
            let token = format!("{text}.{}", crate::base64::encode_url(&tag));
            let keys = JwkSet::from(Jwk::from_secret(vec![7; 32]).unwrap());
            let jws = Jws::compact(&token).unwrap();
            let policy = Policy::at(0).algorithms([Algorithm::Hs256]);
            jws.bind(&keys, &policy).unwrap().verify().unwrap().into_owned()
        };
        assert_eq!(owned.payload(), b"payload");
        assert_eq!((owned.key(), owned.algorithm()), ("oct key without kid", Algorithm::Hs256));
        assert_eq!((owned.payload_form(), owned.header().alg()), (PayloadForm::Raw, "HS256"));
    }
}
