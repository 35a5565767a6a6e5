//! Real libraries beside each other on the known ways in: PyJWT, and Node with `jose` where it is there.

use crate::tools::{Dir, is_there};
use crate::{crosscheck, has_python};
use jotlab::vectors::{self, Label};
use std::process::Command;

#[test]
fn jotlab_is_the_strict_one_in_every_row() {
    let python = std::env::var("JOTLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let pyjwt = ["-c", "import jwt, cryptography"];
    if !has_python() || !is_there("pyjwt", Command::new(&python).args(pyjwt)) {
        return;
    }
    let dir = Dir::new();
    let adapter = |language: &str, file: &str| dir.file(file, crosscheck(&["init", language]).out);
    let mut with = vec![format!("pyjwt={python} {}", adapter("python", "adapter.py"))];
    if is_there("node", Command::new("node").args(["-e", "require('node:crypto')"])) {
        let path = std::env::var("JOTLAB_NODE_PATH").unwrap_or_default();
        with.push(format!("node=env NODE_PATH={path} node {}", adapter("node", "adapter.mjs")));
    }
    let with: Vec<&str> = with.iter().flat_map(|with| ["--with", with]).collect();
    let mut ended = crosscheck(&[&["run", "--corpus", "hazards"][..], &with].concat());
    if with.len() == 2 {
        // a table is of several parties: the same one again, to have one
        let again = with[1].replacen("pyjwt", "again", 1);
        let with = [&with[..], &["--with", &again]].concat();
        ended = crosscheck(&[&["run", "--corpus", "hazards"][..], &with].concat());
    }
    ended.expect(1, &["jwt-claims.json/exp-missing", "RFC 7519 §4"]);
    let table = ended.out.lines().skip_while(|line| !line.starts_with("case "));
    let rows: Vec<&str> = table.skip(1).filter(|line| line.starts_with("jotlab/")).collect();
    assert!(rows.len() > 20, "{}", ended.out);
    for row in rows {
        let words: Vec<&str> = row.split_whitespace().collect();
        // where jotlab takes a case, the suite says that it is right: there others are too strict
        assert!(words[1] == "refuses" || (words[1] == "takes" && is_right(words[0])), "{row}");
    }
}

/// Whether a suite says that a case is right; a long name is cut in the table.
fn is_right(name: &str) -> bool {
    let name = name.trim_end_matches('…');
    let (file, id) = name.rsplit_once('/').unwrap();
    let suite = vectors::embedded_file(file).unwrap().read().unwrap();
    suite.cases.iter().any(|case| case.id.starts_with(id) && case.label == Label::Valid)
}
