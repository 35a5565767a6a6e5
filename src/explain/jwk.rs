//! A key as a JWK (RFC 7517 §4): its members, what it is for, and its thumbprint (RFC 7638 §3).

use super::ExplainError;
use super::code::{Code, code};
use super::step::{Stage, Step};
use super::trace::{End, Trace};
use super::value::Value;
use crate::base64::{decode_url, encode_url};
use crate::jose::{Algorithm, Jwk, Material, NumericDate, Operation, Policy, json};
use crate::sha2;
use num_bigint::BigUint;
use serde_json::{Map, Value as Json};

const READ: Code = code!("jose/jwk.rs", "jwk_reader::read(&super::json::parse_object(");
const MEMBERS: Code = code!("jose/jwk_reader.rs", "let material = match kty {");
const SUITS: Code = code!("jose/fitness.rs", "pub fn suits(");
const CANONICAL: Code = code!("jose/jwk.rs", "pub fn canonical(&self) -> String {");
const DIGEST: Code = code!("jose/jwk.rs", "hash.digest(self.canonical().as_bytes())");
const LETTERS: Code = code!("base64/mod.rs", "pub fn encode_url(");

/// Characters of a member's value that its row shows.
const SAYS: usize = 22;
/// Members whose value only the owner may know (RFC 7518 §6.2.2, §6.3.2, §6.4).
const SECRET: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// What a JWK holds, what it is for, and its SHA-256 thumbprint, in which the trace ends as base64url.
///
/// Ids: `jwk.read`, `jwk.members.n`, `jwk.use`, `jwk.canonical`, `jwk.digest`, `jwk.thumbprint`. Secret are
/// the private members, and all that is made of the secret of an `oct` key.
///
/// # Errors
///
/// When the stages do not end as [`Jwk::parse`] and [`Jwk::thumbprint`] do.
pub fn key(text: &str) -> Result<Trace, ExplainError> {
    let read = Stage::new("jwk.read", "a key in JSON", "RFC 7517 §4").code(READ).why(
        "Strict JSON first, no name twice; then every member by its kind: integers without leading zeros, \
         coordinates of their curve's length, a private part that belongs to the public one.",
    );
    let step = Step::new("jwk.read", "the text").inputs([Value::number("bytes", text.len())]);
    let (jwk, members) = match (Jwk::parse(text), json::parse_object(text.as_bytes())) {
        (Ok(jwk), members) => (jwk, members.unwrap_or_default()),
        (Err(error), _) => {
            let reason = error.to_string();
            let stages = vec![read.step(step.outcome(Err(reason.clone())))];
            return Ok(Trace::new("jwk", "a JWK", stages, End::Refused(vec![reason]))?);
        }
    };
    let half = match jwk.is_private() {
        true if jwk.kty() == "oct" => "secret",
        true => "private key",
        false => "public key",
    };
    let mut stages = vec![read.step(step.outcome(Ok(()))), members_stage(&jwk, &members)];
    stages.push(use_stage(&jwk));
    stages.extend(thumbprint(&jwk));
    let production = encode_url(jwk.thumbprint(sha2::Algorithm::Sha256).as_bytes());
    let title = format!("a JWK: {} {half}", jwk.kty());
    Ok(Trace::new("jwk", title, stages, End::Value(production.into_bytes()))?)
}

fn members_stage(jwk: &Jwk, members: &Map<String, Json>) -> Stage {
    let why = "A JWK is an object. Some members are the key itself, some only its owner may have, the others \
               say what it is for. What is not known is passed over, so a misspelt member protects nothing.";
    let made_of = json::parse_object(jwk.canonical().as_bytes()).unwrap_or_default();
    let known = members.iter().filter_map(|(name, value)| {
        let is_key = made_of.contains_key(name);
        Some(member(name, value, is_key, what(name)?))
    });
    let unknown: Vec<&str> =
        members.keys().map(String::as_str).filter(|name| what(name).is_none()).collect();
    let passed_over = (!unknown.is_empty()).then(|| {
        Step::new("jwk.members.unknown", "members that are not known")
            .inputs([Value::text("names", unknown.join(" "))])
            .outputs([
                Value::text("class", "other"),
                Value::begin_of("says", &unknown.join(" "), SAYS),
                Value::text("what", "not known: passed over"),
            ])
    });
    Stage::new("jwk.members", "the members", "RFC 7517 §4")
        .code(MEMBERS)
        .why(why)
        .table(&["class", "says", "what"])
        .steps(known.chain(passed_over))
}

fn member(name: &str, value: &Json, is_key: bool, what: &'static str) -> Step {
    let class = match (is_key, SECRET.contains(&name)) {
        (_, true) => "secret",
        (true, false) => "public",
        (false, false) => "optional",
    };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let bytes = || decode_url(&text).unwrap_or_default();
    let says = match name {
        "n" | "e" => format!("{} bits", BigUint::from_bytes_be(&bytes()).bits()),
        "x" | "y" => format!("{} bytes", bytes().len()),
        name if SECRET.contains(&name) => format!("{} bytes", bytes().len()),
        _ => text.clone(),
    };
    let value = Value::text("value", text);
    let value = if class == "secret" { value.secret() } else { value };
    Step::new(format!("jwk.members.{name}"), format!("{name}: {what}")).inputs([value]).outputs([
        Value::text("class", class),
        Value::begin_of("says", &says, SAYS),
        Value::text("what", what),
    ])
}

/// What a member is (RFC 7517 §4, RFC 7518 §6), if it is known.
fn what(name: &str) -> Option<&'static str> {
    Some(match name {
        "kty" => "the kind of key",
        "n" => "the modulus",
        "e" => "the public exponent",
        "d" => "the private exponent or scalar",
        "p" | "q" => "a prime factor of n",
        "dp" => "d for the half of p",
        "dq" => "d for the half of q",
        "qi" => "1/q modulo p",
        "oth" => "more prime factors",
        "k" => "the secret itself",
        "crv" => "the curve",
        "x" | "y" => "a coordinate of the point",
        "kid" => "the name tokens call it by",
        "alg" => "the one algorithm it is for",
        "use" => "sig or enc",
        "key_ops" => "what may be done with it",
        "exp" => "when it ends (not in RFC 7517)",
        "x5c" => "certificates of this key",
        "x5t" | "x5t#S256" => "the hash of its certificate",
        "x5u" => "an address, never fetched",
        _ => return None,
    })
}

fn use_stage(jwk: &Jwk) -> Stage {
    let fits = |algorithm: Algorithm| {
        let [verify, sign] = [Operation::Verify, Operation::Sign]
            .map(|operation| fitness(jwk, algorithm, operation));
        Value::text(algorithm.name(), format!("verify: {verify}; sign: {sign}"))
    };
    let own = Algorithm::ALL.into_iter().filter(|a| Some(a.family()) == jwk.family()).map(fits);
    let mut step = Step::new("jwk.use", "each algorithm of its kind").outputs(own);
    if let Material::Curve(curve) = jwk.material() {
        let words = format!("keys on {} cannot be used yet", curve.crv);
        step = step.outputs([Value::text("any", words)]);
    }
    if jwk.parameters().expires.is_some() {
        step = step.remark("its exp is not looked at: there is no clock here");
    }
    let why = "The kind of key decides before anybody's header does: an RSA key verifies RS and a secret HS, \
               never the other way. Its alg, use and key_ops can only narrow that.";
    Stage::new("jwk.use", "what it is for", "RFC 8725 §3.1").code(SUITS).why(why).step(step)
}

/// Whether a key may be used so, in a few words.
fn fitness(jwk: &Jwk, algorithm: Algorithm, operation: Operation) -> String {
    let always = NumericDate::from_seconds(i64::MIN);
    let suits = jwk.suits(algorithm, operation, always);
    match suits.and_then(|()| jwk.strength(algorithm, &Policy::at(i64::MIN))) {
        Ok(_) => "yes".to_owned(),
        Err(why) => format!("no, {why}"),
    }
}

/// From the members that make the key to its name.
fn thumbprint(jwk: &Jwk) -> [Stage; 3] {
    // RFC 7638 §7: what is made of a short secret lets it be guessed
    let hidden = |value: Value| if jwk.kty() == "oct" { value.secret() } else { value };
    let canonical = jwk.canonical();
    let digest = jwk.thumbprint(sha2::Algorithm::Sha256);
    let letters = encode_url(digest.as_bytes());
    let why = "Two people name one key alike if they write it alike: only the members that make the key, in \
               the order of their names, no blank between. kid and alg are left out, for they are not the key.";
    let first = Stage::new("jwk.canonical", "the key in one spelling", "RFC 7638 §3.2")
        .code(CANONICAL)
        .why(why)
        .step(
            Step::new("jwk.canonical", "the members that make the key")
                .outputs([hidden(Value::text("JSON", canonical))]),
        );
    let why = "SHA-256 of that text. Whoever finds another key with this hash has broken SHA-256. \
               `jotlab explain sha256` shows how it is made.";
    let second = Stage::new("jwk.digest", "its hash", "RFC 7638 §3.1").code(DIGEST).why(why).step(
        Step::new("jwk.digest", "SHA-256")
            .outputs([hidden(Value::bytes("digest", digest.as_bytes()))]),
    );
    let why = "The hash in letters that a kid, a URL or a file name can hold.";
    let third = Stage::new("jwk.thumbprint", "the thumbprint", "RFC 7638 §3.1")
        .code(LETTERS)
        .why(why)
        .step(
            Step::new("jwk.thumbprint", "base64url")
                .outputs([hidden(Value::text("thumbprint", letters))]),
        );
    [first, second, third]
}
