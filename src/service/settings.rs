//! The policy file of a service: TOML, read strictly, every error with its line.

use crate::bearer::Scopes;
use crate::jose::{Algorithm, Policy, Relaxation};
use core::fmt;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The most bytes of a policy file.
pub const MAX_SETTINGS_BYTES: usize = 64 << 10;

/// What a service demands of a token.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Of every token; its time is that of its reading, and replaced at each request.
    pub policy: Policy,
    /// Of a token for a path.
    pub scopes: Scopes,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    issuer: String,
    audience: Spanned<OneOrMore>,
    algorithms: Spanned<Vec<Spanned<String>>>,
    subject: Option<String>,
    typ: Option<String>,
    #[serde(default)]
    leeway: u64,
    max_age: Option<u64>,
    #[serde(default)]
    require: Vec<String>,
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    scopes: BTreeMap<String, Spanned<OneOrMore>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a string or an array of strings")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn as_slice(&self) -> &[String] {
        match self {
            OneOrMore::One(one) => std::slice::from_ref(one),
            OneOrMore::More(more) => more,
        }
    }
}

impl Settings {
    /// Reads a policy file.
    ///
    /// `issuer`, `audience` and `algorithms` must be there: without one of them a token of somebody else, for
    /// somebody else, or by another kind of key would do.
    ///
    /// # Errors
    ///
    /// When it is longer than [`MAX_SETTINGS_BYTES`], no TOML, has a name that means nothing here, lacks one
    /// that must be there, or has a value that cannot be.
    pub fn parse(text: &str) -> Result<Settings, SettingsError> {
        if text.len() > MAX_SETTINGS_BYTES {
            let what = format!("{} bytes, more than {MAX_SETTINGS_BYTES}", text.len());
            return Err(SettingsError { line: 1, what });
        }
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            SettingsError::at(text, at, error.message())
        })?;
        Ok(Settings { policy: file.policy(text)?, scopes: file.scopes(text)? })
    }
}

impl File {
    fn policy(&self, text: &str) -> Result<Policy, SettingsError> {
        let mut policy = Policy::at(0).issuer(&self.issuer).leeway(self.leeway);
        policy = policy.algorithms(self.algorithms(text)?);
        let audiences = self.audience.get_ref().as_slice();
        if audiences.is_empty() {
            return Err(SettingsError::at(text, self.audience.span().start, "no audience"));
        }
        policy = audiences.iter().fold(policy, Policy::audience);
        policy = self.subject.iter().fold(policy, Policy::subject);
        policy = self.typ.iter().fold(policy, Policy::typ);
        policy = self.require.iter().fold(policy, Policy::require);
        policy = self.max_age.iter().fold(policy, |policy, seconds| policy.max_age(*seconds));
        for name in &self.allow {
            let relaxation = Relaxation::from_name(name.get_ref()).ok_or_else(|| {
                unknown(text, name, "relaxation", &Relaxation::ALL.map(Relaxation::name))
            })?;
            policy = policy.allow(relaxation);
        }
        Ok(policy)
    }

    fn algorithms(&self, text: &str) -> Result<Vec<Algorithm>, SettingsError> {
        let names = self.algorithms.get_ref();
        if names.is_empty() {
            return Err(SettingsError::at(text, self.algorithms.span().start, "no algorithm"));
        }
        let known = |name: &Spanned<String>| {
            Algorithm::from_name(name.get_ref()).ok_or_else(|| {
                unknown(text, name, "algorithm", &Algorithm::ALL.map(Algorithm::name))
            })
        };
        names.iter().map(known).collect()
    }

    fn scopes(&self, text: &str) -> Result<Scopes, SettingsError> {
        self.scopes.iter().try_fold(Scopes::none(), |scopes, (path, needed)| {
            let added = scopes.with(path, needed.get_ref().as_slice().iter().cloned());
            added.map_err(|error| SettingsError::at(text, needed.span().start, &error.to_string()))
        })
    }
}

fn unknown(text: &str, name: &Spanned<String>, kind: &str, known: &[&str]) -> SettingsError {
    let shown = name.get_ref().escape_debug();
    let what = format!("\"{shown}\" is no {kind}: expected one of {}", known.join(", "));
    SettingsError::at(text, name.span().start, &what)
}

/// What is wrong with a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl SettingsError {
    fn at(text: &str, offset: usize, what: &str) -> SettingsError {
        let before = text.as_bytes().iter().take(offset);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        SettingsError { line, what: what.replace('\n', ", ") }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl core::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "issuer = \"a\"\naudience = \"b\"\nalgorithms = [\"RS256\"]\n";

    #[test]
    fn what_is_written_is_demanded() {
        let text = format!(
            "{LEAST}leeway = 60\ntyp = \"at+jwt\"\nrequire = [\"sub\"]\nallow = [\"small-rsa\"]\n\
             max-age = 3600\n[scopes]\n\"/a\" = \"read\"\n\"/a/b\" = [\"read\", \"write\"]\n"
        );
        let settings = Settings::parse(&text).unwrap();
        assert_eq!(settings.policy.leeway_seconds(), 60);
        assert_eq!(settings.policy.allowed(), [Algorithm::Rs256]);
        assert!(settings.policy.relaxations().allows(Relaxation::SmallRsa));
        assert_eq!(settings.scopes.needed("/a/x"), ["read"]);
        assert_eq!(settings.scopes.needed("/a/b"), ["read", "write"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let with = |line: &str| format!("{LEAST}{line}\n");
        for (text, line, words) in [
            (String::new(), 1, "missing field `issuer`"),
            ("issuer = \"a\"\naudience = \"b\"\n".to_owned(), 1, "missing field `algorithms`"),
            (with("leway = 60"), 4, "unknown field `leway`"),
            (with("leeway = -1"), 4, "invalid value"),
            (with("leeway = \"60\""), 4, "invalid type"),
            (with("issuer = \"c\""), 4, "duplicate key"),
            (with("allow = [\"everything\"]"), 4, "\"everything\" is no relaxation"),
            (with("[scopes]\n\"a\" = \"b\""), 5, "no plain path"),
            (with("[scopes]\n\"/a\" = \"b c\""), 5, "no scope"),
            (with("[scopes]\n\"/a\" = 1"), 5, "a string or an array"),
            (LEAST.replace("RS256", "none"), 3, "\"none\" is no algorithm"),
            (LEAST.replace("[\"RS256\"]", "[]"), 3, "no algorithm"),
            (LEAST.replace("\"b\"", "[]"), 2, "no audience"),
            (with("= 1"), 4, ""),
            ("#".repeat(MAX_SETTINGS_BYTES + 1), 1, "more than 65536"),
        ] {
            let error = Settings::parse(&text).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.what.contains(words), "{text}: {error}");
        }
    }
}
