//! Every word that jotlab says goes through here: results to stdout, words about them to stderr.
//!
//! A verdict first, then the reason, then a `hint:` with the next command. A mark or a word stands beside
//! each colour, and there is no colour where stdout is no terminal or `NO_COLOR` is set.

use super::exit::{Exit, Fault};
use serde_json::Value;
use std::io::{self, ErrorKind, IsTerminal, Write};

const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[31m";
const RESET: &str = "\u{1b}[0m";

/// Writes a result to stdout.
pub(super) fn out(text: &str) -> Result<(), Fault> {
    written(anstream::stdout().write_all(text.as_bytes()).and_then(|()| anstream::stdout().flush()))
}

/// Writes bytes of a result to stdout as they are.
pub(super) fn out_bytes(bytes: &[u8]) -> Result<(), Fault> {
    let mut stdout = io::stdout().lock();
    written(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Writes a JSON result to stdout.
pub(super) fn out_json(value: &Value) -> Result<(), Fault> {
    out_bytes(json_text(&format!("{value:#}\n")).as_bytes())
}

/// JSON in which no character can steer a terminal: the same values, the characters escaped. Outside of
/// strings JSON has none of them.
pub(super) fn json_text(json: &str) -> String {
    json.chars()
        .flat_map(|c| match c {
            '\n' => vec![c],
            c if steers(c) => format!("\\u{:04x}", u32::from(c)).chars().collect(),
            c => vec![c],
        })
        .collect()
}

/// Control characters, and those that turn the direction of text or hide in it.
pub(super) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A reader that went away has seen enough; a full disk is an error.
fn written(result: io::Result<()>) -> Result<(), Fault> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Fault::usage(format_args!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says why there is no result.
pub(super) fn fault(fault: &Fault) -> Exit {
    note(&format!("{RED}error{RESET}: {}", fault.message));
    if let Some(hint) = &fault.hint {
        note(&format!("hint: {hint}"));
    }
    fault.exit
}

/// A word about the result. Nobody may be listening.
pub(super) fn note(text: &str) {
    let _nobody_listens = writeln!(anstream::stderr(), "jotlab: {text}");
}

/// A line of a server's log. Nobody may be listening.
#[cfg(all(any(feature = "serve", feature = "service"), unix))]
pub(super) fn log(line: &Value) {
    let _nobody_listens = writeln!(io::stderr().lock(), "{}", json_text(&line.to_string()));
}

/// A word that is good news.
pub(super) fn good(word: &str) -> String {
    format!("{GREEN}{word}{RESET}")
}

/// A word that is bad news.
pub(super) fn bad(word: &str) -> String {
    format!("{RED}{word}{RESET}")
}

/// Whether somebody is looking at stderr: progress is shown to people only.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Whether somebody types what comes from stdin.
#[cfg(all(feature = "serve", unix))]
pub(super) fn is_asked() -> bool {
    io::stdin().is_terminal()
}

/// Whether somebody is looking at stdout.
#[cfg(feature = "study")]
pub(super) fn is_read_by_people() -> bool {
    io::stdout().is_terminal()
}

/// A stranger's text, fit for a terminal: no control character, at most `most` characters.
pub(super) fn shown(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for c in text.chars().take(most) {
        if c == '"' || c == '\'' { shown.push(c) } else { shown.extend(c.escape_debug()) }
    }
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}
