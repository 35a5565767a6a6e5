//! Other programs: whether they are there, a directory for their files, a child that ends with its test.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A directory of its own, gone with the value.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Dir {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("client-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.join(name), contents).unwrap();
        self.path(name)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _left_for_cargo_clean = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether the probe succeeds. If not, says so past the test harness, or fails where the tool is required.
pub(crate) fn is_there(name: &str, probe: &mut Command) -> bool {
    let why = match probe.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => return true,
        Ok(output) => format!("it fails: {}", output.status),
        Err(error) => error.to_string(),
    };
    let required = std::env::var("JOTLAB_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|one| one.trim() == name), "{name} is required: {why}");
    // the macros are captured by the harness: a skipped tool would never be seen
    let _nobody_listens = writeln!(std::io::stderr(), "skipped: {name}: {why}");
    false
}

pub(crate) fn python() -> Command {
    Command::new(std::env::var_os("JOTLAB_PYTHON").unwrap_or_else(|| "python3".into()))
}

/// A child that prints its port as its first line, and ends with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(command: &mut Command) -> Server {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Server { child, port: line.trim().parse().unwrap() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
