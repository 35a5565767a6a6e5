//! `jotlab verify --jwks URL` and `jotlab explain jwt --jwks URL`: the exit codes, and what is said.

use crate::faults_table::faults;
use crate::key_server::{CLAIMS, KeyServer, NOW, key, nobody, publishes, token};
use std::process::{Command, Output};

fn jotlab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jotlab")).args(arguments).output().unwrap()
}

fn verify(token: &str, jwks: &str, options: &[&str]) -> (Option<i32>, String) {
    let now = NOW.to_string();
    let all = ["verify", token, "--jwks", jwks, "--aud", "orders", "--now", &now];
    let output = jotlab(&[&all, options].concat());
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn a_token_verifies_by_keys_of_an_address() {
    let server = KeyServer::new(publishes(&[key(0), key(1)]));
    let good = token(key(0), CLAIMS);
    let (code, said) = verify(&good, &server.address(), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("RSA key \"key-0\", chosen by its kid"), "{said}");
    assert_eq!(server.asked(), 1);
    let now = NOW.to_string();
    let explain = ["explain", "jwt", &good, "--aud", "orders", "--now", &now, "--jwks"];
    let output = jotlab(&[&explain, &[server.address().as_str()][..]].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(server.asked(), 2);
    // another key of the same name does not do
    server.now_answers(publishes(&[key(1)]));
    let (code, said) = verify(&good, &server.address(), &[]);
    assert_eq!(code, Some(5), "{said}");
}

#[test]
fn what_cannot_be_read_is_two_and_what_is_no_set_is_three() {
    let good = token(key(0), CLAIMS);
    let fetched = ["no key", "keys[", "JSON at", "no array"];
    for fault in faults().into_iter().filter(|fault| fault.name != "slow") {
        let server = KeyServer::new(fault.answer);
        let (code, said) = verify(&good, &server.address(), &[]);
        let is_set = fetched.iter().any(|words| fault.reason.contains(words));
        assert_eq!(code, Some(if is_set { 3 } else { 2 }), "{}: {said}", fault.name);
        assert!(said.contains(fault.reason), "{}: {said}", fault.name);
        assert!(said.contains(&server.address()), "{}: {said}", fault.name);
    }
    let (code, said) = verify(&good, &nobody().to_string(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no connection"), "{said}");
}

#[test]
fn a_fault_of_the_token_comes_before_none_of_the_address() {
    // 2 before 3: a set that cannot be read, a token that is malformed
    let (code, _) = verify("no token", &nobody().to_string(), &[]);
    assert_eq!(code, Some(2));
    let server = KeyServer::new(publishes(&[key(0)]));
    let (code, _) = verify("no token", &server.address(), &[]);
    assert_eq!(code, Some(3));
}

#[test]
fn an_address_that_cannot_be_is_refused_before_anything_is_asked() {
    let good = token(key(0), CLAIMS);
    for (jwks, options, words) in [
        ("ftp://127.0.0.1/", &[][..], "it must begin with http:// or https://"),
        ("http://a:b@127.0.0.1/", &[], "a user name"),
        ("http://127.0.0.1/#a", &[], "fragment"),
        ("http://192.0.2.1/", &[], "http to another machine is refused"),
        ("http://localhost.example/", &[], "--plain-http to take it all the same"),
        ("http://127.0.0.1:1/", &["--ca-file", "x"], "--ca-file is for an https URL"),
        ("/does/not/exist", &["--ca-file", "x"], "--ca-file is for an https URL"),
        ("/does/not/exist", &[], "cannot read /does/not/exist"),
    ] {
        let (code, said) = verify(&good, jwks, options);
        assert_eq!(code, Some(2), "{jwks}: {said}");
        assert!(said.contains(words), "{jwks}: {said}");
    }
}

#[test]
fn no_address_in_a_token_is_ever_asked() {
    let bait = KeyServer::new(publishes(&[key(0)]));
    let server = KeyServer::new(publishes(&[key(0)]));
    let encode = jotlab::base64::encode_url;
    for name in ["jku", "x5u", "kid", "iss"] {
        let header = format!(r#"{{"alg":"RS256","{name}":"{}"}}"#, bait.address());
        let claims = CLAIMS.replace("https://issuer.example", &bait.address());
        let parts = [header.as_bytes(), claims.as_bytes(), &[1; 256]].map(encode);
        let (code, said) = verify(&parts.join("."), &server.address(), &[]);
        assert!(matches!(code, Some(1 | 5)), "{said}");
    }
    assert_eq!((bait.asked(), server.asked()), (0, 4));
}
