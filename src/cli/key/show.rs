//! `jotlab key show`, `thumbprint` and `lint`.

use super::super::exit::{Done, Exit};
use super::super::{input, time, voice};
use super::one;
use crate::base64::encode_url;
use crate::jose::lint::{Audience, Finding, Severity, lint as findings_of};
use crate::jose::{Jwk, Material};
use crate::sha2::Algorithm;
use serde_json::{Value, json};

#[derive(clap::Args)]
pub(in super::super) struct ShowArgs {
    /// A key file of any form, or -
    file: String,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(in super::super) struct ThumbprintArgs {
    /// A key file of any form, or -
    file: String,
    /// The key with this kid
    #[arg(long)]
    kid: Option<String>,
    /// The hash
    #[arg(long, value_name = "ALG", default_value = "sha256")]
    hash: Algorithm,
    /// As a URI (RFC 9278)
    #[arg(long)]
    uri: bool,
}

#[derive(clap::Args)]
pub(in super::super) struct LintArgs {
    /// A key file of any form, or -
    file: String,
    /// The keys are to be published: a private member is a finding
    #[arg(long)]
    published: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn show(args: &ShowArgs) -> Done {
    let set = input::keys(&args.file)?;
    if args.json {
        let unusable = set.unusable().iter().map(ToString::to_string).collect::<Vec<_>>();
        let keys = set.keys().iter().map(describe).collect::<Vec<_>>();
        voice::out_json(&json!({ "keys": keys, "unusable": unusable }))?;
    } else {
        let keys = set.keys().iter().map(|key| text(&describe(key)));
        let unusable = set.unusable().iter().map(|key| format!("unusable   {key}\n"));
        voice::out(&keys.chain(unusable).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(Exit::Yes)
}

/// What may be said of a key: everything but what is secret.
fn describe(key: &Jwk) -> Value {
    let parameters = key.parameters();
    let mut value = json!({
        "type": key.kty(),
        "holds": match (key.material(), key.is_private()) {
            (Material::Oct(_), _) => "a secret",
            (_, true) => "a private key",
            (_, false) => "a public key",
        },
        "thumbprint": encode_url(key.thumbprint(Algorithm::Sha256).as_bytes()),
    });
    match key.material() {
        // the thumbprint of a secret can be tried against guesses: it is not shown
        Material::Oct(secret) => {
            value["thumbprint"] = Value::Null;
            value["bits"] = (8 * secret.secret().expose().len()).into();
        }
        Material::Curve(curve) => value["curve"] = curve.crv.into(),
        Material::Rsa(_) | Material::RsaPrivate(_) => {}
    }
    if let Some(rsa) = key.rsa() {
        value["bits"] = rsa.n().bits().into();
        value["e"] = rsa.e().to_string().into();
    }
    value["kid"] = parameters.kid.clone().into();
    value["alg"] = parameters.alg.clone().into();
    value["use"] = parameters.usage.clone().into();
    value["key_ops"] = parameters.key_ops.clone().into();
    value["expires"] = parameters.expires.map(|exp| time::dated(exp.seconds())).into();
    value["certificates"] = parameters.certificates.len().into();
    value
}

fn text(description: &Value) -> String {
    let order = [
        "type",
        "holds",
        "bits",
        "e",
        "curve",
        "kid",
        "alg",
        "use",
        "key_ops",
        "expires",
        "thumbprint",
        "certificates",
    ];
    let shown = |value: &Value| match value {
        Value::String(text) => voice::shown(text, 100),
        other => voice::shown(&other.to_string(), 100),
    };
    let nothing = |value: &Value| value.is_null() || *value == json!(0);
    let members = order.iter().filter_map(|name| Some((name, description.get(name)?)));
    members
        .filter(|(_, value)| !nothing(value))
        .map(|(name, value)| format!("{name:<12} {}\n", shown(value)))
        .collect()
}

pub(super) fn thumbprint(args: &ThumbprintArgs) -> Done {
    let set = input::keys(&args.file)?;
    let key = one(&set, args.kid.as_deref())?;
    let thumbprint = encode_url(key.thumbprint(args.hash).as_bytes());
    let prefix = if args.uri {
        // RFC 9278 §3: the hash is named as the IANA registry of named information does
        format!("urn:ietf:params:oauth:jwk-thumbprint:{}:", hash_name(args.hash))
    } else {
        String::new()
    };
    voice::out(&format!("{prefix}{thumbprint}\n"))?;
    Ok(Exit::Yes)
}

fn hash_name(hash: Algorithm) -> String {
    hash.name().to_ascii_lowercase().replace('/', "-")
}

pub(super) fn lint(args: &LintArgs) -> Done {
    let set = input::keys(&args.file)?;
    let audience = if args.published { Audience::Published } else { Audience::Private };
    let findings = findings_of(&set, audience);
    let is_bad = findings.iter().any(|finding| finding.severity == Severity::Bad);
    if args.json {
        let list = findings.iter().map(as_json).collect::<Vec<_>>();
        voice::out_json(&json!({ "findings": list }))?;
    } else if findings.is_empty() {
        voice::out(&format!("{} keys, no findings\n", set.keys().len()))?;
    } else {
        voice::out(&findings.iter().map(line).collect::<String>())?;
    }
    Ok(if is_bad { Exit::No } else { Exit::Yes })
}

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Bad => "bad",
        Severity::Odd => "odd",
    }
}

fn line(finding: &Finding) -> String {
    let word = match finding.severity {
        Severity::Bad => voice::bad("bad"),
        Severity::Odd => "odd".to_owned(),
    };
    format!(
        "{word}  {:<16}  {}: {}\n",
        finding.name,
        finding.about,
        voice::shown(&finding.what, 300)
    )
}

fn as_json(finding: &Finding) -> Value {
    let Finding { name, about, what, .. } = finding;
    json!({ "name": name, "severity": severity(finding), "about": about, "what": what })
}
