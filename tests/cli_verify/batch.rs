//! Many tokens at once: a verdict a line, in the same order.

use crate::support::{CLAIMS, SECRET, hs256, jotlab_in};

const BATCH: [&str; 7] = ["verify", "--batch", "-", "--secret", SECRET, "--now", "2000000000"];

#[test]
fn verdicts_come_in_the_order_of_the_tokens() {
    let good = hs256(CLAIMS);
    let expired = hs256(r#"{"exp":1}"#);
    let bad = format!("{}AAA", &good[..good.len() - 3]);
    let lines = [good.as_str(), "garbage", expired.as_str(), bad.as_str(), good.as_str()];
    let run = jotlab_in(&BATCH, lines.join("\n") + "\n");
    let verdicts: Vec<&str> = run.out.lines().collect();
    assert_eq!((verdicts[0], verdicts[4]), ("ok", "ok"));
    for (line, start) in [(1, "malformed: "), (2, "claims refused: exp "), (3, "bad signature")] {
        assert!(verdicts[line].starts_with(start), "{}", verdicts[line]);
    }
    // malformed goes before the others
    assert_eq!((verdicts.len(), run.code), (5, 3));
}

#[test]
fn ten_thousand_tokens_and_objects_with_a_token() {
    let good = hs256(CLAIMS);
    let mut lines = format!("{good}\n{{\"token\":\"{good}\",\"more\":1}}\n").repeat(5000);
    let run = jotlab_in(&BATCH, &lines).exits(0);
    assert_eq!(run.out, "ok\n".repeat(10_000));
    lines += "x\n";
    assert_eq!(jotlab_in(&BATCH, &lines).exits(3).out.lines().count(), 10_001);
}

#[test]
fn json_is_the_object_of_a_single_run_on_one_line() {
    let run = jotlab_in(&[&BATCH[..], &["--json"]].concat(), hs256(CLAIMS)).exits(0);
    assert_eq!(run.out.lines().count(), 1);
    assert_eq!(run.json()["signature"]["verdict"], "good");
}

#[test]
fn nothing_to_verify_and_lines_that_are_too_long() {
    jotlab_in(&BATCH, "").exits(2);
    let good = hs256(CLAIMS);
    let run = jotlab_in(&BATCH, format!("{}\n{good}\n\n", "A".repeat(3 << 20))).exits(3);
    let verdicts: Vec<&str> = run.out.lines().collect();
    assert!(verdicts[0].contains("more than 1048576"), "{}", verdicts[0]);
    assert_eq!((verdicts[1], verdicts.len()), ("ok", 3));
}
