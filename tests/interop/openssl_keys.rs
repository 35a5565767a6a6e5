//! RSA keys between OpenSSL and jotlab, in every form, both ways.

use crate::tools::{Dir, is_there, run};
use jotlab::encoding::pem;
use jotlab::jose::{Jwk, JwkSet, Material};
use jotlab::rsa::encoding::{Form, pkcs1_private_der, pkcs1_public_der, pkcs8_der, spki_der};
use jotlab::rsa::{PrivateKey, PublicKey};
use std::process::Command;

pub(crate) fn has_openssl() -> bool {
    is_there("openssl", Command::new("openssl").arg("version"))
}

/// Runs `openssl` with arguments that are separated by blanks, in the directory.
pub(crate) fn openssl(dir: &Dir, arguments: &str) -> Vec<u8> {
    let mut command = Command::new("openssl");
    run(command.args(arguments.split(' ')).current_dir(dir.path("")), b"")
}

/// One command for each form that OpenSSL writes from `key.pem`.
const FORMS: [(&str, &str); 10] = [
    ("pkcs8.pem", "pkey -in key.pem -out pkcs8.pem"),
    ("pkcs8.der", "pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out pkcs8.der"),
    ("pkcs1.pem", "pkey -in key.pem -traditional -out pkcs1.pem"),
    ("pkcs1.der", "pkey -in key.pem -traditional -outform DER -out pkcs1.der"),
    ("spki.pem", "pkey -in key.pem -pubout -out spki.pem"),
    ("spki.der", "pkey -in key.pem -pubout -outform DER -out spki.der"),
    ("public.pem", "rsa -in key.pem -RSAPublicKey_out -out public.pem"),
    ("public.der", "rsa -in key.pem -RSAPublicKey_out -outform DER -out public.der"),
    ("cert.pem", "req -new -x509 -key key.pem -subj /CN=jotlab -days 1 -out cert.pem"),
    ("cert.der", "x509 -in cert.pem -outform DER -out cert.der"),
];

/// A fresh key of OpenSSL in `key.pem`.
pub(crate) fn generate(dir: &Dir, bits: u32) {
    openssl(dir, &format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -out key.pem"));
}

fn only_key(file: &[u8]) -> Jwk {
    let set = JwkSet::from_file_contents(file).unwrap();
    let [key] = set.keys() else { panic!("{} keys", set.keys().len()) };
    key.clone()
}

/// The private key of a file.
pub(crate) fn private(file: &[u8]) -> PrivateKey {
    match only_key(file).material() {
        Material::RsaPrivate(key) => PrivateKey::new(&key.components()).unwrap(),
        _ => panic!("not a private RSA key"),
    }
}

#[test]
fn keys_of_openssl_are_read_in_every_form() {
    if !has_openssl() {
        return;
    }
    // odd sizes too: the first byte of n is then not a full one
    for bits in [512, 1031, 2048, 3072] {
        let dir = Dir::new();
        generate(&dir, bits);
        for (_, command) in FORMS {
            openssl(&dir, command);
        }
        let key = private(&dir.read("key.pem"));
        assert_eq!(key.public().n().bits(), u64::from(bits));
        for (name, _) in FORMS {
            let read = only_key(&dir.read(name));
            assert_eq!(read.rsa(), Some(key.public()), "{bits} {name}");
            assert_eq!(read.is_private(), name.starts_with("pkcs"), "{bits} {name}");
        }
        assert_same_bytes(&dir, &key);
    }
}

/// DER has one spelling: what jotlab writes is what OpenSSL writes, byte for byte.
fn assert_same_bytes(dir: &Dir, key: &PrivateKey) {
    for (form, name, der) in every_form(key) {
        assert_eq!(der, dir.read(&format!("{name}.der")), "{form:?}");
        let pem = pem::write(form.label(), &der);
        assert_eq!(pem.as_bytes(), dir.read(&format!("{name}.pem")), "{form:?}");
    }
}

fn every_form(key: &PrivateKey) -> [(Form, &'static str, Vec<u8>); 4] {
    let public: &PublicKey = key.public();
    [
        (Form::Pkcs1Private, "pkcs1", pkcs1_private_der(key)),
        (Form::Pkcs8, "pkcs8", pkcs8_der(key)),
        (Form::Spki, "spki", spki_der(public)),
        (Form::Pkcs1Public, "public", pkcs1_public_der(public)),
    ]
}

#[test]
fn keys_of_jotlab_are_accepted_by_openssl() {
    if !has_openssl() {
        return;
    }
    let dir = Dir::new();
    for bits in [512, 1024, 2048] {
        let key = PrivateKey::generate(bits).unwrap();
        let modulus = format!("Modulus={:X}\n", key.public().n());
        for (form, _, der) in every_form(&key) {
            dir.file("k.pem", pem::write(form.label(), &der));
            dir.file("k.der", der);
            for encoding in ["PEM", "DER"] {
                let file = format!("-inform {encoding} -in k.{}", encoding.to_lowercase());
                let shown = String::from_utf8(openssl(&dir, &check(form, &file))).unwrap();
                assert!(shown.contains(&modulus), "{form:?} {encoding}: {shown}");
                if form == Form::Spki {
                    openssl(&dir, &format!("pkey {file} -pubin -pubcheck -noout"));
                }
            }
        }
    }
}

/// The command that reads a key, checks a private one, and prints the modulus.
fn check(form: Form, file: &str) -> String {
    match form {
        Form::Pkcs1Public => format!("rsa {file} -RSAPublicKey_in -noout -modulus"),
        Form::Spki => format!("rsa {file} -pubin -noout -modulus"),
        _ => format!("rsa {file} -check -noout -modulus"),
    }
}

#[test]
fn an_encrypted_key_and_a_curve_key_are_told_apart() {
    if !has_openssl() {
        return;
    }
    let dir = Dir::new();
    generate(&dir, 1024);
    openssl(&dir, "pkcs8 -topk8 -in key.pem -passout pass:secret -out encrypted.pem");
    openssl(&dir, "ecparam -name prime256v1 -genkey -noout -out ec1.pem");
    openssl(&dir, "pkcs8 -topk8 -nocrypt -in ec1.pem -out ec8.pem");
    let why = |name| JwkSet::from_file_contents(&dir.read(name)).unwrap_err().to_string();
    assert!(why("encrypted.pem").contains("encrypted"), "{}", why("encrypted.pem"));
    assert!(why("ec8.pem").contains("EC"), "{}", why("ec8.pem"));
    assert!(why("ec1.pem").contains("EC PRIVATE KEY"), "{}", why("ec1.pem"));
    for (name, other) in [("ec1.pem", true), ("ec8.pem", true), ("encrypted.pem", false)] {
        let error = JwkSet::from_file_contents(&dir.read(name)).unwrap_err();
        assert_eq!(error.is_of_another_algorithm(), other, "{name}");
    }
}
