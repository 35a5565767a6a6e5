//! One bad RSA signature of each kind, made with the private key, and the sentence that says what it is.

use super::*;
use jotlab::rsa::emsa::{self, Parameters};
use num_bigint::BigUint;
use std::sync::LazyLock;

const K: usize = 256;
const MESSAGE: &[u8] = b"header.payload";

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| {
    let key = include_str!("../../vectors/keys/rfc7515-a2.jwk.json");
    match jotlab::jose::Jwk::parse(key).unwrap().material() {
        jotlab::jose::Material::RsaPrivate(key) => (**key).clone(),
        _ => panic!("not a private key"),
    }
});

/// Any block to the power of d: a signature that this block comes out of.
fn sign_block(em: &[u8]) -> Vec<u8> {
    assert_eq!(em.len(), K);
    let key = KEY.components();
    to_bytes(&BigUint::from_bytes_be(em).modpow(&key.d, &key.n))
}

fn to_bytes(x: &BigUint) -> Vec<u8> {
    let bytes = x.to_bytes_be();
    [vec![0; K - bytes.len()], bytes].concat()
}

/// 00 ‖ type ‖ PS ‖ 00 ‖ T.
fn block(kind: u8, t: &[u8]) -> Vec<u8> {
    [&[0, kind][..], &vec![0xff; K - 3 - t.len()], &[0], t].concat()
}

fn info(hash: Algorithm, message: &[u8]) -> Vec<u8> {
    emsa::digest_info(&hash.digest(message), Parameters::Null)
}

fn right() -> Vec<u8> {
    block(1, &info(Algorithm::Sha256, MESSAGE))
}

fn h() -> Vec<u8> {
    Algorithm::Sha256.digest(MESSAGE).as_bytes().to_vec()
}

/// DigestInfo with any OID and digest.
fn info_of(oid: &[u8], digest: &[u8]) -> Vec<u8> {
    use jotlab::encoding::der::{Tag, write};
    let algorithm = write(Tag::SEQUENCE, &[&write(Tag::OID, &[oid]), &write(Tag::NULL, &[])]);
    write(Tag::SEQUENCE, &[&algorithm, &write(Tag::OCTET_STRING, &[digest])])
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

/// The trace of this signature fails at this step with this sentence.
#[track_caller]
fn fails(signature: &[u8], step: &str, why: &str) {
    let trace = rsa::verify(KEY.public(), Algorithm::Sha256, MESSAGE, signature).unwrap();
    assert_eq!(remark(&trace), (step.to_owned(), why.to_owned()));
    ends_as_production(why, KEY.public(), Algorithm::Sha256, [MESSAGE, signature]);
}

#[track_caller]
fn compares(em: &[u8], why: &str) {
    fails(&sign_block(em), "rsa.compare", why);
}

#[test]
fn the_blocks_are_made_as_production_makes_them() {
    let signature = sign_block(&right());
    assert_eq!(signature, pkcs1v15::sign(&KEY, &Algorithm::Sha256.digest(MESSAGE)).unwrap());
    assert_eq!(diagnosis::rsa(KEY.public(), Algorithm::Sha256, MESSAGE, &signature), None);
}

#[test]
fn hash_and_its_name() {
    let absent = emsa::digest_info(&Algorithm::Sha256.digest(MESSAGE), Parameters::Absent);
    compares(
        &block(1, &absent),
        "padding, OID, hash right, NULL missing behind the OID (RFC 8017 §A.2.4)",
    );
    let sha1 = info_of(&[0x2b, 0x0e, 0x03, 0x02, 0x1a], &[0x5a; 20]);
    compares(&block(1, &sha1), "padding right, hash OID is SHA-1 (RFC 8017 §9.2)");
    let md5 = info_of(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05], &[0x5a; 16]);
    compares(&block(1, &md5), "padding right, hash OID is MD5 (RFC 8017 §9.2)");
    compares(
        &block(1, &info(Algorithm::Sha384, b"another")),
        "padding right, hash OID is SHA-384 (RFC 8017 §9.2)",
    );
    compares(
        &block(1, &info(Algorithm::Sha512, MESSAGE)),
        "padding right, hash OID is SHA-512: the block is that of SHA-512 (RFC 8017 §9.2)",
    );
    compares(
        &block(1, &info_of(&emsa::oid(Algorithm::Sha512), &h())),
        "the name in the block is the OID of SHA-512, the digest is right (RFC 8017 §9.2)",
    );
    let other = Algorithm::Sha512_256.digest(MESSAGE);
    compares(
        &block(1, &info_of(&emsa::oid(Algorithm::Sha256), other.as_bytes())),
        "the digest in the block is by SHA-512/256, its OID is right (RFC 8017 §9.2)",
    );
}

#[test]
fn digest() {
    let oid = emsa::oid(Algorithm::Sha256);
    compares(
        &block(1, &info(Algorithm::Sha256, b"header.payloae")),
        "padding, OID right, hash differs: the message was changed (RFC 8017 §8.2.2)",
    );
    compares(&block(1, &h()), "the digest stands in the block without its name (RFC 8017 §9.2)");
    compares(
        &block(1, &info_of(&oid, hex::encode(h()).as_bytes())),
        "the digest stands in the block as hex text (RFC 8017 §9.2)",
    );
    let twice = Algorithm::Sha256.digest(&h());
    compares(
        &block(1, &info_of(&oid, twice.as_bytes())),
        "the digest in the block is the digest of the digest (RFC 8017 §9.2)",
    );
    compares(
        &block(1, &info_of(&oid, &reversed(&h()))),
        "the digest in the block stands in reverse order (RFC 8017 §9.2)",
    );
    // BER: the length in two octets
    let ber = [&[0x30, 0x81][..], &info(Algorithm::Sha256, MESSAGE)[1..]].concat();
    compares(
        &block(1, &ber),
        "padding, hash right, what names the hash is not its DER (RFC 8017 §9.2)",
    );
    compares(
        &block(1, &[0x5a; 40]),
        "padding right, what follows is no DigestInfo (RFC 8017 §9.2)",
    );
}

#[test]
fn padding() {
    let t = info(Algorithm::Sha256, MESSAGE);
    compares(&block(2, &t), "the block has type 02, which is encryption, not 01 (RFC 8017 §7.2.1)");
    compares(&block(0, &t), "the block has type 00, not 01 (RFC 8017 §9.2)");
    let behind = [&t[..], &[0xaa; 194]].concat();
    compares(
        &block(1, &behind),
        "padding too short, 8 of 202 bytes of ff: bytes stand behind the digest (RFC 8017 §9.2)",
    );
    // ten bytes of padding left out: the block begins ten bytes later
    let late = [&[0; 11][..], &[1], &vec![0xff; K - 13 - t.len()], &[0], &t].concat();
    compares(&late, "the padding is too short by 10 bytes (RFC 8017 §9.2)");
    let mut open = right();
    open[K - 1 - t.len()] = 0x77;
    compares(&open, "behind the padding of ff stands no 00 (RFC 8017 §9.2)");
}

#[test]
fn other_blocks() {
    let mut pss: Vec<u8> = right().iter().map(|byte| byte ^ 0x5a).collect();
    (pss[0], pss[K - 1]) = (0x37, 0xbc);
    compares(&pss, "a PSS block: it ends with bc, as that of PS256 (RFC 8017 §9.1.1)");
    let random: Vec<u8> = right().iter().map(|byte| byte ^ 0x5a).collect();
    compares(&random, "the block is random: another key, or a changed signature (RFC 8017 §8.2.2)");
    // a digest whose last byte may be the first of a block below the modulus
    let message = (0u32..1000)
        .map(u32::to_be_bytes)
        .find(|message| Algorithm::Sha256.digest(message).as_bytes()[31] < 0x80);
    let message = message.unwrap();
    let signature = sign_block(&reversed(&block(1, &info(Algorithm::Sha256, &message))));
    let why = diagnosis::rsa(KEY.public(), Algorithm::Sha256, &message, &signature).unwrap();
    let sentence = "the block's bytes stand in reverse order (RFC 8017 §4.2)";
    assert_eq!(why.to_string(), sentence);
}

#[test]
fn the_signature_itself() {
    let signature = sign_block(&right());
    let backwards = reversed(&signature);
    let step = if BigUint::from_bytes_be(&backwards) < *KEY.public().n() {
        "rsa.compare"
    } else {
        "rsa.range"
    };
    let why = "the signature's bytes stand in reverse order (RFC 8017 §4.1)";
    fails(&backwards, step, why);
    fails(
        &to_bytes(KEY.public().n()),
        "rsa.range",
        "s ≥ n: the signature is not below the modulus (RFC 8017 §5.2.2)",
    );
    fails(
        &[0xff; K],
        "rsa.range",
        "s ≥ n: the signature is not below the modulus (RFC 8017 §5.2.2)",
    );
    for (bytes, why) in [
        (&signature[1..], "one byte short: 255, the modulus has 256 (RFC 8017 §8.2.2)"),
        (&signature[..200], "56 bytes short: 200, the modulus has 256 (RFC 8017 §8.2.2)"),
        (&[], "256 bytes short: 0, the modulus has 256 (RFC 8017 §8.2.2)"),
        (
            &[&signature[..], &[0]].concat()[..],
            "one byte long: 257, the modulus has 256 (RFC 8017 §8.2.2)",
        ),
        (
            &[&[0], &signature[..]].concat(),
            "one byte long: 257, the modulus has 256; without its leading zeros it verifies \
             (RFC 8017 §8.2.2)",
        ),
    ] {
        fails(bytes, "rsa.length", why);
    }
}

#[test]
fn leading_zeros_that_were_left_out() {
    let found = (0u32..10_000).find_map(|i| {
        let message = i.to_be_bytes();
        let s = pkcs1v15::sign(&KEY, &Algorithm::Sha256.digest(&message)).unwrap();
        (s[0] == 0).then_some((message, s))
    });
    let (message, s) = found.unwrap();
    let why = diagnosis::rsa(KEY.public(), Algorithm::Sha256, &message, &s[1..]).unwrap();
    let sentence = "one byte short: 255, the modulus has 256; with leading zeros it verifies \
                    (RFC 8017 §8.2.2)";
    assert_eq!(why.to_string(), sentence);
}
