//! Requests a second of an axum app behind the guard against the same app without it: loopback, keep-alive,
//! in rounds that take turns. A caller shows one token again and again; beside that, tokens that the guard has never
//! seen, or has forgotten.
//!
//! `cargo bench --bench service`; with `-- --quick` in seconds. Client and server share the machine's cores, as
//! they do with wrk beside a server.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, and stops at what it did not expect"
)]

use axum::routing::any;
use axum::{Extension, Router};
use jotlab::bearer::{Admitted, Guard};
use jotlab::jose::{Algorithm, Jwk, JwkSet, Jws, Policy, Signer};
use jotlab::rsa::PrivateKey;
use jotlab::rsa::encoding::Key;
use serde_json::json;
use std::io::ErrorKind;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

/// Connections that are kept alive, each with one request at a time.
const CONNECTIONS: usize = 32;

/// More tokens than a guard remembers.
const TOKENS: usize = 4096;

/// The least part of the bare app's requests a second that is left with verification.
const BARS: [(Algorithm, f64); 2] = [(Algorithm::Hs256, 0.90), (Algorithm::Rs256, 0.75)];

fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "--quick");
    // under `cargo test --benches`: that everything runs, no verdicts
    let is_test = cfg!(debug_assertions);
    let full = (15, Duration::from_secs(1));
    let (rounds, time) = if quick || is_test { (3, Duration::from_millis(150)) } else { full };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut contenders = contenders(&runtime);
    for contender in &mut contenders {
        contender.round(&runtime, Duration::from_millis(100));
        contender.forget();
    }
    for _ in 0..rounds {
        for contender in &mut contenders {
            contender.round(&runtime, time);
        }
    }
    println!("{CONNECTIONS} connections, {rounds} rounds of {time:?}, in turns");
    let bare = contenders[0].median();
    let mut all_hold = true;
    for contender in &mut contenders {
        let (rate, p99) = (contender.median(), contender.p99());
        let ratio = rate / bare;
        let holds = contender.bar.is_none_or(|bar| ratio >= bar);
        all_hold &= holds;
        let bar = contender.bar.map_or(String::new(), |bar| {
            format!("  bar {bar:.2} {}", if holds { "ok" } else { "BELOW" })
        });
        let name = &contender.name;
        println!("{name:<18} {rate:>8.0} requests/s  p99 {p99:>7.3} ms  ratio {ratio:.3}{bar}");
    }
    if all_hold || is_test { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// An app on a port, the requests that it is asked, and how that went.
struct Contender {
    name: String,
    bar: Option<f64>,
    port: u16,
    /// One is asked after the other.
    requests: Arc<[Vec<u8>]>,
    rates: Vec<f64>,
    latencies: Vec<Duration>,
}

impl Contender {
    fn new(
        runtime: &Runtime,
        (name, bar): (String, Option<f64>),
        app: Router,
        tokens: &[String],
    ) -> Contender {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
        let request = |token: &String| {
            let head = "GET /a HTTP/1.1\r\nHost: a\r\n";
            format!("{head}Authorization: Bearer {token}\r\n\r\n").into_bytes()
        };
        let requests = tokens.iter().map(request).collect();
        Contender { name, bar, port, requests, rates: vec![], latencies: vec![] }
    }

    /// All connections ask as often as they can until the time is over.
    fn round(&mut self, runtime: &Runtime, time: Duration) {
        let begin = Instant::now();
        let ask = |number| {
            // each begins elsewhere, so that few ask the same at the same time
            let first = number * self.requests.len() / CONNECTIONS;
            runtime.spawn(connection(self.port, self.requests.clone(), first, begin + time))
        };
        let tasks: Vec<_> = (0..CONNECTIONS).map(ask).collect();
        let mut count = 0;
        for task in tasks {
            let latencies = runtime.block_on(task).unwrap();
            count += latencies.len();
            self.latencies.extend(latencies);
        }
        self.rates.push(count as f64 / begin.elapsed().as_secs_f64());
    }

    fn forget(&mut self) {
        self.rates.clear();
        self.latencies.clear();
    }

    fn median(&mut self) -> f64 {
        self.rates.sort_by(f64::total_cmp);
        self.rates[self.rates.len() / 2]
    }

    fn p99(&mut self) -> f64 {
        self.latencies.sort();
        self.latencies[self.latencies.len() * 99 / 100].as_secs_f64() * 1e3
    }
}

/// One connection, kept alive: how long each answer took.
async fn connection(
    port: u16,
    requests: Arc<[Vec<u8>]>,
    first: usize,
    end: Instant,
) -> Vec<Duration> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut latencies, mut buffer) = (vec![], vec![0; 4096]);
    let mut requests = requests.iter().cycle().skip(first);
    while Instant::now() < end {
        let Some(request) = requests.next() else { break };
        let begin = Instant::now();
        send(&stream, request).await;
        receive(&stream, &mut buffer).await;
        latencies.push(begin.elapsed());
    }
    latencies
}

async fn send(stream: &TcpStream, mut rest: &[u8]) {
    while !rest.is_empty() {
        stream.writable().await.unwrap();
        match stream.try_write(rest) {
            Ok(count) => rest = &rest[count..],
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    }
}

/// Reads one answer, which must be 200 and end with its JSON.
async fn receive(stream: &TcpStream, buffer: &mut [u8]) {
    let mut length = 0;
    while !buffer[..length].ends_with(b"}\n") {
        stream.readable().await.unwrap();
        match stream.try_read(&mut buffer[length..]) {
            Ok(count) => {
                assert!(count > 0, "the server went away");
                length += count;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    }
    assert!(buffer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&buffer[..length]));
}

async fn answer(Extension(admitted): Extension<Arc<Admitted>>) -> String {
    let claims = &admitted.claims;
    format!("{}\n", json!({ "sub": claims["sub"], "iss": claims["iss"], "kid": admitted.kid }))
}

/// A key with its algorithm, the policy, and what the tokens say.
struct Issuer {
    key: Jwk,
    algorithm: Algorithm,
    policy: Policy,
    now: i64,
}

impl Issuer {
    fn new(mut key: Jwk, algorithm: Algorithm) -> Issuer {
        key.parameters_mut().kid = Some("one".to_owned());
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
        let policy = Policy::at(now).algorithms([algorithm]);
        let policy = policy.issuer("https://issuer.example").audience("orders");
        Issuer { key, algorithm, policy, now }
    }

    fn set(&self) -> JwkSet {
        JwkSet::from(self.key.to_public().unwrap_or_else(|| self.key.clone()))
    }

    fn tokens(&self, count: usize) -> Vec<String> {
        let signer = Signer::new(&self.key, self.algorithm, &self.policy).unwrap();
        let token = |number: usize| {
            let claims = json!({
                "iss": "https://issuer.example", "aud": "orders", "sub": "zoe",
                "jti": number.to_string(), "scope": "read write",
                "iat": self.now, "exp": self.now + 3600,
            });
            signer.compact(claims.to_string().as_bytes()).unwrap()
        };
        (0..count).map(token).collect()
    }
}

fn contenders(runtime: &Runtime) -> Vec<Contender> {
    let secret = Jwk::from_secret(vec![7; 32]).unwrap();
    let rsa = Jwk::from(Key::Private(Box::new(PrivateKey::generate(2048).unwrap())));
    let app = Router::new().fallback(any(answer));
    let mut all = vec![];
    for (key, (algorithm, bar)) in [secret, rsa].into_iter().zip(BARS) {
        let issuer = Issuer::new(key, algorithm);
        let many = issuer.tokens(TOKENS);
        let one = &many[..1];
        if all.is_empty() {
            let (jws, set) = (Jws::compact(&one[0]).unwrap(), issuer.set());
            let bound = jws.bind(&set, &issuer.policy).unwrap();
            let claims = bound.verify().unwrap().claims(&issuer.policy).unwrap().claims;
            let admitted = Admitted { claims, kid: Some("one".to_owned()), algorithm };
            let bare = app.clone().layer(Extension(Arc::new(admitted)));
            all.push(Contender::new(runtime, ("not verified".to_owned(), None), bare, one));
        }
        for (name, bar, tokens) in [("", Some(bar), one), (", always new", None, &many[..])] {
            let guarded = app.clone().layer(Guard::new(issuer.set(), issuer.policy.clone()));
            let name = format!("{algorithm}{name}");
            all.push(Contender::new(runtime, (name, bar), guarded, tokens));
        }
    }
    all
}
