//! https by curl, against a server with a certificate of a private authority.

use crate::key_server::{Hand, key, limits, rules, set};
use crate::tools::{Dir, Server, is_there, python};
use jotlab::client::{ByScheme, Curl, FetchError, IssuerKeys, KeysError, Limits, Url, fetch};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Serves the file `jwks.json`, and some addresses that misbehave.
const SERVER: &str = r#"
import http.server, ssl, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_GET(self):
        if self.path == "/jwks.json":
            if self.headers.get("If-None-Match") == '"v1"':
                self.send_response(304); self.send_header("ETag", '"v1"'); self.end_headers(); return
            body = open("jwks.json", "rb").read()
            self.send_response(200); self.send_header("ETag", '"v1"')
            self.send_header("Cache-Control", "max-age=1")
            self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
        elif self.path == "/moved":
            self.send_response(302); self.send_header("Location", "/jwks.json"); self.end_headers()
        elif self.path == "/elsewhere":
            self.send_response(302); self.send_header("Location", "https://other.example/"); self.end_headers()
        elif self.path == "/down":
            self.send_response(302); self.send_header("Location", sys.argv[1]); self.end_headers()
        elif self.path == "/pours":
            self.send_response(200); self.end_headers()
            try:
                for _ in range(1600): self.wfile.write(b" " * 65536)
            except OSError: pass
        elif self.path == "/announces":
            self.send_response(200); self.send_header("Content-Length", "104857600"); self.end_headers()
        elif self.path == "/trickles":
            self.send_response(200); self.end_headers()
            try:
                for _ in range(1000): self.wfile.write(b" "); time.sleep(0.02)
            except OSError: pass
        elif self.path == "/breaks":
            self.send_response(200); self.send_header("Content-Length", "1000"); self.end_headers()
            self.wfile.write(b"{")
        else:
            self.send_response(500); self.end_headers()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server.pem", "server.key")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

struct Tls {
    dir: Dir,
    server: Server,
}

/// The server with its authority, or nothing where a program is missing.
fn tls() -> Option<Tls> {
    let probes = [
        is_there("curl", Command::new("curl").args(["-q", "--version"])),
        is_there("openssl", Command::new("openssl").arg("version")),
        is_there("python3", python().args(["-c", "import ssl, http.server"])),
    ];
    if probes.contains(&false) {
        return None;
    }
    let dir = Dir::new();
    let openssl = |line: &str| {
        let mut command = Command::new("openssl");
        let output = command.args(line.split(' ')).current_dir(dir.root()).output().unwrap();
        assert!(output.status.success(), "openssl {line}: {output:?}");
    };
    dir.file("names", "subjectAltName=IP:127.0.0.1\n");
    for authority in ["ca", "other"] {
        openssl(&format!(
            "req -x509 -newkey rsa:2048 -nodes -keyout {authority}.key -out {authority}.pem -subj /CN={authority} -days 2"
        ));
    }
    openssl("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=server");
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names",
    );
    dir.file("jwks.json", set(&[key(0)]));
    let mut command = python();
    command.args(["-c", SERVER, "http://127.0.0.1:1/"]).current_dir(dir.root());
    let server = Server::start(&mut command);
    Some(Tls { dir, server })
}

impl Tls {
    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("https://127.0.0.1:{}{path}", self.server.port)).unwrap()
    }

    fn curl(&self) -> Curl {
        Curl::default().ca_file(self.dir.path("ca.pem"))
    }

    fn fails(&self, path: &str, limits: &Limits) -> FetchError {
        match fetch(&self.url(path), &self.curl(), limits).unwrap_err() {
            KeysError::Fetch(error) => error,
            KeysError::Set(error) => panic!("{path}: {error}"),
        }
    }
}

#[test]
fn keys_come_by_tls_and_every_limit_holds() {
    let Some(tls) = tls() else { return };
    let long = Limits { time: Duration::from_secs(10), ..Limits::default() };
    for path in ["/jwks.json", "/moved"] {
        let set = fetch(&tls.url(path), &tls.curl(), &long).unwrap();
        assert_eq!(set.keys()[0].kid(), Some("key-0"), "{path}");
    }
    assert_eq!(tls.fails("/nothing", &long), FetchError::Status(500));
    assert_eq!(tls.fails("/pours", &long), FetchError::TooLong(long.bytes));
    assert_eq!(tls.fails("/announces", &long), FetchError::TooLong(long.bytes));
    assert!(matches!(tls.fails("/breaks", &long), FetchError::Protocol(_)));
    let elsewhere = FetchError::OtherOrigin("https://other.example".to_owned());
    assert_eq!(tls.fails("/elsewhere", &long), elsewhere);
    // not even to the same host in the clear
    let down = FetchError::OtherOrigin("http://127.0.0.1:1".to_owned());
    assert_eq!(tls.fails("/down", &long), down);
    let begin = Instant::now();
    let short = Limits { time: Duration::from_millis(1500), ..long };
    let slow = tls.fails("/trickles", &short);
    assert!(matches!(slow, FetchError::TimedOut(_)), "{slow}");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let Some(tls) = tls() else { return };
    let other = Curl::default().ca_file(tls.dir.path("other.pem"));
    for curl in [Curl::default(), other, Curl::default().ca_file("/does/not/exist")] {
        let error = fetch(&tls.url("/jwks.json"), &curl, &Limits::default()).unwrap_err();
        assert!(matches!(error, KeysError::Fetch(FetchError::Unreachable(_))), "{error}");
        assert!(error.to_string().contains("curl: ("), "{error}");
    }
    // the same server under a name that its certificate does not have
    let name = Url::parse(&format!("https://localhost:{}/jwks.json", tls.server.port)).unwrap();
    let error = fetch(&name, &tls.curl(), &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("curl: (60)"), "{error}");
}

#[test]
fn the_cache_asks_by_tls_whether_anything_changed() {
    let Some(tls) = tls() else { return };
    let clock = Arc::new(Hand::default());
    let transport = ByScheme { curl: tls.curl() };
    let keys = IssuerKeys::new(tls.url("/jwks.json"), transport).rules(rules());
    let keys = keys.clock(clock.clone());
    keys.keys(Some("key-0")).unwrap();
    // what would come instead is no set: only 304 keeps this from being a failure
    tls.dir.file("jwks.json", "{}");
    clock.forward(10);
    keys.keys(Some("key-0")).unwrap();
    assert_eq!(keys.last_failure(), None);
}

#[cfg(feature = "cli")]
#[test]
fn the_command_takes_an_authority() {
    use crate::key_server::{CLAIMS, NOW, token};
    let Some(tls) = tls() else { return };
    let (url, token) = (tls.url("/jwks.json").to_string(), token(key(0), CLAIMS));
    let verify = |ca: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        command.args(["verify", &token, "--jwks", &url, "--aud", "orders"]);
        command.args(["--now", &NOW.to_string(), "--ca-file", &tls.dir.path(ca)]);
        command.output().unwrap()
    };
    let good = verify("ca.pem");
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    let other = verify("other.pem");
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    assert!(String::from_utf8_lossy(&other.stderr).contains("no connection: curl: (60)"));
}

#[test]
fn without_curl_that_is_said() {
    let url = Url::parse("https://127.0.0.1:1/").unwrap();
    let none = Curl::default().program("/does/not/exist/curl");
    let error = fetch(&url, &none, &limits()).unwrap_err();
    assert!(matches!(error, KeysError::Fetch(FetchError::NoCurl(_))));
    let words = error.to_string();
    assert!(
        words.starts_with("https is fetched by the program curl, which did not start"),
        "{words}"
    );
}

#[test]
fn what_is_in_the_clear_is_not_for_curl() {
    let url = Url::parse("http://127.0.0.1:1/").unwrap();
    let error = fetch(&url, &Curl::default(), &limits()).unwrap_err();
    assert!(matches!(error, KeysError::Fetch(FetchError::InTheClear(_))), "{error}");
}

/// A program in curl's place that does not keep to what it was asked for.
#[cfg(unix)]
#[test]
fn a_curl_that_does_not_end_is_ended() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    let endless = dir.file("endless", "#!/bin/sh\nexec yes\n");
    let silent = dir.file("silent", "#!/bin/sh\nexec sleep 600\n");
    for path in [&endless, &silent] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let url = Url::parse("https://127.0.0.1:1/").unwrap();
    let begin = Instant::now();
    for path in [endless, silent] {
        let error = fetch(&url, &Curl::default().program(&path), &limits()).unwrap_err();
        assert!(matches!(error, KeysError::Fetch(_)), "{error}");
    }
    assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
}
