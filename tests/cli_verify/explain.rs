//! `explain jwt`, `jwk`, `jwks`: the exit codes of `verify`, and an error where `verify` has one.

use crate::support::{CLAIMS, Dir, NOW, SECRET, jotlab, public_json, public_set, rsa_named, token};
use jotlab::jose::Algorithm;

fn explain(token: &str, options: &[&str]) -> crate::support::Run {
    let now = NOW.to_string();
    jotlab(&[&["explain", "jwt", token, "--now", &now], options].concat())
}

#[test]
fn a_token_ends_with_the_exit_code_of_verify() {
    let dir = Dir::new();
    let key = rsa_named("a");
    let good = token(&key, Algorithm::Rs256, CLAIMS);
    let public = dir.file("key", public_json(&key));
    explain(&good, &["--key", &public]).exits(0).says("= accepted");
    let (text, _) = good.rsplit_once('.').unwrap();
    for (token, options, code, words) in [
        (format!("{text}.AAAA"), &[][..], 1, "= refused: the signature does not verify"),
        ("a.b".to_owned(), &[], 3, "fewer than three parts"),
        (format!("!{good}"), &[], 3, "jwt.decode.header"),
        (good.clone(), &["--iss", "x"], 4, "= refused: iss: is"),
        (good.clone(), &["--alg", "RS512"], 5, "= refused: alg RS256 is not allowed"),
    ] {
        let options = [&["--key", &public], options].concat();
        explain(&token, &options).exits(code).says(words);
    }
    // a key where a secret should be: 5, unless the token is malformed, which comes before
    let not_a_secret = format!("@{public}");
    explain(&good, &["--secret", &not_a_secret]).exits(5);
    explain("a.b", &["--secret", &not_a_secret]).exits(3);
    explain(&good, &[]).exits(2).says("--key");
    let no_claims = token(&key, Algorithm::Rs256, "[]");
    explain(&no_claims, &["--key", &public]).exits(3).says("jwt.claims.json");
}

#[test]
fn a_part_and_a_secret_are_shown_when_asked_for() {
    let token = token(&crate::support::secret(), Algorithm::Hs256, CLAIMS);
    let run = explain(&token, &["--secret", SECRET, "--at", "hmac.k0"]).exits(0);
    assert!(run.out.contains("(secret, 64 bytes)") && !run.out.contains(SECRET), "{}", run.out);
    let options = ["--secret", SECRET, "--at", "hmac.k0", "--reveal-secrets"];
    explain(&token, &options).exits(0).says("0123456789abcdef");
    // the right tag is shown where it was received, and kept where it was not: it would be a forgery
    let (text, tag) = token.rsplit_once('.').unwrap();
    let forged = format!("{text}.{}", "A".repeat(tag.len()));
    let of = |token: &str| explain(token, &["--secret", SECRET, "--at", "hmac.outer"]).out;
    assert!(of(&token).contains("→ tag"));
    assert!(of(&forged).contains("→ tag  (secret, 32 bytes)"), "{}", of(&forged));
    let json = explain(&token, &["--secret", SECRET, "--json"]).exits(0).json();
    assert_eq!(json["end"]["accepted"], true);
    assert_eq!(json["schema"], "jotlab-trace/1");
}

#[test]
fn keys_sets_and_their_rotation_are_explained() {
    let dir = Dir::new();
    let key = rsa_named("a");
    let file = dir.file("key", public_json(&key));
    let set = dir.file("set", public_set(std::slice::from_ref(&key)));
    let thumbprint = jotlab(&["key", "thumbprint", &file]).exits(0).out;
    jotlab(&["explain", "jwk", &file]).exits(0).says(&format!("\n= {thumbprint}"));
    jotlab(&["explain", "jwk", &set]).exits(3).says("\"kty\" is missing");
    jotlab(&["explain", "jwks", &file]).exits(3).says("no array \"keys\"");
    let met = ["explain", "jwks", &set, "--kid", "a", "--alg", "RS256"];
    jotlab(&met).exits(0).says("= RSA key \"a\"");
    jotlab(&["explain", "jwks", &set, "--kid", "b", "--alg", "RS256"]).exits(5).says("= refused");
    jotlab(&["explain", "jwks", &set]).exits(0).says("if its alg is RS256 or RS384");
    jotlab(&["explain", "rotation"]).exits(0).says("jwks.rotation.t5");
}
