//! `jotlab mac`: HMAC (RFC 2104) of files, and the check of a code.

use super::exit::{Done, Exit, Fault};
use super::hash::{Format, Listing, stream};
use super::{input, voice};
use crate::base64;
use crate::ct::Secret;
use crate::hmac::{Hmac, Stream};
use crate::sha2::Algorithm;
use serde_json::json;

/// What `jotlab mac` takes.
#[derive(clap::Args)]
pub(super) struct Args {
    /// sha224, sha256, sha384, sha512, sha512-224 or sha512-256
    #[arg(value_name = "ALG")]
    algorithm: Algorithm,
    /// The secret: text, @FILE, - for stdin, env:NAME, hex:… or b64u:…
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true)]
    secret: String,
    /// Files to authenticate, - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<String>,
    /// Check this code of one file instead: hex, or b64u:…
    #[arg(long, value_name = "TAG", allow_hyphen_values = true)]
    verify: Option<String>,
    /// Give one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let from_stdin = |value: &str| matches!(value, "-" | "@-");
    if from_stdin(&args.secret) && args.files.iter().any(|file| file == "-") {
        return Err(Fault::usage("stdin cannot be both the secret and the message"));
    }
    let secret = Secret::new(input::secret(&args.secret)?);
    if secret.expose().is_empty() {
        return Err(Fault::new(Exit::Key, "the secret is empty"));
    }
    let (algorithm, format) = (args.algorithm, Format::from(args.json));
    let hmac = Hmac::new(algorithm, secret.expose());
    if let Some(tag) = &args.verify {
        let [file] = args.files.as_slice() else {
            return Err(Fault::usage("--verify takes exactly one file"));
        };
        return verify(&hmac, file, &read_tag(tag)?, format);
    }
    let listing = Listing { algorithm, files: &args.files, member: "mac", format };
    listing.print(|path| message(&hmac, path).map(|message| hex::encode(&*message.finish())))
}

/// A file as the message of an HMAC.
fn message(hmac: &Hmac, path: &str) -> Result<Stream, Fault> {
    let mut message = hmac.stream();
    stream(path, |piece| message.update(piece))?;
    Ok(message)
}

fn verify(hmac: &Hmac, file: &str, tag: &[u8], format: Format) -> Done {
    let good = message(hmac, file)?.verify(tag);
    let result = match (good, format) {
        (_, Format::Json) => {
            let algorithm = hmac.algorithm().command_name();
            let result = if good { "ok" } else { "failed" };
            voice::out_json(&json!({"algorithm": algorithm, "name": file, "result": result}))
        }
        (true, Format::Text) => voice::out(&format!("{}\n", voice::good("ok"))),
        (false, Format::Text) => voice::out(&format!("{}\n", voice::bad("FAILED"))),
    };
    let (found, whole) = (tag.len(), hmac.algorithm().digest_bytes());
    if found != whole {
        voice::note(&format!("the code has {found} bytes, a whole one has {whole}"));
    }
    result.map(|()| if good { Exit::Yes } else { Exit::No })
}

fn read_tag(text: &str) -> Result<Vec<u8>, Fault> {
    if let Some(letters) = text.strip_prefix("b64u:") {
        return base64::decode_url(letters)
            .map_err(|error| Fault::malformed(format_args!("--verify: {error}")));
    }
    let digits = text.strip_prefix("hex:").unwrap_or(text);
    hex::decode(digits).map_err(|error| {
        Fault::malformed(format_args!("--verify: hex: {error}"))
            .hint("a code in base64url is written b64u:…")
    })
}
