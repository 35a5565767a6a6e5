//! What a caller hears (RFC 6750 §3): the kind of refusal, and not the reason; and the extractor.

use crate::key_server::{CLAIMS, Hand, KeyServer, NOW, forged, key, policy, publishes, set, token};
use crate::support::{Running, get, get_with, guard, raw};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get as route;
use jotlab::bearer::{Guard, Scopes, Verified};
use jotlab::jose::{Algorithm, Jwk, JwkSet, Policy, Signer};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tower_service::Service;

fn service() -> (KeyServer, Running) {
    let server = KeyServer::new(publishes(&[key(0)]));
    let scopes = Scopes::none().with("/admin", ["admin", "write"]).unwrap();
    let scopes = scopes.with("/orders", ["read"]).unwrap();
    let guard = guard(&server, policy(), scopes, &Arc::new(Hand::default()));
    (server, Running::start(guard, None))
}

const INVALID: Option<&str> = Some("Bearer error=\"invalid_token\"");
const BAD: Option<&str> = Some("Bearer error=\"invalid_request\"");

#[test]
fn a_request_is_answered_by_its_kind_and_without_a_reason() {
    let (_server, service) = service();
    let good = token(key(0), CLAIMS);
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let with = |from: &str, to: &str| bearer(&token(key(0), &CLAIMS.replace(from, to)));
    let admin = Some("Bearer error=\"insufficient_scope\", scope=\"admin write\"");
    for (name, target, headers, status, challenge) in [
        ("no token", "/", String::new(), 401, Some("Bearer")),
        ("another scheme", "/", "Authorization: Basic YTpi\r\n".to_owned(), 401, Some("Bearer")),
        ("good", "/", bearer(&good), 200, None),
        ("lower case", "/", bearer(&good).replace("Bearer", "bearer"), 200, None),
        ("more spaces", "/", bearer(&good).replace("Bearer ", "Bearer   "), 200, None),
        ("nothing behind", "/", "Authorization: Bearer\r\n".to_owned(), 400, BAD),
        ("two words", "/", bearer("a b"), 400, BAD),
        ("no letters of a token", "/", bearer("a,b"), 400, BAD),
        ("two headers", "/", bearer(&good) + &bearer(&good), 400, BAD),
        ("two schemes", "/", bearer(&good) + "Authorization: Basic YTpi\r\n", 400, BAD),
        ("in the URL", "/?a=b&access_token=c", String::new(), 400, BAD),
        ("in the URL too", "/?access_token=c", bearer(&good), 400, BAD),
        ("no JWS", "/", bearer("abc"), 401, INVALID),
        ("a bad signature", "/", bearer(&forged("key-0")), 401, INVALID),
        ("an unknown key", "/", bearer(&forged("key-9")), 401, INVALID),
        ("expired", "/", with("2000000300", "2000000000"), 401, INVALID),
        ("not yet", "/", with("\"iat\":2000000000", "\"iat\":2000000001"), 401, INVALID),
        ("another audience", "/", with("orders", "invoices"), 401, INVALID),
        ("another issuer", "/", with("issuer.example", "example"), 401, INVALID),
        ("a scope that is none", "/", with("\"read write\"", "[\"read\"]"), 401, INVALID),
        ("enough scope", "/orders/1", bearer(&good), 200, None),
        ("too little scope", "/admin", bearer(&good), 403, admin),
        ("too little scope, below", "/admin/a/b?c", bearer(&good), 403, admin),
        ("too little scope, in disguise", "/%61dmin", bearer(&good), 400, BAD),
        ("too little scope, in disguise", "//admin", bearer(&good), 400, BAD),
        ("too little scope, in disguise", "/x/../admin", bearer(&good), 400, BAD),
        ("scope of another path", "/administration", bearer(&good), 200, None),
    ] {
        let answer = get_with(service.port, target, &headers);
        assert_eq!(answer.status, status, "{name}: {answer:?}");
        assert_eq!(answer.header("www-authenticate"), challenge, "{name}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        if status != 200 {
            // {"error":"…"} and nothing else: a reason would help the next attempt
            assert!(answer.body.len() < 40, "{name}: {}", answer.body);
        }
    }
}

#[test]
fn keys_of_another_kind_do_not_verify() {
    let (_server, service) = service();
    // the public key, which everybody has, as the secret of an HMAC: in each of its spellings
    let public = key(0).to_public().unwrap();
    let spki = jotlab::rsa::encoding::spki_der(public.rsa().unwrap());
    let pem = jotlab::encoding::pem::write("PUBLIC KEY", &spki);
    let encode = jotlab::base64::encode_url;
    let header = encode(br#"{"alg":"HS256","kid":"key-0"}"#);
    let input = format!("{header}.{}", encode(CLAIMS.as_bytes()));
    for secret in [pem.trim_end().as_bytes(), pem.as_bytes(), &spki, set(&[key(0)]).as_bytes()] {
        let tag = jotlab::hmac::Hmac::new(jotlab::sha2::Algorithm::Sha256, secret);
        let tag = tag.mac(input.as_bytes());
        let token = format!("{input}.{}", encode(&tag));
        let answer = get(service.port, "/", &token);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, INVALID));
    }
    let none = encode(br#"{"alg":"none"}"#);
    let answer = get(service.port, "/", &format!("{none}.{}.", encode(CLAIMS.as_bytes())));
    assert_eq!(answer.status, 401);
}

#[test]
fn the_answer_says_who_calls() {
    let (_server, service) = service();
    let answer = get(service.port, "/orders", &token(key(0), CLAIMS));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let expected = serde_json::json!({
        "path": "/orders",
        "caller": {
            "iss": "https://issuer.example", "sub": "zoe", "aud": "orders",
            "scope": "read write", "exp": 2000000300,
        },
        "key": { "kid": "key-0", "alg": "RS256" },
    });
    assert_eq!(answer.json(), expected);
    let head = format!(
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: Bearer {}\r\n\r\n",
        token(key(0), CLAIMS)
    );
    let answer = raw(service.port, head.as_bytes());
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn a_clock_that_is_ninety_seconds_off_is_told_from_one_within_the_leeway() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let ends_soon = CLAIMS.replace("2000000300", "2000000060");
    for (off, leeway, claims, status) in [
        (-90, 60, CLAIMS, 401),
        (-90, 90, CLAIMS, 200),
        (90, 0, ends_soon.as_str(), 401),
        (90, 29, ends_soon.as_str(), 401),
        (90, 31, ends_soon.as_str(), 200),
        (90, 0, CLAIMS, 200),
    ] {
        let clock = Arc::new(Hand::default());
        clock.off.store(i64::cast_unsigned(off), Ordering::SeqCst);
        let guard = guard(&server, policy().leeway(leeway), Scopes::none(), &clock);
        let service = Running::start(guard, None);
        let answer = get(service.port, "/", &token(key(0), claims));
        assert_eq!(answer.status, status, "{off} s off, leeway {leeway}");
    }
}

#[test]
fn a_token_that_was_accepted_is_judged_again_each_time() {
    let server = KeyServer::new(publishes(&[key(0)]));
    let clock = Arc::new(Hand::default());
    let scopes = Scopes::none().with("/admin", ["admin"]).unwrap();
    let service = Running::start(guard(&server, policy(), scopes, &clock), None);
    let good = token(key(0), CLAIMS);
    for _ in 0..3 {
        assert_eq!(get(service.port, "/", &good).status, 200);
        assert_eq!(get(service.port, "/admin", &good).status, 403);
    }
    // another token that begins like it is another
    let (front, signature) = good.rsplit_once('.').unwrap();
    let letter = if signature.starts_with('A') { "B" } else { "A" };
    let altered = format!("{front}.{letter}{}", &signature[1..]);
    assert_eq!(get(service.port, "/", &altered).status, 401);
    clock.forward(299);
    assert_eq!(get(service.port, "/", &good).status, 200);
    clock.forward(1);
    assert_eq!(get(service.port, "/", &good).status, 401);
    // not refused for good: the clock was wrong
    clock.off.store(i64::cast_unsigned(-1), Ordering::SeqCst);
    assert_eq!(get(service.port, "/", &good).status, 200);
    // another key under the same name
    let mut other = key(1).clone();
    other.parameters_mut().kid = Some("key-0".to_owned());
    server.now_answers(publishes(&[&other]));
    clock.off.store(i64::cast_unsigned(-11), Ordering::SeqCst);
    clock.forward(10);
    assert_eq!(get(service.port, "/", &good).status, 401);
}

#[derive(serde::Deserialize)]
struct Caller {
    sub: String,
    role: Option<String>,
}

async fn hello(Verified(caller): Verified<Caller>) -> String {
    format!("{} {:?}", caller.sub, caller.role)
}

/// What an app answers to a token, if there is one.
fn ask(app: &Router, token: Option<&str>) -> (u16, String) {
    let mut request = Request::get("/hello");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut app = app.clone();
    runtime.block_on(async {
        let answer = app.call(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    })
}

#[test]
fn a_route_gets_the_claims_in_its_own_type() {
    let set = JwkSet::parse(set(&[key(0)])).unwrap();
    let clock = Arc::new(Hand::default());
    let guard = Guard::with(set.into(), policy(), Scopes::none(), clock);
    let app = Router::new().route("/hello", route(hello)).layer(guard);
    let token_of = |claims: &str| token(key(0), claims);
    assert_eq!(ask(&app, Some(&token_of(CLAIMS))), (200, "zoe None".to_owned()));
    let role = CLAIMS.replace("\"sub\"", "\"role\":\"admin\",\"sub\"");
    assert_eq!(ask(&app, Some(&token_of(&role))), (200, "zoe Some(\"admin\")".to_owned()));
    let without = CLAIMS.replace("\"sub\":\"zoe\",", "");
    let (status, body) = ask(&app, Some(&token_of(&without)));
    assert_eq!((status, body.as_str()), (401, "{\"error\":\"invalid_token\"}\n"));
    assert_eq!(ask(&app, None), (401, String::new()));
}

#[test]
fn without_a_guard_in_front_nobody_is_verified() {
    let app = Router::new().route("/hello", route(hello));
    let token = token(key(0), CLAIMS);
    assert_eq!(ask(&app, Some(&token)).0, 500);
}

#[test]
fn one_secret_for_all_is_possible_where_it_is_asked_for() {
    let secret = Jwk::from_secret(vec![7; 32]).unwrap();
    let policy = Policy::at(NOW).algorithms([Algorithm::Hs256]).audience("orders");
    let signer = Signer::new(&secret, Algorithm::Hs256, &policy).unwrap();
    let token = signer.compact(CLAIMS.as_bytes()).unwrap();
    let clock = Arc::new(Hand::default());
    let guard = Guard::with(JwkSet::from(secret).into(), policy, Scopes::none(), clock);
    let app = Router::new().route("/hello", route(hello)).layer(guard);
    assert_eq!(ask(&app, Some(&token)).0, 200);
}
