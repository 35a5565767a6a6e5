//! The same key in everybody's types.

use aws_lc_rs::signature as aws;
use graviola::signing::rsa as graviola_rsa;
use jotlab::rsa::{PrivateKey, encoding};
use openssl::pkey::{PKey, Private, Public};
use ring::signature as ring;

pub(crate) struct Keys {
    pub(crate) ours: PrivateKey,
    pub(crate) aws: aws::RsaKeyPair,
    pub(crate) aws_public: aws::ParsedPublicKey,
    pub(crate) ring: ring::RsaKeyPair,
    pub(crate) ring_public: ring::UnparsedPublicKey<Vec<u8>>,
    pub(crate) openssl: PKey<Private>,
    pub(crate) openssl_public: PKey<Public>,
    pub(crate) graviola: graviola_rsa::SigningKey,
    pub(crate) graviola_public: graviola_rsa::VerifyingKey,
}

impl Keys {
    pub(crate) fn generate(bits: u64) -> Keys {
        let ours = PrivateKey::generate(bits).expect("the system gives random bytes");
        let (private, public) =
            (encoding::pkcs8_der(&ours), encoding::pkcs1_public_der(ours.public()));
        let expected = "the encoding of a key";
        let spki = encoding::spki_der(ours.public());
        Keys {
            aws: aws::RsaKeyPair::from_pkcs8(&private).expect(expected),
            aws_public: aws::ParsedPublicKey::new(&aws::RSA_PKCS1_2048_8192_SHA256, &public)
                .expect(expected),
            ring: ring::RsaKeyPair::from_pkcs8(&private).expect(expected),
            openssl: PKey::private_key_from_pkcs8(&private).expect(expected),
            openssl_public: PKey::public_key_from_der(&spki).expect(expected),
            graviola: graviola_rsa::SigningKey::from_pkcs8_der(&private).expect(expected),
            graviola_public: graviola_rsa::VerifyingKey::from_pkcs1_der(&public).expect(expected),
            ring_public: ring::UnparsedPublicKey::new(&ring::RSA_PKCS1_2048_8192_SHA256, public),
            ours,
        }
    }
}
