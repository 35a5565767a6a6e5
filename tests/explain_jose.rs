//! Traces of tokens and keys: they end as production does, in its words and at its stage, for every token
//! that comes with the library.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jotlab::explain::render::{self, Reveal};
use jotlab::explain::{self, End, ExplainError, MAX_MESSAGE_BYTES, Trace};
use jotlab::jose::{
    self, Algorithm, ClaimsError, JwkSet, Jws, MAX_TOKEN_BYTES, Material, Part, Policy, Reason,
    Relaxation, VerifyError,
};
use jotlab::vectors::{self, JwtPolicy, Request};
use serde_json::Value;
use std::collections::BTreeMap;

/// The cases of a file of the RFCs with this operation.
fn cases(file: &str, operation: &str) -> Vec<Value> {
    let file: Value = serde_json::from_slice(vectors::embedded_file(file).unwrap().bytes).unwrap();
    let mut cases = file["cases"].as_array().unwrap().clone();
    cases.retain(|case| case["op"] == operation);
    cases
}

#[test]
fn what_was_signed_is_what_the_rfcs_print() {
    let mut compared = 0;
    for file in ["rfc/rfc7515.json", "rfc/rfc7520.json", "rfc/rfc7797.json"] {
        for case in cases(file, "jws") {
            let forms = ["compact", "detached_compact", "flattened", "general"];
            for form in forms.iter().filter(|form| case.get(*form).is_some()) {
                assert_signing_input(&case, &case[*form]);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 28);
}

fn assert_signing_input(case: &Value, token: &Value) {
    let keys = JwkSet::from_file_contents(case["key"].to_string().as_bytes()).unwrap();
    let allowed = case["allow"].as_array().into_iter().flatten();
    let policy = allowed.fold(Policy::at(0), |policy, name| {
        policy.allow(Relaxation::from_name(name.as_str().unwrap()).unwrap())
    });
    let token = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
    let mut jws = Jws::parse(&token, policy.relaxations()).unwrap();
    if jws.is_detached() {
        let payload = hex::decode(case["payload"].as_str().unwrap()).unwrap();
        jws = jws.with_payload(payload).unwrap();
    }
    let index = case["index"].as_u64().unwrap_or(0);
    let signature = &jws.signatures()[usize::try_from(index).unwrap()];
    let trace = explain::jwt::jws(&jws, signature, &keys, &policy).unwrap();
    let (_, step) = trace.step("jwt.input").unwrap();
    let signed = step.value("signing input").unwrap();
    let stated = case["signing_input"].as_str().unwrap();
    assert!(signed.data.is(stated.as_bytes()), "{}: {signed:?}", case["id"]);
    assert_eq!(trace.end(), &End::Accepted, "{}", case["id"]);
}

#[test]
fn thumbprints_are_what_the_rfcs_print() {
    for file in ["rfc/rfc7638.json", "rfc/rfc8037.json"] {
        let cases = cases(file, "jwk.thumbprint");
        assert!(!cases.is_empty());
        for case in cases {
            let trace = explain::jwk::key(&case["key"].to_string()).unwrap();
            for (id, name, stated) in [
                ("jwk.canonical", "JSON", "canonical"),
                ("jwk.thumbprint", "thumbprint", "thumbprint"),
            ] {
                let (_, step) = trace.step(id).unwrap();
                let stated = case[stated].as_str().unwrap();
                assert!(step.value(name).unwrap().data.is(stated.as_bytes()), "{id}");
            }
            let (_, step) = trace.step("jwk.digest").unwrap();
            assert_eq!(step.value("digest").unwrap().hex(), case["digest"].as_str().unwrap());
        }
    }
}

/// What a suite asks of a token: the token, the keys, the policy.
fn asked(request: &Request) -> Option<(&str, JwkSet, Policy)> {
    let (token, keys, algorithms, allow, demands) = match request {
        Request::JwsVerify { token, keys, algorithms, allow, .. } => {
            (token, keys, algorithms, allow, JwtPolicy::default())
        }
        Request::JwtVerify { token, keys, algorithms, policy, allow } => {
            (token, keys, algorithms, allow, policy.clone())
        }
        _ => return None,
    };
    let keys = JwkSet::from_file_contents(keys.as_bytes()).ok()?;
    let mut policy = Policy::at(demands.now).leeway(demands.leeway);
    if !algorithms.is_empty() {
        policy = policy.algorithms(algorithms.iter().filter_map(|a| Algorithm::from_name(a)));
    }
    policy = demands.issuer.iter().fold(policy, Policy::issuer);
    policy = demands.audience.iter().fold(policy, Policy::audience);
    policy = demands.typ.iter().fold(policy, Policy::typ);
    policy = demands.require.iter().fold(policy, Policy::require);
    let allow = allow.iter().filter_map(|name| Relaxation::from_name(name));
    Some((token, keys, allow.fold(policy, Policy::allow)))
}

/// The stages at which an error of production may be shown.
fn places(error: &VerifyError) -> &'static [&'static str] {
    match error {
        VerifyError::Malformed(error) => match (error.part, &error.reason) {
            (Part::Token, _) => &["jwt.split"],
            (Part::Header, _) | (_, Reason::Header(_)) => &["jwt.decode.header"],
            (Part::Payload, _) => &["jwt.decode.payload"],
            (Part::Signature, _) => &["jwt.decode.signature"],
        },
        VerifyError::Key(_) => &["jwt.alg", "jwt.key"],
        VerifyError::Signature(_) => &["jwt.sig", "rsa", "hmac"],
        VerifyError::Claims(_) => &["jwt.claims"],
    }
}

fn within(id: &str, part: &str) -> bool {
    id.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[test]
fn every_token_of_the_suites_ends_as_production_says_and_where() {
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    let suites = vectors::embedded().unwrap();
    let questions = suites.iter().flat_map(|suite| &suite.cases).flat_map(|case| {
        case.questions.iter().map(|question| (case.id.as_str(), &question.request))
    });
    for (id, request) in questions {
        let Some((token, keys, policy)) = asked(request) else { continue };
        let trace = match explain::jwt::verify(token, &keys, &policy) {
            Ok(trace) => trace,
            Err(ExplainError::TooLong { bytes, .. }) => {
                assert!(bytes > MAX_MESSAGE_BYTES && bytes <= MAX_TOKEN_BYTES, "{id}");
                continue;
            }
            Err(error) => panic!("{id}: {error}"),
        };
        let place = match jose::verify(token, &keys, &policy) {
            Ok(_) => {
                assert_eq!(trace.end(), &End::Accepted, "{id}");
                "accepted"
            }
            Err(error) => assert_refused(id, &trace, &error),
        };
        *ends.entry(place).or_default() += 1;
        assert_presentable(id, &trace, &keys);
        for trace in signatures(token, &keys, &policy) {
            assert_presentable(id, &trace, &keys);
        }
    }
    // every end is met: a suite that is lost would be seen
    let least = BTreeMap::from([
        ("accepted", 15),
        ("jwt.split", 10),
        ("jwt.decode.header", 20),
        ("jwt.decode.payload", 2),
        ("jwt.decode.signature", 2),
        ("jwt.alg", 10),
        ("jwt.sig", 20),
        ("jwt.claims", 40),
    ]);
    for (place, least) in least {
        assert!(ends.get(place).is_some_and(|count| *count >= least), "{place}: {ends:?}");
    }
}

/// Where the trace says no, which must be where production did.
fn assert_refused(id: &str, trace: &Trace, error: &VerifyError) -> &'static str {
    let failed: Vec<&str> =
        trace.steps().filter(|(_, s)| s.failure().is_some()).map(|(_, s)| s.id.as_str()).collect();
    let places = places(error);
    assert!(!failed.is_empty(), "{id}");
    let is_there = |failed: &&str| places.iter().any(|place| within(failed, place));
    assert!(failed.iter().all(is_there), "{id}: {failed:?} but {error}");
    let reasons = match error {
        VerifyError::Claims(ClaimsError::Refused(checks)) => {
            checks.iter().filter_map(jose::Check::refusal).collect()
        }
        error => vec![error.to_string()],
    };
    assert_eq!(trace.end(), &End::Refused(reasons), "{id}");
    // of the stages behind nothing is shown; the verdict on refused claims says which
    let last = trace.steps().last().unwrap().1;
    assert!(last.failure().is_some() || matches!(error, VerifyError::Claims(_)), "{id}");
    places[0]
}

/// A trace for each signature of a token in any serialization.
fn signatures(token: &str, keys: &JwkSet, policy: &Policy) -> Vec<Trace> {
    let Ok(jws) = Jws::parse(token, policy.relaxations()) else { return vec![] };
    jws.signatures()
        .iter()
        .filter_map(|signature| explain::jwt::jws(&jws, signature, keys, policy).ok())
        .collect()
}

/// It fits a terminal, and does not give a secret away.
fn assert_presentable(id: &str, trace: &Trace, keys: &JwkSet) {
    let text = render::text(trace, Reveal::Masked);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{id}: {line}");
        assert!(!line.contains(char::is_control), "{id}: {line:?}");
    }
    let shown = render::json(trace, Reveal::Masked).to_string();
    for key in keys.keys() {
        let Material::Oct(key) = key.material() else { continue };
        let secret = key.secret().expose();
        // what is shorter may stand there by chance
        assert!(secret.len() < 8 || !shown.contains(&hex::encode(secret)), "{id}");
    }
}

#[test]
fn a_key_shows_nothing_of_its_private_part() {
    let rsa = include_str!("../vectors/keys/rfc7515-a2.jwk.json");
    let members: Value = serde_json::from_str(rsa).unwrap();
    let oct =
        r#"{"kty":"oct","kid":"a","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH"}"#;
    let oct_members: Value = serde_json::from_str(oct).unwrap();
    for (key, members, names) in
        [(rsa, &members, &["d", "p", "q", "dp", "dq", "qi"][..]), (oct, &oct_members, &["k"])]
    {
        let trace = explain::jwk::key(key).unwrap();
        for part in [Some(trace.clone()), trace.at("jwk.members"), trace.at("jwk.use")] {
            let part = part.unwrap();
            let text = render::text(&part, Reveal::Masked);
            let json = render::json(&part, Reveal::Masked).to_string();
            for name in names {
                let secret = members[*name].as_str().unwrap();
                let begin = &secret[..12];
                assert!(!text.contains(begin) && !json.contains(secret), "{name}");
            }
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
        let End::Value(thumbprint) = trace.end() else { panic!("{:?}", trace.end()) };
        let thumbprint = str::from_utf8(thumbprint).unwrap();
        let shown = |reveal| render::text(&trace, reveal).contains(thumbprint);
        // RFC 7638 §7: a secret's thumbprint lets a short one be guessed
        assert_eq!(shown(Reveal::Masked), members["kty"] != "oct");
        assert!(shown(Reveal::Secrets));
    }
    let broken = explain::jwk::key(r#"{"kty":"RSA","n":"AQAB"}"#).unwrap();
    assert_eq!(broken.end(), &End::Refused(vec!["\"e\" is missing".to_owned()]));
}

#[test]
fn a_set_shows_whom_a_token_meets() {
    let set = cases("rfc/rfc7517.json", "jwks")[0]["jwks"].to_string();
    let policy = Policy::at(0);
    let of = |kid, alg| explain::jwks::set(&set, kid, alg, &policy).unwrap();
    let met = of(Some("2011-04-29"), Some(Algorithm::Rs256));
    assert_eq!(met.end(), &End::Value(b"RSA key \"2011-04-29\"".to_vec()));
    let (_, row) = met.step("jwks.fit.0").unwrap();
    assert!(row.value("fits").unwrap().data.is(b"no: the token names another"));
    let missed = of(Some("2011-04-29"), Some(Algorithm::Hs256));
    let End::Refused(reasons) = missed.end() else { panic!("{:?}", missed.end()) };
    assert!(reasons[0].starts_with("no key for HS256 with kid"), "{reasons:?}");
    assert!(matches!(of(None, None).end(), End::Value(words) if words.ends_with(b"RS256")));
    assert!(matches!(
        explain::jwks::set("{}", None, None, &policy).unwrap().end(),
        End::Refused(_)
    ));
    for trace in [met, missed, of(None, None)] {
        let text = render::text(&trace, Reveal::Masked);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}

#[test]
fn a_rotation_in_the_right_order_refuses_no_token_that_is_valid() {
    let trace = explain::jwks::rotation().unwrap();
    let said = |moment: &str, name: &str| {
        let (_, step) = trace.step(&format!("jwks.rotation.{moment}")).unwrap();
        String::from_utf8(hex::decode(step.value(name).unwrap().hex()).unwrap()).unwrap()
    };
    for (moment, name, words) in [
        ("t1", "old token, cached set", "accepted"),
        ("t2", "new token, cached set", "refused: no key for RS256 with kid \"new\""),
        ("t3", "old token, cached set", "accepted"),
        ("t3", "new token, cached set", "accepted"),
        ("t4", "old token, fresh set", "refused: no key for RS256 with kid \"old\""),
        ("t5", "old token, cached set", "refused: claims refused; exp"),
        ("t6", "new token, cached set", "accepted"),
    ] {
        assert!(said(moment, name).starts_with(words), "{moment}: {}", said(moment, name));
    }
    let text = render::text(&trace, Reveal::Masked);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn the_line_breaks_that_were_signed_are_pointed_out() {
    let token = &cases("rfc/rfc7515.json", "jws")[0];
    let keys = JwkSet::from_file_contents(token["key"].to_string().as_bytes()).unwrap();
    let policy = Policy::at(1_300_819_379);
    let trace = explain::jwt::verify(token["compact"].as_str().unwrap(), &keys, &policy).unwrap();
    assert_eq!(trace.end(), &End::Accepted);
    for id in ["jwt.decode.header", "jwt.decode.payload"] {
        let remark = trace.step(id).unwrap().1.remark.as_deref().unwrap();
        assert!(remark.starts_with("CR LF (0d 0a)"), "{remark}");
    }
    let (_, exp) = trace.step("jwt.claims.exp").unwrap();
    assert!(exp.value("exp").unwrap().data.is(b"1300819380"));
    assert!(exp.value("now").unwrap().data.is(b"1300819379"));
}
