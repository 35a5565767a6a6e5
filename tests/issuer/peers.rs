//! Clients of others fetch the key set by themselves and follow a rotation: PyJWT's `PyJWKClient` and the
//! `createRemoteJWKSet` of the Node library `jose`. Each runs through the whole rotation with one cache.

use crate::client::{form, post};
use crate::process::{PASSWORD, Running, issuer, place_with};
use jotlab::issuer::JWKS_PATH;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Reads a token a line; writes its kid and its sub, or what was wrong. A set is fetched again at once where a
/// kid is unknown, not after half a minute.
const PYJWT: &str = r#"
import sys, jwt
url, issuer = sys.argv[1:]
try:
    client = jwt.PyJWKClient(url, cooldown_duration=0)
except TypeError:
    client = jwt.PyJWKClient(url)  # before 2.15 it fetches at once
for line in sys.stdin:
    token = line.strip()
    try:
        key = client.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["RS256"], audience="jotlab-services", issuer=issuer)
        print(key.key_id, claims["sub"], flush=True)
    except Exception as error:
        print("refused", type(error).__name__, flush=True)
"#;

/// The same.
const JOSE: &str = r#"
const { pathToFileURL } = require("node:url");
(async () => {
    const jose = await import(pathToFileURL(require.resolve("jose")));
    const [url, issuer] = process.argv.slice(1);
    const keys = jose.createRemoteJWKSet(new URL(url), { cooldownDuration: 0 });
    const wanted = { issuer, audience: "jotlab-services", algorithms: ["RS256"], typ: "at+jwt" };
    for await (const line of require("node:readline").createInterface({ input: process.stdin })) {
        try {
            const { payload, protectedHeader } = await jose.jwtVerify(line.trim(), keys, wanted);
            console.log(protectedHeader.kid, payload.sub);
        } catch (error) {
            console.log("refused", error.code);
        }
    }
})();
"#;

/// Whether the probe succeeds. If not, says so past the test harness, or fails where the tool is required.
fn is_there(name: &str, probe: &mut Command) -> bool {
    if probe.output().is_ok_and(|output| output.status.success()) {
        return true;
    }
    let required = std::env::var("JOTLAB_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|one| one.trim() == name), "{name} is required");
    let _nobody_listens = writeln!(std::io::stderr(), "skipped: {name} is not there");
    false
}

struct Peer {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start(mut command: Command) -> Peer {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Peer { child, answers }
    }

    /// Its words about a token.
    fn judge(&mut self, token: &str) -> String {
        writeln!(self.child.stdin.as_mut().unwrap(), "{token}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // the end of its input is its end
        drop(self.child.stdin.take());
        let _waited = self.child.wait();
    }
}

/// Before, during and after a rotation, with one cache.
fn follows_a_rotation(name: &str, command: impl FnOnce(&str, &str) -> Command) {
    let place = place_with(name, "alice");
    let running = Running::start(&place, &["--cache", "0"]);
    let url = format!("http://{}", running.address);
    let mut peer = Peer::start(command(&format!("{url}{JWKS_PATH}"), &url));
    let log_in = || post(running.address, &form("alice", PASSWORD)).token();
    let old = log_in();
    let first = peer.judge(&old);
    assert!(first.ends_with(" alice"), "{first}");
    let rotated = issuer(&place, &["rotate"]);
    let new_kid = String::from_utf8(rotated.stdout).unwrap().trim().to_owned();
    assert_eq!(peer.judge(&log_in()).split(' ').nth(1), Some("alice"));
    let begun = Instant::now();
    let expected = format!("{new_kid} alice");
    while peer.judge(&log_in()) != expected {
        assert!(begun.elapsed() < Duration::from_secs(50), "the new key is not met");
        thread::sleep(Duration::from_millis(100));
    }
    // the old token as well, and no altered one
    assert_eq!(peer.judge(&old), first);
    let [head, payload, signature] = old.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let other = log_in();
    let others = other.split('.').nth(1).unwrap();
    assert_ne!(payload, others);
    let altered = peer.judge(&format!("{head}.{others}.{signature}"));
    assert!(altered.starts_with("refused "), "{altered}");
}

#[test]
fn pyjwt_follows_a_rotation() {
    let python = std::env::var_os("JOTLAB_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = "import jwt, cryptography; jwt.PyJWKClient";
    if !is_there("pyjwt", Command::new(&python).args(["-c", probe])) {
        return;
    }
    follows_a_rotation("pyjwt", |url, issuer| {
        let mut command = Command::new(&python);
        command.args(["-c", PYJWT, url, issuer]);
        command
    });
}

#[test]
fn jose_follows_a_rotation() {
    let node = |arguments: &[&str]| {
        let mut command = Command::new("node");
        if let Some(path) = std::env::var_os("JOTLAB_NODE_PATH") {
            command.env("NODE_PATH", path);
        }
        command.args(arguments);
        command
    };
    if !is_there("jose", &mut node(&["-e", "require.resolve('jose')"])) {
        return;
    }
    follows_a_rotation("jose", |url, issuer| node(&["-e", JOSE, url, issuer]));
}
