//! Every sickness is named rightly, none ends the run, nothing stays behind.

use crate::tools::{self, Dir};
use crate::{Ended, crosscheck, has_python, left_behind, script};
use std::process::Command;

/// A run over a sick adapter: the edges of SHA-256, with more options.
fn sick_with(mode: &str, file: &str, options: &[&str]) -> Ended {
    let script = script("sick.py");
    let marker = format!("--marker-{mode}-{}", std::process::id());
    let run = ["run", "--random", "0", "--alg", "SHA-256", "--op", "sha2"];
    let adapter = ["--", "python3", &script, mode, file, &marker];
    let ended = crosscheck(&[&run[..], options, &adapter].concat());
    assert_eq!(left_behind(&marker), Vec::<String>::new(), "{mode}");
    ended
}

fn sick(mode: &str) -> Ended {
    sick_with(mode, "", &[])
}

/// One that hangs is not waited for as long as usual.
fn hanging(mode: &str, options: &[&str]) -> Ended {
    sick_with(mode, "", &[&["--timeout", "0.7"], options].concat())
}

/// All at once: they wait more than they work.
fn at_once(runs: &[&(dyn Fn() + Sync)]) {
    std::thread::scope(|scope| runs.iter().for_each(|run| drop(scope.spawn(run))));
}

#[test]
fn a_crash_is_named_and_costs_little() {
    if !has_python() {
        return;
    }
    let crash = |mode: &str, how: &str| {
        let ended = sick(mode);
        ended.expect(6, &["CRASH sha2", how, "smallest: sha2 SHA-256 of 64 bytes"]);
        // which case it was
        ended.expect(6, &["    at: sha2 SHA-256 of 64 bytes (seed 1, number 15)\n"]);
        ended.expect_not("FLAKY");
        ended
    };
    crash("crash", "it exited with 1").expect(6, &["stderr: Traceback: it broke"]);
    crash("segv", "it was ended by signal 11");
    let crashes = sick_with("crash-always", "", &["--op", "hmac"]);
    crashes.expect(6, &["sha2: given up after 5 crashes in a row"]);
    crashes.expect(6, &["hmac SHA-256                           80"]);
}

#[test]
fn one_that_ends_for_nothing_is_flaky() {
    if !has_python() {
        return;
    }
    let directory = Dir::new();
    let path = directory.path("once");
    let keep = ["--keep", directory.path("").to_str().unwrap()].map(str::to_owned);
    let keep = keep.each_ref().map(String::as_str);
    // what is there already stays as it is
    let first = directory.file("flaky-1.jsonl", "mine");
    let once = sick_with("crash-once", path.to_str().unwrap(), &keep);
    once.expect(6, &["FLAKY it exited with 1, and none of the 16 requests", "no disagreement"]);
    once.expect_not("CRASH");
    assert_eq!(std::fs::read_to_string(first).unwrap(), "mine");
    judged_again(&once, &directory);
    for mode in ["ten", "crash-at-5th"] {
        let ended = sick_with(mode, "", &keep);
        ended.expect(6, &["FLAKY", " times)", "no disagreement"]);
        ended.expect_not("CRASH");
    }
    let last = sick_with("last-without-newline", "", &keep);
    last.expect(6, &["FLAKY", "no disagreement"]);
}

/// The window that was saved is asked again, by hand, and judged.
fn judged_again(once: &Ended, directory: &Dir) {
    let saved = directory.path("flaky-2.jsonl");
    let saved = saved.to_str().unwrap();
    once.expect(6, &[&format!("they are saved in {saved}")]);
    let requests = std::fs::read(saved).unwrap();
    assert_eq!(requests.split(|&byte| byte == b'\n').count(), 1 + 16 + 1, "a hello and the window");
    let mut again = Command::new("python3");
    let answers = tools::output(again.args([&script("sick.py"), "well"]), &requests).stdout;
    let answers = directory.file("answers.jsonl", answers);
    crosscheck(&["judge", saved, &answers]).expect(0, &["no disagreement"]);
}

#[test]
fn what_is_waited_for_in_vain_is_named() {
    if !has_python() {
        return;
    }
    let instead = |mode: &str, seconds: &str, what: &str| {
        let ended = sick_with(mode, "", &["--timeout", seconds]);
        let instead = format!("what came instead: {what}");
        ended.expect(1, &["PROTOCOL", &instead, "disagreements: 1\n"]);
        ended.expect_not("HANG");
    };
    at_once(&[
        // starting takes its own time
        &|| hanging("hello-hangs", &[]).expect(6, &["said no hello within 5s"]),
        // one that prints without end says nothing either, and what it prints is not kept
        &|| {
            let ended = crosscheck(&["run", "--random", "2", "--", "yes"]);
            ended.expect(6, &["said no hello within 5s"]);
        },
        &|| instead("wrong-id", "0.7", "an answer whose id was not asked"),
        &|| instead("utf-8", "0.7", "a line on stdout is no UTF-8"),
        // so many bytes take a while
        &|| instead("65-mib", "3", "a line on stdout has more than 64 MiB"),
        &|| {
            let once = hanging("hang", &[]);
            once.expect(6, &["HANG sha2: no answer within 700ms", "disagreements: 1\n"]);
            once.expect(6, &["    at: sha2 SHA-256 of 64 bytes (seed 1, number 15)\n"]);
        },
        &|| {
            let given_up = "HANG sha2: given up after 5 requests without an answer";
            let hmac = "hmac SHA-256                           80";
            hanging("hang-always", &["--op", "hmac"]).expect(6, &[given_up, hmac]);
        },
        &|| hanging("no-newline", &[]).expect(6, &["HANG sha2", "6 bytes without a newline came"]),
        &|| hanging("stdin-closed", &[]).expect(6, &["HANG", "it has closed its stdin"]),
        &|| sick("stdout-closed").expect(6, &["CRASH", "it closed its output"]),
        &|| {
            // longer than the time for an answer, each answer within it
            let slow = hanging("slow", &[]);
            slow.expect(0, &["no disagreement"]);
            slow.expect_not("HANG");
        },
    ]);
}

#[test]
fn breaches_of_the_protocol_are_told_to_a_stranger() {
    if !has_python() {
        return;
    }
    let stdout = "PROTOCOL your library prints to stdout, which is for answers only: debug: called";
    sick("prints").expect(1, &[stdout, " times)", "no disagreement"]);
    let early = "prints to stdout, which is for answers only: Loading my library ...";
    sick("prints-early").expect(1, &[early, "no disagreement"]);
    sick("twice").expect(1, &["PROTOCOL request ", "is answered twice (", "no disagreement"]);
    sick("id-text").expect(1, &["is the string \"", "not the number", "no disagreement"]);
    sick("empty-ok").expect(1, &["ok has no \"md\""]);
    let skips = sick_with("skips", "", &["--op", "hmac"]);
    skips.expect(1, &["declared, and skipped: not today"]);
}

#[test]
fn lies_in_hello_are_told() {
    if !has_python() {
        return;
    }
    sick("hello-protocol-2").expect(6, &["its hello says protocol 2, this is protocol 1"]);
    sick("hello-no-ops").expect(6, &["its hello has no \"ops\"", "is expected"]);
    sick("hello-ops-text").expect(6, &["no list of algorithms for sha2"]);
    sick("hello-other-names").expect(
        0,
        &["so not asked: rsa.pkcs1v15.verify RS256, sha2 sha-512, sha3", "no disagreement"],
    );
    sick("dies-at-hello").expect(6, &["said no hello: it exited with 7", "no such library"]);
    sick("window=0").expect(1, &["its hello says window 0", "no disagreement"]);
    sick("window=-1").expect(1, &["its hello says window -1", "no disagreement"]);
    sick("window=1000000000").expect(0, &["no disagreement"]);
    crosscheck(&["run", "--random", "1", "--", "/no/such/adapter"])
        .expect(6, &["cannot start the adapter"]);
}

#[test]
fn what_is_wrong_of_one_operation_does_not_hide_another() {
    if !has_python() {
        return;
    }
    let script = script("sick.py");
    crosscheck(&["run", "--random", "5", "--", "python3", &script, "constant"])
        .expect(1, &["more of base64url.encode", "more of hmac SHA-512", "more of sha2 SHA-224"]);
}

#[test]
fn why_a_signature_is_none_is_told() {
    if !has_python() {
        return;
    }
    let script = script("sick.py");
    let hazards = ["run", "--corpus", "hazards", "--op", "rsa.pkcs1v15.verify", "--"];
    let run = [&hazards[..], &["python3", &script, "accepts"]].concat();
    crosscheck(&run).expect(1, &["jotlab   signature mismatch", "refused because: "]);
}

#[test]
fn what_is_odd_and_right_is_fine() {
    if !has_python() {
        return;
    }
    for mode in ["disorder", "loud"] {
        sick(mode).expect(0, &["no disagreement"]);
    }
    let marker = format!("left-{}", std::process::id());
    sick_with("leaks", &marker, &[]).expect(0, &["no disagreement"]);
    assert_eq!(left_behind(&marker), Vec::<String>::new());
}

#[test]
fn who_is_alone_is_named() {
    if !has_python() {
        return;
    }
    let (sick, planted) = (script("sick.py"), script("planted.py"));
    let (one, two) = (format!("one=python3 {sick} well"), format!("two=python3 {sick} well"));
    let odd = format!("odd=python3 {planted} only-55-mod-64");
    let run = ["run", "--random", "2", "--op", "sha2", "--alg", "SHA-256"];
    crosscheck(&[&run[..], &["--with", &one, "--with", &two]].concat())
        .expect(0, &["all parties are of one mind"]);
    crosscheck(&[&run[..], &["--with", &one, "--with", &odd, "--with", &two]].concat())
        .expect(1, &["[odd alone]", "sha2 SHA-256 of 55 bytes"]);
    let dead = "dead=false";
    crosscheck(&[&run[..], &["--with", dead]].concat())
        .expect(6, &["dead: the adapter said no hello"]);
}

#[test]
fn selftest_notices_a_constant() {
    if !has_python() {
        return;
    }
    let script = script("sick.py");
    crosscheck(&["selftest", "--", "python3", &script, "constant"]).expect(1, &["not noticed"]);
    crosscheck(&["selftest", "--", "python3", &script, "well"]).expect(0, &["sha2", "noticed"]);
    let jotlab = env!("CARGO_BIN_EXE_jotlab");
    let own = crosscheck(&["selftest", "--", jotlab, "crosscheck", "adapter"]);
    own.expect(0, &["rsa.pkcs1v15.verify", "jws.verify"]);
    own.expect_not("not noticed");
}
