//! Ctrl-C at any moment: the command ends soon, no child stays, and what was found is told.

use crate::{has_python, left_behind, script};
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn interrupted(adapter: &[&str], after: Duration) -> (i32, String) {
    let marker = format!("--stop-{}-{}", std::process::id(), after.as_millis());
    let mut child = Command::new(env!("CARGO_BIN_EXE_jotlab"))
        .args(["crosscheck", "run", "--random", "2000", "--op", "sha2", "--timeout", "60", "--"])
        .args(["python3"])
        .args(adapter)
        .args(["", &marker])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    sleep(after);
    let begin = Instant::now();
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let status = child.wait().unwrap();
    let took = begin.elapsed();
    eprintln!("{adapter:?} after {after:?}: ended within {took:?}");
    assert!(took < Duration::from_secs(20), "{adapter:?} after {after:?}: {took:?}");
    assert_eq!(left_behind(&marker), Vec::<String>::new());
    let mut out = String::new();
    child.stdout.unwrap().read_to_string(&mut out).unwrap();
    child.stderr.unwrap().read_to_string(&mut out).unwrap();
    (status.code().unwrap_or(130), out)
}

#[test]
fn a_run_is_interrupted_in_good_order() {
    if !has_python() {
        return;
    }
    let (sick, planted) = (script("sick.py"), script("planted.py"));
    let (_, out) = interrupted(&[&sick, "hello-hangs"], Duration::from_millis(500));
    assert!(out.contains("stopped"), "{out}");
    for mode in ["slow", "hang-always"] {
        let (code, out) = interrupted(&[&sick, mode], Duration::from_millis(1500));
        assert!(out.contains("stopped: this is what was found until then"), "{out}");
        assert!(out.contains("sha2 SHA-256"), "{out}");
        assert_ne!(code, 0);
    }
    // somewhere in the asking, the shrinking, or behind the end
    for milliseconds in [1000, 2500, 5000] {
        interrupted(&[&planted, "only-above-5000"], Duration::from_millis(milliseconds));
    }
}
