//! `jotlab mac`: HMAC of files or stdin, made or verified.

use super::exit::{Done, Exit, Fault};
use super::hash::{feed, report};
use super::{input, voice};
use crate::base64;
use crate::hmac::{Hmac, Stream};
use crate::sha2::Algorithm;
use serde_json::json;

#[derive(clap::Args)]
pub(super) struct Args {
    /// sha224, sha256, sha384, sha512, sha512-224 or sha512-256
    #[arg(value_name = "ALG")]
    algorithm: Algorithm,
    /// Files, - being stdin; without any, stdin
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// The secret: TEXT, @FILE, -, env:NAME, hex:…, b64u:…
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true)]
    secret: String,
    /// Verify this code (hex, or b64u:…) instead of making one
    #[arg(long, value_name = "TAG")]
    verify: Option<String>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let secret = input::secret(&args.secret)?;
    if secret.is_empty() {
        return Err(Fault::new(Exit::Key, "the secret is empty"));
    }
    let key = Hmac::new(args.algorithm, &secret);
    if let Some(tag) = &args.verify {
        return verify(args, &key, tag);
    }
    report(args.algorithm, &args.files, args.json, "mac", |path| {
        Ok(hex::encode(&*stream(&key, path)?.finish()))
    })
}

fn verify(args: &Args, key: &Hmac, tag: &str) -> Done {
    let tag = match tag.strip_prefix("b64u:") {
        Some(letters) => base64::decode_url(letters).map_err(Fault::malformed)?,
        None => hex::decode(tag.strip_prefix("hex:").unwrap_or(tag))
            .map_err(|error| Fault::malformed(format_args!("tag: {error}")))?,
    };
    let path = match &args.files[..] {
        [] => "-",
        [path] => path,
        _ => return Err(Fault::usage("--verify takes one file")),
    };
    let holds = stream(key, path)?.verify(&tag);
    if args.json {
        let result = if holds { "ok" } else { "failed" };
        voice::out_json(&json!({ "alg": args.algorithm.name(), "file": path, "result": result }))?;
    } else {
        let word = if holds { voice::good("ok") } else { voice::bad("FAILED") };
        voice::out(&format!("{}: {word}\n", voice::shown(path, 4096)))?;
    }
    Ok(if holds { Exit::Yes } else { Exit::No })
}

fn stream(key: &Hmac, path: &str) -> Result<Stream, Fault> {
    let mut stream = key.stream();
    feed(path, |piece| stream.update(piece))?;
    Ok(stream)
}
