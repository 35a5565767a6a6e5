//! Every wrong way to ask: refused with its reason, in the shape of RFC 6749 §5.2, and the server goes on.

use crate::client::{Answer, connect, form, get, post, raw, request};
use crate::process::{Here, PASSWORD, place_with};
use jotlab::issuer::MAX_FORM_BYTES;
use std::io::Write;

/// One that hears every attempt of this test.
fn start(name: &str) -> Here {
    Here::start(&place_with(name, "alice"), |settings| {
        settings.limits.per_address = 10_000;
        settings.limits.per_name = 10_000;
    })
}

#[test]
fn who_is_wrong_is_not_told_what_was_wrong() {
    let here = start("wrong-who");
    let no_such_user = post(here.address, &form("mallory", PASSWORD));
    let wrong_password = post(here.address, &form("alice", "wrong"));
    assert_eq!((no_such_user.status, no_such_user.error().as_str()), (400, "invalid_grant"));
    assert_eq!((wrong_password.status, wrong_password.body), (400, no_such_user.body));
    for (name, password) in [("Alice", PASSWORD), ("alice ", PASSWORD), ("alice", "correct horse")]
    {
        assert_eq!(post(here.address, &form(name, password)).error(), "invalid_grant", "{name}");
    }
    post(here.address, &form("alice", PASSWORD)).token();
}

#[test]
fn what_is_no_request_for_a_token_is_refused_by_its_name() {
    let here = start("wrong-what");
    let good = form("alice", PASSWORD);
    for (body, expected) in [
        (String::new(), "invalid_request"),
        ("grant_type=password".to_owned(), "invalid_request"),
        (format!("{good}&username=alice"), "invalid_request"),
        (format!("{good}&scope=read&scope=write"), "invalid_request"),
        (format!("{good}&x=%zz"), "invalid_request"),
        (format!("{good}&x=%ff"), "invalid_request"),
        (good.replace("=password&", "=client_credentials&"), "unsupported_grant_type"),
        (format!("{good}&scope=read+admin"), "invalid_scope"),
        (format!("{good}&scope=%22"), "invalid_scope"),
        ("{\"grant_type\":\"password\"}".to_owned(), "invalid_request"),
        ("\u{0}\u{1}\u{ff}".to_owned(), "invalid_request"),
    ] {
        let refused = post(here.address, &body);
        assert_eq!((refused.status, refused.error().as_str()), (400, expected), "{body}");
    }
    post(here.address, &good).token();
}

#[test]
fn another_type_another_method_and_a_query_are_refused() {
    let here = start("wrong-how");
    let (address, body) = (here.address, form("alice", PASSWORD));
    let text = String::from_utf8(request(address, &body)).unwrap();
    let kind = "application/x-www-form-urlencoded";
    for other in
        ["application/json", "multipart/form-data", "", "text/plain", "application/x-www-form"]
    {
        let refused = raw(address, text.replace(kind, other).as_bytes());
        assert_eq!((refused.status, refused.error().as_str()), (400, "invalid_request"), "{other}");
    }
    let without = text.replace(&format!("Content-Type: {kind}\r\n"), "");
    assert_eq!(raw(address, without.as_bytes()).error(), "invalid_request");
    raw(address, text.replace(kind, &format!("{}; charset=UTF-8", kind.to_uppercase())).as_bytes())
        .token();

    let in_the_url = raw(address, text.replace("/token", &format!("/token?{body}")).as_bytes());
    assert_eq!(in_the_url.error(), "invalid_request");
    let got = get(address, "/token", "");
    assert_eq!((got.status, got.header("allow")), (405, Some("POST")));
    for path in ["/", "/keys.json", "/.well-known/../keys.json", "/token/", "//token"] {
        assert_eq!(get(address, path, "").status, 404, "{path}");
    }
}

#[test]
fn a_body_that_is_too_long_is_not_waited_for() {
    let here = start("too-long");
    let announced = format!(
        "POST /token HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: 100000000000\r\n\r\n",
        here.address
    );
    let refused = raw(here.address, announced.as_bytes());
    assert_eq!((refused.status, refused.error().as_str()), (413, "invalid_request"));
    let long = post(here.address, &"a".repeat(MAX_FORM_BYTES + 1));
    assert_eq!((long.status, long.error().as_str()), (413, "invalid_request"));
    // without a length, in chunks that do not end
    let mut stream = connect(here.address);
    let chunked = announced.replace("Content-Length: 100000000000", "Transfer-Encoding: chunked");
    stream.write_all(chunked.as_bytes()).unwrap();
    let chunk = format!("400\r\n{}\r\n", "a".repeat(0x400));
    for _ in 0..1000 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break; // it has seen enough
        }
    }
    // what was on its way may have taken the answer with it: that it goes on is what counts
    let status = Answer::read(stream).status;
    assert!(status == 413 || status == 0, "{status}");
    post(here.address, &form("alice", PASSWORD)).token();
}

#[test]
fn connections_that_are_dropped_or_broken_change_nothing() {
    let here = start("dropped");
    let whole = request(here.address, &form("alice", PASSWORD));
    for length in (0..whole.len()).step_by(7) {
        let mut stream = connect(here.address);
        stream.write_all(&whole[..length]).unwrap();
        drop(stream);
    }
    // the request as a whole, and nobody there for the answer
    for _ in 0..20 {
        connect(here.address).write_all(&whole).unwrap();
    }
    for noise in ["\r\n\r\n", "GET", "\u{0}\u{1}\u{2}", "GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = connect(here.address);
        stream.write_all(noise.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let status = Answer::read(stream).status;
        assert!(status == 400 || status == 0, "{noise}: {status}");
    }
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n", "a".repeat(1 << 20));
    assert_ne!(raw(here.address, head.as_bytes()).status, 200);
    post(here.address, &form("alice", PASSWORD)).token();
}
