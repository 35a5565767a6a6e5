//! Where values come from, what is wrong usage, and which exit code wins where several apply.

use crate::support::{
    CLAIMS, Dir, SECRET, command, hs256, jotlab, jotlab_in, public_pem, rsa, run, verify_hs,
};

#[test]
fn one_newline_at_the_end_of_a_file_or_stdin_is_no_part_of_a_token() {
    let (dir, good) = (Dir::new(), hs256(CLAIMS));
    for (end, code) in [("", 0), ("\n", 0), ("\n\n", 3), ("\r\n", 3), (" ", 3), (" \n", 3)] {
        let text = format!("{good}{end}");
        verify_hs(&dir.at("token", &text), &[]).exits(code);
        let options = ["--secret", SECRET, "--now", "2000000000"];
        jotlab_in(&[&["verify", "-"], &options[..]].concat(), &text).exits(code);
        jotlab_in(&[&["verify"], &options[..]].concat(), &text).exits(code);
        // an argument is taken as it is
        verify_hs(&text, &[]).exits(if end.is_empty() { 0 } else { 3 });
    }
    verify_hs(&dir.at("token", format!("\n{good}")), &[]).exits(3);
    verify_hs(&dir.at("token", b"\xff"), &[]).exits(3).says("offset 0");
}

#[test]
fn a_secret_has_these_forms() {
    let (dir, good) = (Dir::new(), hs256(CLAIMS));
    let verify = |secret: &str| {
        let all = ["verify", &good, "--now", "2000000000", "--secret", secret];
        run(command(&all).env("JOTLAB_TEST_SECRET", SECRET), b"")
    };
    verify(SECRET).exits(0);
    verify(&format!("hex:{}", hex::encode(SECRET))).exits(0);
    verify(&format!("hex:{}", hex::encode_upper(SECRET))).exits(0);
    verify(&format!("b64u:{}", jotlab::base64::encode_url(SECRET.as_bytes()))).exits(0);
    verify(&dir.at("secret", SECRET)).exits(0);
    verify("env:JOTLAB_TEST_SECRET").exits(0);
    // the newline of a file is a byte of the secret, as every other one is
    verify(&dir.at("newline", format!("{SECRET}\n"))).exits(1);
    verify(&format!("{SECRET} ")).exits(1);
    verify("env:JOTLAB_NO_SUCH_NAME").exits(2).says("JOTLAB_NO_SUCH_NAME");
    verify("@/does/not/exist").exits(2);
    verify("hex:0").exits(3);
    verify("hex:zz").exits(3);
    verify("b64u:A").exits(3);
    verify("b64u:AA==").exits(3);
    let stdin = ["verify", &good, "--now", "2000000000", "--secret", "-"];
    jotlab_in(&stdin, SECRET).exits(0);
    // no run shows it
    for text in [verify("hex:0").err, verify(&format!("{SECRET} ")).out] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_key_may_come_from_stdin() {
    let token =
        jotlab_in(&["sign", "--key", "-", "--claims", CLAIMS], rsa().to_value().to_string());
    let token = token.exits(0).out;
    let all = ["verify", token.trim_end(), "--now", "2000000000", "--key", "-"];
    jotlab_in(&all, public_pem(&rsa())).exits(0);
    jotlab_in(&["sign", "--secret", SECRET, "--claims", "-"], CLAIMS).exits(0);
}

#[test]
fn wrong_usage_is_two() {
    let good = hs256(CLAIMS);
    for arguments in [
        &["verify", &good][..],
        &["verify", &good, "--secret", SECRET, "--key", "x"],
        &["verify", &good, "--secret", SECRET, "--jwks", "x"],
        &["verify", &good, "--key", "x", "--jwks", "x"],
        &["verify", &good, "--secret", SECRET, "--bogus"],
        &["verify", &good, &good, "--secret", SECRET],
        &["verify", &good, "--secret", SECRET, "--allow", "all"],
        &["verify", &good, "--secret", SECRET, "--signatures", "some"],
        &["verify", &good, "--secret", SECRET, "--alg", "hs256"],
        &["verify", &good, "--secret", SECRET, "--now"],
        &["verify", &good, "--jwks", "ftp://issuer.example/jwks"],
        &["verify", "@/does/not/exist", "--secret", SECRET],
        &["verify", &good, "--key", "/does/not/exist"],
        &["verify", &good, "--key", "."],
        &["sign", "--secret", SECRET],
        &["sign", "--claims", CLAIMS],
        &["sign", "--secret", SECRET, "--claims", CLAIMS, "--payload", "x"],
        &["sign", "--secret", SECRET, "--payload", "x", "--iss", "y"],
        &["sign", "--secret", SECRET, "--claims", "@/does/not/exist"],
        &["sign", "--secret", SECRET, "--exp", "soon"],
        &["sign", "--secret", SECRET, "--claims", CLAIMS, "--header", "typ"],
        &["sign", "--secret", SECRET, "--claims", CLAIMS, "--header", "typ=JWT"],
        &["sign", "--secret", SECRET, "--claims", CLAIMS, "--header", r#"alg="none""#],
        &["decode", "a", "b"],
        &["nonsense"],
        &["vectors"],
        &["vectors", "show"],
        &["vectors", "show", "no such case"],
    ] {
        let run = jotlab(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
    }
    jotlab(&["sign", "--secret", SECRET, "--claims", "{"]).exits(3);
    jotlab(&["sign", "--secret", SECRET, "--claims", "[]"]).exits(3);
}

#[test]
fn two_before_three_before_five_before_one_before_four() {
    let dir = Dir::new();
    let broken_key = dir.file("broken.pem", "-----BEGIN PUBLIC KEY-----\n");
    let key_as_secret = dir.at("public.pem", public_pem(&rsa()));
    let expired = hs256(r#"{"exp":1}"#);
    let bad = expired[..expired.len() - 4].to_owned() + "AAAA";
    for (arguments, exit) in [
        (["verify", "@/does/not/exist", "--key", &broken_key], 2),
        (["verify", "@/does/not/exist", "--secret", &key_as_secret], 2),
        (["verify", "x", "--key", &broken_key], 3),
        (["verify", "x", "--secret", &key_as_secret], 3),
        (["verify", "x", "--secret", "short"], 3),
        (["verify", &bad, "--secret", "short"], 5),
        (["verify", &bad, "--secret", SECRET], 1),
        (["verify", &expired, "--secret", SECRET], 4),
    ] {
        let run = jotlab(&arguments);
        assert_eq!(run.code, exit, "{arguments:?}\n{}{}", run.out, run.err);
    }
    jotlab(&["verify", "x", "--key", &broken_key, "--now", "soon"]).exits(2);
    jotlab(&["verify", "x", "--secret", &key_as_secret, "--leeway", "soon"]).exits(2);
    jotlab(&["verify", "x", "--secret", SECRET, "--payload", "/does/not/exist"]).exits(2);
}
