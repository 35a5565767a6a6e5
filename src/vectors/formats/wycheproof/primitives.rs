//! HMAC, PBKDF2, RSASSA-PKCS1-v1_5 and primality.

use super::Asked;
use crate::sha2;
use crate::vectors::case::{Expected, Label, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::formats::node::Node;
use crate::vectors::question::{Request, RsaPrivate};

/// `MacTest`: the code is computed, cut to `tagSize` bits, compared.
pub(super) fn mac(
    root: &Node<'_>,
    group: &Node<'_>,
    test: &Node<'_>,
    label: Label,
) -> Result<Asked, ReadError> {
    let algorithm = root.get("algorithm")?;
    let name = algorithm.text()?;
    let Some(hash) = hash_of_hmac(name) else {
        return Ok(Asked::Skip(format!("{name}: not part of jotlab")));
    };
    let size = group.get("tagSize")?;
    let bits = size.number()?;
    let tag_bytes = (bits / 8) as usize;
    if bits % 8 != 0 || tag_bytes == 0 || tag_bytes > hash.digest_bytes() {
        return Err(size.fault(format!("a tag of {hash} of {bits} bits")));
    }
    let (key, message) = (test.get("key")?.hex()?, test.get("msg")?.hex()?);
    let tag = test.get("tag")?.hex()?;
    let verify = Request::HmacVerify {
        hash,
        key: key.clone(),
        message: message.clone(),
        tag: tag.clone(),
        tag_bytes,
    };
    let mut questions = vec![Question { request: verify, expected: verdict(label) }];
    if label == Label::Valid {
        let request = Request::Hmac { hash, key, message, tag_bytes };
        questions.push(Question { request, expected: Expected::Output(tag) });
    }
    Ok(Asked::Questions(questions))
}

/// `HMACSHA256`, `HMACSHA512/224` and `HMAC-SHA512/224`.
fn hash_of_hmac(name: &str) -> Option<sha2::Algorithm> {
    let digits = name.strip_prefix("HMACSHA").or_else(|| name.strip_prefix("HMAC-SHA"))?;
    format!("SHA-{digits}").parse().ok()
}

/// `PbkdfTest`: the key is derived and compared.
pub(super) fn pbkdf2(root: &Node<'_>, test: &Node<'_>, label: Label) -> Result<Asked, ReadError> {
    let algorithm = root.get("algorithm")?;
    let name = algorithm.text()?;
    let Some(hash) = name.strip_prefix("PBKDF2-").and_then(hash_of_hmac) else {
        return Ok(Asked::Skip(format!("{name}: not part of jotlab")));
    };
    let (count, length) = (test.get("iterationCount")?, test.get("dkLen")?);
    let key = test.get("dk")?.hex()?;
    let request = Request::Pbkdf2 {
        hash,
        password: test.get("password")?.hex()?,
        salt: test.get("salt")?.hex()?,
        count: count.number()?.try_into().map_err(|_| count.fault("more than 2³² − 1"))?,
        key_bytes: length.number()?.try_into().map_err(|_| length.fault("too long"))?,
    };
    let expected = match label {
        Label::Invalid => Expected::Refuse(None),
        _ => Expected::Output(key),
    };
    Ok(Asked::Questions(vec![Question { request, expected }]))
}

fn verdict(label: Label) -> Expected {
    if label == Label::Invalid { Expected::Refuse(None) } else { Expected::Accept }
}

pub(super) fn rsa_verify(
    group: &Node<'_>,
    test: &Node<'_>,
    label: Label,
) -> Result<Asked, ReadError> {
    let Ok(hash) = group.get("sha")?.text()?.parse() else {
        return Ok(other_hash(group.get("sha")?.text()?));
    };
    // older files have the numbers in the group itself
    let key = group.find("publicKey")?.unwrap_or_else(|| group.clone());
    let modulus = key.find("n")?.map_or_else(|| key.get("modulus"), Ok)?;
    let exponent = key.find("e")?.map_or_else(|| key.get("publicExponent"), Ok)?;
    let request = Request::RsaVerify {
        hash,
        n: modulus.positive()?,
        e: exponent.positive()?,
        message: test.get("msg")?.hex()?,
        signature: test.get("sig")?.hex()?,
    };
    Ok(Asked::Questions(vec![Question { request, expected: verdict(label) }]))
}

/// `RsassaPkcs1Generate`: the private key has no primes; what is signed is compared.
pub(super) fn rsa_generate(
    group: &Node<'_>,
    test: &Node<'_>,
    label: Label,
) -> Result<Asked, ReadError> {
    let Ok(hash) = group.get("sha")?.text()?.parse() else {
        return Ok(other_hash(group.get("sha")?.text()?));
    };
    let key = group.find("privateKey")?.unwrap_or_else(|| group.clone());
    let key = RsaPrivate {
        n: key.get("modulus")?.positive()?,
        e: key.get("publicExponent")?.positive()?,
        d: key.get("privateExponent")?.positive()?,
        primes: None,
    };
    let message = test.get("msg")?.hex()?;
    let expected = match label {
        Label::Invalid => Expected::Refuse(None),
        _ => Expected::Output(test.get("sig")?.hex()?),
    };
    let request = Request::RsaSign { hash, key, message };
    Ok(Asked::Questions(vec![Question { request, expected }]))
}

fn other_hash(name: &str) -> Asked {
    Asked::Skip(format!("{name}: not part of jotlab"))
}

pub(super) fn primality(test: &Node<'_>, label: Label) -> Result<Asked, ReadError> {
    let value = test.get("value")?.signed()?;
    let request = Request::IsPrime { value };
    Ok(Asked::Questions(vec![Question { request, expected: verdict(label) }]))
}
