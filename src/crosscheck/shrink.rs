//! The smallest input that still disagrees: lengths ascending, then bytes towards 00, then the key.
//!
//! An input whose parts belong together (a token and its signature) is left as it is.

use crate::vectors::{Message, Request};

/// Lengths up to this are all tried, from the smallest.
const EVERY_LENGTH: usize = 16_384;
/// Requests that are asked at once.
const AT_ONCE: usize = 512;

/// Whether each of many requests disagrees.
type Disagree<'d> = &'d mut dyn FnMut(&[Request]) -> Vec<bool>;

/// A request that disagrees and is as small as this finds one.
pub fn shrink(request: &Request, disagree: &mut dyn FnMut(&[Request]) -> Vec<bool>) -> Request {
    let mut smallest = request.clone();
    for part in [Part::Message, Part::Key] {
        if let Some(bytes) = part.of(&smallest) {
            let bytes = shorter(&smallest, part, bytes, disagree);
            smallest = part.with(&smallest, bytes);
        }
        if let Some(bytes) = part.of(&smallest) {
            let bytes = plainer(&smallest, part, bytes, disagree);
            smallest = part.with(&smallest, bytes);
        }
    }
    smallest
}

/// A part of a request that can be changed alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Message,
    Key,
}

impl Part {
    fn of(self, request: &Request) -> Option<Vec<u8>> {
        match (self, request) {
            (Part::Message, Request::Sha2 { message: Message::Bytes(bytes), .. }) => {
                Some(bytes.clone())
            }
            (Part::Message, Request::Hmac { message, .. } | Request::RsaSign { message, .. }) => {
                Some(message.clone())
            }
            (Part::Message, Request::Base64UrlEncode { data }) => Some(data.clone()),
            (Part::Message, Request::Base64UrlDecode { text }) => Some(text.clone().into_bytes()),
            (Part::Message, Request::SecretImport { secret }) => Some(secret.clone()),
            (Part::Key, Request::Hmac { key, .. }) => Some(key.clone()),
            _ => None,
        }
    }

    fn with(self, request: &Request, bytes: Vec<u8>) -> Request {
        let mut changed = request.clone();
        match (self, &mut changed) {
            (Part::Message, Request::Sha2 { message, .. }) => *message = Message::Bytes(bytes),
            (Part::Message, Request::Hmac { message, .. } | Request::RsaSign { message, .. }) => {
                *message = bytes;
            }
            (Part::Message, Request::Base64UrlEncode { data }) => *data = bytes,
            // what is cut inside of a character is no text: it is left as it was
            (Part::Message, Request::Base64UrlDecode { text }) => {
                if let Ok(shorter) = String::from_utf8(bytes) {
                    *text = shorter;
                }
            }
            (Part::Message, Request::SecretImport { secret }) => *secret = bytes,
            (Part::Key, Request::Hmac { key, .. }) => *key = bytes,
            _ => {}
        }
        changed
    }
}

/// The shortest beginning that disagrees.
fn shorter(request: &Request, part: Part, bytes: Vec<u8>, disagree: Disagree<'_>) -> Vec<u8> {
    let lengths: Vec<usize> = if bytes.len() <= EVERY_LENGTH {
        (0..bytes.len()).collect()
    } else {
        // all short ones, and those that are the same to a block as the failing one
        let same = |length: &usize| length % 128 == bytes.len() % 128 || length.is_power_of_two();
        (0..EVERY_LENGTH).chain((EVERY_LENGTH..bytes.len()).filter(same)).collect()
    };
    for some in lengths.chunks(AT_ONCE) {
        let tries: Vec<Request> =
            some.iter().map(|&length| part.with(request, bytes[..length].to_vec())).collect();
        if let Some(at) = disagree(&tries).iter().position(|&disagrees| disagrees) {
            return bytes[..some[at]].to_vec();
        }
    }
    bytes
}

/// As many zeros as the disagreement bears: in halves, quarters, and so on to single bytes; what remains
/// goes down to its smallest value.
fn plainer(request: &Request, part: Part, mut bytes: Vec<u8>, disagree: Disagree<'_>) -> Vec<u8> {
    let filler = if matches!(request, Request::Base64UrlDecode { .. }) { b'A' } else { 0 };
    let mut piece = bytes.len().next_power_of_two();
    while piece > 0 {
        let starts: Vec<usize> = (0..bytes.len()).step_by(piece).collect();
        for start in starts {
            let end = bytes.len().min(start + piece);
            if bytes[start..end].iter().all(|&byte| byte == filler) {
                continue;
            }
            let mut zeroed = bytes.clone();
            zeroed[start..end].fill(filler);
            if disagree(&[part.with(request, zeroed.clone())]) == [true] {
                bytes = zeroed;
            }
        }
        piece /= 2;
    }
    for at in 0..bytes.len() {
        if bytes[at] == filler {
            continue;
        }
        let smaller: Vec<Vec<u8>> = (0..bytes[at])
            .map(|value| {
                let mut changed = bytes.clone();
                changed[at] = value;
                changed
            })
            .collect();
        let tries: Vec<Request> =
            smaller.iter().map(|bytes| part.with(request, bytes.clone())).collect();
        if let Some(found) = disagree(&tries).iter().position(|&disagrees| disagrees) {
            bytes.clone_from(&smaller[found]);
        }
    }
    bytes
}
