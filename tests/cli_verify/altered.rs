//! One character changed anywhere: no such token is accepted, nor does it come as far as its claims.

use crate::support::{
    CLAIMS, Dir, SECRET, jotlab, jotlab_in, public_pem, rsa, secret, token, verify_hs,
};
use jotlab::jose::{Algorithm, Jwk};
use serde_json::Value;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// What no token has: the standard alphabet's two letters, padding, blanks, and others.
const NO_LETTERS: &[u8] = b"+/=. \t*~\x00\x7f\"";

/// Every token with one character changed to another letter, and then to no letter.
fn altered(token: &str) -> Vec<String> {
    let mut all = vec![];
    for (index, found) in token.bytes().enumerate() {
        let place = LETTERS.iter().position(|letter| *letter == found).unwrap_or(0);
        let near = LETTERS[place ^ 1];
        let far = LETTERS[(place + 37) % 64];
        let no_letter = NO_LETTERS[index % NO_LETTERS.len()];
        for byte in [near, far, no_letter, b'\r'] {
            if byte != found {
                let mut changed = token.to_owned().into_bytes();
                changed[index] = byte;
                all.push(String::from_utf8(changed).unwrap());
            }
        }
    }
    all
}

fn options<'a>(option: &'a str, key: &'a str) -> [&'a str; 5] {
    ["--now", "2000000000", "--json", option, key]
}

fn assert_all_refused(good: &str, [option, key]: [&str; 2]) {
    let changed = altered(good);
    let lines = changed.join("\n") + "\n" + good + "\n";
    let batch = [&["verify", "-", "--batch"][..], &options(option, key)].concat();
    let run = jotlab_in(&batch, lines);
    let exits: Vec<u64> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["exit"].as_u64().unwrap())
        .collect();
    assert_eq!(exits.len(), changed.len() + 1);
    assert_eq!(exits.last(), Some(&0), "the token itself is good");
    for (exit, changed) in exits.iter().zip(&changed) {
        assert!([1, 3, 5].contains(exit), "{exit}: {changed}");
        // the same verdict alone; not all of them, which would take minutes
        if changed.len() > 400 && changed.bytes().map(usize::from).sum::<usize>() % 97 == 0 {
            let alone = [&["verify", changed][..], &options(option, key)].concat();
            // an argument can't hold a zero byte
            if !changed.contains('\0') {
                assert_eq!(jotlab(&alone).code.unsigned_abs(), *exit as u32, "{changed}");
            }
        }
    }
}

#[test]
fn an_rsa_token_is_refused_with_any_character_changed() {
    let dir = Dir::new();
    let key = dir.file("public.pem", public_pem(&rsa()));
    let named: Jwk = crate::support::rsa_named("a");
    for (signer, algorithm) in [(rsa(), Algorithm::Rs256), (named, Algorithm::Rs512)] {
        assert_all_refused(&token(&signer, algorithm, CLAIMS), ["--key", &key]);
    }
}

#[test]
fn an_hmac_token_is_refused_with_any_character_changed() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        assert_all_refused(&token(&secret(), algorithm, CLAIMS), ["--secret", SECRET]);
    }
}

#[test]
fn a_character_more_or_less_is_refused() {
    let good = token(&secret(), Algorithm::Hs256, CLAIMS);
    verify_hs(&good, &[]).exits(0);
    let shorter = (0..good.len()).map(|index| good[..index].to_owned() + &good[index + 1..]);
    let longer = (0..=good.len()).map(|index| good[..index].to_owned() + "A" + &good[index..]);
    let lines: Vec<String> = shorter.chain(longer).filter(|line| *line != good).collect();
    let run = jotlab_in(
        &[&["verify", "-", "--batch"][..], &options("--secret", SECRET)].concat(),
        lines.join("\n"),
    );
    assert_eq!(run.out.lines().count(), lines.len());
    for line in run.out.lines() {
        let exit = serde_json::from_str::<Value>(line).unwrap()["exit"].as_u64().unwrap();
        assert!([1, 3, 5].contains(&exit), "{line}");
    }
}
