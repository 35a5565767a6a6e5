//! What few libraries have, beside perl's Digest::SHA: SHA-512/224 and SHA-512/256, and messages that do not
//! end with a whole byte.

use crate::tools::{bytes, is_there, run};
use jotlab::sha2::Algorithm::{self, Sha512_224, Sha512_256};
use jotlab::sha2::Hasher;
use jotlab::sha2::padding::LastBits;
use std::process::Command;

const SCRIPT: &str = r#"
while (my $line = <STDIN>) {
    chomp $line;
    my $message = pack("H*", $line);
    print sha512224_hex($message), " ", sha512256_hex($message), "\n";
}
"#;

const BITS_SCRIPT: &str = r#"
while (my $line = <STDIN>) {
    chomp $line;
    my ($algorithm, $bits, $hex) = split / /, $line;
    my $sha = Digest::SHA->new($algorithm);
    $sha->add_bits(pack("H*", $hex), $bits);
    print $sha->hexdigest, "\n";
}
"#;

#[test]
fn every_hash_agrees_for_every_number_of_bits_to_1100() {
    let perl = || {
        let mut command = Command::new("perl");
        command.arg("-MDigest::SHA");
        command
    };
    if !is_there("perl", perl().args(["-e", "1"])) {
        return;
    }
    let numbers = ["224", "256", "384", "512", "512224", "512256"];
    let mut lines = String::new();
    let mut ours = vec![];
    for (algorithm, number) in Algorithm::ALL.into_iter().zip(numbers) {
        for count in 0..=1100_usize {
            // the byte that is cut keeps its other bits: neither side may hash them
            let message = bytes(count as u64, count / 8 + 1);
            lines += &format!("{number} {count} {}\n", hex::encode(&message));
            let mut hasher = Hasher::new(algorithm);
            hasher.update(&message[..count / 8]);
            let last = LastBits::new(message[count / 8], (count % 8) as u8).unwrap();
            ours.push(hasher.finish_bits(last).to_string());
        }
    }
    let answer = String::from_utf8(run(perl().args(["-e", BITS_SCRIPT]), lines.as_bytes()));
    assert!(answer.unwrap().lines().eq(ours.iter().map(String::as_str)));
}

#[test]
fn the_truncated_sha512s_agree_at_every_length_to_300() {
    let perl = || {
        let mut command = Command::new("perl");
        command.arg("-MDigest::SHA=sha512224_hex,sha512256_hex");
        command
    };
    if !is_there("perl", perl().args(["-e", "1"])) {
        return;
    }
    let messages: Vec<Vec<u8>> = (0..=300).map(|length| bytes(length as u64, length)).collect();
    let lines: String = messages.iter().map(|message| hex::encode(message) + "\n").collect();
    let answer = run(perl().args(["-e", SCRIPT]), lines.as_bytes());
    let ours =
        messages.iter().map(|message| [Sha512_224, Sha512_256].map(|alg| alg.digest(message)));
    let answer = String::from_utf8(answer).unwrap();
    assert_eq!(answer.lines().count(), messages.len());
    for (line, ours) in answer.lines().zip(ours) {
        assert_eq!(line, ours.map(|digest| digest.to_string()).join(" "));
    }
}
