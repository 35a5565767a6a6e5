//! A bar for whoever is watching stderr, of work that takes longer than a second.

use super::voice;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Work that is shorter shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Bytes of a file.
    Bytes,
    /// Cases of suites.
    Cases,
    /// A suite beside a bug.
    Pairs,
}

/// How far some work is; the bar goes away when this is dropped.
pub(super) struct Progress {
    unit: Unit,
    started: Instant,
    /// The whole, where it is known.
    total: Option<u64>,
    bar: OnceLock<ProgressBar>,
    watched: bool,
}

impl Progress {
    pub(super) fn of(unit: Unit, total: Option<u64>) -> Progress {
        let (started, watched) = (Instant::now(), voice::is_watched());
        Progress { unit, started, total, bar: OnceLock::new(), watched }
    }

    /// Tells how much is done.
    pub(super) fn set(&self, done: u64) {
        if self.watched && self.started.elapsed() > PATIENCE {
            self.bar.get_or_init(|| bar(self.unit, self.total)).set_position(done);
        }
    }

    /// The same with a whole that becomes known only now.
    pub(super) fn set_of(&self, done: u64, total: u64) {
        self.set(done);
        if let Some(bar) = self.bar.get() {
            bar.set_length(total);
        }
    }
}

/// A bar, or a count where the whole is not known.
fn bar(unit: Unit, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match (total, unit) {
        (Some(total), Unit::Bytes) => {
            (ProgressBar::new(total), "{wide_bar} {bytes}/{total_bytes} {eta}")
        }
        (None, Unit::Bytes) => (ProgressBar::new_spinner(), "{spinner} {bytes}"),
        (total, Unit::Cases) => {
            (ProgressBar::new(total.unwrap_or(0)), "{wide_bar} {pos}/{len} cases {eta}")
        }
        (total, Unit::Pairs) => {
            (ProgressBar::new(total.unwrap_or(0)), "{wide_bar} {pos}/{len} {eta}")
        }
    };
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_finish(ProgressFinish::AndClear)
}
