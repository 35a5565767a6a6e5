//! SHA-512/224 and SHA-512/256, which few libraries have, beside perl's Digest::SHA.

use crate::tools::{bytes, is_there, run};
use jotlab::sha2::Algorithm::{Sha512_224, Sha512_256};
use std::process::Command;

const SCRIPT: &str = r#"
while (my $line = <STDIN>) {
    chomp $line;
    my $message = pack("H*", $line);
    print sha512224_hex($message), " ", sha512256_hex($message), "\n";
}
"#;

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
