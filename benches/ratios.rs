//! How fast jotlab is against the textbook (the same mathematics by num-bigint, no crypto crate), and the
//! machine's ways against its own portable text.
//!
//! `cargo bench --bench ratios`; with `-- --quick` in seconds. The peers of the trade are in `peers/`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and stops at what it did not expect"
)]

mod interleave;

use interleave::{Bar, Contender, Row, Table};
use jotlab::base64::{decode_url, encode_url};
use jotlab::hmac::Hmac;
use jotlab::rsa::{Components, PrivateKey, emsa, pkcs1v15};
use jotlab::sha2::backend::Backend;
use jotlab::sha2::{Algorithm, Digest, Midstate, digest_many};
use num_bigint::BigUint;
use std::hint::black_box;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut table = Table::from_arguments();
    let key = PrivateKey::generate(2048).unwrap();
    rsa_public(&mut table, &key);
    rsa_sign(&mut table, &key);
    rsa_generate(&mut table);
    hmac(&mut table);
    base64(&mut table);
    sha2(&mut table);
    table.finish()
}

/// Bytes in, bytes out, on both sides: what a verifier needs.
fn rsa_public(table: &mut Table, key: &PrivateKey) {
    let signature = pkcs1v15::sign(key, &Algorithm::Sha256.digest(b"message")).unwrap();
    let key = key.public();
    let ours = || key.recover(black_box(&signature)).unwrap();
    let textbook = || {
        let s = BigUint::from_bytes_be(black_box(&signature));
        s.modpow(key.e(), key.n()).to_bytes_be()
    };
    // the textbook drops the encoded message's leading zero octet
    assert_eq!(ours()[1..], textbook());
    let contenders = [Contender::new("recover", ours), Contender::new("modpow", textbook)];
    table.compare("RSA-2048 public, e = 65537", contenders).bar(Bar::Ratio(3.5));
}

/// Ours is blinded, picks from its table in constant time and checks its result; the textbook is none of
/// that and need not encode either.
fn rsa_sign(table: &mut Table, key: &PrivateKey) {
    let digest = Algorithm::Sha256.digest(b"message");
    let em = emsa::encode(&digest, emsa::Parameters::Null, key.public().modulus_bytes()).unwrap();
    let parts = key.components();
    let ours = || pkcs1v15::sign(key, black_box(&digest)).unwrap();
    let textbook = || textbook_crt(&parts, &BigUint::from_bytes_be(black_box(&em)));
    assert_eq!(BigUint::from_bytes_be(&ours()), textbook());
    let contenders = [Contender::new("sign", ours), Contender::new("modpow, CRT", textbook)];
    table.compare("RSA-2048 sign", contenders).bar(Bar::Ratio(1.2));
}

/// m^d mod n (RFC 8017 §5.1.2 step 2b).
fn textbook_crt(key: &Components, m: &BigUint) -> BigUint {
    let (m1, m2) = (m.modpow(&key.dp, &key.p), m.modpow(&key.dq, &key.q));
    let h = (m1 + &key.p - &m2 % &key.p) * &key.qi % &key.p;
    m2 + &key.q * h
}

/// A key a sample: the median of the searches is what one waits for.
fn rsa_generate(table: &mut Table) {
    let ours = || PrivateKey::generate(2048).unwrap();
    table
        .compare("RSA-2048 key", [Contender::by_chance("generate", ours)])
        .bar(Bar::Milliseconds(250.0));
}

fn hmac(table: &mut Table) {
    let (secret, message) = ([0x0b; 32], [0x61; 200]);
    let key = |way| Hmac::with_backend(Algorithm::Sha256, black_box(&secret), way);
    let message = || black_box(&message);
    let kept = Backend::all().map(|way| {
        let key = key(way);
        Contender::new(way.name, move || key.mac(message()))
    });
    judged(table.compare("HMAC-SHA-256, 200 B, kept key", kept), 5.0).bytes(200);
    let anew = Backend::all().map(|way| Contender::new(way.name, move || key(way).mac(message())));
    judged(table.compare("HMAC-SHA-256, 200 B, new key", anew), 5.0).bytes(200);
    let messages = vec![message(); 64];
    let many = Backend::all().map(|way| {
        let (key, messages) = (key(way), &messages);
        Contender::new(way.name, move || key.mac_many(messages))
    });
    judged(table.compare("HMAC-SHA-256, 64 × 200 B", many), 8.0).bytes(64 * 200);
}

fn base64(table: &mut Table) {
    let bytes: Vec<u8> = (0..=255).collect();
    let text = encode_url(&bytes);
    let encode = || encode_url(black_box(&bytes));
    let decode = || decode_url(black_box(&text)).unwrap();
    table.compare("base64url encode, 256 B", [Contender::new("encode_url", encode)]).bytes(256);
    table.compare("base64url decode, 256 B", [Contender::new("decode_url", decode)]).bytes(256);
}

/// A message alone, then many at once: the machine's way against the portable text.
fn sha2(table: &mut Table) {
    let messages = vec![vec![0x61; 16384]; 12];
    for (name, bytes, bar) in [("SHA-256, 64 B", 64_usize, 4.0), ("SHA-256, 16 KiB", 16384, 5.0)] {
        let message = &messages[0][..bytes];
        let ways = Backend::all().map(|way| {
            let ours = move || Midstate::with_backend(Algorithm::Sha256, way);
            Contender::new(way.name, move || ours().finish_with(black_box(message)))
        });
        judged(table.compare(name, ways), bar).bytes(bytes);
    }
    let ways = Backend::all().map(|way| {
        let (ours, messages) = (Midstate::with_backend(Algorithm::Sha256, way), &messages);
        Contender::new(way.name, move || ours.finish_each(black_box(messages)))
    });
    judged(table.compare("SHA-256, 12 × 16 KiB at once", ways), 10.0).bytes(12 * 16384);
    let alone = || messages.iter().map(|m| Algorithm::Sha256.digest(black_box(m))).collect();
    let contenders = [
        Contender::new("at once", || digest_many(Algorithm::Sha256, black_box(&messages))),
        Contender::new("one by one", || -> Vec<Digest> { alone() }),
    ];
    let row = table.compare("SHA-256, 12 × 16 KiB", contenders).bytes(12 * 16384);
    if has_kernel() {
        row.bar(Bar::Ratio(1.8));
    }
    let ways = Backend::all().map(|way| {
        let (ours, message) = (Midstate::with_backend(Algorithm::Sha512, way), &messages[0]);
        Contender::new(way.name, move || ours.finish_with(black_box(message)))
    });
    table.compare("SHA-512, 16 KiB", ways).bytes(16384);
}

/// Where the machine has no kernel, or another way was asked for, the row shows one way and has no bar.
fn judged(row: &mut Row, bar: f64) -> &mut Row {
    if has_kernel() {
        row.bar(Bar::Ratio(bar));
    }
    row
}

fn has_kernel() -> bool {
    Backend::all().count() > 1
}
