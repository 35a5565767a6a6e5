//! The suites that are part of the library: `vectors/rfc`, described in `vectors/README.md`.

use super::case::Suite;
use super::reader::{ReadError, read};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../vectors/", $name)))),*]
    };
}

/// File name and text, in the order of the table.
const FILES: [(&str, &str); 11] = files![
    "rfc/fips180-4.json",
    "rfc/rfc4231.json",
    "rfc/rfc4648.json",
    "rfc/rfc8017.json",
    "rfc/rfc7515.json",
    "rfc/rfc7517.json",
    "rfc/rfc7519.json",
    "rfc/rfc7520.json",
    "rfc/rfc7638.json",
    "rfc/rfc7797.json",
    "rfc/rfc8037.json",
];

/// Reads all embedded suites.
///
/// # Errors
///
/// When one was changed so that it cannot be read.
pub fn embedded() -> Result<Vec<Suite>, ReadError> {
    FILES.iter().map(|(file, text)| read(file, text.as_bytes())).collect()
}
