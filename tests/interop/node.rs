//! Node, both ways: its built-in `crypto`, and the library `jose`.

use crate::tokens::Exchange;
use crate::tools::{is_there, run};
use std::process::Command;

const CRYPTO: &str = r#"
const crypto = require("node:crypto");
const question = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const b64 = (value) => Buffer.from(value).toString("base64url");
const mac = (alg, input) => crypto.createHmac("sha" + alg.slice(2), question.secret).update(input).digest();
const verified = {}, tokens = {};
for (const [alg, token] of Object.entries(question.tokens)) {
    const [head, payload, signature] = token.split(".");
    const input = head + "." + payload, bytes = Buffer.from(signature, "base64url"), hash = "sha" + alg.slice(2);
    const good = alg.startsWith("HS")
        ? crypto.timingSafeEqual(mac(alg, input), bytes)
        : crypto.verify(hash, Buffer.from(input), question.public, bytes);
    if (good) verified[alg] = JSON.parse(Buffer.from(payload, "base64url").toString());
    const ours = b64(JSON.stringify({ typ: "JWT", alg })) + "." + b64(JSON.stringify(question.claims));
    const made = alg.startsWith("HS") ? mac(alg, ours) : crypto.sign(hash, Buffer.from(ours), question.private);
    tokens[alg] = ours + "." + made.toString("base64url");
}
process.stdout.write(JSON.stringify({ verified, tokens }));
"#;

const JOSE: &str = r#"
const { pathToFileURL } = require("node:url");
(async () => {
    const jose = await import(pathToFileURL(require.resolve("jose")));
    const question = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const verified = {}, tokens = {};
    for (const [alg, token] of Object.entries(question.tokens)) {
        const secret = new TextEncoder().encode(question.secret);
        const hmac = alg.startsWith("HS");
        const open = hmac ? secret : await jose.importSPKI(question.public, alg);
        const own = hmac ? secret : await jose.importPKCS8(question.private, alg);
        verified[alg] = (await jose.jwtVerify(token, open, { algorithms: [alg], audience: "interop" })).payload;
        tokens[alg] = await new jose.SignJWT(question.claims).setProtectedHeader({ alg }).sign(own);
    }
    process.stdout.write(JSON.stringify({ verified, tokens }));
})();
"#;

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    if let Some(path) = std::env::var_os("JOTLAB_NODE_PATH") {
        command.env("NODE_PATH", path);
    }
    command.args(["-e", script]);
    command
}

#[test]
fn tokens_verify_both_ways_with_crypto() {
    if is_there("node", &mut node("require('node:crypto').createHmac")) {
        let exchange = Exchange::new();
        let question = exchange.question().to_string();
        exchange.judge(&run(&mut node(CRYPTO), question.as_bytes()));
    }
}

#[test]
fn tokens_verify_both_ways_with_jose() {
    if is_there("jose", &mut node("require.resolve('jose')")) {
        let exchange = Exchange::new();
        let question = exchange.question().to_string();
        exchange.judge(&run(&mut node(JOSE), question.as_bytes()));
    }
}
