//! Serializations, detached and unencoded payloads, several signatures, relaxations, and where values come
//! from.

use crate::support::{
    CLAIMS, Dir, NOW, SECRET, command, hs256, jotlab, jotlab_in, rsa, rsa_of, run, token,
    verify_hs, verify_key,
};
use jotlab::jose::{Algorithm, Content, Policy, Signer, general};

fn sign(options: &[&str]) -> String {
    jotlab(&[&["sign", "--secret", SECRET, "--now", "2000000000"], options].concat()).exits(0).out
}

#[test]
fn every_serialization_is_made_and_verified() {
    for form in ["compact", "flattened", "general"] {
        let token = sign(&["--iss", "me", "--exp", "+5m", "--serialization", form]);
        verify_hs(token.trim_end(), &["--iss", "me"]).exits(0).says("accepted");
    }
}

#[test]
fn a_payload_that_travels_apart_is_put_back() {
    let dir = Dir::new();
    let payload = dir.file("payload", b"any \x00 bytes");
    let other = dir.file("other", b"any \x00 byte");
    for form in ["compact", "flattened", "general"] {
        let token = sign(&["--payload", &payload, "--detached", "--serialization", form]);
        let verify =
            |options: &[&str]| verify_hs(token.trim_end(), &[&["--jws"], options].concat());
        verify(&["--payload", &payload]).exits(0).says("not asked");
        verify(&["--payload", &other]).exits(1);
        assert_ne!(verify(&[]).code, 0);
    }
    let attached = sign(&["--payload", &payload]);
    verify_hs(attached.trim_end(), &["--jws", "--payload", &payload]).exits(3);
    verify_hs(attached.trim_end(), &["--jws"]).exits(0);
}

#[test]
fn an_unencoded_payload_needs_crit_and_is_no_jwt() {
    let dir = Dir::new();
    let b64 = ["--header", "b64=false", "--header", r#"crit=["b64"]"#];
    let payload = dir.file("payload", "$.02");
    // a point cannot stand in the compact form
    let options = [&["sign", "--secret", SECRET, "--payload", &payload], &b64[..]].concat();
    jotlab(&options).exits(2).says("RFC 7797");
    let token = sign(&[&b64[..], &["--payload", &payload, "--detached"]].concat());
    verify_hs(token.trim_end(), &["--jws", "--payload", &payload]).exits(0);
    let claims = dir.file("claims", r#"{"exp":2000000300}"#);
    let jwt = sign(&[&b64[..], &["--payload", &claims]].concat());
    verify_hs(jwt.trim_end(), &[]).exits(3).says("RFC 7797");
    jotlab(&["sign", "--secret", SECRET, "--iss", "x", "--header", "b64=false"]).exits(2);
}

#[test]
fn of_two_signatures_one_or_both_must_be_good() {
    let dir = Dir::new();
    let (mine, other) = (rsa(), rsa_of(2048));
    let policy = Policy::at(NOW);
    let signer = |key| Signer::new(key, Algorithm::Rs256, &policy).unwrap();
    let both = general(&[signer(&mine), signer(&other)], CLAIMS.as_bytes(), Content::Attached);
    let token = both.unwrap().to_string();
    let key = dir.file("key", mine.to_value().to_string());
    verify_key(&token, &key, &[]).exits(1);
    verify_key(&token, &key, &["--signatures", "any"]).exits(0).says("bad").says("good");
    let neither = dir.file("neither", rsa_of(2048).to_value().to_string());
    verify_key(&token, &neither, &["--signatures", "any"]).exits(1);
}

#[test]
fn each_relaxation_lets_one_thing_pass_and_is_told() {
    let dir = Dir::new();
    let small = rsa_of(1024);
    let small_file = dir.file("small", small.to_value().to_string());
    let small_token = token(&small, Algorithm::Rs256, CLAIMS);
    verify_key(&small_token, &small_file, &[]).exits(5).says("--allow small-rsa");
    verify_key(&small_token, &small_file, &["--allow", "small-rsa"])
        .exits(0)
        .says("needed --allow small-rsa");
    let padded = hs256(r#"{"exp":2000000300,"a":1}"#);
    assert_ne!(padded.split('.').next_back().unwrap().len() % 4, 0);
    let padded = format!("{padded}=");
    verify_hs(&padded, &[]).exits(3).says("padding");
    verify_hs(&padded, &["--allow", "base64-padding"])
        .exits(0)
        .says("needed --allow base64-padding");
    let none = hs256(r#"{"iss":"x"}"#);
    verify_hs(&none, &[]).exits(4).says("exp");
    verify_hs(&none, &["--allow", "no-expiry"]).exits(0).says("needed --allow no-expiry");
    let aud = hs256(r#"{"aud":"x","exp":2000000300}"#);
    verify_hs(&aud, &[]).exits(4).says("no audience is expected");
    verify_hs(&aud, &["--allow", "any-audience"]).exits(0).says("needed --allow any-audience");
    let short = ["sign", "--secret", "short", "--iss", "x", "--exp", "2000000300"];
    jotlab(&short).exits(5).says("--allow short-hmac-key");
    let token = jotlab(&[&short[..], &["--allow", "short-hmac-key"]].concat()).exits(0).out;
    let verify = ["verify", token.trim_end(), "--secret", "short", "--now", "2000000000"];
    jotlab(&verify).exits(5).says("--allow short-hmac-key");
    jotlab(&[&verify[..], &["--allow", "short-hmac-key"]].concat()).exits(0);
    verify_hs(&none, &["--allow", "everything"]).exits(2).says("unknown relaxation");
}

#[test]
fn a_token_file_may_end_in_one_newline_and_a_secret_comes_in_every_way() {
    let dir = Dir::new();
    let token = hs256(CLAIMS);
    for (ending, code) in [("", 0), ("\n", 0), ("\n\n", 3), (" ", 3), ("\r\n", 3)] {
        let text = format!("{token}{ending}");
        verify_hs(&dir.at("token", &text), &[]).exits(code);
        let stdin = ["verify", "-", "--secret", SECRET, "--now", "2000000000"];
        jotlab_in(&stdin, &text).exits(code);
    }
    let hex = format!("hex:{}", hex::encode(SECRET));
    let b64u = format!("b64u:{}", jotlab::base64::encode_url(SECRET.as_bytes()));
    for secret in [&hex, &b64u, "env:TOKEN_SECRET", &dir.at("secret", SECRET)] {
        let mut verify = command(&["verify", &token, "--secret", secret, "--now", "2000000000"]);
        run(verify.env("TOKEN_SECRET", SECRET), b"").exits(0);
    }
    verify_hs("@missing", &[]).exits(2);
    jotlab(&["verify", &token]).exits(2).says("--key");
    jotlab(&["verify", &token, "--key", "a", "--secret", "b"]).exits(2);
    jotlab(&["verify", &token, "--jwks", "https://issuer.example/jwks"]).exits(2).says("hint");
    jotlab(&["sign", "--secret", SECRET]).exits(2).says("no claims");
    jotlab(&["sign", "--secret", SECRET, "--claims", "[1]"]).exits(3);
    jotlab(&["sign", "--secret", SECRET, "--claims", r#"{"a":1,"a":2}"#])
        .exits(3)
        .says("duplicate");
}

#[test]
fn the_command_says_what_it_is() {
    let about = jotlab(&[] as &[&str]).exits(0).out;
    assert!(about.lines().count() <= 12 && about.contains("jotlab vectors run"), "{about}");
    for shell in ["bash", "zsh", "fish"] {
        jotlab(&["completions", shell]).exits(0).says("jotlab");
    }
    jotlab(&["--help"]).exits(0).says("verify");
    jotlab(&["--version"]).exits(0);
    jotlab(&["veryfy"]).exits(2).says("verify");
}
