//! Tokens that PyJWT and Node's `jose` signed, by keys that a plain Python server serves.

use crate::tools::{Dir, Server, is_there, python};
use std::io::Write;
use std::process::{Command, Stdio};

/// Python's own server of files.
const FILES: &str = r#"
import functools, http.server
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

const CLAIMS: &str =
    r#"{"iss":"https://issuer.example","sub":"zoe","aud":"orders","exp":4102444800}"#;

/// Makes two keys, publishes both as `jwks.json`, prints a token by each.
const PYJWT: &str = r#"
import json, jwt, sys
from cryptography.hazmat.primitives.asymmetric import rsa
claims, keys = json.load(sys.stdin), []
for kid in ["one", "two"]:
    key = rsa.generate_private_key(65537, 2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    keys.append(dict(public, kid=kid, use="sig", alg="RS256"))
    print(jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid}))
json.dump({"keys": keys}, open("jwks.json", "w"))
"#;

const JOSE: &str = r#"
const { pathToFileURL } = require("node:url");
const fs = require("node:fs");
(async () => {
    const jose = await import(pathToFileURL(require.resolve("jose")));
    const claims = JSON.parse(fs.readFileSync(0, "utf8")), keys = [];
    for (const kid of ["one", "two"]) {
        const { publicKey, privateKey } = await jose.generateKeyPair("RS256");
        keys.push({ ...(await jose.exportJWK(publicKey)), kid, use: "sig", alg: "RS256" });
        console.log(await new jose.SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey));
    }
    fs.writeFileSync("jwks.json", JSON.stringify({ keys }));
})();
"#;

fn node() -> Command {
    let mut command = Command::new("node");
    if let Some(path) = std::env::var_os("JOTLAB_NODE_PATH") {
        command.env("NODE_PATH", path);
    }
    command
}

#[test]
fn tokens_of_pyjwt_verify_by_its_published_keys() {
    if is_there("pyjwt", python().args(["-c", "import jwt, cryptography; jwt.encode"])) {
        exchange(python().args(["-c", PYJWT]));
    }
}

#[test]
fn tokens_of_jose_verify_by_its_published_keys() {
    let served = is_there("python3", python().args(["-c", "import http.server"]));
    if served && is_there("jose", node().args(["-e", "require.resolve('jose')"])) {
        exchange(node().args(["-e", JOSE]));
    }
}

fn exchange(signer: &mut Command) {
    let dir = Dir::new();
    let signer = signer.current_dir(dir.root()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = signer.spawn().unwrap();
    child.stdin.take().unwrap().write_all(CLAIMS.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let tokens: Vec<&str> = printed.lines().collect();
    assert_eq!(tokens.len(), 2);
    let server = Server::start(python().args(["-c", FILES]).current_dir(dir.root()));
    let url = format!("http://127.0.0.1:{}/jwks.json", server.port);
    let verify = |token: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotlab"));
        command.args(["verify", token, "--jwks", &url, "--alg", "RS256", "--aud", "orders"]);
        let output = command.args(["--iss", "https://issuer.example"]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    for (token, kid) in tokens.iter().zip(["one", "two"]) {
        let (code, said) = verify(token);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&format!("RSA key \"{kid}\", chosen by its kid")), "{said}");
    }
    // the head and claims of one with the signature of the other
    let (front, _) = tokens[0].rsplit_once('.').unwrap();
    let (_, signature) = tokens[1].rsplit_once('.').unwrap();
    assert_eq!(verify(&format!("{front}.{signature}")).0, Some(1));
}
