//! Inputs that mean harm: none of them panics, hangs, or reaches the terminal as it is.

use crate::support::{
    CLAIMS, Dir, NOW, bytes, command, hs256, jotlab, jotlab_in, public_set, rsa_named, run, token,
    unsigned, verify_hs, verify_key,
};
use jotlab::jose::Algorithm;
use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn no_control_character_of_a_token_reaches_the_terminal() {
    let evil = "\\u001b[31mred\\nline\\u009b7m\\u202e\\u007f";
    let tokens = [
        unsigned(&format!(r#"{{"alg":"{evil}"}}"#), "{}"),
        unsigned(&format!(r#"{{"alg":"HS256","kid":"{evil}"}}"#), "{}"),
        unsigned(&format!(r#"{{"alg":"HS256","crit":["{evil}"],"{evil}":1}}"#), "{}"),
        unsigned(&format!(r#"{{"alg":"HS256","{evil}":1,"{evil}":2}}"#), "{}"),
        hs256(&format!(r#"{{"iss":"{evil}","aud":"{evil}","{evil}":1,"exp":2000000300}}"#)),
        "\u{1b}[31m.\u{9b}.\u{7f}".to_owned(),
    ];
    for token in &tokens {
        for arguments in [&["decode", token][..], &["decode", "--json", token]] {
            is_clean(&jotlab(arguments).out);
        }
        for options in [&["--iss", "x", "--aud", "y", "--require", "z"][..], &["--json"]] {
            let run = verify_hs(token, options);
            is_clean(&run.out);
            is_clean(&run.err);
        }
    }
}

fn is_clean(text: &str) {
    let steering = text.chars().find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
    assert_eq!(steering, None, "{text:?}");
}

#[test]
fn random_bytes_are_refused_and_nothing_else() {
    let dir = Dir::new();
    for seed in 0..24 {
        let noise = bytes(seed, 1 << (seed % 14));
        let file = dir.file("noise", &noise);
        for arguments in [
            &["verify", "-", "--secret", "s3cret"][..],
            &["verify", "a.b.c", "--key", &file],
            &["verify", "a.b.c", "--jwks", &file],
            &["key", "show", &file],
            &["vectors", "run", &file],
        ] {
            let code = jotlab_in(arguments, &noise).code;
            assert!((2..=5).contains(&code), "{arguments:?} {code}");
        }
        assert!([0, 3].contains(&jotlab_in(&["decode"], &noise).code));
    }
}

#[test]
fn the_largest_token_and_set_are_taken_and_larger_ones_are_not() {
    let dir = Dir::new();
    let start = Instant::now();
    let claims = format!(r#"{{"exp":2000000300,"x":"{}"}}"#, "y".repeat(786_000 - 150));
    let large = hs256(&claims);
    assert!((1_000_000..1 << 20).contains(&large.len()), "{}", large.len());
    verify_hs(&dir.at("large", &large), &[]).exits(0);
    verify_hs(&dir.at("larger", hs256(&claims.repeat(2))), &[]).exits(3).says("more than 104857");
    // the numbers of a key differ only where its name does: 1,000 keys are quickly made
    let keys: Vec<_> = (0..1000).map(|i| rsa_named(&i.to_string())).collect();
    let set = dir.file("set", public_set(&keys));
    verify_key(&token(&keys[999], Algorithm::Rs256, CLAIMS), &set, &[]).exits(0);
    let more = dir.file("more", public_set(&[&keys[..], &keys[..1]].concat()));
    verify_key(&token(&keys[0], Algorithm::Rs256, CLAIMS), &more, &[]).exits(3).says("1001 keys");
    // no measure of speed, only that nothing hangs
    assert!(start.elapsed() < Duration::from_mins(1));
}

#[test]
#[cfg(target_os = "linux")]
fn a_reader_that_went_away_is_no_error_and_a_full_disk_is_one() {
    let token = hs256(CLAIMS);
    let arguments =
        ["verify", &token, "--secret", crate::support::SECRET, "--now", &NOW.to_string()];
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut full_disk = command(&arguments);
    let output = full_disk.stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write the result"));
    run(&mut command(&arguments), b"").exits(0);
}
