//! RSASSA-PKCS1-v1_5 with one bug, most of them in what a verifier does with the recovered block; and
//! primality tests that are fooled.

use super::mac::refused;
use super::{Memory, Row, left_padded};
use crate::rsa::MAX_MODULUS_BITS;
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::prime::is_probable_prime;
use crate::sha2::{Algorithm, Digest};
use crate::vectors::question::{Answer, Request, RsaPrivate};
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Zero};

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

/// A bug of RSA or of a primality test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    TrailingGarbage,
    PaddingUnchecked,
    FirstPaddingUnchecked,
    LastPaddingUnchecked,
    LeadingZeroUnchecked,
    BlockTypeUnchecked,
    SeparatorUnchecked,
    ShortPadding,
    HashOnly,
    HalfOfHash,
    OidUnchecked,
    ParametersUnchecked,
    MissingNull,
    BerLengths,
    DigestInfoAnywhere,
    NotReduced,
    ShortSignature,
    LongSignature,
    EmptySignature,
    OneAccepted,
    ExponentOne,
    EvenExponent,
    EvenModulus,
    HugeModulus,
    SignsWithoutNull,
    SignsBlockType02,
    SignsWithoutLeadingZeros,
    SignsDigestAlone,
    Fermat,
    BaseTwoOnly,
    FirstFourBases,
    SignDropped,
    OneIsPrime,
    TwoIsNot,
    SmallDivisorsOnly,
}

pub(super) const FLAWS: [Row<Flaw>; 35] = [
    (
        Flaw::TrailingGarbage,
        "trailing-garbage",
        "bytes behind DigestInfo are not seen: forged without the key where e = 3",
        "CVE-2006-4339",
    ),
    (Flaw::PaddingUnchecked, "padding-unchecked", "PS may be of any bytes", "RFC 8017 §9.2 step 5"),
    (
        Flaw::FirstPaddingUnchecked,
        "first-padding-unchecked",
        "the first byte of PS may be any",
        "RFC 8017 §9.2 step 5",
    ),
    (
        Flaw::LastPaddingUnchecked,
        "last-padding-unchecked",
        "the last byte of PS may be any but 00",
        "RFC 8017 §9.2 step 5",
    ),
    (
        Flaw::LeadingZeroUnchecked,
        "leading-zero-unchecked",
        "the first byte of EM may be any",
        "RFC 8017 §9.2 step 5",
    ),
    (
        Flaw::BlockTypeUnchecked,
        "block-type-unchecked",
        "the block type may be any",
        "RFC 8017 §9.2 step 5",
    ),
    (
        Flaw::SeparatorUnchecked,
        "separator-unchecked",
        "the byte between PS and T may be any",
        "RFC 8017 §9.2 step 5",
    ),
    (Flaw::ShortPadding, "short-padding", "PS may have fewer than 8 bytes", "RFC 8017 §9.2 step 3"),
    (
        Flaw::HashOnly,
        "hash-only",
        "only the last bytes, the digest, are compared",
        "CVE-2026-22866",
    ),
    (Flaw::HalfOfHash, "half-of-hash", "half of the digest is compared", "RFC 8017 §8.2.2 step 4"),
    (Flaw::OidUnchecked, "oid-unchecked", "the hash's name may be any", "RFC 8017 §9.2 step 2"),
    (
        Flaw::ParametersUnchecked,
        "parameters-unchecked",
        "the parameters of the hash may be anything",
        "CVE-2014-1568",
    ),
    (Flaw::MissingNull, "missing-null", "the NULL may be missing", "RFC 8017 §A.2.4"),
    (
        Flaw::BerLengths,
        "ber-lengths",
        "lengths of DigestInfo may be of BER's long form",
        "CVE-2014-1568",
    ),
    (
        Flaw::DigestInfoAnywhere,
        "digestinfo-anywhere",
        "DigestInfo may stand anywhere in the block",
        "CVE-2016-1494",
    ),
    (Flaw::NotReduced, "signature-above-n", "s + n is taken for s", "RFC 8017 §5.2.2 step 1"),
    (
        Flaw::ShortSignature,
        "short-signature",
        "zeros in front of s may be missing",
        "RFC 8017 §8.2.2 step 1",
    ),
    (
        Flaw::LongSignature,
        "long-signature",
        "more zeros may stand in front of s",
        "RFC 8017 §8.2.2 step 1",
    ),
    (Flaw::EmptySignature, "empty-signature", "a signature of no bytes verifies", "CVE-2020-28042"),
    (
        Flaw::OneAccepted,
        "any-short-signature",
        "a signature below 8 bytes verifies",
        "CVE-2020-28042",
    ),
    (
        Flaw::ExponentOne,
        "exponent-one",
        "e = 1 is taken: EM itself is the signature",
        "RFC 8017 §3.1",
    ),
    (Flaw::EvenExponent, "exponent-even", "an even e is taken", "RFC 8017 §3.1"),
    (Flaw::EvenModulus, "modulus-even", "an even n is taken", "RFC 8017 §3.1"),
    (
        Flaw::HugeModulus,
        "modulus-huge",
        "a modulus of any length is taken: one token costs seconds",
        "denial of service",
    ),
    (Flaw::SignsWithoutNull, "signs-without-null", "what is signed has no NULL", "RFC 8017 §A.2.4"),
    (
        Flaw::SignsBlockType02,
        "signs-block-type-02",
        "what is signed has block type 02",
        "RFC 8017 §9.2",
    ),
    (
        Flaw::SignsWithoutLeadingZeros,
        "signs-without-leading-zeros",
        "a signature that begins with zeros is written shorter",
        "RFC 8017 §8.2.1 step 2c",
    ),
    (
        Flaw::SignsDigestAlone,
        "signs-digest-alone",
        "the digest is signed without its name",
        "TLS 1.0",
    ),
    (Flaw::Fermat, "fermat", "Fermat's test: Carmichael numbers pass", "FIPS 186-5 §B.3.1"),
    (Flaw::BaseTwoOnly, "base-two-only", "Miller–Rabin to base 2 only", "FIPS 186-5 §B.3.1"),
    (
        Flaw::FirstFourBases,
        "first-bases-only",
        "Miller–Rabin to the first primes only: composites are made to pass",
        "Arnault 1995",
    ),
    (Flaw::SignDropped, "sign-dropped", "the sign is not looked at", "two's complement"),
    (Flaw::OneIsPrime, "one-is-prime", "1 is prime", "FIPS 186-5 §B.3"),
    (Flaw::TwoIsNot, "two-is-not", "2 is not prime", "FIPS 186-5 §B.3"),
    (
        Flaw::SmallDivisorsOnly,
        "small-divisors-only",
        "only small divisors are tried",
        "FIPS 186-5 §B.3",
    ),
];

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
#[derive(PartialEq, Eq)]
enum Lenient {
    Parameters,
    Lengths,
}

/// Parses DigestInfo to the end and compares name and digest only.
fn lenient_info(bytes: &[u8], digest: &Digest, lenient: Lenient) -> bool {
    let parse = || -> Option<bool> {
        let (info, rest) = element(bytes, 0x30, &lenient)?;
        let (algorithm, octets) = element(info, 0x30, &lenient)?;
        let (oid, parameters) = element(algorithm, 0x06, &lenient)?;
        let (found, end) = element(octets, 0x04, &lenient)?;
        let parameters_fit = match lenient {
            Lenient::Parameters => true,
            Lenient::Lengths => element(parameters, 0x05, &lenient)
                .is_some_and(|(n, r)| n.is_empty() && r.is_empty()),
        };
        let same = oid == emsa::oid(digest.algorithm()) && found == digest.as_bytes();
        Some(rest.is_empty() && end.is_empty() && parameters_fit && same)
    };
    parse().unwrap_or(false)
}

/// Content and rest of an element of a tag; long forms of short lengths only where that is let pass.
fn element<'b>(bytes: &'b [u8], tag: u8, lenient: &Lenient) -> Option<(&'b [u8], &'b [u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let (octets, behind) = rest.split_at_checked(usize::from(first & 0x7f))?;
        length = octets.iter().try_fold(0_usize, |all, &octet| {
            all.checked_mul(256).and_then(|all| all.checked_add(usize::from(octet)))
        })?;
        rest = behind;
        if *lenient != Lenient::Lengths && length < 0x80 {
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

fn is_prime(value: &BigInt, flaw: Flaw) -> bool {
    if value.sign() == Sign::Minus && flaw != Flaw::SignDropped {
        return false;
    }
    let w = value.magnitude();
    let small = |n: u32| *w == BigUint::from(n);
    if w.is_zero() || w.is_one() {
        return w.is_one() && flaw == Flaw::OneIsPrime;
    }
    if small(2) {
        return flaw != Flaw::TwoIsNot;
    }
    if !w.bit(0) {
        return false;
    }
    let bases: &[u32] = match flaw {
        Flaw::Fermat => return [2_u32, 3, 5, 7, 11, 13].iter().all(|&base| fermat(w, base)),
        Flaw::SmallDivisorsOnly => {
            return (3..1000_u32).step_by(2).all(|d| small(d) || !(w % d).is_zero());
        }
        Flaw::BaseTwoOnly => &[2],
        Flaw::FirstFourBases => &[2, 3, 5, 7],
        // bases that nobody could know when he made a composite
        _ => return is_probable_prime(w, 32).unwrap_or(false),
    };
    // trial division by the bases themselves keeps them from being their own witnesses
    bases.iter().all(|&base| small(base) || (!(w % base).is_zero() && passes(w, base)))
}

fn fermat(w: &BigUint, base: u32) -> bool {
    let base = BigUint::from(base);
    (&base % w).is_zero() || base.modpow(&(w - 1_u32), w).is_one()
}

/// One round of Miller–Rabin.
fn passes(w: &BigUint, base: u32) -> bool {
    let minus_one = w - 1_u32;
    let a = minus_one.trailing_zeros().unwrap_or(0);
    let mut z = BigUint::from(base).modpow(&(&minus_one >> a), w);
    if z.is_one() || z == minus_one {
        return true;
    }
    (1..a).any(|_| {
        z = &z * &z % w;
        z == minus_one
    })
}
