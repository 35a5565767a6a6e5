//! The rows of a benchmark, their bars and the verdict: a table for people, an object for programs.

use super::{Contender, Effort, Timing, interleave, plot, ratio, summary};
use serde_json::{Value, json};
use std::process::{self, ExitCode};

/// What has been measured so far.
pub(crate) struct Table {
    effort: Effort,
    json: bool,
    svg: Option<String>,
    rows: Vec<Row>,
}

impl Table {
    /// An empty table, as the command line asks for it.
    pub(crate) fn from_arguments() -> Table {
        let mut table = Table { effort: Effort::FULL, json: false, svg: None, rows: vec![] };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => table.effort = Effort::QUICK,
                "--json" => table.json = true,
                "--svg" => table.svg = arguments.next(),
                // cargo bench says so to every benchmark
                "--bench" => {}
                _ => {
                    eprintln!("unknown argument {argument:?}\nhint: --quick, --json, --svg FILE");
                    process::exit(2);
                }
            }
        }
        if cfg!(debug_assertions) {
            table.effort = Effort::QUICK;
        }
        table
    }

    /// Spreads the effort over so many passes, in each of which the caller visits all rows.
    #[allow(dead_code, reason = "not every benchmark has passes")]
    pub(crate) fn in_passes(mut self, passes: usize) -> Table {
        self.effort.rounds = (self.effort.rounds / passes) | 1;
        self
    }

    /// Measures ours, the first, against its peers. The row has no bar until it is given one. A row of this name
    /// that was visited before gets more samples.
    pub(crate) fn compare<'a>(
        &mut self,
        name: impl Into<String>,
        contenders: impl IntoIterator<Item = Contender<'a>>,
    ) -> &mut Row {
        let mut contenders: Vec<Contender<'_>> = contenders.into_iter().collect();
        let samples = interleave(&mut contenders, self.effort);
        let (name, names) = (name.into(), contenders.iter().map(|contender| contender.name));
        let at = self.rows.iter().position(|row| row.name == name).unwrap_or_else(|| {
            let measured = names.map(|name| (name, vec![])).collect();
            self.rows.push(Row { name, measured, bytes: None, bar: None, missing: false });
            self.rows.len() - 1
        });
        let row = &mut self.rows[at];
        row.measured.iter_mut().zip(samples).for_each(|((_, all), more)| all.extend(more));
        row
    }

    /// Prints all rows and the verdict; it fails when a row is below its bar.
    pub(crate) fn finish(self) -> ExitCode {
        let is = |verdict| self.rows.iter().filter(move |row| row.verdict() == verdict);
        let below: Vec<&str> = is("below").map(|row| row.name.as_str()).collect();
        let ok = is("ok").count();
        if self.json {
            let rows: Vec<Value> = self.rows.iter().map(Row::to_json).collect();
            println!("{}", json!({ "rows": rows, "ok": ok, "below": below }));
        } else {
            println!("{}", line(["", "ours", "MB/s", "peer", "ratio", "bar", "verdict", "by"]));
            self.rows.iter().for_each(|row| println!("{}", row.to_line()));
            let colon = if below.is_empty() { "" } else { ": " };
            let (count, names) = (below.len(), below.join(", "));
            let missing = match is("n/a").count() {
                0 => String::new(),
                n => format!(", {n} not judged (this machine lacks the instructions)"),
            };
            println!("{ok} rows at or above their bar, {count} below{colon}{names}{missing}");
        }
        if let Some(path) = &self.svg
            && let Err(error) = std::fs::write(path, plot::svg(&self.rows))
        {
            eprintln!("cannot write {path}: {error}");
            return ExitCode::from(2);
        }
        if below.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// What is asked of a row.
#[derive(Clone, Copy)]
pub(crate) enum Bar {
    /// So many times as fast as the best peer, at least.
    #[allow(dead_code, reason = "not every benchmark has such a row")]
    Ratio(f64),
    /// So many milliseconds, at most.
    #[allow(dead_code, reason = "not every benchmark has such a row")]
    Milliseconds(f64),
}

/// Who ours is compared with.
pub(super) struct Peer {
    pub(super) name: &'static str,
    timing: Timing,
    /// How many times as long as ours it takes.
    pub(super) ratio: f64,
}

/// One comparison.
pub(crate) struct Row {
    pub(super) name: String,
    /// The samples of ours, then of the peers.
    measured: Vec<(&'static str, Vec<f64>)>,
    /// What one repetition works on, where the rate is of interest.
    bytes: Option<u32>,
    pub(super) bar: Option<Bar>,
    missing: bool,
}

impl Row {
    pub(crate) fn bar(&mut self, bar: Bar) {
        self.bar = Some(bar);
    }

    /// Shows the rate, too.
    #[allow(dead_code, reason = "not every benchmark has such a row")]
    pub(crate) fn bytes(&mut self, bytes: impl TryInto<u32>) -> &mut Row {
        self.bytes = bytes.try_into().ok();
        self
    }

    /// A row whose instructions this machine may lack: then it is not judged.
    #[allow(dead_code, reason = "not every benchmark has such a row")]
    pub(crate) fn needs(&mut self, is_there: bool) -> &mut Row {
        self.missing = !is_there;
        self
    }

    fn ours(&self) -> Timing {
        summary(&self.measured[0].1)
    }

    /// The peers, the best first, each with how many times as long as ours it takes.
    fn peers(&self) -> Vec<Peer> {
        let peer = |(name, samples): &(&'static str, Vec<f64>)| Peer {
            name,
            timing: summary(samples),
            ratio: ratio(samples, &self.measured[0].1),
        };
        let mut peers: Vec<Peer> = self.measured[1..].iter().map(peer).collect();
        peers.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
        peers
    }

    pub(super) fn best_peer(&self) -> Option<Peer> {
        self.peers().into_iter().next()
    }

    fn ratio(&self) -> Option<f64> {
        self.best_peer().map(|peer| peer.ratio)
    }

    fn megabytes_a_second(&self) -> Option<f64> {
        self.bytes.map(|bytes| f64::from(bytes) * 1e3 / self.ours().median)
    }

    /// "ok", "below", or nothing where nothing is asked. A build with debug assertions is not judged:
    /// `cargo test --benches` shows that the benchmarks run, not how fast.
    fn verdict(&self) -> &'static str {
        let reached = match (self.bar, self.ratio()) {
            _ if cfg!(debug_assertions) => return "",
            (Some(_), _) if self.missing => return "n/a",
            (Some(Bar::Ratio(bar)), Some(ratio)) => ratio >= bar,
            (Some(Bar::Milliseconds(bar)), _) => self.ours().median <= bar * 1e6,
            _ => return "",
        };
        if reached { "ok" } else { "below" }
    }

    fn to_line(&self) -> String {
        let peer = self.best_peer().map(|peer| duration(peer.timing)).unwrap_or_default();
        let ratio = self.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let bar = match self.bar {
            None => String::new(),
            Some(Bar::Ratio(bar)) => format!("≥ {bar:.2}"),
            Some(Bar::Milliseconds(bar)) => format!("≤ {bar:.0} ms"),
        };
        let rate = self.megabytes_a_second().map(|rate| format!("{rate:.0}")).unwrap_or_default();
        let (ours, by) = (duration(self.ours()), self.by());
        line([&self.name, &ours, &rate, &peer, &ratio, &bar, self.verdict(), &by])
    }

    /// Who was measured, the best peer first.
    fn by(&self) -> String {
        self.peers().iter().map(|peer| peer.name).collect::<Vec<_>>().join(", ")
    }

    fn to_json(&self) -> Value {
        let timing = |name: &str, timing: Timing| json!({ "name": name, "median_ns": timing.median, "spread_ns": timing.spread });
        let peers = self.peers().into_iter().map(|peer| timing(peer.name, peer.timing));
        let (least_ratio, most_ms) = match self.bar {
            None => (None, None),
            Some(Bar::Ratio(bar)) => (Some(bar), None),
            Some(Bar::Milliseconds(bar)) => (None, Some(bar)),
        };
        json!({
            "name": self.name,
            "ours": timing(self.measured[0].0, self.ours()),
            "peers": peers.collect::<Vec<_>>(),
            "ratio": self.ratio(),
            "megabytes_a_second": self.megabytes_a_second(),
            "bar": { "ratio": least_ratio, "milliseconds": most_ms },
            "verdict": self.verdict(),
        })
    }
}

/// Median, and the spread in percent of it.
fn duration(timing: Timing) -> String {
    let (scale, unit) = match timing.median {
        ns if ns < 1e3 => (1.0, "ns"),
        ns if ns < 1e6 => (1e3, "µs"),
        _ => (1e6, "ms"),
    };
    let percent = 100.0 * timing.spread / timing.median;
    format!("{:.1} {unit} ({percent:>2.0} %)", timing.median / scale)
}

fn line([name, ours, rate, peer, ratio, bar, verdict, by]: [&str; 8]) -> String {
    format!("{name:<32} {ours:>16} {rate:>5} {peer:>16} {ratio:>6} {bar:>8} {verdict:<7} {by}")
}
