//! The traces of RSA: they show the standards' figures, end as production does on every embedded case, and
//! say why a bad signature is bad.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bad_codes;
mod bad_signatures;
mod toy;

use jotlab::explain::{End, Trace, diagnosis, rsa};
use jotlab::rsa::pkcs1v15::{self, BadSignature};
use jotlab::rsa::{Components, PrivateKey, PublicKey};
use jotlab::sha2::Algorithm;
use jotlab::vectors::{self, Request, RsaPrivate};
use serde_json::Value;

/// The figures of a file of `vectors/`, as they stand there.
fn figures(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_slice(vectors::embedded_file(file).unwrap().bytes).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// What is asked by the cases of the files with this beginning.
fn requests(beginning: &str) -> Vec<(String, Request)> {
    let files = vectors::FILES.iter().filter(|file| file.name.starts_with(beginning));
    let suites = files.map(|file| (file.name, file.read().unwrap()));
    suites
        .flat_map(|(name, suite)| {
            suite.cases.into_iter().flat_map(move |case| {
                let id = format!("{name} {}", case.id);
                case.questions.into_iter().map(move |asked| (id.clone(), asked.request))
            })
        })
        .collect()
}

fn private(key: &RsaPrivate) -> PrivateKey {
    let (n, e, d) = (key.n.clone(), key.e.clone(), key.d.clone());
    match key.primes.clone() {
        None => PrivateKey::from_exponents(n, e, d).unwrap(),
        Some([p, q, dp, dq, qi]) => {
            PrivateKey::new(&Components { n, e, d, p, q, dp, dq, qi }).unwrap()
        }
    }
}

#[track_caller]
fn shows(trace: &Trace, id: &str, name: &str) -> String {
    let (_, step) = trace.step(id).unwrap_or_else(|| panic!("no step {id}"));
    step.value(name).unwrap_or_else(|| panic!("no {name} in {id}")).hex()
}

/// The remark of the only step that fails.
fn remark(trace: &Trace) -> (String, String) {
    let (_, step) = trace.steps().find(|(_, step)| step.failure().is_some()).unwrap();
    (step.id.clone(), step.remark.clone().unwrap())
}

#[test]
fn signatures_of_the_rfcs_show_the_figures() {
    let asked = requests("rfc/rfc8017.json");
    let mut compared = 0;
    for figure in figures("rfc/rfc8017.json") {
        let id = figure["id"].as_str().unwrap();
        let found = asked.iter().find(|(name, _)| name.ends_with(&format!(" {id}")));
        let Some((_, Request::RsaSign { hash, key, message })) = found else { continue };
        let trace = rsa::sign(&private(key), *hash, message).unwrap();
        assert_eq!(shows(&trace, "rsa.s", "S"), figure["sig"].as_str().unwrap(), "{id}");
        for (step, value, stated) in [
            ("rsa.digest", "H", "digest"),
            ("rsa.digestinfo", "T", "digestinfo"),
            ("rsa.em", "EM", "em"),
            ("rsa.crt.m1", "m1", "m1"),
            ("rsa.crt.m2", "m2", "m2"),
            ("rsa.crt.h", "h", "h"),
        ] {
            if let Some(stated) = figure["steps"][stated].as_str() {
                let shown = shows(&trace, step, value);
                assert_eq!(shown.trim_start_matches('0'), stated.trim_start_matches('0'), "{id}");
                compared += 1;
            }
        }
    }
    // RFC 7515 A.2 and RFC 7520 4.1 are among them
    assert!(compared > 60, "{compared}");
}

#[test]
fn the_block_of_rfc_7515_is_shown_field_by_field() {
    let asked = requests("rfc/rfc8017.json");
    let (_, request) = asked.iter().find(|(id, _)| id.ends_with(" RFC7515-A.2")).unwrap();
    let Request::RsaSign { hash, key, message } = request else { panic!("{request:?}") };
    let key = private(key);
    let trace = rsa::sign(&key, *hash, message).unwrap();
    let (_, em) = trace.step("rsa.em").unwrap();
    let digest = "c88a34847b4ffb12a9326e540f144b3dcc4d5515f18701e7d6e0ee7866c9c705";
    for (field, hex) in [
        ("start, type", "0001"),
        ("PS", &"ff".repeat(202)),
        ("separator", "00"),
        ("name", "3031300d060960864801650304020105000420"),
        ("H", digest),
    ] {
        assert_eq!(em.value(field).unwrap().hex(), hex, "{field}");
    }
    let remark = "00 01 | ff × 202 | 00 | 19 bytes of DigestInfo | c88a3484…66c9c705";
    assert_eq!(em.remark.as_deref(), Some(remark));
    for (offset, hex) in [
        (0, "3031"),
        (2, "300d"),
        (4, "0609608648016503040201"),
        (15, "0500"),
        (17, "0420"),
        (19, digest),
    ] {
        assert_eq!(shows(&trace, &format!("rsa.digestinfo.{offset}"), "bytes"), hex);
    }
    let End::Value(signature) = trace.end() else { panic!("{:?}", trace.end()) };
    let trace = rsa::verify(key.public(), *hash, message, signature).unwrap();
    assert_eq!(trace.end(), &End::Accepted);
    assert!((1..=16).all(|i| trace.step(&format!("rsa.sqr{i}")).is_some()));
    assert!(trace.step("rsa.sqr17").is_none());
    let last = shows(&trace, "rsa.mul", "x");
    assert_eq!(format!("00{last}"), shows(&trace, "rsa.recovered", "EM′"));
}

/// What gives a key away is masked: nothing public of a trace holds a half or a prime.
#[test]
fn halves_and_primes_are_secret() {
    let key = PrivateKey::generate(512).unwrap();
    let trace = rsa::sign(&key, Algorithm::Sha256, b"message").unwrap();
    let parts = key.components();
    let secrets = [&parts.p, &parts.q, &parts.dp, &parts.dq, &parts.qi, &parts.d];
    let m = |id: &str, name: &str| hex::decode(shows(&trace, id, name)).unwrap();
    let halves = [m("rsa.crt.m1", "m1"), m("rsa.crt.m2", "m2"), m("rsa.crt.h", "h")];
    let text = jotlab::explain::render::json(&trace, jotlab::explain::render::Reveal::Masked);
    let text = text.to_string();
    for secret in secrets.map(num_bigint::BigUint::to_bytes_be).iter().chain(&halves) {
        let number = num_bigint::BigUint::from_bytes_be(secret).to_string();
        assert!(!text.contains(&hex::encode(secret)) && !text.contains(&number));
    }
    let shown = jotlab::explain::render::json(&trace, jotlab::explain::render::Reveal::Secrets);
    assert!(shown.to_string().contains(&parts.p.to_string()));
}

#[track_caller]
fn ends_as_production(id: &str, key: &PublicKey, hash: Algorithm, [message, s]: [&[u8]; 2]) {
    let trace = rsa::verify(key, hash, message, s).unwrap();
    let diagnosis = diagnosis::rsa(key, hash, message, s).map(|why| why.to_string());
    if pkcs1v15::verify(key, &hash.digest(message), s).is_ok() {
        assert_eq!((trace.end(), diagnosis), (&End::Accepted, None), "{id}");
        return;
    }
    assert_eq!(trace.end(), &End::Refused(vec![BadSignature.to_string()]), "{id}");
    let (failed, remark) = remark(&trace);
    assert_eq!(Some(&remark), diagnosis.as_ref(), "{id} {failed}");
    assert_eq!(trace.steps().last().unwrap().1.id, failed, "{id}");
    assert!(remark.contains(" (RFC 8017 §") && remark.ends_with(')'), "{id}: {remark}");
}

#[test]
fn every_embedded_verification_ends_as_production_does() {
    let (mut seen, mut refused) = (0, 0);
    let all = ["rfc/rfc8017", "cavp/SigVer15", "wycheproof/rsa_signature"].map(requests).concat();
    for (i, (id, request)) in all.iter().enumerate() {
        let Request::RsaVerify { hash, n, e, message, signature } = request else { continue };
        // a long modulus takes its time: every eighth
        if n.bits() > 3072 && i % 8 != 0 {
            continue;
        }
        let Ok(key) = PublicKey::new(n.clone(), e.clone()) else { continue };
        ends_as_production(id, &key, *hash, [message, signature]);
        seen += 1;
        refused += usize::from(diagnosis::rsa(&key, *hash, message, signature).is_some());
    }
    assert!(seen > 2500 && refused > 2000, "{seen} {refused}");
}

#[test]
fn a_long_exponent_is_not_shown_squaring_by_squaring() {
    let key = PrivateKey::generate(512).unwrap().components();
    let odd = PrivateKey::from_exponents(key.n.clone(), key.d.clone(), key.e.clone()).unwrap();
    let s = pkcs1v15::sign(&odd, &Algorithm::Sha256.digest(b"m")).unwrap();
    let trace = rsa::verify(odd.public(), Algorithm::Sha256, b"m", &s).unwrap();
    assert_eq!(trace.end(), &End::Accepted);
    assert!(trace.step("rsa.power").is_some() && trace.step("rsa.sqr1").is_none());
}

#[test]
fn a_modulus_without_room_fails_at_its_block() {
    let key = PrivateKey::generate(512).unwrap();
    assert!(rsa::sign(&key, Algorithm::Sha512, b"m").is_err());
    let s = [1; 64];
    let trace = rsa::verify(key.public(), Algorithm::Sha512, b"m", &s).unwrap();
    let why = "the modulus has 64 bytes, this hash needs 94 (RFC 8017 §9.2)";
    assert_eq!(remark(&trace), ("rsa.em".to_owned(), why.to_owned()));
}
