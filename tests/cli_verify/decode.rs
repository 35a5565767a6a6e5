//! `decode` shows what there is of any token, and never says anything that sounds like success.

use crate::support::{CLAIMS, hs256, jotlab, jotlab_in, unsigned};

#[test]
fn every_token_is_shown_as_unverified() {
    for (token, code) in [
        (hs256(CLAIMS), 0),
        (unsigned(r#"{"alg":"none"}"#, "{}"), 0),
        (unsigned(r#"{"alg":"ES999"}"#, "{}"), 0),
        (unsigned(r#"{"alg":"HS256","alg":"none"}"#, "{}"), 3),
        ("a.b.c.d.e".to_owned(), 3),
        ("eyJhbGciOiJIUzI1NiJ9==.e30.".to_owned(), 3),
        ("....".repeat(100), 3),
        (r#"{"payload":"e30","signature":"AA","protected":"e30"}"#.to_owned(), 0),
        ("{".to_owned(), 3),
        (String::new(), 3),
    ] {
        let run = jotlab(&["decode", &token]).exits(code);
        assert!(run.out.starts_with("UNVERIFIED"), "{}", run.out);
        assert!(!run.out.contains("good") && !run.out.contains("accepted"), "{}", run.out);
        let json = jotlab(&["decode", "--json", &token]).exits(code).json();
        assert_eq!(json["unverified"], true);
    }
}

#[test]
fn a_token_is_read_from_stdin_too() {
    jotlab_in(&["decode"], hs256(CLAIMS) + "\n").exits(0).says("\"exp\": 2000000300");
}
