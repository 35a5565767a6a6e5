//! `jotlab key`: every form in, every form out, nothing written over, nothing private shown by accident.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/keys/rfc7515-a2.jwk.json");

fn workshop(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_keys").join(name);
    let _absent = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn jotlab(directory: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jotlab"))
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // a command that reads no stdin may be gone already
    let _closed = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

/// Runs, expects the exit code, and gives stdout.
fn exits(code: i32, directory: &Path, arguments: &[&str], stdin: &[u8]) -> Vec<u8> {
    let output = jotlab(directory, arguments, stdin);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(!told.contains("panicked"), "{arguments:?}: {told}");
    output.stdout
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_form_leads_to_every_other_and_back() {
    let directory = workshop("forms");
    let jwk = exits(0, &directory, &["key", "convert", KEY, "--to", "jwk"], b"");
    for private in ["pkcs1", "pkcs8"] {
        for der in [&[][..], &["--der"]] {
            let arguments = [&["key", "convert", KEY, "--to", private], der].concat();
            let form = exits(0, &directory, &arguments, b"");
            assert_eq!(exits(0, &directory, &["key", "convert", "-", "--to", "jwk"], &form), jwk);
        }
    }
    let public = exits(0, &directory, &["key", "public", KEY], b"");
    assert!(!text(public.clone()).contains("\"d\""));
    for form in ["spki", "pkcs1"] {
        let pem = exits(0, &directory, &["key", "convert", "-", "--to", form], &public);
        assert!(text(pem.clone()).contains("PUBLIC KEY"));
        assert_eq!(exits(0, &directory, &["key", "convert", "-", "--to", "jwk"], &pem), public);
    }
    exits(5, &directory, &["key", "convert", "-", "--to", "pkcs8"], &public);
    exits(5, &directory, &["key", "convert", KEY, "--to", "cert"], b"");
    exits(2, &directory, &["key", "convert", KEY, "--to", "jwk", "--der"], b"");
}

#[test]
fn a_certificate_comes_out_as_it_went_in() {
    let directory = workshop("certificate");
    let vectors = include_str!("../vectors/rfc/rfc7517.json");
    let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
    let case = vectors["cases"].as_array().unwrap().iter().find(|case| case["id"] == "B").unwrap();
    let key = case["key"].to_string();
    let pem = exits(0, &directory, &["key", "convert", "-", "--to", "cert"], key.as_bytes());
    assert!(text(pem.clone()).starts_with("-----BEGIN CERTIFICATE-----\n"));
    let der = exits(0, &directory, &["key", "convert", "-", "--to", "cert", "--der"], &pem);
    assert_eq!(hex::encode(der), case["certificate"].as_str().unwrap());
    let thumbprint = |input: &[u8]| exits(0, &directory, &["key", "thumbprint", "-"], input);
    assert_eq!(thumbprint(&pem), thumbprint(key.as_bytes()));
}

#[test]
fn a_new_key_is_its_owners_and_writes_over_nothing() {
    let directory = workshop("new");
    let new = ["key", "new", "--alg", "RS256", "--out", "k.jwk", "--public-out", "p.jwk"];
    assert!(exits(0, &directory, &new, b"").is_empty(), "a private key was printed");
    let mode =
        |name: &str| fs::metadata(directory.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("k.jwk"), 0o600);
    let before = fs::read(directory.join("k.jwk")).unwrap();
    exits(2, &directory, &new, b"");
    exits(2, &directory, &["key", "new", "--alg", "HS256", "--out", "k.jwk"], b"");
    exits(2, &directory, &["key", "convert", KEY, "--to", "pkcs8", "--out", "p.jwk"], b"");
    assert_eq!(fs::read(directory.join("k.jwk")).unwrap(), before);
    exits(0, &directory, &["key", "lint", "p.jwk", "--published"], b"");
    let lint = exits(1, &directory, &["key", "lint", "k.jwk", "--published"], b"");
    assert!(text(lint).contains("private-member"));
    // a symbolic link to nowhere is a place that is taken, too
    std::os::unix::fs::symlink("nowhere", directory.join("link")).unwrap();
    exits(2, &directory, &["key", "new", "--alg", "HS256", "--out", "link"], b"");
    let missing = ["key", "new", "--alg", "HS256", "--out", "no/such/directory"];
    exits(2, &directory, &missing, b"");
}

#[test]
fn wishes_that_make_no_key_are_refused() {
    let directory = workshop("wishes");
    let rs256 = ["key", "new", "--alg", "RS256"];
    for bits in ["1024", "2049", "99999"] {
        exits(2, &directory, &[&rs256[..], &["--bits", bits]].concat(), b"");
    }
    exits(2, &directory, &["key", "new", "--alg", "ES256"], b"");
    exits(2, &directory, &["key", "new", "--alg", "HS256", "--kid", "thumbprint"], b"");
    exits(2, &directory, &["key", "new", "--alg", "HS256", "--public-out", "p"], b"");
    let small = ["--bits", "1024", "--allow", "small-rsa", "--kid", "x"];
    let small = exits(0, &directory, &[&rs256[..], &small].concat(), b"");
    let lint = text(exits(1, &directory, &["key", "lint", "-"], &small));
    assert!(lint.contains("small-modulus"), "{lint}");
}

#[test]
fn a_secret_is_never_shown_but_where_it_is_asked_for() {
    let directory = workshop("secret");
    let key = text(exits(0, &directory, &["key", "new", "--alg", "HS512"], b""));
    let jwk: serde_json::Value = serde_json::from_str(&key).unwrap();
    let secret = jwk["k"].as_str().unwrap();
    assert_eq!(secret.len(), 86, "64 bytes");
    for arguments in
        [&["key", "show", "-"][..], &["key", "lint", "-"], &["key", "show", "-", "--json"]]
    {
        let told = text(exits(0, &directory, arguments, key.as_bytes()));
        assert!(!told.contains(secret), "{told}");
    }
    exits(5, &directory, &["key", "public", "-"], key.as_bytes());
    exits(5, &directory, &["key", "convert", "-", "--to", "pkcs8"], key.as_bytes());
}

#[test]
fn odd_and_broken_files_are_told_apart() {
    let directory = workshop("odd");
    let lint = |input: &str, code: i32| {
        text(exits(code, &directory, &["key", "lint", "-"], input.as_bytes()))
    };
    let public = text(exits(0, &directory, &["key", "public", KEY], b""));
    let jwk: serde_json::Value = serde_json::from_str(&public).unwrap();
    let n = jwk["n"].as_str().unwrap();
    for (key, name) in [
        (format!(r#"{{"kty":"RSA","n":"{n}","e":"Aw"}}"#), "exponent-3"),
        (r#"{"kty":"oct","k":"c2hvcnQ"}"#.to_owned(), "short-secret"),
        (format!(r#"{{"keys":[{{"kty":"RSA","n":"AA{n}","e":"AQAB"}}]}}"#), "unreadable"),
        (
            format!(
                r#"{{"keys":[{{"kid":"a","kty":"RSA","n":"{n}","e":"AQAB"}},{{"kid":"a","kty":"oct","k":"{n}"}}]}}"#
            ),
            "mixed-set",
        ),
        (
            format!(
                r#"{{"keys":[{{"kid":"a","kty":"RSA","n":"{n}","e":"AQAB"}},{{"kid":"a","kty":"RSA","n":"{n}","e":"AQAB"}}]}}"#
            ),
            "duplicate-kid",
        ),
        (
            r#"{"kty":"RSA","n":"gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD_","e":"AQAB"}"#
                .to_owned(),
            "small-factor",
        ),
    ] {
        let code = i32::from(name != "exponent-3");
        let told = lint(&key, code);
        assert!(told.contains(name), "{name}: {told}");
    }
    for broken in ["", "x", "{", r#"{"kty":"RSA"}"#, r#"{"keys":1}"#, "-----BEGIN X", "0\u{1}"] {
        exits(3, &directory, &["key", "show", "-"], broken.as_bytes());
    }
    exits(2, &directory, &["key", "show", "missing.pem"], b"");
    exits(2, &directory, &["key", "show", "."], b"");
    let two = exits(0, &directory, &["key", "convert", KEY, "--to", "spki"], b"").repeat(2);
    exits(5, &directory, &["key", "convert", "-", "--to", "jwk"], &two);
}
