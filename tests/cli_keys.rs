//! `jotlab key` as scripts see it: what is written where, who may read it, exit codes, round trips.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An empty folder of its own for a test, with commands that run in it.
struct Folder(PathBuf);

type Ran = (i32, String, String);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_keys_{name}"));
        let _not_there = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// Runs `jotlab key` and gives its exit code, stdout and stderr.
    fn key(&self, arguments: &str) -> Ran {
        self.key_with(arguments, b"")
    }

    fn key_with(&self, arguments: &str, stdin: &[u8]) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jotlab"))
            .arg("key")
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _gone = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).unwrap();
    }

    /// The private key of RFC 7515 §A.2, under a kid.
    fn rsa(&self, name: &str) -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/keys/rfc7515-a2.jwk.json");
        let mut key = json(&fs::read_to_string(path).unwrap());
        key["kid"] = "a2".into();
        key["alg"] = "RS256".into();
        self.write(name, key.to_string());
        key
    }

    #[cfg(unix)]
    fn mode(&self, name: &str) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The key's own members, without what stands beside them.
fn bare(mut key: Value) -> Value {
    key.as_object_mut().unwrap().retain(|name, _| !["kid", "alg", "use"].contains(&&**name));
    key
}

/// A secret of 32 bytes.
fn oct(kid: &str) -> Value {
    json!({"kty": "oct", "kid": kid, "alg": "HS256", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_"
        .to_owned() + "T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})
}

#[test]
fn a_new_key_is_a_private_jwk() {
    let folder = Folder::new("new");
    let (code, out, err) = folder.key("new --alg RS256");
    assert_eq!((code, err.as_str()), (0, ""));
    let key = json(&out);
    assert_eq!(
        (&key["alg"], &key["use"], &key["kty"]),
        (&"RS256".into(), &"sig".into(), &"RSA".into())
    );
    assert!(key["d"].is_string());
    let (_, thumbprint, _) = folder.key_with("thumbprint -", out.as_bytes());
    assert_eq!(thumbprint.trim_end(), key["kid"]);
    assert_eq!(json(&folder.key_with("show --json -", out.as_bytes()).1)["keys"][0]["bits"], 2048);

    for (alg, letters) in [("HS256", 43), ("HS384", 64), ("HS512", 86)] {
        let key = json(&folder.key(&format!("new --alg {alg} --kid mine")).1);
        assert_eq!(key["k"].as_str().unwrap().len(), letters);
        assert_eq!((&key["alg"], &key["kid"]), (&alg.into(), &"mine".into()));
    }
    let (code, out, _) = folder.key("new --alg RS256 --bits 1024 --allow small-rsa");
    assert_eq!((code, json(&out)["n"].as_str().unwrap().len()), (0, 171));
}

#[test]
fn wrong_wishes_for_a_new_key_are_refused() {
    let folder = Folder::new("wishes");
    for arguments in [
        "new",
        "new --alg none",
        "new --alg rs256",
        "new --alg RS256 --bits 1024",
        "new --alg RS256 --bits 2049",
        "new --alg RS256 --bits 16384",
        "new --alg RS256 --bits 256 --allow small-rsa",
        "new --alg RS512 --bits 512 --allow small-rsa",
        "new --alg RS256 --allow short-hmac-key",
        "new --alg HS256 --bits 2048",
        "new --alg HS256 --public-out public",
        "new --alg HS256 --out no/such/folder",
    ] {
        let (code, out, _) = folder.key(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments}");
    }
    let (_, _, err) = folder.key("new --alg RS256 --bits 1024");
    assert!(err.contains("hint: for experiments: --allow small-rsa"), "{err}");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn new_files_are_private_and_never_overwritten() {
    let folder = Folder::new("files");
    let small = "new --alg RS256 --bits 1024 --allow small-rsa";
    let (code, out, err) = folder.key(&format!("{small} --out private --public-out public"));
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("wrote private") && err.contains("wrote public"), "{err}");
    #[cfg(unix)]
    {
        assert_eq!(folder.mode("private"), 0o600);
        assert_eq!(folder.mode("public") & 0o133, 0);
    }
    let (private, public) = (folder.read("private"), folder.read("public"));
    let [key, half] = [&private, &public].map(|bytes| json(str::from_utf8(bytes).unwrap()));
    assert!(key["d"].is_string() && half["d"].is_null());
    assert_eq!((&key["n"], &key["kid"]), (&half["n"], &half["kid"]));

    for paths in [
        "--out private",
        "--out other --public-out public",
        "--out private --public-out other",
        "--out other --public-out other",
        "--out other --public-out no/such/folder",
    ] {
        let (code, out, _) = folder.key(&format!("{small} {paths}"));
        assert_eq!((code, out.as_str()), (2, ""), "{paths}");
        assert!(!folder.path("other").exists(), "{paths}");
    }
    let (_, _, err) = folder.key(&format!("{small} --out private"));
    assert!(err.contains("private is there already and is not overwritten"), "{err}");
    assert_eq!((folder.read("private"), folder.read("public")), (private, public));

    folder.rsa("a2");
    for arguments in ["convert a2 --to pkcs8 --out a2", "public a2 --out a2"] {
        assert_eq!(folder.key(arguments).0, 2, "{arguments}");
    }
    let (code, out, _) = folder.key(&format!("{small} --public-out half"));
    assert_eq!(
        (code, &json(&out)["n"]),
        (0, &json(str::from_utf8(&folder.read("half")).unwrap())["n"])
    );
}

#[test]
fn a_key_is_shown_without_its_secrets() {
    let folder = Folder::new("show");
    let key = folder.rsa("a2");
    let (code, out, _) = folder.key("show a2");
    assert_eq!(code, 0);
    for part in ["RSA private key, 2048 bits", "65537", "kid          a2", "alg          RS256"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let secret = oct("\u{1b}[2Jx");
    let set = json!({"keys": [key, secret, {"kty": "what", "kid": "\u{7}"}]});
    folder.write("set", set.to_string());
    let text = folder.key("show set").1;
    assert!(text.contains("oct secret, 512 bits") && text.contains("unknown key type"), "{text}");
    let listed = folder.key("show set --json").1;
    let shown = json(&listed);
    assert_eq!(
        (&shown["keys"][0]["private"], &shown["unusable"][0]["index"]),
        (&true.into(), &2.into())
    );
    assert!(shown["keys"][1]["thumbprint"].is_null());
    for out in [out, text, listed] {
        assert!(!out.contains(['\u{1b}', '\u{7}']));
        for name in ["d", "p", "q", "dp", "dq", "qi"] {
            assert!(!out.contains(&key[name].as_str().unwrap()[..12]), "{name}");
        }
        assert!(!out.contains(&secret["k"].as_str().unwrap()[..12]));
    }
}

#[test]
fn unreadable_and_malformed_files_have_their_codes() {
    let folder = Folder::new("broken");
    folder.write("text", "hello");
    folder.write("json", "{\"kty\":\"RSA\"");
    folder.write("jwk", "{\"kty\":\"RSA\"}");
    folder.write("pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    folder.write("der", [0x30, 0x03, 0x02, 0x01]);
    for command in ["show", "public", "thumbprint", "lint", "convert --to jwk"] {
        assert_eq!(folder.key(&format!("{command} none")).0, 2, "{command}");
        for file in ["text", "json", "jwk", "pem", "der", "-"] {
            let (code, out, _) = folder.key(&format!("{command} {file}"));
            assert_eq!((code, out.as_str()), (3, ""), "{command} {file}");
        }
    }
    folder.write("set", json!({"keys": [{"kty": "what"}]}).to_string());
    folder.write("empty", json!({"keys": []}).to_string());
    for command in ["public", "thumbprint", "convert --to jwk"] {
        assert_eq!(folder.key(&format!("{command} set")).0, 5, "{command}");
        assert_eq!(folder.key(&format!("{command} empty")).0, 5, "{command}");
    }
    assert_eq!((folder.key("lint set").0, folder.key("lint empty").0), (1, 2));
    assert_eq!((folder.key("show set").0, folder.key("show empty").0), (0, 0));
}

#[test]
fn the_public_half_keeps_its_form() {
    let folder = Folder::new("public");
    let key = folder.rsa("a2");
    let half = json(&folder.key("public a2").1);
    assert_eq!((&half["n"], &half["kid"], &half["d"]), (&key["n"], &key["kid"], &Value::Null));
    folder.write("set", json!({"keys": [key]}).to_string());
    assert_eq!(json(&folder.key("public set").1), json!({"keys": [half]}));
    assert_eq!(folder.key("public a2 --out half").0, 0);
    assert_eq!(json(str::from_utf8(&folder.read("half")).unwrap()), half);
    folder.write("mixed", json!({"keys": [key, oct("s")]}).to_string());
    for arguments in ["public mixed", "public mixed --out other"] {
        let (code, out, err) = folder.key(arguments);
        assert_eq!((code, out.as_str()), (5, ""));
        assert!(err.contains("oct key \"s\""), "{err}");
    }
    assert!(!folder.path("other").exists());
}

#[test]
fn every_form_converts_to_every_other() {
    let folder = Folder::new("convert");
    let key = bare(folder.rsa("source"));
    let half = json(&folder.key("public source").1);
    for (to, private) in [("jwk", true), ("pkcs1", true), ("pkcs8", true), ("spki", false)] {
        for der in ["", "--der"].into_iter().take(if to == "jwk" { 1 } else { 2 }) {
            let name = format!("{to}{der}");
            let (code, out, _) =
                folder.key(&format!("convert source --to {to} {der} --out {name}"));
            assert_eq!((code, out.as_str()), (0, ""), "{name}");
            #[cfg(unix)]
            assert_eq!(folder.mode(&name) == 0o600, private, "{name}");
            let back = bare(json(&folder.key(&format!("convert {name} --to jwk")).1));
            assert_eq!(back, if private { key.clone() } else { bare(half.clone()) }, "{name}");
            for other in ["pkcs1", "pkcs8", "spki"] {
                let (code, out, _) = folder.key(&format!("convert {name} --to {other}"));
                let direct = folder.key(&format!("convert source --to {other}")).1;
                match (private, other) {
                    (false, "pkcs8") => assert_eq!((code, out.as_str()), (5, "")),
                    (false, "pkcs1") => {
                        assert!(out.starts_with("-----BEGIN RSA PUBLIC KEY-----\n"));
                    }
                    _ => assert_eq!((code, out), (0, direct), "{name} to {other}"),
                }
            }
        }
    }
    assert_eq!(folder.key("convert source --to jwk --der").0, 2);
    assert_eq!(folder.key("convert source --to cert").0, 5);
}

#[test]
fn one_key_of_a_set_is_chosen_by_its_kid() {
    let folder = Folder::new("choose");
    let key = folder.rsa("a2");
    folder.write("set", json!({"keys": [key, oct("s"), oct("s")]}).to_string());
    let (code, out, err) = folder.key("convert set --to spki");
    assert_eq!((code, out.as_str()), (5, ""));
    assert!(err.contains("RSA key \"a2\", oct key \"s\"") && err.contains("--kid"), "{err}");
    assert_eq!(
        folder.key("convert set --to spki --kid a2").1,
        folder.key("convert a2 --to spki").1
    );
    for kid in ["s", "none"] {
        assert_eq!(folder.key(&format!("convert set --to jwk --kid {kid}")).0, 5, "{kid}");
    }
    folder.write("oct", oct("s").to_string());
    assert_eq!(json(&folder.key("convert oct --to jwk").1), oct("s"));
    for to in ["pkcs1", "pkcs8", "spki", "cert"] {
        assert_eq!(folder.key(&format!("convert oct --to {to}")).0, 5, "{to}");
    }
}

/// A certificate by openssl, where there is one.
#[test]
fn certificates_come_out_as_they_went_in() {
    let folder = Folder::new("cert");
    folder.rsa("a2");
    assert_eq!(folder.key("convert a2 --to pkcs8 --out key.pem").0, 0);
    let arguments = "req -x509 -key key.pem -subj /CN=test -days 1 -out cert.pem";
    let made = Command::new("openssl").args(arguments.split(' ')).current_dir(&folder.0).output();
    if !made.is_ok_and(|made| made.status.success()) {
        return;
    }
    let pem = String::from_utf8(folder.read("cert.pem")).unwrap();
    assert_eq!(folder.key("convert cert.pem --to cert").1, pem);
    let jwk = folder.key("convert cert.pem --to jwk").1;
    assert_eq!(json(&jwk)["x5c"].as_array().unwrap().len(), 1);
    assert_eq!(folder.key_with("convert - --to cert", jwk.as_bytes()).1, pem);
    assert_eq!(folder.key("convert cert.pem --to cert --der --out cert.der").0, 0);
    assert_eq!(folder.key("convert cert.der --to spki").1, folder.key("convert a2 --to spki").1);
    // the certificate is not lost with the PEM around it
    assert_eq!(folder.key("convert cert.der --to cert").1, pem);
    let mut chain = json(&jwk);
    let certificate = chain["x5c"][0].clone();
    chain["x5c"].as_array_mut().unwrap().push(certificate);
    folder.write("chain", chain.to_string());
    assert_eq!(folder.key("convert chain --to cert").1, pem.repeat(2));
    assert_eq!(folder.key("convert chain --to cert --der").0, 2);
}

/// RFC 7638 §3.1 and RFC 9278.
#[test]
fn thumbprints_are_the_standards() {
    let folder = Folder::new("thumbprint");
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_\
        BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2\
        QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6W\
        eZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
    folder.write("key", key.to_string());
    let thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    assert_eq!(folder.key("thumbprint key").1, format!("{thumbprint}\n"));
    let uri = format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{thumbprint}\n");
    assert_eq!(folder.key("thumbprint key --uri").1, uri);
    assert_eq!(folder.key("thumbprint key --hash sha512").1.len(), 87);
    assert_eq!(folder.key("thumbprint key --hash sha224 --uri").0, 2);
    assert_eq!(folder.key("thumbprint key --hash md5").0, 2);
    folder.write("set", json!({"keys": [key, oct("s")]}).to_string());
    let out = folder.key("thumbprint set").1;
    assert!(
        out.starts_with(&format!("{thumbprint}  2011-04-29\n")) && out.ends_with("  s\n"),
        "{out}"
    );
}

#[test]
fn lint_names_what_it_finds() {
    let folder = Folder::new("lint");
    let key = folder.rsa("a2");
    let (code, out, _) = folder.key("lint a2");
    assert_eq!((code, out.as_str()), (0, "no findings\n"));
    let (code, out, _) = folder.key("lint a2 --published");
    assert_eq!(code, 1);
    assert_eq!(out, "bad  private-member  RSA key \"a2\": whoever reads it can sign\n");
    folder.write("bare", bare(key.clone()).to_string());
    let (code, out, _) = folder.key("lint bare");
    assert_eq!(code, 0);
    assert!(out.starts_with("odd  no-kid  RSA key without kid, thumbprint "), "{out}");
    folder.write("mixed", json!({"keys": [key, oct("a2")]}).to_string());
    let (code, out, _) = folder.key("lint mixed --json");
    let findings = json(&out);
    let names: Vec<&str> = findings["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["name"].as_str().unwrap())
        .collect();
    assert_eq!((code, names), (1, vec!["mixed-set", "duplicate-kid"]));
    assert_eq!(findings["findings"][0]["severity"], "bad");
}

#[cfg(unix)]
#[test]
fn a_reader_that_went_away_is_no_error() {
    let folder = Folder::new("pipe");
    folder.rsa("a2");
    let script = "{ sleep 0.2; \"$0\" key convert a2 --to pkcs8; echo $? >code; } | true; cat code";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_jotlab")])
        .current_dir(&folder.0)
        .output()
        .unwrap();
    assert_eq!((output.stdout, output.stderr), (b"0\n".to_vec(), vec![]));
}
