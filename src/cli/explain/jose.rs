//! `jotlab explain jwt`, `jwk`, `jwks`, `rotation`: tokens and keys, stage by stage.

use super::super::exit::{Done, Exit, Fault};
use super::super::input;
use super::super::policy::{PolicyArgs, algorithm};
use super::super::time;
use super::super::trust::TrustArgs;
use super::output::OutputArgs;
use super::traced;
use crate::explain::{self, Trace};
use crate::jose::{Algorithm, JwkSet, Jws, MAX_KEYS_BYTES, Policy};

#[derive(clap::Args)]
pub(in crate::cli) struct JwtArgs {
    /// The token: TEXT, @FILE or -
    #[arg(default_value = "-")]
    token: String,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Args)]
pub(in crate::cli) struct JwkArgs {
    /// File with a JWK, - for stdin
    file: String,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Args)]
pub(in crate::cli) struct JwksArgs {
    /// File with a JWK Set, - for stdin
    file: String,
    /// The kid that a token names
    #[arg(long)]
    kid: Option<String>,
    /// The algorithm of the token; without it, each in turn
    #[arg(long, value_name = "ALG", value_parser = algorithm)]
    alg: Option<Algorithm>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Args)]
pub(in crate::cli) struct RotationArgs {
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn jwt(args: &JwtArgs) -> Done {
    args.trust.check()?;
    let policy = args.policy.policy()?;
    let keys = args.trust.keys();
    args.output.tell(&args.token, |token| {
        let token = input::token(token)?;
        let keys = keys.clone().or_else(|fault| without_keys(fault, &token, &policy))?;
        traced(explain::jwt::verify(&token, &keys, &policy))
    })
}

/// A token that is malformed is refused before any key is looked at: 3 before 5.
fn without_keys(fault: Fault, token: &str, policy: &Policy) -> Result<JwkSet, Fault> {
    match Jws::compact_with(token, policy.relaxations()) {
        Err(_) if fault.exit == Exit::Key => Ok(JwkSet::default()),
        _ => Err(fault),
    }
}

pub(super) fn jwk(args: &JwkArgs) -> Done {
    args.output.tell(&args.file, |file| traced(explain::jwk::key(&text(file)?)))
}

pub(super) fn jwks(args: &JwksArgs) -> Done {
    let policy = Policy::at(time::now());
    args.output.tell(&args.file, |file| {
        traced(explain::jwks::set(&text(file)?, args.kid.as_deref(), args.alg, &policy))
    })
}

pub(super) fn rotation(args: &RotationArgs) -> Done {
    args.output.tell("", |other| match other {
        "" => traced(explain::jwks::rotation()),
        _ => Err(Fault::usage("a rotation has no input, and so no second one for --diff")),
    })
}

/// The text of a file with keys as JSON.
fn text(path: &str) -> Result<String, Fault> {
    let bytes = input::read(path, MAX_KEYS_BYTES)?;
    String::from_utf8(bytes).map_err(|_| {
        Fault::malformed("not JSON: it is not UTF-8")
            .hint("jotlab key convert FILE --to jwk makes a JWK of a key in another form")
    })
}

/// The exit code of a trace that ends in no: that of `verify`, by the step that failed.
pub(super) fn refused(trace: &Trace) -> Exit {
    let failed = trace.steps().find(|(_, step)| step.failure().is_some());
    let id = failed.map_or("", |(_, step)| step.id.as_str());
    let within = |ids: &[&str]| {
        ids.iter().any(|part| {
            id.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    if trace.subject() == "base64url"
        || within(&["jwt.split", "jwt.decode", "jwk.read", "jwks.read"])
        || ["jwt.claims.form", "jwt.claims.json", "jwt.claims.read"].contains(&id)
    {
        Exit::Malformed
    } else if within(&["jwt.alg", "jwt.key", "jwks.choice"]) {
        Exit::Key
    } else if within(&["jwt.claims"]) {
        Exit::ClaimsRefused
    } else {
        Exit::No
    }
}
