//! Faults that hang on a length or on one byte are shrunk to the true minimum; how long that took is printed.

use crate::{crosscheck, has_python, script};

fn shrunk(op: &str, bug: &str, smallest: &[&str]) {
    let script = script("planted.py");
    // the edges have no long message of 55 mod 64, and one in 256 begins with 41: of this seed one soon does
    let [count, seed] = match bug {
        "only-above-5000" => ["60", "1"],
        "only-first-41" => ["10", "5"],
        _ => ["0", "1"],
    };
    let arguments = ["run", "--random", count, "--seed", seed, "--op", op, "--alg", "SHA-256"];
    let ended = crosscheck(&[&arguments[..], &["--", "python3", &script, bug]].concat());
    ended.expect(1, smallest);
    eprintln!("{bug}: shrunk in {:?}", ended.took);
}

#[test]
fn the_true_minimum_is_found() {
    if !has_python() {
        return;
    }
    let zeros = |length: usize| format!("\n    msg      {}\n", "00".repeat(length));
    shrunk("sha2", "only-55-mod-64", &["smallest: sha2 SHA-256 of 55 bytes\n", &zeros(55)]);
    shrunk("sha2", "only-above-5000", &["smallest: sha2 SHA-256 of 5047 bytes\n", "msg      0000"]);
    shrunk("sha2", "only-8191", &["smallest: sha2 SHA-256 of 8191 bytes\n", "msg      0000"]);
    shrunk("sha2", "only-a7", &["smallest: sha2 SHA-256 of 1 bytes\n", "\n    msg      a7\n"]);
    shrunk(
        "sha2",
        "only-first-41",
        &["smallest: sha2 SHA-256 of 1 bytes\n", "\n    msg      41\n"],
    );
    let key = format!("\n    key      {}\n", "00".repeat(64));
    shrunk("hmac", "only-key-64", &["smallest: hmac SHA-256 of 0 bytes, key of 64\n", &key]);
}
