//! The built command: an issuer as a process, and what is done to its directory.

use jotlab::ct::Secret;
use jotlab::issuer::{Clock, Existing, Issuer, Settings, User, add_user};
use jotlab::jose::Algorithm;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

/// The password of every user here.
pub(crate) const PASSWORD: &str = "correct horse & battery";

/// An empty place for a test's issuer.
pub(crate) fn place(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("issuer").join(name);
    let _absent = fs::remove_dir_all(&path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    path
}

/// A place with a user who costs nothing.
pub(crate) fn place_with(name: &str, user: &str) -> PathBuf {
    let path = place(name);
    let user = User::new(user, &Secret::new(PASSWORD.into()), 10).unwrap();
    let user = user.role("admin").unwrap().scope("read write").unwrap();
    add_user(&path, user, Existing::Keep).unwrap();
    path
}

/// The command with these arguments.
pub(crate) fn jotlab(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// `jotlab issuer … --dir PLACE`, to its end.
pub(crate) fn issuer(place: &Path, arguments: &[&str]) -> Output {
    let mut command = jotlab(&["issuer"]);
    command.args(arguments).arg("--dir").arg(place).output().unwrap()
}

/// The same with a line to read, and whether it went well.
pub(crate) fn issuer_told(place: &Path, arguments: &[&str], line: &str) -> Output {
    let mut command = jotlab(&["issuer"]);
    command.args(arguments).arg("--dir").arg(place);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // one that refuses early reads nothing
    let _not_read = child.stdin.take().unwrap().write_all(line.as_bytes());
    child.wait_with_output().unwrap()
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_secs()).unwrap()
}

/// An issuer that runs as a process.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    /// Starts one and waits for its address.
    pub(crate) fn start(place: &Path, arguments: &[&str]) -> Running {
        let mut command = jotlab(&["issuer", "--listen", "127.0.0.1:0"]);
        command.arg("--dir").arg(place).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        match line.trim().strip_prefix("http://").and_then(|address| address.parse().ok()) {
            Some(address) => Running { child, address },
            None => panic!("no address: {line:?} {}", rest(&mut child)),
        }
    }

    /// Ends it at once, and gives what it said on stderr.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        rest(&mut self.child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _waited_already = self.child.wait();
    }
}

/// What it said on stderr, to its end.
fn rest(child: &mut Child) -> String {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    said
}

/// An issuer in this process, whose clock is the test's.
pub(crate) struct Here {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<AtomicI64>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Here {
    /// HS256 unless `change` says otherwise: its keys cost no time.
    pub(crate) fn start(place: &Path, change: impl FnOnce(&mut Settings)) -> Here {
        let clock = Arc::new(AtomicI64::new(2_000_000_000));
        let hand = clock.clone();
        let mut settings = Settings::new(Clock::new(move || hand.load(Ordering::SeqCst)));
        settings.algorithm = Some(Algorithm::Hs256);
        change(&mut settings);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = Issuer::new(place, listener, settings).unwrap();
        let address = issuer.address();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let stop = async { drop(stopped.await) };
            runtime.unwrap().block_on(issuer.serve(stop)).unwrap();
        });
        Here { address, clock, stop: Some(stop), thread: Some(thread) }
    }

    /// The same clock for others.
    pub(crate) fn clock(&self) -> Clock {
        let hand = self.clock.clone();
        Clock::new(move || hand.load(Ordering::SeqCst))
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the server panicked");
        }
    }
}
