//! Measures contenders in interleaved rounds: A B C, A B C, …
//!
//! Why not criterion or divan: they measure one thing to its end, then the next, seconds later. On a
//! machine that others use too, or whose clock follows its heat, those seconds differ by more than what is
//! compared: each figure is right for its time and their ratio means nothing. Here what slows a round
//! slows all of its contenders, and a ratio is the median of the rounds' ratios. A quotient of two medians is
//! not: on a core whose other thread comes and goes each contender is now fast, now slow, and which of the two its
//! median falls among is chance.
//!
//! It does not interrupt all of them. Once other work wants the same cores most samples lose a slice of
//! time, and no median helps: so a sample during which the system took the core away is measured again.
//! What cannot be seen from here (another machine on the same silicon) still moves a ratio, for seconds or for
//! minutes. So a table may be measured in several passes: each row is visited in each, its inputs made anew (where
//! they come to lie in memory matters, too), and all of its samples count together.

mod plot;
mod table;

#[allow(unused_imports, reason = "not every benchmark names a row")]
pub(crate) use table::{Bar, Row, Table};

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How often a sample is measured again that was interrupted; the last one counts in any case.
const ATTEMPTS: u32 = 100;

/// Something to be measured, with the name of who does it.
pub(crate) struct Contender<'a> {
    name: &'static str,
    repeat: Box<dyn FnMut(u32) + 'a>,
    attempts: u32,
}

impl<'a> Contender<'a> {
    /// Work that is the same each time.
    pub(crate) fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        // the loop stands inside of the box: one indirect call a sample, none a repetition
        let repeat = Box::new(move |times| {
            for _ in 0..times {
                black_box(work());
            }
        });
        Contender { name, repeat, attempts: ATTEMPTS }
    }

    /// Work whose length is a game of chance. Interrupted samples count: the long ones are interrupted
    /// more often, and leaving them out would flatter.
    #[allow(dead_code, reason = "not every benchmark has such a row")]
    pub(crate) fn by_chance<T>(name: &'static str, work: impl FnMut() -> T + 'a) -> Self {
        Contender { attempts: 1, ..Self::new(name, work) }
    }

    fn sample(&mut self, times: u32) -> Duration {
        let mut elapsed = Duration::ZERO;
        for _ in 0..self.attempts {
            let before = interruptions();
            let start = Instant::now();
            (self.repeat)(times);
            elapsed = start.elapsed();
            if interruptions() == before {
                break;
            }
        }
        elapsed
    }

    /// How many repetitions make a sample long enough. This warms up, too.
    fn calibrate(&mut self, at_least: Duration) -> u32 {
        let mut times = 1;
        while self.sample(times) < at_least {
            times *= 2;
        }
        times
    }
}

/// How often the system took the core from this thread: Linux counts it, elsewhere nothing is known and
/// every sample counts.
fn interruptions() -> Option<String> {
    let status = std::fs::read_to_string("/proc/thread-self/status").ok()?;
    status.lines().find(|line| line.starts_with("nonvoluntary_ctxt_switches")).map(String::from)
}

/// How much to measure.
#[derive(Clone, Copy)]
struct Effort {
    /// Odd, so that the median is one of the samples.
    rounds: usize,
    /// The least duration of a sample: long against a reading of the clock, short against the slice of
    /// time that a scheduler gives, so that some samples are not interrupted.
    sample: Duration,
}

impl Effort {
    const FULL: Effort = Effort { rounds: 31, sample: Duration::from_millis(1) };
    /// Shows that everything runs; its figures are rough.
    const QUICK: Effort = Effort { rounds: 5, sample: Duration::from_micros(500) };
}

/// Nanoseconds that one repetition takes.
#[derive(Clone, Copy)]
struct Timing {
    median: f64,
    /// The interquartile range: half of the samples lie in it.
    spread: f64,
}

/// Measures all contenders, in their order in each round: of each the nanoseconds of a repetition, by sample.
fn interleave(contenders: &mut [Contender<'_>], effort: Effort) -> Vec<Vec<f64>> {
    let times: Vec<u32> = contenders.iter_mut().map(|c| c.calibrate(effort.sample)).collect();
    let mut samples = vec![Vec::with_capacity(effort.rounds); contenders.len()];
    for _ in 0..effort.rounds {
        for ((contender, &times), samples) in contenders.iter_mut().zip(&times).zip(&mut samples) {
            samples.push(contender.sample(times).as_secs_f64() * 1e9 / f64::from(times));
        }
    }
    samples
}

fn summary(samples: &[f64]) -> Timing {
    let [first, median, third] = quartiles(samples.iter().copied());
    Timing { median, spread: third - first }
}

/// How many times as long as the second took the first, by round.
fn ratio(first: &[f64], second: &[f64]) -> f64 {
    quartiles(first.iter().zip(second).map(|(first, second)| first / second))[1]
}

fn quartiles(samples: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut samples: Vec<f64> = samples.collect();
    samples.sort_by(f64::total_cmp);
    [1, 2, 3].map(|n| samples[n * (samples.len() - 1) / 4])
}
