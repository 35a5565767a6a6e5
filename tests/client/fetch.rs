//! Faults of an issuer, each with its outcome; what may be redirected; what is sent.

use crate::faults_table::faults;
use crate::key_server::{
    COOLDOWN, Hand, KeyServer, bytes, key, limits, nobody, pours, publishes, rules, says, set,
};
use jotlab::client::{FetchError, IssuerKeys, KeysError, Limits, Plain, Url, fetch};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn client(server: &KeyServer, clock: &Arc<Hand>) -> IssuerKeys {
    let keys = IssuerKeys::new(server.url(), Plain).limits(limits()).rules(rules());
    keys.clock(clock.clone())
}

#[test]
fn a_fault_at_the_start_leaves_no_keys_and_is_told_and_ends_with_it() {
    for fault in faults() {
        let (server, clock) = (KeyServer::new(fault.answer.clone()), Arc::new(Hand::default()));
        let keys = client(&server, &clock);
        let begin = Instant::now();
        let error = keys.keys(Some("key-1")).expect_err(fault.name);
        assert!(begin.elapsed() < Duration::from_secs(5), "{}: {:?}", fault.name, begin.elapsed());
        assert!(error.to_string().contains(fault.reason), "{}: {error}", fault.name);
        assert_eq!(error.retry_after, Duration::from_secs(COOLDOWN));
        // not asked again at once, and all is well when the issuer is
        let asked = server.asked();
        keys.keys(Some("key-1")).expect_err(fault.name);
        assert_eq!(server.asked(), asked, "{}", fault.name);
        server.now_answers(publishes(&[key(1)]));
        clock.forward(COOLDOWN);
        let set = keys.keys(Some("key-1")).expect(fault.name);
        assert_eq!(set.keys()[0].kid(), Some("key-1"), "{}", fault.name);
        assert_eq!(keys.last_failure(), None);
    }
}

#[test]
fn a_fault_later_leaves_the_old_set_and_is_told_and_ends_with_it() {
    for fault in faults() {
        let (server, clock) = (KeyServer::new(publishes(&[key(0)])), Arc::new(Hand::default()));
        let keys = client(&server, &clock);
        let held = |kid: &str| {
            let set = keys.keys(Some(kid)).expect(fault.name);
            set.keys().iter().map(|key| key.kid().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(held("key-0"), ["key-0"]);
        server.now_answers(fault.answer.clone());
        for _ in 0..2 {
            clock.forward(COOLDOWN);
            assert_eq!(held("key-0"), ["key-0"], "{}", fault.name);
            assert_eq!(held("key-1"), ["key-0"], "{}", fault.name);
            let told = keys.last_failure().expect(fault.name).to_string();
            assert!(told.contains(fault.reason), "{}: {told}", fault.name);
        }
        server.now_answers(publishes(&[key(1)]));
        clock.forward(COOLDOWN);
        assert_eq!(held("key-1"), ["key-1"], "{}", fault.name);
    }
}

#[test]
fn nobody_there_is_told_at_once() {
    let begin = Instant::now();
    let error = fetch(&nobody(), &Plain, &Limits::default()).unwrap_err();
    assert!(matches!(error, KeysError::Fetch(FetchError::Unreachable(_))), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(2));
}

#[test]
fn of_a_hundred_megabytes_little_is_read() {
    let taken = Arc::new(AtomicUsize::new(0));
    let server = KeyServer::new(pours(100 << 20, taken.clone()));
    let error = fetch(&server.url(), &Plain, &Limits::default()).unwrap_err();
    assert_eq!(error, KeysError::Fetch(FetchError::TooLong(256 << 10)));
    // what the system's buffers took is no reading of ours
    assert!(taken.load(Ordering::SeqCst) < 16 << 20, "{taken:?}");
}

#[test]
fn what_is_exactly_as_long_as_may_be_is_read() {
    let good = set(&[key(0)]);
    let server = KeyServer::new(bytes(format!("HTTP/1.1 200 OK\r\n\r\n{good}")));
    let exact = Limits { bytes: good.len(), ..limits() };
    assert_eq!(fetch(&server.url(), &Plain, &exact).unwrap().keys().len(), 1);
    let less = Limits { bytes: good.len() - 1, ..limits() };
    let error = fetch(&server.url(), &Plain, &less).unwrap_err();
    assert_eq!(error, KeysError::Fetch(FetchError::TooLong(good.len() - 1)));
}

#[test]
fn a_chunked_answer_is_read() {
    let good = set(&[key(0)]);
    let (first, rest) = good.split_at(100);
    let text = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n",
        first.len(),
        rest.len()
    );
    let server = KeyServer::new(bytes(text));
    assert_eq!(fetch(&server.url(), &Plain, &limits()).unwrap().keys().len(), 1);
}

#[test]
fn a_redirect_within_the_same_host_is_followed() {
    let good = set(&[key(0)]);
    let server = KeyServer::new(Arc::new(move |head: &str, stream: &mut std::net::TcpStream| {
        let answer = match head.split(' ').nth(1) {
            Some("/jwks.json") => says(307, "Location: /moved?a=b\r\n", ""),
            Some("/moved?a=b") => says(200, "", good.clone()),
            _ => says(404, "", ""),
        };
        answer(head, stream);
    }));
    assert_eq!(fetch(&server.url(), &Plain, &limits()).unwrap().keys().len(), 1);
    assert_eq!(server.asked(), 2);
}

#[test]
fn what_is_unchanged_is_not_sent_again() {
    let good = set(&[key(0)]);
    let server = KeyServer::new(Arc::new(move |head: &str, stream: &mut std::net::TcpStream| {
        let answer = if head.to_ascii_lowercase().contains("if-none-match: \"v1\"\r\n") {
            says(304, "ETag: \"v1\"\r\nCache-Control: max-age=100\r\n", "")
        } else {
            says(200, "ETag: \"v1\"\r\nCache-Control: max-age=1\r\n", good.clone())
        };
        answer(head, stream);
    }));
    let clock = Arc::new(Hand::default());
    let keys = client(&server, &clock);
    keys.keys(Some("key-0")).unwrap();
    clock.forward(COOLDOWN);
    keys.keys(Some("key-0")).unwrap();
    assert_eq!((server.asked(), keys.last_failure()), (2, None));
    // the answer 304 brought a longer life
    clock.forward(99);
    keys.keys(Some("key-0")).unwrap();
    assert_eq!(server.asked(), 2);
    clock.forward(1);
    keys.keys(Some("key-0")).unwrap();
    assert_eq!(server.asked(), 3);
}

#[test]
fn the_answer_304_to_no_question_is_none() {
    let server = KeyServer::new(says(304, "", ""));
    let error = fetch(&server.url(), &Plain, &limits()).unwrap_err();
    assert_eq!(error, KeysError::Fetch(FetchError::NotAsked));
}

#[test]
fn the_request_says_who_asks_for_what_and_nothing_else() {
    let seen = Arc::new(std::sync::Mutex::new(String::new()));
    let (see, good) = (seen.clone(), set(&[key(0)]));
    let server = KeyServer::new(Arc::new(move |head: &str, stream: &mut std::net::TcpStream| {
        head.clone_into(&mut see.lock().unwrap());
        says(200, "", good.clone())(head, stream);
    }));
    fetch(&server.url(), &Plain, &limits()).unwrap();
    let head = seen.lock().unwrap().to_lowercase();
    let mut lines: Vec<&str> = head.trim_end().lines().collect();
    assert_eq!(lines.remove(0), "get /jwks.json http/1.1");
    let names: Vec<&str> = lines.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["host", "user-agent", "connection", "accept"]);
}

#[test]
fn a_key_of_another_kind_is_passed_over() {
    let text = set(&[key(0)]).replace("]}", r#",{"kty":"new","kid":"n"}]}"#);
    let server = KeyServer::new(says(200, "", text));
    let set = fetch(&server.url(), &Plain, &limits()).unwrap();
    assert_eq!((set.keys().len(), set.unusable().len()), (1, 1));
}

#[test]
fn a_url_that_no_request_can_be_made_of_does_not_exist() {
    for text in ["http://a\r\nX: y/", "http://a/\r\nX: y", "http://a /", "http://"] {
        assert!(Url::parse(text).is_err(), "{text}");
    }
}
