//! Which key, from which form, and what happens when none or more than one is right.

use crate::support::{
    CLAIMS, Dir, SECRET, hs256, jotlab, named, private, public_json, public_pem, public_set, rsa,
    rsa_named, rsa_of, secret, token, unsigned, verify_hs, verify_key,
};
use jotlab::encoding::pem;
use jotlab::jose::Algorithm;
use jotlab::rsa::encoding::{Form, pkcs1_private_der, pkcs1_public_der, pkcs8_der, spki_der};

#[test]
fn every_form_of_a_private_key_signs_and_every_form_of_the_public_half_verifies() {
    let dir = Dir::new();
    let jwk = rsa();
    let key = private(&jwk);
    let pem = |form: Form, der: &[u8]| pem::write(form.label(), der).into_bytes();
    let privates = [
        dir.file("1", jwk.to_value().to_string()),
        dir.file("2", pkcs8_der(key)),
        dir.file("3", pem(Form::Pkcs8, &pkcs8_der(key))),
        dir.file("4", pkcs1_private_der(key)),
        dir.file("5", pem(Form::Pkcs1Private, &pkcs1_private_der(key))),
    ];
    let publics = [
        dir.file("a", public_json(&jwk)),
        dir.file("b", public_set(std::slice::from_ref(&jwk))),
        dir.file("c", spki_der(key.public())),
        dir.file("d", public_pem(&jwk)),
        dir.file("e", pkcs1_public_der(key.public())),
        dir.file("f", pem(Form::Pkcs1Public, &pkcs1_public_der(key.public()))),
    ];
    let expected = jotlab(&["sign", "--key", &privates[0], "--claims", CLAIMS]).exits(0).out;
    for path in &privates {
        let signed = jotlab(&["sign", "--key", path, "--claims", CLAIMS]).exits(0);
        assert_eq!(signed.out, expected, "RS256 has no randomness");
    }
    for path in &publics {
        let run = verify_key(expected.trim_end(), path, &[]).exits(0);
        assert!(run.out.starts_with("SIGNATURE    good  RS256 with RSA key"), "{}", run.out);
        assert!(run.out.contains("\nCLAIMS       accepted\n"), "{}", run.out);
        assert!(run.out.contains("\nNOT CHECKED  "), "{}", run.out);
        jotlab(&["sign", "--key", path, "--claims", CLAIMS]).exits(5);
    }
}

#[test]
fn every_algorithm_signs_and_verifies_and_another_one_is_refused() {
    let dir = Dir::new();
    let (private, public) =
        (dir.file("k", rsa().to_value().to_string()), dir.file("p", public_pem(&rsa())));
    for algorithm in Algorithm::ALL {
        let name = algorithm.name();
        let (sign, verify) = match algorithm.family() {
            jotlab::jose::Family::Rsa => (["--key", &private], ["--key", &public]),
            jotlab::jose::Family::Hmac => (["--secret", SECRET], ["--secret", SECRET]),
        };
        let made = [&["sign", "--alg", name, "--claims", CLAIMS][..], &sign].concat();
        let token = jotlab(&made).exits(0).out;
        let verify = [&["verify", token.trim_end(), "--now", "2000000000"][..], &verify].concat();
        jotlab(&verify).exits(0).says(name);
        jotlab(&[&verify[..], &["--alg", name]].concat()).exits(0);
        let other = if name == "RS384" { "RS256,HS256" } else { "RS384" };
        jotlab(&[&verify[..], &["--alg", other]].concat()).exits(5).says("is not allowed");
    }
}

#[test]
fn the_kid_chooses_from_a_set() {
    let dir = Dir::new();
    let (a, b) = (rsa_named("a"), named(rsa_of(2048), "b"));
    let set = dir.file("jwks", public_set(&[a.clone(), b.clone()]));
    for (key, other) in [(&a, &b), (&b, &a)] {
        let token = token(key, Algorithm::Rs256, CLAIMS);
        let options = ["verify", &token, "--jwks", &set, "--now", "2000000000"];
        jotlab(&options).exits(0).says(key.kid().unwrap()).says("chosen by its kid");
        let alone = dir.file("alone", public_json(other));
        verify_key(&token, &alone, &[]).exits(5).says("no key");
        let renamed = dir.file("renamed", public_json(&named(other.clone(), key.kid().unwrap())));
        verify_key(&token, &renamed, &[]).exits(1).says("it does not verify");
    }
}

#[test]
fn two_matching_keys_are_refused_and_both_are_listed() {
    let dir = Dir::new();
    let (a, b) = (rsa_named("first"), named(rsa_of(2048), "second"));
    let set = dir.file("jwks", public_set(&[a, b]));
    let without_kid = token(&rsa(), Algorithm::Rs256, CLAIMS);
    let run = jotlab(&["verify", &without_kid, "--jwks", &set, "--now", "2000000000"]).exits(5);
    let run = run.says("more than one key").says("\"first\"").says("\"second\"");
    assert!(!run.out.contains("CLAIMS"), "{}", run.out);
    // two of the same kid are no better
    let twins = dir.file("twins", public_set(&[rsa_named("x"), named(rsa_of(2048), "x")]));
    verify_key(&token(&rsa_named("x"), Algorithm::Rs256, CLAIMS), &twins, &[]).exits(5);
}

#[test]
fn no_key_of_the_right_kind_is_five() {
    let dir = Dir::new();
    let public = dir.file("p", public_pem(&rsa()));
    verify_hs(&token(&rsa(), Algorithm::Rs256, CLAIMS), &[]).exits(5).says("no key for RS256");
    verify_key(&hs256(CLAIMS), &public, &[]).exits(5).says("no key for HS256");
    verify_key(&hs256(CLAIMS), &dir.file("empty", r#"{"keys":[]}"#), &[]).exits(5);
    let mut encrypting = rsa();
    encrypting.parameters_mut().usage = Some("enc".to_owned());
    let encrypting = dir.file("enc", public_json(&encrypting));
    verify_key(&token(&rsa(), Algorithm::Rs256, CLAIMS), &encrypting, &[]).exits(5).says("enc");
}

#[test]
fn none_and_unknown_algorithms_are_five_in_any_spelling() {
    let dir = Dir::new();
    let public = dir.file("p", public_pem(&rsa()));
    for alg in ["none", "None", "NONE", "nOnE", "HS257", "hs256", "ES256", "RS1", "", "HS256 "] {
        let token = unsigned(&format!(r#"{{"alg":"{alg}"}}"#), CLAIMS);
        let bare = token.trim_end_matches("AAAA").to_owned();
        for token in [&token, &bare] {
            verify_hs(token, &[]).exits(5);
            verify_key(token, &public, &[]).exits(5);
            let json = verify_hs(token, &["--json"]).exits(5).json();
            assert_eq!(json["signature"]["verdict"], "no key");
            assert_eq!(json["claims"]["verdict"], "not reached");
        }
    }
    // as an option they are wrong usage
    verify_hs(&hs256(CLAIMS), &["--alg", "none"]).exits(2);
    jotlab(&["sign", "--secret", SECRET, "--alg", "none", "--claims", CLAIMS]).exits(2);
}

#[test]
fn a_secret_that_is_a_key_is_five() {
    let dir = Dir::new();
    let pem = public_pem(&rsa());
    let forged = token(&secret(), Algorithm::Hs256, CLAIMS);
    let files = [
        dir.at("pem", &pem),
        dir.at("der", spki_der(rsa().rsa().unwrap())),
        dir.at("jwk", public_json(&rsa())),
        dir.at("jwks", public_set(&[rsa()])),
    ];
    for secret in files.iter().chain([&pem]) {
        jotlab(&["verify", &forged, "--secret", secret]).exits(5).says("--key");
        jotlab(&["sign", "--secret", secret, "--claims", CLAIMS]).exits(5);
    }
    jotlab(&["verify", &forged, "--secret", ""]).exits(5);
}

#[test]
fn a_mixed_set_is_five() {
    let dir = Dir::new();
    let text = format!(r#"{{"keys":[{},{}]}}"#, public_json(&rsa()), secret().to_value());
    let set = dir.file("mixed", text);
    verify_key(&hs256(CLAIMS), &set, &[]).exits(5).says("secrets beside public keys");
    verify_key(&token(&rsa(), Algorithm::Rs256, CLAIMS), &set, &[]).exits(5);
}
