//! Running other programs: whether they are there, what they print, and a directory for their files.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A directory of its own, gone with the value.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Dir {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("crosscheck-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file and gives its path as text.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
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
        Ok(output) => {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            let said = words.lines().find(|line| line.contains("rror")).unwrap_or("it fails");
            said.to_owned()
        }
        Err(error) => error.to_string(),
    };
    let required = std::env::var("JOTLAB_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|one| one.trim() == name), "{name} is required: {why}");
    // the macros are captured by the harness: a skipped tool would never be seen
    let _nobody_listens = writeln!(std::io::stderr(), "skipped: {name}: {why}");
    false
}

/// Runs a command to its end.
pub(crate) fn output(command: &mut Command, stdin: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // beside the reading: neither pipe holds everything
        scope.spawn(move || pipe.write_all(stdin).ok());
        child.wait_with_output().unwrap()
    })
}

/// The command under test.
pub(crate) fn jotlab<S: AsRef<OsStr>>(arguments: &[S]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
    output(command.args(arguments), b"")
}
