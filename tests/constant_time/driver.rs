//! Builds the subjects and runs them under valgrind.

use jotlab::cpu::{Adx, Avx2, PORTABLE, VARIABLE};
use std::path::PathBuf;
use std::process::{Command, Output};

/// What valgrind exits with where it had something to report.
const REPORTED: i32 = 99;

/// What must be seen.
const PLANTED: [&str; 2] = ["planted-branch", "planted-index"];

pub(crate) fn main() {
    if let Err(why) = has_valgrind() {
        let required = std::env::var("JOTLAB_REQUIRE").unwrap_or_default();
        assert!(!required.split(',').any(|one| one == "valgrind"), "valgrind is required: {why}");
        eprintln!("skipped: valgrind: {why}");
        return;
    }
    let program = build();
    // valgrind shows programs AVX2 and BMI2 where the machine has them, and no kernel that is more
    let mut asked = vec![("hmac", PORTABLE), ("base64", PORTABLE), ("rsa-sign", PORTABLE)];
    if Avx2::detect().is_some() {
        asked.extend([("hmac", Avx2::NAME), ("base64", Avx2::NAME), ("rsa-sign", Adx::NAME)]);
    }
    let count = asked.len() + PLANTED.len();
    for (subject, way) in asked {
        let (code, out, reports) = under_valgrind(&program, subject, way);
        assert_eq!(code, 0, "{subject}: a branch or an address depends on a secret\n{reports}");
        let done = match subject {
            "hmac" => "60 verdicts",
            "base64" => "67 lengths",
            _ => "2 signatures of 2048 bits",
        };
        assert_eq!(out, format!("{subject}: {done} by {way}\n"), "another way ran");
        println!("test {subject} by {way} ... ok");
    }
    for planted in PLANTED {
        let (code, out, reports) = under_valgrind(&program, planted, "");
        assert_eq!(code, REPORTED, "{planted} was not seen\n{out}{reports}");
        assert!(reports.contains("subject.rs"), "{planted} was not seen where it is\n{reports}");
        println!("test {planted} is seen ... ok");
    }
    println!("test result: ok. {count} passed");
}

fn has_valgrind() -> Result<(), String> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Err("the requests are those of x86-64 Linux".to_owned());
    }
    match Command::new("valgrind").arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(output.status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// This file once more, optimised as what ships, without the command.
fn build() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("constant-time");
    let output = Command::new(env!("CARGO"))
        .args(["test", "--release", "--no-run", "--no-default-features", "--locked"])
        .args(["--test", "constant_time", "--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", "--cfg jotlab_ct")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let mut executables = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    executables.next().expect("cargo names the program")
}

/// Exit code, stdout, and what valgrind reports.
fn under_valgrind(program: &PathBuf, subject: &str, way: &str) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new("valgrind")
        .args(["-q", "--tool=memcheck", "--leak-check=no", "--undef-value-errors=yes"])
        .arg(format!("--error-exitcode={REPORTED}"))
        .arg(program)
        .arg(subject)
        .env(VARIABLE, way)
        .output()
        .expect("valgrind runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}
