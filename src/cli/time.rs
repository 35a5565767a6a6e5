//! Times and durations as users write and read them.

use crate::jose::NumericDate;
use jiff::{SignedDuration, Timestamp};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's time in seconds since 1970; the one clock of this program.
pub(super) fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
}

/// A time: seconds since 1970, an RFC 3339 date, `now`, or `+30m` and `-5m` from `now`.
pub(super) fn time(text: &str, now: i64) -> Result<i64, String> {
    if text == "now" {
        return Ok(now);
    }
    if let Some(rest) = text.strip_prefix('+') {
        return Ok(now.saturating_add(duration(rest)?));
    }
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    if let Some(rest) = text.strip_prefix('-') {
        return Ok(now.saturating_sub(duration(rest)?));
    }
    match text.parse::<Timestamp>() {
        Ok(timestamp) => Ok(timestamp.as_second()),
        Err(_) => Err(format!(
            "\"{}\" is no time: expected seconds, 2026-01-02T03:04:05Z, now, +30m or -5m",
            super::voice::shown(text, 60)
        )),
    }
}

/// A duration in seconds: `30s`, `5m`, `1h30m`, `7d`, or a plain number of seconds.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse::<u32>() {
        return Ok(i64::from(seconds));
    }
    // jiff knows no days in an absolute duration: a day is 24 hours here
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    if let Some(days) = days {
        return Ok(i64::from(days) * 86_400);
    }
    match text.parse::<SignedDuration>() {
        Ok(duration) if !duration.is_negative() => Ok(duration.as_secs()),
        _ => Err(format!(
            "\"{}\" is no duration: expected 30s, 5m, 1h30m, 7d or seconds",
            super::voice::shown(text, 60)
        )),
    }
}

/// Seconds with their date.
pub(super) fn dated(time: NumericDate) -> String {
    match Timestamp::from_second(time.seconds()) {
        Ok(timestamp) => format!("{time} ({timestamp})"),
        Err(_) => time.to_string(),
    }
}

/// Seconds as an RFC 3339 date.
#[cfg(all(feature = "service", unix))]
pub(super) fn rfc3339(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        for (text, seconds) in [
            ("0", 0),
            ("-5", -5),
            ("1300819380", 1_300_819_380),
            ("2011-03-22T18:43:00Z", 1_300_819_380),
            ("now", 1000),
            ("+30m", 2800),
            ("-5m", 700),
            ("+1h30m", 6400),
            ("+7d", 605_800),
            ("+10", 1010),
        ] {
            assert_eq!(time(text, 1000), Ok(seconds), "{text}");
        }
        for text in ["", "+", "soon", "+5x", "2011-03-22", "1.5", "+-5m"] {
            assert!(time(text, 1000).is_err(), "{text}");
        }
        assert_eq!(dated(NumericDate::from_seconds(0)), "0 (1970-01-01T00:00:00Z)");
    }
}
