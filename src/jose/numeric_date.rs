//! NumericDate (RFC 7519 §2): the times of a token.

use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

/// A NumericDate (RFC 7519 §2): seconds since 1970-01-01T00:00:00Z, fractions allowed. Arithmetic saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    nanoseconds: i128,
}

const NANOSECONDS: i128 = 1_000_000_000;

impl NumericDate {
    /// So many seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        NumericDate { nanoseconds: seconds as i128 * NANOSECONDS }
    }

    /// Exact for whole numbers, to the nanosecond for others; beyond the range it saturates.
    pub fn from_number(number: &Number) -> Self {
        let whole = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
        let nanoseconds = match (whole, number.as_f64()) {
            (Some(seconds), _) => seconds * NANOSECONDS,
            (None, Some(seconds)) => {
                let fraction = (seconds.fract() * 1e9) as i128;
                (seconds.trunc() as i128).saturating_mul(NANOSECONDS).saturating_add(fraction)
            }
            (None, None) => i128::MAX,
        };
        NumericDate { nanoseconds }
    }

    /// Whole seconds since the epoch, rounded down.
    pub fn seconds(self) -> i64 {
        let seconds = self.nanoseconds.div_euclid(NANOSECONDS);
        i64::try_from(seconds).unwrap_or(if seconds > 0 { i64::MAX } else { i64::MIN })
    }

    /// So many seconds later.
    #[must_use]
    pub fn plus(self, seconds: u64) -> Self {
        let nanoseconds = self.nanoseconds.saturating_add(i128::from(seconds) * NANOSECONDS);
        NumericDate { nanoseconds }
    }
}

impl fmt::Display for NumericDate {
    /// The seconds, all of them, with a fraction if there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanoseconds < 0 { "-" } else { "" };
        let nanoseconds = self.nanoseconds.unsigned_abs();
        let each = NANOSECONDS.unsigned_abs();
        write!(f, "{sign}{}", nanoseconds / each)?;
        match nanoseconds % each {
            0 => Ok(()),
            rest => write!(f, ".{}", format!("{rest:09}").trim_end_matches('0')),
        }
    }
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.nanoseconds % NANOSECONDS == 0 {
            return serializer.serialize_i64(self.seconds());
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a fraction of a second goes out as a double"
        )]
        serializer.serialize_f64(self.nanoseconds as f64 / 1e9)
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Number::deserialize(deserializer).map(|number| NumericDate::from_number(&number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NumericDate {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn dates_are_exact_or_saturate() {
        assert_eq!(date("1300819380"), NumericDate::from_seconds(1_300_819_380));
        assert_eq!(date("1.0"), NumericDate::from_seconds(1));
        assert!(date("1.5") > date("1") && date("1.5") < date("2"));
        // 2⁵³ + 1 has no double of its own
        assert_eq!(date("9007199254740993").seconds(), 9_007_199_254_740_993);
        assert_eq!(date("18446744073709551615").seconds(), i64::MAX);
        assert_eq!(date("1e300").plus(u64::MAX).seconds(), i64::MAX);
        assert_eq!(date("-1e300").seconds(), i64::MIN);
        assert_eq!(date("-0"), NumericDate::from_seconds(0));
        assert_eq!(date("-0.5").seconds(), -1);
    }

    #[test]
    fn dates_are_shown_as_they_are() {
        for text in ["0", "-1", "2000000000.5", "-0.25", "18446744073709551615", "1000000000000000"]
        {
            assert_eq!(date(text).to_string(), text);
        }
        assert_eq!(date("1e15").to_string(), "1000000000000000");
        assert_eq!(date("1e300"), date("1e301"));
    }
}
