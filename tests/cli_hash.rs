//! `jotlab hash` and `mac`: the format of sha256sum both ways, files of any size, clear exits.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn workshop(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_hash").join(name);
    let _absent = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Runs a line of sh with `jotlab` in reach, expects the exit code, and gives stdout.
fn sh(code: i32, directory: &Path, line: &str) -> String {
    let jotlab = Path::new(env!("CARGO_BIN_EXE_jotlab")).parent().unwrap();
    let path = format!("{}:{}", jotlab.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    let output =
        shell.arg("-c").arg(line).current_dir(directory).env("PATH", path).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{line}: {told}");
    assert!(!told.contains("panicked"), "{line}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn digests_are_listed_and_checked_again() {
    let directory = workshop("list");
    fs::write(directory.join("a"), "abc").unwrap();
    fs::write(directory.join("odd \\ name\n"), "abc").unwrap();
    assert_eq!(sh(0, &directory, "printf abc | jotlab hash sha256"), format!("{ABC}  -\n"));
    let list = sh(0, &directory, "jotlab hash sha256 a odd* | tee list");
    assert_eq!(list, format!("{ABC}  a\n\\{ABC}  odd \\\\ name\\n\n"));
    assert!(sh(0, &directory, "jotlab hash sha256 --check list").starts_with("a: OK\n"));
    fs::write(directory.join("a"), "abd").unwrap();
    assert!(sh(1, &directory, "jotlab hash sha256 --check list").starts_with("a: FAILED\n"));
    fs::remove_file(directory.join("a")).unwrap();
    sh(2, &directory, "jotlab hash sha256 --check list");
    sh(3, &directory, "echo nonsense > bad; jotlab hash sha256 --check bad");
    sh(2, &directory, ": > empty; jotlab hash sha256 --check empty");
    sh(2, &directory, "jotlab hash sha1 list");
    let rest = sh(2, &directory, "jotlab hash sha256 missing bad .");
    assert_eq!(rest.lines().count(), 1, "the file that can be read is hashed: {rest}");
    sh(0, &directory, "jotlab hash sha512-224 bad --json | grep -q '\"digest\"'");
}

#[test]
fn a_code_is_made_and_verified() {
    let directory = workshop("mac");
    let tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let message = "printf 'what do ya want for nothing?'";
    assert_eq!(
        sh(0, &directory, &format!("{message} | jotlab mac sha256 --secret Jefe")),
        format!("{tag}  -\n")
    );
    for secret in ["hex:4a656665", "b64u:SmVmZQ", "env:S", "@secret"] {
        let line = format!(
            "printf Jefe > secret; export S=Jefe; {message} | jotlab mac sha256 --secret {secret} --verify {tag}"
        );
        assert_eq!(sh(0, &directory, &line), "-: ok\n", "{secret}");
    }
    let verify = |tag: &str, code| {
        sh(code, &directory, &format!("{message} | jotlab mac sha256 --secret Jefe --verify {tag}"))
    };
    verify(&tag.replace('5', "6"), 1);
    verify(&tag[..32], 1);
    verify("xyz", 3);
    sh(5, &directory, "jotlab mac sha256 --secret '' < /dev/null");
    sh(2, &directory, "jotlab mac sha256 --secret env:NOT_THERE < /dev/null");
}

#[test]
fn base64url_is_strict_both_ways() {
    let directory = workshop("base64url");
    assert_eq!(sh(0, &directory, "jotlab base64url encode hex:03ecffe0c1"), "A-z_4ME\n");
    assert_eq!(sh(0, &directory, "printf 'YWJj\\n' | jotlab base64url decode"), "abc");
    for wrong in ["YWJj=", "YWJ", "'YW Jj'", "YW+j", "A"] {
        sh(3, &directory, &format!("jotlab base64url decode {wrong}"));
    }
    sh(3, &directory, "printf 'YWJj\\n\\n' | jotlab base64url decode");
}

/// A file of 2 GiB, which takes no place on the disk, in less than 16 MiB of memory.
#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_file() {
    let directory = workshop("huge");
    let file = fs::File::create(directory.join("huge")).unwrap();
    file.set_len(2 << 30).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jotlab"))
        .args(["hash", "sha512", "huge"])
        .current_dir(&directory)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!((1..16 << 10).contains(&peak), "{peak} KiB");
    fs::remove_file(directory.join("huge")).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_closed_pipe_is_no_error_and_a_full_disk_is_one() {
    let directory = workshop("pipe");
    sh(0, &directory, "jotlab completions bash | head -c 1 > /dev/null");
    sh(0, &directory, "jotlab vectors list --json | true");
    sh(2, &directory, "printf abc | jotlab hash sha256 > /dev/full");
    sh(2, &directory, "jotlab vectors list > /dev/full");
}
