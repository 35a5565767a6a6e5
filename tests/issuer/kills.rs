//! `kill -9` at any moment of a rotation: no key is lost, none is half written, no valid token is refused.
//!
//! The loop of 200 is over secrets, whose making takes no time, so that the kills fall on the writing. The one
//! over RSA keys, with a server that is killed as well, is of 10 here and of as many as `JOTLAB_KILLS` says.

use crate::client::{form, get, post};
use crate::process::{PASSWORD, Running, issuer, jotlab, now, place_with};
use jotlab::issuer::JWKS_PATH;
use jotlab::jose::{self, Algorithm, JwkSet, Policy};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn rotate(place: &Path) -> Command {
    let mut command = jotlab(&["issuer", "rotate", "--dir"]);
    command.arg(place).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The kids of the file, which must be whole, and its owner's only.
fn kids(place: &Path) -> Vec<String> {
    let file = place.join("keys.json");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    let set = JwkSet::parse(fs::read(file).unwrap()).unwrap();
    assert!(set.unusable().is_empty(), "{:?}", set.unusable());
    set.keys().iter().map(|key| key.kid().unwrap().to_owned()).collect()
}

/// How long it takes when nobody disturbs it: the mean of a few.
fn undisturbed(place: &Path, times: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        assert!(rotate(place).status().unwrap().success());
    }
    start.elapsed() / times
}

/// Moments all over that time and a little beyond, in no order.
fn moment(number: u32, whole: Duration) -> Duration {
    whole * (number * 37 % 100) / 80
}

#[test]
fn two_hundred_kills_while_a_key_is_written_lose_none() {
    let place = place_with("kills-secret", "alice");
    drop(Running::start(&place, &["--alg", "HS256", "--token-lifetime", "1d"]));
    let whole = undisturbed(&place, 5);
    let (mut known, mut written) = (kids(&place), 0);
    for number in 0..200 {
        let mut child = rotate(&place).spawn().unwrap();
        thread::sleep(moment(number, whole));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = kids(&place);
        // the old file or the new one, nothing between
        assert!(now.len() <= known.len() + 1 && now.starts_with(&known), "{known:?} {now:?}");
        written += now.len() - known.len();
        known = now;
    }
    println!("{written} of 200 were written before the kill, one takes {whole:?}");
    assert!((1..200).contains(&written), "{written}: the kills never met a rotation");
    // nothing is in the way of the next one, and what was left behind is gone
    assert!(issuer(&place, &["rotate"]).status.success());
    assert_eq!(kids(&place).len(), known.len() + 1);
    let mut names: Vec<String> = fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["keys.json", "lock", "users.jsonl"]);
}

#[test]
fn no_token_is_refused_whenever_server_and_rotation_are_killed() {
    let kills = std::env::var("JOTLAB_KILLS").map_or(10, |count| count.parse().unwrap());
    let place = place_with("kills-server", "alice");
    // with a new key each second the schedule is never at rest
    let options = ["--cache", "0", "--token-lifetime", "1h"];
    drop(Running::start(&place, &options));
    let whole = undisturbed(&place, 2);
    let mut tokens = vec![];
    for number in 0..kills {
        let server = Running::start(&place, &options);
        tokens.push(post(server.address, &form("alice", PASSWORD)).token());
        let keys = JwkSet::parse(get(server.address, JWKS_PATH, "").body).unwrap();
        let policy = Policy::at(now()).algorithms([Algorithm::Rs256]).audience("jotlab-services");
        for token in &tokens {
            let verified = jose::verify(token, &keys, &policy);
            assert!(verified.is_ok(), "after {number} kills: {:?}", verified.map(|_| ()));
        }
        let mut child = rotate(&place).spawn().unwrap();
        thread::sleep(moment(number, whole));
        drop(server);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    println!("{kills} kills, {} keys, one takes {whole:?}", kids(&place).len());
}
