//! A request as commands that everybody has, to go on with.

use crate::vectors::{Message, Request};

/// The same operation by tools that everybody has.
pub(super) fn by_hand(request: &Request) -> Vec<String> {
    match request {
        Request::Sha2 { hash, message: Message::Bytes(message) } if message.len() <= 2000 => {
            let hex = hex::encode(message);
            let name = hash.command_name();
            vec![
                format!("printf '{hex}' | xxd -r -p | openssl dgst -{name} -r"),
                format!(
                    "python3 -c \"import hashlib; print(hashlib.new('{}', bytes.fromhex('{hex}')).hexdigest())\"",
                    name.replace('-', "_")
                ),
            ]
        }
        Request::Hmac { hash, key, message, .. } if message.len() <= 2000 => {
            let name = hash.command_name();
            vec![
                format!(
                    "printf '{}' | xxd -r -p | openssl dgst -{name} -mac HMAC -macopt hexkey:{} -r",
                    hex::encode(message),
                    hex::encode(key)
                ),
                format!(
                    "python3 -c \"import hmac; print(hmac.new(bytes.fromhex('{}'), bytes.fromhex('{}'), '{}').hexdigest())\"",
                    hex::encode(key),
                    hex::encode(message),
                    name.replace('-', "_")
                ),
            ]
        }
        _ => vec![],
    }
}
