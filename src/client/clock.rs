//! The two clocks that keys and tokens live by, behind a trait: a test says what time it is.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What time it is.
pub trait Clock: Send + Sync {
    /// Time that only goes forward, since any moment that stays the same: for ages and cooldowns.
    fn elapsed(&self) -> Duration;
    /// Seconds since 1970-01-01T00:00:00Z: for the claims of a token.
    fn unix(&self) -> i64;
}

/// The system's clocks.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    begin: Instant,
}

impl SystemClock {
    /// Begins to count now.
    pub fn new() -> SystemClock {
        SystemClock { begin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    fn unix(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}
