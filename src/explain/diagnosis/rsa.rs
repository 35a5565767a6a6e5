//! What the block of a bad RSA signature says: s^e mod n, beside EMSA-PKCS1-v1_5 (RFC 8017 §9.2).

use super::bad_block::{BadBlock, Zeros};
use crate::encoding::der::{Tag, write};
use crate::rsa::PublicKey;
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::pkcs1v15;
use crate::sha2::Algorithm;

/// What is wrong with a signature; nothing where it verifies.
///
/// From public data only. It takes at most four public operations.
pub fn rsa(key: &PublicKey, hash: Algorithm, message: &[u8], signature: &[u8]) -> Option<BadBlock> {
    let digest = hash.digest(message);
    if pkcs1v15::verify(key, &digest, signature).is_ok() {
        return None;
    }
    let k = key.modulus_bytes();
    if signature.len() != k {
        let zeros = match pkcs1v15::verify(key, &digest, &of_length(signature, k)) {
            Ok(()) => Zeros::Only,
            Err(_) => Zeros::NotOnly,
        };
        return Some(BadBlock::Length { found: signature.len(), expected: k, zeros });
    }
    let expected = match emsa::encode(&digest, Parameters::Null, k) {
        Ok(expected) => expected,
        Err(error) => return Some(BadBlock::TooShort(error)),
    };
    if key.recover(&reversed(signature)).as_ref() == Some(&expected) {
        return Some(BadBlock::SignatureReversed);
    }
    let Some(em) = key.recover(signature) else { return Some(BadBlock::NotBelowModulus) };
    if em == reversed(&expected) {
        return Some(BadBlock::BlockReversed);
    }
    Some(of_block(hash, message, &em))
}

/// The same number in k bytes, as far as it fits.
fn of_length(signature: &[u8], k: usize) -> Vec<u8> {
    let zeros = signature.len().saturating_sub(k);
    match signature.split_at(zeros) {
        (more, rest) if more.iter().all(|&byte| byte == 0) => {
            [&vec![0; k.saturating_sub(rest.len())][..], rest].concat()
        }
        _ => vec![],
    }
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

/// 00 01, eight of ff, 00 (RFC 8017 §9.2): a block of fewer bytes that are not zero has no padding.
const LEAST_BEGIN: usize = 11;

fn of_block(hash: Algorithm, message: &[u8], em: &[u8]) -> BadBlock {
    let zeros = em.iter().take_while(|&&byte| byte == 0).count();
    match em {
        _ if zeros + LEAST_BEGIN > em.len() => BadBlock::Small,
        [0, 1, rest @ ..] => {
            let padding = rest.iter().take_while(|&&byte| byte == 0xff).count();
            match &rest[padding..] {
                [0, t @ ..] => of_info(hash, message, t, padding),
                _ => BadBlock::NoSeparator,
            }
        }
        [0, 2, ..] => BadBlock::Type(2),
        [0, 0, rest @ ..] if rest.iter().find(|&&byte| byte != 0) == Some(&1) => {
            BadBlock::PaddingShort(zeros - 1)
        }
        [0, kind, ..] if em.ends_with(hash.digest(message).as_bytes()) => BadBlock::Type(*kind),
        [.., 0xbc] => BadBlock::Pss,
        _ => BadBlock::Random,
    }
}

/// What stands behind the padding and its 00.
fn of_info(hash: Algorithm, message: &[u8], t: &[u8], padding: usize) -> BadBlock {
    let digest = hash.digest(message);
    let expected = emsa::digest_info(&digest, Parameters::Null);
    // what stands where it should not is missing in the padding
    let needed = |info: &[u8]| padding + t.len() - info.len();
    if let Some(info) = leading_element(t).filter(|info| info.len() < t.len()) {
        return BadBlock::BytesBehind { padding, needed: needed(info) };
    }
    // a name that is not its DER begins as one
    let is_named = t.first() == expected.first();
    let end = if is_named { &expected[..] } else { digest.as_bytes() };
    if t.len() > expected.len() && t.ends_with(end) {
        return BadBlock::BytesBefore { padding, needed: needed(&expected) };
    }
    if t == emsa::digest_info(&digest, Parameters::Absent) {
        return BadBlock::NullMissing;
    }
    let head = |parameters| {
        let info = emsa::digest_info(&digest, parameters);
        info[..info.len() - digest.as_bytes().len()].to_vec()
    };
    let bare = head(Parameters::Absent);
    if t.starts_with(&bare) && t.len() == bare.len() + digest.as_bytes().len() {
        return BadBlock::NullMissingMessageChanged;
    }
    if t == digest.as_bytes() {
        return BadBlock::NoName;
    }
    let head = &head(Parameters::Null)[..];
    let others = Algorithm::ALL.into_iter().filter(|other| *other != hash);
    of_other(others, message, t, [head, digest.as_bytes()])
        .unwrap_or_else(|| of_digest(hash, t, [head, digest.as_bytes()]))
}

/// The DER element of less than 128 bytes that a text begins with, as every DigestInfo is.
fn leading_element(t: &[u8]) -> Option<&[u8]> {
    match t {
        [0x30, length @ 0x20..0x80, ..] => t.get(..2 + usize::from(*length)),
        _ => None,
    }
}

/// Another hash in the block: its OID, its digest, or both.
fn of_other(
    others: impl Iterator<Item = Algorithm>,
    message: &[u8],
    t: &[u8],
    [head, digest]: [&[u8]; 2],
) -> Option<BadBlock> {
    for other in others {
        let theirs = other.digest(message);
        if t == emsa::digest_info(&theirs, Parameters::Null) {
            return Some(BadBlock::BlockOf(other));
        }
        if has_oid(t, &emsa::oid(other)) {
            let right = t.ends_with(digest);
            return Some(if right { BadBlock::OidOf(other) } else { BadBlock::Oid(other.name()) });
        }
        if t.starts_with(head) && t.ends_with(theirs.as_bytes()) {
            return Some(BadBlock::DigestBy(other));
        }
    }
    let old = OLD_HASHES.into_iter().find(|(_, oid)| has_oid(t, oid));
    old.map(|(name, _)| BadBlock::Oid(name))
}

/// The OID is right or there is none.
fn of_digest(hash: Algorithm, t: &[u8], [head, digest]: [&[u8]; 2]) -> BadBlock {
    if t.ends_with(digest) {
        return BadBlock::NotDer;
    }
    let twice = hash.digest(digest);
    for (form, what) in [
        (hex::encode(digest).as_bytes(), "the digest stands in the block as hex text"),
        (twice.as_bytes(), "the digest in the block is the digest of the digest"),
        (&reversed(digest), "the digest in the block stands in reverse order"),
    ] {
        if t.ends_with(form) {
            return BadBlock::DigestForm(what);
        }
    }
    if t.starts_with(head) && t.len() == head.len() + digest.len() {
        return BadBlock::MessageChanged;
    }
    BadBlock::NoDigestInfo
}

fn has_oid(t: &[u8], oid: &[u8]) -> bool {
    let element = write(Tag::OID, &[oid]);
    t.windows(element.len()).any(|bytes| bytes == element)
}

/// Hashes that are not built here, with the content octets of their OIDs (RFC 8017 §B.1).
const OLD_HASHES: [(&str, &[u8]); 3] = [
    ("SHA-1", &[0x2b, 0x0e, 0x03, 0x02, 0x1a]),
    ("MD5", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05]),
    ("MD2", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x02]),
];
