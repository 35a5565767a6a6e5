//! From a line to a request: what an adapter reads.

use crate::jose::json::bounded;
use crate::sha2;
use crate::vectors::{Chain, JwtPolicy, Message, Request, RsaPrivate};
use num_bigint::{BigInt, BigUint};
use serde_json::Value;

/// Reads a request. Members that are not known are passed over.
///
/// # Errors
///
/// When the operation is unknown, or a member is missing or of a wrong type.
pub fn read_request(line: &Value) -> Result<Request, String> {
    let members = Members(line);
    match members.text("op")? {
        "sha2" => Ok(Request::Sha2 { hash: members.hash("alg")?, message: members.message()? }),
        "sha2.mct" => Ok(Request::Sha2Chain {
            hash: members.hash("alg")?,
            seed: members.hex("seed")?,
            chain: match members.text("variant")? {
                "standard" => Chain::Standard,
                "alternate" => Chain::Alternate,
                _ => return Err("variant: standard or alternate is expected".to_owned()),
            },
            outer: members.number("outer")?.try_into().map_err(|_| "outer is too large")?,
            inner: members.number("inner")?.try_into().map_err(|_| "inner is too large")?,
        }),
        "hmac" => {
            let hash = members.hash("alg")?;
            let (key, message) = (members.hex("key")?, members.hex("msg")?);
            Ok(Request::Hmac { hash, key, message, tag_bytes: members.tag_bytes(hash)? })
        }
        "hmac.verify" => {
            let hash = members.hash("alg")?;
            let (key, message) = (members.hex("key")?, members.hex("msg")?);
            let (tag, tag_bytes) = (members.hex("tag")?, members.tag_bytes(hash)?);
            Ok(Request::HmacVerify { hash, key, message, tag, tag_bytes })
        }
        "pbkdf2" => Ok(Request::Pbkdf2 {
            hash: members.hash("alg")?,
            password: members.hex("password")?,
            salt: members.hex("salt")?,
            count: members.number("count")?.try_into().map_err(|_| "count is too large")?,
            key_bytes: members.number("dk_len")?.try_into().map_err(|_| "dk_len is too large")?,
        }),
        "base64url.encode" => Ok(Request::Base64UrlEncode { data: members.hex("data")? }),
        "base64url.decode" => {
            Ok(Request::Base64UrlDecode { text: members.text("text")?.to_owned() })
        }
        "rsa.pkcs1v15.sign" => Ok(Request::RsaSign {
            hash: members.hash("alg")?,
            key: Members(members.get("key")?).rsa_private()?,
            message: members.hex("msg")?,
        }),
        "rsa.pkcs1v15.verify" => {
            let key = Members(members.get("key")?);
            Ok(Request::RsaVerify {
                hash: members.hash("alg")?,
                n: key.integer("n")?,
                e: key.integer("e")?,
                message: members.hex("msg")?,
                signature: members.hex("sig")?,
            })
        }
        "prime" => {
            let value = BigInt::parse_bytes(members.text("value")?.as_bytes(), 16);
            Ok(Request::IsPrime { value: value.ok_or("value: hex is expected")? })
        }
        "jws.sign" => Ok(Request::JwsSign {
            algorithm: members.text("alg")?.to_owned(),
            key: members.text("key")?.to_owned(),
            header: members.text("header")?.to_owned(),
            payload: members.hex("payload")?,
        }),
        "jws.verify" => Ok(Request::JwsVerify {
            token: members.text("jws")?.to_owned(),
            payload: members.find("payload").map(|_| members.hex("payload")).transpose()?,
            keys: members.text("key")?.to_owned(),
            algorithms: members.texts("algs")?,
            allow: members.texts("allow")?,
        }),
        "jwt.verify" => Ok(Request::JwtVerify {
            token: members.text("token")?.to_owned(),
            keys: members.text("key")?.to_owned(),
            algorithms: members.texts("algs")?,
            policy: Members(members.get("policy")?).policy()?,
            allow: members.texts("allow")?,
        }),
        "secret.import" => Ok(Request::SecretImport { secret: members.hex("secret")? }),
        "jwk.parse" => Ok(Request::JwkParse { jwk: members.text("jwk")?.to_owned() }),
        "jwk.thumbprint" => Ok(Request::Thumbprint {
            jwk: members.text("jwk")?.to_owned(),
            hash: members
                .find("hash")
                .map_or(Ok(sha2::Algorithm::Sha256), |_| members.hash("hash"))?,
        }),
        other => Err(format!("unknown op \"{}\"", bounded(other))),
    }
}

struct Members<'v>(&'v Value);

impl<'v> Members<'v> {
    fn find(&self, name: &str) -> Option<&'v Value> {
        self.0.get(name)
    }

    fn get(&self, name: &str) -> Result<&'v Value, String> {
        self.find(name).ok_or_else(|| format!("\"{name}\" is missing"))
    }

    fn text(&self, name: &str) -> Result<&'v str, String> {
        self.get(name)?.as_str().ok_or_else(|| format!("\"{name}\" is no string"))
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        let Some(value) = self.find(name) else { return Ok(vec![]) };
        let items = value.as_array().ok_or_else(|| format!("\"{name}\" is no array"))?;
        let text = |item: &Value| item.as_str().map(str::to_owned);
        items
            .iter()
            .map(text)
            .collect::<Option<_>>()
            .ok_or_else(|| format!("\"{name}\": no strings"))
    }

    fn hex(&self, name: &str) -> Result<Vec<u8>, String> {
        hex::decode(self.text(name)?).map_err(|error| format!("\"{name}\": {error}"))
    }

    fn integer(&self, name: &str) -> Result<BigUint, String> {
        let digits = self.text(name)?.as_bytes();
        BigUint::parse_bytes(digits, 16).ok_or_else(|| format!("\"{name}\" is no hex"))
    }

    fn number(&self, name: &str) -> Result<u64, String> {
        self.get(name)?.as_u64().ok_or_else(|| format!("\"{name}\" is no whole number"))
    }

    fn hash(&self, name: &str) -> Result<sha2::Algorithm, String> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("\"{name}\": {} is unknown", bounded(text)))
    }

    fn tag_bytes(&self, hash: sha2::Algorithm) -> Result<usize, String> {
        match self.find("tag_len") {
            None => Ok(hash.digest_bytes()),
            Some(_) => Ok(usize::try_from(self.number("tag_len")?).unwrap_or(usize::MAX)),
        }
    }

    fn message(&self) -> Result<Message, String> {
        if self.find("repeat").is_some() {
            let (piece, bytes) = (self.hex("repeat")?, self.number("bytes")?);
            return Ok(Message::Repeated { piece, bytes });
        }
        if self.find("chunks").is_some() {
            let chunks = self.texts("chunks")?;
            let chunks = chunks.iter().map(hex::decode).collect::<Result<_, _>>();
            return Ok(Message::Chunks(chunks.map_err(|error| format!("\"chunks\": {error}"))?));
        }
        let bytes = self.hex("msg")?;
        if self.find("bits").is_none() {
            return Ok(Message::Bytes(bytes));
        }
        let bits = self.number("bits")?;
        if bits.div_ceil(8) != bytes.len() as u64 {
            return Err(format!("{bits} bits are not in {} bytes", bytes.len()));
        }
        Ok(Message::Bits(bytes, bits))
    }

    fn rsa_private(&self) -> Result<RsaPrivate, String> {
        let primes = match self.find("p") {
            None => None,
            Some(_) => Some([
                self.integer("p")?,
                self.integer("q")?,
                self.integer("dp")?,
                self.integer("dq")?,
                self.integer("qi")?,
            ]),
        };
        let (n, e, d) = (self.integer("n")?, self.integer("e")?, self.integer("d")?);
        Ok(RsaPrivate { n, e, d, primes })
    }

    fn policy(&self) -> Result<JwtPolicy, String> {
        let text =
            |name: &str| self.find(name).map(|_| self.text(name).map(str::to_owned)).transpose();
        Ok(JwtPolicy {
            now: self.get("now")?.as_i64().ok_or("\"now\" is no whole number")?,
            leeway: self.find("leeway").map_or(Ok(0), |_| self.number("leeway"))?,
            issuer: text("iss")?,
            audience: text("aud")?,
            typ: text("typ")?,
            require: self.texts("require")?,
        })
    }
}
