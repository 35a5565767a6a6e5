//! `jotlab crosscheck adapter` takes hostile lines, and both ways are fast enough.

use crate::tools::{self, Dir};
use crate::{crosscheck, has_python};
use std::process::Command;
use std::time::Instant;

fn answers(lines: &[u8]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
    let output = tools::output(command.args(["crosscheck", "adapter"]), lines);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn hostile_lines_are_answered_and_soon() {
    let n = format!("\"{}\"", "f".repeat(100_000));
    let deep = "[".repeat(100_000);
    let lines: Vec<String> = vec![
        "hello".into(),
        "{".into(),
        deep,
        "null".into(),
        "[]".into(),
        "{}".into(),
        r#"{"id":1}"#.into(),
        r#"{"id":1,"op":7}"#.into(),
        r#"{"id":1,"op":"sha3"}"#.into(),
        r#"{"id":1,"op":"sha2"}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"MD5","msg":""}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","msg":"0"}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","msg":"zz"}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","msg":"00","bits":1e400}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","msg":"00","bits":18446744073709551615}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","repeat":"00","bytes":1152921504606846976}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","repeat":"","bytes":1152921504606846976}"#.into(),
        r#"{"id":1,"op":"sha2","alg":"SHA-256","repeat":"00","bytes":-1}"#.into(),
        r#"{"id":1,"op":"sha2.mct","alg":"SHA-256","seed":"00","variant":"standard","outer":4000000000,"inner":4000000000}"#.into(),
        r#"{"id":1,"op":"sha2.mct","alg":"SHA-256","seed":"","variant":"alternate","outer":1,"inner":4000000000}"#.into(),
        r#"{"id":1,"op":"sha2.mct","alg":"SHA-256","seed":"00","variant":"standard","outer":4000000000,"inner":0}"#.into(),
        r#"{"id":1,"op":"hmac","alg":"SHA-256","key":"","msg":"","tag_len":18446744073709551615}"#.into(),
        r#"{"id":1,"op":"hmac.verify","alg":"SHA-256","key":"","msg":"","tag":"","tag_len":0}"#.into(),
        format!(r#"{{"id":1,"op":"rsa.pkcs1v15.verify","alg":"SHA-256","key":{{"n":{n},"e":{n}}},"msg":"","sig":"00"}}"#),
        format!(r#"{{"id":1,"op":"rsa.pkcs1v15.sign","alg":"SHA-256","key":{{"n":{n},"e":{n},"d":{n}}},"msg":""}}"#),
        r#"{"id":1,"op":"rsa.pkcs1v15.sign","alg":"SHA-256","key":{"n":"0","e":"0","d":"0"},"msg":""}"#.into(),
        r#"{"id":1,"op":"rsa.pkcs1v15.verify","alg":"SHA-256","key":{"n":"0","e":"0"},"msg":"","sig":""}"#.into(),
        r#"{"id":1,"op":"rsa.pkcs1v15.verify","alg":"SHA-256","key":7,"msg":"","sig":""}"#.into(),
        format!(r#"{{"id":1,"op":"prime","value":{n}}}"#),
        r#"{"id":1,"op":"prime","value":"-3"}"#.into(),
        r#"{"id":1,"op":"jws.verify","jws":"..","key":"{}","algs":[7]}"#.into(),
        r#"{"id":1,"op":"jwt.verify","token":"","key":"","algs":[],"policy":{"now":1e300}}"#.into(),
        r#"{"id":1,"op":"jwt.verify","token":"","key":"","algs":[],"policy":{"now":-9223372036854775808,"leeway":18446744073709551615}}"#.into(),
    ];
    let begin = Instant::now();
    for line in &lines {
        let one = Instant::now();
        let answers = answers(format!("{line}\n").as_bytes());
        assert_eq!(answers.len(), 1, "{line:.100}: {answers:?}");
        assert!(answers[0].starts_with('{'), "{line:.100}: {}", answers[0]);
        assert!(one.elapsed().as_secs() < 60, "{line:.100}: {:?}", one.elapsed());
    }
    let all = lines.join("\n");
    assert_eq!(answers(all.as_bytes()).len(), lines.len());
    assert_eq!(answers(b"\xff\xfe\n").len(), 1);
    eprintln!("{} hostile lines, twice, in {:?}", lines.len(), begin.elapsed());
}

/// Many small requests, from a file: what is measured is the conversation.
#[test]
fn the_rates_are_printed() {
    if !has_python() {
        return;
    }
    let directory = Dir::new();
    let cases = "0a".repeat(20);
    let count = 6_000_u32;
    let case = format!("\nLen = 160\nMsg = {cases}\nMD = {}\n", "00".repeat(32));
    let file =
        directory.file("SHA256ShortMsg.rsp", format!("[L = 32]\n{}", case.repeat(count as usize)));
    let python = directory.file("adapter.py", crosscheck(&["init", "python"]).out);
    let jotlab = env!("CARGO_BIN_EXE_jotlab");
    for command in [vec![jotlab, "crosscheck", "adapter"], vec!["python3", &python]] {
        let run = ["run", "--suite", &file, "--op", "sha2", "--"];
        let ended = crosscheck(&[&run[..], &command].concat());
        ended.expect(0, &["no disagreement"]);
        let rate = f64::from(count) / ended.took.as_secs_f64();
        eprintln!("{}: {rate:.0} requests a second, start and report included", command[0]);
    }
}
