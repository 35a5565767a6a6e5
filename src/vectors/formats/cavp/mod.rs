//! NIST CAVP: `# comments`, `[K = V]` sections, `K = V` lines, one record after the other.
//!
//! What kind of file it is stands in its first comments (`"SHA-256 ShortMsg"`, `"SigVer PKCS#1 Ver 1.5"`);
//! where they are missing, in its keys. A record ends with its answer (`MD`, `Mac`, `S`, `Result`), not at a
//! blank line: some files lack one.
//!
//! | file | what |
//! |---|---|
//! | `records` | lines to records |
//! | `sha` | messages by length in bits |
//! | `chain` | the Monte Carlo chain |
//! | `mac` | HMAC |
//! | `rsa` | signatures made and to be verified (PKCS #1 v1.5) |

mod chain;
mod mac;
mod records;
mod rsa;
mod sha;

use super::{Contents, ReadError};
use crate::vectors::case::Suite;
use records::Lines;

/// Words of the first comments, and what they mean for this runner.
const OTHERS: [(&str, &str); 6] = [
    ("PKCS#1 RSASSA-PSS", "RSASSA-PSS: not yet"),
    ("X9.31", "ANSI X9.31: not part of jotlab"),
    ("OAEP", "RSAES-OAEP: not part of jotlab"),
    ("KeyGen", "key generation: not part of this runner"),
    ("SHA3-", "SHA-3: not part of jotlab"),
    ("SHAKE", "SHAKE: not part of jotlab"),
];

/// Whether the first line is a section, which is no JSON: in a file without its comments.
pub(super) fn starts_with_section(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let inner = line.trim_ascii_end().strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    inner.is_some_and(|inner| inner.contains(&b'=') && !inner.contains(&b'"'))
}

/// Reads a text that is no JSON.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Contents, ReadError> {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return Ok(Contents::Unknown("neither JSON nor text".to_owned()));
    };
    let comments = first_comments(text);
    if let Some((_, why)) = OTHERS.iter().find(|(word, _)| comments.contains(word)) {
        return Ok(Contents::OutOfScope((*why).to_owned()));
    }
    let has_key =
        |key: &str| text.lines().any(|line| records::pair(line).is_some_and(|p| p.0 == key));
    // others write Len, Msg and MD as well, of hashes that only their file's name tells
    if !comments.contains("CAVS") && !text.lines().any(|line| line.trim_start().starts_with('[')) {
        return Ok(Contents::Unknown("text without a comment or a section of NIST's".to_owned()));
    }
    let lines = Lines::new(file, text);
    let (name, cases) = if comments.contains("SigVer PKCS#1 Ver 1.5") {
        ("RSA SigVer15", rsa::verify(lines)?)
    } else if comments.contains("SigGen PKCS#1 Ver 1.5") {
        ("RSA SigGen15", rsa::generate(lines)?)
    } else if has_key("Len") && has_key("MD") {
        ("SHA", sha::messages(&comments, lines)?)
    } else if (has_key("Seed") || comments.contains("Monte")) && has_key("MD") {
        ("SHA Monte Carlo", chain::monte_carlo(&comments, lines)?)
    } else if has_key("Klen") && has_key("Mac") {
        ("HMAC", mac::codes(lines)?)
    } else if has_key("SHAAlg") && has_key("S") {
        let what =
            "signatures of an unknown scheme: NIST's first comment, which names it, is missing";
        return Ok(Contents::Unknown(what.to_owned()));
    } else {
        return Ok(Contents::Unknown("text of no format that is known here".to_owned()));
    };
    Ok(Contents::Suite(Suite {
        name: name.to_owned(),
        source: comments.lines().nth(1).unwrap_or("NIST CAVP").trim().to_owned(),
        file: file.to_owned(),
        format: "cavp",
        cases,
    }))
}

/// The comments before anything else.
fn first_comments(text: &str) -> String {
    let comment = |line: &str| match line.trim().strip_prefix('#') {
        Some(comment) => Some(comment.trim().to_owned() + "\n"),
        None => line.trim().is_empty().then(String::new),
    };
    text.lines().map_while(comment).collect()
}
