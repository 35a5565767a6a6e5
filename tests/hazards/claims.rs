//! Claims that are not what they should be, in tokens whose signature is right.

use super::*;
use jotlab::jose::{NumericDate, Signer};

fn with_claims(claims: &str) -> String {
    hs256(r#"{"alg":"HS256"}"#, claims)
}

/// The one check that fails.
#[track_caller]
fn one_failure(claims: &str, policy: &Policy) -> (String, Failure) {
    let mut failures = failures(&with_claims(claims), policy);
    assert_eq!(failures.len(), 1, "{claims}: {failures:?}");
    failures.remove(0)
}

fn is_accepted(claims: &str, policy: &Policy) -> bool {
    verify(&with_claims(claims), &secret(), policy).is_ok()
}

/// RFC 7519 §2: fractions are allowed, and every spelling of a number is that number.
#[test]
fn times_in_other_spellings() {
    for exp in ["2000000300.0", "2.0000003e9", "2000000300e0", "20000003E+2", "2000000000.5"] {
        assert!(is_accepted(&format!(r#"{{"exp":{exp}}}"#), &strict()), "{exp}");
    }
    for exp in ["1.0", "1e3", "0", "-0", "-1", "1999999999.9", "2000000000", "2000000000.0"] {
        let (rule, failure) = one_failure(&format!(r#"{{"exp":{exp}}}"#), &strict());
        assert_eq!(rule, "exp");
        assert!(matches!(failure, Failure::Expired { .. }), "{exp}: {failure:?}");
    }
    for past in ["1.0", "1e3", "-0", "0.1", "-1e300", "2000000000.0"] {
        let claims = format!(r#"{{"exp":2000000300,"nbf":{past},"iat":{past}}}"#);
        assert!(is_accepted(&claims, &strict()), "{past}");
    }
    let claims = r#"{"exp":2000000300,"nbf":2000000000.25}"#;
    let (rule, failure) = one_failure(claims, &strict());
    assert_eq!(rule, "nbf");
    assert!(matches!(failure, Failure::InFuture { .. }));
}

/// 2^53 + 1 is no double: it is compared as the integer it is.
#[test]
fn times_beyond_a_double() {
    let limit = 1i64 << 53;
    let claims = format!(r#"{{"exp":{}}}"#, limit + 1);
    assert!(is_accepted(&claims, &Policy::at(limit)));
    let now = NumericDate::from_seconds(limit + 1);
    let failure = one_failure(&claims, &Policy::at(limit + 1)).1;
    assert_eq!(failure, Failure::Expired { exp: now, now });
    let claims = format!(r#"{{"exp":{},"iat":{}}}"#, i64::MAX, limit + 1);
    assert!(matches!(one_failure(&claims, &Policy::at(limit)).1, Failure::InFuture { .. }));
    assert!(is_accepted(&claims, &Policy::at(limit + 1)));
}

/// Arithmetic on times saturates: nothing wraps, nothing panics.
#[test]
fn huge_times_and_leeways() {
    let huge = |now: i64| Policy::at(now).leeway(u64::MAX).max_age(u64::MAX);
    for now in [i64::MIN, -1, 0, NOW, i64::MAX] {
        for exp in ["9223372036854775807", "18446744073709551615", "1e300", "1.7e308"] {
            let claims = format!(r#"{{"exp":{exp},"iat":{now}}}"#);
            assert!(is_accepted(&claims, &huge(now)), "{exp} at {now}");
        }
    }
    let iat = r#""iat":0"#;
    let failure = one_failure(&format!(r#"{{"exp":-1e300,{iat}}}"#), &huge(NOW)).1;
    assert!(matches!(failure, Failure::Expired { .. }));
    let failure = one_failure(&format!(r#"{{"exp":2e9,"nbf":1e300,{iat}}}"#), &huge(NOW)).1;
    assert!(matches!(failure, Failure::InFuture { .. }));
    // leeway moves the limits by that much and not more
    let claims = r#"{"exp":1999999990,"nbf":2000000010,"iat":2000000010}"#;
    assert!(is_accepted(claims, &strict().leeway(11)));
    assert_eq!(failures(&with_claims(claims), &strict().leeway(10)).len(), 1);
    assert_eq!(failures(&with_claims(claims), &strict().leeway(9)).len(), 3);
}

/// The class of CVE-2026-25537: a claim of another type is a failure of its own, never passed over.
#[test]
fn wrong_types() {
    let asked = strict().issuer("me").subject("me").audience("me").token_id("me");
    let right = r#"{"iss":"me","sub":"me","aud":"me","jti":"me","exp":2000000300,"nbf":0,"iat":0}"#;
    assert!(is_accepted(right, &asked));
    for (claim, values) in [
        ("exp", &[r#""2000000300""#, "null", "true", "[2000000300]", "{}"][..]),
        ("nbf", &[r#""0""#, "null", "false", "[]", "{}"]),
        ("iat", &[r#""0""#, "null", "false", "[]", "{}"]),
        ("iss", &["1", "null", "true", r#"["me"]"#, r#"{"me":1}"#]),
        ("sub", &["1", "null", "true", r#"["me"]"#, r#"{"me":1}"#]),
        ("jti", &["1", "null", "true", r#"["me"]"#, r#"{"me":1}"#]),
        ("aud", &["1", "null", "true", "[]", r#"["me",1]"#, r#"[["me"]]"#, r#"{"me":1}"#]),
    ] {
        for value in values {
            let mut members: serde_json::Value = serde_json::from_str(right).unwrap();
            members[claim] = serde_json::from_str(value).unwrap();
            let (rule, failure) = one_failure(&members.to_string(), &asked);
            assert_eq!(rule, claim);
            assert!(matches!(failure, Failure::Type { .. }), "{claim} {value}: {failure:?}");
            // a wrong type is one as well where the claim was not asked for
            let only = format!(r#"{{"exp":2000000300,"{claim}":{value}}}"#);
            if claim != "exp" {
                let (rule, failure) = one_failure(&only, &strict());
                assert_eq!(rule, claim);
                assert!(matches!(failure, Failure::Type { .. }), "{claim} {value}: {failure:?}");
            }
        }
    }
}

/// RFC 7519 §4.1: what the policy asks for must be there, and what fails is told together.
#[test]
fn configured_claim_missing() {
    let asked = strict()
        .typ("JWT")
        .issuer("me")
        .subject("me")
        .audience("me")
        .max_age(10)
        .token_id("me")
        .require("scope");
    let missing: Vec<String> = failures(&with_claims("{}"), &asked)
        .into_iter()
        .map(|(rule, failure)| {
            assert_eq!(failure, Failure::Missing);
            rule
        })
        .collect();
    assert_eq!(missing, ["typ", "iss", "sub", "aud", "exp", "max-age", "jti", "scope"]);
    let null = r#"{"exp":2000000300,"scope":null}"#;
    let failure = one_failure(null, &strict().require("scope"));
    assert_eq!(failure, ("scope".to_owned(), Failure::Missing));
}

/// A claim with another value, near ones too.
#[test]
fn configured_claim_differs() {
    let asked = strict().issuer("https://me");
    for iss in ["https://me/", "HTTPS://me", "https://m", "https://me\\u0000", ""] {
        let (rule, failure) =
            one_failure(&format!(r#"{{"exp":2000000300,"iss":"{iss}"}}"#), &asked);
        assert_eq!(rule, "iss");
        assert!(matches!(failure, Failure::Differs { .. }), "{iss}");
    }
    let asked = strict().audience("me");
    for aud in [r#""you""#, r#""me you""#, r#"["you","Me"]"#, r#""""#, r#"["m","e"]"#] {
        let failure = one_failure(&format!(r#"{{"exp":2000000300,"aud":{aud}}}"#), &asked).1;
        assert!(matches!(failure, Failure::Differs { .. }), "{aud}");
    }
    assert!(is_accepted(r#"{"exp":2000000300,"aud":["you","me"]}"#, &asked));
}

/// RFC 7519 §4.1.3: who is not among the audience must refuse.
#[test]
fn token_for_an_audience_and_none_expected() {
    let claims = r#"{"exp":2000000300,"aud":"you"}"#;
    let failure = one_failure(claims, &strict()).1;
    assert_eq!(failure, Failure::NoAudienceExpected("you".to_owned()));
    let accepted =
        verify(&with_claims(claims), &secret(), &strict().allow(Relaxation::AnyAudience));
    assert!(accepted.unwrap().relaxed.iter().eq([Relaxation::AnyAudience]));
}

/// A token that never ends.
#[test]
fn no_expiry() {
    assert_eq!(one_failure("{}", &strict()), ("exp".to_owned(), Failure::Missing));
    let accepted =
        verify(&with_claims("{}"), &secret(), &strict().allow(Relaxation::NoExpiry)).unwrap();
    assert!(accepted.relaxed.iter().eq([Relaxation::NoExpiry]));
    // the name lets a missing `exp` pass, not one that has come or has another type
    for exp in ["1", "null", r#""never""#] {
        let claims = format!(r#"{{"exp":{exp}}}"#);
        assert_eq!(one_failure(&claims, &lenient()).0, "exp");
    }
}

/// RFC 8725 §3.11, RFC 7515 §4.1.9: an ID token is no access token.
#[test]
fn typ_confusion() {
    let with_typ = |typ: &str| hs256(&format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#), CLAIMS);
    for asked in ["at+jwt", "application/at+jwt", "AT+JWT"] {
        let policy = strict().typ(asked);
        for typ in ["at+jwt", "AT+jwt", "application/at+jwt", "Application/AT+JWT"] {
            assert!(verify(&with_typ(typ), &secret(), &policy).is_ok(), "{typ} for {asked}");
        }
        for typ in ["JWT", "jwt", "at+jwt ", "", "text/at+jwt", "application/jwt", "at+jw"] {
            let failures = failures(&with_typ(typ), &policy);
            assert!(matches!(failures[..], [(_, Failure::Differs { .. })]), "{typ} for {asked}");
        }
        let failures = failures(&good_hs256(), &policy);
        assert_eq!(failures, [("typ".to_owned(), Failure::Missing)]);
    }
    let not_a_string = hs256(r#"{"alg":"HS256","typ":["JWT"]}"#, CLAIMS);
    assert_eq!(malformed(&not_a_string).part, jotlab::jose::Part::Header);
}

/// CVE-2024-51744: what the claims say is nothing before the signature is right.
#[test]
fn expired_hides_bad_signature() {
    let token = with_claims(r#"{"exp":1,"aud":7}"#);
    assert_eq!(failures(&token, &strict()).len(), 2);
    let other = Jwk::from_secret(vec![7; 32]).unwrap().into();
    bad_signature(&token, &other, &strict());
    bad_signature(&with_claims("not even JSON"), &other, &strict());
}

/// RFC 7797 §7: a JWT is encoded.
#[test]
fn unencoded_payload_in_a_jwt() {
    let key = &secret().keys()[0].clone();
    let header = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;
    let signer = Signer::with_header(key, Algorithm::Hs256, header, &strict()).unwrap();
    let token = signer.compact(CLAIMS.as_bytes()).unwrap();
    let error = verify(&token, &secret(), &lenient()).unwrap_err();
    assert_eq!(error, VerifyError::Claims(ClaimsError::Unencoded));
    assert!(Jws::compact(&token).unwrap().bind(&secret(), &strict()).unwrap().verify().is_ok());
}
