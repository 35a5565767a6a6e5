//! The next service: the same token, its answer passed on, and what it may cost.

use crate::key_server::{
    Answer, CLAIMS, Hand, KeyServer, bytes, key, limits, nobody, policy, pours, publishes, says,
    token, trickles,
};
use crate::support::{Running, get, guard};
use jotlab::bearer::Scopes;
use jotlab::client::{Limits, PlainHttp, Url};
use jotlab::service::{Forward, ForwardError};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

fn to(url: &str) -> Forward {
    let forward = Forward::to(Url::parse(url).unwrap(), PlainHttp::LoopbackOnly).unwrap();
    forward.limits(Limits { bytes: 64 << 10, ..limits() })
}

fn service(server: &KeyServer, forward: Option<Forward>) -> Running {
    let scopes = Scopes::none().with("/admin", ["admin"]).unwrap();
    Running::start(guard(server, policy(), scopes, &Arc::new(Hand::default())), forward)
}

#[test]
fn the_same_token_is_carried_on() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let second = service(&server, None);
    let first = service(&server, Some(to(&second.url("/stock?a=b"))));
    let answer = get(first.port, "/orders", &token(key(0), CLAIMS));
    assert_eq!(answer.status, 200);
    let said = answer.json();
    assert_eq!((&said["path"], &said["next"]["status"]), (&"/orders".into(), &200.into()));
    assert_eq!(said["next"]["answer"]["path"], "/stock");
    assert_eq!(said["next"]["answer"]["caller"], said["caller"]);
    // what the next one refuses is told as its answer
    let first = service(&server, Some(to(&second.url("/admin"))));
    let said = get(first.port, "/", &token(key(0), CLAIMS)).json();
    assert_eq!(said["next"]["status"], 403);
    assert_eq!(said["next"]["answer"]["error"], "insufficient_scope");
}

#[test]
fn a_token_that_is_refused_goes_nowhere() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let next = KeyServer::new(says(200, "", "{}"));
    let first = service(&server, Some(to(&next.address())));
    assert_eq!(get(first.port, "/", "abc").status, 401);
    assert_eq!(get(first.port, "/admin", &token(key(0), CLAIMS)).status, 403);
    assert_eq!(next.asked(), 0);
}

#[test]
fn what_the_next_one_does_wrong_is_a_bad_gateway() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let good = token(key(0), CLAIMS);
    let rows: [(&str, Answer); 6] = [
        ("goes away", bytes("")),
        ("is slow", trickles()),
        ("pours", pours(1 << 30, Arc::default())),
        ("announces", bytes("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")),
        ("says HTML", says(200, "", "<p>")),
        ("says one name twice", says(200, "", r#"{"a":1,"a":2}"#)),
    ];
    for (name, answer) in rows {
        let next = KeyServer::new(answer);
        let first = service(&server, Some(to(&next.address())));
        let answer = get(first.port, "/", &good);
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (502, "{\"error\":\"bad_gateway\"}\n"),
            "{name}"
        );
    }
    let first = service(&server, Some(to(&nobody().to_string())));
    assert_eq!(get(first.port, "/", &good).status, 502);
}

#[test]
fn the_token_follows_no_redirect() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let other = KeyServer::new(says(200, "", "{}"));
    let next = KeyServer::new(says(307, &format!("Location: {}\r\n", other.address()), ""));
    let first = service(&server, Some(to(&next.address())));
    let said = get(first.port, "/", &token(key(0), CLAIMS)).json();
    assert_eq!((&said["next"]["status"], other.asked()), (&307.into(), 0));
}

#[test]
fn what_is_sent_on_is_the_token_and_the_way_it_came() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let seen = Arc::new(Mutex::new(String::new()));
    let see = seen.clone();
    let next = KeyServer::new(Arc::new(move |head: &str, stream: &mut std::net::TcpStream| {
        head.clone_into(&mut see.lock().unwrap());
        says(200, "", "{}")(head, stream);
    }));
    let first = service(&server, Some(to(&next.address())));
    let good = token(key(0), CLAIMS);
    let more = format!("Authorization: Bearer {good}\r\nCookie: a=b\r\nVia: 1.1 before\r\n");
    assert_eq!(crate::support::get_with(first.port, "/", &more).status, 200);
    let head = seen.lock().unwrap().clone();
    assert!(head.contains(&format!("authorization: Bearer {good}\r\n")), "{head}");
    assert!(head.contains("via: 1.1 before, 1.1 jotlab\r\n"), "{head}");
    assert!(!head.to_lowercase().contains("cookie"), "{head}");
}

#[test]
fn a_circle_ends() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let guard = guard(&server, policy(), Scopes::none(), &Arc::new(Hand::default()));
    let long = Limits { bytes: 64 << 10, ..Limits::default() };
    let service = Running::on(listener, guard, Some(to(&url).limits(long)));
    let answer = get(service.port, "/", &token(key(0), CLAIMS));
    let mut said = &answer.json();
    let mut hops = 0;
    while said["next"].is_object() {
        (said, hops) = (&said["next"]["answer"], hops + 1);
    }
    assert_eq!((said["error"].as_str(), hops), (Some("loop_detected"), 8));
}

#[test]
fn where_a_token_must_not_go_is_refused_at_the_start() {
    let forward = |url: &str| Forward::to(Url::parse(url).unwrap(), PlainHttp::LoopbackOnly);
    assert_eq!(forward("https://127.0.0.1/").unwrap_err(), ForwardError::Https);
    let error = forward("http://192.0.2.1/").unwrap_err();
    assert!(matches!(error, ForwardError::InTheClear(_)), "{error}");
    let asked = Forward::to(Url::parse("http://192.0.2.1/").unwrap(), PlainHttp::Anywhere);
    assert!(asked.is_ok());
}
