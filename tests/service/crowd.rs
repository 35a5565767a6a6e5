//! Many at once: across a rotation, under a flood of unknown names, and callers that go away.

use crate::key_server::{
    CLAIMS, COOLDOWN, Hand, KeyServer, forged, key, policy, publishes, set, token, trickles,
};
use crate::support::{Running, get, guard};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::any;
use jotlab::bearer::Scopes;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::RwLock;
use tower_service::Service;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
}

/// An app behind a guard by the keys of this server.
fn app(server: &KeyServer, clock: &Arc<Hand>) -> Router {
    let guard = guard(server, policy(), Scopes::none(), clock);
    Router::new().fallback(any(|| async { "in" })).layer(guard)
}

/// Asks for all tokens at once; the statuses in their order.
fn ask_all(runtime: &Runtime, app: &Router, tokens: &[String]) -> Vec<u16> {
    let ask = |token: &String| {
        let request = Request::get("/").header("authorization", format!("Bearer {token}"));
        let (request, mut app) = (request.body(Body::empty()).unwrap(), app.clone());
        runtime.spawn(async move { app.call(request).await.unwrap().status().as_u16() })
    };
    let tasks: Vec<_> = tokens.iter().map(ask).collect();
    runtime.block_on(async {
        let mut statuses = vec![];
        for task in tasks {
            statuses.push(task.await.unwrap());
        }
        statuses
    })
}

/// Answers like an issuer that is far away: so that the others have time to come.
fn slowly(keys: &[usize]) -> crate::key_server::Answer {
    let keys = keys.to_vec();
    Arc::new(move |head, stream| {
        thread::sleep(Duration::from_millis(100));
        let keys: Vec<_> = keys.iter().map(|number| key(*number)).collect();
        publishes(&keys)(head, stream);
    })
}

#[test]
fn a_thousand_at_once_across_a_rotation_fail_only_by_the_policy() {
    let (runtime, clock) = (runtime(), Arc::new(Hand::default()));
    let server = KeyServer::new(slowly(&[0]));
    let app = app(&server, &clock);
    let (old, new) = (token(key(0), CLAIMS), token(key(1), CLAIMS));
    let mixed: Vec<String> = (0..1000).map(|n| [&old, &new][n % 2].clone()).collect();
    // at the start: all wait for the one fetch
    assert_eq!(ask_all(&runtime, &app, &vec![old.clone(); 1000]), [200; 1000]);
    assert_eq!(server.asked(), 1);
    // the new key is published, and used when the cooldown has passed
    server.now_answers(slowly(&[0, 1]));
    clock.forward(COOLDOWN);
    assert_eq!(ask_all(&runtime, &app, &mixed), [200; 1000]);
    assert_eq!(server.asked(), 2);
    // the old key is withdrawn: its tokens are refused, and no others
    server.now_answers(slowly(&[1]));
    clock.forward(COOLDOWN);
    let statuses = ask_all(&runtime, &app, &mixed);
    let expected: Vec<u16> = (0..1000).map(|n| [401, 200][n % 2]).collect();
    assert_eq!(statuses, expected);
    assert_eq!(server.asked(), 3);
    // and while the issuer is away, nothing changes
    server.now_answers(crate::key_server::bytes(""));
    clock.forward(COOLDOWN);
    assert_eq!(ask_all(&runtime, &app, &mixed), expected);
}

/// New key published, then signed with, then the old one withdrawn: as an issuer does it, while callers come all
/// the time.
#[test]
fn callers_do_not_notice_a_rotation() {
    let (runtime, clock) = (runtime(), Arc::new(Hand::default()));
    let server = KeyServer::new(slowly(&[0]));
    let app = app(&server, &clock);
    // the number of the key that is signed with; held by a caller until it is answered
    let signing = Arc::new(RwLock::new(0));
    let tokens = Arc::new([0, 1].map(|number| token(key(number), CLAIMS)));
    let (answered, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let caller = |_| {
        let (app, signing, tokens) = (app.clone(), signing.clone(), tokens.clone());
        let (answered, is_over) = (answered.clone(), is_over.clone());
        runtime.spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                let number = signing.read().await;
                let header = format!("Bearer {}", tokens[*number]);
                let request = Request::get("/").header("authorization", header);
                let request = request.body(Body::empty()).unwrap();
                let status = app.clone().call(request).await.unwrap().status();
                assert_eq!(status, 200, "by key {number}");
                answered.fetch_add(1, Ordering::SeqCst);
                drop(number);
                tokio::task::yield_now().await;
            }
        })
    };
    let callers: Vec<_> = (0..50).map(caller).collect();
    let more = |count: usize| {
        let wanted = answered.load(Ordering::SeqCst) + count;
        let until = Instant::now() + Duration::from_secs(30);
        while answered.load(Ordering::SeqCst) < wanted {
            assert!(Instant::now() < until, "no answers");
            thread::sleep(Duration::from_millis(1));
        }
    };
    more(500);
    for (keys, number) in [(&[0, 1][..], 1), (&[1], 1), (&[1, 0], 0), (&[0], 0)] {
        server.now_answers(slowly(keys));
        let asked = server.asked();
        clock.forward(COOLDOWN);
        while server.asked() == asked {
            more(1);
        }
        // what was asked for is there when those have been answered who needed it
        more(500);
        *runtime.block_on(signing.write()) = number;
        more(500);
    }
    is_over.store(true, Ordering::SeqCst);
    for caller in callers {
        runtime.block_on(caller).unwrap();
    }
    assert_eq!(server.asked(), 5);
}

#[test]
fn ten_thousand_unknown_names_cause_one_fetch_a_cooldown_and_keep_nobody_waiting() {
    let (runtime, clock) = (runtime(), Arc::new(Hand::default()));
    let server = KeyServer::new(publishes(&[key(0)]));
    let app = app(&server, &clock);
    let good = vec![token(key(0), CLAIMS)];
    assert_eq!(ask_all(&runtime, &app, &good), [200]);
    for round in 1..=2 {
        clock.forward(COOLDOWN);
        let flood: Vec<String> = (0..10_000).map(|n| forged(&format!("{round}-{n}"))).collect();
        assert!(ask_all(&runtime, &app, &flood).iter().all(|status| *status == 401));
        assert_eq!(server.asked(), 1 + round);
        assert_eq!(ask_all(&runtime, &app, &good), [200]);
    }
    // an algorithm that is not allowed is no reason to ask
    clock.forward(COOLDOWN);
    let text = set(&[key(0)]).replace("\"keys\"", "\"x\"");
    server.now_answers(crate::key_server::says(200, "Cache-Control: max-age=3600\r\n", text));
    let asked = server.asked();
    let none = format!("{}.e30.", jotlab::base64::encode_url(br#"{"alg":"none","kid":"z"}"#));
    let other = format!("{}.e30.AA", jotlab::base64::encode_url(br#"{"alg":"PS256","kid":"z"}"#));
    let fresh_app = ask_all(&runtime, &app, &[none, other]);
    assert_eq!(fresh_app, [401, 401]);
    assert!(server.asked() <= asked + 1, "the set had become old, and that asks once");
}

#[test]
fn an_issuer_that_is_slow_is_waited_for_once() {
    let clock = Arc::new(Hand::default());
    let server = KeyServer::new(publishes(&[key(0)]));
    let service = Running::start(guard(&server, policy(), Scopes::none(), &clock), None);
    let good = token(key(0), CLAIMS);
    assert_eq!(get(service.port, "/", &good).status, 200);
    server.now_answers(trickles());
    // the first time the issuer is waited for, as long as the limit says
    clock.forward(COOLDOWN);
    assert_eq!(get(service.port, "/", &good).status, 200);
    // after that it is asked again and not waited for
    clock.forward(COOLDOWN);
    let begin = Instant::now();
    for _ in 0..20 {
        assert_eq!(get(service.port, "/", &good).status, 200);
    }
    assert!(begin.elapsed() < Duration::from_millis(600), "{:?}", begin.elapsed());
    let until = Instant::now() + Duration::from_secs(5);
    while server.asked() < 3 {
        assert!(Instant::now() < until, "asked {} times", server.asked());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn callers_that_go_away_leave_nothing_behind() {
    let clock = Arc::new(Hand::default());
    let server = KeyServer::new(slowly(&[0]));
    let service = Running::start(guard(&server, policy(), Scopes::none(), &clock), None);
    let good = token(key(0), CLAIMS);
    let whole = format!("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {good}\r\n\r\n");
    // some in the middle of the request, the others while the keys are fetched
    for cut in (0..whole.len()).step_by(20).chain([whole.len(); 50]) {
        let mut stream = TcpStream::connect(("127.0.0.1", service.port)).unwrap();
        stream.write_all(&whole.as_bytes()[..cut]).unwrap();
    }
    assert_eq!(get(service.port, "/", &good).status, 200);
    assert_eq!(server.asked(), 1);
}
