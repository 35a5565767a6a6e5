//! One key takes the place of another: what a verifier says at each moment, by the set that it has.
//!
//! The tokens are signed and verified here and now, by production, with two keys that everybody knows: those
//! of RFC 7515 §A.2 and RFC 7517 §A.2. Nothing is random, so the trace is the same every time.

use super::super::ExplainError;
use super::super::code::{Code, code};
use super::super::step::{Stage, Step};
use super::super::trace::{End, Trace};
use super::super::value::Value;
use crate::jose::{self, Algorithm, Jwk, JwkSet, Policy, Signer, json};
use serde_json::Value as Json;

const KID: Code = code!("jose/choose.rs", "Some(_) if by_kid => key.kid() == kid");
const OLD: &str = include_str!("../../../vectors/keys/rfc7515-a2.jwk.json");
/// A set of an EC and an RSA key: the case of RFC 7517 §A.2.
const NEW: &str = include_str!("../../../vectors/rfc/rfc7517.json");

/// How long a token is valid, in seconds.
const LIFE: i64 = 600;

/// A moment of the rotation.
struct Moment {
    /// Seconds since the first.
    at: i64,
    title: &'static str,
    why: &'static str,
    /// Kids in the set that the issuer publishes.
    published: &'static [&'static str],
    /// Kids in the set that a verifier fetched some time ago.
    cached: &'static [&'static str],
    /// The kid of the key that signs.
    signs: &'static str,
}

const MOMENTS: [Moment; 7] = [
    Moment {
        at: 0,
        title: "before: one key signs, one key is known",
        why: "Everybody who fetched the set can verify.",
        published: &["old"],
        cached: &["old"],
        signs: "old",
    },
    Moment {
        at: 100,
        title: "the new key is published, the old signs on",
        why: "A set that was fetched before does not have the new key yet. Nobody is hurt, for nothing is \
              signed with it yet: this is why publishing comes first.",
        published: &["old", "new"],
        cached: &["old"],
        signs: "old",
    },
    Moment {
        at: 101,
        title: "had it signed at once: too early",
        why: "A token of the new key meets sets that do not know it. Verifiers that fetch again when they see \
              an unknown kid recover, others refuse until their copy is too old to be kept.",
        published: &["old", "new"],
        cached: &["old"],
        signs: "new",
    },
    Moment {
        at: 500,
        title: "all copies are fresh: the new key signs",
        why: "Tokens of both keys are in use and both verify. The kid says which key is meant.",
        published: &["old", "new"],
        cached: &["old", "new"],
        signs: "new",
    },
    Moment {
        at: 550,
        title: "had the old one been taken away: too early",
        why: "The last token of the old key is still valid, and whoever fetched lately can no longer verify \
              it.",
        published: &["new"],
        cached: &["old", "new"],
        signs: "new",
    },
    Moment {
        at: 1200,
        title: "no old token is valid: the old key goes",
        why: "Old copies of the set still have the old key, but no token of it is valid any more: the claims \
              refuse it where the signature does not. A stolen old key still signs new tokens for them.",
        published: &["new"],
        cached: &["old", "new"],
        signs: "new",
    },
    Moment {
        at: 1700,
        title: "after: one key again",
        why: "Only now is the old key gone everywhere. How long a copy of the set may be kept is how long a \
              stolen key works after it was taken away.",
        published: &["new"],
        cached: &["new"],
        signs: "new",
    },
];

/// The clock at the first moment, in seconds since 1970: `exp` of the example in RFC 7519 §3.1.
const START: i64 = 1_300_819_380;

/// The moments of a key rotation: what is published, what a verifier has, and its verdict on a token of each
/// key.
///
/// Ids: `jwks.rotation.t0` to `jwks.rotation.t6`. It ends in the verdicts, moment by moment.
///
/// # Errors
///
/// When the steps do not end as production does.
pub fn rotation() -> Result<Trace, ExplainError> {
    let verdicts = MOMENTS.iter().enumerate().map(|(i, moment)| moment.step(i));
    let why = "A key is replaced in an order in which nobody is ever without the key that is needed: publish, \
               wait until copies are fetched anew, sign, wait until old tokens are over, take away. The times \
               are seconds since the first moment; a token lives 600.";
    let end: Vec<String> = MOMENTS.iter().map(Moment::summary).collect();
    let stage = Stage::new("jwks.rotation", "the moments", "RFC 7517 §4.5").code(KID).why(why);
    let together = Step::new("jwks.rotation.all", "together: what a cached set says")
        .outputs([Value::text("cached", end.join("; "))]);
    let stages = vec![stage.steps(verdicts).step(together)];
    let end = End::Value(end.join("; ").into_bytes());
    Ok(Trace::new("jwks", "one key takes the place of another", stages, end)?)
}

impl Moment {
    fn step(&self, i: usize) -> Step {
        let id = format!("jwks.rotation.t{i}");
        let title = format!("t{i} = {} s: {}", self.at, self.title);
        Step::new(id, title)
            .why(self.why)
            .inputs([
                Value::text("published", self.published.join(", ")),
                Value::text("cached", self.cached.join(", ")),
                Value::text("signs", self.signs),
            ])
            .outputs(self.tokens().map(|kid| {
                let verdict = self.verdict(kid, self.cached);
                Value::text(format!("{kid} token, cached set"), words(verdict))
            }))
            .outputs(self.tokens().map(|kid| {
                let verdict = self.verdict(kid, self.published);
                Value::text(format!("{kid} token, fresh set"), words(verdict))
            }))
    }

    /// The kids of which there are tokens by now.
    fn tokens(&self) -> impl Iterator<Item = &'static str> {
        let new = (self.signs == "new").then_some("new");
        ["old"].into_iter().chain(new)
    }

    /// Production's verdict on a token of a key, by a set.
    fn verdict(&self, kid: &str, set: &[&str]) -> Result<(), String> {
        let keys: JwkSet = set.iter().filter_map(|kid| key(kid)?.to_public()).collect();
        let now = START + self.at;
        // the old key signs until the new one does, the last time just before
        let issued = if kid == self.signs { now } else { START + 499.min(self.at) };
        let token = token(kid, issued)?;
        match jose::verify(&token, &keys, &Policy::at(now)) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The verdicts by the cached set in a few words.
    fn summary(&self) -> String {
        let verdicts = self.tokens().map(|kid| match self.verdict(kid, self.cached) {
            Ok(()) => format!("{kid} accepted"),
            Err(_) => format!("{kid} refused"),
        });
        format!("{} s: {}", self.at, verdicts.collect::<Vec<_>>().join(", "))
    }
}

fn words(verdict: Result<(), String>) -> String {
    verdict.map_or_else(|why| format!("refused: {why}"), |()| "accepted".to_owned())
}

/// A key by its kid.
fn key(kid: &str) -> Option<Jwk> {
    let mut jwk = match kid {
        "old" => Jwk::parse(OLD).ok()?,
        _ => Jwk::parse(new_key()?.to_string()).ok()?,
    };
    jwk.parameters_mut().kid = Some(kid.to_owned());
    Some(jwk)
}

fn new_key() -> Option<Json> {
    let file = json::parse_object(NEW.as_bytes()).ok()?;
    let case = file.get("cases")?.as_array()?.iter().find(|case| case["id"] == "A.2")?;
    let keys = case["jwks"]["keys"].as_array()?;
    keys.iter().find(|key| key["kty"] == "RSA").cloned()
}

/// A token of a key, issued at a time.
fn token(kid: &str, issued: i64) -> Result<String, String> {
    let key = key(kid).ok_or("the key cannot be read")?;
    let signer = Signer::new(&key, Algorithm::Rs256, &Policy::at(issued));
    let signer = signer.map_err(|error| error.to_string())?;
    let claims = format!(r#"{{"iat":{issued},"exp":{}}}"#, issued + LIFE);
    signer.compact(claims.as_bytes()).map_err(|error| error.to_string())
}
