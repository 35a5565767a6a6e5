//! What is asked of the token endpoint: a form with a name and a password (RFC 6749 §4.3.2), strictly read.

use super::refusal::{Code, Refusal};
use super::users::{self, MAX_NAME_BYTES, MAX_PASSWORD_BYTES};
use crate::ct::Secret;
use crate::encoding::form;
use axum::body::{self, Body, Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use std::time::Duration;
use tokio::time;

/// The most bytes of a form: the longest name and password with each byte written as `%41`, and room.
pub const MAX_FORM_BYTES: usize = 8 << 10;
/// The most fields.
const MAX_FIELDS: usize = 16;
/// How long a form is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a form says that it is.
const FORM: &str = "application/x-www-form-urlencoded";

/// A name, a password, and what the token shall be good for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) password: Secret,
    /// The scope that was asked for; none for all that there is.
    pub(super) scopes: Option<Vec<String>>,
}

impl Asked {
    /// Reads a form.
    pub(super) fn read(body: &[u8]) -> Result<Asked, Refusal> {
        let wrong = |why: String| Refusal::new(Code::InvalidRequest, why);
        let mut fields =
            form::read(body, MAX_FIELDS).map_err(|e| wrong(format!("the form {e}")))?;
        // RFC 6749 §3.2: what has no value was not sent, what is unknown is passed over
        fields.retain(|(_, value)| !value.is_empty());
        let mut take = |name: &str| {
            let at = fields.iter().position(|(own, _)| own == name)?;
            Some(fields.swap_remove(at).1)
        };
        let grant = take("grant_type").ok_or_else(|| wrong("grant_type is missing".to_owned()))?;
        if grant != "password" {
            let why = "grant_type: password is the only one here".to_owned();
            return Err(Refusal::new(Code::UnsupportedGrantType, why));
        }
        let name = take("username").ok_or_else(|| wrong("username is missing".to_owned()))?;
        let password = take("password").ok_or_else(|| wrong("password is missing".to_owned()))?;
        let password = Secret::new(password.into_bytes());
        for (what, length, most) in [
            ("username", name.len(), MAX_NAME_BYTES),
            ("password", password.expose().len(), MAX_PASSWORD_BYTES),
        ] {
            if length > most {
                return Err(wrong(format!("{what}: {length} bytes, {most} are the most")));
            }
        }
        let scopes = match take("scope") {
            None => None,
            Some(text) => Some(users::scopes(&text).ok_or_else(|| {
                let why = "scope: words of printable ASCII without \" and \\".to_owned();
                Refusal::new(Code::InvalidScope, why)
            })?),
        };
        Ok(Asked { name, password, scopes })
    }
}

/// Whether the body is a form (RFC 6749 appendix B).
pub(super) fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (first, second) = (types.next(), types.next());
    let kind = first.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if second.is_some() || !kind.eq_ignore_ascii_case(FORM) {
        return Err(Refusal::new(Code::InvalidRequest, format!("Content-Type: {FORM} is needed")));
    }
    Ok(())
}

/// The bytes of a form. What is announced as too long is refused before it is waited for.
pub(super) async fn sent(body: Body) -> Result<Bytes, Refusal> {
    let too_long = || {
        let why = format!("a form has at most {MAX_FORM_BYTES} bytes, and comes as a whole");
        Refusal::new(Code::TooLong, why)
    };
    if body.size_hint().lower() > MAX_FORM_BYTES as u64 {
        return Err(too_long());
    }
    match time::timeout(PATIENCE, body::to_bytes(body, MAX_FORM_BYTES)).await {
        Ok(bytes) => bytes.map_err(|_| too_long()),
        Err(_elapsed) => {
            Err(Refusal::new(Code::TooSlow, "the form did not arrive as a whole".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(form: &str) -> Result<Asked, &'static str> {
        Asked::read(form.as_bytes()).map_err(|refusal| refusal.code.name())
    }

    #[test]
    fn a_form_is_read_as_it_was_meant() {
        let form =
            "grant_type=password&username=al+ice%40b&password=%26%3D%2b+&scope=a+b&client_id=x&x=";
        let asked = code(form).unwrap();
        assert_eq!((asked.name.as_str(), asked.password.expose()), ("al ice@b", &b"&=+ "[..]));
        assert_eq!(asked.scopes.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
        let empty = code("grant_type=password&username=a&password=b&scope=").unwrap();
        assert_eq!(empty.scopes, None);
        assert!(!format!("{asked:?}").contains("&=+"));
    }

    #[test]
    fn what_is_no_such_form_is_refused() {
        let long = format!("grant_type=password&username={}&password=b", "a".repeat(257));
        for (form, expected) in [
            ("", "invalid_request"),
            ("grant_type=password", "invalid_request"),
            ("grant_type=password&username=a", "invalid_request"),
            ("grant_type=password&username=a&password=", "invalid_request"),
            ("grant_type=password&username=a&username=a&password=b", "invalid_request"),
            ("grant_type=password&grant_type=password&username=a&password=b", "invalid_request"),
            ("grant_type=password&username=%ff&password=b", "invalid_request"),
            ("grant_type=password&username=a%0&password=b", "invalid_request"),
            ("{\"grant_type\":\"password\"}", "invalid_request"),
            (long.as_str(), "invalid_request"),
            ("grant_type=client_credentials&username=a&password=b", "unsupported_grant_type"),
            ("grant_type=Password&username=a&password=b", "unsupported_grant_type"),
            ("grant_type=password&username=a&password=b&scope=a%22", "invalid_scope"),
        ] {
            assert_eq!(code(form).err(), Some(expected), "{form}");
        }
    }
}
