//! PyJWT, both ways.

use crate::tokens::Exchange;
use crate::tools::{is_there, run};
use std::process::Command;

const SCRIPT: &str = r#"
import json, sys, jwt
question = json.load(sys.stdin)
verified, tokens = {}, {}
for alg, token in question["tokens"].items():
    hmac = alg.startswith("HS")
    public = question["secret"] if hmac else question["public"]
    private = question["secret"] if hmac else question["private"]
    verified[alg] = jwt.decode(token, public, algorithms=[alg], audience="interop")
    tokens[alg] = jwt.encode(question["claims"], private, algorithm=alg)
    head, payload, signature = token.split(".")
    letter = "B" if signature[0] == "A" else "A"
    try:
        jwt.decode(".".join([head, payload, letter + signature[1:]]), public, algorithms=[alg], audience="interop")
        sys.exit(alg + ": a changed signature verified")
    except jwt.InvalidSignatureError:
        pass
json.dump({"verified": verified, "tokens": tokens}, sys.stdout)
"#;

#[test]
fn tokens_verify_both_ways() {
    let python = std::env::var_os("JOTLAB_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = "import jwt, cryptography; jwt.encode, jwt.decode";
    if !is_there("pyjwt", Command::new(&python).args(["-c", probe])) {
        return;
    }
    let exchange = Exchange::new();
    let question = exchange.question().to_string();
    exchange.judge(&run(Command::new(&python).args(["-c", SCRIPT]), question.as_bytes()));
}
