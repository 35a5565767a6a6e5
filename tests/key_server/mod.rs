//! An issuer's address that does what a test says, by hand over TCP: no server library would break so.
#![allow(dead_code, reason = "not every test file needs all of it")]

use jotlab::client::{Clock, Limits, Rules, Url};
use jotlab::jose::{Algorithm, Jwk, JwkSet, Policy, Signer};
use jotlab::rsa::PrivateKey;
use jotlab::rsa::encoding::Key;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

/// What happens on a connection, after the head of a request was read.
pub(crate) type Answer = Arc<dyn Fn(&str, &mut TcpStream) + Send + Sync>;

/// A server whose answer can be changed at any time.
pub(crate) struct KeyServer {
    port: u16,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    pub(crate) fn new(answer: Answer) -> KeyServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let server = KeyServer { port, answer: answer.clone(), asked: asked.clone() };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(mut stream), answer) = (stream, answer.lock().unwrap().clone()) else {
                    continue;
                };
                let asked = asked.clone();
                thread::spawn(move || {
                    if let Some(head) = head(&mut stream) {
                        asked.fetch_add(1, Ordering::SeqCst);
                        answer(&head, &mut stream);
                    }
                });
            }
        });
        server
    }

    /// From the next connection on.
    pub(crate) fn now_answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How many requests came.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/jwks.json", self.port)
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&self.address()).unwrap()
    }
}

/// The head of a request; nothing where the other side went away.
fn head(stream: &mut TcpStream) -> Option<String> {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (mut head, mut byte) = (vec![], [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// An address where nobody listens.
pub(crate) fn nobody() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Url::parse(&format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port())).unwrap()
}

/// A whole answer.
pub(crate) fn says(status: u16, headers: &str, body: impl Into<String>) -> Answer {
    let body = body.into();
    let length = body.len();
    let text = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
    bytes(text)
}

/// The set, fresh for a second, which is less than any cooldown of these tests.
pub(crate) fn publishes(keys: &[&Jwk]) -> Answer {
    says(200, "Cache-Control: max-age=1\r\n", set(keys))
}

/// These bytes, then the end.
pub(crate) fn bytes(text: impl Into<Vec<u8>>) -> Answer {
    let text = text.into();
    Arc::new(move |_, stream| {
        let _it_went_away = stream.write_all(&text);
    })
}

/// A byte every 20 ms.
pub(crate) fn trickles() -> Answer {
    Arc::new(|_, stream| {
        let text = format!("HTTP/1.1 200 OK\r\n\r\n{}", " ".repeat(10_000));
        for byte in text.bytes() {
            if stream.write_all(&[byte]).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    })
}

/// So many bytes of a body whose length nobody said, as long as somebody reads; adds up what was taken.
pub(crate) fn pours(most: usize, taken: Arc<AtomicUsize>) -> Answer {
    Arc::new(move |_, stream| {
        let block = vec![b' '; 1 << 16];
        let _it_went_away = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        for _ in 0..most / block.len() {
            if stream.write_all(&block).is_err() {
                return;
            }
            taken.fetch_add(block.len(), Ordering::SeqCst);
        }
    })
}

/// An RSA key of 2048 bits that stays the same within a run.
pub(crate) fn key(number: usize) -> &'static Jwk {
    static KEYS: [OnceLock<Jwk>; 3] = [const { OnceLock::new() }; 3];
    KEYS[number].get_or_init(|| {
        let private = PrivateKey::generate(2048).unwrap();
        let mut jwk = Jwk::from(Key::Private(Box::new(private)));
        jwk.parameters_mut().kid = Some(format!("key-{number}"));
        jwk
    })
}

/// The public halves as a set.
pub(crate) fn set(keys: &[&Jwk]) -> String {
    let set: JwkSet = keys.iter().map(|key| key.to_public().unwrap()).collect();
    set.to_value().to_string()
}

/// The time that tokens of these tests are made at.
pub(crate) const NOW: i64 = 2_000_000_000;
/// Claims that [`policy`] accepts for five minutes from [`NOW`] on.
pub(crate) const CLAIMS: &str = r#"{"iss":"https://issuer.example","aud":"orders","sub":"zoe","scope":"read write","iat":2000000000,"exp":2000000300}"#;

pub(crate) fn policy() -> Policy {
    let policy = Policy::at(NOW).algorithms([Algorithm::Rs256]);
    policy.issuer("https://issuer.example").audience("orders")
}

pub(crate) fn token(key: &Jwk, claims: &str) -> String {
    Signer::new(key, Algorithm::Rs256, &policy()).unwrap().compact(claims.as_bytes()).unwrap()
}

/// A token that names this key, with a signature that nobody made.
pub(crate) fn forged(kid: &str) -> String {
    let encode = jotlab::base64::encode_url;
    let header = format!(r#"{{"alg":"RS256","kid":"{kid}"}}"#);
    format!("{}.{}.{}", encode(header.as_bytes()), encode(CLAIMS.as_bytes()), encode(&[1; 256]))
}

/// Clocks that stand where a test puts them.
#[derive(Default)]
pub(crate) struct Hand {
    elapsed: AtomicU64,
    /// Seconds that the wall clock is off.
    pub(crate) off: AtomicU64,
}

impl Hand {
    pub(crate) fn forward(&self, seconds: u64) {
        self.elapsed.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.elapsed.load(Ordering::SeqCst))
    }

    fn unix(&self) -> i64 {
        let off = self.off.load(Ordering::SeqCst).cast_signed();
        NOW + self.elapsed.load(Ordering::SeqCst).cast_signed() + off
    }
}

/// Short enough for a test that waits for it to be passed.
pub(crate) fn limits() -> Limits {
    Limits { time: Duration::from_millis(700), ..Limits::default() }
}

pub(crate) const COOLDOWN: u64 = 10;

pub(crate) fn rules() -> Rules {
    Rules { cooldown: Duration::from_secs(COOLDOWN), ..Rules::default() }
}
