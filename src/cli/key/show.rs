//! `jotlab key show`: what a key file holds, with nothing that must stay private.

use super::read;
use crate::base64::encode_url;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::{time, voice};
use crate::jose::{Jwk, Material, NumericDate, Unusable};
use crate::sha2::Algorithm;
use serde_json::{Map, Value, json};

/// The longest text of a key that is shown, in characters.
const MAX_SHOWN: usize = 200;

/// What `jotlab key show` takes.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The key file, - for stdin
    file: String,
    /// Give one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let set = read(&args.file)?;
    if args.json {
        let keys: Vec<Value> = set.keys().iter().map(|key| members(key).into()).collect();
        let unusable: Vec<Value> = set.unusable().iter().map(unusable_json).collect();
        voice::out_json(&json!({"keys": keys, "unusable": unusable}))?;
        return Ok(Exit::Yes);
    }
    set.keys().iter().try_for_each(show)?;
    for unusable in set.unusable() {
        voice::out(&format!("{} {unusable}\n", voice::bad("unusable")))?;
    }
    if set.keys().is_empty() && set.unusable().is_empty() {
        voice::out("a set without keys\n")?;
    }
    Ok(Exit::Yes)
}

fn unusable_json(unusable: &Unusable) -> Value {
    let Unusable { index, kid, why } = unusable;
    json!({"index": index, "kid": kid, "error": why.to_string()})
}

/// A heading and a line for each member.
fn show(key: &Jwk) -> Result<(), Fault> {
    let mut members = members(key);
    let [kind, bits] =
        ["kind", "bits"].map(|name| members.remove(name).map_or_else(String::new, plain));
    let bits = if bits.is_empty() { bits } else { format!(", {bits} bits") };
    let mut lines = vec![format!("{kind}{bits}\n")];
    for name in ["crv", "e", "kid", "alg", "use", "key_ops", "exp", "certificates", "thumbprint"] {
        if let Some(value) = members.remove(name) {
            let value = match (name, value.as_i64()) {
                ("exp", Some(seconds)) => time::dated(NumericDate::from_seconds(seconds)),
                _ => plain(value),
            };
            lines.push(format!("  {name:<12} {value}\n"));
        }
    }
    voice::out(&lines.concat())
}

/// A value as a person reads it.
fn plain(value: Value) -> String {
    match value {
        Value::String(text) => voice::shown(&text, MAX_SHOWN),
        Value::Array(values) => {
            voice::shown(&values.into_iter().map(plain).collect::<Vec<_>>().join(", "), MAX_SHOWN)
        }
        other => other.to_string(),
    }
}

/// All that may be known of a key.
fn members(key: &Jwk) -> Map<String, Value> {
    let mut members = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        members.extend(value.map(|value| (name.to_owned(), value)));
    };
    let half = match (key.kty(), key.is_private()) {
        ("oct", _) => "secret",
        (_, true) => "private key",
        (_, false) => "public key",
    };
    set("kind", Some(format!("{} {half}", key.kty()).into()));
    set("kty", Some(key.kty().into()));
    set("private", Some(key.is_private().into()));
    match key.material() {
        Material::Oct(secret) => set("bits", Some((8 * secret.secret().expose().len()).into())),
        Material::Curve(curve) => set("crv", Some(curve.crv.into())),
        Material::Rsa(_) | Material::RsaPrivate(_) => {}
    }
    if let Some(rsa) = key.rsa() {
        set("bits", Some(rsa.n().bits().into()));
        set("e", Some(rsa.e().to_string().into()));
    }
    let parameters = key.parameters();
    set("kid", parameters.kid.clone().map(Value::from));
    set("alg", parameters.alg.clone().map(Value::from));
    set("use", parameters.usage.clone().map(Value::from));
    set("key_ops", parameters.key_ops.clone().map(Value::from));
    set("exp", parameters.expires.map(|time| time.seconds().into()));
    let certificates = parameters.certificates.len();
    set("certificates", (certificates > 0).then(|| certificates.into()));
    // RFC 7638 §7: the thumbprint of a secret lets a short one be guessed
    let thumbprint = || encode_url(key.thumbprint(Algorithm::Sha256).as_bytes()).into();
    set("thumbprint", (key.kty() != "oct").then(thumbprint));
    members
}
