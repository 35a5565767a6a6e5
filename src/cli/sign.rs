//! `jotlab sign`: claims to a JWT, or any bytes to a JWS.

use super::exit::{Done, Exit, Fault};
use super::policy::{AllowArgs, algorithm};
use super::{input, time, voice};
use crate::jose::{
    Algorithm, Content, Family, Header, Jwk, PayloadForm, Policy, SignError, Signer, general, json,
    object,
};
use clap::ValueEnum;
use serde_json::{Map, Value};

#[derive(clap::Args)]
pub(super) struct Args {
    /// File with the private key: PEM, DER, JWK
    #[arg(long, value_name = "FILE", conflicts_with = "secret")]
    key: Option<String>,
    /// Secret for HS: TEXT, @FILE, -, env:NAME, hex:…, b64u:…
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true)]
    secret: Option<String>,
    /// The algorithm; without it the key's own, or RS256 or HS256 by its type
    #[arg(long, value_parser = algorithm)]
    alg: Option<Algorithm>,
    /// Claims as JSON: TEXT, @FILE or -
    #[arg(long, value_name = "JSON", conflicts_with = "payload")]
    claims: Option<String>,
    /// `iss`, the issuer
    #[arg(long, allow_hyphen_values = true)]
    iss: Option<String>,
    /// `sub`, the subject
    #[arg(long, allow_hyphen_values = true)]
    sub: Option<String>,
    /// `aud`, the audience (repeat for more than one)
    #[arg(long, allow_hyphen_values = true)]
    aud: Vec<String>,
    /// `exp`, when it expires: +30m, seconds, an RFC 3339 date
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    exp: Option<String>,
    /// `nbf`, not before
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    nbf: Option<String>,
    /// `iat`, issued at: `now` is the usual value
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    iat: Option<String>,
    /// `jti`, the token's identifier
    #[arg(long, allow_hyphen_values = true)]
    jti: Option<String>,
    /// A member of the protected header, such as --header 'typ="at+jwt"'
    #[arg(long, value_name = "NAME=JSON")]
    header: Vec<String>,
    /// Sign the bytes of this file as they are (a JWS, not a JWT)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"])]
    payload: Option<String>,
    /// Leave the payload out of the token
    #[arg(long)]
    detached: bool,
    /// The form of the token
    #[arg(long, value_enum, default_value = "compact")]
    serialization: Serialization,
    /// The time that +30m counts from
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,
    #[command(flatten)]
    allow: AllowArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Serialization {
    Compact,
    Flattened,
    General,
}

pub(super) fn run(args: &Args) -> Done {
    let system = time::now();
    let now = match &args.now {
        None => system,
        Some(text) => time::time(text, system).map_err(Fault::usage)?,
    };
    let policy = args.allow.apply(Policy::at(now));
    let keys = input::key_set(args.key.as_deref(), args.secret.as_deref())?;
    let [key] = keys.keys() else {
        let what = format!("{} keys, where one is to sign", keys.keys().len());
        return Err(
            Fault::new(Exit::Key, what).hint("jotlab key convert FILE --kid KID takes one out")
        );
    };
    let algorithm = args.alg.map_or_else(|| default_algorithm(key), Ok)?;
    let payload = match &args.payload {
        Some(path) => input::payload(path)?,
        None => claims(args, now)?.into_bytes(),
    };
    let header = protected(args, key, algorithm)?;
    let header_form = Header::parse(header.as_bytes()).map(|header| header.payload_form());
    if args.payload.is_none() && header_form == Ok(PayloadForm::Raw) {
        let what = "a JWT must not have an unencoded payload (RFC 7797 §7)";
        return Err(Fault::usage(what).hint("--payload FILE signs any bytes, as a JWS"));
    }
    let signer =
        Signer::with_header(key, algorithm, &header, &policy).map_err(|error| refused(&error))?;
    let content = if args.detached { Content::Detached } else { Content::Attached };
    let token = match args.serialization {
        Serialization::Compact if args.detached => signer.detached(&payload),
        Serialization::Compact => signer.compact(&payload),
        Serialization::Flattened => signer.flattened(&payload, content).map(|v| json_text(&v)),
        Serialization::General => general(&[signer], &payload, content).map(|v| json_text(&v)),
    };
    voice::out(&(token.map_err(|error| refused(&error))? + "\n"))?;
    Ok(Exit::Yes)
}

/// Every character of an unencoded payload arrives, and none of them steers a terminal.
fn json_text(token: &Value) -> String {
    voice::json_text(&token.to_string())
}

/// The key's own algorithm, or the first of its type.
fn default_algorithm(key: &Jwk) -> Result<Algorithm, Fault> {
    if let Some(alg) = &key.parameters().alg {
        return algorithm(alg).map_err(|_| {
            Fault::new(Exit::Key, format_args!("the key is for alg \"{}\"", voice::shown(alg, 60)))
        });
    }
    match key.family() {
        Some(Family::Hmac) => Ok(Algorithm::Hs256),
        Some(Family::Rsa) => Ok(Algorithm::Rs256),
        None => Err(Fault::new(Exit::Key, format_args!("{} keys cannot sign yet", key.kty()))),
    }
}

/// The claim set: that of `--claims`, with the single options put in.
fn claims(args: &Args, now: i64) -> Result<String, Fault> {
    let mut claims = match &args.claims {
        None => Map::new(),
        Some(value) => {
            let text = input::bytes(value)?;
            let parsed = json::parse_object(&text);
            let none_added = [&args.iss, &args.sub, &args.exp, &args.nbf, &args.iat, &args.jti];
            let parsed =
                parsed.map_err(|error| Fault::malformed(format_args!("claims: {error}")))?;
            if none_added.iter().all(|option| option.is_none()) && args.aud.is_empty() {
                // nothing to add: sign the text as it was given
                return String::from_utf8(text).map_err(Fault::malformed);
            }
            parsed
        }
    };
    for (name, value) in [("iss", &args.iss), ("sub", &args.sub), ("jti", &args.jti)] {
        if let Some(text) = value {
            claims.insert(name.to_owned(), text.clone().into());
        }
    }
    match &args.aud[..] {
        [] => {}
        [one] => drop(claims.insert("aud".to_owned(), one.clone().into())),
        many => drop(claims.insert("aud".to_owned(), many.to_vec().into())),
    }
    for (name, value) in [("exp", &args.exp), ("nbf", &args.nbf), ("iat", &args.iat)] {
        if let Some(text) = value {
            let time = time::time(text, now).map_err(Fault::usage)?;
            claims.insert(name.to_owned(), time.into());
        }
    }
    if claims.is_empty() {
        return Err(Fault::usage(
            "no claims: give --claims, --iss and the like, or --payload FILE",
        ));
    }
    if !claims.contains_key("exp") {
        voice::note("the token never expires: jotlab verify wants --exp, or --allow no-expiry");
    }
    Ok(Value::Object(claims).to_string())
}

/// alg, typ for a JWT, kid of the key, and what `--header` adds or changes.
fn protected(args: &Args, key: &Jwk, algorithm: Algorithm) -> Result<String, Fault> {
    let mut members: Vec<(&str, Value)> = vec![("alg", algorithm.name().into())];
    if args.payload.is_none() {
        members.push(("typ", "JWT".into()));
    }
    members.extend(key.kid().map(|kid| ("kid", kid.into())));
    for option in &args.header {
        let Some((name, text)) = option.split_once('=') else {
            return Err(Fault::usage(format_args!(
                "--header \"{}\": expected NAME=JSON",
                voice::shown(option, 60)
            )));
        };
        let value = json::parse(text.as_bytes()).map_err(|error| {
            Fault::usage(format_args!("--header {}: {error}", voice::shown(name, 60))).hint(
                format!("a string needs its quotes: --header '{}=\"…\"'", voice::shown(name, 60)),
            )
        })?;
        match members.iter_mut().find(|(present, _)| *present == name) {
            Some(member) => member.1 = value,
            None => members.push((name, value)),
        }
    }
    Ok(object(&members))
}

fn refused(error: &SignError) -> Fault {
    let fault = |exit| Fault::new(exit, error);
    match error {
        SignError::Key { unfit, .. } => match unfit.relaxation() {
            Some(relaxation) => fault(Exit::Key).hint(format!("--allow {relaxation} lets it pass")),
            None => fault(Exit::Key),
        },
        SignError::NotAllowed(_) | SignError::Rsa(_) => fault(Exit::Key),
        _ => fault(Exit::Usage),
    }
}
