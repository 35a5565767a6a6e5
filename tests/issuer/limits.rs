//! So many attempts and no more; and again when the time has passed.

use crate::client::{form, get, post};
use crate::process::{Here, PASSWORD, place_with};
use jotlab::issuer::{JWKS_PATH, Limits};

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
