//! RSA keys in DER and PEM: PKCS #1 (RFC 8017 §A.1), PKCS #8 (RFC 5958), SPKI and certificates (RFC 5280).

mod error;

pub use error::ReadError;

use super::key::{Components, PrivateKey, PublicKey};
use crate::encoding::der::{self, Reader, Reason, Tag, write, write_unsigned};
use crate::encoding::pem;
use num_bigint::BigUint;

/// rsaEncryption { 1 2 840 113549 1 1 1 } (RFC 8017 §A.1), content octets.
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-ecPublicKey { 1 2 840 10045 2 1 } (RFC 5480 §2.1.1), to say what a key is that cannot be used.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

const EC_KEY: &str = "an EC key, which cannot be used yet";
const OTHER_ALGORITHM: &str = "the algorithm of the key is not rsaEncryption";

/// The structures that hold an RSA key, and the labels of their PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// RSAPublicKey (RFC 8017 §A.1.1).
    Pkcs1Public,
    /// RSAPrivateKey (RFC 8017 §A.1.2).
    Pkcs1Private,
    /// SubjectPublicKeyInfo (RFC 5280 §4.1).
    Spki,
    /// PrivateKeyInfo (RFC 5958 §2).
    Pkcs8,
    /// Certificate (RFC 5280 §4.1), of which the key is read.
    Certificate,
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 5] =
        [Form::Pkcs1Public, Form::Pkcs1Private, Form::Spki, Form::Pkcs8, Form::Certificate];

    /// The label between the dashes (RFC 7468 §4, §10, §13; the PKCS #1 ones are OpenSSL's).
    pub const fn label(self) -> &'static str {
        match self {
            Form::Pkcs1Public => "RSA PUBLIC KEY",
            Form::Pkcs1Private => "RSA PRIVATE KEY",
            Form::Spki => "PUBLIC KEY",
            Form::Pkcs8 => "PRIVATE KEY",
            Form::Certificate => "CERTIFICATE",
        }
    }
}

/// A key that was read: public or private.
#[derive(Clone, Debug)]
pub enum Key {
    /// A public key.
    Public(PublicKey),
    /// A private key.
    Private(Box<PrivateKey>),
}

/// Reads a key in the given form.
///
/// # Errors
///
/// When the bytes are not the strict DER of that form, or the numbers are no key.
pub fn from_der(form: Form, der: &[u8]) -> Result<Key, ReadError> {
    let mut reader = Reader::new(der);
    let key = match form {
        Form::Pkcs1Public => Key::Public(pkcs1_public(&mut reader)?),
        Form::Pkcs1Private => Key::Private(pkcs1_private(&mut reader)?.into()),
        Form::Spki => Key::Public(spki(&mut reader)?),
        Form::Pkcs8 => Key::Private(pkcs8(&mut reader)?.into()),
        Form::Certificate => Key::Public(certificate(&mut reader)?),
    };
    reader.end()?;
    Ok(key)
}

/// Reads DER whose form is not known: the one form whose outline fits is read, so that an error speaks of
/// what the input was meant to be.
///
/// # Errors
///
/// When no outline fits, and as [`from_der`].
pub fn from_any_der(der: &[u8]) -> Result<Key, ReadError> {
    from_der(form_of(der)?, der)
}

/// The one form whose outline fits.
///
/// # Errors
///
/// When none does.
pub fn form_of(der: &[u8]) -> Result<Form, ReadError> {
    let mut inside = Reader::new(der).sequence()?;
    let second = {
        inside.any()?;
        inside.peek()
    };
    let starts_with_integer = der::Reader::new(der).sequence()?.peek() == Some(Tag::INTEGER);
    match (starts_with_integer, second) {
        (true, Some(Tag::SEQUENCE)) => Ok(Form::Pkcs8),
        (false, Some(Tag::BIT_STRING)) => Ok(Form::Spki),
        (false, Some(Tag::SEQUENCE)) => Ok(Form::Certificate),
        (true, Some(Tag::INTEGER)) => {
            inside.any()?;
            Ok(if inside.is_empty() { Form::Pkcs1Public } else { Form::Pkcs1Private })
        }
        _ => Err(inside.error(Reason::Value("not the outline of a key")).into()),
    }
}

/// Reads the key of a PEM block.
///
/// # Errors
///
/// When the label is not one of [`Form::ALL`], and as [`from_der`].
pub fn from_pem_block(block: &pem::Block) -> Result<Key, ReadError> {
    let form = Form::ALL.into_iter().find(|form| form.label() == block.label);
    from_der(form.ok_or_else(|| ReadError::Label(block.label.clone()))?, &block.contents)
}

/// RSAPublicKey.
pub fn pkcs1_public_der(key: &PublicKey) -> Vec<u8> {
    write(Tag::SEQUENCE, &[&write_unsigned(key.n()), &write_unsigned(key.e())])
}

/// RSAPrivateKey, version 0: two primes.
pub fn pkcs1_private_der(key: &PrivateKey) -> Vec<u8> {
    let Components { n, e, d, p, q, dp, dq, qi } = key.components();
    let parts = [BigUint::ZERO, n, e, d, p, q, dp, dq, qi].map(|part| write_unsigned(&part));
    write(Tag::SEQUENCE, &parts.each_ref().map(Vec::as_slice))
}

/// SubjectPublicKeyInfo.
pub fn spki_der(key: &PublicKey) -> Vec<u8> {
    // a bit string begins with the number of unused bits
    let bits = write(Tag::BIT_STRING, &[&[0], &pkcs1_public_der(key)]);
    write(Tag::SEQUENCE, &[&algorithm_identifier(), &bits])
}

/// PrivateKeyInfo, version 0.
pub fn pkcs8_der(key: &PrivateKey) -> Vec<u8> {
    let octets = write(Tag::OCTET_STRING, &[&pkcs1_private_der(key)]);
    write(Tag::SEQUENCE, &[&write_unsigned(&BigUint::ZERO), &algorithm_identifier(), &octets])
}

/// AlgorithmIdentifier of RSA keys: rsaEncryption with NULL (RFC 8017 §A.1).
fn algorithm_identifier() -> Vec<u8> {
    let (oid, null) = (write(Tag::OID, &[RSA_ENCRYPTION]), write(Tag::NULL, &[]));
    write(Tag::SEQUENCE, &[&oid, &null])
}

fn pkcs1_public(reader: &mut Reader<'_>) -> Result<PublicKey, ReadError> {
    let mut inside = reader.sequence()?;
    let (n, e) = (inside.unsigned()?, inside.unsigned()?);
    inside.end()?;
    Ok(PublicKey::new(n, e)?)
}

fn pkcs1_private(reader: &mut Reader<'_>) -> Result<PrivateKey, ReadError> {
    let mut inside = reader.sequence()?;
    expect_version(&mut inside, "version of RSAPrivateKey: only 0, two primes, is supported")?;
    let mut next = || inside.unsigned();
    let parts = Components {
        n: next()?,
        e: next()?,
        d: next()?,
        p: next()?,
        q: next()?,
        dp: next()?,
        dq: next()?,
        qi: next()?,
    };
    inside.end()?;
    Ok(PrivateKey::new(&parts)?)
}

fn spki(reader: &mut Reader<'_>) -> Result<PublicKey, ReadError> {
    let mut inside = reader.sequence()?;
    expect_rsa(&mut inside)?;
    let mut bits = inside.bit_string()?;
    inside.end()?;
    let key = pkcs1_public(&mut bits)?;
    bits.end()?;
    Ok(key)
}

fn pkcs8(reader: &mut Reader<'_>) -> Result<PrivateKey, ReadError> {
    let mut inside = reader.sequence()?;
    expect_version(&mut inside, "version of PrivateKeyInfo: only 0 is supported")?;
    expect_rsa(&mut inside)?;
    let mut octets = inside.octet_string()?;
    // RFC 5958 §2: attributes may follow; they say nothing about the key itself
    if inside.peek() == Some(Tag::context(0)) {
        inside.any()?;
    }
    inside.end()?;
    let key = pkcs1_private(&mut octets)?;
    octets.end()?;
    Ok(key)
}

/// The subject's key of a certificate. Nothing else of it is looked at: who signed it and until when it
/// holds is a question for another tool.
fn certificate(reader: &mut Reader<'_>) -> Result<PublicKey, ReadError> {
    let mut inside = reader.sequence()?;
    let mut tbs = inside.sequence()?;
    // RFC 5280 §4.1: version, serial number, signature, issuer, validity, subject come first
    if tbs.peek() == Some(Tag::context(0)) {
        tbs.any()?;
    }
    tbs.element(Tag::INTEGER)?;
    for _signature_issuer_validity_subject in 0..4 {
        tbs.sequence()?;
    }
    let key = spki(&mut tbs)?;
    inside.sequence()?;
    inside.bit_string()?;
    inside.end()?;
    Ok(key)
}

fn expect_version(reader: &mut Reader<'_>, what: &'static str) -> Result<(), ReadError> {
    let at = reader.clone();
    if reader.unsigned()? == BigUint::ZERO {
        Ok(())
    } else {
        Err(at.error(Reason::Value(what)).into())
    }
}

fn expect_rsa(reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let mut inside = reader.sequence()?;
    let at = inside.clone();
    let wrong = |what| Err(at.error(Reason::Value(what)).into());
    match inside.oid()? {
        RSA_ENCRYPTION => {}
        EC_PUBLIC_KEY => return wrong(EC_KEY),
        _ => return wrong(OTHER_ALGORITHM),
    }
    inside.null()?;
    inside.end()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_back_and_no_byte_can_be_left_out_or_added() {
        let key = PrivateKey::generate(512).unwrap();
        let public = key.public();
        let forms = [
            (Form::Pkcs1Public, pkcs1_public_der(public)),
            (Form::Pkcs1Private, pkcs1_private_der(&key)),
            (Form::Spki, spki_der(public)),
            (Form::Pkcs8, pkcs8_der(&key)),
        ];
        for (form, der) in forms {
            for read in [from_der(form, &der).unwrap(), from_any_der(&der).unwrap()] {
                match read {
                    Key::Public(read) => assert_eq!(&read, public),
                    Key::Private(read) => assert!(read.components() == key.components()),
                }
            }
            for cut in 0..der.len() {
                assert!(from_der(form, &der[..cut]).is_err(), "{form:?} cut at {cut}");
                assert!(from_any_der(&der[..cut]).is_err(), "{form:?} cut at {cut}");
            }
            assert!(from_der(form, &[&der[..], &[0]].concat()).is_err());
        }
    }

    #[test]
    fn a_part_that_does_not_fit_is_refused() {
        let good = PrivateKey::generate(512).unwrap().components();
        let two = BigUint::from(2u32);
        let mut wrong = vec![good.clone(); 8];
        wrong[0].n += &two;
        wrong[1].e += &two;
        wrong[2].d += &two;
        wrong[3].p += &two;
        wrong[4].q += &two;
        wrong[5].dp += &two;
        wrong[6].dq += &two;
        wrong[7].qi += &two;
        for (i, parts) in wrong.iter().enumerate() {
            assert!(PrivateKey::new(parts).is_err(), "part {i}");
        }
        let recovered =
            PrivateKey::from_exponents(good.n.clone(), good.e.clone(), good.d.clone()).unwrap();
        let recovered = recovered.components();
        assert_eq!(
            recovered.p.clone().max(recovered.q.clone()),
            good.p.clone().max(good.q.clone())
        );
        assert!(PrivateKey::from_exponents(good.n, good.e, good.d + two).is_err());
    }
}
