//! `jotlab explain rsa-sign`, `rsa-verify`, `rsa-toy`.

use super::super::exit::{Done, Exit, Fault};
use super::super::policy::algorithm;
use super::super::{input, voice};
use super::output::OutputArgs;
use super::traced;
use crate::explain;
use crate::explain::rsa::ToyError;
use crate::jose::{Algorithm, Family, Jwk, JwkSet, Material};
use crate::sha2;

#[derive(clap::Args)]
pub(in super::super) struct SignArgs {
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    message: super::MessageArgs,
}

#[derive(clap::Args)]
pub(in super::super) struct VerifyArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// The signature: b64u:…, hex:…, @FILE
    #[arg(long, value_name = "SIGNATURE")]
    signature: String,
    #[command(flatten)]
    message: super::MessageArgs,
}

#[derive(clap::Args)]
pub(in super::super) struct ToyArgs {
    /// p and q, two primes; e, the public exponent; m, the message below p · q
    #[arg(value_name = "LETTER=NUMBER", default_values = ["p=61", "q=53", "e=17", "m=65"])]
    numbers: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Args)]
struct KeyArgs {
    /// File with the RSA key: PEM, DER, certificate, JWK
    #[arg(long, value_name = "FILE")]
    key: String,
    /// The algorithm
    #[arg(long, value_parser = algorithm, default_value = "RS256")]
    alg: Algorithm,
}

impl KeyArgs {
    fn keys(&self) -> Result<JwkSet, Fault> {
        input::keys(&self.key)
    }

    fn hash(&self) -> Result<sha2::Algorithm, Fault> {
        match self.alg.family() {
            Family::Rsa => Ok(self.alg.hash()),
            Family::Hmac => Err(Fault::new(Exit::Key, format_args!("{} is not by RSA", self.alg))
                .hint("jotlab explain hmac --secret SECRET MESSAGE")),
        }
    }
}

/// The one key of a file.
fn only(keys: &JwkSet) -> Result<&Jwk, Fault> {
    match keys.keys() {
        [key] => Ok(key),
        keys => {
            Err(Fault::new(Exit::Key, format_args!("{} keys, where one is to be used", keys.len()))
                .hint("jotlab key convert FILE --kid KID takes one out"))
        }
    }
}

pub(super) fn sign(args: &SignArgs) -> Done {
    let (keys, hash) = (args.key.keys()?, args.key.hash()?);
    let Material::RsaPrivate(key) = only(&keys)?.material() else {
        return Err(Fault::new(Exit::Key, "a private RSA key is needed to sign"));
    };
    args.message.output.tell(&args.message.message, |message| {
        traced(explain::rsa::sign(key, hash, &input::bytes(message)?))
    })
}

pub(super) fn verify(args: &VerifyArgs) -> Done {
    let (keys, hash) = (args.key.keys()?, args.key.hash()?);
    let Some(key) = only(&keys)?.rsa() else {
        return Err(Fault::new(Exit::Key, "an RSA key is needed to verify"));
    };
    let signature = input::bytes(&args.signature)?;
    args.message.output.tell(&args.message.message, |message| {
        traced(explain::rsa::verify(key, hash, &input::bytes(message)?, &signature))
    })
}

pub(super) fn toy(args: &ToyArgs) -> Done {
    args.output.tell("", |_| {
        let [p, q, e, m] = numbers(&args.numbers)?;
        explain::rsa::toy(p, q, e, m).map_err(|error| match error {
            ToyError::Unfaithful(_) => Fault::new(Exit::No, error),
            error => Fault::usage(error),
        })
    })
}

/// p, q, e and m: those of the example where they were not given.
fn numbers(given: &[String]) -> Result<[u64; 4], Fault> {
    let mut numbers = [61, 53, 17, 65];
    for text in given {
        let wrong = || {
            Fault::usage(format_args!(
                "{}: expected p=, q=, e= or m= and a number",
                voice::shown(text, 60)
            ))
            .hint("jotlab explain rsa-toy p=61 q=53 e=17 m=65")
        };
        let (letter, digits) = text.split_once('=').ok_or_else(wrong)?;
        let place = ["p", "q", "e", "m"].iter().position(|known| *known == letter);
        numbers[place.ok_or_else(wrong)?] = digits.parse().map_err(|_| wrong())?;
    }
    Ok(numbers)
}
