//! `jotlab key public` and `convert`.

use super::super::exit::{Done, Exit, Fault};
use super::super::input;
use super::{Content, content_of, one, pretty, write};
use crate::encoding::pem;
use crate::jose::{Jwk, JwkSet, Material};
use crate::rsa::encoding::{Form, pkcs1_private_der, pkcs1_public_der, pkcs8_der, spki_der};
use clap::ValueEnum;

#[derive(clap::Args)]
pub(in super::super) struct PublicArgs {
    /// A key file of any form, or -
    file: String,
    /// Write to this new file
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
}

#[derive(clap::Args)]
pub(in super::super) struct Args {
    /// A key file of any form, or -
    file: String,
    /// The form to write
    #[arg(long, value_enum)]
    to: Target,
    /// The key with this kid
    #[arg(long)]
    kid: Option<String>,
    /// DER instead of PEM
    #[arg(long)]
    der: bool,
    /// Write to this new file; a private key is readable by its owner only
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// JSON Web Key, private if the key is
    Jwk,
    /// PKCS #1, private if the key is
    Pkcs1,
    /// PKCS #8, a private key
    Pkcs8,
    /// SubjectPublicKeyInfo, the public half
    Spki,
    /// The certificate that the key carries
    Cert,
}

pub(super) fn public(args: &PublicArgs) -> Done {
    let set = input::keys(&args.file)?;
    if let Some(unusable) = set.unusable().first() {
        // leaving a key out of a set without a word would lose it
        return Err(Fault::malformed(unusable));
    }
    let public = set
        .keys()
        .iter()
        .map(|key| key.to_public().ok_or_else(no_public))
        .collect::<Result<JwkSet, _>>()?;
    let value = match public.keys() {
        [key] => key.to_value(),
        _ => public.to_value(),
    };
    write(args.out.as_deref(), &pretty(&value), Content::Public)?;
    Ok(Exit::Yes)
}

fn no_public() -> Fault {
    Fault::new(Exit::Key, "a secret has no public half")
}

pub(super) fn run(args: &Args) -> Done {
    let set = input::keys(&args.file)?;
    let key = one(&set, args.kid.as_deref())?;
    let out = args.out.as_deref();
    match args.to {
        Target::Jwk if args.der => return Err(Fault::usage("a JWK has no DER")),
        Target::Jwk => write(out, &pretty(&key.to_value()), content_of(key))?,
        Target::Cert => write(out, &certificates(key, args.der)?, Content::Public)?,
        Target::Pkcs1 | Target::Pkcs8 | Target::Spki => {
            let (form, der, content) = encoded(key, args.to)?;
            let contents = if args.der { der } else { pem::write(form.label(), &der).into_bytes() };
            write(out, &contents, content)?;
        }
    }
    Ok(Exit::Yes)
}

/// The DER of an RSA key in the form that was asked for.
fn encoded(key: &Jwk, to: Target) -> Result<(Form, Vec<u8>, Content), Fault> {
    let Some(public) = key.rsa() else {
        return Err(Fault::new(
            Exit::Key,
            format_args!("an {} key has no such form here", key.kty()),
        ));
    };
    Ok(match (to, key.material()) {
        (Target::Spki, _) => (Form::Spki, spki_der(public), Content::Public),
        (Target::Pkcs8, Material::RsaPrivate(key)) => {
            (Form::Pkcs8, pkcs8_der(key), Content::Private)
        }
        (Target::Pkcs8, _) => return Err(Fault::new(Exit::Key, "PKCS #8 is for private keys")),
        (_, Material::RsaPrivate(key)) => {
            (Form::Pkcs1Private, pkcs1_private_der(key), Content::Private)
        }
        _ => (Form::Pkcs1Public, pkcs1_public_der(public), Content::Public),
    })
}

/// The chain as PEM, or the key's own certificate as DER.
fn certificates(key: &Jwk, der: bool) -> Result<Vec<u8>, Fault> {
    let chain = &key.parameters().certificates;
    let Some(first) = chain.first() else {
        let what = "the key carries no certificate (x5c)";
        return Err(Fault::new(Exit::Key, what).hint("jotlab does not make certificates"));
    };
    if der {
        return Ok(first.clone());
    }
    Ok(chain
        .iter()
        .map(|der| pem::write(Form::Certificate.label(), der))
        .collect::<String>()
        .into_bytes())
}
