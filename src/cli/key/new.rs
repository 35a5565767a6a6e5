//! `jotlab key new`: an RSA key, or a random secret of the length of its hash.

use super::output::{NewFile, Readers};
use crate::base64::encode_url;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::jose::{Algorithm, Family, Jwk, MIN_RSA_BITS, Relaxation};
use crate::random;
use crate::rsa::PrivateKey;
use crate::rsa::keygen::{BITS, Progress};
use crate::sha2;
use indicatif::{ProgressBar, ProgressFinish};
use std::time::{Duration, Instant};

/// Bytes of an encoded signature beside the digest: DigestInfo and padding (RFC 8017 §9.2 step 3).
const EMSA_OVERHEAD: u64 = 19 + 11;
const DEFAULT_BITS: u64 = 2048;

/// What `jotlab key new` takes.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// What the key is for: HS256, HS384, HS512, RS256, RS384 or RS512
    #[arg(long, value_parser = algorithm)]
    alg: Algorithm,
    /// Bits of an RSA modulus, 2048 unless given
    #[arg(long)]
    bits: Option<u64>,
    /// The name of the key: `thumbprint`, or any text
    #[arg(long, default_value = "thumbprint", allow_hyphen_values = true)]
    kid: String,
    /// Allow an RSA key under 2048 bits
    #[arg(long, value_name = "NAME", value_parser = [Relaxation::SmallRsa.name()])]
    allow: Option<String>,
    /// Write the private JWK to this new file, readable by its owner only, and print nothing
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Write the public JWK to this new file
    #[arg(long, value_name = "FILE")]
    public_out: Option<String>,
}

fn algorithm(name: &str) -> Result<Algorithm, String> {
    Algorithm::from_name(name).ok_or_else(|| {
        let names = Algorithm::ALL.map(Algorithm::name).join(", ");
        format!("expected one of {names}")
    })
}

pub(super) fn run(args: &Args) -> Done {
    let bits = checked_bits(args)?;
    let files = Files { out: named(args.out.as_deref()), public: args.public_out.as_deref() };
    files.try_out()?;
    let mut jwk = match bits {
        Some(bits) => rsa(bits)?.into(),
        None => secret(args.alg)?,
    };
    let thumbprint = jwk.thumbprint(sha2::Algorithm::Sha256);
    let parameters = jwk.parameters_mut();
    parameters.kid = Some(match args.kid.as_str() {
        "thumbprint" => encode_url(thumbprint.as_bytes()),
        kid => kid.to_owned(),
    });
    parameters.alg = Some(args.alg.name().to_owned());
    parameters.usage = Some("sig".to_owned());
    files.write(&jwk)?;
    Ok(Exit::Yes)
}

/// A path that is a file: `-` is stdout.
fn named(path: Option<&str>) -> Option<&str> {
    path.filter(|path| *path != "-")
}

/// How long an RSA key is to be; nothing for a secret.
fn checked_bits(args: &Args) -> Result<Option<u64>, Fault> {
    if args.alg.family() == Family::Hmac {
        return match (args.bits, &args.public_out) {
            (Some(_), _) => Err(Fault::usage("--bits is for RSA keys only")),
            (_, Some(_)) => Err(Fault::usage("--public-out: a secret has no public half")),
            (None, None) => Ok(None),
        };
    }
    let bits = args.bits.unwrap_or(DEFAULT_BITS);
    if !BITS.contains(&bits) || !bits.is_multiple_of(2) {
        let (least, most) = (BITS.start(), BITS.end());
        return Err(Fault::usage(format_args!("--bits: an even number from {least} to {most}")));
    }
    if bits < MIN_RSA_BITS && args.allow.is_none() {
        let why = format!("--bits {bits}: {MIN_RSA_BITS} are needed (RFC 7518 §3.3)");
        let hint = format!("for experiments: --allow {}", Relaxation::SmallRsa);
        return Err(Fault::usage(why).hint(hint));
    }
    // RFC 8017 §9.2 step 3: a shorter modulus has no room for the digest
    let least = 8 * (args.alg.hash().digest_bytes() as u64 + EMSA_OVERHEAD);
    if bits < least {
        let alg = args.alg;
        return Err(Fault::usage(format_args!("--bits {bits}: {alg} needs {least} at least")));
    }
    Ok(Some(bits))
}

/// A key, with a spinner where somebody waits longer than a second.
fn rsa(bits: u64) -> Result<PrivateKey, Fault> {
    let (watched, started) = (voice::is_watched(), Instant::now());
    let mut spinner: Option<ProgressBar> = None;
    let mut primes = 0;
    let key = PrivateKey::generate_with(bits, |progress| {
        primes += u64::from(progress == Progress::Found);
        if let Progress::Candidate(count) = progress
            && watched
            && started.elapsed() > Duration::from_secs(1)
        {
            let spinner = spinner.get_or_insert_with(|| {
                ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear)
            });
            spinner.set_message(format!("{primes} primes found, candidate {count} for the next"));
            spinner.tick();
        }
    });
    key.map_err(Fault::usage)
}

/// RFC 7518 §3.2: a key of the size of the hash output or larger.
fn secret(algorithm: Algorithm) -> Result<Jwk, Fault> {
    let mut bytes = vec![0; algorithm.hash().digest_bytes()];
    random::fill(&mut bytes).map_err(Fault::usage)?;
    Jwk::from_secret(bytes).map_err(|error| Fault::new(Exit::Key, error))
}

/// Where the key goes.
struct Files<'a> {
    out: Option<&'a str>,
    public: Option<&'a str>,
}

impl<'a> Files<'a> {
    fn create(&self) -> Result<[Option<NewFile<'a>>; 2], Fault> {
        let out = self.out.map(|path| NewFile::create(path, Readers::Owner)).transpose()?;
        let public = self.public.map(|path| NewFile::create(path, Readers::All)).transpose()?;
        Ok([out, public])
    }

    /// Whether both can be made, seen before the long work; neither stays if that is broken off.
    fn try_out(&self) -> Result<(), Fault> {
        self.create().map(drop)
    }

    /// Both files or none; the private key to stdout where it has no file.
    fn write(&self, jwk: &Jwk) -> Result<(), Fault> {
        let [out, public] = self.create()?;
        let text = |jwk: &Jwk| format!("{:#}\n", jwk.to_value()).into_bytes();
        let half = jwk.to_public().map(|half| text(&half)).unwrap_or_default();
        let public = public.map(|file| file.write(&half)).transpose()?;
        let out = out.map(|file| file.write(&text(jwk))).transpose()?;
        if out.is_none() {
            voice::out_bytes(&text(jwk))?;
        }
        [out, public].into_iter().flatten().for_each(NewFile::keep);
        Ok(())
    }
}
