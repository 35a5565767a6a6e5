//! Why a signature is bad, in one line below the verdict.

use super::support::*;
use jotlab::base64::{decode_url, encode_url};
use jotlab::encoding::der::{Tag, write};
use jotlab::jose::Algorithm;
use num_bigint::BigUint;

/// The line below the verdict, which is in the JSON, too; and a batch does not fall over it.
#[track_caller]
fn why(token: &str, keys: &str, option: &str, sentence: &str) {
    let arguments = ["verify", token, option, keys, "--now", "2000000000"];
    let run = jotlab(&arguments).exits(1);
    let lines: Vec<&str> = run.out.lines().collect();
    let [verdict, why] = lines[..] else { panic!("{}", run.out) };
    assert!(verdict.starts_with("SIGNATURE    bad  RS256 with RSA key"), "{verdict}");
    assert!(verdict.ends_with(": it does not verify"), "{verdict}");
    assert_eq!(why, format!("  {sentence}"));
    let json = jotlab(&[&arguments[..], &["--json"]].concat()).exits(1).json();
    assert_eq!(json["signature"]["why"], sentence);
    let batch = ["verify", "-", option, keys, "--now", "2000000000", "--batch"];
    let run = jotlab_in(&batch, format!("{token}\n")).exits(1);
    assert_eq!(run.out, "bad signature\n");
}

#[test]
fn changed_payload() {
    let dir = Dir::new();
    let good = token(&rsa(), Algorithm::Rs256, CLAIMS);
    let [header, _, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("{good}") };
    let payload = encode_url(CLAIMS.replace("issuer", "is5uer").as_bytes());
    let changed = format!("{header}.{payload}.{signature}");
    let sentence = "padding, OID right, hash differs: the message was changed (RFC 8017 §8.2.2)";
    why(&changed, &dir.file("key", public_json(&rsa())), "--key", sentence);
}

#[test]
fn hash_of_another_name() {
    let dir = Dir::new();
    let key = rsa();
    let oid = write(Tag::OID, &[&[0x2b, 0x0e, 0x03, 0x02, 0x1a]]);
    let sha1 = write(Tag::SEQUENCE, &[&oid, &write(Tag::NULL, &[])]);
    let t = write(Tag::SEQUENCE, &[&sha1, &write(Tag::OCTET_STRING, &[&[0x5a; 20]])]);
    let em = [&[0, 1][..], &vec![0xff; 253 - t.len()], &[0], &t].concat();
    let parts = private(&key).components();
    let s = BigUint::from_bytes_be(&em).modpow(&parts.d, &parts.n).to_bytes_be();
    let s = [vec![0; 256 - s.len()], s].concat();
    let good = token(&key, Algorithm::Rs256, CLAIMS);
    let (input, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{input}.{}", encode_url(&s));
    let sentence = "padding right, hash OID is SHA-1 (RFC 8017 §9.2)";
    why(&forged, &dir.file("key", public_pem(&key)), "--key", sentence);
}

#[test]
fn another_key_of_the_set() {
    let dir = Dir::new();
    let [a, b] = [rsa_named("a"), named(rsa_of(2048), "b")];
    let set = dir.file("set", public_set(&[a.clone(), b.clone()]));
    // signed by b, with the kid of a
    let signed = (0..).map(|i| {
        let claims = format!(r#"{{"exp":2000000300,"i":{i}}}"#);
        token(&named(b.clone(), "a"), Algorithm::Rs256, &claims)
    });
    // below the modulus of a, which is not the larger one for certain
    let below = |token: &String| {
        let s = decode_url(token.rsplit_once('.').unwrap().1).unwrap();
        BigUint::from_bytes_be(&s) < private(&a).components().n
    };
    let token = signed.into_iter().find(below).unwrap();
    let sentence = "the block is random: RSA key \"b\" of the set verifies it (RFC 8017 §8.2.2)";
    why(&token, &set, "--jwks", sentence);
}

#[test]
fn secret_in_another_spelling() {
    let digits = hex::encode(SECRET);
    let token = hs256(CLAIMS);
    let arguments = ["verify", &token, "--secret", &digits, "--now", "2000000000"];
    let run = jotlab(&arguments).exits(1).says("hint: give it as --secret hex:…");
    let line = "  the secret verifies decoded from hex (RFC 7518 §3.2)\n";
    assert!(run.out.ends_with(line), "{}", run.out);
}
