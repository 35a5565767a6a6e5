//! The schedule: no valid token is refused and no key signs before it is known, whenever a rotation falls.

use super::*;
use crate::issuer::making::generate;
use proptest::prelude::*;

const HS: Algorithm = Algorithm::Hs256;

fn ring(now: i64, cache: u32, lifetime: u32) -> Keyring {
    Keyring::new(HS, generate(HS, 0).unwrap(), now, [cache, lifetime])
}

fn states(ring: &Keyring, now: i64) -> Vec<State> {
    ring.keys().iter().map(|key| key.schedule.state(now)).collect()
}

#[test]
fn a_key_is_published_then_signs_then_stays_for_its_tokens() {
    use State::{Current, Gone, Next, Retired};
    let mut ring = ring(1000, 60, 600);
    assert_eq!(ring.rotate(generate(HS, 0).unwrap(), 2000).unwrap(), 2061);
    for (now, expected) in [
        (2000, [Current, Next]),
        (2060, [Current, Next]),
        (2061, [Retired, Current]),
        (2061 + 659, [Retired, Current]),
        (2061 + 660, [Gone, Current]),
    ] {
        assert_eq!(states(&ring, now), expected, "{now}");
        let signs = usize::from(now >= 2061);
        assert_eq!(ring.current(now).unwrap().kid(), ring.keys()[signs].kid(), "{now}");
    }
    assert_eq!(ring.published(2721).count(), 1);
    // a clock that was set back before the first key
    assert_eq!(ring.current(0).unwrap().kid(), ring.keys()[0].kid());
    // the next rotation drops what is gone
    ring.rotate(generate(HS, 0).unwrap(), 2721).unwrap();
    assert_eq!(states(&ring, 2721), [Current, Next]);
}

#[test]
fn a_new_start_keeps_what_was_promised() {
    let mut ring = ring(0, 600, 300);
    assert!(!ring.adopt([600, 300], 10) && !ring.adopt([600, 100], 10));
    assert!(ring.adopt([5, 900], 100));
    // somebody fetched the set at 100 with ten minutes to keep it
    assert_eq!(ring.rotate(generate(HS, 0).unwrap(), 200).unwrap(), 701);
    assert_eq!(ring.keys()[0].schedule.gone(), Some(701 + 900 + GRACE));
    let later = ring.rotate(generate(HS, 0).unwrap(), 2000).unwrap();
    assert_eq!(later, 2006);
}

#[test]
fn the_file_reads_back_and_what_does_not_fit_is_refused_where_it_is() {
    let mut ring = ring(1000, 60, 600);
    ring.rotate(generate(HS, 0).unwrap(), 2000).unwrap();
    let text = ring.to_text();
    let again = Keyring::parse(text.as_bytes()).unwrap();
    assert_eq!(again.to_text(), text);
    for (from, to, place) in [
        ("keys/1", "keys/2", "format"),
        ("\"alg\": \"HS256\",\n  \"cache\"", "\"alg\": \"none\",\n  \"cache\"", "alg"),
        ("\"alg\": \"HS256\",\n  \"cache\"", "\"alg\": \"RS256\",\n  \"cache\"", "keys[0]"),
        ("\"retires\": 2061", "\"retires\": 2062", "keys[1]"),
        ("\"retires\"", "\"retired\"", "keys[0]"),
        ("\"cache\": 60", "\"cache\": -1", "offset"),
        ("\"cache\": 60", "\"cache\": 60, \"cache\": 60", "offset"),
        (ring.keys()[1].kid(), ring.keys()[0].kid(), "keys[1]"),
    ] {
        assert!(text.contains(from), "{from}");
        let (at, what) = Keyring::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(at.starts_with(place), "{to}: {at}: {what}");
    }
    for cut in [0, 1, text.len() / 2, text.len() - 3] {
        assert!(Keyring::parse(&text.as_bytes()[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn the_number_of_keys_has_a_bound() {
    let mut ring = ring(0, 0, 60);
    while ring.keys().len() < MAX_KEYS {
        ring.rotate(generate(HS, 0).unwrap(), 0).unwrap();
    }
    assert!(ring.rotate(generate(HS, 0).unwrap(), 0).is_err());
    assert!(ring.rotate(generate(HS, 0).unwrap(), 1000).is_ok());
}

#[test]
fn a_small_key_is_not_made() {
    for bits in [0, 1024, 2047, 2049, 8194] {
        assert!(matches!(generate(Algorithm::Rs256, bits), Err(Error::Setting(_))), "{bits}");
    }
}

#[test]
fn a_secret_is_never_in_the_published_set() {
    assert!(ring(0, 60, 600).public_set(0).keys().is_empty());
}

proptest! {
    /// Rotations at any times. A verifier keeps a set for the cache time; a token of any moment lives for the
    /// lifetime: the key of the token is in every set that anybody can hold while the token is valid.
    #[test]
    fn no_valid_token_meets_a_set_without_its_key(
        steps in prop::collection::vec(0i64..200, 0..8),
        cache in 0u32..100,
        lifetime in 1u32..300,
        signed in 0i64..1800,
        shown in 0i64..300,
        kept in 0i64..100,
    ) {
        let mut ring = ring(0, cache, lifetime);
        // what was published at each time: rings, by the time they hold from
        let mut rings = vec![(0, ring.clone())];
        let mut now = 0;
        for step in steps {
            now += step;
            ring.rotate(generate(HS, 0).unwrap(), now).unwrap();
            rings.push((now, ring.clone()));
        }
        let at = |time: i64| &rings.iter().rev().find(|(from, _)| *from <= time).unwrap().1;
        let kid = at(signed).current(signed).unwrap().kid();
        let shown = signed + shown % i64::from(lifetime);
        let fetched = (shown - kept % (i64::from(cache) + 1)).max(0);
        let known = at(fetched).published(fetched).any(|key| key.kid() == kid);
        prop_assert!(known, "signed {signed}, shown {shown}, fetched {fetched}");
    }
}
