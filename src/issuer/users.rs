//! The users file: one JSON object a line, passwords as PBKDF2-HMAC-SHA-256 (RFC 8018 §5.2).
//!
//! ```json
//! {"name":"alice","role":"admin","scope":"read write","password":{"hash":"PBKDF2-HMAC-SHA-256",
//!  "iterations":600000,"salt":"…","key":"…"}}
//! ```
//!
//! (One line in the file.) Salt and key are base64url. A name that nobody has costs as much as one that somebody
//! has: every check does as many iterations as the dearest user's.

use super::error::Error;
use crate::base64::{decode_url, encode_url};
use crate::ct::{self, Secret};
use crate::jose::json::{self, bounded};
use crate::random;
use crate::{pbkdf2, sha2};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The file in the issuer's directory.
pub(super) const FILE: &str = "users.jsonl";
/// What the file calls the way of hashing.
const HASH: &str = "PBKDF2-HMAC-SHA-256";
/// Iterations of a new password, unless others are asked for.
pub const ITERATIONS: u32 = 600_000;
/// The most iterations of one password: some seconds.
pub const MAX_ITERATIONS: u32 = 10_000_000;
/// The longest password, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 1024;
/// The longest name, role or scope, in bytes.
pub const MAX_NAME_BYTES: usize = 256;
/// The most users.
pub const MAX_USERS: usize = 10_000;
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;

/// Somebody who can log in.
#[derive(Clone, Debug)]
pub struct User {
    name: String,
    role: Option<String>,
    scopes: Vec<String>,
    password: Stretched,
}

/// A password as it is kept.
#[derive(Clone)]
struct Stretched {
    iterations: u32,
    salt: Vec<u8>,
    key: [u8; KEY_BYTES],
}

impl core::fmt::Debug for Stretched {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Stretched({} iterations)", self.iterations)
    }
}

impl User {
    /// A user with a password, a salt of its own, and what tokens will say of him.
    ///
    /// # Errors
    ///
    /// When the name, the password, the role or the scope is too long or has characters that it must not
    /// have, or there is no randomness.
    pub fn new(name: &str, password: &Secret, iterations: u32) -> Result<User, Error> {
        check_name("the name", name)?;
        let length = password.expose().len();
        if !(1..=MAX_PASSWORD_BYTES).contains(&length) {
            return Err(Error::User(format!(
                "a password has 1 to {MAX_PASSWORD_BYTES} bytes, this one {length}"
            )));
        }
        if !(1..=MAX_ITERATIONS).contains(&iterations) {
            return Err(Error::User(format!("iterations: from 1 to {MAX_ITERATIONS}")));
        }
        let mut salt = vec![0; SALT_BYTES];
        random::fill(&mut salt)?;
        let mut key = [0; KEY_BYTES];
        stretch(password.expose(), &salt, iterations, &mut key);
        let password = Stretched { iterations, salt, key };
        Ok(User { name: name.to_owned(), role: None, scopes: vec![], password })
    }

    /// The `role` that tokens will state.
    ///
    /// # Errors
    ///
    /// When it is too long, or has control characters.
    pub fn role(mut self, role: &str) -> Result<User, Error> {
        check_name("the role", role)?;
        self.role = Some(role.to_owned());
        Ok(self)
    }

    /// The scopes that he may ask for, separated by spaces.
    ///
    /// # Errors
    ///
    /// When one has a character that RFC 6749 §3.3 does not allow.
    pub fn scope(mut self, scope: &str) -> Result<User, Error> {
        self.scopes = scopes(scope).ok_or_else(|| {
            Error::User("scope: words of printable ASCII without \" and \\ (RFC 6749 §3.3)".into())
        })?;
        Ok(self)
    }

    /// His name, the `sub` of his tokens.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// His role.
    pub(super) fn role_name(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// What he may ask for.
    pub(super) fn scopes(&self) -> &[String] {
        &self.scopes
    }

    fn to_line(&self) -> String {
        let Stretched { iterations, salt, key } = &self.password;
        let line = Line {
            name: self.name.clone(),
            role: self.role.clone(),
            scope: self.scopes.join(" "),
            password: PasswordLine {
                hash: HASH.to_owned(),
                iterations: *iterations,
                salt: encode_url(salt),
                key: encode_url(key),
            },
        };
        serde_json::to_string(&line).unwrap_or_default()
    }

    fn of_line(line: Line) -> Result<User, String> {
        let Line { name, role, scope, password } = line;
        for (what, text) in [("name", Some(&name)), ("role", role.as_ref())] {
            text.map_or(Ok(()), |text| check_name(what, text)).map_err(|e| e.to_string())?;
        }
        let scopes = scopes(&scope).ok_or("scope: no words as of RFC 6749 §3.3")?;
        if password.hash != HASH {
            return Err(format!("password.hash: {HASH} is expected"));
        }
        if !(1..=MAX_ITERATIONS).contains(&password.iterations) {
            return Err(format!("password.iterations: from 1 to {MAX_ITERATIONS}"));
        }
        let salt = decode_url(&password.salt).map_err(|e| format!("password.salt: {e}"))?;
        let key = decode_url(&password.key).map_err(|e| format!("password.key: {e}"))?;
        let key = key.try_into().map_err(|_| format!("password.key: {KEY_BYTES} bytes"))?;
        if !(8..=64).contains(&salt.len()) {
            return Err("password.salt: 8 to 64 bytes".to_owned());
        }
        let password = Stretched { iterations: password.iterations, salt, key };
        Ok(User { name, role, scopes, password })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    scope: String,
    password: PasswordLine,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordLine {
    hash: String,
    iterations: u32,
    salt: String,
    key: String,
}

fn check_name(what: &str, text: &str) -> Result<(), Error> {
    if !(1..=MAX_NAME_BYTES).contains(&text.len()) || text.contains(char::is_control) {
        return Err(Error::User(format!(
            "{what} has 1 to {MAX_NAME_BYTES} bytes and no control characters"
        )));
    }
    Ok(())
}

/// The words of a scope (RFC 6749 §3.3), each once; nothing if one has a character that it must not have.
pub(super) fn scopes(text: &str) -> Option<Vec<String>> {
    let mut scopes: Vec<String> = vec![];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !word.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
            return None;
        }
        if !scopes.iter().any(|known| known == word) {
            scopes.push(word.to_owned());
        }
    }
    (text.len() <= MAX_NAME_BYTES).then_some(scopes)
}

/// All users.
#[derive(Clone, Debug, Default)]
pub(super) struct Users {
    by_name: BTreeMap<String, User>,
}

/// What came of looking at a name and a password.
pub(super) struct Checked<'u> {
    /// Who it is, if both are right.
    pub(super) user: Option<&'u User>,
    /// Whether there is a user of that name.
    pub(super) is_known: bool,
    /// Iterations that were done for it.
    pub(super) iterations: u32,
}

impl Users {
    /// Reads a file; `Err` with the line and what is wrong in it.
    pub(super) fn parse(text: &[u8]) -> Result<Users, (String, String)> {
        let mut users = Users::default();
        for (number, line) in text.split(|&byte| byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let wrong = |what: String| (format!("line {}", number + 1), what);
            let line: Line = json::parse(line).map_err(|error| wrong(error.to_string()))?;
            let user = User::of_line(line).map_err(wrong)?;
            if users.by_name.contains_key(&user.name) {
                return Err(wrong(format!("\"{}\" stands there already", bounded(&user.name))));
            }
            users.by_name.insert(user.name.clone(), user);
            if users.by_name.len() > MAX_USERS {
                return Err(wrong(format!("more than {MAX_USERS} users")));
            }
        }
        Ok(users)
    }

    pub(super) fn to_text(&self) -> String {
        self.by_name.values().fold(String::new(), |mut text, user| {
            let _infallible = writeln!(text, "{}", user.to_line());
            text
        })
    }

    /// Adds a user, or replaces the one of his name.
    pub(super) fn insert(&mut self, user: User) -> Option<User> {
        self.by_name.insert(user.name.clone(), user)
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }

    /// What every check costs: as many iterations as the dearest user's.
    fn price(&self) -> u32 {
        let iterations = self.by_name.values().map(|user| user.password.iterations);
        iterations.max().unwrap_or(ITERATIONS)
    }

    /// Looks at a name and a password. The work is the same whoever it is, and whether he is there or not.
    pub(super) fn check(&self, name: &str, password: &[u8]) -> Checked<'_> {
        let user = self.by_name.get(name);
        let nobody =
            Stretched { iterations: self.price(), salt: vec![0; SALT_BYTES], key: [0; 32] };
        let stored = user.map_or(&nobody, |user| &user.password);
        let mut key = [0; KEY_BYTES];
        let mut iterations = stretch(password, &stored.salt, stored.iterations, &mut key);
        let is_right = ct::eq(&key, &stored.key);
        // what the dearest user costs more, for nothing
        let rest = self.price() - stored.iterations;
        iterations += stretch(password, &stored.salt, rest, &mut key);
        ct::wipe(&mut key);
        let user_if_right = user.filter(|_| is_right);
        Checked { user: user_if_right, is_known: user.is_some(), iterations }
    }
}

/// So many iterations, and how many were done.
fn stretch(password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8; KEY_BYTES]) -> u32 {
    let done = pbkdf2::derive(sha2::Algorithm::Sha256, password, salt, iterations, key);
    // no iterations are none to be done: nothing else can be wrong with 32 bytes
    done.map_or(0, |()| iterations)
}

#[cfg(test)]
mod tests;
