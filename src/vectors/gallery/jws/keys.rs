//! Keys: which there are, which are meant, which are strong enough.

use super::{Asked, Flaw, Way};
use crate::base64::decode_url;
use crate::jose::{Algorithm, JwkSet, MAX_EXPONENT_BITS, MIN_RSA_BITS, json};
use crate::rsa::weak::has_roca_fingerprint;
use num_bigint::BigUint;
use serde_json::{Map, Value};

/// A key with what it says of itself.
pub(super) enum Key {
    Oct { secret: Vec<u8>, about: Map<String, Value> },
    Rsa { n: BigUint, e: BigUint, about: Map<String, Value> },
}

impl Key {
    fn about(&self) -> &Map<String, Value> {
        match self {
            Key::Oct { about, .. } | Key::Rsa { about, .. } => about,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.about().get(name).and_then(Value::as_str)
    }
}

/// The keys of a JWK or a set. Where the flaw is in the import, it is read without the library's checks.
pub(super) fn key_list(text: &str, way: Way<'_>) -> Option<Vec<Key>> {
    let import = matches!(way.flaw, Flaw::EmptySecret | Flaw::ExponentOne | Flaw::PrivateUnchecked);
    let value = if import {
        json::parse::<Value>(text.as_bytes()).ok()?
    } else {
        JwkSet::from_file_contents(text.as_bytes()).ok()?.to_value()
    };
    let values = match value.get("keys") {
        Some(keys) => keys.as_array()?.clone(),
        None => vec![value],
    };
    let kinds =
        |kty: &str| values.iter().any(|v| v.get("kty").and_then(Value::as_str) == Some(kty));
    let mixed = kinds("oct") && (kinds("RSA") || kinds("EC") || kinds("OKP"));
    if mixed && way.flaw != Flaw::MixedSet {
        return None;
    }
    Some(values.iter().filter_map(|value| key(value, way)).collect())
}

pub(super) fn key(value: &Value, way: Way<'_>) -> Option<Key> {
    let bytes = |name: &str| decode_url(value.get(name)?.as_str()?).ok();
    let integer = |name: &str| Some(BigUint::from_bytes_be(&bytes(name)?));
    let about = value.as_object()?.clone();
    match value.get("kty")?.as_str()? {
        "oct" => {
            let secret = bytes("k")?;
            let usable = !secret.is_empty() || way.flaw == Flaw::EmptySecret;
            usable.then_some(Key::Oct { secret, about })
        }
        "RSA" => Some(Key::Rsa { n: integer("n")?, e: integer("e")?, about }),
        _ => None,
    }
}

/// The one key that is meant; nothing if there is none, or more than one.
pub(super) fn candidates<'k>(
    list: &'k [Key],
    algorithm: Algorithm,
    header: &Map<String, Value>,
    way: Way<'_>,
) -> Option<Vec<&'k Key>> {
    let kid = header.get("kid").and_then(Value::as_str);
    let is_named = |key: &Key| match (kid, key.text("kid")) {
        (Some(kid), Some(of_key)) if way.flaw == Flaw::KidWithoutCase => {
            kid.eq_ignore_ascii_case(of_key)
        }
        (Some(kid), Some(of_key)) => kid == of_key,
        _ => false,
    };
    let any_named = list.iter().any(is_named);
    let alone = list.len() == 1 && way.flaw == Flaw::OtherKid;
    let meant = |key: &&Key| match kid {
        _ if way.flaw == Flaw::KidIgnored || alone => true,
        Some(_) if any_named => is_named(key),
        Some(_) => key.text("kid").is_none(),
        None => true,
    };
    let mut keys: Vec<&Key> =
        list.iter().filter(meant).filter(|key| suits(key, algorithm, way.flaw)).collect();
    match keys.len() {
        0 => None,
        1 => Some(keys),
        _ => match way.flaw {
            Flaw::KidIgnored => Some(keys),
            Flaw::FirstOfSeveral => {
                keys.truncate(1);
                Some(keys)
            }
            _ => None,
        },
    }
}

/// Whether a key may be used for the algorithm, by its type and its own words.
fn suits(key: &Key, algorithm: Algorithm, flaw: Flaw) -> bool {
    let is_mac = algorithm.name().starts_with("HS");
    let confused = matches!(
        flaw,
        Flaw::SecretIsPem
            | Flaw::SecretIsPemWithoutNewline
            | Flaw::SecretIsDer
            | Flaw::SecretIsJwk
            | Flaw::SecretIsModulus
    );
    let type_fits = match key {
        Key::Oct { .. } => is_mac,
        Key::Rsa { .. } => !is_mac || confused,
    };
    let alg_fits = key.text("alg").is_none_or(|alg| alg == algorithm.name());
    let use_fits = key.text("use").is_none_or(|usage| usage == "sig");
    let ops_fit = match key.about().get("key_ops") {
        Some(Value::Array(ops)) => ops.iter().any(|op| op == "verify"),
        _ => true,
    };
    let not_expired = key.about().get("exp").and_then(Value::as_i64).is_none_or(|exp| exp > 0);
    type_fits
        && (alg_fits || flaw == Flaw::KeyAlgIgnored || confused)
        && (use_fits || flaw == Flaw::KeyUseIgnored)
        && (ops_fit || flaw == Flaw::KeyOpsIgnored)
        && not_expired
}

pub(super) fn is_strong(key: &Key, algorithm: Algorithm, asked: Asked<'_>, way: Way<'_>) -> bool {
    let allowed = |name: &str| asked.allow.iter().any(|allowed| allowed == name);
    match key {
        Key::Oct { secret, .. } => {
            secret.len() >= algorithm.hash().digest_bytes()
                || allowed("short-hmac-key")
                || way.flaw == Flaw::ShortSecret
                || (way.flaw == Flaw::EmptySecret && secret.is_empty())
        }
        Key::Rsa { n, e, .. } => {
            (n.bits() >= MIN_RSA_BITS || allowed("small-rsa") || way.flaw == Flaw::SmallRsa)
                && (e.bits() <= MAX_EXPONENT_BITS || way.flaw == Flaw::LargeExponent)
                && (!has_roca_fingerprint(n) || way.flaw == Flaw::Roca)
        }
    }
}
