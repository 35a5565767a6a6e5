//! `jotlab key convert`: one key from any form to another.

use super::output::{self, Readers};
use super::{label, no_keys, note_unusable, read};
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::encoding::pem;
use crate::jose::{Jwk, JwkSet, Material};
use crate::rsa::encoding::{Form, pkcs1_private_der, pkcs1_public_der, pkcs8_der, spki_der};

/// What `jotlab key convert` takes.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The key file, - for stdin
    file: String,
    /// The form to write; jwk and pkcs1 keep a private key private
    #[arg(long)]
    to: Target,
    /// DER instead of PEM
    #[arg(long)]
    der: bool,
    /// Write to this new file, readable by its owner only if the key is private
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Which key of a set
    #[arg(long, allow_hyphen_values = true)]
    kid: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Target {
    /// JSON Web Key (RFC 7517)
    Jwk,
    /// `RSA PRIVATE KEY` or `RSA PUBLIC KEY` (RFC 8017 §A.1)
    Pkcs1,
    /// `PRIVATE KEY` (RFC 5958)
    Pkcs8,
    /// `PUBLIC KEY`, the public half (RFC 5280 §4.1)
    Spki,
    /// The certificates that came with the key, or stand in its x5c
    Cert,
}

pub(super) fn run(args: &Args) -> Done {
    let set = read(&args.file)?;
    note_unusable(&set);
    let key = select(&set, args)?;
    if args.to == Target::Jwk {
        if args.der {
            return Err(Fault::usage("--der: a JWK is JSON"));
        }
        let readers = if key.is_private() { Readers::Owner } else { Readers::All };
        let text = format!("{:#}\n", key.to_value());
        output::write(args.out.as_deref(), readers, text.as_bytes())?;
        return Ok(Exit::Yes);
    }
    let blocks = blocks(key, args.to)?;
    let contents = match blocks.as_slice() {
        [(_, der)] if args.der => der.clone(),
        _ if args.der => {
            let count = blocks.len();
            return Err(Fault::usage(format_args!(
                "--der takes one certificate, here are {count}"
            )));
        }
        _ => blocks
            .iter()
            .map(|(form, der)| pem::write(form.label(), der))
            .collect::<String>()
            .into(),
    };
    let private = |(form, _): &(Form, _)| matches!(form, Form::Pkcs1Private | Form::Pkcs8);
    let readers = if blocks.iter().any(private) { Readers::Owner } else { Readers::All };
    output::write(args.out.as_deref(), readers, &contents)?;
    Ok(Exit::Yes)
}

/// The one key that is meant.
fn select<'a>(set: &'a JwkSet, args: &Args) -> Result<&'a Jwk, Fault> {
    let meant = |key: &&Jwk| args.kid.is_none() || key.kid() == args.kid.as_deref();
    let keys: Vec<&Jwk> = set.keys().iter().filter(meant).collect();
    match (keys.as_slice(), &args.kid) {
        ([key], _) => Ok(key),
        ([], None) => Err(no_keys(&args.file)),
        ([], Some(kid)) => {
            let (kid, names) = (voice::shown(kid, 60), names(set.keys().iter()));
            Err(Fault::new(Exit::Key, format_args!("no key \"{kid}\"; there is: {names}")))
        }
        (several, kid) => {
            let (count, names) = (several.len(), names(several.iter().copied()));
            let fault = Fault::new(Exit::Key, format_args!("{count} keys, one is needed: {names}"));
            Err(if kid.is_none() { fault.hint("choose one with --kid") } else { fault })
        }
    }
}

fn names<'a>(keys: impl Iterator<Item = &'a Jwk>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = keys.take(MOST + 1).map(label).collect();
    if names.len() > MOST {
        "…".clone_into(&mut names[MOST]);
    }
    names.join(", ")
}

/// The DER that holds the key, or its certificates.
fn blocks(key: &Jwk, to: Target) -> Result<Vec<(Form, Vec<u8>)>, Fault> {
    if to == Target::Cert {
        let certificates = &key.parameters().certificates;
        if certificates.is_empty() {
            return Err(unfit(key, "no certificate came with it, nor is one in its x5c"));
        }
        return Ok(certificates.iter().map(|der| (Form::Certificate, der.clone())).collect());
    }
    let Some(public) = key.rsa() else {
        return Err(unfit(key, "only an RSA key has this form here"));
    };
    let block = match (to, key.material()) {
        (Target::Spki, _) => (Form::Spki, spki_der(public)),
        (Target::Pkcs8, Material::RsaPrivate(private)) => (Form::Pkcs8, pkcs8_der(private)),
        (Target::Pkcs8, _) => return Err(unfit(key, "PKCS #8 holds private keys, this is public")),
        (_, Material::RsaPrivate(private)) => (Form::Pkcs1Private, pkcs1_private_der(private)),
        _ => (Form::Pkcs1Public, pkcs1_public_der(public)),
    };
    Ok(vec![block])
}

fn unfit(key: &Jwk, why: &str) -> Fault {
    Fault::new(Exit::Key, format_args!("{}: {why}", label(key)))
}
