//! `verify --batch`: a verdict a line, in order, whatever the lines are.

use crate::support::{
    CLAIMS, Dir, Run, SECRET, hs256, jotlab, jotlab_in, secret, token, unsigned, verify_hs,
};
use jotlab::jose::{Algorithm, Content, Policy, Signer, object};
use serde_json::Value;
use std::time::{Duration, Instant};

fn batch(lines: impl AsRef<[u8]>, options: &[&str]) -> Run {
    let all = [&["verify", "-", "--batch", "--secret", SECRET, "--now", "2000000000"][..], options];
    jotlab_in(&all.concat(), lines)
}

#[test]
fn verdicts_come_in_the_order_of_the_tokens_and_say_why() {
    let (good, expired) = (hs256(CLAIMS), hs256(r#"{"exp":1,"aud":"x"}"#));
    let bad = good[..good.len() - 4].to_owned() + "AAAA";
    let none = unsigned(r#"{"alg":"none"}"#, CLAIMS);
    let lines = [&good, "x", &expired, &bad, "", &none, &good].join("\n");
    let run = batch(&lines, &[]).exits(3);
    let verdicts: Vec<&str> = run.out.lines().collect();
    let starts =
        ["ok", "malformed: ", "claims refused: ", "bad signature", "malformed: ", "no key: "];
    assert_eq!(verdicts.len(), 7, "{}", run.out);
    for (verdict, start) in verdicts.iter().zip(starts) {
        assert!(verdict.starts_with(start), "{verdict}, not {start}");
    }
    assert_eq!((verdicts[0], verdicts[6]), ("ok", "ok"));
    assert!(verdicts[2].contains("aud ") && verdicts[2].contains("; exp "), "{}", verdicts[2]);
}

#[test]
fn the_exit_code_is_that_of_what_weighs_most() {
    let (good, expired) = (hs256(CLAIMS), hs256(r#"{"exp":1}"#));
    let bad = good[..good.len() - 4].to_owned() + "AAAA";
    let none = unsigned(r#"{"alg":"none"}"#, CLAIMS);
    let all = [(0, &*good), (4, &*expired), (1, &*bad), (5, &*none), (3, "x")];
    for (index, (exit, _)) in all.iter().enumerate() {
        // the heaviest in front, so that it isn't just the last one that counts
        let lines: Vec<&str> = all[..=index].iter().rev().map(|(_, token)| *token).collect();
        batch(lines.join("\n"), &[]).exits(*exit);
    }
}

#[test]
fn json_lines_are_the_objects_of_single_runs() {
    let tokens = [hs256(CLAIMS), hs256(r#"{"exp":1}"#), "x".to_owned(), unsigned("{}", "")];
    let run = batch(tokens.join("\n") + "\n", &["--json"]);
    assert_eq!(run.out.lines().count(), tokens.len());
    for (line, token) in run.out.lines().zip(&tokens) {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!(object, verify_hs(token, &["--json"]).json());
    }
}

#[test]
fn a_line_may_be_json_with_a_token_or_a_serialization() {
    let good = hs256(CLAIMS);
    let with_token = format!(r#"{{"id":7,"token":"{good}"}}"#);
    let key = secret();
    let signer = Signer::new(&key, Algorithm::Hs256, &Policy::at(0)).unwrap();
    let flattened = signer.flattened(CLAIMS.as_bytes(), Content::Attached).unwrap().to_string();
    let run =
        batch([&*with_token, &flattened, r#"{"token":1}"#, "{", "{}"].join("\n"), &[]).exits(3);
    let verdicts: Vec<&str> = run.out.lines().collect();
    assert_eq!(&verdicts[..2], ["ok", "ok"]);
    assert_eq!(verdicts.len(), 5);
    assert!(verdicts[2..].iter().all(|verdict| verdict.starts_with("malformed")), "{}", run.out);
}

#[test]
fn nothing_to_verify_is_wrong_usage() {
    let dir = Dir::new();
    batch("", &[]).exits(2).says("no token");
    let empty = dir.at("empty", "");
    jotlab(&["verify", &empty, "--batch", "--secret", SECRET]).exits(2);
    jotlab(&["verify", "@/does/not/exist", "--batch", "--secret", SECRET]).exits(2);
    jotlab(&["verify", &hs256(CLAIMS), "--batch", "--secret", SECRET]).exits(2);
    jotlab(&["verify", "-", "--batch", "--secret", SECRET, "--payload", "x"]).exits(2);
}

#[test]
fn the_last_line_needs_no_end_and_nothing_but_the_newline_is_cut() {
    let good = hs256(CLAIMS);
    for (text, lines) in
        [(good.clone(), 1), (format!("{good}\n"), 1), (format!("{good}\n{good}"), 2)]
    {
        let run = batch(text, &[]).exits(0);
        assert_eq!(run.out.lines().count(), lines);
    }
    for text in [format!("{good}\r\n"), format!(" {good}\n"), format!("{good}\n\n")] {
        batch(text, &[]).exits(3);
    }
}

#[test]
fn ten_thousand_tokens() {
    let (good, expired) = (hs256(CLAIMS), hs256(r#"{"exp":1}"#));
    let lines: String =
        (0..10_000).map(|i| if i % 3 == 0 { &expired } else { &good }.clone() + "\n").collect();
    let start = Instant::now();
    let run = batch(lines, &[]).exits(4);
    assert!(start.elapsed() < Duration::from_secs(30), "it hangs");
    assert_eq!(run.out.lines().count(), 10_000);
    for (i, line) in run.out.lines().enumerate() {
        assert_eq!(line == "ok", i % 3 != 0, "line {i}: {line}");
    }
}

#[test]
fn a_line_that_is_too_long_is_refused_and_the_next_is_read() {
    let good = hs256(CLAIMS);
    for length in [(1 << 20) + 1, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 3 << 20, 5 << 20] {
        let run = batch([&good, &*"A".repeat(length), &good].join("\n"), &[]).exits(3);
        let verdicts: Vec<&str> = run.out.lines().collect();
        assert_eq!(verdicts.len(), 3, "{length}");
        assert_eq!((verdicts[0], verdicts[2]), ("ok", "ok"), "{length}");
        assert!(verdicts[1].starts_with("malformed"), "{length}: {}", verdicts[1]);
    }
}

#[test]
fn bytes_that_are_no_text_are_malformed_and_never_taken_for_others() {
    let good = hs256(CLAIMS);
    let lines = [good.as_bytes(), b"\xff\xfe", good.as_bytes(), b"\0"].join(&b'\n');
    let run = batch(lines, &[]).exits(3);
    let verdicts: Vec<&str> = run.out.lines().collect();
    assert_eq!((verdicts.len(), verdicts[0], verdicts[2]), (4, "ok", "ok"));

    // a payload of U+FFFD stands for itself only, not for whatever can't be read
    let key = secret();
    let members = [("alg", "HS256".into()), ("b64", false.into()), ("crit", vec!["b64"].into())];
    let header = object(&members);
    let signer = Signer::with_header(&key, Algorithm::Hs256, &header, &Policy::at(0)).unwrap();
    let token = signer.flattened("\u{fffd}".as_bytes(), Content::Attached).unwrap().to_string();
    assert_eq!(batch(&token, &["--jws"]).exits(0).out, "ok\n");
    let at = token.find('\u{fffd}').unwrap();
    let other = [&token.as_bytes()[..at], b"\xff", &token.as_bytes()[at + 3..]].concat();
    batch(&other, &["--jws"]).exits(3);
    let dir = Dir::new();
    jotlab(&["verify", &dir.at("t", &other), "--secret", SECRET, "--jws"]).exits(3);
}

#[test]
fn a_hostile_token_has_one_line_as_every_other() {
    let key = crate::support::named(secret(), "k\u{1b}[7m\nok");
    let claims = r#"{"exp":2000000300,"aud":"\u001b[7m\nok\u2028\u0085ok"}"#;
    let hostile = token(&key, Algorithm::Hs256, claims);
    let run = batch(&hostile, &["--aud", "me"]).exits(4);
    assert_eq!(run.out.chars().filter(|c| c.is_control()).count(), 1, "{:?}", run.out);
}
