//! The parts of a request that can be changed alone.

use crate::vectors::{Message, Request};

/// A part of a request that can be changed alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Message,
    Key,
}

impl Part {
    pub(super) fn of(self, request: &Request) -> Option<Vec<u8>> {
        match (self, request) {
            (Part::Message, Request::Sha2 { message: Message::Bytes(bytes), .. }) => {
                Some(bytes.clone())
            }
            (
                Part::Message,
                Request::Hmac { message, .. }
                | Request::Pbkdf2 { salt: message, .. }
                | Request::RsaSign { message, .. }
                | Request::JwsSign { payload: message, .. },
            ) => Some(message.clone()),
            (Part::Message, Request::Base64UrlEncode { data }) => Some(data.clone()),
            (Part::Message, Request::Base64UrlDecode { text }) => Some(text.clone().into_bytes()),
            (Part::Message, Request::SecretImport { secret }) => Some(secret.clone()),
            (Part::Key, Request::Hmac { key, .. } | Request::Pbkdf2 { password: key, .. }) => {
                Some(key.clone())
            }
            _ => None,
        }
    }

    pub(super) fn with(self, request: &Request, bytes: Vec<u8>) -> Request {
        let mut changed = request.clone();
        match (self, &mut changed) {
            (Part::Message, Request::Sha2 { message, .. }) => *message = Message::Bytes(bytes),
            (
                Part::Message,
                Request::Hmac { message, .. }
                | Request::Pbkdf2 { salt: message, .. }
                | Request::RsaSign { message, .. }
                | Request::JwsSign { payload: message, .. },
            ) => *message = bytes,
            (Part::Message, Request::Base64UrlEncode { data }) => *data = bytes,
            // what is cut inside of a character is no text: it is left as it was
            (Part::Message, Request::Base64UrlDecode { text }) => {
                if let Ok(shorter) = String::from_utf8(bytes) {
                    *text = shorter;
                }
            }
            (Part::Message, Request::SecretImport { secret }) => *secret = bytes,
            (Part::Key, Request::Hmac { key, .. } | Request::Pbkdf2 { password: key, .. }) => {
                *key = bytes;
            }
            _ => {}
        }
        changed
    }
}
