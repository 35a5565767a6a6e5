//! A signed token beside ours. Few libraries sign a header byte by byte as it is given: one that writes the
//! same members in its own way, over the same payload, is as good if it verifies.

use crate::base64::decode_url;
use crate::jose::{Jwk, json};
use crate::vectors::{Answer, Implementation, Jotlab, Request};
use serde_json::{Map, Value};

/// Whether a token that is not ours is right all the same.
pub(super) fn is_as_good(request: &Request, ours: &[u8], theirs: &[u8]) -> bool {
    let Request::JwsSign { algorithm, key, payload, .. } = request else { return false };
    let (Ok(ours), Ok(theirs)) = (str::from_utf8(ours), str::from_utf8(theirs)) else {
        return false;
    };
    // our algorithms have no randomness: what is signed being the same, the signature must be
    if ours.rsplit_once('.').map(|(input, _)| input) == theirs.rsplit_once('.').map(|(i, _)| i) {
        return false;
    }
    let same_members = header(ours).is_some_and(|ours| header(theirs) == Some(ours));
    let verify = Request::JwsVerify {
        token: theirs.to_owned(),
        payload: None,
        keys: public(key),
        algorithms: vec![algorithm.clone()],
        allow: vec![],
    };
    same_members && Jotlab::new().answer(&verify) == Answer::Output(payload.clone())
}

fn header(token: &str) -> Option<Map<String, Value>> {
    let (header, _) = token.split_once('.')?;
    json::parse_object(&decode_url(header).ok()?).ok()
}

/// What verifies: of a secret, the key itself.
fn public(key: &str) -> String {
    let public = Jwk::parse(key).ok().and_then(|key| key.to_public());
    public.map_or_else(|| key.to_owned(), |key| key.to_value().to_string())
}
