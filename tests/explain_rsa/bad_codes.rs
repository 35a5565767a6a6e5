//! One bad code of HMAC of each kind; and other keys of a set, for both families.

use super::*;
use jotlab::base64::{encode_standard, encode_url};
use jotlab::hmac::Hmac;
use jotlab::jose::{self, Jwk, JwkSet, Jws, Policy, Relaxation, Signer};

const MESSAGE: &[u8] = b"header.payload";
const SECRET: &[u8] = &[0xfb, 0xef, 0xbe, 0x00, 0x10, 0x83, 0x10, 0x51, 0x87, 0x20];

/// What is said of a code by one secret, checked with another.
fn why(signed: &[u8], given: &[u8]) -> Option<String> {
    let tag = Hmac::new(Algorithm::Sha256, signed).mac(MESSAGE);
    diagnosis::hmac(Algorithm::Sha256, given, MESSAGE, &tag).map(|why| why.to_string())
}

#[test]
fn secrets_in_another_spelling() {
    let hex = hex::encode(SECRET);
    let (standard, url) = (encode_standard(SECRET), encode_url(SECRET));
    let bare = standard.trim_end_matches('=');
    for (signed, given, expected) in [
        (SECRET, hex.as_bytes(), "decoded from hex"),
        (SECRET, hex.to_uppercase().as_bytes(), "decoded from hex"),
        (SECRET, [hex.as_bytes(), b"\n"].concat().as_slice(), "decoded from hex"),
        (SECRET, standard.as_bytes(), "decoded from base64"),
        (SECRET, bare.as_bytes(), "decoded from base64"),
        (SECRET, url.as_bytes(), "decoded from base64url"),
        (b"secret\n", b"secret", "with a newline at its end"),
        (b"secret\r\n", b"secret", "with a newline at its end"),
        (b"secret", b"secret\n", "without the newline at its end"),
        (b"secret", b"secret\r\n", "without the newline at its end"),
        (hex.as_bytes(), SECRET, "as its hex text"),
        (standard.as_bytes(), SECRET, "as its base64 text"),
        (url.as_bytes(), SECRET, "as its base64url text"),
    ] {
        let expected = format!("the secret verifies {expected} (RFC 7518 §3.2)");
        assert_eq!(why(signed, given), Some(expected), "{given:02x?}");
    }
    assert_eq!(why(SECRET, SECRET), None);
    assert_eq!(
        why(b"one", b"other").unwrap(),
        "the message was changed, or another secret signed it (RFC 7518 §3.2)"
    );
}

#[test]
fn codes_of_another_form() {
    let tag = Hmac::new(Algorithm::Sha256, SECRET).mac(MESSAGE);
    let by_512 = Hmac::new(Algorithm::Sha512, SECRET).mac(MESSAGE);
    let hex_512 = Hmac::new(Algorithm::Sha512, hex::encode(SECRET).as_bytes()).mac(MESSAGE);
    for (tag, expected) in [
        (&tag[..16], "the code is right but cut short: 16 of 32 bytes"),
        (hex::encode(&tag[..]).as_bytes(), "the code is right but stands there as hex text"),
        (&by_512[..], "the code is by SHA-512, not by SHA-256: the secret is right"),
        (&hex_512[..], "the secret verifies as its hex text, by SHA-512, not by SHA-256"),
        (&[], "the code has 0 bytes, the hash gives 32"),
        (&[7; 31], "the code has 31 bytes, the hash gives 32"),
    ] {
        let why = diagnosis::hmac(Algorithm::Sha256, SECRET, MESSAGE, tag).unwrap();
        assert_eq!(why.to_string(), format!("{expected} (RFC 7518 §3.2)"));
    }
}

/// Of a token that is signed by one key and bound to another of a set.
fn of_set(signer: &Jwk, algorithm: jose::Algorithm, keys: Vec<Jwk>) -> diagnosis::Diagnosis {
    let relaxed = [Relaxation::SmallRsa, Relaxation::ShortHmacKey];
    let policy = relaxed.into_iter().fold(Policy::at(0), Policy::allow);
    let mut signer = signer.clone();
    // the header names the first key
    signer.parameters_mut().kid = keys[0].kid().map(str::to_owned);
    let token = Signer::new(&signer, algorithm, &policy).unwrap().compact(b"{}").unwrap();
    let jws = Jws::compact(&token).unwrap();
    let keys: JwkSet = keys.into_iter().collect();
    let bound = jws.bind(&keys, &policy).unwrap();
    assert!(bound.clone().verify().is_err());
    diagnosis::of(&bound, &keys).unwrap()
}

fn named(mut key: Jwk, kid: &str) -> Jwk {
    key.parameters_mut().kid = Some(kid.to_owned());
    key
}

#[test]
fn another_key_of_the_set_is_named() {
    let [a, b] = ["a", "b"].map(|kid| named(PrivateKey::generate(1024).unwrap().into(), kid));
    let keys = || [&a, &b].map(|key| key.to_public().unwrap());
    let why = of_set(&b, jose::Algorithm::Rs256, keys().into());
    let [first, rest] = ["the block is random", "s ≥ n: the signature is not below the modulus;"];
    let key = "RSA key \"b\" of the set verifies it";
    let said = why.to_string();
    let either =
        [format!("{first}: {key} (RFC 8017 §8.2.2)"), format!("{rest} {key} (RFC 8017 §5.2.2)")];
    assert!(either.contains(&said), "{said}");
    let secret = |text: &str, kid| named(Jwk::from_secret(text.into()).unwrap(), kid);
    let [a, b] = [secret("one", "a"), secret("another", "b")];
    let why = of_set(&b.clone(), jose::Algorithm::Hs256, vec![a, b]);
    let expected = "another secret: oct key \"b\" of the set verifies it (RFC 7518 §3.2)";
    assert_eq!(why.to_string(), expected);
}

#[test]
fn what_can_be_tried_is_said() {
    let secret = |text: &str| named(Jwk::from_secret(text.into()).unwrap(), "a");
    let hint = |signed: &str, given: &str| {
        of_set(&secret(signed), jose::Algorithm::Hs256, vec![secret(given)]).hint()
    };
    assert_eq!(hint("key", &hex::encode("key")), Some("give it as --secret hex:…"));
    assert_eq!(hint("keys", &encode_url(b"keys")), Some("give it as --secret b64u:…"));
    assert_eq!(hint("key", "other"), None);
}
