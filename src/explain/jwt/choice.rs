//! Who chooses: the algorithm is the caller's and the key's, the key is the set's (RFC 8725 §3.1, RFC 7515
//! appendix D).

use crate::explain::code::{Code, code};
use crate::explain::step::{Stage, Step};
use crate::explain::value::Value;
use crate::jose::{
    Algorithm, BindError, Bound, Candidacy, Chosen, Header, Jwk, JwkSet, Jws, Policy, Signature,
};

const ALG: Code =
    code!("jose/choose.rs", "policy.algorithms.contains(&algorithm) => Ok(algorithm)");
const SUITS: Code = code!("jose/choose.rs", "match meant.then(|| key.suits(");
const CHOICE: Code = code!("jose/choose.rs", "match (fitting.next(), fitting.next()) {");

/// Characters of a key's `kid` that its row shows.
const KID: usize = 24;
/// Characters of a row's reason: a terminal's width without what stands before it.
const REASON: usize = 70;

pub(super) fn stages<'a>(
    jws: &'a Jws<'a>,
    signature: &'a Signature<'a>,
    keys: &'a JwkSet,
    policy: &Policy,
    stages: &mut Vec<Stage>,
) -> Option<Bound<'a>> {
    let header = signature.unverified_header();
    let bound = jws.bind_signature(signature, keys, policy);
    let refused = match &bound {
        Err(error @ (BindError::UnknownAlgorithm(_) | BindError::NotAllowed(_))) => Some(error),
        _ => None,
    };
    stages.push(alg(header, keys, policy, refused));
    if refused.is_some() {
        return None;
    }
    let algorithm = Algorithm::from_name(header.alg())?;
    let why = "The token may name a key by its kid, no more: a key inside the token, or an address of one, is \
               never used, for a forger would bring their own. A key without kid can be meant by any token, \
               one with another kid is not meant.";
    let stage = Stage::new("jwt.key.set", "the keys that could be meant", "RFC 7515 §4.1.4");
    let rows = candidates("jwt.key.set", keys, (algorithm, header.kid()), policy);
    stages.push(stage.code(SUITS).why(why).table(&CANDIDATE_COLUMNS).steps(rows));
    stages.push(key(header, &bound));
    bound.ok()
}

fn alg(header: &Header, keys: &JwkSet, policy: &Policy, refused: Option<&BindError>) -> Stage {
    let fits = |algorithm: &&Algorithm| {
        keys.candidates(**algorithm, header.kid(), policy).any(|(_, c)| c == Candidacy::Fits)
    };
    let step = Step::new("jwt.alg", "the header names, the caller and the key decide")
        .inputs([
            Value::text("the header names", header.alg()),
            Value::text("the caller allows", names(policy.allowed())),
            Value::text("the keys are for", names(Algorithm::ALL.iter().filter(fits))),
        ])
        .outcome(refused.map_or(Ok(()), |error| Err(error.to_string())));
    let why = "The header is the sender's word, and a forger is a sender. If it alone chose, a forger would \
               choose: none, or HS256 with the public key's text for a secret. So the caller has a list, a \
               key has a type and perhaps an alg of its own, and the header only names one of what is left.";
    Stage::new("jwt.alg", "who may choose the algorithm", "RFC 8725 §3.1")
        .code(ALG)
        .why(why)
        .step(step)
}

fn names<'a>(algorithms: impl IntoIterator<Item = &'a Algorithm>) -> String {
    let names: Vec<&str> = algorithms.into_iter().map(|algorithm| algorithm.name()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The columns of [`candidates`].
pub(in crate::explain) const CANDIDATE_COLUMNS: [&str; 4] = ["kty", "kid", "alg", "fits"];

/// A row for each key of a set, those that could not be read at the end: what it is to a token of this
/// algorithm and kid.
pub(in crate::explain) fn candidates(
    id: &str,
    keys: &JwkSet,
    (algorithm, kid): (Algorithm, Option<&str>),
    policy: &Policy,
) -> Vec<Step> {
    let row = |(i, (key, candidacy)): (usize, (&Jwk, Candidacy))| {
        let fits = match candidacy {
            Candidacy::Fits => "yes".to_owned(),
            Candidacy::NotMeant => "no: the token names another".to_owned(),
            Candidacy::Unfit(why) => format!("no: {why}"),
        };
        Step::new(format!("{id}.{i}"), format!("key {i}"))
            .inputs([
                Value::text("kty", key.kty()),
                Value::begin_of("kid", key.kid().unwrap_or("-"), KID),
                Value::begin_of("alg", key.parameters().alg.as_deref().unwrap_or("-"), KID),
            ])
            .outputs([Value::begin_of("fits", &fits, REASON)])
    };
    let unreadable = keys.unusable().iter().map(|unusable| {
        let fits = format!("no: {}", unusable.why);
        Step::new(format!("{id}.unreadable{}", unusable.index), "a key that cannot be read")
            .inputs([Value::begin_of("kid", unusable.kid.as_deref().unwrap_or("-"), KID)])
            .outputs([Value::begin_of("fits", &fits, REASON)])
    });
    keys.candidates(algorithm, kid, policy).enumerate().map(row).chain(unreadable).collect()
}

fn key(header: &Header, bound: &Result<Bound<'_>, BindError>) -> Stage {
    let mut step = Step::new("jwt.key", "the one that fits")
        .inputs([Value::text("kid", header.kid().unwrap_or("(none)"))]);
    if let Ok(bound) = bound {
        step = step.outputs([
            Value::text("key", bound.key_label()),
            Value::text("because", because(bound.chosen())),
            Value::text("alg", bound.algorithm().name()),
        ]);
    }
    let step = step.outcome(bound.as_ref().map(drop).map_err(ToString::to_string));
    let why = "Exactly one key must be left, and be strong enough (RFC 7518 §3.2, §3.3). Trying one after \
               the other would make the weakest of them good for every token.";
    Stage::new("jwt.key", "the key", "RFC 7515 §5.2 step 8").code(CHOICE).why(why).step(step)
}

/// Why a key was taken, in words.
pub(in crate::explain) fn because(chosen: Chosen) -> &'static str {
    match chosen {
        Chosen::ByKid => "its kid is the token's",
        Chosen::OnlyFit => "it is the only one that fits",
    }
}
