//! The options that make a policy, the same for every command that has one.

use super::exit::Fault;
use super::time;
use crate::jose::{Algorithm, Policy, Relaxation, Relaxations};

/// Options of what is demanded of a token.
#[derive(clap::Args)]
pub(super) struct PolicyArgs {
    /// Allow only these algorithms (repeat or separate by commas); without it, what the key is for
    #[arg(long, value_name = "ALG", value_delimiter = ',', value_parser = algorithm)]
    alg: Vec<Algorithm>,
    /// The issuer that `iss` must name
    #[arg(long, allow_hyphen_values = true)]
    iss: Option<String>,
    /// The subject that `sub` must name
    #[arg(long, allow_hyphen_values = true)]
    sub: Option<String>,
    /// The audience that `aud` must hold (repeated: one of them)
    #[arg(long, allow_hyphen_values = true)]
    aud: Vec<String>,
    /// The identifier that `jti` must be
    #[arg(long, allow_hyphen_values = true)]
    jti: Option<String>,
    /// The kind of token that `typ` must name, such as at+jwt
    #[arg(long, allow_hyphen_values = true)]
    typ: Option<String>,
    /// Claims that must be there (repeat or separate by commas)
    #[arg(long, value_name = "CLAIM", value_delimiter = ',')]
    require: Vec<String>,
    /// How far clocks may differ, such as 30s
    #[arg(long, allow_hyphen_values = true, value_name = "DURATION", default_value = "0s")]
    leeway: String,
    /// How long ago `iat` may be, such as 1h
    #[arg(long, value_name = "DURATION")]
    max_age: Option<String>,
    /// The time to verify at: seconds, an RFC 3339 date, +30m, -5m
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,
    #[command(flatten)]
    allow: AllowArgs,
}

/// The relaxations.
#[derive(clap::Args)]
pub(super) struct AllowArgs {
    /// Let one named thing pass: short-hmac-key, small-rsa, missing-null, base64-padding, no-expiry,
    /// any-audience, unprotected-alg
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = relaxation)]
    allow: Vec<Relaxation>,
}

impl AllowArgs {
    pub(super) fn relaxations(&self) -> Relaxations {
        self.allow.iter().copied().collect()
    }

    pub(super) fn apply(&self, policy: Policy) -> Policy {
        self.allow.iter().fold(policy, |policy, relaxation| policy.allow(*relaxation))
    }
}

impl PolicyArgs {
    pub(super) fn relaxations(&self) -> Relaxations {
        self.allow.relaxations()
    }

    pub(super) fn policy(&self) -> Result<Policy, Fault> {
        let system = time::now();
        let now = match &self.now {
            None => system,
            Some(text) => time::time(text, system).map_err(Fault::usage)?,
        };
        let seconds =
            |text: &str| time::duration(text).map(i64::unsigned_abs).map_err(Fault::usage);
        let mut policy = self.allow.apply(Policy::at(now)).leeway(seconds(&self.leeway)?);
        if !self.alg.is_empty() {
            policy = policy.algorithms(self.alg.iter().copied());
        }
        let Self { iss, sub, jti, typ, .. } = self;
        policy = iss.iter().fold(policy, Policy::issuer);
        policy = sub.iter().fold(policy, Policy::subject);
        policy = jti.iter().fold(policy, Policy::token_id);
        policy = typ.iter().fold(policy, Policy::typ);
        policy = self.aud.iter().fold(policy, Policy::audience);
        policy = self.require.iter().fold(policy, Policy::require);
        match &self.max_age {
            None => Ok(policy),
            Some(text) => Ok(policy.max_age(seconds(text)?)),
        }
    }
}

/// An algorithm by its exact name.
pub(super) fn algorithm(name: &str) -> Result<Algorithm, String> {
    Algorithm::from_name(name).ok_or_else(|| {
        let names = Algorithm::ALL.map(Algorithm::name).join(", ");
        format!("unknown algorithm: expected one of {names}")
    })
}

fn relaxation(name: &str) -> Result<Relaxation, String> {
    Relaxation::from_name(name).ok_or_else(|| {
        let names = Relaxation::ALL.map(Relaxation::name).join(", ");
        format!("unknown relaxation: expected one of {names}")
    })
}
