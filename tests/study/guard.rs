//! Who may ask, and what every answer carries.

use crate::client::{form, get, port, post, post_from, raw};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

#[test]
fn every_answer_keeps_the_page_to_itself() {
    let refused = post_from("/token", "token=x", "");
    let answers =
        [get("/"), get("/sha2"), get("/study.css"), get("/study.js"), get("/nothing"), refused];
    for answer in answers {
        assert_eq!(answer.header("content-security-policy"), Some(POLICY), "{}", answer.head);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[test]
fn only_this_host_is_answered() {
    let port = port();
    let status = |headers: &str| {
        raw(format!("GET / HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes()).status
    };
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}")] {
        assert_eq!(status(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    let others = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost:{port}.evil.example"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.2:{port}"),
        format!("[::1]:{port}"),
        String::new(),
    ];
    for host in others {
        assert_ne!(status(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    assert_ne!(status(""), 200, "no Host");
    assert_ne!(status(&format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n")), 200, "two");
    let absolute = format!(
        "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(raw(absolute.as_bytes()).status, 421, "another name in the target");
}

#[test]
fn a_form_of_another_site_is_not_taken() {
    let own = format!("http://127.0.0.1:{}", port());
    let body = form(&[("message", "abc"), ("key", "k")]);
    let status = |headers: &str| post_from("/hmac", &body, headers).status;
    assert_eq!(status(&format!("Origin: {own}\r\n")), 200);
    // what a browser sends for a form of a page with Referrer-Policy: no-referrer
    assert_eq!(status("Origin: null\r\nSec-Fetch-Site: same-origin\r\n"), 200);
    for headers in [
        "",
        "Origin: null\r\n",
        "Origin: null\r\nSec-Fetch-Site: cross-site\r\n",
        "Origin: http://evil.example\r\n",
        "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n",
        "Origin: http://127.0.0.1\r\n",
        &format!("Origin: https{}\r\n", &own[4..]),
        &format!("Origin: {own}\r\nOrigin: http://evil.example\r\n"),
        &format!("Origin: http://localhost:{}\r\n", port()),
    ] {
        assert_eq!(status(headers), 403, "{headers}");
    }
}

#[test]
fn other_methods_and_paths_are_refused_as_pages() {
    assert_eq!(get("/nothing").status, 404);
    assert_eq!(get("/../etc/passwd").status, 404);
    assert_eq!(post("/sha2", &[("message", "abc")]).status, 405);
    let own = format!("Host: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n", port());
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE"] {
        let request = format!("{method} / HTTP/1.1\r\n{own}Connection: close\r\n\r\n");
        assert_eq!(raw(request.as_bytes()).status, 405, "{method}");
    }
    let page = get("/nothing").body;
    assert!(
        page.contains("<h1>Not Found</h1>") && page.contains("there is no such page"),
        "{page}"
    );
}
