//! What an adapter says of itself: its first answer, and what follows from it.

use super::fault::bounded_value;
use super::wire::PROTOCOL;
use crate::jose::{self, json::bounded};
use crate::sha2;
use crate::vectors::{Message, Request};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most requests that are under way, whatever an adapter wishes.
const MAX_WINDOW: usize = 256;

/// What an adapter says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// Its name and version.
    pub name: String,
    /// Operations, each with its algorithms.
    pub operations: BTreeMap<String, Vec<String>>,
    /// What it can take.
    pub limits: Limits,
    /// What it has beyond the operations: `bits`, messages that do not end with a whole byte.
    pub features: Vec<String>,
    pub(super) window: usize,
}

/// What an adapter can take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a message.
    pub message: Option<u64>,
    /// The least and the most bits of an RSA modulus.
    pub rsa_bits: Option<(u64, u64)>,
}

impl Hello {
    /// One that declares these operations, with every algorithm and without limits.
    pub fn of_everything(operations: &[&str]) -> Hello {
        let operations = operations.iter().map(|operation| ((*operation).to_owned(), vec![]));
        Hello { operations: operations.collect(), window: 1, ..Hello::default() }
    }

    /// Whether a request is one that the adapter declares.
    pub fn declares(&self, request: &Request) -> bool {
        let Some(algorithms) = self.operations.get(request.operation()) else { return false };
        let wanted = request.algorithms();
        wanted.is_empty()
            || algorithms.is_empty()
            || wanted.iter().any(|alg| algorithms.iter().any(|have| have == alg))
    }

    /// What it declares by names that are not known here: an operation, or one of its algorithms.
    pub fn unknown(&self) -> Vec<String> {
        let of_operation = |(operation, algorithms): (&String, &Vec<String>)| {
            let Some(known) = known_algorithms(operation) else { return vec![bounded(operation)] };
            let is_unknown = |name: &&String| !known.is_empty() && !known.contains(&name.as_str());
            let named = |name: &String| format!("{} {}", bounded(operation), bounded(name));
            algorithms.iter().filter(is_unknown).map(named).collect()
        };
        self.operations.iter().flat_map(of_operation).collect()
    }

    /// Whether a request is within its limits.
    pub fn takes(&self, request: &Request) -> bool {
        // few libraries hash bits: it is no gap of one that does not say so
        let of_bits = matches!(request, Request::Sha2 { message: Message::Bits(..), .. });
        if of_bits && !self.features.iter().any(|feature| feature == "bits") {
            return false;
        }
        let message = match request {
            Request::Sha2 { message, .. } => match message {
                Message::Bytes(bytes) => bytes.len() as u64,
                Message::Bits(_, bits) => bits.div_ceil(8),
                Message::Repeated { bytes, .. } => *bytes,
                Message::Chunks(chunks) => chunks.iter().map(|chunk| chunk.len() as u64).sum(),
            },
            Request::Hmac { message, .. }
            | Request::HmacVerify { message, .. }
            | Request::RsaSign { message, .. }
            | Request::RsaVerify { message, .. }
            | Request::JwsSign { payload: message, .. } => message.len() as u64,
            _ => 0,
        };
        let bits = match request {
            Request::RsaVerify { n, .. } => Some(n.bits()),
            Request::RsaSign { key, .. } => Some(key.n.bits()),
            _ => None,
        };
        let fits = |bits: u64| {
            self.limits.rsa_bits.is_none_or(|(least, most)| (least..=most).contains(&bits))
        };
        self.limits.message.is_none_or(|most| message <= most) && bits.is_none_or(fits)
    }
}

/// The names of an operation's algorithms, none where it has no choice; nothing for one that is not known.
fn known_algorithms(operation: &str) -> Option<Vec<&'static str>> {
    Some(match operation {
        "sha2"
        | "sha2.mct"
        | "hmac"
        | "hmac.verify"
        | "pbkdf2"
        | "rsa.pkcs1v15.sign"
        | "rsa.pkcs1v15.verify"
        | "jwk.thumbprint" => sha2::Algorithm::ALL.map(sha2::Algorithm::name).to_vec(),
        "jws.sign" | "jws.verify" | "jwt.verify" => {
            jose::Algorithm::ALL.map(jose::Algorithm::name).to_vec()
        }
        "base64url.encode" | "base64url.decode" | "prime" | "secret.import" | "jwk.parse" => vec![],
        _ => return None,
    })
}

/// Reads a hello. What can be mended is mended and told.
///
/// # Errors
///
/// What is wrong with it, for the adapter's author.
pub(super) fn read(value: &Value) -> Result<(Hello, Option<String>), String> {
    let Some(ok) = value.get("ok") else {
        return Err(format!("its answer to hello has no \"ok\": {}", bounded_value(value)));
    };
    match ok.get("protocol") {
        Some(number) if number.as_u64() == Some(PROTOCOL) => {}
        Some(other) => {
            let other = bounded_value(other);
            return Err(format!("its hello says protocol {other}, this is protocol {PROTOCOL}"));
        }
        None => return Err(format!("its hello has no \"protocol\": {PROTOCOL} is expected")),
    }
    let text = |name: &str| ok.get(name).and_then(Value::as_str).map(bounded).unwrap_or_default();
    let limit = |name: &str| ok.pointer(&format!("/limits/{name}"));
    let rsa_bits = match limit("rsa_bits").and_then(Value::as_array).map(Vec::as_slice) {
        Some([least, most]) => least.as_u64().zip(most.as_u64()),
        _ => None,
    };
    let features = ok.get("features").and_then(Value::as_array).into_iter().flatten();
    let (window, remark) = window(ok.get("window"));
    let hello = Hello {
        name: format!("{} {}", text("name"), text("version")).trim().to_owned(),
        operations: operations(ok.get("ops"))?,
        limits: Limits { message: limit("max_msg").and_then(Value::as_u64), rsa_bits },
        features: features.filter_map(Value::as_str).map(str::to_owned).collect(),
        window,
    };
    Ok((hello, remark))
}

fn operations(ops: Option<&Value>) -> Result<BTreeMap<String, Vec<String>>, String> {
    let example = "an object such as {\"sha2\":[\"SHA-256\"]} is expected";
    let declared = ops.and_then(Value::as_object);
    let declared = declared.ok_or_else(|| format!("its hello has no \"ops\": {example}"))?;
    let mut operations = BTreeMap::new();
    for (operation, algorithms) in declared {
        let Some(algorithms) = algorithms.as_array() else {
            let operation = bounded(operation);
            return Err(format!("its hello has no list of algorithms for {operation}: {example}"));
        };
        let names = algorithms.iter().filter_map(Value::as_str).map(str::to_owned);
        operations.insert(operation.clone(), names.collect());
    }
    Ok(operations)
}

/// How many requests may be under way: one, where that is not said.
fn window(value: Option<&Value>) -> (usize, Option<String>) {
    match value {
        None => (1, None),
        Some(value) => match value.as_u64() {
            Some(window) if window > 0 => {
                (usize::try_from(window).unwrap_or(MAX_WINDOW).min(MAX_WINDOW), None)
            }
            _ => {
                let what = format!("its hello says window {}", bounded_value(value));
                (1, Some(what + ": a whole number above 0 is expected, 1 is taken"))
            }
        },
    }
}
