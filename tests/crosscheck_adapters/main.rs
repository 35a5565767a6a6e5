//! The adapters that `jotlab crosscheck init` prints, each run against its real library: hello, then every
//! question of the embedded suites that it declares, beside jotlab's own answers.
//!
//! A toolchain that this machine does not have is named on stderr and passed over, by the rules of
//! `tests/interop` (`JOTLAB_REQUIRE`, `JOTLAB_PYTHON`, `JOTLAB_NODE_PATH`). With `--nocapture`, every answer
//! that differs is printed.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; what differs is printed"
)]

mod peer;
mod questions;
#[expect(dead_code, reason = "shared with tests/interop")]
#[path = "../interop/tools.rs"]
mod tools;

use jotlab::vectors::{Answer, Implementation, Jotlab};
use peer::Peer;
use questions::{Question, agree, for_peer, read};
use serde_json::json;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use tools::{Dir, bytes, is_there, run};

/// Answers that differ for a reason that is known and not the adapter's: the peer, what stands in the
/// question's name or in the answer, the reason.
const KNOWN: &[(&str, &str, &str)] = &[
    ("go", "jotlab/rsa-keys.json", "crypto/rsa looks at neither e nor whether n is even"),
    ("go", "jotlab/rsa-blocks.json above-n", "before Go 1.20 a signature is not compared with n"),
    ("go", "the signature is not reduced", "before Go 1.20 a signature is not compared with n"),
    ("java", "no-null", "the JDK takes a DigestInfo without NULL"),
    ("java", "Missing NULL in the ASN encoding", "the JDK takes a DigestInfo without NULL"),
    ("java", "jotlab/rsa-keys.json modulus-even", "the JDK does not look whether n is even"),
    ("node", "jotlab/rsa-keys.json exponent-one", "OpenSSL verifies with e = 1"),
    ("node", "jotlab/rsa-keys.json exponent-two", "OpenSSL verifies with an even e"),
    ("c", "jotlab/rsa-keys.json exponent-one", "OpenSSL verifies with e = 1"),
    ("c", "jotlab/rsa-keys.json exponent-two", "OpenSSL verifies with an even e"),
    ("python", "Not enough segments", "PyJWT reads the compact form only"),
    ("python", "Invalid header padding", "PyJWT reads the compact form only"),
    ("python", "It is only valid to pass", "PyJWT detaches payloads that are not encoded only"),
    ("python", "Payload segment must be empty", "PyJWT wants an unencoded payload detached"),
    ("python", "has no attribute 'verify'", "PyJWT breaks on a private JWK"),
    ("python", "jotlab/jwt-claims.json exp-fraction", "PyJWT cuts fractions of a time off"),
    ("node", "must be of type \\\"public\\\"", "jose takes no private JWK for verifying"),
    ("node", "rfc/rfc7515.json A.6.4-1", "jose takes no private JWK for verifying"),
    ("node", "rfc/rfc7520.json 4.1 (2)", "jose takes no private JWK for verifying"),
    ("node", "rfc/rfc7520.json 4.8-1", "jose takes no private JWK for verifying"),
    ("node", "for a JSON Web Key Set", "jose takes no secret in a set"),
];

fn adapter(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/crosscheck/adapters").join(file)
}

fn known(peer: &str, question: &str, answer: &str) -> Option<&'static str> {
    let is_it = |(who, what, _): &&(&str, &str, &str)| {
        *who == peer && (question.contains(what) || answer.contains(what))
    };
    KNOWN.iter().find(is_it).map(|(.., why)| *why)
}

/// A line past the test harness, which would keep it.
fn say(line: &str) {
    let _nobody_listens = writeln!(std::io::stderr(), "{line}");
}

/// Whether an operation judges tokens or keys: there libraries differ by design.
fn is_of_jose(operation: &str) -> bool {
    operation.starts_with('j')
}

/// Asks everything that is declared, every `step`-th question of it; where no tool is required it is a
/// desk, not a gate, and fewer questions do.
fn cross_check(name: &str, command: &mut Command, operations: &[&str], step: usize) {
    let step = if std::env::var_os("JOTLAB_REQUIRE").is_some() { step } else { 9 * step };
    let peer = Peer::start(command);
    let version = peer.hello["version"].as_str().unwrap().to_owned();
    for operation in operations {
        assert!(peer.algorithms(operation).is_some(), "{name} declares no {operation}");
    }
    let questions: Vec<&Question> = for_peer(&peer).into_iter().step_by(step).collect();
    let requests: Vec<_> = questions.iter().map(|q| q.request.to_value()).collect();
    let begun = Instant::now();
    let answers = peer.ask(&requests);
    let seconds = begun.elapsed().as_secs_f64();

    let jotlab = Jotlab::new();
    let (mut counts, mut wrong) = (BTreeMap::<&str, [usize; 2]>::new(), vec![]);
    for (question, answer) in questions.iter().zip(&answers) {
        let operation = question.request.operation();
        let theirs = read(&question.request, answer);
        let [asked, differ] = counts.entry(operation).or_default();
        *asked += 1;
        let ours = jotlab.answer(&question.request);
        if theirs.as_ref().is_ok_and(|theirs| agree(&ours, theirs)) {
            continue;
        }
        *differ += 1;
        let accepted = matches!(theirs, Ok(Answer::Valid | Answer::Output(_)));
        let note = known(name, &question.name, &answer.to_string());
        let tolerated = note.is_some() || (is_of_jose(operation) && (accepted || !question.valid));
        let line = format!(
            "{name}: {operation}: {}: {answer}, jotlab says {ours}{}",
            question.name,
            note.map(|why| format!(" [{why}]")).unwrap_or_default()
        );
        println!("{line}");
        if !tolerated {
            wrong.push(line);
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(op, [asked, differ])| format!("{op} {asked} ({differ} differ)"))
        .collect();
    say(&format!("{name} ({version}): {} in {seconds:.1} s", counts.join(", ")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HASHING: [&str; 4] = ["sha2", "sha2.mct", "hmac", "hmac.verify"];
const RSA: [&str; 2] = ["rsa.pkcs1v15.sign", "rsa.pkcs1v15.verify"];

fn python() -> OsString {
    std::env::var_os("JOTLAB_PYTHON").unwrap_or_else(|| "python3".into())
}

#[test]
fn python_agrees() {
    let there = |name, probe| is_there(name, Command::new(python()).args(["-c", probe]));
    if !there("python", "import hashlib, hmac") {
        return;
    }
    let mut operations = [&HASHING[..], &["pbkdf2"]].concat();
    if there("cryptography", "import cryptography") {
        operations.extend(RSA);
    }
    if there("pyjwt", "import jwt, cryptography; jwt.encode, jwt.decode") {
        operations.extend(["jws.verify", "jwt.verify"]);
    }
    cross_check("python", Command::new(python()).arg(adapter("python.py")), &operations, 1);
}

#[test]
fn python_answers_without_delay() {
    if !is_there("python", Command::new(python()).args(["-c", "import hashlib, hmac"])) {
        return;
    }
    let count = 5_000_u32;
    let question = |i: u32| {
        let message = bytes(i.into(), i as usize % 200);
        json!({ "op": "sha2", "alg": "SHA-256", "msg": hex::encode(message) })
    };
    let requests: Vec<_> = (0..count).map(question).collect();
    let peer = Peer::start(Command::new(python()).arg(adapter("python.py")));
    let begun = Instant::now();
    peer.ask(&requests);
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    say(&format!("python: {rate:.0} sha2 questions a second"));
}

#[test]
fn node_agrees() {
    let node = |arguments: &[&str]| {
        let mut command = Command::new("node");
        if let Some(path) = std::env::var_os("JOTLAB_NODE_PATH") {
            command.env("NODE_PATH", path);
        }
        command.args(arguments);
        command
    };
    if !is_there("node", &mut node(&["-e", "require('node:crypto').createHmac"])) {
        return;
    }
    let mut operations = [&HASHING[..], &RSA, &["pbkdf2"]].concat();
    if is_there("jose", &mut node(&["-e", "require.resolve('jose')"])) {
        operations.extend(["jws.verify", "jwt.verify", "jwk.thumbprint"]);
    }
    cross_check("node", node(&[]).arg(adapter("node.mjs")), &operations, 1);
}

#[test]
fn go_agrees() {
    if is_there("go", Command::new("go").arg("version")) {
        let dir = Dir::new();
        let built = dir.path("adapter");
        // as `go run` does, but for the process that stands between
        let source = dir.file("adapter.go", std::fs::read(adapter("go.go")).unwrap());
        run(Command::new("go").args(["build", "-o"]).arg(&built).arg(source), b"");
        cross_check("go", &mut Command::new(built), &[&HASHING[..], &RSA].concat(), 1);
    }
}

#[test]
fn java_agrees() {
    if is_there("java", Command::new("javac").arg("-version")) {
        let dir = Dir::new();
        let source = dir.file("Adapter.java", std::fs::read(adapter("java.java")).unwrap());
        cross_check("java", Command::new("java").arg(source), &[&HASHING[..], &RSA].concat(), 1);
    }
}

#[test]
fn c_agrees() {
    let dir = Dir::new();
    let probe =
        dir.file("probe.c", "#include <openssl/evp.h>\nint main(void) { return !EVP_sha256(); }\n");
    let cc = |source: &str| {
        let mut command = Command::new("cc");
        command
            .args(["-O2", "-Wall", "-Wextra", "-Werror", source, "-lcrypto", "-o"])
            .arg(dir.path("built"));
        command
    };
    if is_there("libcrypto", &mut cc(&probe)) {
        run(&mut cc(adapter("c.c").to_str().unwrap()), b"");
        cross_check("c", &mut Command::new(dir.path("built")), &[&HASHING[..], &RSA].concat(), 1);
    }
}

#[test]
fn rust_agrees() {
    if is_there("rustc", Command::new("rustc").arg("--version")) {
        let dir = Dir::new();
        let built = dir.path("adapter");
        let source = dir.file("main.rs", std::fs::read(adapter("rust.rs")).unwrap());
        run(
            Command::new("rustc")
                .args(["--edition=2021", "-Dwarnings", "-O", &source, "-o"])
                .arg(&built),
            b"",
        );
        cross_check("rust", &mut Command::new(built), &["sha2"], 1);
    }
}

#[test]
fn shell_agrees() {
    // some processes for each question: not every one is asked
    if is_there("openssl", Command::new("openssl").arg("version")) {
        cross_check("shell", Command::new("sh").arg(adapter("shell.sh")), &["sha2", "hmac"], 31);
    }
}
