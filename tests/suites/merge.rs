//! Shards put together, and a run beside an older one.

use crate::files::{Ran, hashes, mixed, primality, ran, vectors};
use crate::tools::Dir;

/// The report of a shard of a directory, in a file.
fn shard(dir: &Dir, suites: &str, which: &str) -> String {
    let name = format!("{}.part", which.replace('/', "-"));
    let text = vectors(suites, &["--json", "--shard", which]).out;
    dir.file(&name, text)
}

fn merge(parts: &[&str]) -> Ran {
    ran(&[&["vectors", "merge"], parts].concat())
}

#[test]
fn four_shards_are_byte_for_byte_the_whole() {
    let (suites, dir) = (Dir::new(), Dir::new());
    mixed(&suites);
    let path = suites.path("");
    let path = path.to_str().unwrap();
    let whole = vectors(path, &["--json"]);
    // also with more parts than cases: some of them are empty
    for of in [1, 2, 4, 20] {
        let parts: Vec<String> =
            (1..=of).map(|part| shard(&dir, path, &format!("{part}/{of}"))).collect();
        let mut parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        for _ in 0..2 {
            let merged = merge(&parts);
            assert_eq!((merged.code, &merged.out), (whole.code, &whole.out), "{of}");
            parts.reverse();
        }
    }
    let parts: Vec<String> = (1..=2).map(|part| shard(&dir, path, &format!("{part}/2"))).collect();
    for format in ["junit", "markdown", "table"] {
        let merged = merge(&[&parts[0], &parts[1], "--format", format]);
        assert_eq!(merged.out, vectors(path, &["--format", format]).out);
    }
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let (suites, dir) = (Dir::new(), Dir::new());
    let file = suites.file("a.rsp", hashes(&[b"a", b"b", b"c", b"d"]));
    let [one, two, three] = ["1/3", "2/3", "3/3"].map(|which| shard(&dir, &file, which));
    let whole = dir.file("whole", vectors(&file, &["--json"]).out);
    let half = shard(&dir, &file, "2/2");
    let policy =
        dir.file("policy", vectors(&file, &["--json", "--shard", "3/3", "--policy", "rfc"]).out);
    let other = suites.file("b.rsp", hashes(&[b"a"]));
    let others = dir.file("others", vectors(&other, &["--json", "--shard", "3/3"]).out);
    let text = std::fs::read_to_string(&three).unwrap();
    let twice = dir.file("twice", text.replace("\"position\": 2", "\"position\": 1"));
    let counts = dir.file("counts", text.replace("\"passed\": 1", "\"passed\": 2"));
    let outcome =
        dir.file("outcome", text.replace("\"outcome\": \"passed\"", "\"outcome\": \"won\""));
    let strange = dir.file("strange", text.replace("\"shard\": \"3/3\"", "\"shard\": \"4/3\""));
    let format = dir.file("format", text.replace("report/1", "report/2"));
    let word = r#""files": [{"file": "x", "outcome": "\u001b[31m", "why": ""}], "suites""#;
    let word = dir.file("word", text.replacen("\"suites\"", word, 1));
    for (parts, words) in [
        (vec![&one, &two], "shard 3 is missing"),
        (vec![&two, &three], "shard 1 is missing"),
        (vec![&one, &three], "shard 2 is missing"),
        (vec![&one, &two, &two, &three], "shard 2 is there twice"),
        (vec![&one, &one], "shard 1 is there twice"),
        (vec![&whole], "is of a whole run, not of a shard"),
        (vec![&one, &two, &whole], "is of a whole run, not of a shard"),
        (vec![&one, &half, &three], "different runs: the number of shards"),
        (vec![&one, &two, &policy], "different runs: the policy"),
        (vec![&one, &two, &others], "different runs: the suites"),
        (vec![&one, &two, &twice], "a case is in two shards"),
        (vec![&one, &two, &counts], "the counts are not those of its cases"),
        (vec![&one, &two, &outcome], "no outcome \"won\""),
        (vec![&one, &two, &strange], "expected K/N"),
        (vec![&one, &two, &format], "\"jotlab-report/2\" is not jotlab-report/1"),
        (vec![&one, &two, &word], "no outcome \"\\u{1b}[31m\""),
        (vec![&file], "a.rsp: "),
    ] {
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
        let merged = merge(&parts);
        assert_eq!(merged.code, 3, "{words}: {}", merged.err);
        assert!(merged.err.contains(words) && merged.out.is_empty(), "{words}: {}", merged.err);
    }
    assert_eq!(merge(&["no such report"]).code, 2);
    assert_eq!(merge(&[]).code, 2);
}

#[test]
fn coverage_that_is_lost_is_seven_and_what_broke_is_one() {
    let dir = Dir::new();
    let path = dir.path("suites");
    std::fs::create_dir(&path).unwrap();
    let path = path.to_str().unwrap();
    let cases = [("0d", "valid", "a"), ("0f", "invalid", "b"), ("0f", "valid", "c")];
    dir.file("suites/p.json", primality(&cases).to_string());
    dir.file("suites/a.rsp", hashes(&[b"a", b"b"]));
    let baseline = dir.file("baseline", vectors(path, &["--json"]).out);
    let against = |options: &[&str]| vectors(path, &[&["--baseline", &baseline], options].concat());
    // the same run has the same failure
    assert_eq!(against(&[]).code, 1);
    let sound = ["--only", "*a.rsp/*", "--only", "*p.json/1", "--only", "*p.json/2"];
    let run = against(&sound);
    assert_eq!(run.code, 7, "{}", run.err);
    assert!(
        run.err.contains("ran then and does not run now: 1 (") && run.err.contains("p.json/3"),
        "{}",
        run.err
    );
    // a failure is worse than what is lost
    assert_eq!(against(&["--only", "*p.json/*"]).code, 1);
    // a shard lacks what the others have: that is for the merged report to tell
    assert_eq!(against(&["--shard", "1/2"]).code, 2);
    let shard = |which: &str| {
        let options = [&sound[..], &["--json", "--shard", which]].concat();
        dir.file(&format!("shard{}", &which[..1]), vectors(path, &options).out)
    };
    let [one, two] = [shard("1/2"), shard("2/2")];
    let merged = merge(&[&one, &two, "--baseline", &baseline]);
    assert_eq!(merged.code, 7, "{}", merged.err);
    assert!(merged.err.contains("p.json/3"), "{}", merged.err);
    // nothing ran: worse than both
    assert_eq!(against(&["--only", "nothing"]).code, 2);

    // what was wrong is mended, a case more: nothing is lost
    let cases =
        [("0d", "valid", "a"), ("0f", "invalid", "b"), ("0d", "valid", "c"), ("07", "valid", "d")];
    dir.file("suites/p.json", primality(&cases).to_string());
    let run = against(&[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("failed then and passes now: 1"), "{}", run.err);
    assert!(run.err.contains("runs now and did not then: 1"), "{}", run.err);
    // a case that passed is wrong now
    let cases = [("0f", "valid", "a"), ("0f", "invalid", "b"), ("0d", "valid", "c")];
    dir.file("suites/p.json", primality(&cases).to_string());
    let run = against(&[]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("passed then and fails now: 1"), "{}", run.err);
    // a case that is still there and is skipped now is lost as well
    std::fs::remove_file(dir.path("suites/p.json")).unwrap();
    let baseline = dir.file("baseline", vectors(path, &["--json"]).out);
    dir.file(
        "suites/a.rsp",
        hashes(&[b"a", b"b"]).replacen("MD", "#", 1).replace("[L = 32]", "[L = 20]"),
    );
    assert_eq!(vectors(path, &["--baseline", &baseline]).code, 3);
    for (report, code) in [("no such", 2), (&dir.file("x", "{}"), 3)] {
        assert_eq!(vectors(path, &["--baseline", report]).code, code);
    }
}

#[test]
fn cases_of_one_name_do_not_stand_for_each_other() {
    let dir = Dir::new();
    let twice = |second: &str| {
        let mut value = primality(&[("0d", "valid", "a"), (second, "valid", "b")]);
        value["testGroups"][0]["tests"][1]["tcId"] = 1.into();
        dir.file("p.json", value.to_string())
    };
    let file = twice("0d");
    let baseline = dir.file("baseline", vectors(&file, &["--json"]).out);
    assert_eq!(vectors(&file, &["--baseline", &baseline]).code, 0);
    dir.file("p.json", primality(&[("0d", "valid", "a")]).to_string());
    assert_eq!(vectors(&file, &["--baseline", &baseline]).code, 7);
}
