//! The journey: a user is added, an issuer starts, a name and a password become a token, and the token verifies
//! by what the issuer publishes.

use crate::client::{form, get, post};
use crate::process::{PASSWORD, Running, issuer_told, jotlab, now, place, place_with};
use jotlab::issuer::{CONFIGURATION_PATH, JWKS_PATH};
use jotlab::jose::{self, Algorithm, JwkSet, Policy};
use serde_json::Value;
use std::fs;

#[test]
fn a_name_and_a_password_become_a_token_that_verifies_by_the_published_keys() {
    let place = place("journey");
    let arguments = ["user", "add", "alice", "--role", "admin", "--scope", "read write"];
    let added = issuer_told(&place, &arguments, &format!("{PASSWORD}\n"));
    assert!(added.status.success(), "{added:?}");
    let running = Running::start(&place, &["--audience", "one", "--audience", "two"]);
    let (address, url) = (running.address, format!("http://{}", running.address));

    let answer = post(address, &(form("alice", PASSWORD) + "&scope=read"));
    let token = answer.token();
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let body = answer.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &600.into()));
    assert_eq!(body["scope"], "read");

    let published = get(address, JWKS_PATH, "");
    let keys = JwkSet::parse(&published.body).unwrap();
    let policy = Policy::at(now()).algorithms([Algorithm::Rs256]).issuer(&url).audience("two");
    let claims = jose::verify(&token, &keys, &policy.typ("at+jwt").require("jti")).unwrap().claims;
    assert_eq!(claims.sub.as_deref(), Some("alice"));
    assert_eq!(claims.aud.0, ["one", "two"]);
    assert_eq!(claims.other["role"], "admin");
    assert_eq!(claims.other["scope"], "read");
    assert_eq!(claims.other["client_id"], "jotlab");
    let [issued, expires] = [claims.iat, claims.exp].map(|time| time.unwrap().seconds());
    assert_eq!(expires - issued, 600);
    // no two tokens are the same one
    let again = post(address, &form("alice", PASSWORD));
    assert_eq!(again.json()["scope"], "read write");
    assert_ne!(again.token(), token);

    // and by the command, with the issuer's own words
    let file = place.join("published.json");
    fs::write(&file, &published.body).unwrap();
    let verified = jotlab(&["verify", &token, "--iss", &url, "--aud", "one", "--jwks"]);
    let verified = { verified }.arg(&file).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");

    let said = running.kill();
    for secret in [PASSWORD, "correct", token.as_str(), token.rsplit('.').next().unwrap()] {
        assert!(!said.contains(secret), "{secret} is in the log: {said}");
    }
    let issued = said.lines().find(|line| line.contains(r#""message":"a token was issued""#));
    assert!(issued.is_some_and(|line| line.contains(r#""user":"alice""#)), "{said}");
}

#[test]
fn the_published_set_has_public_members_only_and_is_fetched_once() {
    let place = place_with("published", "alice");
    let running = Running::start(&place, &["--cache", "90s"]);
    let first = get(running.address, JWKS_PATH, "");
    assert_eq!(first.header("content-type"), Some("application/jwk-set+json"));
    assert_eq!(first.header("cache-control"), Some("public, max-age=90"));
    let set = first.json();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 1);
    let names: Vec<&String> = keys[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    // the same by its tag
    let tag = first.header("etag").unwrap();
    for header in [tag.to_owned(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()]
    {
        let again = get(running.address, JWKS_PATH, &format!("If-None-Match: {header}\r\n"));
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{header}");
        assert_eq!(again.header("etag"), Some(tag));
        assert_eq!(again.header("cache-control"), Some("public, max-age=90"));
    }
    let other = get(running.address, JWKS_PATH, "If-None-Match: \"other\"\r\n");
    assert_eq!((other.status, other.body), (200, first.body));
}

#[test]
fn the_description_names_the_endpoints_under_the_issuers_url() {
    let place = place_with("description", "alice");
    let running = Running::start(&place, &["--issuer", "https://issuer.example/a"]);
    let description = get(running.address, CONFIGURATION_PATH, "Host2: x\r\n").json();
    for (name, value) in [
        ("issuer", "https://issuer.example/a"),
        ("token_endpoint", "https://issuer.example/a/token"),
        ("jwks_uri", "https://issuer.example/a/.well-known/jwks.json"),
    ] {
        assert_eq!(description[name], value);
    }
    let token = post(running.address, &form("alice", PASSWORD)).token();
    let payload = jotlab::base64::decode_url(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(claims["iss"], "https://issuer.example/a");
}

#[test]
fn a_shared_secret_is_chosen_by_name_and_published_nowhere() {
    let place = place_with("secret", "alice");
    let running = Running::start(&place, &["--alg", "HS256"]);
    let token = post(running.address, &form("alice", PASSWORD)).token();
    assert_eq!(get(running.address, JWKS_PATH, "").body, "{\"keys\":[]}\n");
    let description = get(running.address, CONFIGURATION_PATH, "").json();
    assert_eq!(description["id_token_signing_alg_values_supported"][0], "HS256");
    // the one server that may verify reads the issuer's own file
    let keys = JwkSet::parse(fs::read(place.join("keys.json")).unwrap()).unwrap();
    let policy = Policy::at(now()).algorithms([Algorithm::Hs256]).audience("jotlab-services");
    assert!(jose::verify(&token, &keys, &policy).is_ok());
    drop(running);
    // a directory stays with its algorithm
    let other = jotlab(&["issuer", "--listen", "127.0.0.1:0", "--alg", "RS256", "--dir"]);
    let other = { other }.arg(&place).output().unwrap();
    assert_eq!(other.status.code(), Some(2));
    let said = String::from_utf8(other.stderr).unwrap();
    assert!(said.contains("has keys for HS256, not for RS256"), "{said}");
}
