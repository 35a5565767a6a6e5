//! Every fault of an issuer while the command runs: the old keys are used, nothing else is let in, and the
//! reason is in the log.

use crate::command::{POLICY, Program, fresh};
use crate::faults_table::{Fault, faults};
use crate::key_server::{KeyServer, key, publishes};
use jotlab::jose::Algorithm;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn each_fault_later_leaves_the_old_keys_and_is_in_the_log() {
    thread::scope(|scope| {
        for fault in faults() {
            scope.spawn(move || later(&fault));
        }
    });
}

fn later(fault: &Fault) {
    let server = KeyServer::new(publishes(&[key(0)]));
    let service = Program::start(&server.address(), POLICY, &["--cooldown", "1s"]);
    let old = fresh(key(0), Algorithm::Rs256);
    let other = fresh(key(1), Algorithm::Rs256);
    assert_eq!(service.get("/", &old).status, 200, "{}", fault.name);
    server.now_answers(fault.answer.clone());
    let reason = serde_json::Value::from(fault.reason).to_string();
    let until = Instant::now() + Duration::from_secs(30);
    while !service.log().contains(reason.trim_matches('"')) {
        assert!(Instant::now() < until, "{}: not in the log:\n{}", fault.name, service.log());
        assert_eq!(service.get("/", &old).status, 200, "{}", fault.name);
        // the key of the bad answer is never taken
        assert_eq!(service.get("/", &other).status, 401, "{}", fault.name);
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(service.get("/", &old).status, 200, "{}", fault.name);
    assert_eq!(service.get("/", &other).status, 401, "{}", fault.name);
}

#[test]
fn each_fault_at_the_start_lets_nobody_in_and_is_in_the_log() {
    thread::scope(|scope| {
        for fault in faults() {
            scope.spawn(move || {
                let server = KeyServer::new(fault.answer.clone());
                let service = Program::start(&server.address(), POLICY, &[]);
                let answer = service.get("/", &fresh(key(1), Algorithm::Rs256));
                assert_eq!(answer.status, 503, "{}: {answer:?}", fault.name);
                let reason = serde_json::Value::from(fault.reason).to_string();
                service.logs(reason.trim_matches('"'));
            });
        }
    });
}
