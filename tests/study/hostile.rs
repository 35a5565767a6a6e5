//! Input of somebody who means no good: bounded, escaped, refused with a place; never a fault.

use crate::client::{form, get, port, post, post_from, raw};
use crate::views::VIEWS;

const NASTY: [&str; 12] = [
    "",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='x",
    "</textarea><script>x</script>",
    "\0\u{1}\u{1b}[31m\r\nSet-Cookie: a=b",
    "\u{202e}txt.exe\u{2066}\u{feff}",
    "%00%ff&a=b;c",
    "hex:zz",
    "b64u:====",
    "-1",
    "99999999999999999999999999",
];

const NAMES: [&str; 17] = [
    "alg", "message", "other", "step", "order", "at", "bits", "changed", "text", "way", "token",
    "key", "secret", "now", "aud", "header", "payload",
];

#[test]
fn no_input_is_a_fault_or_becomes_markup() {
    let plain: Vec<(String, usize)> = VIEWS
        .iter()
        .map(|view| ((*view).to_owned(), get(view).body.matches("<script").count()))
        .collect();
    for (view, scripts) in &plain {
        for name in NAMES {
            for value in NASTY {
                let fields = form(&[(name, value)]);
                let mut answers = vec![get(&format!("{view}?{fields}"))];
                if matches!(view.as_str(), "/token" | "/hmac") {
                    answers.push(post(view, &[(name, value), other(name)]));
                }
                for answer in answers {
                    let what = format!("{view} {name}={value:?}: {}", answer.status);
                    assert!(matches!(answer.status, 200 | 400), "{what}");
                    assert_eq!(answer.body.matches("<script").count(), *scripts, "{what}");
                    for tag in tags(&answer.body) {
                        let planted = tag.starts_with("img") || tag.contains(" on");
                        assert!(!planted && !tag.contains('\''), "{what}: {tag}");
                    }
                    assert!(
                        !answer.body.contains(['\0', '\u{1b}', '\u{202e}', '\u{feff}'])
                            || value.contains('\u{202e}')
                            || value.contains('\0'),
                        "{what}"
                    );
                    assert!(answer.header("set-cookie").is_none(), "{what}");
                }
            }
        }
    }
}

/// Every tag without the values of its attributes, which stand between `"` and hold no `"`, `<` or `>`.
fn tags(body: &str) -> impl Iterator<Item = String> {
    body.split('<').skip(1).map(|rest| {
        let (tag, _) = rest.split_once('>').unwrap();
        tag.split('"').step_by(2).collect()
    })
}

/// A token to go with a field that is none.
fn other(name: &str) -> (&'static str, &'static str) {
    if name == "token" { ("x", "") } else { ("token", "eyJhbGciOiJIUzI1NiJ9.e30.AA") }
}

#[test]
fn broken_tokens_are_shown_as_far_as_they_go() {
    let deep = format!("{}.e30.", jotlab::base64::encode_url("[".repeat(2000).as_bytes()));
    let wide = "a.".repeat(5000);
    let long = format!("{}.{}.{}", "eyJh".repeat(1000), "eyJh".repeat(2000), "eyJh".repeat(500));
    let tokens =
        ["a", ".", "..", "...", "a.b.c.d.e", "é.ü.ß", "eyJ.eyJ.eyJ", "=.=.=", &deep, &wide, &long];
    for token in tokens {
        let answer = post("/token", &[("token", token)]);
        assert_eq!(answer.status, 200, "{token:.40}: {}", answer.body);
        assert!(!answer.body.contains("✓ accepted"), "{token:.40}");
        assert!(answer.body.len() < 200 << 10, "{token:.40}: {} bytes", answer.body.len());
    }
}

#[test]
fn what_is_too_long_is_refused_before_work_is_done() {
    assert_eq!(post("/token", &[("token", &"a".repeat(17 << 10))]).status, 400);
    let huge = format!("token={}", "a".repeat(300 << 10));
    let own = format!("Origin: http://127.0.0.1:{}\r\n", port());
    assert_eq!(post_from("/token", &huge, &own).status, 413);
    let announced = format!(
        "POST /token HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n\
         Connection: close\r\nContent-Length: 99999999999\r\n\r\ntoken=a",
        port()
    );
    assert_eq!(raw(announced.as_bytes()).status, 413, "announced as too long");
    let promised = announced.replace("99999999999", "100");
    assert_eq!(raw(promised.as_bytes()).status, 408, "a length that is a lie");
}

#[test]
fn a_secret_in_a_url_is_refused_and_not_repeated() {
    for name in ["token", "key", "secret"] {
        for view in VIEWS {
            let answer = get(&format!("{view}?{name}=hunter2"));
            assert_eq!(answer.status, 400, "{view} {name}");
            assert!(!answer.body.contains("hunter2") && !answer.head.contains("hunter2"));
        }
    }
}

#[test]
fn no_link_of_a_page_holds_what_was_sent() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQtcGVyc29uIn0.c2lnbmF0dXJl";
    let sent = post("/token", &[("token", token), ("secret", "hunter2"), ("aud", "my-audience")]);
    let hmac = post("/hmac", &[("message", "my-message"), ("key", "hunter2")]);
    for answer in [sent, hmac] {
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains("hunter2"));
        for link in answer.links() {
            for text in ["eyJ", "hunter2", "my-", "c2ln"] {
                assert!(!link.contains(text), "{link}");
            }
        }
    }
}

#[test]
fn a_refusal_says_what_and_where() {
    let body = get("/sha2?message=a&message=b").body;
    for words in
        ["the URL, at offset 10", "stands there already", "application/x-www-form-urlencoded"]
    {
        assert!(body.contains(words), "{words}: {body}");
    }
    let body = get("/sha2?step=b7.r0").body;
    assert!(body.contains("the field step") && body.contains("b7.r0"), "{body}");
}
