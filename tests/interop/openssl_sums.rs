//! Digests, HMACs and RSA signatures between OpenSSL and jotlab, for all six hashes.

use crate::openssl_keys::{generate, has_openssl, openssl, private};
use crate::tools::{Dir, bytes, output};
use jotlab::hmac::Hmac;
use jotlab::rsa::pkcs1v15;
use jotlab::sha2::Algorithm;
use std::collections::BTreeMap;
use std::process::Command;

/// Around every border of padding for both block lengths, and some that a buffer cuts in pieces.
const LENGTHS: [usize; 32] = [
    0, 1, 2, 3, 54, 55, 56, 57, 63, 64, 65, 110, 111, 112, 113, 119, 120, 127, 128, 129, 191, 192,
    239, 240, 255, 256, 1000, 4095, 8193, 65_535, 65_537, 1_000_003,
];

/// A file for each length, and their names.
fn messages(dir: &Dir) -> BTreeMap<String, Vec<u8>> {
    let file = |length: &usize| {
        let message = bytes(*length as u64, *length);
        let name = format!("m{length}");
        dir.file(&name, &message);
        (name, message)
    };
    LENGTHS.iter().map(file).collect()
}

/// What `openssl dgst -r` says of each file: hex, a blank, an asterisk, the name.
fn sums(dir: &Dir, options: &str, names: &str) -> Vec<(String, String)> {
    let text = openssl(dir, &format!("dgst {options} -r {names}"));
    let text = String::from_utf8(text).unwrap();
    let line = |line: &str| {
        let (hex, name) = line.split_once(" *").unwrap();
        (name.to_owned(), hex.to_owned())
    };
    text.lines().map(line).collect()
}

fn joined(messages: &BTreeMap<String, Vec<u8>>) -> String {
    messages.keys().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn digests_agree_at_every_length() {
    if !has_openssl() {
        return;
    }
    let dir = Dir::new();
    let messages = messages(&dir);
    for algorithm in Algorithm::ALL {
        let sums = sums(&dir, &format!("-{}", algorithm.command_name()), &joined(&messages));
        assert_eq!(sums.len(), messages.len());
        for (name, hex) in sums {
            assert_eq!(algorithm.digest(&messages[&name]).to_string(), hex, "{algorithm} {name}");
        }
    }
}

#[test]
fn hmacs_agree_for_keys_below_at_and_above_the_block() {
    if !has_openssl() {
        return;
    }
    let dir = Dir::new();
    let messages = messages(&dir);
    for algorithm in Algorithm::ALL {
        for length in [1, 20, 63, 64, 65, 127, 128, 129, 300] {
            let key = bytes(7, length);
            let options = format!(
                "-{} -mac HMAC -macopt hexkey:{}",
                algorithm.command_name(),
                hex::encode(&key)
            );
            let hmac = Hmac::new(algorithm, &key);
            for (name, hex) in sums(&dir, &options, &joined(&messages)) {
                let tag = hmac.mac(&messages[&name]);
                assert_eq!(hex::encode(&*tag), hex, "{algorithm} key of {length}, {name}");
            }
        }
    }
}

#[test]
fn signatures_verify_both_ways_and_a_changed_one_neither_way() {
    if !has_openssl() {
        return;
    }
    let dir = Dir::new();
    let message = bytes(1, 1000);
    dir.file("m", &message);
    for bits in [1024, 1031, 2048] {
        generate(&dir, bits);
        openssl(&dir, "pkey -in key.pem -pubout -out public.pem");
        let key = private(&dir.read("key.pem"));
        for algorithm in Algorithm::ALL {
            let (name, digest) = (algorithm.command_name(), algorithm.digest(&message));
            openssl(&dir, &format!("dgst -{name} -sign key.pem -out theirs m"));
            let mut signature = dir.read("theirs");
            assert_eq!(pkcs1v15::verify(key.public(), &digest, &signature), Ok(()), "{name}");

            // PKCS #1 v1.5 has no randomness: both make the same bytes
            assert_eq!(pkcs1v15::sign(&key, &digest).unwrap(), signature, "{name}");
            dir.file("ours", &signature);
            let verify = format!("dgst -{name} -verify public.pem -signature ours m");
            assert_eq!(openssl(&dir, &verify), b"Verified OK\n", "{name}");

            signature[20] ^= 1;
            dir.file("ours", &signature);
            assert!(pkcs1v15::verify(key.public(), &digest, &signature).is_err(), "{name}");
            let mut command = Command::new("openssl");
            command.args(verify.split(' ')).current_dir(dir.path(""));
            assert!(!output(&mut command, b"").status.success(), "{name}");
        }
    }
}
