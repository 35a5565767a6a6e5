//! What can be wrong with an issuer, and the words in which it is told: one table for the client and the service.

use crate::key_server::{Answer, bytes, key, pours, says, set, trickles};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// A fault of an issuer: its name, what it answers, what the log must say of it.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) answer: Answer,
    pub(crate) reason: &'static str,
}

/// The faults. For each: nothing is accepted by what came, the set that was held stays and is used, and the
/// reason is told.
pub(crate) fn faults() -> Vec<Fault> {
    let good = set(&[key(1)]);
    let length = good.len();
    let private = format!(r#"{{"keys":[{}]}}"#, key(1).to_value());
    let twice = format!(r#"{{"keys":[{0},{0}]}}"#, key(1).to_public().unwrap().to_value());
    // a key of a kind that is not built here, with a private member all the same
    let hidden = good.replace("]}", r#",{"kty":"OKP","crv":"X25519","x":"AA","d":"AA"}]}"#);
    let head = "HTTP/1.1 200 OK\r\n";
    let poured = Arc::new(AtomicUsize::new(0));
    let moved = |to: &str| says(302, &format!("Location: {to}\r\n"), "");
    let row = |name, answer, reason| Fault { name, answer, reason };
    vec![
        row("down", bytes(""), "no whole HTTP answer"),
        row("slow", trickles(), "not all there after"),
        row("500", says(500, "", &good), "status 500"),
        row("404", says(404, "", &good), "status 404"),
        row("a status that nobody knows", says(599, "", ""), "status 599"),
        row("HTML", says(200, "", "<!doctype html><p>Sign in"), "JSON at offset 0"),
        row("no HTTP", bytes("SSH-2.0-OpenSSH\r\n\r\n"), "no whole HTTP answer"),
        row("100 MB", pours(100 << 20, poured), "more than 262144 bytes"),
        row(
            "100 MB announced",
            bytes(format!("{head}Content-Length: 104857600\r\n\r\n")),
            "more than 262144 bytes",
        ),
        row("an endless head", bytes(format!("{head}X: {}", "x".repeat(1 << 20))), "HTTP answer"),
        row(
            "a redirect to another host",
            moved("http://other.example/jwks.json"),
            "a redirect to another host, http://other.example: not followed",
        ),
        row(
            "a redirect to another port",
            moved("http://127.0.0.1:1/"),
            "a redirect to another host",
        ),
        row("a redirect to a file", moved("file:///etc/passwd"), "which is no address"),
        row("a redirect to itself", moved("/jwks.json"), "more than 3 redirects"),
        row("a redirect to nowhere", says(302, "", ""), "which is no address"),
        row("truncated JSON", says(200, "", &good[..length - 9]), "JSON at offset"),
        row(
            "a connection that breaks",
            bytes(format!("{head}Content-Length: {length}\r\n\r\n{}", &good[..length / 2])),
            "no whole HTTP answer",
        ),
        row("an empty set", says(200, "", r#"{"keys":[]}"#), "the set has no key"),
        row(
            "no key that can be read",
            says(200, "", r#"{"keys":[{"kty":"new","kid":"a"}]}"#),
            "no key that can be read",
        ),
        row("private keys", says(200, "", private), "keys[0] has the private member \"d\""),
        row("a hidden private key", says(200, "", hidden), "keys[1] has the private member \"d\""),
        row(
            "a secret",
            says(200, "", r#"{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]}"#),
            "keys[0] has the private member \"k\"",
        ),
        row("one kid twice", says(200, "", twice), "keys[0] and keys[1] have one kid, \"key-1\""),
    ]
}
