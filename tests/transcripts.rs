//! The console blocks of the documents: each command is run, and what it prints must be what the page says.
//!
//! A block runs in a directory of its own, shared by the blocks of a page, with `vectors` in it. A line
//! `$ …` is a command for sh; what follows is its stdout, a line of one `…` standing for any number of lines; a line `? N` behind it is an exit code that is not
//! 0. The commands run with `JOTLAB_BACKEND=portable`, so that a page is the same on every machine.
//! `JOTLAB_BLESS=1 cargo test --test transcripts` writes what the commands print into the pages.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io, thread};

#[test]
fn every_console_block_prints_what_the_page_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md"), root.join("vectors/README.md")];
    for folder in ["docs", "docs/book"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        pages.extend(entries.map(|entry| entry.unwrap().path()));
    }
    pages.sort();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md"));
    // pages side by side: a block waits for those of its own page only
    let commands: usize = thread::scope(|scope| {
        let replays: Vec<_> = pages.iter().map(|page| scope.spawn(|| check(root, page))).collect();
        replays.into_iter().map(|replay| replay.join().expect("a page is not what it says")).sum()
    });
    assert!(commands >= 8, "only {commands} commands were found in the pages");
}

/// Replays a page; the number of its commands.
fn check(root: &Path, page: &Path) -> usize {
    if let Some(tool) = missing_tool(page) {
        // the macros are captured by the harness: what is passed over would never be seen
        let _nobody_listens = writeln!(io::stderr(), "skipped: {}: no {tool}", page.display());
        return 0;
    }
    let text = fs::read_to_string(page).unwrap();
    let (told, count) = replay(&text, &workshop(root, page));
    if env::var_os("JOTLAB_BLESS").is_some() {
        fs::write(page, told).unwrap();
    } else {
        assert_same(page, &text, &told);
    }
    count
}

/// Pages whose examples need more than Rust and a shell.
const TOOLS: [(&str, &[&str]); 4] = [
    ("crosscheck.md", &["python3", "openssl"]),
    ("issuer.md", &["curl", "timeout"]),
    ("service.md", &["curl", "timeout"]),
    ("walk-through.md", &["curl", "openssl", "timeout"]),
];

/// A tool that a page needs and this machine does not have; `JOTLAB_REQUIRE` makes that a failure.
fn missing_tool(page: &Path) -> Option<&'static str> {
    let (_, tools) = TOOLS.iter().find(|(name, _)| page.ends_with(name))?;
    let is_missing = |tool: &&&str| Command::new(tool).arg("--version").output().is_err();
    let missing = *tools.iter().find(is_missing)?;
    assert!(env::var_os("JOTLAB_REQUIRE").is_none(), "{missing} is needed for {}", page.display());
    Some(missing)
}

/// An empty directory for a page, with the vectors and the other files of docs in reach.
fn workshop(root: &Path, page: &Path) -> PathBuf {
    let name = page.strip_prefix(root).unwrap().to_string_lossy().replace('/', "-");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("transcripts").join(name);
    let _absent = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    for name in ["vectors", "docs"] {
        std::os::unix::fs::symlink(root.join(name), directory.join(name)).unwrap();
    }
    directory
}

/// The page with the outputs replaced by what the commands print now, and how many there were.
fn replay(text: &str, directory: &Path) -> (String, usize) {
    let (mut told, mut count) = (String::new(), 0);
    let mut in_block = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            in_block = line == "```console";
        } else if in_block {
            if let Some(command) = line.strip_prefix("$ ") {
                count += 1;
                let ends = |line: &&str| !line.starts_with("$ ") && !line.starts_with("```");
                let said: Vec<&str> = std::iter::from_fn(|| lines.next_if(ends)).collect();
                told += &format!("{line}\n{}", shortened(&output(command, directory), &said));
            }
            continue;
        }
        told.push_str(line);
        told.push('\n');
    }
    (told, count)
}

/// Where the page leaves lines out with a line of one `…`, as many are kept before and behind it.
fn shortened(printed: &str, said: &[&str]) -> String {
    let printed: Vec<&str> = printed.lines().collect();
    let lines = match said.iter().position(|line| *line == "…") {
        Some(before) if said.len() <= printed.len() => {
            let behind = printed.len() - (said.len() - before - 1);
            [&printed[..before], &["…"], &printed[behind..]].concat()
        }
        _ => printed,
    };
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What a command prints, and its exit code if that is not 0.
fn output(command: &str, directory: &Path) -> String {
    let jotlab = Path::new(env!("CARGO_BIN_EXE_jotlab"));
    let path = format!("{}:{}", jotlab.parent().unwrap().display(), env::var("PATH").unwrap());
    // the first screen is for a person without the command
    let command = command.replace("cargo run --release --", "jotlab");
    let mut shell = Command::new("sh");
    if command.contains("; do ") {
        // a loop that waits for what does not come is a failure, not a test without an end
        shell = Command::new("timeout");
        shell.args(["60", "sh"]);
    }
    shell.arg("-c").arg(&command).current_dir(directory).env("PATH", path);
    shell.env("JOTLAB_BACKEND", "portable");
    let ran = shell.env_remove("CLICOLOR_FORCE").output().unwrap();
    let mut text = String::from_utf8(ran.stdout).unwrap();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match ran.status.code() {
        Some(0) => {}
        code => writeln!(text, "? {}", code.unwrap()).unwrap(),
    }
    text
}

fn assert_same(page: &Path, text: &str, told: &str) {
    for (number, (said, printed)) in text.lines().zip(told.lines()).enumerate() {
        let place = format!("{}:{}", page.display(), number + 1);
        assert_eq!(
            said, printed,
            "{place} (JOTLAB_BLESS=1 cargo test --test transcripts rewrites it)"
        );
    }
    assert_eq!(text.lines().count(), told.lines().count(), "{}: lines are missing", page.display());
}

/// A figure in a chapter is printed by a command that is run: none is written by hand.
#[test]
fn the_book_has_no_hex_outside_of_its_console_blocks() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book");
    let mut chapters = 0;
    for entry in fs::read_dir(book).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut in_block = false;
        for (number, line) in text.lines().enumerate() {
            if line.starts_with("```") {
                in_block = line == "```console";
            }
            let place = format!("{}:{}", path.display(), number + 1);
            assert!(in_block || !has_hex(line), "{place}: {line}");
        }
        chapters += 1;
    }
    assert!(chapters > 10, "only {chapters} chapters");
    assert!(has_hex("that is ba7816bf, of course") && !has_hex("a decade of facades: 1234567"));
}

/// Eight hex digits or more in a row.
fn has_hex(line: &str) -> bool {
    let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    line.split(|c| !is_digit(c)).any(|digits| digits.len() >= 8)
}
