//! What runs under valgrind: one subject, by its name. What it prints at the end is compared by the driver.

use jotlab::base64::backend as base64;
use jotlab::ct::{self, memcheck};
use jotlab::hmac::Hmac;
use jotlab::jose::{Jwk, Material};
use jotlab::modular::Modulus;
use jotlab::rsa::{PrivateKey, pkcs1v15};
use jotlab::sha2::{Algorithm, backend as sha2};
use std::hint::black_box;

const KEY: &str = include_str!("../../vectors/keys/rfc7515-a2.jwk.json");

pub(crate) fn main() {
    assert!(memcheck::is_running(), "this build is for valgrind");
    let subject = std::env::args().nth(1).expect("a subject is named");
    let what = match subject.as_str() {
        "hmac" => hmac(),
        "base64" => base64(),
        "rsa-sign" => rsa_sign(),
        "planted-branch" => planted_branch(),
        "planted-index" => planted_index(),
        other => panic!("no subject {other}"),
    };
    println!("{subject}: {what}");
}

/// Secret bytes, the same in every run.
fn secret(length: usize) -> Vec<u8> {
    let bytes: Vec<u8> = (0..length).map(|i| (i * 37 + 11) as u8).collect();
    ct::secret(&bytes);
    bytes
}

/// Keys up to a block and beyond, tags that are right and wrong: only the verdict is public.
fn hmac() -> String {
    let verdicts = |backend| {
        let mut verdicts = vec![];
        for algorithm in Algorithm::ALL {
            for length in [1, 32, algorithm.block_bytes(), algorithm.block_bytes() + 1, 300] {
                let key = Hmac::with_backend(algorithm, &secret(length), backend);
                let tag = key.mac(&[b'm'; 300]);
                verdicts.push(key.verify(&[b'm'; 300], &tag));
                verdicts.push(!key.verify(b"another", &tag));
            }
        }
        assert!(verdicts.iter().all(|&right| right));
        verdicts.len()
    };
    let ways =
        sha2::Backend::all().map(|way| format!("{} verdicts by {}", verdicts(way), way.name));
    ways.collect::<Vec<_>>().join(", ")
}

/// Secrets as a JWK has them, of every length modulo 3, and what is written.
fn base64() -> String {
    let lengths = |way: &base64::Backend| {
        for length in 0..67 {
            let text = way.encode_url(&secret(length));
            let bytes = way.decode_url(text.as_bytes()).unwrap();
            assert!(ct::eq(&bytes, &secret(length)));
        }
        format!("67 lengths by {}", way.name)
    };
    base64::Backend::all().map(lengths).collect::<Vec<_>>().join(", ")
}

/// Two signatures: one with a new pair for blinding, one with a pair made of the last.
fn rsa_sign() -> String {
    let key = private_key();
    let digest = Algorithm::Sha256.digest(b"message");
    let first = pkcs1v15::sign(&key, &digest).unwrap();
    let second = pkcs1v15::sign(&key, &digest).unwrap();
    assert!(first == second && pkcs1v15::verify(key.public(), &digest, &first).is_ok());
    let way = Modulus::new(key.public().n()).unwrap().backend();
    format!("2 signatures of {} bits by {way}", 8 * first.len())
}

fn private_key() -> PrivateKey {
    match Jwk::parse(KEY).unwrap().material() {
        Material::RsaPrivate(key) => (**key).clone(),
        _ => panic!("the key is private"),
    }
}

fn planted_branch() -> String {
    let secret = secret(1);
    let odd = if black_box(secret[0]) & 1 == 1 { black_box("odd") } else { black_box("even") };
    format!("a branch on a secret: {odd}")
}

fn planted_index() -> String {
    let table: [u8; 256] = core::array::from_fn(|i| (i * 3) as u8);
    let picked = black_box(&table)[usize::from(secret(1)[0])];
    format!("a secret index: {}", ct::public(picked))
}
