//! The log of a server: one line an event on stderr, `time level event key=value …`, for people and for programs.
//!
//! ```text
//! 2033-05-18T03:33:20Z info "a token was issued" user=alice address=127.0.0.1:5000 kid=… expires=2000000600
//! ```
//!
//! What is a stranger's is quoted and escaped; what is a secret is not told to the log in the first place.

use super::voice;
use jiff::Timestamp;
use std::fmt::{self, Write as _};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The most characters of one value.
const MOST: usize = 300;

/// Begins to write what this program's servers tell.
pub(super) fn start() {
    // only the first of a process counts, and this program has one
    let _was_there = tracing::subscriber::set_global_default(Log);
}

struct Log;

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO && metadata.target().starts_with("jotlab")
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let time = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        voice::log_line(&format!("{time} {level} {}{}", line.message, line.fields));
    }

    // this program has no spans
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = quoted(value);
        if field.name() == "message" {
            self.message = value;
        } else {
            let _infallible = write!(self.fields, " {}={value}", field.name());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// As it is if it is a word, else in quotes, with every quote, control and turning character escaped.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '=');
    if !text.is_empty() && text.chars().count() <= MOST && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut shown = String::from("\"");
    for c in text.chars().take(MOST) {
        match c {
            '"' | '\\' => shown.extend(['\\', c]),
            c if voice::steers(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown.push_str(if text.chars().nth(MOST).is_some() { "…\"" } else { "\"" });
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_cannot_forge_a_line_or_steer_a_terminal() {
        for (text, expected) in [
            ("alice", "alice"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("é", "\"é\""),
            ("a\" user=root", "\"a\\\" user=root\""),
            ("a\\", "\"a\\\\\""),
            ("a\n2033-05-18 info", "\"a\\u{a}2033-05-18 info\""),
            ("\u{1b}[2J", "\"\\u{1b}[2J\""),
            ("\u{202e}x", "\"\\u{202e}x\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
        assert!(quoted(&"x".repeat(5000)).chars().count() <= MOST + 3);
    }
}
