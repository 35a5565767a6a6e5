//! The command in a shell: help, completions, a reader that goes away, a disk that is full.

use crate::support::{CLAIMS, SECRET, command, hs256, jotlab, jotlab_in};
use std::io::Write;
use std::process::Stdio;

#[test]
fn alone_it_says_what_it_is_in_a_few_lines() {
    let run = jotlab::<&str>(&[]).exits(0);
    assert!(run.out.lines().count() <= 12, "{}", run.out);
    assert_eq!(run.out.lines().filter(|line| line.starts_with("  jotlab ")).count(), 3);
    assert!(run.err.is_empty());
}

#[test]
fn help_and_version_are_results() {
    for arguments in [
        &["--help"][..],
        &["help"],
        &["help", "verify"],
        &["verify", "--help"],
        &["sign", "-h"],
        &["decode", "--help"],
        &["vectors", "run", "--help"],
        &["--version"],
    ] {
        let run = jotlab(arguments).exits(0);
        assert!(!run.out.is_empty() && run.err.is_empty(), "{arguments:?}");
    }
    jotlab(&["--version"]).says(env!("CARGO_PKG_VERSION"));
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let run = jotlab(&["completions", shell]).exits(0);
        assert!(run.out.contains("jotlab") && run.out.contains("verify"), "{shell}");
    }
    jotlab(&["completions", "abacus"]).exits(2);
}

#[test]
fn there_is_no_colour_where_no_terminal_is() {
    for run in [
        jotlab(&["verify", &hs256(CLAIMS), "--secret", SECRET]),
        jotlab(&["verify", "x", "--secret", SECRET]),
        jotlab(&["verify", "@/does/not/exist", "--secret", SECRET]),
        jotlab(&["vectors", "show", "RFC 4231/1-SHA-256"]),
    ] {
        assert!(
            !run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'),
            "{}{}",
            run.out,
            run.err
        );
    }
}

/// What writes a result, with whatever it needs on stdin.
fn commands() -> Vec<(Vec<&'static str>, String)> {
    let verify = ["verify", "-", "--secret", SECRET, "--now", "2000000000"];
    let many = (hs256(CLAIMS) + "\n").repeat(9000);
    vec![
        (vec!["decode", "-"], hs256(CLAIMS)),
        (verify.to_vec(), hs256(CLAIMS)),
        ([&verify[..], &["--json"]].concat(), hs256(CLAIMS)),
        ([&verify[..], &["--batch"]].concat(), many),
        (vec!["sign", "--secret", SECRET, "--claims", "-"], CLAIMS.to_owned()),
        (vec!["vectors", "run", "RFC 7638"], String::new()),
        (vec!["vectors", "show", "RFC 4231/1-SHA-256"], String::new()),
        (vec!["completions", "bash"], String::new()),
        (vec![], String::new()),
    ]
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for (arguments, stdin) in commands() {
        let mut command = command(&arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut pipe = child.stdin.take().unwrap();
        let _it_may_be_gone = pipe.write_all(stdin.as_bytes());
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(!err.contains("panicked"), "{arguments:?}: {err}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_two() {
    for (arguments, stdin) in commands() {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = command(&arguments);
        command.stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let _it_may_be_gone = pipe.write_all(stdin.as_bytes());
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(!err.contains("panicked"), "{arguments:?}: {err}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(err.contains("cannot write the result"), "{arguments:?}: {err}");
    }
}

/// Read for the second time it would be empty, and the answer one to another question.
#[test]
fn stdin_is_one_input_only() {
    for arguments in [
        &["sign", "--secret", "-", "--payload", "-"][..],
        &["verify", "-", "--secret", "-"],
        &["explain", "hmac", "--secret", "-", "-"],
        &["explain", "sha256", "-", "--diff", "-"],
    ] {
        jotlab_in(arguments, SECRET).exits(2).says("stdin can be one of the inputs");
    }
}
