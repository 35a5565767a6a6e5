//! The newcomer's map: which section of which standard is obeyed where.
//!
//! A citation has one spelling, `RFC 8017 §8.2.2`, so that a program can collect them and a reader can
//! search for them. `docs/map.md` is what was collected; this test makes it and fails when it is old.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use source::{Source, sources};

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/map.md");
/// Above it in the map: written by people. Below: written by this test.
const MARKER: &str = "<!-- made by: JOTLAB_BLESS=1 cargo test --test citations -->\n";
const BLESS: &str = "JOTLAB_BLESS=1 cargo test --test citations";

/// What a standard is called in the map.
const TITLES: [(&str, &str); 41] = [
    ("FIPS 180-4", "SHA-2"),
    ("FIPS 186-5", "digital signatures: RSA keys and primes"),
    ("FIPS 198-1", "HMAC"),
    ("RFC 2104", "HMAC"),
    ("RFC 3986", "URIs"),
    ("RFC 4231", "test vectors for HMAC"),
    ("RFC 4648", "base 64"),
    ("RFC 4868", "HMAC with SHA-2 in IPsec"),
    ("RFC 5280", "certificates"),
    ("RFC 5480", "elliptic-curve keys in certificates"),
    ("RFC 5958", "PKCS #8, private keys"),
    ("RFC 6585", "more status codes of HTTP"),
    ("RFC 6749", "OAuth 2.0"),
    ("RFC 6750", "bearer tokens"),
    ("RFC 6761", "names for special use"),
    ("RFC 7468", "PEM"),
    ("RFC 7493", "I-JSON"),
    ("RFC 7515", "JWS"),
    ("RFC 7516", "JWE"),
    ("RFC 7517", "JWK"),
    ("RFC 7518", "JWA, the algorithms"),
    ("RFC 7519", "JWT"),
    ("RFC 7520", "the JOSE cookbook"),
    ("RFC 7638", "JWK thumbprints"),
    ("RFC 7797", "unencoded payloads, `b64`"),
    ("RFC 7914", "scrypt, with test vectors for PBKDF2"),
    ("RFC 8017", "PKCS #1, RSA"),
    ("RFC 8018", "PKCS #5, PBKDF2"),
    ("RFC 8037", "EdDSA in JOSE"),
    ("RFC 8259", "JSON"),
    ("RFC 8414", "what an authorization server says of itself"),
    ("RFC 8693", "token exchange"),
    ("RFC 8725", "JWT best practices"),
    ("RFC 9068", "access tokens that are JWTs"),
    ("RFC 9110", "HTTP"),
    ("RFC 9111", "HTTP caches"),
    ("RFC 9112", "HTTP/1.1"),
    ("RFC 9278", "JWK thumbprints as URIs"),
    ("SP 800-132", "keys from passwords"),
    ("SP 800-56B", "RSA key pairs"),
    ("X.690", "DER"),
];

/// Standard, then section in the order of the book, then files.
type Map = BTreeMap<String, BTreeMap<Section, BTreeSet<String>>>;

/// A section's parts; numbers are by value and come before letters: 4.1.9 < 4.1.11 < A.1.
type Section = Vec<(bool, usize, String)>;

#[test]
fn the_map_in_docs_is_what_the_source_cites() {
    let mut map = Map::new();
    for source in sources().iter().filter(|source| obeys(source)) {
        collect(source, &mut map);
    }
    assert!(map.len() > 5, "citations were lost: {:?}", map.keys());
    let old = std::fs::read_to_string(MAP).expect("docs/map.md").replace("\r\n", "\n");
    let (head, _) = old.split_once(MARKER).expect("the marker line in docs/map.md");
    let new = format!("{head}{MARKER}{}", render(&map));
    if std::env::var_os("JOTLAB_BLESS").is_some() {
        std::fs::write(MAP, new).unwrap();
        return;
    }
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (was, is) = (lines(&old), lines(&new));
    let gone = was.difference(&is).map(|line| format!("-{line}"));
    let changes: Vec<_> = gone.chain(is.difference(&was).map(|line| format!("+{line}"))).collect();
    assert!(old == new, "docs/map.md is old; run: {BLESS}\n{}", changes.join("\n"));
}

#[test]
fn every_citation_has_the_one_spelling() {
    let wrong: Vec<String> = sources().iter().flat_map(misspelt).collect();
    assert!(wrong.is_empty(), "write `RFC 8017 §8.2.2`:\n{}", wrong.join("\n"));
}

/// Whether a file obeys what it cites. Seeded bugs, the cases that catch them, and a diagnosis cite what is
/// broken.
fn obeys(source: &Source) -> bool {
    !["vectors/gallery/", "vectors/forge/", "crosscheck/", "explain/diagnosis/"]
        .iter()
        .any(|room| source.path.starts_with(room))
}

/// Adds the citations of one file.
fn collect(source: &Source, map: &mut Map) {
    let (text, _) = running_text(&source.text);
    for (at, _) in text.match_indices('§') {
        let Some(standard) = standard_before(&text[..at]) else { continue };
        let section = number(&text[at + '§'.len_utf8()..]);
        let files = map.entry(standard.to_owned()).or_default().entry(parts(section)).or_default();
        files.insert(source.path.clone());
    }
}

/// The file as one line without comment marks, for a citation may break over two lines; and where in it
/// each line starts.
fn running_text(text: &str) -> (String, Vec<usize>) {
    let (mut joined, mut starts) = (String::new(), vec![]);
    for line in text.lines() {
        starts.push(joined.len());
        let line = line.trim();
        let words = ["///", "//!", "//"].iter().find_map(|mark| line.strip_prefix(mark));
        joined.push_str(words.unwrap_or(line).trim());
        joined.push(' ');
    }
    (joined, starts)
}

/// The standard that the `§` after `text` belongs to: the one just before it, or, in a list such as
/// `RFC 7468 §4, §10 and §13` or `FIPS 180-4 §6.2.2 step 1, §6.4.2`, the list's.
fn standard_before(text: &str) -> Option<&str> {
    let named = text.strip_suffix(' ')?;
    if let Some(standard) = standard_at_end(named) {
        return Some(standard);
    }
    let (before, between) = text.rsplit_once('§')?;
    let goes_on = |word: &str| {
        let word = word.trim_matches([',', ':', ' ']);
        let list = ["and", "or", "with", "to", "step", "steps", "end", "note", ""].contains(&word);
        list || word.len() < 8 && word.starts_with(|c: char| c.is_ascii_digit())
    };
    let after_number = &between[number(between).len()..];
    after_number.split(' ').all(goes_on).then(|| standard_before(before)).flatten()
}

/// The standard's name at the end of `text`.
fn standard_at_end(text: &str) -> Option<&str> {
    let last = text.rfind(' ').map_or(0, |at| at + 1);
    let first = text[..last].trim_end().rfind([' ', '(', '`', '"', '[']).map_or(0, |at| at + 1);
    let (one, two) = (&text[last..], &text[first..]);
    let one = one.trim_start_matches(['(', '`', '"', '[']);
    is_standard(two).then_some(two).or_else(|| is_standard(one).then_some(one))
}

/// `RFC 8017`, `FIPS 180-4`, `SP 800-56B`, `X.690`.
fn is_standard(name: &str) -> bool {
    let all = |text: &str, allowed: fn(char) -> bool| {
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(allowed)
    };
    let dashed = |c: char| c.is_ascii_digit() || c == '-';
    match name.split_once(' ') {
        Some(("RFC", number)) => all(number, |c| c.is_ascii_digit()),
        Some(("FIPS", number)) => all(number, dashed),
        Some(("SP", number)) => all(number, |c| c.is_ascii_alphanumeric() || c == '-'),
        Some(_) => false,
        None => name.strip_prefix("X.").is_some_and(|number| all(number, |c| c.is_ascii_digit())),
    }
}

/// The section's number at the start: `8.2.2`, `A.1.3`.
fn number(text: &str) -> &str {
    let length = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(text.len());
    text[..length].trim_end_matches('.')
}

fn parts(section: &str) -> Section {
    let part = |part: &str| match part.parse() {
        Ok(number) => (false, number, String::new()),
        Err(_) => (true, 0, part.to_owned()),
    };
    section.split('.').map(part).collect()
}

fn render(map: &Map) -> String {
    let mut text = String::new();
    for (standard, sections) in map {
        let title = TITLES.iter().find(|(name, _)| name == standard);
        let title =
            title.unwrap_or_else(|| panic!("tests/citations.rs has no title for {standard}"));
        write!(text, "\n## {standard}: {}\n\n", title.1).unwrap();
        for (section, files) in sections {
            let link = |file: &String| format!("[{file}](../src/{file})");
            let files: Vec<String> = files.iter().map(link).collect();
            let part = |(letters, number, word): &(bool, usize, String)| {
                if *letters { word.clone() } else { number.to_string() }
            };
            let section: Vec<String> = section.iter().map(part).collect();
            writeln!(text, "- §{}: {}", section.join("."), files.join(", ")).unwrap();
        }
    }
    text
}

/// Each wrong spelling in a file, as `src/file:line: …`.
fn misspelt(source: &Source) -> Vec<String> {
    let (text, starts) = running_text(&source.text);
    let wrong = wrong_signs(&text).chain(wrong_numbers(&text)).chain(written_out(&text));
    let line = |at: usize| starts.iter().take_while(|start| **start <= at).count();
    wrong.map(|(at, why)| format!("src/{}:{}: {why}", source.path, line(at))).collect()
}

/// Each `§` with the wrong thing before or after it.
fn wrong_signs(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    text.match_indices('§').filter_map(|(at, sign)| {
        let after = &text[at + sign.len()..];
        let section = number(after);
        let of = after[section.len()..].strip_prefix(" of ");
        let named = text[..at].trim_end_matches([' ', ',', ':']);
        if !section.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) {
            Some((at, "the number comes right after §"))
        } else if of.is_some_and(names_standard) {
            Some((at, "the standard comes before its §"))
        } else if standard_at_end(named).is_some() && &text[named.len()..at] != " " {
            Some((at, "one space comes between the standard and §"))
        } else {
            None
        }
    })
}

/// `RFC8017`, `RFC-8017`; not `RFC7515_A2`, which is a name in the code.
fn wrong_numbers(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    ["RFC", "FIPS", "SP"].into_iter().flat_map(|word| words_at(text, word)).filter_map(|found| {
        let number = found.1.strip_prefix('-').unwrap_or(found.1);
        let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let wrong = digits > 2 && !number[digits..].starts_with('_');
        wrong.then_some((found.0, "a space comes before the standard's number"))
    })
}

/// `section 8.2`, `Section A.1`.
fn written_out(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let words = ["section", "Section", "sections", "Sections", "sec.", "Sec.", "Sect."];
    words.into_iter().flat_map(|word| words_at(text, word)).filter_map(|(at, after)| {
        let after = after.strip_prefix(' ')?;
        let first = after.chars().next()?;
        let letter = first.is_ascii_uppercase() && after[1..].starts_with('.');
        (letter || first.is_ascii_digit()).then_some((at, "a section is written §"))
    })
}

fn names_standard(text: &str) -> bool {
    ["RFC", "FIPS", "SP 800", "SP800", "X.690"].iter().any(|name| text.starts_with(name))
}

/// Where `word` stands with no letter before it, and what comes after it.
fn words_at<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .filter(move |(at, _)| !text[..*at].ends_with(inside))
        .map(move |(at, _)| (at, &text[at + word.len()..]))
}

fn planted(text: &str) -> Source {
    Source { path: "rsa/key.rs".to_owned(), text: text.to_owned() }
}

#[test]
fn citations_are_read_as_people_read_them() {
    let cases = [
        ("// RFC 8017 §8.2.2 step 1", "RFC 8017 §8.2.2"),
        ("(FIPS 186-5 §A.1.3, §B.3)", "FIPS 186-5 §A.1.3 §B.3"),
        ("FIPS 180-4 §6.2.2 steps 2 and 3, §6.4.2.", "FIPS 180-4 §6.2.2 §6.4.2"),
        ("/// step 1, FIPS\n    /// 198-1 §4 steps 1 to 3", "FIPS 198-1 §4"),
        ("RFC 7468 §4, §10 and §13; the", "RFC 7468 §4 §10 §13"),
        ("RFC 8017 §5.2.2 with §8.2.2 steps 2a–c", "RFC 8017 §5.2.2 §8.2.2"),
        ("[SP 800-56B §C.2]", "SP 800-56B §C.2"),
        ("ITU-T X.690 §8 and §10", "X.690 §8 §10"),
        ("RFC 7515 §4.1.11, RFC 7515 §4.1.9", "RFC 7515 §4.1.9 §4.1.11"),
        ("RFC 8017 (M. Nemec, 2017, §2.3)", ""),
        ("RFC 7515 §2 says so. The table (§4)", "RFC 7515 §2"),
    ];
    for (text, expected) in cases {
        let mut map = Map::new();
        collect(&planted(text), &mut map);
        let list = render(&map).replace("(../src/rsa/key.rs)", "").replace(": [rsa/key.rs]", "");
        let shape = |line: &str| match line.strip_prefix("## ") {
            Some(title) => title.split(": ").next().unwrap().to_owned(),
            None => line.replace("- ", ""),
        };
        let found: Vec<String> = list.lines().filter(|l| !l.is_empty()).map(shape).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }
}

#[test]
fn a_wrong_spelling_is_caught() {
    let wrong = [
        "RFC8017 §8.2",
        "RFC-8017",
        "FIPS180-4",
        "SP800-56B",
        "section 8.2.2 of RFC 8017",
        "Section 8.2",
        "Section A.1",
        "§8.2 of RFC 8017",
        "RFC 8017, §8.2",
        "RFC 8017 § 8.2",
        "RFC 8017 §§8, 9",
        "RFC 8017§8",
    ];
    for text in wrong {
        let found = misspelt(&planted(&format!("\n// {text}")));
        assert!(found.iter().any(|f| f.starts_with("src/rsa/key.rs:2: ")), "{text}: {found:?}");
    }
    let right = [
        "RFC 8017 §8.2",
        "RFC 7515 appendix F",
        "this section: &'static str",
        "const RFC7515_A2: u8 = 1;",
        "FIPS 180-4 §4.1.2–3, §6.2.2",
        "\"rfc/rfc7515.json\"",
        "FIPS 186-5 table B.1",
        "(§3)",
    ];
    for text in right {
        assert_eq!(misspelt(&planted(text)), Vec::<String>::new(), "{text}");
    }
}
