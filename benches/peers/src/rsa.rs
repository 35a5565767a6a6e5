//! RSASSA-PKCS1-v1_5 with SHA-256; the hash of the short message is a part of the work.

use crate::interleave::{Bar, Contender, Table};
use crate::keys::Keys;
use graviola::signing::rsa::{KeySize, SigningKey};
use jotlab::cpu::{self, Ifma};
use jotlab::modular::{Modulus, Number, backend};
use jotlab::rsa::{PrivateKey, pkcs1v15};
use jotlab::sha2::Algorithm;
use openssl::hash::MessageDigest;
use openssl::sign::{Signer, Verifier};
use std::hint::black_box;

const MESSAGE: &[u8] = b"message";

pub(crate) fn rows(table: &mut Table) {
    let keys = Keys::generate(2048);
    verify(table, "RSA-2048 verify", &keys, 2.2);
    verify_eight(table, "RSA-2048 verify, 8 at once", &keys, 3.8);
    without_ifma(table, &keys);
    sign(table, "RSA-2048 sign", &keys, 0.85);
    sign_four(table, &keys);
    let keys = Keys::generate(4096);
    verify(table, "RSA-4096 verify", &keys, 2.0);
    verify_eight(table, "RSA-4096 verify, 8 at once", &keys, 3.0);
    sign(table, "RSA-4096 sign", &keys, 0.85);
    generate(table);
}

fn signature(keys: &Keys) -> Vec<u8> {
    let digest = Algorithm::Sha256.digest(MESSAGE);
    pkcs1v15::sign(&keys.ours, &digest).expect("the key is long enough")
}

fn verify(table: &mut Table, name: &'static str, keys: &Keys, bar: f64) {
    let signature = signature(keys);
    let s = || black_box(&signature[..]);
    let contenders = [
        Contender::new("jotlab", || {
            pkcs1v15::verify(keys.ours.public(), &Algorithm::Sha256.digest(MESSAGE), s()).unwrap();
        }),
        Contender::new("aws-lc", || keys.aws_public.verify_sig(MESSAGE, s()).unwrap()),
        Contender::new("ring", || keys.ring_public.verify(MESSAGE, s()).unwrap()),
        Contender::new("openssl", || {
            let mut verifier =
                Verifier::new(MessageDigest::sha256(), &keys.openssl_public).unwrap();
            assert!(verifier.verify_oneshot(s(), MESSAGE).unwrap());
        }),
        Contender::new("graviola", || {
            keys.graviola_public.verify_pkcs1_sha256(s(), MESSAGE).unwrap();
        }),
    ];
    table.compare(name, contenders).needs(Ifma::detect().is_some()).bar(Bar::Ratio(bar));
}

/// The peers have nothing for several signatures: they take them one by one.
fn verify_eight(table: &mut Table, name: &'static str, keys: &Keys, bar: f64) {
    let signature = signature(keys);
    let s = || black_box(&signature[..]);
    let contenders = [
        Contender::new("jotlab", || {
            let digests = [(); 8].map(|()| Algorithm::Sha256.digest(MESSAGE));
            let tasks = digests.each_ref().map(|digest| (keys.ours.public(), digest, s()));
            assert!(pkcs1v15::verify_many(&tasks).iter().all(Result::is_ok));
        }),
        Contender::new("aws-lc", || {
            (0..8).for_each(|_| keys.aws_public.verify_sig(MESSAGE, s()).unwrap());
        }),
        Contender::new("graviola", || {
            let verify = || keys.graviola_public.verify_pkcs1_sha256(s(), MESSAGE).unwrap();
            (0..8).for_each(|_| verify());
        }),
    ];
    table.compare(name, contenders).needs(Ifma::detect().is_some()).bar(Bar::Ratio(bar));
}

/// The texts on words of 64 bits: the one that every machine runs, and that by two chains of carries.
fn without_ifma(table: &mut Table, keys: &Keys) {
    let signature = signature(keys);
    let public = keys.ours.public();
    let s = Number::from_bytes(&signature);
    for (row, way) in
        [("RSA-2048 verify, portable", cpu::PORTABLE), ("RSA-2048 verify, ADX", cpu::Adx::NAME)]
    {
        let here = backend::Backend::all().find(|here| here.name == way);
        let chosen = here.unwrap_or(backend::Backend::fastest());
        let n = Modulus::with_backend(public.n(), 32, chosen).expect("n is odd");
        let contenders = [
            Contender::new("jotlab", || n.power_of_vartime(black_box(&s), public.e()).unwrap()),
            Contender::new("aws-lc", || {
                keys.aws_public.verify_sig(MESSAGE, black_box(&signature)).unwrap();
            }),
        ];
        table.compare(row, contenders).needs(here.is_some()).bar(Bar::Ratio(0.45));
    }
}

/// Blinded, and checked before it is released, on all sides.
fn sign(table: &mut Table, name: &'static str, keys: &Keys, bar: f64) {
    let (aws_random, ring_random) =
        (aws_lc_rs::rand::SystemRandom::new(), ring::rand::SystemRandom::new());
    let mut room = [(); 3].map(|()| vec![0; keys.ours.public().modulus_bytes()]);
    let [a, b, c] = room.each_mut();
    let (rsa, ring_rsa) =
        (&aws_lc_rs::signature::RSA_PKCS1_SHA256, &ring::signature::RSA_PKCS1_SHA256);
    let contenders = [
        Contender::new("jotlab", || {
            pkcs1v15::sign(&keys.ours, &Algorithm::Sha256.digest(black_box(MESSAGE))).unwrap()
        }),
        Contender::new("aws-lc", || {
            keys.aws.sign(rsa, &aws_random, black_box(MESSAGE), a).unwrap();
        }),
        Contender::new("ring", || {
            keys.ring.sign(ring_rsa, &ring_random, black_box(MESSAGE), b).unwrap();
        }),
        Contender::new("openssl", || {
            let mut signer = Signer::new(MessageDigest::sha256(), &keys.openssl).unwrap();
            signer.sign_oneshot_to_vec(black_box(MESSAGE)).unwrap()
        }),
        Contender::new("graviola", || {
            keys.graviola.sign_pkcs1_sha256(c, black_box(MESSAGE)).unwrap().len()
        }),
    ];
    table.compare(name, contenders).needs(Ifma::detect().is_some()).bar(Bar::Ratio(bar));
}

fn sign_four(table: &mut Table, keys: &Keys) {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let mut room = vec![0; keys.ours.public().modulus_bytes()];
    let rsa = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
    let contenders = [
        Contender::new("jotlab", || {
            let digest = Algorithm::Sha256.digest(black_box(MESSAGE));
            pkcs1v15::sign_many(&[(&keys.ours, &digest); 4])
        }),
        Contender::new("aws-lc", || {
            let mut sign = || keys.aws.sign(rsa, &random, black_box(MESSAGE), &mut room).unwrap();
            (0..4).for_each(|_| sign());
        }),
    ];
    table
        .compare("RSA-2048 sign, 4 at once", contenders)
        .needs(Ifma::detect().is_some())
        .bar(Bar::Ratio(1.3));
}

/// Four keys a repetition: the search is a game of chance.
fn generate(table: &mut Table) {
    let contenders = [
        Contender::by_chance("jotlab", || {
            [(); 4].map(|()| PrivateKey::generate(2048).unwrap().public().modulus_bytes())
        }),
        Contender::by_chance("graviola", || {
            [(); 4].map(|()| SigningKey::generate(KeySize::Rsa2048).unwrap().modulus_len_bytes())
        }),
        Contender::by_chance("openssl", || {
            [(); 4].map(|()| openssl::rsa::Rsa::generate(2048).unwrap().size())
        }),
    ];
    table
        .compare("RSA-2048 key generation, 4 keys", contenders)
        .needs(Ifma::detect().is_some())
        .bar(Bar::Ratio(1.5));
}
