//! What was asked, in a few words.

use crate::cli::voice;
use crate::crosscheck::Asked;
use crate::vectors::{Message, Request};

/// The name of a case and what it is about; of one that has no name, the request in a few words.
pub(super) fn case(asked: &Asked) -> String {
    let Asked { name, about, request } = asked;
    let what = if name.is_empty() { summary(request) } else { voice::shown(name, 100) };
    if about.is_empty() { what } else { format!("{what} ({})", voice::shown(about, 100)) }
}

/// A request in a few words.
pub(super) fn summary(request: &Request) -> String {
    let algorithms = request.algorithms().join(",");
    let size = match request {
        Request::Sha2 { message: Message::Bytes(bytes), .. } => {
            format!(" of {} bytes", bytes.len())
        }
        Request::Hmac { key, message, .. } | Request::HmacVerify { key, message, .. } => {
            format!(" of {} bytes, key of {}", message.len(), key.len())
        }
        Request::RsaSign { message, .. } | Request::RsaVerify { message, .. } => {
            format!(" of {} bytes", message.len())
        }
        Request::JwsSign { payload, .. } => format!(" of {} bytes", payload.len()),
        Request::Base64UrlEncode { data } => format!(" of {} bytes", data.len()),
        Request::Base64UrlDecode { text } => format!(" of {} letters", text.len()),
        _ => String::new(),
    };
    format!("{} {algorithms}{size}", request.operation())
}
