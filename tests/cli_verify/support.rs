//! The command run to its end, files for it, and keys and tokens made through the library.

use jotlab::encoding::pem;
use jotlab::jose::{Algorithm, Jwk, JwkSet, Material, Policy, Relaxation, Signer};
use jotlab::rsa::PrivateKey;
use jotlab::rsa::encoding::{Form, Key};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The time of every test that does not say another.
pub(crate) const NOW: i64 = 2_000_000_000;
/// 64 bytes: long enough for HS512.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
/// Claims that are accepted at [`NOW`] without an option.
pub(crate) const CLAIMS: &str = r#"{"iss":"https://issuer.example","exp":2000000300}"#;

/// How a run of the command ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The one JSON object on stdout.
    pub(crate) fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err));
        assert!(value.is_object());
        value
    }

    /// Asserts the exit code; the run again, to go on with.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Run {
        let Run { out, err, .. } = &self;
        assert_eq!(self.code, code, "exit code\nstdout: {out}\nstderr: {err}");
        self
    }

    /// Asserts that stdout or stderr has the words.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Run {
        let Run { out, err, .. } = &self;
        assert!(out.contains(words) || err.contains(words), "no {words}\n{out}\n{err}");
        self
    }
}

/// The command, with nothing of this process's environment that changes its looks.
pub(crate) fn command<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs it with an empty stdin.
pub(crate) fn jotlab<S: AsRef<OsStr>>(arguments: &[S]) -> Run {
    run(&mut command(arguments), b"")
}

/// Runs it with this on stdin.
pub(crate) fn jotlab_in<S: AsRef<OsStr>>(arguments: &[S], stdin: impl AsRef<[u8]>) -> Run {
    run(&mut command(arguments), stdin.as_ref())
}

/// Runs a command to its end. No run may panic, whatever else is asked of it.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Run {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        // beside the reading: neither pipe holds everything
        scope.spawn(move || pipe.write_all(stdin).ok());
        child.wait_with_output().unwrap()
    });
    let code = output.status.code().expect("it was not killed by a signal");
    let out = String::from_utf8(output.stdout).expect("stdout is UTF-8");
    let err = String::from_utf8(output.stderr).expect("stderr is UTF-8");
    assert!(!err.contains("panicked") && code != 101, "it panicked: {err}");
    Run { code, out, err }
}

/// A directory of its own, gone with the value.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Dir {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cli-verify-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// Writes a file and gives it as an argument.
    pub(crate) fn at(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        format!("@{}", self.file(name, contents))
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _left_for_cargo_clean = std::fs::remove_dir_all(&self.0);
    }
}

/// The RSA key of RFC 7515 appendix A.2.
pub(crate) fn rsa() -> Jwk {
    Jwk::parse(include_str!("../../vectors/keys/rfc7515-a2.jwk.json")).unwrap()
}

/// The same with a `kid`.
pub(crate) fn rsa_named(kid: &str) -> Jwk {
    named(rsa(), kid)
}

pub(crate) fn named(mut key: Jwk, kid: &str) -> Jwk {
    key.parameters_mut().kid = Some(kid.to_owned());
    key
}

/// A fresh RSA key.
pub(crate) fn rsa_of(bits: u64) -> Jwk {
    Jwk::from(Key::Private(Box::new(PrivateKey::generate(bits).unwrap())))
}

pub(crate) fn secret() -> Jwk {
    Jwk::from_secret(SECRET.into()).unwrap()
}

/// The numbers of a private RSA key.
pub(crate) fn private(key: &Jwk) -> &PrivateKey {
    match key.material() {
        Material::RsaPrivate(key) => key,
        _ => panic!("not a private RSA key"),
    }
}

/// Its public half as JSON.
pub(crate) fn public_json(key: &Jwk) -> String {
    key.to_public().unwrap().to_value().to_string()
}

/// The public halves as a JWK Set.
pub(crate) fn public_set(keys: &[Jwk]) -> String {
    let set: JwkSet = keys.iter().map(|key| key.to_public().unwrap()).collect();
    set.to_value().to_string()
}

/// The public half as a PEM.
pub(crate) fn public_pem(key: &Jwk) -> String {
    pem::write(Form::Spki.label(), &jotlab::rsa::encoding::spki_der(key.rsa().unwrap()))
}

/// A policy that lets small keys sign.
pub(crate) fn lenient() -> Policy {
    Policy::at(NOW).allow(Relaxation::SmallRsa).allow(Relaxation::ShortHmacKey)
}

/// A JWT of these claims, in the compact form.
pub(crate) fn token(key: &Jwk, algorithm: Algorithm, claims: &str) -> String {
    Signer::new(key, algorithm, &lenient()).unwrap().compact(claims.as_bytes()).unwrap()
}

/// The same by HS256 with [`SECRET`].
pub(crate) fn hs256(claims: &str) -> String {
    token(&secret(), Algorithm::Hs256, claims)
}

/// `verify` by [`SECRET`] at [`NOW`], with more options.
pub(crate) fn verify_hs(token: &str, options: &[&str]) -> Run {
    let all = [&["verify", token, "--secret", SECRET, "--now", "2000000000"], options].concat();
    jotlab(&all)
}

/// `verify` by a file of keys at [`NOW`], with more options.
pub(crate) fn verify_key(token: &str, key: &str, options: &[&str]) -> Run {
    jotlab(&[&["verify", token, "--key", key, "--now", "2000000000"], options].concat())
}

/// Parts of a token that nobody signed.
pub(crate) fn unsigned(header: &str, payload: &str) -> String {
    let encode = jotlab::base64::encode_url;
    format!("{}.{}.AAAA", encode(header.as_bytes()), encode(payload.as_bytes()))
}

/// Bytes that are the same in every run (SplitMix64).
pub(crate) fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let words = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).to_le_bytes()
    });
    words.flatten().take(length).collect()
}
