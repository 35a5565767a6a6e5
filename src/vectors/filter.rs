//! Which cases are run: by name, mark, operation, algorithm and label.

use super::case::{Case, Label, Suite};

/// What a case must be; nothing asked takes all. Of several values for one question one must match.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `file/id`, with `*` for any text and `?` for any one character.
    pub only: Vec<String>,
    /// One of the suite's own marks.
    pub flags: Vec<String>,
    /// The operation, such as `sha2` or `jws.verify`.
    pub operations: Vec<String>,
    /// The algorithm, such as `SHA-256` or `RS256`.
    pub algorithms: Vec<String>,
    /// The suite's label.
    pub labels: Vec<Label>,
}

impl Filter {
    /// Whether a case is taken.
    pub fn takes(&self, suite: &Suite, case: &Case) -> bool {
        let any = |wanted: &[String], has: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|one| has(one))
        };
        let requests = || case.questions.iter().map(|question| &question.request);
        any(&self.only, &|glob| matches(glob, &format!("{}/{}", suite.file, case.id)))
            && any(&self.flags, &|flag| case.flags.iter().any(|f| f == flag))
            && any(&self.operations, &|op| requests().any(|r| r.operation() == op))
            && any(&self.algorithms, &|alg| {
                requests().any(|r| r.algorithms().iter().any(|a| a.eq_ignore_ascii_case(alg)))
            })
            && (self.labels.is_empty() || self.labels.contains(&case.label))
    }
}

/// Whether a text is of the form of a glob: `*` stands for any text, `?` for any one character.
///
/// Taken greedily with one point to come back to, so the time is at most the product of the lengths.
pub(super) fn matches(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g + 1, t));
                g += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                g += 1;
                t += 1;
            }
            _ => match star {
                // the last star takes one character more
                Some((after, taken)) => {
                    star = Some((after, taken + 1));
                    (g, t) = (after, taken + 1);
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_take_any_text_and_question_marks_one_character() {
        for (glob, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*c", "abbbc", true),
            ("a*c", "abcb", false),
            ("*/12", "cavp/SHA256ShortMsg.rsp/12", true),
            ("*/1?", "f/1", false),
            ("*/1?", "f/19", true),
            ("**a**", "bab", true),
            ("a*b*c", "axxbyybzzc", true),
        ] {
            assert_eq!(matches(glob, text), expected, "{glob} {text}");
        }
        // time is bounded: a matcher that tries every way never comes back from this
        assert!(!matches(&"*a".repeat(40), &"a".repeat(39)));
    }
}
