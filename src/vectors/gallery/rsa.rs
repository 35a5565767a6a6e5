//! RSASSA-PKCS1-v1_5 with one bug, most of them in what a verifier does with the recovered block; and
//! primality tests that are fooled.

mod list;
mod prime;

use super::mac::refused;
use super::{Memory, left_padded};
use crate::rsa::MAX_MODULUS_BITS;
use crate::rsa::emsa::{self, Parameters};
use crate::sha2::{Algorithm, Digest};
use crate::vectors::question::{Answer, Request, RsaPrivate};
use num_bigint::BigUint;
use num_traits::{One, Zero};
use prime::is_prime;

pub(super) use list::{FLAWS, Flaw};

/// The operation that a bug shows in.
pub(super) fn operations(flaw: Flaw) -> &'static [&'static str] {
    match flaw {
        Flaw::SignsWithoutNull
        | Flaw::SignsBlockType02
        | Flaw::SignsWithoutLeadingZeros
        | Flaw::SignsDigestAlone => &["rsa.pkcs1v15.sign"],
        Flaw::Fermat
        | Flaw::BaseTwoOnly
        | Flaw::FirstFourBases
        | Flaw::SignDropped
        | Flaw::OneIsPrime
        | Flaw::TwoIsNot
        | Flaw::SmallDivisorsOnly => &["prime"],
        _ => &["rsa.pkcs1v15.verify"],
    }
}

pub(super) fn answer(request: &Request, flaw: Flaw, memory: &Memory) -> Option<Answer> {
    match request {
        Request::RsaVerify { hash, n, e, message, signature } => {
            let digest = hash.digest(message);
            let valid = verifies(n, e, &digest, signature, flaw, memory);
            Some(if valid { Answer::Valid } else { refused() })
        }
        Request::RsaSign { hash, key, message } => sign(*hash, key, message, flaw, memory),
        Request::IsPrime { value } => {
            Some(if is_prime(value, flaw) { Answer::Valid } else { refused() })
        }
        _ => None,
    }
}

/// RFC 8017 §8.2.2, bent where the flaw is.
pub(super) fn verifies(
    n: &BigUint,
    e: &BigUint,
    digest: &Digest,
    signature: &[u8],
    flaw: Flaw,
    memory: &Memory,
) -> bool {
    let fits_key = (e.bit(0) || flaw == Flaw::EvenExponent)
        && (!e.is_one() || flaw == Flaw::ExponentOne)
        && (n.bit(0) || flaw == Flaw::EvenModulus)
        && (n.bits() <= MAX_MODULUS_BITS || flaw == Flaw::HugeModulus);
    if !fits_key || e.is_zero() || n.is_zero() {
        return false;
    }
    let k = n.bits().div_ceil(8) as usize;
    let right_length = match flaw {
        Flaw::EmptySignature if signature.is_empty() => return true,
        Flaw::OneAccepted if signature.len() < 8 => return true,
        Flaw::ShortSignature => signature.len() <= k,
        Flaw::LongSignature => signature.len() >= k,
        _ => signature.len() == k,
    };
    let s = BigUint::from_bytes_be(signature);
    if !right_length || (s >= *n && flaw != Flaw::NotReduced) {
        return false;
    }
    let em = memory.power(n, e, &s);
    accepts(&em, digest, flaw)
}

/// Whether a recovered block is taken for the one of the digest.
fn accepts(em: &[u8], digest: &Digest, flaw: Flaw) -> bool {
    let t = emsa::digest_info(digest, Parameters::Null);
    let hash = digest.as_bytes();
    let Some(expected) = expected(em.len(), &t, flaw) else { return false };
    let differs = |at: usize| em[..at] == expected[..at] && em[at + 1..] == expected[at + 1..];
    let ps_end = em.len() - t.len() - 1;
    match flaw {
        Flaw::TrailingGarbage => behind_padding(em).is_some_and(|rest| rest.starts_with(&t)),
        Flaw::PaddingUnchecked => em[..2] == expected[..2] && em[ps_end..] == expected[ps_end..],
        Flaw::FirstPaddingUnchecked => differs(2),
        Flaw::LastPaddingUnchecked => differs(ps_end - 1),
        Flaw::LeadingZeroUnchecked => differs(0),
        Flaw::BlockTypeUnchecked => differs(1),
        Flaw::SeparatorUnchecked => differs(ps_end),
        Flaw::HashOnly => em.ends_with(hash),
        Flaw::HalfOfHash => {
            let at = em.len() - hash.len() / 2;
            em[..at] == expected[..at]
        }
        Flaw::OidUnchecked => {
            // the name's nine bytes stand behind 30 .. 30 .. 06 09
            let oid = em.len() - t.len() + 6;
            em[..oid] == expected[..oid] && em[oid + 9..] == expected[oid + 9..]
        }
        Flaw::ParametersUnchecked => {
            behind_padding(em).is_some_and(|rest| lenient_info(rest, digest, Lenient::Parameters))
        }
        Flaw::MissingNull => {
            let bare = emsa::encode(digest, Parameters::Absent, em.len());
            em == expected || bare.is_ok_and(|bare| bare == em)
        }
        Flaw::BerLengths => {
            behind_padding(em).is_some_and(|rest| lenient_info(rest, digest, Lenient::Lengths))
        }
        Flaw::DigestInfoAnywhere => {
            em.starts_with(&[0, 1]) && em.windows(t.len()).any(|window| window == t)
        }
        _ => em == expected,
    }
}

/// EM; with too little padding only where that is the flaw.
fn expected(k: usize, t: &[u8], flaw: Flaw) -> Option<Vec<u8>> {
    let least = if flaw == Flaw::ShortPadding { 0 } else { 8 };
    let ps = k.checked_sub(t.len() + 3).filter(|&ps| ps >= least)?;
    Some([&[0, 1], &vec![0xff; ps][..], &[0], t].concat())
}

/// What stands behind 00 01 ff … ff 00, at least eight ff.
fn behind_padding(em: &[u8]) -> Option<&[u8]> {
    let rest = em.strip_prefix(&[0, 1])?;
    let end = rest.iter().position(|&byte| byte != 0xff)?;
    if end < 8 { None } else { rest[end..].strip_prefix(&[0]) }
}

/// What a parser of DigestInfo lets pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lenient {
    Parameters,
    Lengths,
}

/// Parses DigestInfo to the end and compares name and digest only.
fn lenient_info(bytes: &[u8], digest: &Digest, lenient: Lenient) -> bool {
    let parse = || -> Option<bool> {
        let (info, rest) = element(bytes, 0x30, lenient)?;
        let (algorithm, octets) = element(info, 0x30, lenient)?;
        let (oid, parameters) = element(algorithm, 0x06, lenient)?;
        let (found, end) = element(octets, 0x04, lenient)?;
        let parameters_fit = match lenient {
            Lenient::Parameters => true,
            Lenient::Lengths => element(parameters, 0x05, lenient)
                .is_some_and(|(n, r)| n.is_empty() && r.is_empty()),
        };
        let same = oid == emsa::oid(digest.algorithm()) && found == digest.as_bytes();
        Some(rest.is_empty() && end.is_empty() && parameters_fit && same)
    };
    parse().unwrap_or(false)
}

/// Content and rest of an element of a tag; long forms of short lengths only where that is let pass.
fn element(bytes: &[u8], tag: u8, lenient: Lenient) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let (octets, behind) = rest.split_at_checked(usize::from(first & 0x7f))?;
        length = octets.iter().try_fold(0_usize, |all, &octet| {
            all.checked_mul(256).and_then(|all| all.checked_add(usize::from(octet)))
        })?;
        rest = behind;
        if lenient != Lenient::Lengths && length < 0x80 {
            return None;
        }
    }
    (found == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn sign(
    hash: Algorithm,
    key: &RsaPrivate,
    message: &[u8],
    flaw: Flaw,
    memory: &Memory,
) -> Option<Answer> {
    let k = key.n.bits().div_ceil(8) as usize;
    let digest = hash.digest(message);
    let mut em = match flaw {
        Flaw::SignsWithoutNull => emsa::encode(&digest, Parameters::Absent, k).ok()?,
        Flaw::SignsDigestAlone => expected(k, digest.as_bytes(), flaw)?,
        _ => emsa::encode(&digest, Parameters::Null, k).ok()?,
    };
    match flaw {
        Flaw::SignsBlockType02 => em[1] = 2,
        Flaw::SignsWithoutNull | Flaw::SignsDigestAlone | Flaw::SignsWithoutLeadingZeros => {}
        // the others do not sign
        _ => return None,
    }
    let s = memory.private_power(key, &BigUint::from_bytes_be(&em)).to_bytes_be();
    Some(Answer::Output(if flaw == Flaw::SignsWithoutLeadingZeros {
        s
    } else {
        left_padded(&s, k)
    }))
}
