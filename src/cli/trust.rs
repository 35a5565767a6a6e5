//! The keys that a token is verified with: `--key`, `--secret` or `--jwks`.

use super::exit::Fault;
use super::{input, voice};
use crate::jose::JwkSet;

#[derive(clap::Args)]
pub(super) struct TrustArgs {
    /// File with the key: PEM, DER, certificate, JWK
    #[arg(long, value_name = "FILE", conflicts_with_all = ["secret", "jwks"])]
    key: Option<String>,
    /// Secret for HS: TEXT, @FILE, env:NAME, hex:…, b64u:…
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true, conflicts_with = "jwks")]
    secret: Option<String>,
    /// File with a JWK Set: the token's kid chooses from it
    #[arg(long, value_name = "FILE")]
    jwks: Option<String>,
}

impl TrustArgs {
    /// Refuses an address in the place of a file, before anything is read.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let Some(url) = self.jwks.as_deref().filter(|jwks| jwks.contains("://")) else {
            return Ok(());
        };
        let url = voice::shown(url, 200);
        Err(Fault::usage(format_args!("--jwks {url}: keys are read from files only"))
            .hint("curl -fsS URL > jwks.json && jotlab verify TOKEN --jwks jwks.json"))
    }

    pub(super) fn keys(&self) -> Result<JwkSet, Fault> {
        match &self.jwks {
            Some(path) => input::keys(path),
            None => input::key_set(self.key.as_deref(), self.secret.as_deref()),
        }
    }
}
