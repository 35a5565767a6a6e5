//! The command: where it listens, what it logs, how it ends, and what it refuses to begin with.

use crate::key_server::{CLAIMS, KeyServer, bytes, key, publishes, set};
use crate::support::{Answer, get, get_with};
use jotlab::jose::{Algorithm, Jwk, JwkSet, Policy, Signer};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) const POLICY: &str =
    "issuer = \"https://issuer.example\"\naudience = \"orders\"\nalgorithms = [\"RS256\"]\n";

/// A file of this test.
pub(crate) fn file(contents: impl AsRef<[u8]>) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("service-{}-{count}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, contents).unwrap();
    path
}

/// The command, running; killed with the value.
pub(crate) struct Program {
    child: Child,
    pub(crate) port: u16,
    log: Arc<Mutex<String>>,
}

impl Program {
    pub(crate) fn start(jwks: &str, policy: &str, more: &[&str]) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        command.args(["service", "--jwks", jwks, "--policy"]).arg(file(policy)).args(more);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()), log.clone());
        thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap();
        let port = port.parse().unwrap_or_else(|_| panic!("{line}: {}", log.lock().unwrap()));
        Program { child, port, log }
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        get(self.port, path, token)
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log has the words.
    #[track_caller]
    pub(crate) fn logs(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.log().contains(words) {
            assert!(Instant::now() < until, "no {words} in:\n{}", self.log());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks it to end, and waits for that.
    fn ends(&mut self) -> ExitStatus {
        let mut kill = Command::new("kill");
        assert!(kill.args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A token that is good by the system's clock for a minute.
pub(crate) fn fresh(key: &Jwk, algorithm: Algorithm) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let claims = CLAIMS.replace("2000000000", &now.to_string());
    let claims = claims.replace("2000000300", &(now + 60).to_string());
    let policy = Policy::at(i64::try_from(now).unwrap());
    Signer::new(key, algorithm, &policy).unwrap().compact(claims.as_bytes()).unwrap()
}

#[test]
fn it_serves_logs_and_ends_in_good_order() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let policy = format!("{POLICY}[scopes]\n\"/admin\" = \"admin\"\n");
    let mut service = Program::start(&server.address(), &policy, &[]);
    let good = fresh(key(0), Algorithm::Rs256);
    assert_eq!(service.get("/orders", &good).json()["caller"]["sub"], "zoe");
    assert_eq!(service.get("/admin", &good).status, 403);
    assert_eq!(get_with(service.port, "/", "").status, 401);
    let (front, signature) = good.rsplit_once('.').unwrap();
    let forged = format!("{front}.AAAA{}", &signature[4..]);
    assert_eq!(service.get("/secret?code=hunter2", &forged).status, 401);
    for words in [
        r#""message":"the keys were fetched""#,
        r#""reason":"no token""#,
        r#""reason":"scope: needs admin""#,
        r#""path":"/secret""#,
        r#""message":"answered""#,
    ] {
        service.logs(words);
    }
    assert!(service.ends().success());
    service.logs("no new connections");
    let log = service.log();
    for line in log.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(object["time"].is_string() && object["level"].is_string(), "{line}");
    }
    let payload = good.split('.').nth(1).unwrap();
    for secret in [signature, &forged[forged.len() - 40..], payload, "Bearer", "hunter2"] {
        assert!(!log.contains(secret), "{secret} in:\n{log}");
    }
}

#[test]
fn what_is_under_way_is_answered_before_the_end() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let (mut service, answered) = thread::scope(|scope| {
        // the next service holds its answer back until the end was asked for
        let (asked, is_asked) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (asked, released) = (Mutex::new(asked), Mutex::new(released));
        let next = KeyServer::new(Arc::new(move |head: &str, stream: &mut std::net::TcpStream| {
            asked.lock().unwrap().send(()).unwrap();
            let _released = released.lock().unwrap().recv_timeout(Duration::from_secs(10));
            crate::key_server::says(200, "", "{}")(head, stream);
        }));
        let forward = ["--forward", &next.address()].map(str::to_owned);
        let forward: Vec<&str> = forward.iter().map(String::as_str).collect();
        let service = Program::start(&server.address(), POLICY, &forward);
        let (port, good) = (service.port, fresh(key(0), Algorithm::Rs256));
        let answer = scope.spawn(move || get(port, "/", &good).status);
        is_asked.recv_timeout(Duration::from_secs(10)).unwrap();
        let mut kill = Command::new("kill");
        assert!(kill.args(["-TERM", &service.child.id().to_string()]).status().unwrap().success());
        service.logs("no new connections");
        release.send(()).unwrap();
        (service, answer.join().unwrap())
    });
    assert_eq!(answered, 200);
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn keys_come_from_a_file_too_even_one_secret() {
    let file_of = |text: String| file(text).to_str().unwrap().to_owned();
    let service = Program::start(&file_of(set(&[key(0)])), POLICY, &["--log", "off"]);
    assert_eq!(service.get("/", &fresh(key(0), Algorithm::Rs256)).status, 200);
    assert_eq!(service.get("/", &fresh(key(1), Algorithm::Rs256)).status, 401);
    assert_eq!(service.log(), "");
    let secret = Jwk::from_secret(vec![7; 32]).unwrap();
    let set = file_of(format!(r#"{{"keys":[{}]}}"#, secret.to_value()));
    let policy = POLICY.replace("RS256", "HS256");
    let service = Program::start(&set, &policy, &[]);
    assert_eq!(service.get("/", &fresh(&secret, Algorithm::Hs256)).status, 200);
}

#[test]
fn what_it_cannot_begin_with_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let path = |contents: &str| file(contents).to_str().unwrap().to_owned();
    let (good, keys) = (path(POLICY), path(&set(&[key(0)])));
    let secret = Jwk::from_secret(vec![7; 32]).unwrap();
    let mixed: JwkSet = [key(0).to_public().unwrap(), secret].into_iter().collect();
    let (mixed, empty) = (path(&mixed.to_value().to_string()), path(r#"{"keys":[]}"#));
    let misspelt = path(&format!("{POLICY}leway = 3\n"));
    let url = "http://127.0.0.1:1/";
    for (jwks, policy, more, code, words) in [
        (keys.as_str(), good.as_str(), &["--listen", taken.as_str()][..], 2, "cannot listen on"),
        (&keys, &misspelt, &[], 3, "line 4: unknown field `leway`"),
        (&keys, "/does/not/exist", &[], 2, "cannot read /does/not/exist"),
        ("/does/not/exist", &good, &[], 2, "cannot read /does/not/exist"),
        (&good, &good, &[], 3, "not a key"),
        (&mixed, &good, &[], 5, "secrets beside public keys"),
        (&empty, &good, &[], 5, "without a key that can be read"),
        ("http://192.0.2.1/", &good, &[], 2, "http to another machine is refused"),
        ("ftp://192.0.2.1/", &good, &[], 2, "it must begin with"),
        (&keys, &good, &["--forward", "http://192.0.2.1/"], 2, "http to another machine"),
        (&keys, &good, &["--forward", "https://127.0.0.1/"], 2, "forward to http"),
        (&keys, &good, &["--forward", "next"], 2, "it must begin with"),
        (&keys, &good, &["--listen", "here"], 2, "invalid value 'here'"),
        (url, &good, &["--cooldown", "soon"], 2, "\"soon\" is no duration"),
        (url, &good, &["--cooldown", "0s"], 2, "--cooldown must be a second at least"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        command.args(["service", "--jwks", jwks, "--policy", policy]).args(more);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words}: {said}");
        assert!(said.contains(words) && output.stdout.is_empty(), "{words}: {said}");
    }
}

#[test]
fn an_issuer_that_comes_up_later_is_found() {
    let server = KeyServer::new(bytes(""));
    let service = Program::start(&server.address(), POLICY, &["--cooldown", "1s"]);
    service.logs("no whole HTTP answer");
    let answer = service.get("/", &fresh(key(0), Algorithm::Rs256));
    assert_eq!((answer.status, answer.header("www-authenticate")), (503, None));
    assert_eq!(answer.header("retry-after"), Some("1"));
    server.now_answers(publishes(&[key(0)]));
    let until = Instant::now() + Duration::from_secs(20);
    while service.get("/", &fresh(key(0), Algorithm::Rs256)).status != 200 {
        assert!(Instant::now() < until, "{}", service.log());
        thread::sleep(Duration::from_millis(20));
    }
}
