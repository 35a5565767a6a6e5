//! Every form of a JWS: detached, unencoded (RFC 7797), flattened, general with more than one signature.

use crate::support::{
    CLAIMS, Dir, NOW, Run, SECRET, jotlab, lenient, named, public_set, rsa_named, rsa_of,
};
use jotlab::jose::{Algorithm, Content, Jwk, Signer, general};
use serde_json::Value;

fn sign(options: &[&str]) -> String {
    let run = jotlab(&[&["sign", "--secret", SECRET], options].concat()).exits(0);
    run.out.trim_end().to_owned()
}

fn verify(token: &str, options: &[&str]) -> Run {
    jotlab(&[&["verify", token, "--secret", SECRET, "--jws"], options].concat())
}

#[test]
fn any_payload_is_signed_as_it_is() {
    let dir = Dir::new();
    let file = dir.file("payload", b"\0\xff any bytes\r\n");
    let token = sign(&["--payload", &file]);
    let report = verify(&token, &["--json"]).exits(0).json();
    assert_eq!(report["payload"], jotlab::base64::encode_url(b"\0\xff any bytes\r\n"));
    assert_eq!(report["claims"]["verdict"], "not asked");
    assert!(report["signature"]["header"].get("typ").is_none(), "it is no JWT");
    verify(&token, &[]).exits(0).says("CLAIMS       not asked");
    jotlab(&["verify", &token, "--secret", SECRET]).exits(3);
}

#[test]
fn a_detached_payload_comes_back_by_its_file() {
    let dir = Dir::new();
    let (file, other) = (dir.file("payload", "hello"), dir.file("other", "hellO"));
    for form in ["compact", "flattened", "general"] {
        let token = sign(&["--payload", &file, "--detached", "--serialization", form]);
        assert!(!token.contains("aGVsbG8"), "{token}");
        verify(&token, &["--payload", &file]).exits(0);
        verify(&token, &["--payload", &other]).exits(1);
        let missing = verify(&token, &[]);
        assert_eq!(missing.code, if form == "compact" { 1 } else { 5 }, "{}", missing.out);
        missing.says("payload");
        let attached = sign(&["--payload", &file, "--serialization", form]);
        verify(&attached, &["--payload", &file]).exits(3).says("payload of its own");
        verify(&token, &["--payload", "/does/not/exist"]).exits(2);
    }
    // a JWT may be detached as well
    let token = sign(&["--claims", CLAIMS, "--detached"]);
    let claims = dir.file("claims", CLAIMS);
    let all = ["verify", &token, "--secret", SECRET, "--now", "2000000000", "--payload", &claims];
    jotlab(&all).exits(0).says("CLAIMS       accepted");
}

#[test]
fn an_unencoded_payload_is_signed_and_verified() {
    let dir = Dir::new();
    let raw = ["--header", "b64=false", "--header", r#"crit=["b64"]"#];
    let file = dir.file("payload", "$.02");
    let detached = sign(&[&["--payload", &file, "--detached"], &raw[..]].concat());
    verify(&detached, &["--payload", &file]).exits(0);
    verify(&detached, &["--payload", &dir.file("other", "$.03")]).exits(1);
    // a point can't stand in the compact form (RFC 7797 §5.2)
    jotlab(&[&["sign", "--secret", SECRET, "--payload", &file], &raw[..]].concat()).exits(2);
    let plain = dir.file("plain", "plain text");
    let compact = sign(&[&["--payload", &plain], &raw[..]].concat());
    assert!(compact.contains(".plain text."), "{compact}");
    let report = verify(&compact, &["--json"]).exits(0).json();
    assert_eq!(report["payload"], jotlab::base64::encode_url(b"plain text"));
    verify(&compact.replace("plain", "Plain"), &[]).exits(1);
    // a JWT must not have one (RFC 7797 §7)
    let claims = ["sign", "--secret", SECRET, "--iss", "me"];
    jotlab(&[&claims, &raw[..]].concat()).exits(2).says("RFC 7797 §7");
    // b64 must be critical (RFC 7797 §6)
    let careless = ["sign", "--secret", SECRET, "--payload", &plain, "--header", "b64=false"];
    jotlab(&careless).exits(2);
}

#[test]
fn no_character_of_an_unencoded_payload_is_lost_on_the_way_out() {
    let dir = Dir::new();
    let text = "DEL \u{7f} CSI \u{9b}31m NEL \u{85} bidi \u{202e} NUL \0 ESC \u{1b}[31m end";
    let file = dir.file("payload", text);
    for form in ["flattened", "general"] {
        let token = sign(&[
            "--payload",
            &file,
            "--serialization",
            form,
            "--header",
            "b64=false",
            "--header",
            r#"crit=["b64"]"#,
        ]);
        let parsed: Value = serde_json::from_str(&token).unwrap();
        assert_eq!(parsed["payload"], text, "{form}");
        verify(&token, &[]).exits(0);
    }
}

#[test]
fn json_serializations_verify_and_carry_the_same_signature() {
    let options = ["--claims", CLAIMS, "--header", "typ=null"];
    // typ must be text, so a header without it can't be made this way
    jotlab(&[&["sign", "--secret", SECRET], &options[..]].concat()).exits(2);
    for form in ["flattened", "general"] {
        let token = sign(&["--claims", CLAIMS, "--serialization", form]);
        let parsed: Value = serde_json::from_str(&token).unwrap();
        assert_eq!(parsed.get("signatures").is_some(), form == "general");
        let all = ["verify", &token, "--secret", SECRET, "--now", "2000000000"];
        jotlab(&all).exits(0).says("CLAIMS       accepted");
        let broken = token.replace("payload", "payl0ad");
        jotlab(&[&["verify", &broken], &all[2..]].concat()).exits(5);
    }
}

/// A general serialization by two RSA keys, and the set of both.
struct Two {
    dir: Dir,
    token: Value,
    keys: String,
}

impl Two {
    fn new(second: Jwk) -> Two {
        let keys = [rsa_named("one"), named(second, "two")];
        let signers: Vec<Signer<'_>> = keys
            .iter()
            .map(|key| Signer::new(key, Algorithm::Rs256, &lenient()).unwrap())
            .collect();
        let token = general(&signers, CLAIMS.as_bytes(), Content::Attached).unwrap();
        let dir = Dir::new();
        let keys = dir.file("jwks", public_set(&keys));
        Two { dir, token, keys }
    }

    fn broken(&self, index: usize) -> Value {
        let mut token = self.token.clone();
        token["signatures"][index]["signature"] = jotlab::base64::encode_url(&[1; 256]).into();
        token
    }

    fn verify(&self, token: &Value, options: &[&str]) -> Run {
        let file = self.dir.at("token", token.to_string());
        let now = NOW.to_string();
        jotlab(&[&["verify", &file, "--jwks", &self.keys, "--now", &now], options].concat())
    }
}

#[test]
fn one_good_signature_or_all_of_them() {
    let two = Two::new(rsa_of(2048));
    for options in [&[][..], &["--signatures", "all"], &["--signatures", "any"]] {
        let run = two.verify(&two.token, options).exits(0);
        assert_eq!(run.out.matches("SIGNATURE    good").count(), 2, "{}", run.out);
    }
    for index in [0, 1] {
        let broken = two.broken(index);
        two.verify(&broken, &[]).exits(1);
        let run = two.verify(&broken, &["--signatures", "all"]).exits(1);
        assert!(!run.out.contains("CLAIMS"), "{}", run.out);
        let run = two.verify(&broken, &["--signatures", "any"]).exits(0);
        assert!(run.out.contains("SIGNATURE    bad") && run.out.contains("CLAIMS       accepted"));
        let report = two.verify(&broken, &["--signatures", "any", "--json"]).exits(0).json();
        assert_eq!(report["signatures"][index]["verdict"], "bad");
        assert_eq!(report["signatures"][1 - index]["verdict"], "good");
        assert_eq!(report["verdict"], "accepted");
    }
    let mut none = two.broken(0);
    none["signatures"][1] = two.broken(1)["signatures"][1].clone();
    two.verify(&none, &["--signatures", "any"]).exits(1);
}

#[test]
fn the_weightier_of_two_refusals_is_the_exit_code() {
    let two = Two::new(rsa_of(1024));
    two.verify(&two.token, &[]).exits(5).says("--allow small-rsa");
    two.verify(&two.broken(0), &[]).exits(5);
    two.verify(&two.token, &["--signatures", "any"]).exits(0);
}

#[test]
fn a_relaxation_that_any_signature_needed_is_named() {
    let two = Two::new(rsa_of(1024));
    let run = two.verify(&two.token, &["--allow", "small-rsa"]).exits(0);
    assert!(run.err.contains("needed --allow small-rsa"), "{}", run.err);
    let report = two.verify(&two.token, &["--allow", "small-rsa", "--json"]).exits(0).json();
    assert_eq!(report["relaxed"], serde_json::json!(["small-rsa"]));
}
