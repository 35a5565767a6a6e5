//! From the JSON members of a JWK to the key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2), and back.

use super::jwk::{CurveKey, Jwk, Material, Parameters};
use super::jwk_error::JwkError;
use super::numeric_date::NumericDate;
use crate::base64::{self, encode_standard, encode_url};
use crate::ct::{self, Secret};
use crate::rsa::encoding::{Form, Key, from_der};
use crate::rsa::{Components, PrivateKey, PublicKey};
use crate::sha2;
use num_bigint::BigUint;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Curves with the length of a coordinate or key in bytes (RFC 7518 §6.2.1.2, RFC 8812, RFC 8032).
const CURVES: [(&str, &str, usize); 8] = [
    ("EC", "P-256", 32),
    ("EC", "P-384", 48),
    ("EC", "P-521", 66),
    ("EC", "secp256k1", 32),
    ("OKP", "Ed25519", 32),
    ("OKP", "Ed448", 57),
    ("OKP", "X25519", 32),
    ("OKP", "X448", 56),
];

/// The CRT members of a private RSA key, all or none (RFC 7518 §6.3.2).
const CRT: [&str; 5] = ["p", "q", "dp", "dq", "qi"];

/// Reads the members of a JWK.
pub(super) fn read(members: &Map<String, Value>) -> Result<Jwk, JwkError> {
    let members = Members(members);
    let kty = members.text("kty")?.ok_or(JwkError::Missing("kty"))?;
    if kty == "oct" {
        let secret = members.needed_bytes("k")?;
        let mut jwk = Jwk::from_secret(secret)?;
        jwk.parameters = parameters(&members)?;
        return Ok(jwk);
    }
    let material = match kty {
        "RSA" => rsa(&members)?,
        "EC" | "OKP" => Material::Curve(curve(kty, &members)?),
        other => return Err(JwkError::UnknownType(other.to_owned())),
    };
    let mut jwk = Jwk::from(material);
    jwk.parameters = parameters(&members)?;
    check_certificate(&jwk, &members)?;
    Ok(jwk)
}

/// RFC 7518 §6.3
fn rsa(members: &Members<'_>) -> Result<Material, JwkError> {
    let (n, e) = (members.needed_integer("n")?, members.needed_integer("e")?);
    if members.0.contains_key("oth") {
        return Err(JwkError::OtherPrimes);
    }
    let Some(d) = members.integer("d")? else {
        return Ok(Material::Rsa(PublicKey::new(n, e)?));
    };
    if !CRT.iter().any(|name| members.0.contains_key(*name)) {
        return Ok(Material::RsaPrivate(PrivateKey::from_exponents(n, e, d)?.into()));
    }
    let part = |name| members.integer(name)?.ok_or(JwkError::PartialPrivateKey(name));
    let [p, q, dp, dq, qi] = CRT.map(part);
    let parts = Components { n, e, d, p: p?, q: q?, dp: dp?, dq: dq?, qi: qi? };
    Ok(Material::RsaPrivate(PrivateKey::new(&parts)?.into()))
}

/// RFC 7518 §6.2, RFC 8037 §2. Whether the point is on its curve is not looked at: no operation uses it.
fn curve(kty: &str, members: &Members<'_>) -> Result<CurveKey, JwkError> {
    let crv = members.text("crv")?.ok_or(JwkError::Missing("crv"))?;
    let known = CURVES.into_iter().find(|(of, name, _)| (*of, *name) == (kty, crv));
    let (kty, crv, length) = known.ok_or_else(|| JwkError::UnknownCurve(crv.to_owned()))?;
    let fixed = |name: &'static str, bytes: Vec<u8>| match bytes.len() {
        found if found == length => Ok(bytes),
        found => Err(JwkError::Length { name, found, expected: length }),
    };
    let x = fixed("x", members.needed_bytes("x")?)?;
    let y = match kty {
        "EC" => Some(fixed("y", members.needed_bytes("y")?)?),
        _ => None,
    };
    let d = members.bytes("d")?.map(|d| fixed("d", d)).transpose()?.map(Secret::new);
    Ok(CurveKey { kty, crv, x, y, d })
}

/// RFC 7517 §4.2 to §4.7
fn parameters(members: &Members<'_>) -> Result<Parameters, JwkError> {
    let owned = |name| members.text(name).map(|text| text.map(str::to_owned));
    let expires = match members.0.get("exp") {
        None => None,
        Some(Value::Number(number)) => Some(NumericDate::from_number(number)),
        Some(_) => return Err(JwkError::Type { name: "exp", expected: "a number" }),
    };
    let certificates = members.texts("x5c")?.unwrap_or_default();
    let decode = |text: String| {
        base64::decode_standard(text).map_err(|error| JwkError::Base64 { name: "x5c", error })
    };
    Ok(Parameters {
        kid: owned("kid")?,
        alg: owned("alg")?,
        usage: owned("use")?,
        key_ops: operations(members)?,
        expires,
        certificates: certificates.into_iter().map(decode).collect::<Result<_, _>>()?,
    })
}

/// RFC 7517 §4.3: each operation once.
fn operations(members: &Members<'_>) -> Result<Option<Vec<String>>, JwkError> {
    let ops = members.texts("key_ops")?;
    let mut seen = HashSet::new();
    match ops.iter().flatten().find(|op| !seen.insert(op.as_str())) {
        Some(twice) => Err(JwkError::RepeatedOperation(twice.clone())),
        None => Ok(ops),
    }
}

/// RFC 7517 §4.7: the first certificate holds this key. §4.9: its hash is `x5t#S256`.
fn check_certificate(jwk: &Jwk, members: &Members<'_>) -> Result<(), JwkError> {
    let thumbprint = members.bytes("x5t#S256")?;
    let Some(first) = jwk.parameters.certificates.first() else { return Ok(()) };
    if let Some(key) = jwk.rsa() {
        match from_der(Form::Certificate, first) {
            Ok(Key::Public(certified)) if certified == *key => {}
            Ok(_) => return Err(JwkError::CertificateKey),
            Err(error) => return Err(JwkError::Certificate(error)),
        }
    }
    let hash = sha2::Algorithm::Sha256.digest(first);
    match thumbprint {
        Some(thumbprint) if !ct::eq(&thumbprint, hash.as_bytes()) => {
            Err(JwkError::CertificateThumbprint)
        }
        _ => Ok(()),
    }
}

/// The members of a JWK by name and kind.
struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    fn text(&self, name: &'static str) -> Result<Option<&'a str>, JwkError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(JwkError::Type { name, expected: "a string" }),
        }
    }

    fn texts(&self, name: &'static str) -> Result<Option<Vec<String>>, JwkError> {
        let wrong = || JwkError::Type { name, expected: "an array of strings" };
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let texts = value.as_array().ok_or_else(wrong)?.iter();
        texts
            .map(|t| t.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    fn bytes(&self, name: &'static str) -> Result<Option<Vec<u8>>, JwkError> {
        let decode =
            |text| base64::decode_url(text).map_err(|error| JwkError::Base64 { name, error });
        self.text(name)?.map(decode).transpose()
    }

    fn needed_bytes(&self, name: &'static str) -> Result<Vec<u8>, JwkError> {
        self.bytes(name)?.ok_or(JwkError::Missing(name))
    }

    /// Base64urlUInt (RFC 7518 §2): the fewest octets.
    fn integer(&self, name: &'static str) -> Result<Option<BigUint>, JwkError> {
        match self.bytes(name)? {
            Some(bytes) if bytes.len() > 1 && bytes[0] == 0 => Err(JwkError::LeadingZero(name)),
            bytes => Ok(bytes.map(|bytes| BigUint::from_bytes_be(&bytes))),
        }
    }

    fn needed_integer(&self, name: &'static str) -> Result<BigUint, JwkError> {
        self.integer(name)?.ok_or(JwkError::Missing(name))
    }
}

impl Jwk {
    /// The key as JSON, its private part included if it has one: [`to_public`](Jwk::to_public) first for
    /// what is published.
    pub fn to_value(&self) -> Value {
        let integer = |x: &BigUint| encode_url(&x.to_bytes_be());
        let mut value = match &self.material {
            Material::Oct(key) => json!({"kty": "oct", "k": encode_url(key.secret().expose())}),
            Material::Rsa(key) => {
                json!({"kty": "RSA", "n": integer(key.n()), "e": integer(key.e())})
            }
            Material::RsaPrivate(key) => {
                let Components { n, e, d, p, q, dp, dq, qi } = key.components();
                json!({
                    "kty": "RSA", "n": integer(&n), "e": integer(&e), "d": integer(&d),
                    "p": integer(&p), "q": integer(&q),
                    "dp": integer(&dp), "dq": integer(&dq), "qi": integer(&qi),
                })
            }
            Material::Curve(CurveKey { kty, crv, x, y, d }) => {
                let mut value = json!({"kty": kty, "crv": crv, "x": encode_url(x)});
                set(&mut value, "y", y.as_deref().map(encode_url));
                set(&mut value, "d", d.as_ref().map(|d| encode_url(d.expose())));
                value
            }
        };
        let Parameters { kid, alg, usage, key_ops, expires, certificates } = &self.parameters;
        set(&mut value, "kid", kid.clone());
        set(&mut value, "alg", alg.clone());
        set(&mut value, "use", usage.clone());
        set(&mut value, "key_ops", key_ops.clone());
        set(&mut value, "exp", expires.map(NumericDate::seconds));
        let chain: Vec<String> = certificates.iter().map(|der| encode_standard(der)).collect();
        set(&mut value, "x5c", (!chain.is_empty()).then_some(chain));
        value
    }
}

fn set(value: &mut Value, name: &str, member: Option<impl Into<Value>>) {
    if let Some(member) = member {
        value[name] = member.into();
    }
}
