//! Every question of the suites that come with the library.

use crate::peer::Peer;
use jotlab::vectors::{self, Answer, Expected, Label, Message, Overlay, Request};
use serde_json::Value;
use std::sync::LazyLock;

/// One question.
pub(crate) struct Question {
    /// Its suite and case.
    pub(crate) name: String,
    pub(crate) request: Request,
    /// Whether the suite says that it must be accepted.
    pub(crate) valid: bool,
}

static ALL: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let known = vectors::known().unwrap();
    let mut all = vec![];
    for mut suite in vectors::embedded().unwrap() {
        known.apply(&mut suite);
        for case in suite.cases.iter().filter(|case| case.skip.is_none()) {
            for (number, question) in case.questions.iter().enumerate() {
                let request = question.request.clone();
                if is_asked_of_nobody(&request) {
                    continue;
                }
                let label = match &case.overlay {
                    Some(Overlay::Erratum { label, .. }) => *label,
                    _ => case.label,
                };
                all.push(Question {
                    name: format!("{} {} ({number}): {}", suite.file, case.id, case.comment),
                    valid: label == Label::Valid
                        && !matches!(question.expected, Expected::Refuse(_)),
                    request,
                });
            }
        }
    }
    all
});

/// No adapter has a primality test, and half a gigabyte takes each of them seconds.
fn is_asked_of_nobody(request: &Request) -> bool {
    match request {
        Request::IsPrime { .. } => true,
        Request::Sha2 { message: Message::Repeated { bytes, .. }, .. } => *bytes > 64 << 20,
        _ => false,
    }
}

/// Those that a peer declares, within its limits.
pub(crate) fn for_peer(peer: &Peer) -> Vec<&'static Question> {
    ALL.iter().filter(|question| is_declared(peer, &question.request)).collect()
}

fn is_declared(peer: &Peer, request: &Request) -> bool {
    let Some(declared) = peer.algorithms(request.operation()) else { return false };
    let asked = request.algorithms();
    let known = asked.is_empty() || asked.iter().any(|one| declared.contains(one));
    known && is_within_limits(&peer.hello["limits"], request)
}

fn is_within_limits(limits: &Value, request: &Request) -> bool {
    let sum = |chunks: &[Vec<u8>]| chunks.iter().map(Vec::len).sum::<usize>() as u64;
    let (bytes, bits) = match request {
        Request::Sha2 { message: Message::Bits(..), .. } => return false,
        Request::Sha2 { message: Message::Bytes(bytes), .. } => (bytes.len() as u64, None),
        Request::Sha2 { message: Message::Repeated { bytes, .. }, .. } => (*bytes, None),
        Request::Sha2 { message: Message::Chunks(chunks), .. } => (sum(chunks), None),
        Request::Hmac { message, .. } | Request::HmacVerify { message, .. } => {
            (message.len() as u64, None)
        }
        Request::RsaSign { key, message, .. } => (message.len() as u64, Some(key.n.bits())),
        Request::RsaVerify { n, message, .. } => (message.len() as u64, Some(n.bits())),
        _ => (0, None),
    };
    let fits = bits.is_none_or(|bits| {
        let limit = |end: usize| limits["rsa_bits"][end].as_u64().unwrap();
        (limit(0)..=limit(1)).contains(&bits)
    });
    bytes <= limits["max_msg"].as_u64().unwrap() && fits
}

/// What an answer on the wire says, in the words of jotlab's answers; `Err` where it broke or passed.
pub(crate) fn read(request: &Request, answer: &Value) -> Result<Answer, String> {
    let refused =
        |why: &Value| Answer::Refused { stage: None, why: why.as_str().unwrap_or("").to_owned() };
    if answer.get("reject").is_some() {
        return Ok(refused(&answer["reject"]));
    }
    let Some(ok) = answer.get("ok") else { return Err(answer.to_string()) };
    let hex_of =
        |name: &str| hex::decode(ok[name].as_str().unwrap_or("no text")).map_err(|e| e.to_string());
    let text_of = |name: &str| ok[name].as_str().unwrap_or("no text").as_bytes().to_vec();
    let output = match request.operation() {
        "sha2" => hex_of("md"),
        "hmac" => hex_of("tag"),
        "pbkdf2" => hex_of("dk"),
        "rsa.pkcs1v15.sign" => hex_of("sig"),
        "base64url.decode" => hex_of("data"),
        "base64url.encode" => Ok(text_of("text")),
        "jwk.thumbprint" => Ok(text_of("thumbprint")),
        "sha2.mct" => {
            let digests = ok["mds"].as_array().ok_or("no list")?;
            hex::decode(digests.iter().map(|md| md.as_str().unwrap()).collect::<String>())
                .map_err(|e| e.to_string())
        }
        "jws.verify" if ok["valid"] == true => hex_of("payload"),
        _ if ok["valid"] == true => return Ok(Answer::Valid),
        _ if ok["valid"] == false => return Ok(refused(&Value::Null)),
        _ => Err(answer.to_string()),
    };
    output.map(Answer::Output)
}

/// Whether two say the same: bytes to the byte, refusals whatever the words.
pub(crate) fn agree(ours: &Answer, theirs: &Answer) -> bool {
    match (ours, theirs) {
        (Answer::Refused { .. }, Answer::Refused { .. }) => true,
        _ => ours == theirs,
    }
}
