//! Blocks that a verifier takes which parses the padding instead of building it (RFC 8017 §8.2.2). Each is
//! signed with the private key, so that exactly this block comes out of the public operation.

use super::*;
use jotlab::rsa::Components;
use jotlab::rsa::emsa::{self, Parameters};
use jotlab::rsa::pkcs1v15::{BadSignature, SignError};
use num_bigint::BigUint;
use num_traits::One;

const K: usize = 256;

/// s = EM^d mod n by CRT (RFC 8017 §5.1.2), for any EM below n, in k bytes.
fn sign_block(key: &Components, em: &[u8]) -> Vec<u8> {
    let m = BigUint::from_bytes_be(em);
    assert!(m < key.n);
    let (m1, m2) = (m.modpow(&key.dp, &key.p), m.modpow(&key.dq, &key.q));
    let h = (&m1 + &key.p * 2u32 - &m2 % &key.p) * &key.qi % &key.p;
    to_bytes(&(m2 + h * &key.q), em.len())
}

fn to_bytes(x: &BigUint, length: usize) -> Vec<u8> {
    let bytes = x.to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

fn input() -> String {
    let header = encode_url(br#"{"alg":"RS256"}"#);
    format!("{header}.{}", encode_url(CLAIMS.as_bytes()))
}

fn with_block(em: &[u8]) -> String {
    assert_eq!(em.len(), K);
    with_signature(&sign_block(&rsa_private().components(), em))
}

fn with_signature(signature: &[u8]) -> String {
    format!("{}.{}", input(), encode_url(signature))
}

/// T of RFC 8017 §9.2 for the token's digest.
fn t() -> Vec<u8> {
    let digest = Algorithm::Rs256.hash().digest(input().as_bytes());
    emsa::digest_info(&digest, Parameters::Null)
}

fn hash() -> Vec<u8> {
    Algorithm::Rs256.hash().digest(input().as_bytes()).as_bytes().to_vec()
}

/// 00 ‖ type ‖ PS of `filler` ‖ 00 ‖ T, as long as the modulus.
fn block(block_type: u8, filler: u8, t: &[u8]) -> Vec<u8> {
    let ps = vec![filler; K - 3 - t.len()];
    [&[0, block_type], &ps[..], &[0], t].concat()
}

/// DER with every length as given.
fn sequence(contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    [&[0x30, u8::try_from(contents.len()).unwrap()], &contents[..]].concat()
}

const OID: [u8; 11] = [0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const NULL: [u8; 2] = [0x05, 0x00];

fn octets() -> Vec<u8> {
    [&[0x04, 32][..], &hash()].concat()
}

#[track_caller]
fn refused(em: &[u8]) {
    bad_signature(&with_block(em), &rsa_public(), &lenient());
}

#[test]
fn the_blocks_are_made_as_the_verifier_makes_them() {
    assert_eq!(sequence(&[&sequence(&[&OID, &NULL]), &octets()]), t());
    assert!(verify(&with_block(&block(1, 0xff, &t())), &rsa_public(), &strict()).is_ok());
}

/// CVE-2006-4339, CVE-2016-1494: with e = 3 such a block needs no private key.
#[test]
fn garbage_behind_or_in_digest_info() {
    let garbage = [0xaau8; 100];
    refused(&block(1, 0xff, &[&t()[..], &garbage].concat()));
    refused(&block(1, 0xff, &[&t()[..], &[0]].concat()));
    let nine_ff = [&[0, 1], &[0xff; 9][..], &[0], &t()].concat();
    refused(&[&nine_ff[..], &vec![0; K - nine_ff.len()]].concat());
    // inside: behind the octets, in the algorithm's sequence, lengths fitting
    for more in [&[0x05, 0x00][..], &[0x04, 0x02, 0xaa, 0xaa], &[0xaa]] {
        refused(&block(1, 0xff, &sequence(&[&sequence(&[&OID, &NULL]), &octets(), more])));
        refused(&block(1, 0xff, &sequence(&[&sequence(&[&OID, &NULL, more]), &octets()])));
    }
}

/// CVE-2014-1568, CVE-2018-16151: BER lengths, and parameters other than NULL.
#[test]
fn ber_lengths_and_other_parameters() {
    let algorithm = sequence(&[&OID, &NULL]);
    let contents = [&algorithm[..], &octets()].concat();
    for length in [&[0x81, 49][..], &[0x82, 0, 49], &[0x84, 0, 0, 0, 49], &[0x80]] {
        refused(&block(1, 0xff, &[&[0x30], length, &contents].concat()));
    }
    let long_octets = [&[0x04, 0x81, 32][..], &hash()].concat();
    refused(&block(1, 0xff, &sequence(&[&algorithm, &long_octets])));
    for parameters in
        [&[0x05, 0x81, 0x00][..], &[0x05, 0x02, 0xaa, 0xaa], &[0x04, 0x00], &[0x30, 0x00]]
    {
        let algorithm = sequence(&[&OID, parameters]);
        refused(&block(1, 0xff, &sequence(&[&algorithm, &octets()])));
    }
    // the hash in another place: 32 bytes of it as parameters, and none as the digest
    let hidden = sequence(&[&OID, &octets()]);
    refused(&block(1, 0xff, &sequence(&[&hidden, &[0x04, 0x00]])));
}

/// RFC 8017 §A.2.4: the one mistake that may be let pass, by its name.
#[test]
fn missing_null() {
    let t = sequence(&[&sequence(&[&OID]), &octets()]);
    let token = with_block(&block(1, 0xff, &t));
    let keys = rsa_public();
    bad_signature(&token, &keys, &strict());
    let others = Relaxation::ALL.into_iter().filter(|one| *one != Relaxation::MissingNull);
    bad_signature(&token, &keys, &others.fold(strict(), Policy::allow));
    let allowed = strict().allow(Relaxation::MissingNull);
    assert!(verify(&token, &keys, &allowed).is_ok());
    assert_eq!(relaxed(&token, &keys, &allowed), [Relaxation::MissingNull]);
    assert_eq!(relaxed(&good_rs256(), &keys, &allowed), []);
}

/// RFC 8017 §9.2: another hash's name on these 32 bytes, another hash, none.
#[test]
fn hash_under_another_name() {
    for last in [0u8, 2, 3, 4, 6, 8, 0xff] {
        let mut oid = OID;
        oid[10] = last;
        refused(&block(1, 0xff, &sequence(&[&sequence(&[&oid, &NULL]), &octets()])));
    }
    for algorithm in jotlab::sha2::Algorithm::ALL {
        if algorithm != jotlab::sha2::Algorithm::Sha256 {
            let digest = algorithm.digest(input().as_bytes());
            refused(&block(1, 0xff, &emsa::digest_info(&digest, Parameters::Null)));
        }
    }
}

/// CVE-2026-22866: only the hash is looked at.
#[test]
fn hash_without_digest_info() {
    refused(&block(1, 0xff, &hash()));
    refused(&block(1, 0xff, &octets()));
    refused(&[vec![0; K - 32], hash()].concat());
    refused(&[vec![0; K - t().len()], t()].concat());
}

/// RFC 8017 §9.2 step 3: eight bytes of padding at least.
#[test]
fn short_padding() {
    for ps in 0..8 {
        // a longer T fills the block: what stands there is signed, too
        let filled = K - 3 - ps;
        let behind = [&t()[..], &vec![0xaa; filled - t().len()]].concat();
        refused(&block(1, 0xff, &behind));
        let before = [&vec![0xaa; filled - t().len() - 1][..], &[0], &t()].concat();
        refused(&block(1, 0xff, &before));
    }
}

/// RFC 8017 §9.2 step 3: a modulus that leaves seven bytes signs nothing and verifies nothing.
#[test]
fn modulus_too_small_for_the_hash() {
    let digest = jotlab::sha2::Algorithm::Sha512.digest(b"message");
    let key = PrivateKey::generate(744).unwrap();
    assert!(matches!(pkcs1v15::sign(&key, &digest), Err(SignError::TooShort(_))));
    let t = emsa::digest_info(&digest, Parameters::Null);
    let em = [&[0, 1], &[0xff; 7][..], &[0], &t].concat();
    assert_eq!(em.len(), 93);
    let signature = sign_block(&key.components(), &em);
    assert_eq!(pkcs1v15::verify(key.public(), &digest, &signature), Err(BadSignature));
    // eight bytes are enough
    let key = PrivateKey::generate(752).unwrap();
    let em = [&[0, 1], &[0xff; 8][..], &[0], &t].concat();
    let signature = sign_block(&key.components(), &em);
    assert_eq!(pkcs1v15::sign(&key, &digest).unwrap(), signature);
    assert_eq!(pkcs1v15::verify(key.public(), &digest, &signature), Ok(()));
}

/// Block type 2 is for encryption, 0 is older; and the first byte is 00.
#[test]
fn other_block_types_and_first_bytes() {
    for block_type in [0, 2, 0xff] {
        for filler in [0xff, 0x00, 0x5a] {
            refused(&block(block_type, filler, &t()));
        }
    }
    for first in [1, 2, 0x7f, 0xa0] {
        let mut em = block(1, 0xff, &t());
        em[0] = first;
        refused(&em);
    }
}

/// No byte of the block is left unchecked, the first and the last of the padding neither.
#[test]
fn any_byte_of_the_block_changed() {
    let em = block(1, 0xff, &t());
    for at in 0..K {
        let mut changed = em.clone();
        changed[at] ^= 1;
        refused(&changed);
    }
}

/// RFC 8017 §8.1: a block of the other signature scheme has a last byte bc.
#[test]
fn pss_block() {
    let salted = Algorithm::Rs512.hash().digest(&hash());
    let mut em: Vec<u8> = salted.as_bytes().iter().copied().cycle().take(K - 33).collect();
    em[0] &= 0x7f;
    em.extend(hash());
    em.push(0xbc);
    refused(&em);
    let header = encode_url(br#"{"alg":"PS256"}"#);
    let token = format!("{header}.{}.{}", encode_url(CLAIMS.as_bytes()), encode_url(&em));
    let error = no_key(&token, &rsa_public(), &lenient());
    assert_eq!(error, BindError::UnknownAlgorithm("PS256".to_owned()));
}

/// RFC 8017 §5.2.2 step 1: 0 ≤ s < n, and numbers that sign themselves.
#[test]
fn representatives_at_the_edges() {
    let n = &rsa_private().components().n;
    let one = BigUint::one();
    for s in [BigUint::ZERO, one.clone(), n - &one, n.clone(), n + &one, (&one << 2048u32) - &one] {
        bad_signature(&with_signature(&to_bytes(&s, K)), &rsa_public(), &lenient());
    }
}

/// RFC 8017 §5.2.2 step 1: s + n is another spelling of s, in as many bytes.
#[test]
fn signature_plus_the_modulus() {
    let n = &rsa_private().components().n;
    let (token, sum) = (0..100_000)
        .map(|i| rs256(r#"{"alg":"RS256"}"#, &format!(r#"{{"exp":2000000300,"i":{i}}}"#)))
        .map(|token| {
            let signature = token.rsplit_once('.').unwrap().1;
            let s = BigUint::from_bytes_be(&jotlab::base64::decode_url(signature).unwrap());
            (token, s + n)
        })
        .find(|(_, sum)| sum.bits() <= 2048)
        .unwrap();
    assert!(verify(&token, &rsa_public(), &strict()).is_ok());
    let (input, _) = token.rsplit_once('.').unwrap();
    let sum = to_bytes(&sum, K);
    bad_signature(&format!("{input}.{}", encode_url(&sum)), &rsa_public(), &lenient());
    let longer = [&[0], &sum[..]].concat();
    bad_signature(&format!("{input}.{}", encode_url(&longer)), &rsa_public(), &lenient());
}

/// RFC 8017 §8.2.2 step 1: k bytes, leading zeros not left out and not added.
#[test]
fn leading_zeros_of_the_signature() {
    let (input, signature) = (0..100_000)
        .map(|i| rs256(r#"{"alg":"RS256"}"#, &format!(r#"{{"exp":2000000300,"i":{i}}}"#)))
        .find_map(|token| {
            let (input, signature) = token.rsplit_once('.').unwrap();
            let signature = jotlab::base64::decode_url(signature).unwrap();
            (signature[0] == 0).then(|| (input.to_owned(), signature))
        })
        .unwrap();
    let token = |signature: &[u8]| format!("{input}.{}", encode_url(signature));
    assert!(verify(&token(&signature), &rsa_public(), &strict()).is_ok());
    bad_signature(&token(&signature[1..]), &rsa_public(), &lenient());
    bad_signature(&token(&[&[0], &signature[..]].concat()), &rsa_public(), &lenient());
}

/// Boneh, DeMillo, Lipton 1997; Lenstra: a wrong half gives a factor of n away, so nothing is released
/// that does not verify. With 3·q for a prime, the private operation calculates wrongly as a fault does.
#[test]
fn wrong_half_is_not_released() {
    let Components { q, p, e, .. } = rsa_private().components();
    let faulty = PrivateKey::from_primes(q * 3u32, p, e).unwrap();
    let digest = Algorithm::Rs256.hash().digest(b"message");
    let error = pkcs1v15::sign(&faulty, &digest).unwrap_err();
    assert!(matches!(error, SignError::PrivateOperation(_)), "{error}");
    assert!(error.to_string().contains("was not released"), "{error}");
}
