//! Which scopes a path needs (RFC 6749 §3.3): the longest path that covers it counts.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

/// Scopes by path. Without an entry a path needs none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    by_path: BTreeMap<String, Vec<String>>,
}

impl Scopes {
    /// No path needs any.
    pub fn none() -> Scopes {
        Scopes::default()
    }

    /// A path, and all below it, need these scopes, each of them. A longer path has its own.
    ///
    /// # Errors
    ///
    /// When the path is not plain (see [`is_plain`]) or ends in `/`, or a scope has a character that a scope
    /// must not have.
    pub fn with<S: Into<String>>(
        mut self,
        path: &str,
        scopes: impl IntoIterator<Item = S>,
    ) -> Result<Scopes, ScopeError> {
        if !is_plain(path) || (path.len() > 1 && path.ends_with('/')) {
            return Err(ScopeError::Path(path.to_owned()));
        }
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(ScopeError::Scope(wrong.clone()));
        }
        self.by_path.insert(path.to_owned(), scopes);
        Ok(self)
    }

    /// Whether no path needs any.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// What a path needs.
    pub fn needed(&self, path: &str) -> &[String] {
        let mut covering = path;
        loop {
            if let Some(scopes) = self.by_path.get(covering) {
                return scopes;
            }
            covering = match covering.rfind('/') {
                Some(0) if covering != "/" => "/",
                Some(at) if at > 0 => &covering[..at],
                _ => return &[],
            };
        }
    }

    /// Whether the scopes of a token, with spaces between, are all that a path needs.
    pub fn suffice(&self, path: &str, scope: &str) -> bool {
        let has: BTreeSet<&str> = scope.split(' ').collect();
        self.needed(path).iter().all(|needed| has.contains(needed.as_str()))
    }
}

/// Whether a path has one spelling only: no escapes, no empty segment but the last, none of dots. What a rule
/// is looked up by must be what the route sees.
pub fn is_plain(path: &str) -> bool {
    let is_bad = |byte: u8| !byte.is_ascii_graphic() || b"%;\\?#".contains(&byte);
    path.starts_with('/')
        && !path.bytes().any(is_bad)
        && !path.contains("//")
        && path.split('/').all(|segment| segment != "." && segment != "..")
}

/// RFC 6749 §3.3: visible, without quote and backslash.
fn is_scope(scope: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    !scope.is_empty() && scope.bytes().all(is_letter)
}

/// What cannot stand in a table of scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeError {
    /// This path.
    Path(String),
    /// This scope.
    Scope(String),
}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScopeError::Path(path) => write!(
                f,
                "\"{}\" is no plain path: it begins with /, does not end with it, and has no escapes, dots or empty segments",
                path.escape_debug()
            ),
            ScopeError::Scope(scope) => {
                write!(f, "\"{}\" is no scope (RFC 6749 §3.3)", scope.escape_debug())
            }
        }
    }
}

impl core::error::Error for ScopeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_path_that_covers_counts() {
        let scopes = Scopes::none().with("/", ["in"]).unwrap();
        let scopes = scopes.with("/orders", ["read", "more"]).unwrap();
        let scopes = scopes.with("/orders/open", [] as [&str; 0]).unwrap();
        for (path, needed) in [
            ("/", "in"),
            ("/x", "in"),
            ("/ordersx", "in"),
            ("/orders", "read more"),
            ("/orders/", "read more"),
            ("/orders/1/2", "read more"),
            ("/orders/open", ""),
            ("/orders/open/3", ""),
        ] {
            assert_eq!(scopes.needed(path).join(" "), needed, "{path}");
        }
        assert!(scopes.suffice("/orders", "more x read") && !scopes.suffice("/orders", "read"));
        assert!(
            !scopes.suffice("/", "")
                && !scopes.suffice("/", "inn")
                && scopes.suffice("/orders/open", "")
        );
        assert_eq!(Scopes::none().needed("/a/b"), &[] as &[String]);
    }

    #[test]
    fn a_path_with_two_spellings_is_not_plain() {
        for path in
            ["", "a", "//", "/a//b", "/a/./b", "/a/..", "/%61", "/a;b", "/ä", "/a\\b", "/a b"]
        {
            assert!(!is_plain(path), "{path}");
            assert!(Scopes::none().with(path, ["a"]).is_err(), "{path}");
        }
        for path in ["/", "/a", "/a/", "/a.b/c", "/..a"] {
            assert!(is_plain(path), "{path}");
        }
        assert!(Scopes::none().with("/a/", ["a"]).is_err());
        for scope in ["", "a b", "a\"b", "a\\b", "ä"] {
            assert!(Scopes::none().with("/a", [scope]).is_err(), "{scope}");
        }
    }
}
