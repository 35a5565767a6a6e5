//! `jotlab key new`.

use super::super::exit::{Done, Exit, Fault};
use super::super::policy::{AllowArgs, algorithm};
use super::super::voice;
use super::{Content, pretty, write};
use crate::base64::encode_url;
use crate::jose::{Algorithm, Family, Jwk, MIN_RSA_BITS, Relaxation};
use crate::random;
use crate::rsa::PrivateKey;
use crate::rsa::keygen::Progress;
use crate::sha2;
use indicatif::ProgressBar;
use std::path::Path;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub(in super::super) struct Args {
    /// The algorithm that the key is for
    #[arg(long, value_parser = algorithm)]
    alg: Algorithm,
    /// Bits of an RSA modulus
    #[arg(long, default_value_t = MIN_RSA_BITS)]
    bits: u64,
    /// The key's name; without it, the RFC 7638 thumbprint of a key pair, a random name for a secret
    #[arg(long, value_name = "TEXT|thumbprint")]
    kid: Option<String>,
    /// Write the private JWK to this new file, readable by its owner only
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Write the public JWK to this new file
    #[arg(long, value_name = "FILE")]
    public_out: Option<String>,
    #[command(flatten)]
    allow: AllowArgs,
}

pub(super) fn run(args: &Args) -> Done {
    // an occupied place is found before minutes are spent, and before half of a pair is written
    for path in [&args.out, &args.public_out].into_iter().flatten() {
        if Path::new(path).symlink_metadata().is_ok() {
            let path = voice::shown(path, 200);
            return Err(Fault::usage(format_args!("{path} is there already: not overwritten")));
        }
    }
    let mut key = match args.alg.family() {
        Family::Rsa => rsa(args)?,
        Family::Hmac if args.public_out.is_some() => {
            return Err(Fault::usage("a secret has no public half: --public-out is for RS"));
        }
        Family::Hmac => secret(args.alg)?,
    };
    let kid = match args.kid.as_deref() {
        Some(name) if name != "thumbprint" => name.to_owned(),
        _ if key.to_public().is_some() => {
            encode_url(key.thumbprint(sha2::Algorithm::Sha256).as_bytes())
        }
        // RFC 7638 §7: the thumbprint of a secret lets guesses be tried
        Some(_) => return Err(Fault::usage("a secret must not be named by its thumbprint")),
        None => encode_url(&random_bytes(16)?),
    };
    let parameters = key.parameters_mut();
    parameters.kid = Some(kid);
    parameters.alg = Some(args.alg.name().to_owned());
    parameters.usage = Some("sig".to_owned());
    write(args.out.as_deref(), &pretty(&key.to_value()), Content::Private)?;
    if let (Some(path), Some(public)) = (&args.public_out, key.to_public()) {
        write(Some(path), &pretty(&public.to_value()), Content::Public)?;
    }
    Ok(Exit::Yes)
}

/// As many random bytes as the hash has (RFC 7518 §3.2).
fn secret(algorithm: Algorithm) -> Result<Jwk, Fault> {
    Jwk::from_secret(random_bytes(algorithm.hash().digest_bytes())?).map_err(Fault::usage)
}

fn random_bytes(count: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = vec![0; count];
    random::fill(&mut bytes).map_err(Fault::usage)?;
    Ok(bytes)
}

fn rsa(args: &Args) -> Result<Jwk, Fault> {
    if args.bits < MIN_RSA_BITS && !args.allow.relaxations().allows(Relaxation::SmallRsa) {
        let what = format!("{} bits, {MIN_RSA_BITS} are needed (RFC 7518 §3.3)", args.bits);
        return Err(Fault::usage(what).hint("--allow small-rsa makes one for experiments"));
    }
    let start = Instant::now();
    let spinner = ProgressBar::hidden();
    let key = PrivateKey::generate_with(args.bits, |progress| {
        if spinner.is_hidden() && voice::is_watched() && start.elapsed() > Duration::from_secs(1) {
            spinner.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
        if let Progress::Candidate(count) = progress {
            spinner.set_message(format!("searching for a prime: {count} candidates"));
            spinner.tick();
        }
    });
    spinner.finish_and_clear();
    key.map(Jwk::from).map_err(Fault::usage)
}
