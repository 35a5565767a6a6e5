//! Many at once: one fetch, and no more than one a cooldown.

use crate::key_server::{
    CLAIMS, COOLDOWN, Hand, KeyServer, forged, key, limits, policy, publishes, rules, set, token,
};
use jotlab::client::{Advice, FetchError, IssuerKeys, Limits, Plain, Response, Transport, Url};
use jotlab::jose::{Claims, Jws};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;

/// Answers when it is let to, and counts.
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    asked: AtomicUsize,
}

impl Gate {
    fn closed() -> Arc<Gate> {
        Arc::new(Gate { open: Mutex::new(false), opened: Condvar::new(), asked: 0.into() })
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

struct Gated(Arc<Gate>);

impl Transport for Gated {
    fn fetch(&self, _: &Url, _: Option<&str>, _: &Limits) -> Result<Response, FetchError> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let open = self.0.open.lock().unwrap();
        drop(self.0.opened.wait_while(open, |open| !*open).unwrap());
        Ok(Response { status: 200, body: set(&[key(0)]).into_bytes(), ..Response::default() })
    }
}

fn url() -> Url {
    Url::parse("http://127.0.0.1/").unwrap()
}

#[test]
fn a_hundred_threads_at_the_start_cause_one_fetch() {
    let gate = Gate::closed();
    let keys = IssuerKeys::new(url(), Gated(gate.clone()));
    let begin = Barrier::new(101);
    thread::scope(|scope| {
        let ask = || {
            begin.wait();
            keys.keys(Some("key-0")).unwrap().keys().len()
        };
        let threads: Vec<_> = (0..100).map(|_| scope.spawn(ask)).collect();
        begin.wait();
        // the one who asks has begun, the others wait for it
        while gate.asked.load(Ordering::SeqCst) == 0 {
            thread::yield_now();
        }
        gate.open();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap() == 1));
    });
    assert_eq!(gate.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn ten_thousand_unknown_names_cause_one_fetch_a_cooldown() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let clock = Arc::new(Hand::default());
    let keys = IssuerKeys::new(server.url(), Plain).limits(limits()).rules(rules());
    let keys = keys.clock(clock.clone());
    keys.keys(None).unwrap();
    let good = token(key(0), CLAIMS);
    for flood in 1..=3 {
        clock.forward(COOLDOWN);
        thread::scope(|scope| {
            for part in 0..4 {
                let keys = &keys;
                scope.spawn(move || {
                    for number in 0..2500 {
                        let token = forged(&format!("unknown-{flood}-{part}-{number}"));
                        assert!(!verifies(keys, &token));
                    }
                });
            }
        });
        assert_eq!(server.asked(), 1 + flood);
        assert!(verifies(&keys, &good));
    }
}

fn verifies(keys: &IssuerKeys, token: &str) -> bool {
    let jws = Jws::compact(token).unwrap();
    let set = keys.keys(jws.signatures()[0].unverified_header().kid()).unwrap();
    let bound = jws.bind(&set, &policy());
    let verified = bound.ok().and_then(|bound| bound.verify().ok());
    verified.is_some_and(|verified| verified.claims::<Claims>(&policy()).is_ok())
}

#[test]
fn a_transport_that_panics_is_asked_again() {
    struct Panics(AtomicUsize);
    impl Transport for Panics {
        fn fetch(&self, _: &Url, _: Option<&str>, _: &Limits) -> Result<Response, FetchError> {
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the first time");
            Ok(Response { status: 200, body: set(&[key(0)]).into_bytes(), ..Response::default() })
        }
    }
    let clock = Arc::new(Hand::default());
    let keys = IssuerKeys::new(url(), Panics(0.into())).rules(rules()).clock(clock.clone());
    thread::scope(|scope| scope.spawn(|| keys.keys(None).is_ok()).join()).unwrap_err();
    assert!(matches!(keys.advice(None), Advice::Nothing));
    clock.forward(COOLDOWN);
    assert!(keys.keys(None).is_ok());
}

/// The client blocks; even so it must not fall over where somebody calls it among futures.
#[test]
fn a_fetch_from_within_a_runtime_does_not_panic() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let keys = IssuerKeys::new(server.url(), Plain).limits(limits());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert!(runtime.block_on(async { keys.keys(None) }).is_ok());
}
