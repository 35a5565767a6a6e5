//! The cache over given times: every decision, without a network.

use crate::key_server::{COOLDOWN, key, rules, set};
use jotlab::client::{Advice, Cache, Rules};
use jotlab::jose::JwkSet;
use std::time::Duration;

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn keys(number: usize) -> JwkSet {
    JwkSet::parse(set(&[key(number)])).unwrap()
}

fn advice(cache: &Cache, now: u64, kid: &str) -> &'static str {
    match cache.advice(at(now), Some(kid)) {
        Advice::Use(_) => "use",
        Advice::UseAndRefresh(_) => "use and refresh",
        Advice::Refresh => "refresh",
        Advice::Nothing => "nothing",
    }
}

/// A cache that was filled at 0 and is fresh for a minute.
fn filled() -> Cache {
    let mut cache = Cache::new(rules());
    cache.begin(at(0));
    cache.replace(keys(0), Some("\"a\"".to_owned()), at(0), at(60));
    cache
}

#[test]
fn a_set_is_used_while_it_is_fresh_and_asked_for_again_after() {
    assert_eq!(advice(&Cache::new(rules()), 0, "key-0"), "refresh");
    let mut cache = filled();
    assert_eq!(advice(&cache, 59, "key-0"), "use");
    assert_eq!(advice(&cache, 60, "key-0"), "refresh");
    assert_eq!(cache.begin(at(60)).as_deref(), Some("\"a\""));
    cache.confirm(at(60), at(60));
    assert_eq!(advice(&cache, 119, "key-0"), "use");
    assert_eq!(advice(&cache, 120, "key-0"), "refresh");
}

#[test]
fn an_unknown_name_asks_once_a_cooldown() {
    let mut cache = filled();
    assert_eq!(advice(&cache, COOLDOWN - 1, "key-1"), "use");
    assert_eq!(advice(&cache, COOLDOWN, "key-1"), "refresh");
    cache.begin(at(COOLDOWN));
    // the others wait for the one who asks; whose key is known goes on
    assert_eq!(advice(&cache, COOLDOWN, "key-2"), "refresh");
    assert_eq!(advice(&cache, COOLDOWN, "key-0"), "use");
    cache.confirm(at(COOLDOWN), at(60));
    assert_eq!(advice(&cache, 2 * COOLDOWN - 1, "key-1"), "use");
    assert_eq!(advice(&cache, 2 * COOLDOWN, "key-1"), "refresh");
    assert!(
        matches!(cache.advice(at(2 * COOLDOWN), None), Advice::Use(_)),
        "no name, none unknown"
    );
}

#[test]
fn a_key_without_a_name_can_be_meant_by_any() {
    let mut unnamed = key(0).to_public().unwrap();
    unnamed.parameters_mut().kid = None;
    let mut cache = Cache::new(rules());
    cache.begin(at(0));
    cache.replace(unnamed.into(), None, at(0), at(60));
    assert_eq!(advice(&cache, COOLDOWN, "key-1"), "use");
}

#[test]
fn after_a_failure_the_old_set_is_used_and_nobody_waits() {
    let mut cache = filled();
    cache.begin(at(60));
    cache.keep();
    assert_eq!(advice(&cache, 60 + COOLDOWN - 1, "key-0"), "use");
    assert_eq!(advice(&cache, 60 + COOLDOWN, "key-0"), "use and refresh");
    cache.begin(at(60 + COOLDOWN));
    assert_eq!(advice(&cache, 60 + COOLDOWN, "key-0"), "use");
    cache.replace(keys(1), None, at(60 + COOLDOWN), at(60));
    assert_eq!(advice(&cache, 60 + COOLDOWN, "key-1"), "use");
    assert_eq!(cache.begin(at(200)), None, "the new set came without an ETag");
}

#[test]
fn a_set_that_was_not_confirmed_for_long_is_used_no_more() {
    let mut cache = Cache::new(Rules { stale: at(1000), ..rules() });
    cache.begin(at(0));
    cache.replace(keys(0), Some("\"a\"".to_owned()), at(0), at(60));
    cache.begin(at(995));
    cache.keep();
    assert_eq!(advice(&cache, 999, "key-0"), "use");
    assert_eq!(advice(&cache, 1000, "key-0"), "nothing");
    assert!(cache.set(at(1000)).is_none());
    assert_eq!(advice(&cache, 1005, "key-0"), "refresh");
    assert_eq!(cache.begin(at(1005)), None, "304 would confirm what is used no more");
}

#[test]
fn without_a_set_there_is_no_second_question_within_the_cooldown() {
    let mut cache = Cache::new(rules());
    cache.begin(at(5));
    assert_eq!(advice(&cache, 5, "key-0"), "refresh", "wait for the one who asks");
    cache.keep();
    assert_eq!(advice(&cache, 5 + COOLDOWN - 1, "key-0"), "nothing");
    assert_eq!(cache.wait(at(6)), at(COOLDOWN - 1));
    assert_eq!(advice(&cache, 5 + COOLDOWN, "key-0"), "refresh");
}
