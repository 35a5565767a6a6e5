//! What a stranger's files and arguments have wrong with them: an exit code, and a message that says what.
//! Nothing panics, hangs, or takes memory without bound.

use crate::files::{Ran, hashes, mixed, primality, ran, vectors};
use crate::samples::other_hex;
use crate::tools::Dir;
use jotlab::sha2::Algorithm::Sha256;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

impl Ran {
    /// The exit code, and words of stdout or stderr.
    #[track_caller]
    fn is(&self, code: i32, words: &str) {
        let Ran { out, err, .. } = self;
        assert_eq!(self.code, code, "{out}{err}");
        assert!(out.contains(words) || err.contains(words), "no {words}: {out}{err}");
    }
}

/// A directory of directories as one path.
fn path(dir: &Dir) -> String {
    dir.path("").to_str().unwrap().trim_end_matches('/').to_owned()
}

#[test]
fn a_wrong_figure_is_one_and_names_its_case() {
    let dir = Dir::new();
    let text = hashes(&[b"a", b"b"]);
    let md = Sha256.digest(b"b").to_string();
    let file = dir.file("x.rsp", text.replace(&md, &other_hex(&md)));
    let run = vectors(&file, &[]);
    run.is(1, &format!("failed {file}/2 (line 10: Len = 8): sha2: {md}, expected"));
}

#[test]
fn a_broken_file_is_three_and_the_others_are_run() {
    let dir = Dir::new();
    mixed(&dir);
    fs::remove_file(dir.path("b.json")).unwrap();
    let run = vectors(&path(&dir), &[]);
    run.is(3, "z.json: offset ");
    run.is(3, "it looks like a suite of Wycheproof");
    assert!(
        run.out
            .lines()
            .any(|line| line.starts_with("all  ") && line.contains(" 3       3       0 ")),
        "{}",
        run.out
    );
    let text = hashes(&[b"a", b"b"]);
    let cut = dir.file("cut.rsp", &text[..text.len() - 80]);
    vectors(&cut, &[]).is(3, "line 10: the file ends before the MD of this record");
    // beside a good one it is three all the same, and the good one is run
    let good = dir.file("good.rsp", &text);
    let run = ran(&["vectors", "run", &good, &cut]);
    run.is(3, "line 10");
    run.is(3, "2      2       2");
    assert!(run.out.contains("malformed"), "{}", run.out);
}

#[test]
fn another_format_is_three_by_name_and_skipped_in_a_directory() {
    let dir = Dir::new();
    dir.file("good.rsp", hashes(&[b"a"]));
    for (name, contents) in [
        ("letter.txt", &b"Dear all,\nnothing to see.\n"[..]),
        ("empty", b""),
        ("blank", b" \n\n"),
        ("other.json", br#"{"some": ["json"]}"#),
        ("list.json", b"[1, 2]"),
        ("broken.json", b"{\"a\": "),
        ("deep.json", "[".repeat(100_000).as_bytes()),
        ("number.json", b"{\"a\": 1e999}"),
        ("nan.json", b"{\"a\": NaN}"),
        ("twice.json", b"{\"a\": 1, \"a\": 2}"),
        ("latin", b"\xe9t\xe9 = 1\n"),
        ("wide", b"\xff\xfe{\x00}\x00"),
        ("bom.json", b"\xef\xbb\xbf{}"),
        ("random", &crate::tools::bytes(7, 10_000)),
    ] {
        let file = dir.file(name, contents);
        vectors(&file, &[]).is(3, &format!("malformed {file}: "));
        let run = vectors(&path(&dir), &[]);
        run.is(0, &format!("skipped {file}: "));
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn a_number_that_cannot_be_is_three_in_a_suite() {
    let dir = Dir::new();
    let suite = primality(&[("0d", "valid", "a")]).to_string();
    for (from, to) in [
        ("\"numberOfTests\":1", "\"numberOfTests\":1e999"),
        ("\"numberOfTests\":1", "\"numberOfTests\":-1"),
        ("\"numberOfTests\":1", "\"numberOfTests\":1.5"),
        ("\"numberOfTests\":1", "\"numberOfTests\":NaN"),
        ("\"numberOfTests\":1", "\"numberOfTests\":1,\"numberOfTests\":1"),
        ("\"numberOfTests\":1", "\"numberOfTests\":18446744073709551616"),
        ("\"tcId\":1", "\"tcId\":null"),
        ("\"value\":\"0d\"", "\"value\":\"0d\",\"value\":\"0d\""),
    ] {
        assert!(suite.contains(from));
        vectors(&dir.file("x.json", suite.replace(from, to)), &[]).is(3, "malformed ");
    }
}

#[test]
fn what_is_not_there_or_not_chosen_is_two() {
    let dir = Dir::new();
    vectors(&path(&dir), &[]).is(2, "the directory is empty");
    fs::create_dir(dir.path("in")).unwrap();
    vectors(&path(&dir), &[]).is(2, "no case ran");
    vectors("no such", &[]).is(2, "no suite and no file \"no such\"");
    vectors("no such", &[]).is(2, "hint: jotlab vectors list");
    vectors("", &[]).is(2, "no suite and no file");
    vectors("rfc/rfc7638.json", &["--backend", "nosuch"])
        .is(2, "no backend \"nosuch\" on this machine: it has ");
    vectors("rfc/rfc7638.json", &["--backend", "portable"]).is(0, "");
    vectors("rfc/rfc7638.json", &["--policy", "lax"]).is(2, "strict, rfc, wycheproof");
    for shard in ["5/4", "0/4", "1/0", "a/b", "1", "-1/4", "1/4/5", "1/99999999999999999999"] {
        vectors("rfc/rfc7638.json", &[&format!("--shard={shard}")]).is(2, "K/N");
    }
    // a shard that has no case of its own ran nothing
    vectors("rfc/rfc7638.json", &["--shard", "2/4"]).is(2, "no case ran");
    ran(&["vectors", "show", "no such"]).is(2, "no case \"no such\"");
    ran(&["vectors", "show", "1", "wycheproof"]).is(2, " cases: wycheproof/");
}

#[test]
fn stdin_is_a_file_that_is_named() {
    let run = |text: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        let ran = crate::tools::output(command.args(["vectors", "run", "-"]), text.as_bytes());
        (ran.status.code().unwrap(), String::from_utf8(ran.stdout).unwrap())
    };
    let (code, out) = run(&hashes(&[b"a"]));
    assert!(code == 0 && out.contains("stdin"), "{out}");
    assert_eq!(run("").0, 3);
    assert_eq!(run("{").0, 3);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn what_may_not_be_read_is_two() {
        let dir = Dir::new();
        let file = dir.file("good.rsp", hashes(&[b"a"]));
        dir.file("other.rsp", hashes(&[b"a"]));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
        if fs::read(&file).is_ok() {
            eprintln!("skipped: this user reads files without permission");
            return;
        }
        vectors(&file, &[]).is(2, "ermission denied");
        let run = vectors(&path(&dir), &[]);
        run.is(2, "ermission denied");
        run.is(2, "1      1       1");
        fs::create_dir(dir.path("in")).unwrap();
        fs::set_permissions(dir.path("in"), fs::Permissions::from_mode(0o0)).unwrap();
        vectors(dir.path("in").to_str().unwrap(), &[]).is(2, "ermission denied");
        fs::set_permissions(dir.path("in"), fs::Permissions::from_mode(0o700)).unwrap();
    }

    #[test]
    fn links_are_not_followed_in_circles_and_pipes_are_not_waited_for() {
        let dir = Dir::new();
        let good = dir.file("good.rsp", hashes(&[b"a"]));
        symlink(".", dir.path("circle")).unwrap();
        symlink("itself", dir.path("itself")).unwrap();
        symlink("nowhere", dir.path("dangling")).unwrap();
        symlink(&good, dir.path("link.rsp")).unwrap();
        fs::create_dir(dir.path("acvp")).unwrap();
        dir.file(
            "acvp/prompt.json",
            r#"{"vsId": 1, "algorithm": "SHA2-256", "testGroups": [{"tests": [{"msg": ""}]}]}"#,
        );
        // the answers are a pipe that nobody writes to
        for pipe in [dir.path("pipe"), dir.path("acvp/expectedResults.json")] {
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let run = vectors(&path(&dir), &[]);
        run.is(0, "circle: a link to a directory: not followed");
        run.is(0, "itself: a link to nothing");
        run.is(0, "dangling: a link to nothing");
        run.is(0, "pipe: neither a file nor a directory");
        run.is(0, "acvp/prompt.json: a prompt without answers");
        // the file, and the link to it
        assert!(
            run.out
                .lines()
                .any(|line| line.starts_with("all ") && line.contains(" 2      2       2 ")),
            "{}",
            run.out
        );
    }

    #[test]
    fn a_reader_that_goes_away_ends_it_without_a_word() {
        for arguments in [&["run", "rfc", "--json"][..], &["list"], &["run", "rfc"]] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
            let command = command.arg("vectors").args(arguments).stderr(Stdio::piped());
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            drop(child.stdout.take());
            let ended = child.wait_with_output().unwrap();
            assert_eq!(
                (ended.status.code(), &ended.stderr[..]),
                (Some(0), &b""[..]),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn directories_without_end_are_left_at_some_depth() {
        let dir = Dir::new();
        dir.file("good.rsp", hashes(&[b"a"]));
        fs::create_dir_all(dir.path(&"d/".repeat(200))).unwrap();
        dir.file(&("d/".repeat(200) + "deep.rsp"), hashes(&[b"a"]));
        vectors(&path(&dir), &[]).is(0, "more than 32 directories deep");
    }

    #[test]
    fn a_name_that_is_no_text_is_shown_somehow() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let dir = Dir::new();
        let name = OsStr::from_bytes(b"\xff\x1b[31m\n.rsp");
        fs::write(dir.path("").join(name), hashes(&[b"a"])).unwrap();
        let run = vectors(&path(&dir), &[]);
        run.is(0, "\\u{1b}[31m\\n.rsp");
        crate::files::is_fit_for_a_terminal(&run.out);
    }

    /// A hundred megabytes of anything are read once and given back: in a gigabyte of address space.
    #[test]
    fn large_files_take_bounded_time_and_memory() {
        let dir = Dir::new();
        let started = Instant::now();
        for (name, piece) in [
            ("deep.json", "["),
            ("hex.rsp", "[L = 32]\nLen = 8\nMsg = 61\nMD = 00"),
            ("wide.json", "[1,"),
        ] {
            let mut text = piece.as_bytes().to_vec();
            text.resize(100_000_000, *piece.as_bytes().last().unwrap());
            let file = dir.file(name, text);
            let script = "ulimit -v 1048576; exec \"$0\" vectors run \"$1\"";
            let mut shell = Command::new("sh");
            let shell = shell.args(["-c", script, env!("CARGO_BIN_EXE_jotlab"), &file]);
            let ran = shell.output().unwrap();
            let [out, err] = [&ran.stdout, &ran.stderr].map(|text| String::from_utf8_lossy(text));
            assert_eq!(ran.status.code(), Some(3), "{name}: {out}{err}");
            assert!(out.contains("malformed") && !err.contains("panicked"), "{name}: {out}{err}");
            fs::remove_file(file).unwrap();
        }
        assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
        let endless = ran(&["vectors", "run", "/dev/zero"]);
        endless.is(2, "more than 268435456 bytes");
    }
}
