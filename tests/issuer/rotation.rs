//! A new key: known before it signs, and the old one until its tokens have expired. By the command on a running
//! server, by the server itself, and by nobody: the schedule goes on without them.

use crate::client::{form, get, post};
use crate::process::{Here, PASSWORD, Running, issuer, place_with};
use jotlab::issuer::{GRACE, JWKS_PATH, rotate};
use jotlab::jose::{self, Algorithm, JwkSet, Policy};
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

fn kids(address: SocketAddr) -> Vec<String> {
    let set = JwkSet::parse(get(address, JWKS_PATH, "").body).unwrap();
    set.keys().iter().map(|key| key.kid().unwrap().to_owned()).collect()
}

fn kid_of(token: &str) -> String {
    let header = jotlab::base64::decode_url(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&"at+jwt".into(), &"RS256".into()));
    header["kid"].as_str().unwrap().to_owned()
}

fn verifies(address: SocketAddr, token: &str, now: i64) -> bool {
    let keys = JwkSet::parse(get(address, JWKS_PATH, "").body).unwrap();
    let policy = Policy::at(now).algorithms([Algorithm::Rs256]).audience("jotlab-services");
    jose::verify(token, &keys, &policy).is_ok()
}

fn rs256(place: &Path) -> Here {
    Here::start(place, |settings| {
        settings.algorithm = None;
        settings.cache = 60;
        settings.token_lifetime = 600;
    })
}

#[test]
fn a_key_is_published_first_then_signs_then_stays_until_its_tokens_have_expired() {
    let place = place_with("rotation", "alice");
    let here = rs256(&place);
    let (address, log_in) = (here.address, || post(here.address, &form("alice", PASSWORD)).token());
    let old = log_in();
    let tag = get(address, JWKS_PATH, "").header("etag").map(str::to_owned);
    // another process on the same directory
    let rotated = rotate(&place, &here.clock(), None).unwrap();
    assert_eq!(rotated.signs_from, here.now() + 61);
    assert_eq!(kids(address), [kid_of(&old), rotated.kid.clone()]);
    assert_ne!(get(address, JWKS_PATH, "").header("etag").map(str::to_owned), tag);
    here.pass(60);
    let last_of_old = log_in();
    assert_eq!(kid_of(&last_of_old), kid_of(&old));
    here.pass(1);
    let new = log_in();
    assert_eq!(kid_of(&new), rotated.kid);
    for token in [&old, &last_of_old, &new] {
        assert!(verifies(address, token, here.now()));
    }
    // to the last second of the last token of the old key
    here.pass(598);
    assert!(verifies(address, &last_of_old, here.now()));
    assert!(!verifies(address, &old, here.now()), "its time is over");
    here.pass(1 + GRACE);
    assert_eq!(kids(address).len(), 2);
    here.pass(1);
    assert_eq!(kids(address), [rotated.kid.as_str()]);
    // what is gone leaves the file with the next rotation
    let file = || JwkSet::parse(std::fs::read(place.join("keys.json")).unwrap()).unwrap();
    assert_eq!(file().keys().len(), 2);
    rotate(&place, &here.clock(), None).unwrap();
    assert_eq!(file().keys().len(), 2);
    assert_eq!(kids(address)[0], rotated.kid);
}

#[test]
fn the_command_rotates_under_a_running_server_and_without_one() {
    let place = place_with("rotation-command", "alice");
    let running = Running::start(&place, &["--cache", "0", "--token-lifetime", "1h"]);
    let token = post(running.address, &form("alice", PASSWORD)).token();
    let rotated = issuer(&place, &["rotate"]);
    assert!(rotated.status.success(), "{rotated:?}");
    let kid = String::from_utf8(rotated.stdout).unwrap().trim().to_owned();
    assert_eq!(kids(running.address), [kid_of(&token), kid.clone()]);
    let start = Instant::now();
    while kid_of(&post(running.address, &form("alice", PASSWORD)).token()) != kid {
        assert!(start.elapsed() < Duration::from_secs(30), "the new key does not sign");
        thread::sleep(Duration::from_millis(100));
    }
    assert!(verifies(running.address, &token, crate::process::now()));
    drop(running);
    let without = issuer(&place, &["rotate"]);
    assert!(without.status.success(), "{without:?}");
    let running = Running::start(&place, &["--cache", "0", "--token-lifetime", "1h"]);
    assert_eq!(kids(running.address).len(), 3);
    assert!(verifies(running.address, &token, crate::process::now()));
}

#[test]
fn the_server_makes_a_key_when_one_is_due() {
    let place = place_with("rotation-due", "alice");
    let here = Here::start(&place, |settings| {
        settings.algorithm = None;
        settings.rotate_every = Some(3600);
    });
    let first = kids(here.address);
    here.pass(3599);
    assert_eq!(kids(here.address), first);
    here.pass(1);
    let start = Instant::now();
    while kids(here.address).len() < 2 {
        assert!(start.elapsed() < Duration::from_secs(50), "no key was made");
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(kids(here.address)[0], first[0]);
}
