//! `jotlab verify`: two verdicts, never one: SIGNATURE and CLAIMS, then NOT CHECKED.

mod batch;
mod signature;
mod verdict;

use super::exit::{Done, Exit, Fault};
use super::policy::PolicyArgs;
use super::trust::TrustArgs;
use super::{input, voice};
use crate::jose::{BindError, Bound, JwkSet, Jws, Malformed, Policy, Relaxations};
use clap::ValueEnum;
use signature::SignatureVerdict;
use verdict::Verdict;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The token: TEXT, @FILE or - (with --batch: @FILE or -, one token a line)
    #[arg(default_value = "-")]
    token: String,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// Any payload, no claims asked (a JWS, not a JWT)
    #[arg(long, conflicts_with_all = ["iss", "sub", "aud", "jti", "typ", "require", "leeway", "max_age"])]
    jws: bool,
    /// The payload of a detached token
    #[arg(long, value_name = "FILE")]
    payload: Option<String>,
    /// In the general serialization: whether one good signature is enough
    #[arg(long, value_enum, default_value = "all")]
    signatures: Signatures,
    /// Verify many tokens, a verdict a line in the same order
    #[arg(long, conflicts_with = "payload")]
    batch: bool,
    /// One JSON object (with --batch one a line)
    #[arg(long)]
    json: bool,
}

/// How many of a token's signatures must be good.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Signatures {
    Any,
    All,
}

/// Everything that stays the same from token to token.
struct Verifier {
    keys: JwkSet,
    policy: Policy,
    relaxations: Relaxations,
    claims: Payload,
    signatures: Signatures,
    reasons: Reasons,
}

/// Whether a bad signature is looked into: it costs some times what verifying does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reasons {
    Told,
    NotTold,
}

/// What the payload is taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Payload {
    Claims,
    Anything,
}

pub(super) fn run(args: &Args) -> Done {
    args.trust.check()?;
    let policy = args.policy.policy()?;
    let keys = args.trust.keys();
    if let Err(fault) = &keys {
        weightier_than(fault, args)?;
    }
    let verifier = Verifier {
        keys: keys?,
        policy,
        relaxations: args.policy.relaxations(),
        claims: if args.jws { Payload::Anything } else { Payload::Claims },
        signatures: args.signatures,
        // a line of a batch has no room for them
        reasons: if args.batch && !args.json { Reasons::NotTold } else { Reasons::Told },
    };
    if args.batch {
        return batch::run(&args.token, &verifier, args.json);
    }
    let token = input::token(&args.token)?;
    let payload = args.payload.as_deref().map(input::payload).transpose()?;
    let jws = Jws::parse(&token, verifier.relaxations).and_then(|jws| match payload {
        Some(payload) => jws.with_payload(payload),
        None => Ok(jws),
    });
    let verdict = verifier.verdict(&jws);
    if args.json {
        voice::out_json(&verdict.json())?;
    } else {
        voice::out(&verdict.text())?;
    }
    verdict.say_more();
    Ok(verdict.exit())
}

/// A fault of the token or the payload that comes before this one of the key: 2 before 3 before 5.
fn weightier_than(fault: &Fault, args: &Args) -> Result<(), Fault> {
    if args.batch || fault.exit == Exit::Usage {
        return Ok(());
    }
    let token = match input::token(&args.token) {
        Err(other) if other.exit > fault.exit => return Err(other),
        Err(_) => return Ok(()),
        Ok(token) => token,
    };
    args.payload.as_deref().map(input::payload).transpose()?;
    match Jws::parse(&token, args.policy.relaxations()) {
        Err(error) if fault.exit == Exit::Key => Err(Fault::malformed(error)),
        _ => Ok(()),
    }
}

impl Verifier {
    fn verdict<'a>(&'a self, parsed: &'a Result<Jws<'a>, Malformed>) -> Verdict<'a> {
        let verdict = self.verdicts(core::slice::from_ref(parsed)).pop();
        verdict.unwrap_or_else(|| Verdict::of(vec![], self))
    }

    fn bind<'a>(&'a self, jws: &'a Jws<'a>) -> Vec<Result<Bound<'a>, BindError>> {
        let bind = |signature| jws.bind_signature(signature, &self.keys, &self.policy);
        jws.signatures().iter().map(bind).collect()
    }

    /// The verdicts on several tokens, in their order: each signature is bound to its key, then all are
    /// verified together.
    fn verdicts<'a>(&'a self, parsed: &'a [Result<Jws<'a>, Malformed>]) -> Vec<Verdict<'a>> {
        let bound: Vec<Vec<_>> = parsed
            .iter()
            .map(|parsed| parsed.as_ref().map_or(vec![], |jws| self.bind(jws)))
            .collect();
        let all = bound.iter().flatten().flatten().cloned().collect();
        let mut verified = Bound::verify_many(all).into_iter();
        let mut signature = |jws: &'a Jws<'a>, bound| match bound {
            Err(error) => SignatureVerdict::NoKey(error),
            Ok(bound) => match verified.next() {
                Some(Ok(verified)) => SignatureVerdict::Good(Box::new(verified)),
                _ => SignatureVerdict::bad(jws, &bound, self),
            },
        };
        let verdict = |(parsed, bound): (&'a Result<Jws<'a>, Malformed>, Vec<_>)| match parsed {
            Err(malformed) => Verdict::malformed(malformed.clone()),
            Ok(jws) => {
                Verdict::of(bound.into_iter().map(|bound| signature(jws, bound)).collect(), self)
            }
        };
        parsed.iter().zip(bound).map(verdict).collect()
    }
}
