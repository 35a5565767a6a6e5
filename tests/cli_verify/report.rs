//! `verify --json`: one object with the members that are promised, and the same exit code as in text.

use crate::support::{
    CLAIMS, Dir, hs256, jotlab, public_pem, rsa, token, unsigned, verify_hs, verify_key,
};
use jotlab::jose::Algorithm;
use serde_json::{Value, json};

#[test]
fn every_member_is_there_in_every_verdict() {
    let dir = Dir::new();
    let public = dir.file("p", public_pem(&rsa()));
    let good = token(&rsa(), Algorithm::Rs256, CLAIMS);
    let (rest, signature) = good.rsplit_once('.').unwrap();
    let letter = if signature.starts_with('A') { 'B' } else { 'A' };
    let bad = format!("{rest}.{letter}{}", &signature[1..]);
    let expired = token(&rsa(), Algorithm::Rs256, r#"{"exp":1}"#);
    let unknown = unsigned(r#"{"alg":"none"}"#, CLAIMS);
    for (token, exit, signature, claims) in [
        (&good, 0, "good", "accepted"),
        (&bad, 1, "bad", "not reached"),
        (&"no token".to_owned(), 3, "malformed", "not reached"),
        (&expired, 4, "good", "refused"),
        (&unknown, 5, "no key", "not reached"),
    ] {
        let run = verify_key(token, &public, &["--json"]).exits(exit);
        let report = run.json();
        assert_eq!(report["verdict"], if exit == 0 { "accepted" } else { "refused" });
        assert_eq!(report["exit"], exit);
        assert_eq!(report["signature"]["verdict"], signature);
        assert_eq!(report["claims"]["verdict"], claims);
        assert!(report["not_checked"].is_array() && report["relaxed"].is_array());
        assert_eq!(report["claims"]["checks"].is_array(), matches!(exit, 0 | 4));
        verify_key(token, &public, &[]).exits(exit);
    }
}

#[test]
fn a_good_verdict_has_the_algorithm_the_key_the_header_and_the_claims() {
    let report = verify_hs(&hs256(CLAIMS), &["--json"]).exits(0).json();
    assert_eq!(report["signature"]["alg"], "HS256");
    assert_eq!(report["signature"]["header"], json!({"alg": "HS256"}));
    assert!(report["signature"]["key"].as_str().unwrap().contains("oct"));
    assert_eq!(report["claims"]["values"], serde_json::from_str::<Value>(CLAIMS).unwrap());
    let check = &report["claims"]["checks"][0];
    assert_eq!((&check["rule"], &check["outcome"]), (&"exp".into(), &"passed".into()));
    assert!(check["section"].is_string() && check["detail"].is_string());
    let open = report["not_checked"].to_string();
    for what in ["iss", "sub", "typ", "jti", "revocation"] {
        assert!(open.contains(what), "{what}: {open}");
    }
    let asked = verify_hs(&hs256(CLAIMS), &["--json", "--iss", "https://issuer.example"]).json();
    assert!(!asked["not_checked"].to_string().contains("iss"), "{asked}");
}

#[test]
fn the_offset_of_what_is_malformed_is_told() {
    let good = hs256(CLAIMS);
    let at = |index: usize| good[..index].to_owned() + "*" + &good[index + 1..];
    let second = good.find('.').unwrap() + 3;
    let third = good.rfind('.').unwrap() + 5;
    for index in [0, 7, second, third] {
        let report = verify_hs(&at(index), &["--json"]).exits(3).json();
        assert_eq!(report["signature"]["offset"], index);
        verify_hs(&at(index), &[]).exits(3).says(&format!("offset {index}"));
    }
    verify_hs("", &[]).exits(3).says("offset 0");
    verify_hs("a.b", &[]).exits(3).says("offset 3");
    verify_hs("a.b.c.d", &[]).exits(3).says("offset 5");
    verify_hs("a.b.c.d.e", &[]).exits(3).says("JWE");
}

#[test]
fn json_keeps_every_character_of_the_claims() {
    let text = "DEL \u{7f}, C1 \u{85}\u{9b}31m, bidi \u{202e}, ESC \u{1b}[7m, NUL \0, 🦀, end";
    let claims = json!({ "exp": 2_000_000_300, "text": text });
    let token = hs256(&claims.to_string());
    let report = verify_hs(&token, &["--json"]).exits(0).json();
    assert_eq!(report["claims"]["values"]["text"], text, "verify");
    let report = jotlab(&["decode", &token, "--json"]).exits(0).json();
    assert_eq!(report["parts"][1]["json"]["text"], text, "decode");
}
