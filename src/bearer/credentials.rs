//! The token in a request (RFC 6750 §2): in the header Authorization, once, and nowhere else.

use super::refusal::Refusal;
use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::http::request::Parts;

/// The token of a request.
///
/// # Errors
///
/// [`Refusal::NoToken`] where there is none or another scheme, [`Refusal::BadRequest`] where there are two, it
/// stands in the URL, or it is not of the form of one.
pub(super) fn token(parts: &Parts) -> Result<&str, Refusal> {
    // RFC 6750 §2.3: what stands in a URL stands in logs and histories
    if parts.uri.query().is_some_and(names_a_token) {
        return Err(Refusal::BadRequest("a token in the URL is not taken"));
    }
    let token = authorization(&parts.headers)?;
    let is_of_form = |token: &str| {
        // RFC 6750 §2.1: b64token
        let token = token.trim_end_matches('=');
        !token.is_empty() && token.bytes().all(|byte| IS_LETTER[usize::from(byte)])
    };
    match token {
        token if is_of_form(token) => Ok(token),
        _ => Err(Refusal::BadRequest("what follows Bearer is not of the form of a token")),
    }
}

/// The bytes of a b64token before its padding (RFC 6750 §2.1): a table, for every request is looked at.
const IS_LETTER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let letter = byte as u8;
        table[byte] = letter.is_ascii_alphanumeric()
            || matches!(letter, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
        byte += 1;
    }
    table
};

/// What follows `Bearer`.
fn authorization(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let first = values.next().ok_or(Refusal::NoToken)?;
    // RFC 6750 §3.1: more than one method, or one of them twice
    if values.next().is_some() {
        return Err(Refusal::BadRequest("more than one header Authorization"));
    }
    let not_text = |_| Refusal::BadRequest("the header Authorization is no text");
    let value = first.to_str().map_err(not_text)?;
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    // RFC 9110 §11.1: schemes ignore case
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::NoToken);
    }
    Ok(rest.trim_matches(' '))
}

fn names_a_token(query: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some("access_token"))
}
