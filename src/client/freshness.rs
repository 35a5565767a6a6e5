//! How long an answer may be used without asking again (RFC 9111 §4.2), within our own bounds.

use super::transport::Response;
use std::time::Duration;

/// What a cache may do, whatever an issuer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// No two fetches begin within this time, whatever asks for one. So it is the lower bound of every
    /// max-age too.
    pub cooldown: Duration,
    /// The upper bound of max-age: a key that was withdrawn is not believed for longer.
    pub longest: Duration,
    /// What counts where nothing is said.
    pub unsaid: Duration,
    /// How long a set is used after it was last confirmed, while fetches fail.
    pub stale: Duration,
}

impl Default for Rules {
    /// A cooldown of 10 seconds; max-age of an hour at most, 5 minutes where none is said; while fetches
    /// fail, the last set for a day.
    fn default() -> Rules {
        Rules {
            cooldown: Duration::from_secs(10),
            longest: Duration::from_hours(1),
            unsaid: Duration::from_mins(5),
            stale: Duration::from_hours(24),
        }
    }
}

impl Rules {
    /// How long this answer is fresh from the moment it was asked for.
    pub fn freshness(&self, response: &Response) -> Duration {
        let said = match response.cache_control.as_deref().map(max_age) {
            None | Some(Said::Nothing) => self.unsaid,
            Some(Said::NotAtAll) => Duration::ZERO,
            Some(Said::Seconds(seconds)) => Duration::from_secs(seconds),
        };
        // RFC 9111 §4.2.3: what a cache on the way had it for is gone already
        let age = response.age.as_deref().and_then(seconds).unwrap_or(0);
        let left = said.saturating_sub(Duration::from_secs(age));
        // not clamp: it panics where the bounds are given the wrong way round
        left.min(self.longest).max(self.cooldown)
    }
}

enum Said {
    Nothing,
    NotAtAll,
    Seconds(u64),
}

/// RFC 9111 §5.2.2: the directives of an answer. Where two contradict each other the shorter counts.
fn max_age(cache_control: &str) -> Said {
    let mut said = Said::Nothing;
    for directive in cache_control.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return Said::NotAtAll,
            // RFC 9111 §4.2.1: what cannot be read is taken as stale
            "max-age" => match (seconds(value), &said) {
                (None, _) => return Said::NotAtAll,
                (Some(new), Said::Seconds(old)) => said = Said::Seconds(new.min(*old)),
                (Some(new), _) => said = Said::Seconds(new),
            },
            _ => {}
        }
    }
    said
}

/// Delta-seconds (RFC 9111 §1.2.2), quoted or not; beyond the range the largest.
fn seconds(text: &str) -> Option<u64> {
    let digits = text.trim().trim_matches('"');
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_issuer_says_counts_within_the_bounds() {
        let rules = Rules::default();
        for (cache_control, age, seconds) in [
            (None, None, 300),
            (Some("max-age=60"), None, 60),
            (Some("public, Max-Age=\"60\""), None, 60),
            (Some("max-age=60"), Some("20"), 40),
            (Some("max-age=60"), Some("soon"), 60),
            (Some("max-age=60"), Some("90"), 10),
            (Some("max-age=0"), None, 10),
            (Some("max-age=60, max-age=30"), None, 30),
            (Some("max-age=-1"), None, 10),
            (Some("max-age="), None, 10),
            (Some("max-age=60, no-store"), None, 10),
            (Some("no-cache"), None, 10),
            (Some("s-maxage=5"), None, 300),
            (Some("max-age=999999"), None, 3600),
            (Some("max-age=99999999999999999999999"), None, 3600),
            (Some(""), None, 300),
        ] {
            let response = Response {
                cache_control: cache_control.map(str::to_owned),
                age: age.map(str::to_owned),
                ..Response::default()
            };
            let found = rules.freshness(&response);
            assert_eq!(found, Duration::from_secs(seconds), "{cache_control:?} {age:?}");
        }
        let upside_down = Rules { longest: Duration::ZERO, ..rules };
        assert_eq!(upside_down.freshness(&Response::default()), rules.cooldown);
    }
}
