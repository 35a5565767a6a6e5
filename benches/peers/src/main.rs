//! How fast jotlab is against the crates that the trade uses.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml`; `-- --json` prints one object instead.

#[path = "../../interleave/mod.rs"]
mod interleave;

use ::base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ::hmac::Mac;
use ::sha2::{Digest, Sha256, Sha512};
use interleave::{Bar, Contender, Table};
use jotlab::base64::{decode_url, encode_url};
use jotlab::hmac::Hmac;
use jotlab::rsa::{PrivateKey, pkcs1v15};
use jotlab::sha2::Algorithm;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey, rand_core::OsRng};
use std::hint::black_box;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut table = Table::from_arguments();
    sha2(&mut table);
    hmac(&mut table);
    base64(&mut table);
    rsa(&mut table);
    table.finish()
}

fn sha2(table: &mut Table) {
    let message = vec![0x61; 16384];
    let short = || black_box(&message[..64]);
    let long = || black_box(&message[..]);
    let ours = |algorithm: Algorithm, message: &[u8]| algorithm.digest(message);

    assert_eq!(ours(Algorithm::Sha256, long()).as_bytes(), &Sha256::digest(long())[..]);
    assert_eq!(ours(Algorithm::Sha512, long()).as_bytes(), &Sha512::digest(long())[..]);
    let contenders = [
        Contender::new("jotlab", || ours(Algorithm::Sha256, long())),
        Contender::new("sha2", || Sha256::digest(long())),
    ];
    table.compare("SHA-256, 16 KiB", contenders).bytes(16384).bar(Bar::Ratio(0.95));
    let contenders = [
        Contender::new("jotlab", || ours(Algorithm::Sha256, short())),
        Contender::new("sha2", || Sha256::digest(short())),
    ];
    table.compare("SHA-256, 64 B", contenders).bytes(64).bar(Bar::Ratio(0.95));
    let contenders = [
        Contender::new("jotlab", || ours(Algorithm::Sha512, long())),
        Contender::new("sha2", || Sha512::digest(long())),
    ];
    table.compare("SHA-512, 16 KiB", contenders).bytes(16384);
}

/// The key is prepared once on both sides: a clone of the peer's is its way to use it again.
fn hmac(table: &mut Table) {
    let (secret, message) = ([0x0b; 32], [0x61; 200]);
    let our_key = Hmac::new(Algorithm::Sha256, &secret);
    let their_key = ::hmac::Hmac::<Sha256>::new_from_slice(&secret).expect("any length is allowed");
    let ours = || our_key.mac(black_box(&message));
    let theirs = || their_key.clone().chain_update(black_box(&message)).finalize().into_bytes();
    assert_eq!(ours()[..], theirs()[..]);
    let contenders = [Contender::new("jotlab", ours), Contender::new("hmac", theirs)];
    table.compare("HMAC-SHA-256, 200 B", contenders).bytes(200).bar(Bar::Ratio(1.1));
}

fn base64(table: &mut Table) {
    let bytes: Vec<u8> = (0..=255).collect();
    let text = encode_url(&bytes);
    assert_eq!(URL_SAFE_NO_PAD.encode(&bytes), text);
    let contenders = [
        Contender::new("jotlab", || encode_url(black_box(&bytes))),
        Contender::new("base64", || URL_SAFE_NO_PAD.encode(black_box(&bytes))),
    ];
    table.compare("base64url encode, 256 B", contenders).bytes(256);
    let contenders = [
        Contender::new("jotlab", || decode_url(black_box(&text)).expect("our own text")),
        Contender::new("base64", || {
            URL_SAFE_NO_PAD.decode(black_box(&text)).expect("our own text")
        }),
    ];
    table.compare("base64url decode, 256 B", contenders).bytes(256);
}

/// Signing is blinded on both sides.
fn rsa(table: &mut Table) {
    let our_key = PrivateKey::generate(2048).expect("the system gives random bytes");
    let digest = Algorithm::Sha256.digest(b"message");
    let their_key = their_key(&our_key);
    let their_public_key = their_key.to_public_key();
    let scheme = Pkcs1v15Sign::new::<Sha256>;
    let signature = pkcs1v15::sign(&our_key, &digest).expect("the key is long enough");
    let their_sign = || {
        let hashed = black_box(digest.as_bytes());
        their_key.sign_with_rng(&mut OsRng, scheme(), hashed).expect("the same key")
    };
    assert_eq!(their_sign(), signature);
    let our_verify = || {
        pkcs1v15::verify(our_key.public(), &digest, black_box(&signature)).expect("it verifies");
    };
    let their_verify = || {
        let hashed = digest.as_bytes();
        their_public_key.verify(scheme(), hashed, black_box(&signature)).expect("it verifies");
    };
    let contenders = [Contender::new("jotlab", our_verify), Contender::new("rsa", their_verify)];
    table.compare("RSA-2048 verify", contenders);
    let contenders = [
        Contender::new("jotlab", || pkcs1v15::sign(&our_key, black_box(&digest))),
        Contender::new("rsa", their_sign),
    ];
    table.compare("RSA-2048 sign", contenders);
}

/// The same key in the peer's types.
fn their_key(key: &PrivateKey) -> RsaPrivateKey {
    let parts = key.components();
    let [n, e, d] =
        [parts.n, parts.e, parts.d].map(|part| BigUint::from_bytes_be(&part.to_bytes_be()));
    let primes = [parts.p, parts.q].map(|prime| BigUint::from_bytes_be(&prime.to_bytes_be()));
    RsaPrivateKey::from_components(n, e, d, primes.into()).expect("the parts belong together")
}
