//! The fields of a URL's query or of a sent form (`application/x-www-form-urlencoded`), strictly read: what is
//! not UTF-8, or stands there twice, is refused with its offset instead of being guessed at.

use super::refusal::Refusal;
use crate::base64;
use crate::encoding::form;

/// The most fields of one form.
const MAX_FIELDS: usize = 32;

/// Names that a URL must not hold: a history would keep them.
const SECRET_NAMES: [&str; 3] = ["token", "key", "secret"];

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    fields: Vec<(String, String)>,
    /// Whether it came as a sent form, not in a URL.
    sent: bool,
}

impl Fields {
    /// The fields of a URL.
    pub(super) fn of_query(query: &str) -> Result<Fields, Refusal> {
        let fields = read(query.as_bytes(), "the URL")?;
        match fields.iter().find(|(name, _)| SECRET_NAMES.contains(&name.as_str())) {
            None => Ok(Fields { fields, sent: false }),
            Some((name, _)) => Err(Refusal::input(
                format!("the field {name} of the URL"),
                "a token, a key or a secret in a URL stays in histories and logs: send the form",
                "RFC 6750 §5.3: no tokens in URLs",
            )),
        }
    }

    /// The fields of a sent form.
    pub(super) fn of_body(body: &[u8]) -> Result<Fields, Refusal> {
        Ok(Fields { fields: read(body, "the sent form")?, sent: true })
    }

    /// Whether it came as a sent form.
    pub(super) fn is_sent(&self) -> bool {
        self.sent
    }

    /// A field, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A field, or what stands for it.
    pub(super) fn or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.get(name).unwrap_or(default)
    }

    /// A field of at most `most` bytes.
    pub(super) fn at_most<'a>(
        &'a self,
        name: &str,
        default: &'a str,
        most: usize,
    ) -> Result<&'a str, Refusal> {
        let text = self.or(name, default);
        if text.len() > most {
            return Err(Refusal::input(
                format!("the field {name}"),
                format!("{} bytes, where this page shows at most {most}", text.len()),
                "a page stays small enough to be read; the command has no such limit",
            ));
        }
        Ok(text)
    }

    /// The bytes of a field, which is text, or `hex:…`, or `b64u:…`, as on the command line.
    pub(super) fn bytes(&self, name: &str, default: &str, most: usize) -> Result<Vec<u8>, Refusal> {
        let text = self.at_most(name, default, most)?;
        let refuse = |what: String, rule| Refusal::input(format!("the field {name}"), what, rule);
        if let Some(digits) = text.strip_prefix("hex:") {
            return hex::decode(digits)
                .map_err(|error| refuse(format!("after hex: {error}"), "pairs of hex digits"));
        }
        match text.strip_prefix("b64u:") {
            Some(letters) => base64::decode_url(letters)
                .map_err(|error| refuse(format!("after b64u: {error}"), "RFC 4648 §5")),
            None => Ok(text.as_bytes().to_vec()),
        }
    }

    /// A whole number up to `most`.
    pub(super) fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(text) = self.get(name) else { return Ok(default) };
        text.parse().ok().filter(|number| *number <= most).ok_or_else(|| {
            Refusal::input(
                format!("the field {name}"),
                format!("{text:?} is not a whole number from 0 to {most}"),
                "a step of this page",
            )
        })
    }
}

/// The pairs of `a=1&b=2`, each name once.
fn read(text: &[u8], place: &str) -> Result<Vec<(String, String)>, Refusal> {
    form::read(text, MAX_FIELDS).map_err(|error| {
        let place = format!("{place}, at offset {}", error.offset);
        Refusal::input(place, error.reason.to_string(), FORM_RULE)
    })
}

const FORM_RULE: &str = "application/x-www-form-urlencoded, in UTF-8";

/// A path with fields, as a link: every other byte than letters, digits and `-._~` as `%41`.
pub(super) fn link(path: &str, fields: &[(&str, &str)]) -> String {
    let mut link = path.to_owned();
    for (i, (name, value)) in fields.iter().enumerate() {
        link.push(if i == 0 { '?' } else { '&' });
        link.push_str(name);
        link.push('=');
        for byte in value.bytes() {
            match byte {
                b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                    link.push(char::from(byte));
                }
                other => link.push_str(&format!("%{other:02X}")),
            }
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_back() {
        let text = "a b&c=d%é\u{0}+🙂<script>";
        let link = link("/x", &[("message", text), ("step", "b0.r1")]);
        let fields = Fields::of_query(link.split_once('?').unwrap().1).unwrap();
        assert_eq!((fields.get("message"), fields.get("step")), (Some(text), Some("b0.r1")));
    }

    #[test]
    fn what_is_not_a_form_is_refused_where_it_is_wrong() {
        for query in ["a=%4", "a=%zz", "a=%ff", "a=1&a=2", "token=x", "secret=", "%74oken=x"] {
            assert!(Fields::of_query(query).is_err(), "{query}");
        }
        for query in ["", "&&", "a", "a=", "=b", "a=1&&b=2"] {
            assert!(Fields::of_query(query).is_ok(), "{query}");
        }
        assert!(Fields::of_body(b"token=x").is_ok());
    }
}
