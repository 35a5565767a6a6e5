//! One code path: what is explained is what runs. So `src/explain` holds no arithmetic of an algorithm.

use super::source::sources;

/// What a second copy of an algorithm could not do without.
const ARITHMETIC: [&str; 19] = [
    "rotate_left",
    "rotate_right",
    "rotr(",
    "Wrapping",
    "wrapping_",
    "overflowing_",
    "carrying_",
    "modpow",
    ".pow(",
    "modinv",
    "% n",
    "% &n",
    "% p",
    "0x36",
    "0x5c",
    " << ",
    " >> ",
    "to_be_bytes()",
    "from_be_bytes",
];

#[test]
fn the_room_holds_no_arithmetic_of_an_algorithm() {
    let sources = sources();
    let room: Vec<_> = sources.iter().filter(|s| s.path.starts_with("explain/")).collect();
    assert!(room.len() > 10, "only {} files", room.len());
    for source in room {
        for (number, line) in source.text.lines().enumerate() {
            // tests may judge by other means; anchors and sentences are no code
            if line.contains("#[cfg(test)]") {
                break;
            }
            let code = without_strings(line);
            for word in ARITHMETIC {
                let at = format!("src/{}:{}", source.path, number + 1);
                assert!(!code.contains(word), "{at}: `{word}` in {line}");
            }
        }
    }
}

/// A line without its string literals and its comment.
fn without_strings(line: &str) -> String {
    let line = line.split("//").next().unwrap_or_default().replace("\\\"", "");
    line.split('"').step_by(2).collect()
}

#[test]
fn a_planted_rotation_would_be_seen() {
    let planted = without_strings("    let x = w.rotate_right(7); // \"fine\"");
    assert!(ARITHMETIC.iter().any(|word| planted.contains(word)));
    let anchor = without_strings("const A: Code = code!(\"x.rs\", \"w.rotate_right(7)\");");
    assert!(!ARITHMETIC.iter().any(|word| anchor.contains(word)));
}
