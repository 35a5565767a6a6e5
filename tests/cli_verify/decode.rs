//! `decode`: whatever it is given, it says that nothing is verified and nothing that reads like success.

use crate::support::{CLAIMS, Dir, Run, hs256, jotlab, jotlab_in, unsigned};
use jotlab::base64::encode_url;

/// Shows it both ways and asserts what holds for every input.
fn decode(token: &str) -> Run {
    let text = jotlab(&["decode", "--", token]);
    assert!(text.out.starts_with("UNVERIFIED"), "{}", text.out);
    let lower = text.out.to_lowercase().replace("unverified", "");
    for word in ["good", "valid", "accepted", "verified", "success", "\u{2713}"] {
        assert!(!lower.contains(word), "{word}: {}", text.out);
    }
    let json = jotlab(&["decode", "--json", "--", token]).exits(text.code).json();
    assert_eq!(json["unverified"], true);
    assert!(json["parts"].is_array() && json["remarks"].is_array());
    text
}

#[test]
fn any_token_is_shown_as_far_as_it_can_be_read() {
    let shown = "issuer.example";
    decode(&hs256(CLAIMS)).exits(0).says(shown).says("HS256").says("2000000300");
    decode(&unsigned(r#"{"alg":"none"}"#, CLAIMS)).says(shown).says("none");
    decode(unsigned(r#"{"alg":"none"}"#, CLAIMS).trim_end_matches("AAAA")).says(shown);
    decode(&unsigned(r#"{"alg":"XX1"}"#, CLAIMS)).says(shown).says("XX1");
    decode(&unsigned("no json", CLAIMS)).says(shown).says(&hex::encode("no json"));
    decode(&unsigned(r#"{"alg":"HS256","alg":"none"}"#, CLAIMS)).exits(3).says(shown);
    decode(&encode_url(br#"{"alg":"HS256"}"#)).exits(3).says("HS256").says("1 part,");
    decode(&(hs256(CLAIMS) + ".x")).exits(3).says(shown).says("4 parts");
}

#[test]
fn what_cannot_be_read_is_said_with_its_offset() {
    let good = hs256(CLAIMS);
    decode("").exits(3);
    decode(".").exits(3);
    decode("....").exits(3).says("JWE");
    decode(&format!("*{}", &good[1..])).exits(3).says("offset 0").says("issuer.example");
    decode(&format!("{good}=")).exits(3).says(&format!("offset {}", good.len()));
    decode("{").exits(3);
    decode("{}").exits(3).says("none of the members");
    decode(r#"{"payload":1,"signatures":[]}"#).exits(3).says("payload");
    for (claims, words) in [
        (r#"{"exp":1,}"#, "offset 9"),
        (r#"{"exp":1e400}"#, "not finite"),
        (r#"{"exp":1} x"#, "text behind the value"),
    ] {
        let header = r#"{"alg":"HS256"}"#;
        decode(&unsigned(header, claims)).exits(3).says(words).says("no claims");
    }
    decode(&unsigned(r#"{"alg":"HS256"}"#, "plain text")).exits(0).says("as text: plain text");
    decode(r#"{"payload":"e30","signature":1}"#);
    decode(&".".repeat(1000)).exits(3);
    decode("\u{1f980}.\u{1f980}.\u{1f980}").exits(3);
}

/// Numbers of any spelling, the order of members, times with their dates.
#[test]
fn values_are_shown_as_they_are_written() {
    let claims =
        r#"{"z":[],"exp":2000000300, "n":99999999999999999999999,"a":{"e":1e15,"s":"a\"{,:}"}}"#;
    let run = decode(&unsigned(r#"{"alg":"HS256"}"#, claims)).exits(0);
    let run = run.says("\"n\": 99999999999999999999999,").says("\"e\": 1e15,");
    let run = run.says("exp: 2000000300 (2033-05-18T03:38:20Z)").says(r#""s": "a\"{,:}""#);
    assert!(run.out.find("\"z\": [],") < run.out.find("\"a\": {\n"), "{}", run.out);
}

#[test]
fn a_jwe_is_told_by_its_five_parts() {
    let header = encode_url(br#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
    decode(&format!("{header}.AAAA.AAAA.AAAA.AAAA")).exits(3).says("JWE").says("RSA-OAEP");
}

#[test]
fn a_file_and_stdin_do_as_well() {
    let (dir, good) = (Dir::new(), hs256(CLAIMS));
    let shown = jotlab(&["decode", &good]).exits(0).out;
    assert_eq!(jotlab(&["decode", &dir.at("t", format!("{good}\n"))]).exits(0).out, shown);
    assert_eq!(jotlab_in(&["decode", "-"], &good).exits(0).out, shown);
    assert_eq!(jotlab_in(&["decode"], &good).exits(0).out, shown);
    jotlab(&["decode", "@/does/not/exist"]).exits(2);
    jotlab_in(&["decode"], b"\xff").exits(3);
}

#[test]
fn a_header_that_is_no_json_object_is_malformed() {
    for header in ["", "no json", "[]", "1", "null"] {
        decode(&unsigned(header, CLAIMS)).exits(3).says("issuer.example");
    }
    decode("..").exits(3);
}
