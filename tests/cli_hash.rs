//! `jotlab hash`, `mac` and `base64url` as scripts see them: bytes out, exit codes, memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// RFC 4231 §4.3: key "Jefe".
const JEFE: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
const JEFE_MESSAGE: &[u8] = b"what do ya want for nothing?";

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_hash_{name}"));
    let _not_there = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs jotlab in a folder and gives its exit code, stdout and stderr.
fn run(folder: &PathBuf, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let output = output(folder, arguments, stdin);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn output(folder: &PathBuf, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jotlab"))
        .args(arguments)
        .current_dir(folder)
        .env("JOTLAB_TEST_SECRET", "Jefe")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // whoever takes no stdin may be gone by now
    let _gone = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn digests_are_in_the_format_of_sha256sum() {
    let folder = folder("format");
    fs::write(folder.join("abc"), "abc").unwrap();
    fs::write(folder.join("empty"), "").unwrap();
    let (code, out, err) = run(&folder, &["hash", "sha256", "abc", "empty", "-"], b"abc");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, format!("{ABC}  abc\n{EMPTY}  empty\n{ABC}  -\n"));
    assert_eq!(run(&folder, &["hash", "SHA-256"], b"").1, format!("{EMPTY}  -\n"));
    for (algorithm, start) in [
        ("sha224", "23097d22"),
        ("sha384", "cb00753f"),
        ("sha512", "ddaf35a1"),
        ("sha512-224", "4634270f"),
        ("sha512-256", "53048e26"),
    ] {
        assert!(run(&folder, &["hash", algorithm], b"abc").1.starts_with(start), "{algorithm}");
    }
    let (code, _, err) = run(&folder, &["hash", "md5"], b"");
    assert_eq!(code, 2);
    assert!(err.contains("sha512-256"), "{err}");
}

#[test]
fn an_unreadable_file_does_not_stop_the_others() {
    let folder = folder("unreadable");
    fs::write(folder.join("abc"), "abc").unwrap();
    let (code, out, err) = run(&folder, &["hash", "sha256", "none", ".", "abc"], b"");
    assert_eq!((code, out), (2, format!("{ABC}  abc\n")));
    assert!(err.contains("cannot read none") && err.contains("cannot read ."), "{err}");
    let (code, out, _) = run(&folder, &["hash", "sha256", "--json", "none", "abc"], b"");
    let out = json(&out);
    assert_eq!((code, &out["algorithm"]), (2, &"sha256".into()));
    assert_eq!(out["files"][1], serde_json::json!({"name": "abc", "digest": ABC}));
    assert!(out["files"][0]["error"].is_string());
}

#[test]
fn lists_are_checked_line_by_line() {
    let folder = folder("check");
    fs::write(folder.join("abc"), "abc").unwrap();
    let check = |list: &str| run(&folder, &["hash", "sha256", "--check", "-"], list.as_bytes());
    let upper = ABC.to_uppercase();

    let (code, out, err) = check(&format!("# words\n\n{ABC}  abc\r\n{upper} *abc\n{ABC}  abc"));
    assert_eq!((code, out.as_str(), err.as_str()), (0, "abc: OK\nabc: OK\nabc: OK\n", ""));

    // as sha256sum --tag writes it
    let (code, out, _) = check(&format!("SHA256 (abc) = {ABC}\nSHA256 (abc) = {EMPTY}\n"));
    assert_eq!((code, out.as_str()), (1, "abc: OK\nabc: FAILED\n"));
    assert_eq!(check(&format!("SHA512 (abc) = {ABC}\n")).0, 3);

    let (code, out, err) = check(&format!("{EMPTY}  abc\n{ABC}  abc\n"));
    assert_eq!((code, out.as_str()), (1, "abc: FAILED\nabc: OK\n"));
    assert!(err.contains("1 of 2"), "{err}");

    let (code, out, err) = check(&format!("{ABC}  abc\n{EMPTY}  none\n{EMPTY}  abc\n"));
    assert_eq!((code, out.as_str()), (2, "abc: OK\nabc: FAILED\n"));
    assert!(err.contains("cannot read none"), "{err}");

    for broken in ["xyz", &ABC[2..], "ab  abc", &format!("{ABC} abc"), &format!("{ABC}  ")] {
        let (code, out, err) = check(&format!("{ABC}  abc\n{broken}\n{EMPTY}  abc\n"));
        assert_eq!((code, out.as_str()), (3, "abc: OK\nabc: FAILED\n"), "{broken}");
        assert!(err.contains("line 2"), "{err}");
    }
    for nothing in ["", "\n", "# words\n"] {
        assert_eq!(check(nothing).0, 2);
    }
    assert_eq!(run(&folder, &["hash", "sha256", "--check", "none"], b"").0, 2);
    assert_eq!(run(&folder, &["hash", "sha256", "--check", "abc", "abc"], b"").0, 2);

    let list = format!("{ABC}  abc\n{EMPTY}  abc\nxyz\n");
    let arguments = ["hash", "sha256", "--json", "--check", "-"];
    let (code, out, _) = run(&folder, &arguments, list.as_bytes());
    let out = json(&out);
    assert_eq!((code, &out["ok"], &out["failed"]), (3, &1.into(), &1.into()));
    assert_eq!(
        (&out["files"][1]["result"], &out["broken"][0]["line"]),
        (&"failed".into(), &3.into())
    );
}

#[cfg(unix)]
#[test]
fn odd_names_are_escaped_and_read_back() {
    let folder = folder("names");
    let name = "a\\b\nc\rd";
    fs::write(folder.join(name), "abc").unwrap();
    fs::write(folder.join("-x"), "abc").unwrap();
    let (code, out, _) = run(&folder, &["hash", "sha256", "--", name, "-x"], b"");
    assert_eq!((code, out.as_str()), (0, &*format!("\\{ABC}  a\\\\b\\nc\\rd\n{ABC}  -x\n")));
    let (code, out, _) = run(&folder, &["hash", "sha256", "--check", "-"], out.as_bytes());
    assert_eq!((code, out.as_str()), (0, "a\\\\b\\nc\\rd: OK\n-x: OK\n"));
    let bad = format!("\\{ABC}  a\\tb\n");
    assert_eq!(run(&folder, &["hash", "sha256", "--check", "-"], bad.as_bytes()).0, 3);
}

#[test]
fn names_of_a_list_bring_no_control_characters() {
    let folder = folder("control");
    let list = format!("{EMPTY}  \u{1b}[2J\n\u{1b}[2J\n");
    let (code, out, err) = run(&folder, &["hash", "sha256", "--check", "-"], list.as_bytes());
    assert_eq!(code, 2);
    assert!(!(out + &err).contains('\u{1b}'));
}

/// 256 MiB of zeros with 64 MiB of address space for data: they cannot have been read at once.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_flat_whatever_the_size() {
    let folder = folder("sparse");
    fs::File::create(folder.join("zeros")).unwrap().set_len(256 << 20).unwrap();
    let script = "ulimit -d 65536; exec \"$0\" hash sha256 zeros";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_jotlab")])
        .current_dir(&folder)
        .output()
        .unwrap();
    // sha256sum of 256 MiB of zeros
    let expected = "a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484  zeros\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{output:?}");
    fs::remove_file(folder.join("zeros")).unwrap();
}

#[cfg(unix)]
#[test]
fn a_reader_that_went_away_is_no_error() {
    let folder = folder("pipe");
    let script =
        "{ sleep 0.2; \"$0\" hash sha256 - - </dev/null; echo $? >code; } | true; cat code";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_jotlab")])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!((output.stdout, output.stderr), (b"0\n".to_vec(), vec![]));
}

#[test]
fn a_full_disk_is_an_error() {
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let output = Command::new(env!("CARGO_BIN_EXE_jotlab"))
            .args(["base64url", "encode", "abc"])
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn codes_are_listed_and_verified() {
    let folder = folder("mac");
    fs::write(folder.join("message"), JEFE_MESSAGE).unwrap();
    fs::write(folder.join("secret"), "Jefe").unwrap();
    for secret in ["Jefe", "@secret", "env:JOTLAB_TEST_SECRET", "hex:4a656665", "b64u:SmVmZQ"] {
        let (code, out, _) = run(&folder, &["mac", "sha256", "--secret", secret], JEFE_MESSAGE);
        assert_eq!((code, out), (0, format!("{JEFE}  -\n")), "{secret}");
    }
    let mac = |more: &[&str]| {
        let arguments = [&["mac", "sha256", "--secret", "Jefe"], more].concat();
        run(&folder, &arguments, JEFE_MESSAGE)
    };
    let url = "b64u:W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM";
    for tag in [JEFE, &JEFE.to_uppercase(), url] {
        let (code, out, err) = mac(&["--verify", tag, "message"]);
        assert_eq!((code, out.as_str(), err.as_str()), (0, "ok\n", ""), "{tag}");
    }
    for tag in [ABC, &JEFE[..32], ""] {
        let (code, out, _) = mac(&["--verify", tag]);
        assert_eq!((code, out.as_str()), (1, "FAILED\n"), "{tag}");
    }
    let (code, out, _) = mac(&["--verify", ABC, "--json"]);
    assert_eq!((code, &json(&out)["result"]), (1, &"failed".into()));
    assert_eq!(json(&mac(&["--json"]).1)["files"][0]["mac"], JEFE);
    let (code, out, _) = mac(&["none", "message"]);
    assert_eq!((code, out), (2, format!("{JEFE}  message\n")));
    for (code, arguments) in [
        (3, &["--verify", "xyz"][..]),
        (3, &["--verify", "b64u:W9=="]),
        (2, &["--verify", JEFE, "message", "message"]),
        (2, &["--verify", JEFE, "none"]),
    ] {
        assert_eq!(mac(arguments).0, code, "{arguments:?}");
    }
}

#[test]
fn secrets_that_cannot_be_used_are_refused() {
    let folder = folder("secrets");
    fs::write(folder.join("nothing"), "").unwrap();
    for (code, secret) in
        [(5, ""), (5, "@nothing"), (2, "@none"), (2, "env:JOTLAB_NOT_SET"), (3, "hex:0"), (2, "-")]
    {
        assert_eq!(run(&folder, &["mac", "sha256", "--secret", secret], b"").0, code, "{secret}");
    }
    fs::write(folder.join("message"), JEFE_MESSAGE).unwrap();
    let (code, out, _) = run(&folder, &["mac", "sha256", "--secret", "-", "message"], b"Jefe");
    assert_eq!((code, out), (0, format!("{JEFE}  message\n")));
    assert_eq!(run(&folder, &["mac", "sha256"], b"").0, 2);
}

#[test]
fn base64url_goes_both_ways() {
    let folder = folder("base64url");
    fs::write(folder.join("bytes"), [3, 236, 255, 224, 193]).unwrap();
    fs::write(folder.join("letters"), "A-z_4ME\n").unwrap();
    fs::write(folder.join("two"), "A-z_4ME\n\n").unwrap();
    for (value, stdin) in
        [("@bytes", &b""[..]), ("hex:03ecffe0c1", b""), ("-", b"\x03\xec\xff\xe0\xc1")]
    {
        let (code, out, _) = run(&folder, &["base64url", "encode", value], stdin);
        assert_eq!((code, out.as_str()), (0, "A-z_4ME\n"), "{value}");
    }
    for (arguments, stdin) in [
        (&["A-z_4ME"][..], &b""[..]),
        (&["@letters"], b""),
        (&["-"], b"A-z_4ME"),
        (&[], b"A-z_4ME\n"),
    ] {
        let arguments = [&["base64url", "decode"], arguments].concat();
        let output = output(&folder, &arguments, stdin);
        assert_eq!(
            (output.status.code(), &*output.stdout),
            (Some(0), &b"\x03\xec\xff\xe0\xc1"[..])
        );
    }
    // a value may begin with the alphabet's own hyphen
    assert_eq!(output(&folder, &["base64url", "decode", "-_8"], b"").stdout, [0xfb, 0xff]);
    for (value, offset) in
        [("A-z_4ME=", 7), ("AB", 1), ("A+", 1), ("ABCDE", 4), ("A-z_4ME\n", 7), ("@two", 7)]
    {
        let (code, out, err) = run(&folder, &["base64url", "decode", value], b"");
        assert_eq!((code, out.as_str()), (3, ""), "{value}");
        assert!(err.contains(&format!("offset {offset}")), "{err}");
    }
    assert_eq!(run(&folder, &["base64url", "decode", "@none"], b"").0, 2);
    let (_, out, _) = run(&folder, &["base64url", "decode", "--json", "YWJj"], b"");
    assert_eq!(json(&out), serde_json::json!({"hex": "616263", "text": "abc", "bytes": 3}));
    let (_, out, _) = run(&folder, &["base64url", "encode", "abc", "--json"], b"");
    assert_eq!(json(&out), serde_json::json!({"base64url": "YWJj"}));
}
