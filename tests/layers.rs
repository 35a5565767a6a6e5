//! Who may use whom: the table of the rooms, and the check that `src/` keeps it.
//!
//! A room may use itself and the rooms of any lower line. So primitives do not know that JOSE exists,
//! jose cannot print, and nothing below the laboratory knows that it is being explained.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

mod source;

use source::{Source, sources};

/// The rooms, line by line: what stands above may use what stands below.
const LINES: [&[&str]; 7] = [
    &["ct", "random", "cpu"],
    &["sha2", "base64", "modular"],
    &["hmac", "encoding"],
    &["pbkdf2", "rsa"],
    &["jose"],
    &["explain", "vectors", "crosscheck", "issuer", "study", "client", "bearer", "service", "tour"],
    &["cli"],
];

/// A neighbour that a room may use all the same: room, used, reason.
const EXCEPTIONS: [(&str, &str, &str); 12] = [
    ("random", "ct", "random bytes become secrets at once: ct has the type that is wiped"),
    ("explain", "vectors", "the standards' figures, which stand beside the steps"),
    (
        "crosscheck",
        "vectors",
        "requests, answers and the gallery: what is asked is the same in both",
    ),
    ("crosscheck", "explain", "what the block of a wrong signature says, for both in one copy"),
    ("study", "explain", "the traces that the page steps through"),
    ("bearer", "client", "the keys that a token is verified by come from an issuer's address"),
    ("service", "bearer", "what is let through is decided in one place"),
    ("service", "client", "addresses, limits and the one request to the next service"),
    ("tour", "issuer", "the journey begins there"),
    ("tour", "bearer", "what stands in front of its services"),
    ("tour", "service", "the two services of the journey"),
    ("tour", "client", "the keys and requests of the journey"),
];

/// What `main.rs` may use.
const MAIN_USES: &str = "cli";

#[test]
fn every_room_uses_lower_lines_only() {
    let sources = sources();
    assert!(sources.len() > 20, "only {} source files found", sources.len());
    let violations: Vec<String> = sources.iter().flat_map(violations).collect();
    assert!(violations.is_empty(), "{}\nthe table: tests/layers.rs", violations.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    let sources = sources();
    for (room, used, _) in EXCEPTIONS {
        let needed = sources
            .iter()
            .filter(|source| room_of(&source.path) == room)
            .any(|source| uses(source).iter().any(|(_, name)| name == used));
        assert!(needed, "{room} no longer uses {used}: delete its line of EXCEPTIONS");
    }
}

/// What one file does against the table, each as `src/file:line: …`.
fn violations(source: &Source) -> Vec<String> {
    let room = room_of(&source.path);
    if room == "lib" {
        return vec![]; // the crate's face names every room
    }
    if room != "main" && line_of(room).is_none() {
        return vec![format!("src/{}:1: the room `{room}` is not in the table", source.path)];
    }
    let say = |(line, used): (usize, String)| {
        let why = forbidden(room, &used)?;
        Some(format!("src/{}:{line}: `{room}` uses `{used}`: {why}", source.path))
    };
    uses(source).into_iter().filter_map(say).collect()
}

/// Why `room` may not use `used`, if so.
fn forbidden(room: &str, used: &str) -> Option<String> {
    if room == "main" {
        return (used != MAIN_USES).then(|| format!("main.rs may use `{MAIN_USES}` only"));
    }
    let excepted = EXCEPTIONS.iter().any(|exception| (exception.0, exception.1) == (room, used));
    if room == used || excepted {
        return None;
    }
    let own = line_of(room)?;
    match line_of(used) {
        None => Some("the table has no such room; name the room that a thing lives in".to_owned()),
        Some(line) if line > own => Some(format!("line {line} is above line {own}")),
        Some(line) if line == own => Some(format!("both are on line {line}, neighbours")),
        Some(_) => None,
    }
}

fn line_of(room: &str) -> Option<usize> {
    LINES.iter().position(|rooms| rooms.contains(&room))
}

/// `rsa/key.rs` is in the room `rsa`, `hmac.rs` is the room `hmac`.
fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The rooms that the code of a file names, with line numbers.
fn uses(source: &Source) -> Vec<(usize, String)> {
    if source.path.ends_with("/tests.rs") {
        return vec![]; // a test module in a file of its own
    }
    let code = without_tests(&code_only(&source.text));
    let mut found = from_root(&code, "crate");
    if room_of(&source.path) == "main" {
        found.extend(from_root(&code, "jotlab"));
        return found;
    }
    // `super` as often as the module is deep is the root as well
    let inner = source.path.contains('/') && !source.path.ends_with("/mod.rs");
    let root = if inner { "super::super" } else { "super" };
    let is_room = |used: &(usize, String)| line_of(&used.1).is_some();
    found.extend(from_root(&code, root).into_iter().filter(is_room));
    found
}

/// The first names after each `root::`, those of `root::{a, b::c}` too.
fn from_root(code: &str, root: &str) -> Vec<(usize, String)> {
    let mut found = vec![];
    for (at, _) in code.match_indices(root) {
        let word_before = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = code[at + root.len()..].trim_start();
        let path = rest.strip_prefix("::").map(str::trim_start);
        let renamed = rest.starts_with("as ").then_some("*");
        let Some(path) = path.or(renamed).filter(|_| !word_before) else { continue };
        let line = code[..at].matches('\n').count() + 1;
        let names = path.strip_prefix('{').map_or_else(|| vec![first_name(path)], names_in_braces);
        found.extend(names.into_iter().map(|name| (line, name)));
    }
    found
}

/// The first name of each member of a `{…}` whose opening brace is gone.
fn names_in_braces(list: &str) -> Vec<String> {
    let (mut depth, mut start, mut names) = (0, 0, vec![]);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                names.push(first_name(list[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The identifier at the start, or `*`.
fn first_name(path: &str) -> String {
    let is_name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '*');
    path.chars().take_while(is_name).collect()
}

/// The code with the bodies of `#[cfg(test)] mod … { … }` blanked; every line keeps its number.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    for (at, mark) in code.match_indices("#[cfg(test)]") {
        let rest = &code[at + mark.len()..];
        let item = rest.trim_start();
        let (Some(open), true) = (item.find(['{', ';']), item.starts_with("mod ")) else {
            continue;
        };
        if item[open..].starts_with(';') {
            continue;
        }
        let body = at + mark.len() + (rest.len() - item.len()) + open;
        let mut depth = 0;
        let closes = |(_, c): &(usize, char)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0
        };
        let length = code[body..].char_indices().find(closes).map_or(code.len() - body, |c| c.0);
        kept.replace_range(body..body + length, &blank(&code[body..body + length]));
    }
    kept
}

/// The text with comments, strings and character literals blanked; every line keeps its number.
fn code_only(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let length = literal_or_comment(rest, code.chars().next_back());
        if length > 0 {
            code.push_str(&blank(&rest[..length]));
            rest = &rest[length..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

/// How many bytes of comment or literal stand at the start of `rest`.
fn literal_or_comment(rest: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| {
        rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    let raw = rest.strip_prefix('r').map(|after| after.trim_start_matches('#'));
    let in_word = before.is_some_and(|c| c.is_alphanumeric() && c != 'b' && c != 'c' || c == '_');
    if let Some(after) = raw.filter(|after| after.starts_with('"') && !in_word) {
        let hashes = rest.len() - after.len() - 1;
        return until(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
    }
    // 'a' and '\n' are literals, 'a without a second quote is a lifetime
    let mut after = rest.chars();
    match (after.next(), after.next(), after.next()) {
        (Some('\''), Some('\\'), _) => quoted(rest, '\''),
        (Some('\''), Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

/// The length of a literal between two `quote`s, with escapes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = true; // steps over the opening quote
    let ends = |(_, c): &(usize, char)| {
        let end = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        end
    };
    rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at + 1)
}

/// The length of a block comment: they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let (step, change) = match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (2, 1),
            [b'*', b'/', ..] => (2, -1),
            _ => (1, 0),
        };
        at += step;
        depth += change;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// Spaces of the same length, line ends kept.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

fn planted(path: &str, text: &str) -> Vec<String> {
    violations(&Source { path: path.to_owned(), text: text.to_owned() })
}

#[test]
fn a_planted_violation_is_caught() {
    let cases = [
        (
            "sha2/mod.rs",
            "\nuse crate::jose::Header;",
            "src/sha2/mod.rs:2: `sha2` uses `jose`: line 4",
        ),
        (
            "sha2/mod.rs",
            "use crate::base64;",
            "src/sha2/mod.rs:1: `sha2` uses `base64`: both are on",
        ),
        (
            "hmac.rs",
            "use crate::{sha2,\n rsa::{Key, e}, ct};",
            "src/hmac.rs:1: `hmac` uses `rsa`: line",
        ),
        (
            "hmac.rs",
            "fn f() { let r = r\"\"; crate::cli::say(r) }",
            "src/hmac.rs:1: `hmac` uses `cli`",
        ),
        ("hmac.rs", "use super::rsa;", "src/hmac.rs:1: `hmac` uses `rsa`"),
        ("rsa/key.rs", "use super::super::jose;", "src/rsa/key.rs:1: `rsa` uses `jose`"),
        ("ct.rs", "use crate::random;", "src/ct.rs:1: `ct` uses `random`: both are on line 0"),
        ("rsa/key.rs", "use crate::*;", "src/rsa/key.rs:1: `rsa` uses `*`: the table has no such"),
        (
            "main.rs",
            "fn main() { jotlab::jose::f() }",
            "src/main.rs:1: `main` uses `jose`: main.rs may",
        ),
        ("md5.rs", "", "src/md5.rs:1: the room `md5` is not in the table"),
        (
            "sha2/mod.rs",
            "#[cfg(test)]\nmod tests { use crate::jose; }\nuse crate::cli;",
            "src/sha2/mod.rs:3: `sha2` uses `cli`",
        ),
    ];
    for (path, text, expected) in cases {
        let found = planted(path, text);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
        assert!(found[0].starts_with(expected), "{path}: {text}: {found:?}");
    }
}

#[test]
fn what_is_allowed_is_let_through() {
    let cases = [
        ("jose/jws.rs", "use crate::{base64, rsa::{PublicKey}, sha2};\nuse crate::jose::jwk;"),
        ("jose/jws.rs", "use super::jwk; use super::cli;"),
        ("random.rs", "pub(crate) use crate::ct::Secret;"),
        ("sha2/mod.rs", "/// [`crate::jose`]\n// crate::cli\n/* crate::rsa /* */ crate::rsa */"),
        ("sha2/mod.rs", "const S: &str = \"crate::jose\\\"crate::rsa\"; const C: char = '\"';"),
        ("sha2/mod.rs", "const S: &[u8] = br#\"crate::jose\"crate::rsa\"#; fn f<'a>(x: &'a u8) {}"),
        ("sha2/mod.rs", "#[cfg(test)]\nmod tests { mod deeper { use crate::jose; } }"),
        ("main.rs", "fn main() -> std::process::ExitCode { jotlab::cli::run() }"),
        ("lib.rs", "pub mod cli; pub use crate::jose;"),
    ];
    for (path, text) in cases {
        assert_eq!(planted(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
