//! NIST's `.rsp` and `.txt`: hashes, codes, signatures.

use crate::samples::{cases, fault, not_run, other_hex, outcomes, rsa, whys};
use crate::tools::{bytes, is_there, run};
use jotlab::hmac::Hmac;
use jotlab::rsa::pkcs1v15;
use jotlab::sha2::Algorithm::{self, Sha256, Sha384, Sha512_256};
use jotlab::vectors::Label;
use std::process::Command;

const HEAD: &str = "#  CAVS 11.0\n#  \"SHA-256 ShortMsg\" information\n\n[L = 32]\n\n";

fn digest(hash: Algorithm, message: &[u8]) -> String {
    hash.digest(message).to_string()
}

#[test]
fn the_length_has_the_word_and_line_ends_and_cases_do_not_matter() {
    let (empty, abc) = (digest(Sha256, b""), digest(Sha256, b"abc"));
    let records =
        format!("Len = 0\nMsg = 00\nMD = {empty}\n\nLen = 24\nMsg = 616263\nMD = {abc}\n");
    let plain = format!("{HEAD}{records}");
    for text in [
        plain.clone(),
        plain.replace('\n', "\r\n"),
        plain.replace(&abc, &abc.to_uppercase()),
        plain.replace('\n', "   \n"),
        // records without a blank line between, and a file without a newline at its end
        plain.replace("\n\nLen = 24", "\nLen = 24").trim_end().to_owned(),
        plain.replace("[L = 32]", "[L=32]"),
        plain.replace(" = ", "="),
    ] {
        assert_eq!(outcomes(&text), ["passed", "passed"], "{text}");
    }
    assert_eq!(outcomes(&plain.replace(&abc, &other_hex(&abc))), ["passed", "failed"]);
    // a second section in one file, and one of a hash that is not here
    let more = format!("{plain}\n[L = 48]\n\nLen = 8\nMsg = 61\nMD = {}\n", digest(Sha384, b"a"));
    assert_eq!(outcomes(&more), ["passed"; 3]);
    let more = format!("{plain}\n[L = 20]\nLen = 8\nMsg = 61\nMD = {}\n", "00".repeat(20));
    assert_eq!(whys(&more)[2], "SHA-1: not part of jotlab");
    // 32 bytes are those of two hashes: the comment tells which
    let other = plain.replace("SHA-256", "SHA-512/256");
    assert_eq!(outcomes(&other), ["failed", "failed"]);
    let other = other.replace(&abc, &digest(Sha512_256, b"abc"));
    assert_eq!(outcomes(&other), ["failed", "passed"]);
}

#[test]
fn a_broken_file_of_hashes_is_refused_at_its_line() {
    let record = format!("Len = 24\nMsg = 616263\nMD = {}\n", digest(Sha256, b"abc"));
    let text = format!("{HEAD}{record}\n{record}");
    assert_eq!(outcomes(&text), ["passed", "passed"]);
    let second = |from: &str, to: &str| {
        let at = text.rfind(from).unwrap();
        format!("{}{to}{}", &text[..at], &text[at + from.len()..])
    };
    for (broken, place, words) in [
        (second("MD = ", "#"), "line 10", "ends before the MD"),
        (second("Msg = 616263\n", ""), "line 11", "no Msg"),
        (second("Len = 24\n", ""), "line 11", "no Len"),
        (second("616263", "61626"), "line 11", "Odd number of digits"),
        (second("616263", "6162"), "line 11", "Msg has 2 bytes, Len says 24 bits"),
        (second("24", "18446744073709551615"), "line 11", "Len says 18446744073709551615 bits"),
        (second("24", "18446744073709551616"), "line 10", "a number is expected"),
        (second("24", "-24"), "line 10", "a number is expected"),
        (second("24", "1e999"), "line 10", "a number is expected"),
        (second("24", "NaN"), "line 10", "a number is expected"),
        (second("MD = ", "MD = 00"), "line 12", "MD has 33 bytes, a digest of SHA-256 32"),
        (second("MD = ", "Msg = "), "line 12", "Msg again"),
        (second("Len", "[Len"), "line 10", "no closing ]"),
        (second("Len = ", "Len "), "line 10", "neither a comment, a section nor K = V"),
        (text.replace("[L = 32]\n", ""), "line 7", "no section"),
        (text.replace("[L = 32]", "[mod = 32]"), "line 4", "a section mod in a file of SHA"),
        (text.replace("[L = 32]", "[L = x]"), "line 4", "a number is expected"),
    ] {
        let fault = fault(&broken);
        assert!(
            fault.contains(&format!("{place}: ")) && fault.contains(words),
            "{fault}\n{broken}"
        );
    }
    // cut anywhere, it is either refused or has one case less: never two
    for end in HEAD.len()..text.len() - 2 {
        let whole = matches!(crate::samples::read(&text[..end]),
            Ok(jotlab::vectors::Contents::Suite(suite)) if suite.cases.len() > 1);
        assert!(!whole, "{}", &text[..end]);
    }
}

#[test]
fn texts_of_others_are_not_taken_for_broken_files_of_nist() {
    let record = format!("Len = 24\nMsg = 616263\nMD = {}\n", digest(Sha256, b"abc"));
    for text in [&record[..], "# a comment\nK = V\n", "A readme.\nIt has = in it.\n", "x"] {
        assert!(!not_run(text).is_empty());
    }
    let of = |comment: &str| not_run(&format!("# CAVS 11.0\n# \"{comment}\"\n\n[mod = 1024]\n"));
    assert_eq!(of("SigVer PKCS#1 RSASSA-PSS"), "RSASSA-PSS: not yet");
    assert_eq!(of("SigGen RSA (X9.31)"), "ANSI X9.31: not part of jotlab");
    assert_eq!(of("SHA3-256 ShortMsg"), "SHA-3: not part of jotlab");
    assert_eq!(not_run("  \n "), "the file is empty");
    assert_eq!(outcomes(&format!("[L = 32]\n{record}")), ["passed"]);
    let signatures = not_run("[mod = 1024]\nn = 01\nSHAAlg = SHA256\nS = 00\n");
    assert!(signatures.contains("first comment"), "{signatures}");
}

/// Bit-oriented files: the last byte counts from its top. perl's Digest::SHA is the judge.
#[test]
fn messages_of_any_number_of_bits_are_hashed_as_perl_does() {
    const SCRIPT: &str = "while (<STDIN>) { chomp; my ($bits, $hex) = split / /;\
        print Digest::SHA->new(256)->add_bits(pack('H*', $hex), $bits)->hexdigest, qq(\\n) }";
    let perl = || {
        let mut perl = Command::new("perl");
        perl.arg("-MDigest::SHA");
        perl
    };
    if !is_there("perl", perl().args(["-e", "1"])) {
        return;
    }
    let messages: Vec<(usize, String)> = [1, 2, 5, 7, 9, 15, 447, 448, 449, 511, 513, 1023]
        .map(|bits: usize| (bits, hex::encode(bytes(bits as u64, bits.div_ceil(8)))))
        .into();
    let lines: String = messages.iter().map(|(bits, hex)| format!("{bits} {hex}\n")).collect();
    let answers = String::from_utf8(run(perl().args(["-e", SCRIPT]), lines.as_bytes())).unwrap();
    let records = messages.iter().zip(answers.lines());
    let records =
        records.map(|((bits, hex), md)| format!("Len = {bits}\nMsg = {hex}\nMD = {md}\n\n"));
    let text = HEAD.to_owned() + &records.collect::<String>();
    assert_eq!(outcomes(&text), vec!["passed"; messages.len()]);
}

#[test]
fn codes_have_their_lengths_in_bytes() {
    let tag = Hmac::new(Sha256, &[7; 3]).mac(b"abc").to_vec();
    let record = |length: usize, tag: &str| {
        format!("Count = 0\nKlen = 3\nTlen = {length}\nKey = 070707\nMsg = 616263\nMac = {tag}\n\n")
    };
    let whole = hex::encode(&tag);
    let text = format!(
        "# CAVS 11.0\n# HMAC information\n\n[L=32]\n\n{}{}[L=20]\n\n{}",
        record(32, &whole),
        record(16, &whole[..32]),
        record(10, &whole[..20])
    );
    // counted anew in each section: the ids are not the counts
    let cases = cases(&text);
    assert_eq!(
        cases.iter().map(|c| &c.outcome[..]).collect::<Vec<_>>(),
        ["passed", "passed", "skipped"]
    );
    assert_eq!(cases.iter().map(|c| &c.id[..]).collect::<Vec<_>>(), ["1", "2", "3"]);
    let wrong = text.replace(&record(16, &whole[..32]), &record(16, &other_hex(&whole[..32])));
    assert_eq!(outcomes(&wrong), ["passed", "failed", "skipped"]);
    for (from, to, words) in [
        ("Klen = 3", "Klen = 4", "Key has 3 bytes, Klen says 4"),
        ("Tlen = 16", "Tlen = 15", "Mac has 16 bytes, Tlen says 15"),
        ("Klen = 3\n", "", "no Klen"),
        ("[L=32]\n", "", "no section"),
        ("Tlen = 16", "Tlen = -16", "a number is expected"),
    ] {
        assert!(fault(&text.replacen(from, to, 1)).contains(words), "{from}");
    }
    // a code of no bytes, or of more than there are, proves nothing
    for (length, tag) in [(0, String::new()), (33, format!("{whole}00"))] {
        assert!(fault(&text.replace(&record(32, &whole), &record(length, &tag))).contains("Tlen"));
    }
}

fn rsa_file(kind: &str, body: &str) -> String {
    let key = rsa().components();
    format!(
        "# CAVS 11.4\n# \"{kind} PKCS#1 Ver 1.5\" information\n\n[mod = 2048]\n\nn = {:x}\n{body}",
        key.n
    )
}

fn signature(message: &[u8]) -> String {
    hex::encode(pkcs1v15::sign(rsa(), &Sha256.digest(message)).unwrap())
}

#[test]
fn a_signature_is_judged_by_the_first_letter_and_with_the_key_before_it() {
    let e = format!("{:0>256x}", rsa().components().e);
    let good = signature(b"abc");
    let record = |sig: &str, result: &str| {
        format!("\nSHAAlg = SHA256\ne = {e}\nMsg = 616263\nS = {sig}\nResult = {result}\n")
    };
    let body = record(&good, "P ")
        + &record(&other_hex(&good), "F (3 - Signature changed )")
        + &record(&good, "F (4 - Padding changed )")
        + &record(&other_hex(&good), "P");
    let text = rsa_file("SigVer", &body);
    let found = cases(&text);
    let words: Vec<&str> = found.iter().map(|case| &case.outcome[..]).collect();
    assert_eq!(words, ["passed", "passed", "failed", "failed"]);
    assert!(found[1].comment.ends_with("3 - Signature changed"), "{}", found[1].comment);
    assert_eq!(found[1].result, Label::Invalid.name());
    // the key changes inside of a section, and back: other keys refuse
    let other = format!("{:x}", &rsa().components().n + 2u32);
    let body = format!("{}\nn = {other}\n{}", record(&good, "P"), record(&good, "F"));
    assert_eq!(outcomes(&rsa_file("SigVer", &body)), ["passed", "passed"]);
    // SHA-1 is skipped, whatever its signature
    let old = record(&good, "P").replace("SHA256", "SHA1");
    assert_eq!(whys(&rsa_file("SigVer", &old)), ["SHA-1: not part of jotlab"]);
    // an exponent of the key before does not hold for a new one
    let body = format!(
        "{}\nn = {other}\n{}",
        record(&good, "P"),
        record(&good, "F").replace(&format!("e = {e}\n"), "")
    );
    for (broken, words) in [
        (rsa_file("SigVer", &body), "no e before this signature"),
        (text.replacen("n = ", "p = ", 1), "no n before this signature"),
        (text.replacen("Result = P", "Result = X", 1), "P or F is expected"),
        (text.replacen("Result = P", "Result = ", 1), "P or F is expected"),
        (text.replacen("SHAAlg = SHA256\n", "", 1), "no SHAAlg"),
        (text.replacen("Result = P", "#", 1), "again"),
        (text.trim_end().strip_suffix("Result = P").unwrap().to_owned(), "before the Result"),
        (text.replacen("n = ", "n = -", 1), "hex is expected"),
        (text.replacen("n = ", "n = _", 1), "hex is expected"),
    ] {
        assert!(fault(&broken).contains(words), "{words}: {}", fault(&broken));
    }
}

#[test]
fn what_was_signed_is_verified_and_made_again_where_d_is_there() {
    let key = rsa().components();
    let record = |sig: &str| format!("SHAAlg = SHA256\nMsg = 616263\nS = {sig}\n\n");
    let (good, bad) = (signature(b"abc"), other_hex(&signature(b"abc")));
    let public = format!("e = {:x}\n\n", key.e);
    let text = rsa_file("SigGen", &(public.clone() + &record(&good) + &record(&bad)));
    assert_eq!(outcomes(&text), ["passed", "failed"]);
    let private = format!("{public}d = {:x}\n\n", key.d);
    let text = rsa_file("SigGen", &(private + &record(&good)));
    let suite = crate::samples::suite(&text);
    assert_eq!(suite.cases[0].questions.len(), 2);
    assert_eq!(outcomes(&text), ["passed"]);
    // a d that is another key's
    let wrong = format!("{public}d = {:x}\n\n", &key.d + 2u32);
    assert_eq!(outcomes(&rsa_file("SigGen", &(wrong + &record(&good)))), ["failed"]);
}
