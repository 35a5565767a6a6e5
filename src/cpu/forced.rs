//! The way that the user asks for: `JOTLAB_BACKEND=portable`, or another name of [`known`].
//!
//! Only in the command and in tests: a library whose arithmetic follows the environment would be a trap.

use super::known;
use core::fmt;
use std::ffi::OsString;
use std::sync::OnceLock;

/// The variable that names a way.
pub const VARIABLE: &str = "JOTLAB_BACKEND";

/// The way asked for, by name: none where the variable is not set or empty. It is read once.
///
/// # Errors
///
/// When there is no such way, and when this machine does not have it.
pub fn forced() -> Result<Option<&'static str>, UnknownBackend> {
    static FORCED: OnceLock<Result<Option<&'static str>, UnknownBackend>> = OnceLock::new();
    FORCED.get_or_init(|| find(std::env::var_os(VARIABLE))).clone()
}

fn find(asked: Option<OsString>) -> Result<Option<&'static str>, UnknownBackend> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(None) };
    let has = |(name, here): &(&'static str, bool)| *here && asked == *name;
    match known().into_iter().find(has) {
        Some((name, _)) => Ok(Some(name)),
        None => Err(UnknownBackend { asked: asked.to_string_lossy().into_owned() }),
    }
}

/// `JOTLAB_BACKEND` names no way of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownBackend {
    asked: String,
}

impl fmt::Display for UnknownBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // escaped: it goes to a terminal
        let asked: String = self.asked.escape_debug().take(60).collect();
        if known().iter().any(|(name, _)| *name == self.asked) {
            write!(f, "{VARIABLE} asks for {asked}, which this machine does not have: it has ")?;
        } else {
            write!(f, "{VARIABLE} names no backend \"{asked}\": this machine has ")?;
        }
        f.write_str(&super::available().join(", "))
    }
}

impl core::error::Error for UnknownBackend {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_this_machine_is_found_and_no_other() {
        for (name, here) in known() {
            assert_eq!(find(Some(name.into())).is_ok(), here, "{name}");
        }
        assert_eq!(find(None), Ok(None));
        assert_eq!(find(Some("".into())), Ok(None));
        for wrong in ["nosuch", "Portable", "portable ", "all", "\u{1b}[2J"] {
            let error = find(Some(wrong.into())).unwrap_err().to_string();
            assert!(error.starts_with("JOTLAB_BACKEND names no backend \""), "{error}");
            assert!(error.ends_with("portable") && !error.contains('\u{1b}'), "{error}");
        }
    }
}
