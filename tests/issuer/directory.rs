//! The directory: whose it is, what may be in it, and what is said of what may not.

use crate::client::{form, post};
use crate::process::{Here, PASSWORD, Running, issuer, issuer_told, jotlab, place, place_with};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Output;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn everything_is_its_owners_only() {
    let place = place_with("modes", "alice");
    drop(Running::start(&place, &["--alg", "HS256"]));
    assert_eq!(mode(&place), 0o700);
    for name in ["keys.json", "users.jsonl", "lock"] {
        assert_eq!(mode(&place.join(name)), 0o600, "{name}");
    }
}

#[test]
fn files_that_others_could_read_are_refused_with_the_command_that_mends_it() {
    let place = place_with("open", "alice");
    drop(Running::start(&place, &["--alg", "HS256"]));
    let keys = place.join("keys.json");
    fs::set_permissions(&keys, Permissions::from_mode(0o644)).unwrap();
    for arguments in [&["--listen", "127.0.0.1:0"][..], &["rotate"]] {
        let refused = issuer(&place, arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(said(&refused).contains("has mode 0644"), "{}", said(&refused));
        assert!(said(&refused).contains(&format!("hint: chmod 600 {}", keys.display())));
    }
    fs::set_permissions(&keys, Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(&place, Permissions::from_mode(0o777)).unwrap();
    let refused = issuer(&place, &["rotate"]);
    assert!(said(&refused).contains("has mode 0777"), "{}", said(&refused));
    fs::set_permissions(&place, Permissions::from_mode(0o700)).unwrap();
    assert!(issuer(&place, &["rotate"]).status.success());
}

#[test]
fn a_broken_file_stops_a_start_and_changes_nothing_for_a_server_that_runs() {
    let place = place_with("broken", "alice");
    let here = Here::start(&place, |_| {});
    post(here.address, &form("alice", PASSWORD)).token();
    let files = ["keys.json", "users.jsonl"].map(|name| place.join(name));
    let whole = files.each_ref().map(|file| fs::read(file).unwrap());
    for (file, whole) in files.iter().zip(&whole) {
        for broken in [&whole[..whole.len() / 2], b"{}", b"\xff"] {
            fs::write(file, broken).unwrap();
            post(here.address, &form("alice", PASSWORD)).token();
            let started = issuer(&place, &["--listen", "127.0.0.1:0"]);
            assert_eq!(started.status.code(), Some(3), "{}", said(&started));
            let name = file.file_name().unwrap().to_string_lossy();
            assert!(said(&started).contains(&*name), "{}", said(&started));
        }
        fs::remove_file(file).unwrap();
        post(here.address, &form("alice", PASSWORD)).token();
        fs::write(file, whole).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    }
    post(here.address, &form("alice", PASSWORD)).token();
}

#[test]
fn users_are_added_once_and_a_running_server_knows_them() {
    let place = place_with("users", "alice");
    let here = Here::start(&place, |_| {});
    assert_eq!(post(here.address, &form("böb \"x\"", "pässword")).error(), "invalid_grant");
    let add = ["user", "add", "böb \"x\"", "--iterations", "10"];
    assert!(issuer_told(&place, &add, "pässword\n").status.success());
    post(here.address, &form("böb \"x\"", "pässword")).token();
    let again = issuer_told(&place, &add, "other\n");
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("hint: --replace"), "{}", said(&again));
    post(here.address, &form("böb \"x\"", "pässword")).token();
    let replaced = issuer_told(&place, &[&add[..], &["--replace"]].concat(), "other\n");
    assert!(replaced.status.success(), "{}", said(&replaced));
    assert_eq!(post(here.address, &form("böb \"x\"", "pässword")).error(), "invalid_grant");
    post(here.address, &form("böb \"x\"", "other")).token();
    let file = fs::read_to_string(place.join("users.jsonl")).unwrap();
    assert!(!file.contains("other") && !file.contains(PASSWORD));
}

#[test]
fn a_password_comes_from_anywhere_but_the_command_line() {
    let place = place("passwords");
    let add = |name: &str, from: &str| {
        let mut command = jotlab(&["issuer", "user", "add", name, "--iterations", "10"]);
        command.args(["--password", from, "--dir"]).arg(&place);
        command.env("JOTLAB_TEST_PASSWORD", PASSWORD).output().unwrap()
    };
    let refused = add("alice", PASSWORD);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!said(&refused).contains(PASSWORD) && said(&refused).contains("hint: printf"));
    assert!(!place.exists(), "nothing was added");
    assert!(add("alice", "env:JOTLAB_TEST_PASSWORD").status.success());
    let file = place.join("password");
    fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    assert!(add("bob", &format!("@{}", file.display())).status.success());
    let here = Here::start(&place, |_| {});
    for name in ["alice", "bob"] {
        post(here.address, &form(name, PASSWORD)).token();
    }
    for (password, why) in [("", "1 to 1024 bytes"), ("a\nb\n", "several lines")] {
        let refused = issuer_told(&place, &["user", "add", "carol"], password);
        assert!(said(&refused).contains(why), "{}", said(&refused));
        assert_eq!(refused.status.code(), Some(2));
    }
}

#[test]
fn wrong_settings_are_said_before_anything_is_made() {
    let place = place("settings");
    for (arguments, why) in [
        (&["--bits", "1024"][..], "2048"),
        (&["--issuer", "issuer.example"], "RFC 8414"),
        (&["--token-lifetime", "2d"], "a token lives"),
        (&["--rotate-every", "30s"], "cache time"),
        (&["--alg", "none"], "expected one of"),
        (&["--attempts-per-name", "0"], "must be positive"),
        (&["--listen", "nowhere"], "invalid"),
        (&["rotate"], "cannot look at"),
        (&["rotate", "--bits", "1024"], "cannot look at"),
    ] {
        let mut all = arguments.to_vec();
        if !arguments.contains(&"--listen") && arguments[0] != "rotate" {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        let refused = issuer(&place, &all);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(said(&refused).contains(why), "{arguments:?}: {}", said(&refused));
    }
    assert!(!place.exists());
    let nowhere = jotlab(&["issuer"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(said(&nowhere).contains("--dir is needed"), "{}", said(&nowhere));
}

#[test]
fn commands_at_the_same_time_lose_nothing_of_each_other() {
    let place = place_with("same-time", "alice");
    drop(Running::start(&place, &["--alg", "HS256"]));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let place = &place;
            scope.spawn(move || assert!(issuer(place, &["rotate"]).status.success()));
            scope.spawn(move || {
                let name = format!("user{number}");
                let add = ["user", "add", &name, "--iterations", "10"];
                assert!(issuer_told(place, &add, PASSWORD).status.success());
            });
        }
    });
    let keys = fs::read_to_string(place.join("keys.json")).unwrap();
    assert_eq!(keys.matches("\"kid\"").count(), 9);
    let users = fs::read_to_string(place.join("users.jsonl")).unwrap();
    assert_eq!(users.lines().count(), 9);
}
