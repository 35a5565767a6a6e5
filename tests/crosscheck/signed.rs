//! Tokens that others make, and keys that they read.

use crate::tools::{Dir, is_there};
use crate::{crosscheck, has_python};
use jotlab::crosscheck::{Side, difference};
use jotlab::vectors::{Answer, Implementation, Jotlab, Request};
use std::process::Command;

const SECRET: &str = r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;

fn request(header: &str, payload: &[u8]) -> Request {
    Request::JwsSign {
        algorithm: "HS256".to_owned(),
        key: SECRET.to_owned(),
        header: header.to_owned(),
        payload: payload.to_owned(),
    }
}

fn token(header: &str, payload: &[u8]) -> String {
    match Jotlab::new().answer(&request(header, payload)) {
        Answer::Output(token) => String::from_utf8(token).unwrap(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_token_may_spell_its_header_otherwise_and_nothing_else() {
    let asked = request(r#"{"alg":"HS256","kid":"a"}"#, b"payload");
    let right = Jotlab::new().answer(&asked);
    let side = |theirs: String| difference(&asked, &right, &Answer::Output(theirs.into_bytes()));
    let other = r#"{ "kid":"a", "alg":"HS256" }"#;
    assert_eq!(side(token(r#"{"alg":"HS256","kid":"a"}"#, b"payload")), Side::Same);
    assert_eq!(side(token(other, b"payload")), Side::Same);
    // other members, another payload
    assert_eq!(side(token(r#"{"alg":"HS256","kid":"b"}"#, b"payload")), Side::Other);
    assert_eq!(side(token(r#"{"alg":"HS256"}"#, b"payload")), Side::Other);
    assert_eq!(side(token(r#"{"alg":"HS256","kid":"a","typ":"JWT"}"#, b"payload")), Side::Other);
    assert_eq!(side(token(other, b"payloae")), Side::Other);
    // a signature of nothing, or none
    let spelt = token(other, b"payload");
    let (input, signature) = spelt.rsplit_once('.').unwrap();
    for wrong in ["", "AAAA", &format!("{signature}="), &format!("{signature}.")] {
        assert_eq!(side(format!("{input}.{wrong}")), Side::Other, "{wrong}");
    }
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let refused = |request: &Request| {
        let answer = Jotlab::new().answer(request);
        assert!(matches!(answer, Answer::Refused { .. }), "{answer}");
    };
    for header in ["", "{}", "[]", r#"{"alg":"HS512"}"#, r#"{"alg":"HS256","alg":"HS256"}"#] {
        refused(&request(header, b""));
    }
    let with = |algorithm: &str, key: &str| Request::JwsSign {
        algorithm: algorithm.to_owned(),
        key: key.to_owned(),
        header: format!(r#"{{"alg":"{algorithm}"}}"#),
        payload: vec![],
    };
    refused(&with("none", SECRET));
    refused(&with("RS256", SECRET));
    refused(&with("HS256", r#"{"kty":"oct","k":"AAAA"}"#));
    refused(&Request::JwkParse { jwk: "{}".to_owned() });
}

#[test]
fn jotlab_behind_the_protocol_signs_and_reads_keys() {
    let jotlab = env!("CARGO_BIN_EXE_jotlab");
    let ops = ["run", "--random", "20", "--op", "jws.sign", "--op", "jwk.parse", "--"];
    let ended = crosscheck(&[&ops[..], &[jotlab, "crosscheck", "adapter"]].concat());
    ended.expect(0, &["jwk.parse  ", "jws.sign HS512", "jws.sign RS256", "no disagreement"]);
}

#[test]
fn libraries_sign_as_jotlab_does() {
    let python = std::env::var("JOTLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let dir = Dir::new();
    let adapter = |language: &str, file: &str| dir.file(file, crosscheck(&["init", language]).out);
    let run = |command: &[&str]| {
        let run = ["run", "--random", "0", "--op", "jws.sign", "--"];
        let ended = crosscheck(&[&run[..], command].concat());
        ended.expect(0, &["jws.sign HS512", "jws.sign RS256", "no disagreement"]);
    };
    let pyjwt = ["-c", "import jwt, cryptography"];
    if has_python() && is_there("pyjwt", Command::new(&python).args(pyjwt)) {
        run(&[&python, &adapter("python", "adapter.py")]);
    }
    let path = std::env::var("JOTLAB_NODE_PATH").unwrap_or_default();
    let mut probe = Command::new("node");
    probe.env("NODE_PATH", &path).args(["-e", "require.resolve('jose')"]);
    if is_there("jose", &mut probe) {
        let path = format!("NODE_PATH={path}");
        run(&["env", &path, "node", &adapter("node", "adapter.mjs")]);
    }
}
