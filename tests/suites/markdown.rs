//! Markdown and the table: whatever stands in a comment, a row stays a row.

use crate::files::{hostile, is_fit_for_a_terminal, mixed, ran};
use crate::tools::Dir;

#[test]
fn a_row_is_one_line_with_its_cells_whatever_is_in_them() {
    let dir = Dir::new();
    for text in [hostile(&dir, &["--format", "markdown"]).out, {
        mixed(&dir);
        ran(&["vectors", "run", dir.path("").to_str().unwrap(), "--format", "markdown"]).out
    }] {
        is_fit_for_a_terminal(&text);
        // a table begins with its heads, and every row below has as many cells
        let mut cells = None;
        for line in text.lines() {
            if !line.starts_with('|') {
                cells = None;
                continue;
            }
            let bare = line.replace("\\\\", "").replace("\\|", "");
            let count = bare.matches('|').count();
            assert_eq!(*cells.get_or_insert(count), count, "{line}\n{text}");
        }
        for markup in ["<b", "`code`", " *x*", "~~y~~", "[z](", "\u{0}"] {
            assert!(!text.contains(markup), "{markup}: {text}");
        }
    }
}

#[test]
fn the_sums_and_the_failures_are_there() {
    let dir = Dir::new();
    mixed(&dir);
    let text = ran(&["vectors", "run", dir.path("").to_str().unwrap(), "--format", "markdown"]).out;
    assert!(
        text.contains("9 cases: 6 passed, 1 failed, 0 explained, 2 skipped; policy strict."),
        "{text}"
    );
    assert!(
        text.contains("| wrong on purpose | prime: refused, expected valid | CONFIDENTIALITY |"),
        "{text}"
    );
    assert!(text.contains("2 × EdDSA: not yet"), "{text}");
    assert!(text.contains("z.json | malformed: "), "{text}");
}

#[test]
fn the_table_of_a_hostile_file_steers_no_terminal() {
    let dir = Dir::new();
    let text = hostile(&dir, &[]).out;
    is_fit_for_a_terminal(&text);
    assert!(
        text.lines().any(|line| line.starts_with("failed ") && line.contains("[CONFIDENTIALITY]")),
        "{text}"
    );
    is_fit_for_a_terminal(&hostile(&dir, &["--json"]).out);
    let path = dir.path("h<\"&|`'.json");
    let show = ran(&["vectors", "show", "1", path.to_str().unwrap()]);
    is_fit_for_a_terminal(&show.out);
    assert_eq!(show.code, 1);
}

#[test]
fn a_report_in_a_file_is_the_same_and_the_table_is_shown() {
    let dir = Dir::new();
    mixed(&dir);
    let path = dir.path("a.rsp");
    let path = path.to_str().unwrap();
    for format in ["json", "junit", "markdown", "table"] {
        let out = dir.path("out");
        let printed = ran(&["vectors", "run", path, "--format", format]);
        let kept =
            ran(&["vectors", "run", path, "--format", format, "--out", out.to_str().unwrap()]);
        assert_eq!(String::from_utf8(dir.read("out")).unwrap(), printed.out, "{format}");
        assert_eq!((kept.code, kept.out), (0, ran(&["vectors", "run", path]).out));
    }
    let nowhere = dir.path("no/such/out");
    let run = ran(&["vectors", "run", path, "--json", "--out", nowhere.to_str().unwrap()]);
    assert!(run.code == 2 && run.err.contains("cannot write"), "{}", run.err);
}
