//! RSA: good powers of blocks that are no EM.

use super::{Entry, ForgeError, Smithy};
use crate::rsa::Components;
use crate::rsa::emsa::{self, Parameters};
use crate::sha2::{Algorithm, Digest};
use num_bigint::BigUint;
use num_traits::One;
use serde_json::{Value, json};

pub(super) const MESSAGE: &[u8] = b"a message that was never signed like this";
const MISMATCH: &str = "signature mismatch";

/// Left-padded big-endian bytes.
pub(super) fn octets(number: &BigUint, k: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [&vec![0; k.saturating_sub(bytes.len())][..], &bytes].concat()
}

/// EM^d mod n: a signature whose block is EM, whatever EM is.
pub(super) fn power(key: &Components, em: &[u8]) -> Vec<u8> {
    let s = BigUint::from_bytes_be(em).modpow(&key.d, &key.n);
    octets(&s, key.n.bits().div_ceil(8) as usize)
}

pub(super) fn fields(
    hash: Algorithm,
    n: &BigUint,
    e: &BigUint,
    message: &[u8],
    signature: &[u8],
) -> Value {
    json!({
        "alg": hash.name(), "n": hex::encode(n.to_bytes_be()), "e": hex::encode(e.to_bytes_be()),
        "msg": hex::encode(message), "sig": hex::encode(signature),
    })
}

pub(super) fn blocks(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let key = smithy.rsa.components();
    let k = smithy.rsa.public().modulus_bytes();
    let digest = Algorithm::Sha256.digest(MESSAGE);
    let em = emsa::encode(&digest, Parameters::Null, k)?;
    let mut entries = vec![];
    let mut push = |id: &str, comment: &str, result: &str, signature: &[u8]| {
        let fields = fields(Algorithm::Sha256, &key.n, &key.e, MESSAGE, signature);
        entries.push(Entry::new(id, "rsa.verify", "RFC 8017 §8.2.2", comment, result, fields));
    };
    push("right", "the block that all others here are made from", "success", &power(&key, &em));
    for (id, comment, block) in bent(&em, &digest) {
        push(id, comment, MISMATCH, &power(&key, &block));
    }
    for (id, comment, signature) in odd_lengths(&key, &power(&key, &em)) {
        push(id, comment, MISMATCH, &signature);
    }
    short_and_above(smithy, &mut entries)?;
    small_modulus(smithy, &mut entries)?;
    Ok(entries)
}

type Bent = (&'static str, &'static str, Vec<u8>);

/// Blocks that are nearly EM.
fn bent(em: &[u8], digest: &Digest) -> Vec<Bent> {
    let t = emsa::digest_info(digest, Parameters::Null);
    let separator = em.len() - t.len() - 1;
    let with = |at: usize, byte: u8| {
        let mut block = em.to_vec();
        block[at] = byte;
        block
    };
    let oid = em.len() - t.len() + 6;
    let padded = |info: &[u8], behind: &[u8]| {
        let ps = em.len() - 3 - info.len() - behind.len();
        [&[0, 1], &vec![0xff; ps][..], &[0], info, behind].concat()
    };
    // eight bytes of padding, then DigestInfo, then anything: a cube root makes such a block
    let garbage = vec![0xa5; em.len() - 3 - 8 - t.len()];
    let bare = emsa::digest_info(digest, Parameters::Absent);
    let hash = digest.as_bytes();
    let sequence = |content: &[u8]| [&[0x30, content.len() as u8][..], content].concat();
    let name = [&[0x06, 9][..], &emsa::oid(digest.algorithm())].concat();
    let octets = [&[0x04, hash.len() as u8][..], hash].concat();
    let info = |parameters: &[u8]| {
        sequence(&[&sequence(&[&name[..], parameters].concat())[..], &octets].concat())
    };
    let long_form = [&[0x30, 0x81, t[1]], &t[2..]].concat();
    let mut sha1 = t.clone();
    sha1[14] = 0x1a;
    vec![
        ("first-byte", "catches a first byte of EM that is not compared", with(0, 1)),
        ("block-type-00", "catches a block type that is not compared", with(1, 0)),
        ("block-type-02", "catches a block type that is not compared", with(1, 2)),
        ("first-padding", "catches a first byte of PS that is not compared", with(2, 0xfe)),
        ("middle-padding", "catches padding that is not compared", with(separator / 2, 0xfe)),
        (
            "last-padding",
            "catches a last byte of PS that is not compared",
            with(separator - 1, 0xfe),
        ),
        ("zero-padding", "catches padding that is skipped to the last zero", with(40, 0)),
        ("separator", "catches a separator that is not compared", with(separator, 1)),
        ("oid", "catches a hash's name that is not compared", with(oid + 8, 2)),
        ("last-byte", "catches half a digest", with(em.len() - 1, em[em.len() - 1] ^ 1)),
        (
            "garbage-behind",
            "catches bytes behind DigestInfo that are not seen",
            padded_short(&t, &garbage),
        ),
        (
            "garbage-byte-behind",
            "catches a byte behind DigestInfo that is not seen",
            padded(&t, &[0]),
        ),
        ("digestinfo-early", "catches DigestInfo that is searched for", early(em, &t)),
        ("hash-only", "catches a comparison of the last bytes only", padded(hash, &[])),
        (
            "no-null",
            "catches the relaxation missing-null where nobody asked for it",
            padded(&bare, &[]),
        ),
        (
            "other-parameters",
            "catches parameters that are skipped",
            padded(&info(&[4, 2, 1, 2]), &[]),
        ),
        (
            "null-with-content",
            "catches parameters that are skipped",
            padded(&info(&[5, 1, 0]), &[]),
        ),
        ("long-form-length", "catches lengths of BER", padded(&long_form, &[])),
        (
            "no-digestinfo-tag",
            "catches a tag that is not compared",
            padded(&[&[0x31], &t[1..]].concat(), &[]),
        ),
        (
            "pss-like",
            "catches a block that ends like PSS and is let pass",
            with(em.len() - 1, 0xbc),
        ),
        (
            "all-ones",
            "catches padding that is never left",
            [&[0, 1][..], &vec![0xff; em.len() - 2]].concat(),
        ),
    ]
}

/// 00 01, eight ff, 00, DigestInfo, and the rest.
fn padded_short(info: &[u8], behind: &[u8]) -> Vec<u8> {
    [&[0, 1][..], &[0xff; 8], &[0], info, behind].concat()
}

/// DigestInfo in the middle, padding on both sides.
fn early(em: &[u8], t: &[u8]) -> Vec<u8> {
    let mut block = vec![0xff; em.len()];
    block[..2].copy_from_slice(&[0, 1]);
    block[40] = 0;
    block[41..41 + t.len()].copy_from_slice(t);
    block
}

fn odd_lengths(key: &Components, signature: &[u8]) -> Vec<Bent> {
    let n = octets(&key.n, signature.len());
    let minus_one = octets(&(&key.n - 1_u32), signature.len());
    let one = octets(&BigUint::one(), signature.len());
    vec![
        ("empty", "catches a signature of no bytes that is taken", vec![]),
        ("one-byte", "catches a short signature that is taken", vec![1]),
        ("seven-bytes", "catches a short signature that is taken", vec![0; 7]),
        ("cut", "catches a signature that is filled up", signature[..signature.len() - 1].to_vec()),
        ("zero-in-front", "catches zeros in front that are dropped", [&[0], signature].concat()),
        ("zero-behind", "catches bytes behind that are not seen", [signature, &[0]].concat()),
        ("zero", "s = 0: its block is 0", vec![0; signature.len()]),
        ("one", "s = 1: its block is 1", one),
        ("n-minus-one", "s = n − 1: its block is n − 1", minus_one),
        ("n", "s = n: not below the modulus", n),
    ]
}

/// A signature that begins with a zero, without it; and s + n of a small enough s.
fn short_and_above(smithy: &Smithy, entries: &mut Vec<Entry>) -> Result<(), ForgeError> {
    let key = smithy.rsa.components();
    let k = smithy.rsa.public().modulus_bytes();
    let most = BigUint::one() << (8 * k);
    let (mut short, mut above) = (None, None);
    let mut counter = 0_u32;
    while short.is_none() || above.is_none() {
        let message = format!("message {counter}").into_bytes();
        let digest = Algorithm::Sha256.digest(&message);
        let signature = crate::rsa::pkcs1v15::sign(&smithy.rsa, &digest)?;
        if signature[0] == 0 {
            short.get_or_insert((message.clone(), signature.clone()));
        }
        let sum = BigUint::from_bytes_be(&signature) + &key.n;
        if sum < most {
            above.get_or_insert((message, octets(&sum, k)));
        }
        counter += 1;
    }
    let mut push = |id: &str, comment: &str, result: &str, message: &[u8], signature: &[u8]| {
        let fields = fields(Algorithm::Sha256, &key.n, &key.e, message, signature);
        entries.push(Entry::new(id, "rsa.verify", "RFC 8017 §8.2.2", comment, result, fields));
    };
    if let Some((message, sum)) = above {
        push("above-n", "catches s + n that is taken for s", MISMATCH, &message, &sum);
    }
    if let Some((message, signature)) = short {
        let comment = "catches a zero in front that is demanded to be gone";
        push("begins-with-zero", comment, "success", &message, &signature);
        let comment = "catches zeros in front that may be missing";
        push("begins-without-zero", comment, MISMATCH, &message, &signature[1..]);
        entries.push(Entry::figure(
            "signs-a-zero-in-front",
            "rsa.pkcs1v15.sign",
            "RFC 8017 §8.2.1",
            "catches a signature that is written shorter than k bytes",
            json!({
                "alg": "SHA-256", "key": hex_key(&key), "msg": hex::encode(message),
                "sig": hex::encode(signature),
            }),
        ));
    }
    Ok(())
}

fn hex_key(key: &Components) -> Value {
    let hex = |number: &BigUint| hex::encode(number.to_bytes_be());
    json!({
        "n": hex(&key.n), "e": hex(&key.e), "d": hex(&key.d), "p": hex(&key.p), "q": hex(&key.q),
        "dp": hex(&key.dp), "dq": hex(&key.dq), "qi": hex(&key.qi),
    })
}

/// Moduli that leave eight bytes for the padding, and seven.
fn small_modulus(smithy: &Smithy, entries: &mut Vec<Entry>) -> Result<(), ForgeError> {
    let hash = Algorithm::Sha512;
    let t = emsa::digest_info(&hash.digest(MESSAGE), Parameters::Null);
    for (ps, result, comment) in [
        (8, "success", "a modulus that just leaves eight bytes for PS"),
        (7, MISMATCH, "catches padding that may have fewer than eight bytes"),
    ] {
        let k = 3 + ps + t.len();
        let key = smithy.source.key(&format!("small/{ps}"), 8 * k as u64, 65537)?.components();
        let em = [&[0, 1], &vec![0xff; ps][..], &[0], &t].concat();
        let fields = fields(hash, &key.n, &key.e, MESSAGE, &power(&key, &em));
        let id = format!("padding-of-{ps}");
        entries.push(Entry::new(id, "rsa.verify", "RFC 8017 §9.2", comment, result, fields));
    }
    Ok(())
}
