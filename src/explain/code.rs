//! Where in this library a step is done: the file, the line, and the line itself.
//!
//! A place is named by words that stand there once. They are looked for when the library is compiled, so a
//! place that has moved is found again, and one that is gone does not compile.

/// A line of this library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The file, from the root of the crate: `src/sha2/compress.rs`.
    pub file: &'static str,
    /// The line, the first being 1.
    pub line: usize,
    /// What stands there, without the blanks before it.
    pub text: &'static str,
}

/// The line of a file below `src/` that holds `anchor`, which stands in the file once.
macro_rules! code {
    ($file:literal, $anchor:literal) => {
        const {
            $crate::explain::code::find(
                concat!("src/", $file),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/", $file)),
                $anchor,
            )
        }
    };
}
pub(crate) use code;

/// Looks for the one line of `source` that holds `anchor`.
#[expect(clippy::expect_used, reason = "it runs in the compiler only, and stops it")]
pub(crate) const fn find(file: &'static str, source: &'static str, anchor: &str) -> Code {
    let bytes = source.as_bytes();
    let mut found = None;
    let (mut line, mut start, mut at) = (1, 0, 0);
    while at < bytes.len() {
        if bytes[at] == b'\n' {
            line += 1;
            start = at + 1;
        } else if stands_at(bytes, at, anchor.as_bytes()) {
            assert!(found.is_none(), "the anchor stands in the file more than once");
            found = Some((line, start, at));
        }
        at += 1;
    }
    let (line, start, at) = found.expect("the anchor stands in the file");
    let mut end = at;
    while end < bytes.len() && bytes[end] != b'\n' {
        end += 1;
    }
    let text = source.split_at(end).0.split_at(start).1;
    Code { file, line, text: text.trim_ascii() }
}

const fn stands_at(bytes: &[u8], at: usize, words: &[u8]) -> bool {
    let mut i = 0;
    while i < words.len() {
        if at + i >= bytes.len() || bytes[at + i] != words[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_line_that_holds_the_anchor() {
        let code = find("src/x.rs", "one\n    two = 2;\nthree", "two");
        assert_eq!(code, Code { file: "src/x.rs", line: 2, text: "two = 2;" });
        assert_eq!(find("src/x.rs", "one\ntwo", "two").line, 2);
    }
}
