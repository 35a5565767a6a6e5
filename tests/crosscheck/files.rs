//! `emit` and `judge`: requests and answers as files.

use crate::tools::Dir;
use crate::{crosscheck, has_python};
use std::process::Command;

const DEVICE: &str = "
import hashlib, json, sys
for line in open(sys.argv[1]):
    r = json.loads(line)
    md = hashlib.sha256(bytes.fromhex(r['msg'])).hexdigest()
    print(json.dumps({'id': r['id'], 'ok': {'md': md}}))
";

#[test]
fn answers_of_a_device_are_judged() {
    if !has_python() {
        return;
    }
    let directory = Dir::new();
    let path = directory.path("requests.jsonl").to_str().unwrap().to_owned();
    let emit = ["emit", "--random", "5", "--op", "sha2", "--alg", "SHA-256", &path];
    crosscheck(&emit).expect(0, &["wrote 45 requests"]);
    crosscheck(&emit).expect(2, &["cannot write"]);
    crosscheck(&["emit", "--random", "99999999999", &path]).expect(2, &["10000"]);
    let output = Command::new("python3").args(["-c", DEVICE, &path]).output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let judge = |answers: &str| {
        let answers = directory.file("answers.jsonl", answers);
        crosscheck(&["judge", &path, &answers])
    };
    judge(&answers).expect(0, &["no disagreement"]);
    let backwards: Vec<&str> = answers.lines().rev().collect();
    judge(&backwards.join("\n")).expect(0, &["no disagreement"]);
    let lines: Vec<&str> = answers.lines().collect();
    // the second one's digest is that of the third
    let (head, tail) = lines[1].split_once("\"ok\"").unwrap();
    let other = lines[2].split_once("\"ok\"").unwrap().1;
    let altered =
        answers.replacen(&format!("{head}\"ok\"{tail}"), &format!("{head}\"ok\"{other}"), 1);
    judge(&altered).expect(1, &["disagreements: 1\n", "request 2: "]);
    let missing = answers.replacen(&format!("{}\n", lines[1]), "", 1);
    judge(&missing).expect(1, &["disagreements: 1\n", "request 2: ", "no answer to it"]);
    judge(&format!("{answers}{}\n", lines[1])).expect(3, &["line 46: a second answer"]);
    judge(&format!("{answers}hello\n")).expect(3, &["line 46: "]);
    judge(&format!("{answers}{{\"id\":9999,\"ok\":{{}}}}\n"))
        .expect(3, &["nothing that was asked"]);
}
