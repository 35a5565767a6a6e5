//! So many attempts and no more; and again when the time has passed.

use crate::client::{Answer, connect, form, get, post, request};
use crate::process::{Here, PASSWORD, Running, place_with};
use jotlab::issuer::{JWKS_PATH, Limits, MAX_CONNECTIONS};
use std::io::{Read, Write};
use std::time::Duration;

#[test]
fn guesses_for_a_name_end_and_begin_again_with_the_next_minute() {
    let here = Here::start(&place_with("per-name", "alice"), |settings| {
        settings.limits = Limits { per_address: 1000, per_name: 5, period: 60 };
    });
    for name in ["alice", "nobody"] {
        // his own attempts are not counted
        for _ in 0..if name == "alice" { 8 } else { 0 } {
            post(here.address, &form(name, PASSWORD)).token();
        }
        for _ in 0..5 {
            assert_eq!(post(here.address, &form(name, "guess")).error(), "invalid_grant");
        }
        // from here on the right password is not heard either, for a stranger and a user alike
        here.pass(13);
        let refused = post(here.address, &form(name, PASSWORD));
        assert_eq!((refused.status, refused.error().as_str()), (429, "temporarily_unavailable"));
        assert_eq!(refused.header("retry-after"), Some("47"));
        here.pass(-13);
    }
    post(here.address, &form("bob", PASSWORD)).error();
    here.pass(60);
    post(here.address, &form("alice", PASSWORD)).token();
}

#[test]
fn attempts_of_an_address_end_whatever_they_are_and_the_keys_are_there_all_the_same() {
    let here = Here::start(&place_with("per-address", "alice"), |settings| {
        settings.limits = Limits { per_address: 3, per_name: 1000, period: 60 };
    });
    post(here.address, &form("alice", PASSWORD)).token();
    post(here.address, "nonsense").error();
    post(here.address, &form("nobody", "guess")).error();
    let refused = post(here.address, &form("alice", PASSWORD));
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    assert_eq!(get(here.address, JWKS_PATH, "").status, 200);
    here.pass(60);
    post(here.address, &form("alice", PASSWORD)).token();
}

#[test]
fn many_at_once_are_all_answered() {
    let here = Here::start(&place_with("at-once", "alice"), |settings| {
        settings.limits = Limits { per_address: 1000, per_name: 1000, period: 60 };
    });
    let address = here.address;
    let threads: Vec<_> = (0..60)
        .map(|number| {
            std::thread::spawn(move || {
                let password = if number % 3 == 0 { "guess" } else { PASSWORD };
                post(address, &form("alice", password)).status
            })
        })
        .collect();
    let statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    for (number, status) in statuses.into_iter().enumerate() {
        assert_eq!(status, if number % 3 == 0 { 400 } else { 200 }, "{number}");
    }
}

#[test]
fn more_connections_than_there_are_places_wait_until_one_ends() {
    let place = place_with("places", "alice");
    let running = Running::start(&place, &["--alg", "HS256"]);
    let mut idle: Vec<_> = (0..MAX_CONNECTIONS).map(|_| connect(running.address)).collect();
    let mut stream = connect(running.address);
    stream.write_all(&request(running.address, &form("alice", PASSWORD))).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert!(stream.read(&mut [0]).is_err(), "it was answered, and all places are taken");
    stream.set_read_timeout(Some(Duration::from_secs(50))).unwrap();
    idle.truncate(MAX_CONNECTIONS - 1);
    Answer::read(stream).token();
}

#[test]
fn a_form_that_does_not_come_is_waited_for_ten_seconds() {
    let here = Here::start(&place_with("slow", "alice"), |_| {});
    let whole = request(here.address, &form("alice", PASSWORD));
    let mut stream = connect(here.address);
    stream.write_all(&whole[..whole.len() - 5]).unwrap();
    // others are served meanwhile
    post(here.address, &form("alice", PASSWORD)).token();
    let late = Answer::read(stream);
    assert_eq!((late.status, late.error().as_str()), (408, "invalid_request"));
}
