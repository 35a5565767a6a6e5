//! Claims: refused with every reason at once, times in every form, and what the options ask for.

use crate::support::{SECRET, hs256, jotlab, verify_hs};
use serde_json::Value;

fn sign(options: &[&str]) -> String {
    let all = [&["sign", "--secret", SECRET, "--now", "2000000000"], options].concat();
    jotlab(&all).exits(0).out.trim_end().to_owned()
}

/// The rules that failed.
fn failed(report: &Value) -> Vec<&str> {
    let checks = report["claims"]["checks"].as_array().unwrap().iter();
    let failed = checks.filter(|check| check["outcome"] == "failed");
    failed.map(|check| check["rule"].as_str().unwrap()).collect()
}

#[test]
fn every_failed_check_is_listed() {
    let token = sign(&[
        "--iss", "a", "--sub", "b", "--aud", "me", "--exp", "-1s", "--nbf", "+1h", "--iat", "+1h",
        "--jti", "c",
    ]);
    let options = [
        "--iss",
        "x",
        "--sub",
        "x",
        "--aud",
        "other",
        "--jti",
        "x",
        "--typ",
        "at+jwt",
        "--max-age",
        "5m",
        "--require",
        "scope,email",
    ];
    let run = verify_hs(&token, &options).exits(4);
    assert!(run.out.starts_with("SIGNATURE    good"), "{}", run.out);
    assert!(run.out.contains("\nCLAIMS       refused\n"), "{}", run.out);
    let report = verify_hs(&token, &[&options[..], &["--json"]].concat()).exits(4).json();
    let rules = ["typ", "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "email"];
    assert_eq!(failed(&report), rules);
    for rule in rules {
        assert!(run.out.contains(&format!("failed  {rule} ")), "{rule}: {}", run.out);
    }
    let run = verify_hs(&token, &["--aud", "other"]).exits(4);
    run.says(r#"is "me", expected "other""#).says("expired at 1999999999 (2033-05-18T03:33:19Z)");
}

#[test]
fn what_is_asked_for_and_there_is_accepted() {
    let token = sign(&[
        "--iss",
        "a",
        "--sub",
        "b",
        "--aud",
        "me",
        "--aud",
        "you",
        "--exp",
        "+30m",
        "--nbf",
        "-5m",
        "--iat",
        "now",
        "--jti",
        "c",
        "--header",
        r#"typ="at+jwt""#,
    ]);
    let options = [
        "--iss",
        "a",
        "--sub",
        "b",
        "--aud",
        "nobody",
        "--aud",
        "you",
        "--jti",
        "c",
        "--typ",
        "application/AT+JWT",
        "--max-age",
        "0s",
        "--require",
        "nbf",
        "--json",
    ];
    let report = verify_hs(&token, &options).exits(0).json();
    assert!(failed(&report).is_empty());
    let values = &report["claims"]["values"];
    assert_eq!(values["aud"], serde_json::json!(["me", "you"]));
    assert_eq!((&values["exp"], &values["nbf"]), (&2_000_001_800.into(), &1_999_999_700.into()));
    verify_hs(&token, &[]).exits(4).says("no audience is expected");
    verify_hs(&token, &["--aud", "you", "--require", "nothing"]).exits(4).says("missing");
}

#[test]
fn the_borders_of_time_are_exact() {
    let at = |now: &str, options: &[&str], token: &str| {
        let all = [&["verify", token, "--secret", SECRET, "--now", now], options].concat();
        jotlab(&all).code
    };
    let token = hs256(r#"{"exp":1000,"nbf":500,"iat":400}"#);
    for (now, code) in [("999", 0), ("1000", 4), ("500", 0), ("499", 4), ("-5", 4)] {
        assert_eq!(at(now, &[], &token), code, "{now}");
    }
    for leeway in ["30s", "30"] {
        for (now, code) in [("1029", 0), ("1030", 4), ("470", 0), ("469", 4)] {
            assert_eq!(at(now, &["--leeway", leeway], &token), code, "{now} {leeway}");
        }
    }
    for (now, code) in [("900", 0), ("901", 4)] {
        assert_eq!(at(now, &["--max-age", "500s"], &token), code, "{now}");
    }
    assert_eq!(at("905", &["--max-age", "500s", "--leeway", "5s"], &token), 0);
    let young = hs256(r#"{"exp":1000}"#);
    assert_eq!(at("900", &["--max-age", "500s"], &young), 4, "an age needs iat");
}

#[test]
fn now_has_these_forms() {
    let token = hs256(r#"{"exp":2000000000}"#);
    let at = |now: &str| jotlab(&["verify", &token, "--secret", SECRET, "--now", now]).code;
    assert_eq!(at("1999999999"), 0);
    assert_eq!(at("2033-05-18T03:33:19Z"), 0);
    assert_eq!(at("2033-05-18T03:33:20Z"), 4);
    assert_eq!(at("2033-05-18T05:33:19+02:00"), 0);
    // today is before 2033, and +5000d is after it, for as long as this test means anything
    assert_eq!((at("now"), at("-5m"), at("+5000d")), (0, 0, 4));
    for wrong in ["", "soon", "1.5", "2033-05-18", "+", "-", "99999999999999999999", "1e9"] {
        assert_eq!(at(wrong), 2, "{wrong:?}");
    }
    // the ends of the range saturate
    assert_eq!(at("9223372036854775807"), 4);
    assert_eq!(at("-9223372036854775808"), 0);
}

#[test]
fn durations_that_are_none_are_wrong_usage() {
    let token = hs256(r#"{"exp":2000000300}"#);
    for option in ["--leeway", "--max-age"] {
        for wrong in ["", "x", "5x", "-5s", "99999999999999999999s"] {
            verify_hs(&token, &[&format!("{option}={wrong}")]).exits(2);
        }
    }
}

#[test]
fn wrong_types_and_missing_claims_are_refused() {
    for (claims, rule) in [
        (r#"{"exp":"2000000300"}"#, "exp"),
        (r#"{"exp":null}"#, "exp"),
        ("{}", "exp"),
        (r#"{"exp":2000000300,"nbf":true}"#, "nbf"),
        (r#"{"exp":2000000300,"iat":[]}"#, "iat"),
        (r#"{"exp":2000000300,"iss":1}"#, "iss"),
        (r#"{"exp":2000000300,"aud":[]}"#, "aud"),
        (r#"{"exp":2000000300,"aud":1}"#, "aud"),
    ] {
        let report = verify_hs(&hs256(claims), &["--json"]).exits(4).json();
        assert_eq!(failed(&report), [rule], "{claims}");
    }
}

#[test]
fn a_good_signature_over_no_claims_is_malformed() {
    for payload in ["", "hello", "[]", "1", r#"{"exp":2000000300,"exp":2000000300}"#, "{"] {
        let token = hs256(payload);
        let report = verify_hs(&token, &["--json"]).exits(3).json();
        assert_eq!(report["claims"]["verdict"], "malformed", "{payload}");
        // the same is a good JWS, which has no claims
        let report = verify_hs(&token, &["--jws", "--json"]).exits(0).json();
        assert_eq!(report["payload"], jotlab::base64::encode_url(payload.as_bytes()));
        assert_eq!(report["claims"]["verdict"], "not asked");
    }
}

/// What a claim is may begin with a hyphen, on both sides.
#[test]
fn a_demand_may_begin_with_a_hyphen() {
    let claims = ["--iss", "-x", "--sub", "--y", "--aud", "-z", "--jti", "-1"];
    let token = sign(&[&claims[..], &["--exp", "+5m"]].concat());
    verify_hs(&token, &claims).exits(0);
    verify_hs(&token, &["--iss", "-y", "--aud", "-z"]).exits(4).says("iss");
}

/// With --jws no claims are asked: a demand on one would look as if it had been met.
#[test]
fn a_demand_on_claims_beside_jws_is_wrong_usage() {
    let token = hs256(r#"{"exp":2000000300}"#);
    for demand in
        ["--iss", "--sub", "--aud", "--jti", "--typ", "--require", "--leeway", "--max-age"]
    {
        verify_hs(&token, &["--jws", demand, "5s"]).exits(2).says(demand);
    }
    verify_hs(&token, &["--jws"]).exits(0);
}
