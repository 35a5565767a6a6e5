//! SHA-2 and HMAC.

use crate::interleave::{Bar, Contender, Table};
use aws_lc_rs::{digest as aws, hmac as aws_hmac};
use graviola::hashing::{Hash, Sha256 as GraviolaSha256, hmac::Hmac as GraviolaHmac};
use hmac::Mac;
use jotlab::cpu::{Avx2, ShaNi};
use jotlab::hmac::Hmac;
use jotlab::sha2::backend::Backend;
use jotlab::sha2::{Algorithm, Hasher, digest_many};
use ring::{digest as ring_digest, hmac as ring_hmac};
use sha2::{Digest, Sha256, Sha512};
use std::hint::black_box;

pub(crate) fn rows(table: &mut Table) {
    let message = vec![0x61; 16384];
    sha256(table, "SHA-256, 16 KiB", &message, 0.95);
    sha256(table, "SHA-256, 64 B", &message[..64], 0.95);
    without_sha_ni(table, &message);
    twelve(table, &message);
    sha512(table, &message);
    mac(table, &message[..200]);
}

fn sha256(table: &mut Table, name: &'static str, message: &[u8], bar: f64) {
    let m = || black_box(message);
    assert_eq!(Algorithm::Sha256.digest(m()).as_bytes(), &Sha256::digest(m())[..]);
    let contenders = [
        Contender::new("jotlab", || Algorithm::Sha256.digest(m())),
        Contender::new("sha2", || Sha256::digest(m())),
        Contender::new("aws-lc", || aws::digest(&aws::SHA256, m())),
        Contender::new("ring", || ring_digest::digest(&ring_digest::SHA256, m())),
        Contender::new("openssl", || openssl::sha::sha256(m())),
        Contender::new("graviola", || GraviolaSha256::hash(m())),
    ];
    table
        .compare(name, contenders)
        .bytes(message.len())
        .needs(ShaNi::detect().is_some())
        .bar(Bar::Ratio(bar));
}

/// What a machine takes that has AVX2 and no instructions for SHA-256, against the same crate's way of that name.
fn without_sha_ni(table: &mut Table, message: &[u8]) {
    let m = || black_box(message);
    let way = Backend::all().find(|way| way.name == Avx2::NAME).unwrap_or(Backend::fastest());
    let jotlab = || {
        let mut hasher = Hasher::with_backend(Algorithm::Sha256, way);
        hasher.update(m());
        hasher.finish()
    };
    let soft = || <sha2_soft::Sha256 as sha2_soft::Digest>::digest(m());
    assert_eq!(jotlab().as_bytes(), &soft()[..]);
    let contenders = [Contender::new("jotlab", jotlab), Contender::new("sha2, software", soft)];
    table
        .compare("SHA-256, 16 KiB, without SHA-NI", contenders)
        .bytes(message.len())
        .needs(Avx2::detect().is_some())
        .bar(Bar::Ratio(1.0));
}

/// The peers have nothing for several messages: they take them one by one.
fn twelve(table: &mut Table, message: &[u8]) {
    let messages = [message; 12];
    let m = || black_box(&messages);
    let contenders = [
        Contender::new("jotlab", || digest_many(Algorithm::Sha256, m())),
        Contender::new("sha2", || m().map(Sha256::digest)),
        Contender::new("aws-lc", || m().map(|m| aws::digest(&aws::SHA256, m))),
        Contender::new("openssl", || m().map(openssl::sha::sha256)),
    ];
    table
        .compare("SHA-256, 12 × 16 KiB at once", contenders)
        .bytes(12 * message.len())
        .needs(ShaNi::detect().is_some())
        .bar(Bar::Ratio(1.9));
}

fn sha512(table: &mut Table, message: &[u8]) {
    let m = || black_box(message);
    assert_eq!(Algorithm::Sha512.digest(m()).as_bytes(), &Sha512::digest(m())[..]);
    let contenders = [
        Contender::new("jotlab", || Algorithm::Sha512.digest(m())),
        Contender::new("sha2", || Sha512::digest(m())),
        Contender::new("aws-lc", || aws::digest(&aws::SHA512, m())),
        Contender::new("ring", || ring_digest::digest(&ring_digest::SHA512, m())),
        Contender::new("openssl", || openssl::sha::sha512(m())),
    ];
    table.compare("SHA-512, 16 KiB", contenders).bytes(message.len()).bar(Bar::Ratio(0.7));
}

fn mac(table: &mut Table, message: &[u8]) {
    let secret = [0x0b; 32];
    let m = || black_box(message);
    let key = Hmac::new(Algorithm::Sha256, &secret);
    let theirs = hmac::Hmac::<Sha256>::new_from_slice(&secret).expect("any length is allowed");
    let aws = aws_hmac::Key::new(aws_hmac::HMAC_SHA256, &secret);
    let ring = ring_hmac::Key::new(ring_hmac::HMAC_SHA256, &secret);
    let rust_crypto = || theirs.clone().chain_update(m()).finalize().into_bytes();
    assert_eq!(key.mac(m())[..], rust_crypto()[..]);
    let contenders = [
        Contender::new("jotlab", || key.mac(m())),
        // a clone of the key is its way to use it again
        Contender::new("hmac", rust_crypto),
        Contender::new("aws-lc", || aws_hmac::sign(&aws, m())),
        Contender::new("ring", || ring_hmac::sign(&ring, m())),
    ];
    table
        .compare("HMAC-SHA-256, 200 B, key kept", contenders)
        .bytes(200)
        .needs(ShaNi::detect().is_some())
        .bar(Bar::Ratio(1.1));

    let messages = [message; 64];
    let many = || black_box(&messages);
    let contenders = [
        Contender::new("jotlab", || key.mac_many(many())),
        Contender::new("hmac", || {
            many().map(|m| theirs.clone().chain_update(m).finalize().into_bytes())
        }),
        Contender::new("aws-lc", || many().map(|m| aws_hmac::sign(&aws, m))),
        Contender::new("ring", || many().map(|m| ring_hmac::sign(&ring, m))),
    ];
    table
        .compare("HMAC-SHA-256, 64 × 200 B", contenders)
        .bytes(64 * 200)
        .needs(ShaNi::detect().is_some())
        .bar(Bar::Ratio(1.5));

    let s = || black_box(&secret[..]);
    let contenders = [
        Contender::new("jotlab", || Hmac::new(Algorithm::Sha256, s()).mac(m())),
        Contender::new("hmac", || {
            let key = hmac::Hmac::<Sha256>::new_from_slice(s()).expect("any length is allowed");
            key.chain_update(m()).finalize().into_bytes()
        }),
        Contender::new("aws-lc", || {
            aws_hmac::sign(&aws_hmac::Key::new(aws_hmac::HMAC_SHA256, s()), m())
        }),
        Contender::new("ring", || {
            ring_hmac::sign(&ring_hmac::Key::new(ring_hmac::HMAC_SHA256, s()), m())
        }),
        Contender::new("graviola", || {
            let mut mac = GraviolaHmac::<GraviolaSha256>::new(s());
            mac.update(m());
            mac.finish()
        }),
    ];
    table
        .compare("HMAC-SHA-256, 200 B, key set up", contenders)
        .bytes(200)
        .needs(ShaNi::detect().is_some())
        .bar(Bar::Ratio(1.1));
}
