//! A plain command in the place of an adapter.

use crate::tools::{Dir, is_there};
use crate::{crosscheck, left_behind};
use std::process::Command;

fn run(command: &str, more: &[&str]) -> crate::Ended {
    let arguments = ["run", "--exec", command, "--op", "sha2", "--alg", "SHA-256"];
    crosscheck(&[&arguments[..], more].concat())
}

#[test]
fn openssl_passes_and_a_wrapper_that_lies_is_found() {
    if !is_there("openssl", Command::new("openssl").arg("version")) {
        return;
    }
    run("openssl dgst -sha256 -r", &["--random", "10"]).expect(0, &["no disagreement"]);
    let directory = Dir::new();
    let wrapper = "f=$(mktemp); cat > $f; d=$(openssl dgst -sha256 -r < $f)\n\
        if [ $(wc -c < $f) = 64 ]; then echo \"$d\" | tr 0123456789 1032547698; else echo \"$d\"; fi\n\
        rm $f\n";
    let path = directory.file("wrapper.sh", wrapper);
    let ended = run(&format!("sh {path}"), &["--random", "10"]);
    let zeros = format!("\n    msg      {}\n", "00".repeat(64));
    ended.expect(1, &["smallest: sha2 SHA-256 of 64 bytes\n", &zeros, "disagreements: "]);
}

#[test]
fn commands_that_fail_are_named() {
    let once = &["--random", "0"];
    let broken = run("echo no luck >&2; exit 3", once);
    broken.expect(6, &["CRASH", "exit status: 3: no luck", "given up after 5 failures in a row"]);
    run("/no/such/command", once).expect(6, &["CRASH", "exit status: 127", "not found"]);
    run("true", once).expect(1, &["it printed nothing"]);
    run("echo hello", once).expect(1, &["its output begins with no hex: hello"]);
    let hangs = run("sleep 987654", &["--random", "0", "--timeout", "0.2"]);
    hangs.expect(6, &["HANG no output within 200ms", "given up after 5 failures in a row"]);
    assert_eq!(left_behind("sleep 987654"), Vec::<String>::new());
    crosscheck(&["run", "--exec", "true", "--random", "1"]).expect(2, &["--exec needs --alg"]);
}
