//! RSA with numbers that fit on paper.

use super::*;

fn decimal(trace: &Trace, id: &str, name: &str) -> u64 {
    u64::from_str_radix(&shows(trace, id, name), 16).unwrap()
}

#[test]
fn the_textbook_example() {
    let trace = rsa::toy(61, 53, 17, 65).unwrap();
    assert_eq!(decimal(&trace, "toy.n", "n"), 3233);
    assert_eq!(decimal(&trace, "toy.lambda", "λ(n)"), 780);
    assert_eq!(decimal(&trace, "toy.d", "d"), 413);
    assert_eq!(decimal(&trace, "toy.c.mul", "value"), 2790);
    assert_eq!(decimal(&trace, "toy.back.mul5", "value"), 65);
    assert_eq!(decimal(&trace, "toy.m", "m = m2 + q · h"), 65);
}

#[test]
fn small_keys_come_back_to_every_message() {
    for (p, q, e) in [(3, 11, 3), (3, 5, 5), (5, 3, 3), (7, 11, 13)] {
        for m in 0..p * q {
            let trace = rsa::toy(p, q, e, m).unwrap();
            assert_eq!(decimal(&trace, "toy.m", "m = m2 + q · h"), m, "{p} {q} {e} {m}");
        }
    }
    // the whole table where it is short
    assert!(rsa::toy(3, 11, 3, 4).unwrap().step("toy.all.32").is_some());
    assert!(rsa::toy(7, 11, 13, 4).unwrap().step("toy.all.0").is_none());
}

#[test]
fn the_largest_toy() {
    let trace = rsa::toy(4294967291, 4294967279, 65537, 4294967295).unwrap();
    assert_eq!(decimal(&trace, "toy.m", "m = m2 + q · h"), 4294967295);
}

#[test]
fn numbers_that_break_a_rule_are_told_which() {
    for ([p, q, e, m], why) in [
        ([62, 53, 17, 65], "p = 62 is not a prime (RFC 8017 §3.1)"),
        ([61, 1, 17, 65], "q = 1 is not a prime (RFC 8017 §3.1)"),
        ([0, 53, 17, 65], "p = 0 is not a prime (RFC 8017 §3.1)"),
        ([61, 2, 17, 65], "q = 2: the primes must be odd (RFC 8017 §3.1)"),
        ([53, 53, 17, 65], "p = q = 53: the primes must be distinct (RFC 8017 §3.1)"),
        ([61, 53, 18, 65], "e = 18 must be odd, 3 or more, and below n (RFC 8017 §3.1)"),
        ([61, 53, 1, 65], "e = 1 must be odd, 3 or more, and below n (RFC 8017 §3.1)"),
        ([61, 53, 0, 65], "e = 0 must be odd, 3 or more, and below n (RFC 8017 §3.1)"),
        ([61, 53, 65537, 65], "e = 65537 must be odd, 3 or more, and below n (RFC 8017 §3.1)"),
        (
            [61, 53, 3, 65],
            "e = 3 and λ(n) = 780 have a common factor: e cannot be undone (RFC 8017 §3.1)",
        ),
        ([61, 53, 17, 3233], "m = 3233 is not below n = 3233 (RFC 8017 §5.2.1 step 1)"),
        ([1 << 32, 53, 17, 65], "p has 33 bits, a toy has 32 at most"),
        ([61, 53, 17, u64::MAX], "m has 64 bits, a toy has 32 at most"),
    ] {
        let error = rsa::toy(p, q, e, m).unwrap_err().to_string();
        assert_eq!(error, why);
    }
}

/// The command: what it prints, and how it ends.
#[cfg(feature = "cli")]
#[test]
fn explain_rsa_ends_with_the_exit_of_its_trace() {
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jotlab"));
        let done = command.arg("explain").args(arguments).output().unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap())
    };
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/keys/rfc7515-a2.jwk.json");
    let (code, out) = run(&["rsa-toy"]);
    assert!(code == 0 && out.contains("n  3233") && out.ends_with("= 65\n"), "{out}");
    assert_eq!(run(&["rsa-toy", "p=61", "e=4"]).0, 2);
    assert_eq!(run(&["rsa-toy", "x=61"]).0, 2);
    let (code, json) = run(&["rsa-sign", "--key", key, "--json", "hello"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let signature = format!("hex:{}", json["end"]["hex"].as_str().unwrap());
    assert_eq!(code, 0);
    let verify = |message| run(&["rsa-verify", "--key", key, "--signature", &signature, message]);
    let (code, out) = verify("hello");
    assert!(code == 0 && out.ends_with("= accepted\n"), "{out}");
    let (code, out) = verify("hello!");
    let why = "    padding, OID right, hash differs: the message was changed (RFC 8017 §8.2.2)\n";
    assert!(code == 1 && out.contains(why), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    // an algorithm of the other family has no RSA key
    assert_eq!(run(&["rsa-sign", "--key", key, "--alg", "HS256", "hello"]).0, 5);
}
