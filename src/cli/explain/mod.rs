//! `jotlab explain`: a computation step by step, from the code that runs.

mod jose;
mod output;
mod rsa;

use super::exit::{Done, Exit, Fault};
use super::input;
use crate::explain::{self, ExplainError, Trace};
use crate::sha2;
use output::OutputArgs;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// SHA-224 of a message
    Sha224(MessageArgs),
    /// SHA-256 of a message
    Sha256(MessageArgs),
    /// SHA-384 of a message
    Sha384(MessageArgs),
    /// SHA-512 of a message
    Sha512(MessageArgs),
    /// SHA-512/224 of a message
    #[command(name = "sha512-224")]
    Sha512_224(MessageArgs),
    /// SHA-512/256 of a message
    #[command(name = "sha512-256")]
    Sha512_256(MessageArgs),
    /// HMAC of a message
    Hmac(HmacArgs),
    /// Base64url of bytes, or back
    Base64url(Base64Args),
    /// A signature by an RSA key
    RsaSign(rsa::SignArgs),
    /// Whether a signature verifies, and why not
    RsaVerify(rsa::VerifyArgs),
    /// RSA with numbers that fit on paper
    RsaToy(rsa::ToyArgs),
    /// A token on its way through verification
    Jwt(Box<jose::JwtArgs>),
    /// A key: its members, what it is for, its thumbprint
    Jwk(jose::JwkArgs),
    /// A set of keys, and which one a token meets
    Jwks(jose::JwksArgs),
    /// One key in the place of another, and what a cached set says meanwhile
    Rotation(jose::RotationArgs),
}

#[derive(clap::Args)]
pub(super) struct HmacArgs {
    /// The secret: TEXT, @FILE, env:NAME, hex:…, b64u:…
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true)]
    secret: String,
    /// The hash inside
    #[arg(long, value_name = "HASH", default_value = "sha256")]
    hash: sha2::Algorithm,
    #[command(flatten)]
    message: MessageArgs,
}

#[derive(clap::Args)]
pub(super) struct Base64Args {
    /// Decode instead of encode
    #[arg(long)]
    decode: bool,
    #[command(flatten)]
    message: MessageArgs,
}

#[derive(clap::Args)]
pub(super) struct MessageArgs {
    /// The message: TEXT, @FILE, - for stdin, hex:…, b64u:…
    #[arg(allow_hyphen_values = true)]
    message: String,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(command: &Command) -> Done {
    use sha2::Algorithm::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
    match command {
        Command::Sha224(args) => digest(Sha224, args),
        Command::Sha256(args) => digest(Sha256, args),
        Command::Sha384(args) => digest(Sha384, args),
        Command::Sha512(args) => digest(Sha512, args),
        Command::Sha512_224(args) => digest(Sha512_224, args),
        Command::Sha512_256(args) => digest(Sha512_256, args),
        Command::Hmac(args) => mac(args),
        Command::Base64url(args) => base64url(args),
        Command::RsaSign(args) => rsa::sign(args),
        Command::RsaVerify(args) => rsa::verify(args),
        Command::RsaToy(args) => rsa::toy(args),
        Command::Jwt(args) => jose::jwt(args),
        Command::Jwk(args) => jose::jwk(args),
        Command::Jwks(args) => jose::jwks(args),
        Command::Rotation(args) => jose::rotation(args),
    }
}

fn digest(algorithm: sha2::Algorithm, args: &MessageArgs) -> Done {
    args.output.tell(&args.message, |message| {
        traced(explain::sha2::digest(algorithm, &input::bytes(message)?))
    })
}

fn mac(args: &HmacArgs) -> Done {
    let secret = input::secret(&args.secret)?;
    args.message.output.tell(&args.message.message, |message| {
        traced(explain::hmac::mac(args.hash, &secret, &input::bytes(message)?))
    })
}

fn base64url(args: &Base64Args) -> Done {
    args.message.output.tell(&args.message.message, |message| {
        if !args.decode {
            return traced(explain::base64::encode(&input::bytes(message)?));
        }
        let line = input::line(message)?;
        let text = str::from_utf8(&line).map_err(|error| {
            Fault::malformed(format_args!("offset {}: not UTF-8", error.valid_up_to()))
        })?;
        traced(explain::base64::decode(text))
    })
}

/// A trace, or why there is none in the command's words.
fn traced(trace: Result<Trace, ExplainError>) -> Result<Trace, Fault> {
    trace.map_err(|error| match error {
        ExplainError::TooLong { .. } => Fault::new(Exit::Usage, error),
        ExplainError::NoSignature(_) => Fault::new(Exit::Key, error),
        ExplainError::Unfaithful(_) => Fault::new(Exit::No, error),
    })
}
