//! `jotlab key thumbprint`: the hash that names a key (RFC 7638), and its URI (RFC 9278).

use super::{no_keys, note_unusable, read};
use crate::base64::encode_url;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::sha2::Algorithm;

/// What `jotlab key thumbprint` takes.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The key file, - for stdin; a set gives a line for each key, with its kid
    file: String,
    /// The hash: sha256 or another of SHA-2
    #[arg(long, value_name = "ALG", default_value = "sha256")]
    hash: Algorithm,
    /// As a URI (RFC 9278)
    #[arg(long)]
    uri: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let prefix = if args.uri { uri_prefix(args.hash)? } else { String::new() };
    let set = read(&args.file)?;
    note_unusable(&set);
    if set.keys().is_empty() {
        return Err(no_keys(&args.file));
    }
    for key in set.keys() {
        let thumbprint = encode_url(key.thumbprint(args.hash).as_bytes());
        let kid = match key.kid() {
            Some(kid) if set.keys().len() > 1 => format!("  {}", voice::shown(kid, 200)),
            _ => String::new(),
        };
        voice::out(&format!("{prefix}{thumbprint}{kid}\n"))?;
    }
    Ok(Exit::Yes)
}

/// RFC 9278 §4: the hash has a name of IANA's "Named Information Hash Algorithm" registry.
fn uri_prefix(hash: Algorithm) -> Result<String, Fault> {
    match hash {
        Algorithm::Sha256 | Algorithm::Sha384 | Algorithm::Sha512 => {
            Ok(format!("urn:ietf:params:oauth:jwk-thumbprint:{}:", hash.name().to_lowercase()))
        }
        _ => Err(Fault::usage(format_args!("--uri: {hash} has no registered name (RFC 9278 §4)"))),
    }
}
