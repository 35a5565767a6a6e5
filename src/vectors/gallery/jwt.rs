//! JWT verifiers with one bug in what they demand of claims.

use super::jws::{self, Asked, Taken, Way};
use super::mac::refused;
use super::{Memory, Row, base64};
use crate::jose::json;
use crate::vectors::question::{Answer, JwtPolicy, Request};
use crate::vectors::stage::Stage;
use serde_json::{Map, Value};

pub(super) const OPERATIONS: &[&str] = &["jwt.verify"];

/// A bug in the check of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    ExpIgnored,
    ExpOptional,
    ExpInclusive,
    ExpAsTextSkipped,
    ExpOverflows,
    ExpCutToWhole,
    LeewayBackwards,
    NbfIgnored,
    NbfExclusive,
    IatIgnored,
    AudIgnored,
    AudUnexpectedTaken,
    AudListSkipped,
    AudAsSubstring,
    AudMixedListTaken,
    IssIgnored,
    IssAsPrefix,
    IssInList,
    IssNumberSkipped,
    TypIgnored,
    TypWithCase,
    RequiredIgnored,
    NullIsThere,
    DuplicateClaims,
    ClaimsFirst,
    JsonTaken,
    RawPayloadTaken,
}

pub(super) const FLAWS: [Row<Flaw>; 27] = [
    (Flaw::ExpIgnored, "exp-ignored", "exp is not looked at", "RFC 7519 §4.1.4"),
    (Flaw::ExpOptional, "exp-optional", "exp may be missing", "RFC 8725 §3.10"),
    (
        Flaw::ExpInclusive,
        "exp-inclusive",
        "at exp itself the token is still good",
        "RFC 7519 §4.1.4",
    ),
    (
        Flaw::ExpAsTextSkipped,
        "exp-as-text-skipped",
        "an exp that is a text is skipped",
        "CVE-2026-25537",
    ),
    (Flaw::ExpOverflows, "exp-overflows", "exp plus leeway wraps around", "saturating arithmetic"),
    (Flaw::ExpCutToWhole, "exp-in-32-bits", "exp is kept in 32 bits", "RFC 7519 §2"),
    (
        Flaw::LeewayBackwards,
        "leeway-backwards",
        "leeway makes the token's life shorter",
        "RFC 7519 §4.1.4",
    ),
    (Flaw::NbfIgnored, "nbf-ignored", "nbf is not looked at", "RFC 7519 §4.1.5"),
    (
        Flaw::NbfExclusive,
        "nbf-exclusive",
        "at nbf itself the token is not good yet",
        "RFC 7519 §4.1.5",
    ),
    (Flaw::IatIgnored, "iat-ignored", "iat in the future is taken", "RFC 7519 §4.1.6"),
    (Flaw::AudIgnored, "aud-ignored", "aud is not looked at", "RFC 7519 §4.1.3"),
    (
        Flaw::AudUnexpectedTaken,
        "aud-unexpected-taken",
        "a token with aud is taken where none is expected",
        "RFC 7519 §4.1.3",
    ),
    (Flaw::AudListSkipped, "aud-list-skipped", "a list of audiences is skipped", "RFC 7519 §4.1.3"),
    (
        Flaw::AudAsSubstring,
        "aud-as-substring",
        "the audience may be a part of aud",
        "RFC 7519 §4.1.3",
    ),
    (
        Flaw::AudMixedListTaken,
        "aud-mixed-list",
        "a list may hold other things than texts",
        "RFC 7519 §4.1.3",
    ),
    (Flaw::IssIgnored, "iss-ignored", "iss is not looked at", "RFC 7519 §4.1.1"),
    (Flaw::IssAsPrefix, "iss-as-prefix", "the issuer may be a prefix of iss", "RFC 8725 §3.8"),
    (Flaw::IssInList, "iss-in-list", "iss may be a list that has the issuer", "RFC 7519 §4.1.1"),
    (
        Flaw::IssNumberSkipped,
        "iss-number-skipped",
        "an iss of another type is skipped",
        "CVE-2026-25537",
    ),
    (Flaw::TypIgnored, "typ-ignored", "typ is not looked at", "RFC 8725 §3.11"),
    (Flaw::TypWithCase, "typ-with-case", "typ is compared with case and prefix", "RFC 7515 §4.1.9"),
    (Flaw::RequiredIgnored, "required-ignored", "a required claim may be missing", "RFC 7519 §4"),
    (Flaw::NullIsThere, "null-is-there", "a required claim may be null", "RFC 7519 §4"),
    (
        Flaw::DuplicateClaims,
        "duplicate-claims",
        "of two claims of a name the last counts",
        "RFC 7519 §4",
    ),
    (
        Flaw::ClaimsFirst,
        "claims-before-signature",
        "claims are judged before the signature: an expired forgery is told to be expired",
        "CVE-2024-51744",
    ),
    (
        Flaw::JsonTaken,
        "json-where-compact",
        "a JSON serialization is taken for a JWT",
        "RFC 7519 §3",
    ),
    (Flaw::RawPayloadTaken, "raw-payload-in-jwt", "b64 may be false in a JWT", "RFC 7797 §7"),
];

pub(super) fn answer(request: &Request, flaw: Flaw) -> Option<Answer> {
    let Request::JwtVerify { token, keys, algorithms, policy, allow } = request else {
        return None;
    };
    let asked = Asked { token, payload: None, keys, algorithms, allow };
    let memory = Memory::default();
    let way = Way { flaw: jws::Flaw::None, decoder: base64::Flaw::None, memory: &memory };
    Some(verify(asked, policy, flaw, way))
}

pub(super) fn verify(asked: Asked<'_>, policy: &JwtPolicy, flaw: Flaw, way: Way<'_>) -> Answer {
    if asked.token.trim_start().starts_with('{') && flaw != Flaw::JsonTaken {
        return refused();
    }
    if flaw == Flaw::ClaimsFirst && claims_refused_unverified(asked, policy) {
        return Answer::Refused { stage: Some(Stage::Claims), why: String::new() };
    }
    let Some(taken) = jws::verify(asked, way) else { return refused() };
    if taken.raw && flaw != Flaw::RawPayloadTaken {
        return refused();
    }
    match accepts(&taken, policy, asked, flaw) {
        Some(true) => Answer::Valid,
        _ => refused(),
    }
}

/// The claims of a token that nobody has verified.
fn claims_refused_unverified(asked: Asked<'_>, policy: &JwtPolicy) -> bool {
    let mut parts = asked.token.split('.').skip(1);
    let payload = parts.next().and_then(|text| base64::decode(text, base64::Flaw::None));
    let taken = payload.map(|payload| Taken { header: Map::new(), payload, raw: false });
    taken.is_some_and(|taken| accepts(&taken, policy, asked, Flaw::TypIgnored) == Some(false))
}

fn accepts(taken: &Taken, policy: &JwtPolicy, asked: Asked<'_>, flaw: Flaw) -> Option<bool> {
    let claims = match flaw {
        Flaw::DuplicateClaims => match serde_json::from_slice(&taken.payload).ok()? {
            Value::Object(claims) => claims,
            _ => return None,
        },
        _ => json::parse_object(&taken.payload).ok()?,
    };
    let allowed = |name: &str| asked.allow.iter().any(|allowed| allowed == name);
    Some(
        times_fit(&claims, policy, allowed("no-expiry"), flaw)
            && audience_fits(&claims, policy, allowed("any-audience"), flaw)
            && issuer_fits(&claims, policy, flaw)
            && typ_fits(&taken.header, policy, flaw)
            && required_are_there(&claims, policy, flaw)
            && ["sub", "jti"].iter().all(|name| claims.get(*name).is_none_or(Value::is_string)),
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times of suites are far below 2⁵³, but for one that is meant to be lost"
)]
fn times_fit(claims: &Map<String, Value>, policy: &JwtPolicy, no_expiry: bool, flaw: Flaw) -> bool {
    let (now, leeway) = (policy.now as f64, policy.leeway as f64);
    let exp_leeway = if flaw == Flaw::LeewayBackwards { -leeway } else { leeway };
    let exp = match claims.get("exp") {
        _ if flaw == Flaw::ExpIgnored => true,
        None => no_expiry || flaw == Flaw::ExpOptional,
        Some(Value::Number(exp)) => {
            let exp = exp.as_f64().unwrap_or(f64::NAN);
            match flaw {
                Flaw::ExpInclusive => now <= exp + exp_leeway,
                Flaw::ExpOverflows => {
                    now < (exp as i64).wrapping_add_unsigned(policy.leeway) as f64
                }
                Flaw::ExpCutToWhole => now < f64::from(exp as i64 as i32) + exp_leeway,
                _ => now < exp + exp_leeway,
            }
        }
        Some(Value::String(_)) => flaw == Flaw::ExpAsTextSkipped,
        Some(_) => false,
    };
    let not_before = |name: &str, ignored: Flaw| match claims.get(name) {
        None => true,
        _ if flaw == ignored => true,
        Some(Value::Number(time)) => {
            let time = time.as_f64().unwrap_or(f64::NAN);
            let exclusive = flaw == Flaw::NbfExclusive && name == "nbf";
            if exclusive { time < now + leeway } else { time <= now + leeway }
        }
        Some(_) => false,
    };
    exp && not_before("nbf", Flaw::NbfIgnored) && not_before("iat", Flaw::IatIgnored)
}

fn audience_fits(claims: &Map<String, Value>, policy: &JwtPolicy, any: bool, flaw: Flaw) -> bool {
    if flaw == Flaw::AudIgnored {
        return true;
    }
    let audiences: Vec<&str> = match claims.get("aud") {
        None => return policy.audience.is_none(),
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(_)) if flaw == Flaw::AudListSkipped => return true,
        Some(Value::Array(list)) => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            if texts.is_empty() || (texts.len() < list.len() && flaw != Flaw::AudMixedListTaken) {
                return false;
            }
            texts
        }
        Some(_) => return false,
    };
    match &policy.audience {
        None => any || flaw == Flaw::AudUnexpectedTaken,
        Some(expected) if flaw == Flaw::AudAsSubstring => {
            audiences.iter().any(|audience| audience.contains(expected.as_str()))
        }
        Some(expected) => audiences.contains(&expected.as_str()),
    }
}

fn issuer_fits(claims: &Map<String, Value>, policy: &JwtPolicy, flaw: Flaw) -> bool {
    match (&policy.issuer, claims.get("iss")) {
        (None, found) => found.is_none_or(Value::is_string),
        _ if flaw == Flaw::IssIgnored => true,
        (Some(expected), Some(Value::String(found))) => match flaw {
            Flaw::IssAsPrefix => found.starts_with(expected),
            _ => found == expected,
        },
        (Some(expected), Some(Value::Array(list))) if flaw == Flaw::IssInList => {
            list.iter().any(|issuer| issuer == expected.as_str())
        }
        (Some(_), Some(_)) => flaw == Flaw::IssNumberSkipped,
        (Some(_), None) => false,
    }
}

fn typ_fits(header: &Map<String, Value>, policy: &JwtPolicy, flaw: Flaw) -> bool {
    let Some(expected) = &policy.typ else { return true };
    let plain = |typ: &str| {
        let typ = typ.to_ascii_lowercase();
        typ.strip_prefix("application/").map(str::to_owned).unwrap_or(typ)
    };
    match header.get("typ").and_then(Value::as_str) {
        _ if flaw == Flaw::TypIgnored => true,
        Some(found) if flaw == Flaw::TypWithCase => found == expected,
        Some(found) => plain(found) == plain(expected),
        None => false,
    }
}

fn required_are_there(claims: &Map<String, Value>, policy: &JwtPolicy, flaw: Flaw) -> bool {
    policy.require.iter().all(|name| match claims.get(name) {
        _ if flaw == Flaw::RequiredIgnored => true,
        None => false,
        Some(Value::Null) => flaw == Flaw::NullIsThere,
        Some(_) => true,
    })
}
