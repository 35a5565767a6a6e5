//! Ctrl-C at any moment: the command ends soon, no child stays, and what was found is told.

use crate::{has_python, left_behind, script};
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn interrupted(adapter: &[&str], after: u64, is_twice: bool) -> (i32, String) {
    let marker = format!("--stop-{}-{}-{after}-{is_twice}", std::process::id(), adapter[1]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_jotlab"))
        .args(["crosscheck", "run", "--random", "2000", "--op", "sha2", "--timeout", "60", "--"])
        .args(["python3"])
        .args(adapter)
        .args(["", &marker])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(after));
    let begin = Instant::now();
    let id = child.id().to_string();
    interrupt(&id);
    if is_twice {
        thread::sleep(Duration::from_millis(5));
        interrupt(&id);
    }
    let status = child.wait().unwrap();
    let took = begin.elapsed();
    eprintln!("{adapter:?} after {after} ms: ended within {took:?}");
    assert!(took < Duration::from_secs(20), "{adapter:?} after {after} ms: {took:?}");
    assert_eq!(left_behind(&marker), Vec::<String>::new());
    let mut out = String::new();
    child.stdout.unwrap().read_to_string(&mut out).unwrap();
    child.stderr.unwrap().read_to_string(&mut out).unwrap();
    (status.code().unwrap_or(130), out)
}

/// The same once the adapter has said hello: on a busy machine that takes its time.
fn interrupted_behind_hello(adapter: &[&str]) -> (i32, String) {
    let mut after = 1500;
    loop {
        let (code, out) = interrupted(adapter, after, false);
        if after > 20_000 || !out.contains("before the adapter said hello") {
            return (code, out);
        }
        after *= 2;
    }
}

#[test]
fn a_run_is_interrupted_in_good_order() {
    if !has_python() {
        return;
    }
    let (sick, planted) = (script("sick.py"), script("planted.py"));
    let (sick, planted) = (sick.as_str(), planted.as_str());
    thread::scope(|scope| {
        scope.spawn(|| {
            let (_, out) = interrupted(&[sick, "hello-hangs"], 500, false);
            assert!(out.contains("stopped"), "{out}");
        });
        for mode in ["slow", "hang-always"] {
            scope.spawn(move || {
                let (code, out) = interrupted_behind_hello(&[sick, mode]);
                assert!(out.contains("stopped: this is what was found until then"), "{out}");
                assert!(out.contains("sha2 SHA-256"), "{out}");
                assert_ne!(code, 0);
            });
        }
        // the second may come before the first has ended the run, or behind its end
        for mode in ["leaks", "hang-always"] {
            scope.spawn(move || interrupted(&[sick, mode], 1500, true));
        }
        // somewhere in the asking, the shrinking, or behind the end
        for milliseconds in [500, 1000, 2500] {
            scope.spawn(move || interrupted(&[planted, "only-above-5000"], milliseconds, false));
        }
    });
}

fn interrupt(process: &str) {
    let _gone_already = Command::new("kill").args(["-INT", process]).stderr(Stdio::null()).status();
}
