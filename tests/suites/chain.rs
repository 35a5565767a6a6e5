//! The Monte Carlo chain, in NIST's two forms and ACVP's two versions, beside a loop of our own.

use crate::samples::{cases, fault, other_hex, outcomes, whys};
use jotlab::sha2::Algorithm::{self, Sha256, Sha512_224};
use jotlab::vectors::{Answer, Chain, monte_carlo};

fn hash(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    algorithm.digest(message).as_bytes().to_vec()
}

/// SHAVS §6.4 in the fewest words: the last three digests are the next message.
pub(crate) fn round(algorithm: Algorithm, seed: &[u8], length: Option<usize>) -> Vec<u8> {
    let mut digests = vec![seed.to_vec(); 3];
    for _ in 0..1000 {
        let mut message = digests[digests.len() - 3..].concat();
        if let Some(length) = length {
            message.resize(length, 0);
        }
        digests.push(hash(algorithm, &message));
    }
    digests.pop().unwrap()
}

fn checkpoints(algorithm: Algorithm, seed: &[u8], count: usize) -> Vec<String> {
    let rounds = std::iter::successors(Some(seed.to_vec()), |md| Some(round(algorithm, md, None)));
    rounds.skip(1).take(count).map(hex::encode).collect()
}

fn file(algorithm: Algorithm, seed: &[u8], digests: &[String]) -> String {
    let head =
        format!("# CAVS 21.1\n# \"{algorithm} Monte\" information\n\n[L = {}]\n\n", seed.len());
    let records = digests.iter().enumerate();
    let records = records.map(|(count, md)| format!("COUNT = {count}\nMD = {md}\n\n"));
    format!("{head}Seed = {}\n\n{}", hex::encode(seed), records.collect::<String>())
}

#[test]
fn each_checkpoint_is_a_case_that_goes_on_from_the_one_before() {
    for (algorithm, seed) in [(Sha256, vec![0x6d; 32]), (Sha512_224, vec![0x2e; 28])] {
        let digests = checkpoints(algorithm, &seed, 4);
        assert_eq!(outcomes(&file(algorithm, &seed, &digests)), ["passed"; 4]);
        // one wrong digest: itself, and the one that goes on from it
        let mut wrong = digests.clone();
        wrong[1] = other_hex(&wrong[1]);
        assert_eq!(
            outcomes(&file(algorithm, &seed, &wrong)),
            ["passed", "failed", "failed", "passed"]
        );
    }
}

#[test]
fn digests_that_are_not_stated_are_skipped_and_so_is_what_goes_on_from_them() {
    let seed = [0x6d; 32];
    let mut digests = checkpoints(Sha256, &seed, 4);
    digests[1] = "?".to_owned();
    let text = file(Sha256, &seed, &digests);
    assert_eq!(outcomes(&text), ["passed", "skipped", "skipped", "passed"]);
    assert!(whys(&text)[1].contains("MD = ?"), "{:?}", whys(&text));
}

#[test]
fn the_text_beside_has_the_messages_of_some_steps() {
    let seed = [0x11; 32];
    let first = [seed; 3].concat();
    let step = format!(
        "\ti = 3\n\tM = {}\n\tMDi = {}\n\n",
        hex::encode(&first),
        hex::encode(hash(Sha256, &first))
    );
    let text = file(Sha256, &seed, &checkpoints(Sha256, &seed, 1));
    let text = text.replace("COUNT = 0\n", &format!("COUNT = 0\n{step}"));
    let found = cases(&text);
    let ids: Vec<&str> = found.iter().map(|case| &case.id[..]).collect();
    assert_eq!((ids, outcomes(&text)), (vec!["0.3", "0"], vec!["passed".to_owned(); 2]));
    assert_eq!(outcomes(&text.replace("M = 11", "M = 12")), ["failed", "passed"]);
    assert!(fault(&text.replace("\tM = ", "\tX = ")).contains("no M"));
}

#[test]
fn a_broken_chain_is_refused_at_its_line() {
    let seed = [0x6d; 32];
    let text = file(Sha256, &seed, &checkpoints(Sha256, &seed, 2));
    for (from, to, place, words) in [
        ("Seed = ", "#", "line 9", "MD before Seed"),
        ("COUNT = 1", "#", "line 12", "MD before COUNT"),
        ("COUNT = 0", "COUNT = 18446744073709551616", "line 8", "a number is expected"),
        ("COUNT = 0", "COUNT = -1", "line 8", "a number is expected"),
        ("[L = 32]\n", "", "line 8", "no section"),
    ] {
        let fault = fault(&text.replacen(from, to, 1));
        assert!(fault.contains(&format!("{place}: ")) && fault.contains(words), "{from}: {fault}");
    }
    let cut = &text[..text.rfind("MD = ").unwrap()];
    assert!(fault(cut).contains("line 11: the file ends before the MD of this COUNT"));
    let lost = text.replacen("MD = ", "#", 1);
    assert!(fault(&lost).contains("line 8: this COUNT has no MD"), "{}", fault(&lost));
}

#[test]
fn the_alternate_chain_keeps_the_length_of_the_first_seed() {
    for length in [1, 20, 32, 95, 96, 97, 200] {
        let seed = vec![0xa5; length];
        let first = round(Sha256, &seed, Some(length));
        let second = round(Sha256, &first, Some(length));
        let both = [first, second].concat();
        let found = monte_carlo(|m| hash(Sha256, m), &seed, Chain::Alternate, 2, 1000);
        assert_eq!(found, Answer::Output(both), "{length}");
    }
}
