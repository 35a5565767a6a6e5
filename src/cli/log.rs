//! The log of a server: what happens, one JSON object a line, on stderr.

use super::{time, voice};
use serde_json::{Map, Value};
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// What is worth a line.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Loudness {
    // Nothing
    Off,
    // Where the server could not do its work
    Error,
    // Refusals too
    Warn,
    // Every request, and every fetch of keys
    Info,
    // Answers that changed nothing too
    Debug,
}

/// Begins to log. Only the first log of a process is heard.
pub(super) fn begin(loudness: Loudness) {
    let most = match loudness {
        Loudness::Off => return,
        Loudness::Error => Level::ERROR,
        Loudness::Warn => Level::WARN,
        Loudness::Info => Level::INFO,
        Loudness::Debug => Level::DEBUG,
    };
    let _there_is_one =
        tracing::subscriber::set_global_default(Lines { most, spans: AtomicU64::new(1) });
}

/// A line for each event of this crate.
struct Lines {
    most: Level,
    spans: AtomicU64,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // another crate's words could hold what ours never do
        *metadata.level() <= self.most && metadata.target().starts_with("jotlab")
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = Line(Map::new());
        line.0.insert("time".to_owned(), time::rfc3339(time::now()).into());
        line.0.insert("level".to_owned(), metadata.level().as_str().to_lowercase().into());
        event.record(&mut line);
        voice::log(&Value::Object(line.0));
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed).max(1))
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// The most characters of a value: a stranger's path can be long.
const MOST: usize = 500;

struct Line(Map<String, Value>);

impl Line {
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text: String = format!("{value:?}").chars().take(MOST).collect();
        self.add(field, text);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let text: String = value.chars().take(MOST).collect();
        self.add(field, text);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }
}
