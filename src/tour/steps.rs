//! The steps of the journey, each with its check: what it saw, or what went wrong.

use super::Step;
use super::forged;
use super::house::{CACHE, LIFE, NAME, said};
use super::journey::{Journey, header, must};
use crate::base64::decode_url;
use crate::issuer::GRACE;
use crate::jose::{Jwk, JwkSet, Jws, json};
use std::sync::atomic::Ordering;

type Check = fn(&mut Journey) -> Result<String, String>;

const ISSUER: &str = "issuer";
const SERVICES: &str = "service 1, service 2";
const FIRST: &str = "service 1";
const SECOND: &str = "service 2";

/// All steps, in order.
#[rustfmt::skip]
pub(super) const PLAN: [(Step, Check); 13] = [
    (step("wrong-password", ISSUER, "a wrong password gets no token", "RFC 6749 §5.2"), wrong_password),
    (step("log-in", ISSUER, "the right one gets a token", "RFC 6749 §4.3"), log_in),
    (step("token", "the user", "the token names its key, which is published, and its end", "RFC 9068 §2.1"), token),
    (step("two-services", SERVICES, "both take the same token, and tell who calls", "RFC 6750 §2.1"), two_services),
    (step("scope", FIRST, "for what needs another scope it does not suffice", "RFC 6750 §3.1"), scope),
    (step("altered-role", FIRST, "with the role and scope of an administrator written in, it is refused", "RFC 7515 §5.2"), altered_role),
    (step("public-key-as-secret", SECOND, "HS256 with the public key as the secret is refused", "RFC 8725 §3.1"), public_key_as_secret),
    (step("none", SECOND, "a token without signature is refused", "RFC 8725 §3.2"), none),
    (step("rotate", ISSUER, "a new key is published, and the old one still signs", "RFC 7517 §5"), rotate),
    (step("new-key", SERVICES, "after the cache time the new key signs, and both take its token", "RFC 9111 §5.2.2.1"), new_key),
    (step("old-token", SERVICES, "the token of the old key is still taken", "RFC 7515 §4.1.4"), old_token),
    (step("expired", FIRST, "until its end, and not longer", "RFC 7519 §4.1.4"), expired),
    (step("key-gone", ISSUER, "the old key leaves the set when no token of it can be good", "RFC 7517 §5"), key_gone),
];

const fn step(
    name: &'static str,
    at: &'static str,
    what: &'static str,
    standard: &'static str,
) -> Step {
    Step { name, at, what, standard }
}

fn wrong_password(journey: &mut Journey) -> Result<String, String> {
    let answer = journey.ask_for_token("a guess")?;
    let error = answer.body["error"].as_str().unwrap_or_default();
    let expected = answer.status == 400 && error == "invalid_grant";
    must(expected, || format!("status {}, expected 400 invalid_grant", answer.status))?;
    Ok("400 invalid_grant".to_owned())
}

fn log_in(journey: &mut Journey) -> Result<String, String> {
    journey.token = journey.log_in()?;
    Ok(format!("200, a Bearer token for {LIFE} s"))
}

fn token(journey: &mut Journey) -> Result<String, String> {
    let (header, exp) = (header(&journey.token)?, expiry(&journey.token)?);
    let typ = header.typ().unwrap_or_default();
    must(header.alg() == "RS256" && typ == "at+jwt", || {
        format!("alg {}, typ {typ}, expected RS256 and at+jwt", header.alg())
    })?;
    let set = journey.published()?;
    let kid = header.kid().ok_or("no kid")?;
    let [key] = set.keys() else { return Err(format!("{} keys, expected 1", set.keys().len())) };
    must(key.kid() == Some(kid), || "its kid is not that of the published key".to_owned())?;
    must(exp > journey.house.clock.unix(), || "it has expired already".to_owned())?;
    Ok(format!("alg RS256, kid {kid}, exp {exp}"))
}

fn two_services(journey: &mut Journey) -> Result<String, String> {
    both_take(journey, &journey.token)
}

/// The first service forwards to the second with the same token; each tells who calls.
fn both_take(journey: &Journey, token: &str) -> Result<String, String> {
    let answer = journey.call(&journey.house.first, "orders", token)?;
    let next = &answer.body["next"];
    let statuses = (answer.status, next["status"].as_u64());
    must(statuses == (200, Some(200)), || format!("statuses {statuses:?}, expected 200 of both"))?;
    let (first, second) = (&answer.body["caller"], &next["answer"]["caller"]);
    must(first["sub"] == NAME && second["sub"] == NAME, || "another caller".to_owned())?;
    Ok(format!("200 and 200, sub {NAME}"))
}

fn scope(journey: &mut Journey) -> Result<String, String> {
    let answer = journey.call(&journey.house.first, "admin", &journey.token)?;
    let expected = answer.status == 403 && answer.challenge.contains("insufficient_scope");
    must(expected, || format!("status {}, expected 403 insufficient_scope", answer.status))?;
    Ok("403 insufficient_scope".to_owned())
}

fn altered_role(journey: &mut Journey) -> Result<String, String> {
    let forged = forged::altered(&journey.token)?;
    refused(journey, (&journey.house.first, "admin"), &forged)
}

fn public_key_as_secret(journey: &mut Journey) -> Result<String, String> {
    let forged = forged::by_public_key(&journey.token, &first_key(&journey.published()?)?)?;
    refused(journey, (&journey.house.second, "orders"), &forged)
}

fn none(journey: &mut Journey) -> Result<String, String> {
    let forged = forged::unsigned(&journey.token, &first_key(&journey.published()?)?)?;
    refused(journey, (&journey.house.second, "orders"), &forged)
}

fn first_key(set: &JwkSet) -> Result<Jwk, String> {
    set.keys().first().cloned().ok_or_else(|| "no key is published".to_owned())
}

/// RFC 6750 §3.1: 401 and the word for it, whatever the reason.
fn refused(
    journey: &Journey,
    (service, path): (&str, &str),
    forged: &str,
) -> Result<String, String> {
    let answer = journey.call(service, path, forged)?;
    let expected = answer.status == 401 && answer.challenge.contains("invalid_token");
    must(expected, || format!("status {}, expected 401 invalid_token", answer.status))?;
    Ok("401 invalid_token".to_owned())
}

fn rotate(journey: &mut Journey) -> Result<String, String> {
    let rotated = journey.house.rotation.rotate().map_err(said)?;
    let set = journey.published()?;
    let is_there = set.keys().iter().any(|key| key.kid() == Some(&rotated.kid));
    must(is_there && set.keys().len() == 2, || {
        format!("{} keys are published, expected the old and the new", set.keys().len())
    })?;
    let token = journey.log_in()?;
    let kid = header(&token)?.kid().map(str::to_owned);
    let early = journey.house.clock.unix() < rotated.signs_from;
    must(!early || kid.as_ref() != Some(&rotated.kid), || {
        "the new key signs too early".to_owned()
    })?;
    must(kid.as_ref() != Some(&rotated.kid), || "the machine is too slow to see this".to_owned())?;
    let seen = format!("2 keys, the new one {}", rotated.kid);
    journey.token = token;
    journey.rotated = Some(rotated);
    Ok(seen)
}

fn new_key(journey: &mut Journey) -> Result<String, String> {
    let rotated = journey.rotated.as_ref().ok_or("nothing was rotated")?;
    let token = journey.wait_for("a token of the new key", || {
        let token = journey.log_in()?;
        let is_new = header(&token)?.kid() == Some(&rotated.kid);
        Ok(is_new.then_some(token))
    })?;
    must(journey.house.clock.unix() >= rotated.signs_from, || "it signs too early".to_owned())?;
    Ok(format!("after {CACHE} s and one more: {}", both_take(journey, &token)?))
}

fn old_token(journey: &mut Journey) -> Result<String, String> {
    both_take(journey, &journey.token)
}

fn expired(journey: &mut Journey) -> Result<String, String> {
    let exp = expiry(&journey.token)?;
    journey.wait_for("the end of the token", || {
        let before = journey.house.clock.unix();
        let answer = journey.call(&journey.house.first, "orders", &journey.token)?;
        match answer.status {
            // RFC 7519 §4.1.4: on or after exp it must not be accepted
            200 if before < exp => Ok(None),
            401 if journey.house.clock.unix() >= exp => Ok(Some(())),
            status => Err(format!("status {status}, {} s before its end", exp - before)),
        }
    })?;
    let (service, token) = (&journey.house.second, &journey.token);
    let seen = refused(journey, (service, "orders"), token)?;
    Ok(format!("200 until {exp}, then {seen}"))
}

fn key_gone(journey: &mut Journey) -> Result<String, String> {
    let ahead = GRACE + i64::from(LIFE);
    journey.house.ahead.store(ahead, Ordering::Relaxed);
    let rotated = journey.rotated.as_ref().ok_or("nothing was rotated")?;
    let set = journey.published()?;
    let is_alone = matches!(set.keys(), [key] if key.kid() == Some(&rotated.kid));
    must(is_alone, || format!("{} keys, expected the new one alone", set.keys().len()))?;
    Ok(format!("1 key, with the issuer's clock {ahead} s ahead"))
}

/// `exp` of a token, of which nothing is verified.
fn expiry(token: &str) -> Result<i64, String> {
    let [_, payload, _] = Jws::split(token).map_err(said)?;
    let claims = json::parse_object(&decode_url(payload).map_err(said)?).map_err(said)?;
    claims.get("exp").and_then(serde_json::Value::as_i64).ok_or_else(|| "no exp".to_owned())
}
