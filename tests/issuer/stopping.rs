//! The end: what is under way is finished, then it is over, with exit code 0.

use crate::client::{Answer, connect, form, post, request};
use crate::process::{PASSWORD, Running, issuer_told, place, place_with};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn signal(running: &Running, signal: Signal) {
    let pid = Pid::from_raw(running.child.id().try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Waits for the end, and gives the exit code.
fn end(running: &mut Running) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = running.child.try_wait().unwrap() {
            return status.code();
        }
        assert!(start.elapsed() < Duration::from_secs(50), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_login_that_is_under_way_is_finished() {
    let place = place("stopping");
    // about a second of work, so that the signal comes before the answer
    let slow = ["user", "add", "alice", "--iterations", "1000000"];
    assert!(issuer_told(&place, &slow, PASSWORD).status.success());
    let mut running = Running::start(&place, &["--alg", "HS256"]);
    let mut stream = connect(running.address);
    stream.write_all(&request(running.address, &form("alice", PASSWORD))).unwrap();
    // another connection is accepted after the first one: when it has its answer, the first is under way
    crate::client::get(running.address, "/", "");
    // `timeout` and others send it twice: that is one word
    signal(&running, Signal::TERM);
    std::thread::sleep(Duration::from_millis(20));
    signal(&running, Signal::TERM);
    Answer::read(stream).token();
    assert_eq!(end(&mut running), Some(0));
    assert!(TcpStream::connect(running.address).is_err());
    let mut said = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains(r#""message":"has stopped""#), "{said}");
}

#[test]
fn an_idle_server_ends_at_once_and_keeps_its_keys() {
    let place = place_with("stopping-idle", "alice");
    for (number, with) in [Signal::INT, Signal::TERM].into_iter().enumerate() {
        let mut running = Running::start(&place, &["--alg", "HS256"]);
        post(running.address, &form("alice", PASSWORD)).token();
        // a connection that is kept open for nothing
        let idle = connect(running.address);
        signal(&running, with);
        assert_eq!(end(&mut running), Some(0), "{number}");
        drop(idle);
    }
}
