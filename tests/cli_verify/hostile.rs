//! Strangers' bytes: nothing panics, nothing takes long, no control character reaches the terminal.

use crate::support::{
    CLAIMS, Dir, Run, SECRET, bytes, command, hs256, jotlab, named, public_json, public_pem,
    public_set, rsa, rsa_named, run, secret, token, unsigned, verify_hs, verify_key,
};
use jotlab::jose::{Algorithm, Jwk, MAX_KEYS, MAX_KEYS_BYTES, MAX_TOKEN_BYTES};
use std::time::{Duration, Instant};

/// Tries to clear the screen, to set a title, to turn text round, and to forge a verdict.
const HOSTILE: &str =
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}2J\r\nSIGNATURE    good\u{85}\u{202e}\u{7f}\u{8}";

/// Runs as on a terminal: without this the escapes would be taken out on the way, ours and theirs.
fn on_terminal(arguments: &[&str]) -> Run {
    run(command(arguments).env("CLICOLOR_FORCE", "1"), b"")
}

fn assert_calm(run: &Run) {
    for text in [&run.out, &run.err] {
        // jotlab's own colours
        let rest = ["\u{1b}[32m", "\u{1b}[31m", "\u{1b}[0m"]
            .iter()
            .fold(text.clone(), |text, colour| text.replace(colour, ""));
        let wild = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!rest.contains(wild), "{rest:?}");
        let forged = rest.lines().filter(|line| line.starts_with("SIGNATURE    good\\")).count();
        assert_eq!(forged, 0, "{rest}");
        assert!(rest.len() < 20_000, "{} characters", rest.len());
    }
}

fn hostile_claims() -> String {
    let text = serde_json::Value::from(HOSTILE);
    format!(
        r#"{{"iss":{text},"sub":{text},"aud":[{text}],"jti":{text},"exp":2000000300,{text}:{text}}}"#
    )
}

#[test]
fn no_control_character_of_a_token_reaches_the_terminal() {
    let dir = Dir::new();
    let text = serde_json::Value::from(HOSTILE);
    let key = named(secret(), HOSTILE);
    let key_file = dir.file("k", key.to_value().to_string());
    let signed = token(&key, Algorithm::Hs256, &hostile_claims());
    let tokens = [
        signed,
        hs256(HOSTILE),
        unsigned(&format!(r#"{{"alg":{text}}}"#), HOSTILE),
        unsigned(&format!(r#"{{"alg":"HS256","kid":{text},"typ":{text}}}"#), &hostile_claims()),
        unsigned(&format!(r#"{{"alg":"HS256","crit":[{text}]}}"#), "{}"),
        unsigned(&format!(r#"{{"alg":"HS256",{text}:1,{text}:2}}"#), "{}"),
        unsigned(HOSTILE, HOSTILE),
        format!("{HOSTILE}.{HOSTILE}.{HOSTILE}"),
        format!(r#"{{"payload":"e30",{text}:1}}"#),
        format!(r#"{{"payload":{text},"protected":{text},"signature":{text}}}"#),
        format!(r#"{{"payload":"e30","signatures":[{{"header":{{{text}:{text}}}}}]}}"#),
    ];
    let asked = ["--iss", "a", "--sub", "b", "--aud", "c", "--jti", "d", "--typ", "e"];
    for token in &tokens {
        for options in [&["--key", &key_file][..], &["--secret", SECRET]] {
            let all = [&["verify", token, "--now", "2000000000"], options].concat();
            assert_calm(&on_terminal(&all));
            assert_calm(&on_terminal(&[&all[..], &asked].concat()));
            assert_calm(&on_terminal(&[&all[..], &["--aud", HOSTILE]].concat()));
        }
        assert_calm(&on_terminal(&["decode", token]));
    }
}

#[test]
fn json_escapes_the_control_characters_of_a_token() {
    let signed = hs256(&hostile_claims());
    let verify = ["verify", &signed, "--secret", SECRET, "--now", "2000000000", "--json"];
    assert_calm(&on_terminal(&verify));
    assert_calm(&on_terminal(&[&verify[..], &["--aud", HOSTILE]].concat()));
    assert_calm(&on_terminal(&["decode", &signed, "--json"]));
}

#[test]
fn no_control_character_of_a_key_file_reaches_the_terminal() {
    let dir = Dir::new();
    let text = serde_json::Value::from(HOSTILE);
    let label = HOSTILE.replace('\n', "");
    for contents in [
        format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n"),
        format!("-----BEGIN {label}-----\nAAAA\n"),
        format!(r#"{{"kty":{text}}}"#),
        format!(r#"{{"kty":"RSA","kid":{text},"n":{text},"e":"AQAB"}}"#),
        format!(r#"{{"kty":"EC","crv":{text}}}"#),
        format!(r#"{{"keys":[{{"kty":{text},"kid":{text}}}]}}"#),
        format!(r#"{{"keys":[],{text}:1,{text}:2}}"#),
        format!(r#"{{"kty":"oct","k":"AAAA","use":{text}}}"#),
        format!(r#"{{"kty":"oct","k":"AAAA","alg":{text}}}"#),
    ] {
        let key = dir.file("key", contents);
        assert_calm(&on_terminal(&["verify", &hs256(CLAIMS), "--key", &key]));
        assert_calm(&on_terminal(&["sign", "--claims", CLAIMS, "--key", &key]));
    }
}

#[test]
fn text_of_a_stranger_is_shown_bounded() {
    let dir = Dir::new();
    let long = "x".repeat(100_000);
    let claims = format!(r#"{{"exp":2000000300,"iss":"{long}","aud":["{long}"],"sub":"{long}"}}"#);
    let asked = ["--iss", "a", "--aud", "b", "--sub", "c"];
    assert_calm(&verify_hs(&dir.at("t", hs256(&claims)), &asked).exits(4));
    let good =
        verify_hs(&dir.at("t", hs256(&claims)), &["--aud", "b", "--require", "iss"]).exits(4);
    assert_calm(&good);
    for header in [format!(r#"{{"alg":"{long}"}}"#), format!(r#"{{"alg":"HS256","kid":"{long}"}}"#)]
    {
        assert_calm(&verify_hs(&dir.at("t", unsigned(&header, CLAIMS)), &[]));
        assert_calm(&jotlab(&["decode", &dir.at("t", unsigned(&header, CLAIMS))]));
    }
    for contents in [
        format!("-----BEGIN {long}-----\nAAAA\n-----END {long}-----\n"),
        format!("-----BEGIN {long}-----\nAAAA\n"),
        format!(r#"{{"kty":"{long}"}}"#),
        format!(r#"{{"kty":"oct","k":"AAAA","use":"{long}","kid":"{long}"}}"#),
    ] {
        assert_calm(&verify_key(&hs256(CLAIMS), &dir.file("k", contents), &[]));
    }
}

#[test]
fn random_bytes_are_refused_everywhere() {
    let dir = Dir::new();
    let public = dir.file("p", public_pem(&rsa()));
    let starts: [&[u8]; 8] = [
        b"",
        b"{",
        b"-----BEGIN PUBLIC KEY-----\n",
        b"\x30\x82\x01\x22",
        b"eyJhbGciOiJIUzI1NiJ9.",
        b"{\"keys\":[",
        b"{\"payload\":\"",
        b"\xef\xbb\xbf{",
    ];
    for seed in 0..6 {
        for (index, start) in starts.iter().enumerate() {
            let length = [0, 1, 30, 300, 5000, 70_000][seed as usize];
            let noise = [start, &bytes(seed * 100 + index as u64, length)[..]].concat();
            let file = dir.file("noise", noise);
            for run in [
                verify_key(&format!("@{file}"), &public, &[]),
                verify_hs(&format!("@{file}"), &["--jws"]),
                verify_key(&hs256(CLAIMS), &file, &[]),
                jotlab(&["verify", &hs256(CLAIMS), "--jwks", &file]),
                jotlab(&["sign", "--claims", CLAIMS, "--key", &file]),
                jotlab(&["vectors", "run", &file]),
            ] {
                assert!((2..=5).contains(&run.code), "{index} {seed}: {} {}", run.code, run.err);
            }
            let shown = jotlab(&["decode", &format!("@{file}")]);
            assert!([0, 3].contains(&shown.code), "{index} {seed}: {}", shown.code);
        }
    }
}

/// A hang guard, not a measurement.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    result
}

/// Claims that make a token of HS256 exactly so long.
fn token_of(length: usize) -> String {
    let fixed = hs256(r#"{"exp":2000000300,"x":""}"#).len();
    let mut x = (length - fixed) / 4 * 3;
    loop {
        let token = hs256(&format!(r#"{{"exp":2000000300,"x":"{}"}}"#, "x".repeat(x)));
        if token.len() >= length {
            return token;
        }
        x += 1;
    }
}

#[test]
fn a_token_of_a_mebibyte_is_handled_and_a_longer_one_refused() {
    let dir = Dir::new();
    let largest = token_of(MAX_TOKEN_BYTES);
    assert_eq!(largest.len(), MAX_TOKEN_BYTES);
    for text in [largest.clone(), largest.clone() + "\n"] {
        let file = dir.at("largest", text);
        soon(|| verify_hs(&file, &[]).exits(0));
        soon(|| jotlab(&["decode", &file]).exits(0));
    }
    for text in [largest.clone() + "A", "A".repeat(3 << 20), ".".repeat(MAX_TOKEN_BYTES)] {
        let file = dir.at("longer", text);
        soon(|| verify_hs(&file, &[]).exits(3));
        soon(|| jotlab(&["decode", &file]).exits(3));
    }
    soon(|| verify_hs(&dir.at("deep", "{\"a\":".repeat(200_000)), &[]).exits(3));
    soon(|| jotlab(&["decode", &dir.at("deep", "[".repeat(1 << 20))]).exits(3));
    soon(|| verify_hs(&dir.at("deep", hs256(&"[".repeat(700_000))), &[]).exits(3));
    soon(|| jotlab(&["decode", &dir.at("deep", hs256(&"[".repeat(700_000)))]));
}

#[test]
fn a_set_of_a_thousand_keys_is_handled_and_a_larger_one_refused() {
    let dir = Dir::new();
    let keys: Vec<Jwk> = (0..MAX_KEYS).map(|i| rsa_named(&format!("k{i}"))).collect();
    let set = dir.file("jwks", public_set(&keys));
    let good = token(&rsa_named("k777"), Algorithm::Rs256, CLAIMS);
    soon(|| verify_key(&good, &set, &[]).exits(0).says("\"k777\""));
    let missing = token(&rsa_named("other"), Algorithm::Rs256, CLAIMS);
    soon(|| verify_key(&missing, &set, &[]).exits(5));
    // every key fits: they are listed, but not without end
    assert_calm(&soon(|| verify_key(&token(&rsa(), Algorithm::Rs256, CLAIMS), &set, &[]).exits(5)));
    let more = dir.file("more", public_set(&[keys, vec![rsa()]].concat()));
    soon(|| verify_key(&good, &more, &[]).exits(3)).says("1001 keys");
    let spaces = public_json(&rsa()) + &" ".repeat(MAX_KEYS_BYTES);
    soon(|| verify_key(&good, &dir.file("large", spaces), &[]).exits(3));
}
