//! `jotlab crosscheck adapter`: jotlab behind the protocol.

use crate::cli::exit::{Done, Exit, Fault};
use crate::crosscheck::wire::{MAX_LINE_BYTES, PROTOCOL, answer_line, read_request};
use crate::jose::Algorithm;
use crate::sha2;
use crate::vectors::{Implementation, Jotlab, Message, Request};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

/// The most bytes that one request may have hashed: about half a minute.
const MAX_MESSAGE: u64 = 8 << 30;

pub(super) fn run() -> Done {
    let jotlab = Jotlab::new();
    let mut stdin = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    loop {
        let mut line = vec![];
        let limit = MAX_LINE_BYTES as u64 + 1;
        let read = stdin.by_ref().take(limit).read_until(b'\n', &mut line);
        match read {
            Ok(0) => return stdout.flush().map(|()| Exit::Yes).or(Ok(Exit::Yes)),
            Ok(_) if line.len() as u64 == limit => {
                return Err(Fault::malformed("a request of more than 64 MiB"));
            }
            Ok(_) => {}
            Err(error) => return Err(Fault::usage(format_args!("cannot read stdin: {error}"))),
        }
        let answer = answer(&line, &jotlab);
        // whoever asked has gone: there is nobody to tell
        let written = stdout
            .write_all(answer.as_bytes())
            .and_then(|()| if stdin.buffer().is_empty() { stdout.flush() } else { Ok(()) });
        if written.is_err() {
            return Ok(Exit::Yes);
        }
    }
}

fn answer(line: &[u8], jotlab: &Jotlab) -> String {
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => {
            return json!({ "id": null, "error": format!("no JSON: {error}") }).to_string() + "\n";
        }
    };
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    if value.get("op").and_then(Value::as_str) == Some("hello") {
        return hello(&id);
    }
    match read_request(&value).and_then(|request| too_much(&request).map_or(Ok(request), Err)) {
        Ok(request) => answer_line(&id, &request, &jotlab.answer(&request)),
        Err(why) => json!({ "id": id, "error": why }).to_string() + "\n",
    }
}

/// Why a request is not worth its time: a line of a hundred bytes can ask for a century.
fn too_much(request: &Request) -> Option<String> {
    let work = match request {
        Request::Sha2 { message: Message::Repeated { bytes, .. }, .. } => *bytes,
        Request::Sha2Chain { seed, outer, inner, .. } => {
            // a link of none still leaves a digest
            let links = u64::from(*outer) * u64::from(*inner).max(1);
            links.saturating_mul(3 * seed.len() as u64 + 64)
        }
        Request::Pbkdf2 { hash, count, key_bytes, .. } => {
            // two blocks for each iteration of each block of the key
            let blocks = (*key_bytes as u64).div_ceil(hash.digest_bytes() as u64);
            let steps = blocks.saturating_mul(u64::from(*count));
            steps.saturating_mul(2 * hash.block_bytes() as u64)
        }
        _ => 0,
    };
    (work > MAX_MESSAGE).then(|| format!("{work} bytes to hash are more than {MAX_MESSAGE}"))
}

fn hello(id: &Value) -> String {
    let hashes = sha2::Algorithm::ALL.map(sha2::Algorithm::name);
    let algorithms = Algorithm::ALL.map(Algorithm::name);
    let ok = json!({
        "name": "jotlab", "version": env!("CARGO_PKG_VERSION"), "protocol": PROTOCOL,
        "ops": {
            "sha2": hashes, "sha2.mct": hashes, "hmac": hashes, "hmac.verify": hashes,
            "pbkdf2": hashes, "base64url.encode": [], "base64url.decode": [], "rsa.pkcs1v15.sign": hashes,
            "rsa.pkcs1v15.verify": hashes, "prime": [], "jws.sign": algorithms,
            "jws.verify": algorithms,
            "jwt.verify": algorithms, "secret.import": [], "jwk.parse": [],
            "jwk.thumbprint": hashes,
        },
        "limits": { "max_msg": MAX_MESSAGE, "rsa_bits": [0, 16384] }, "window": 256, "features": ["bits"],
    });
    json!({ "id": id, "ok": ok }).to_string() + "\n"
}
