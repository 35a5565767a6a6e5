//! The keys that a token is verified with: `--key`, `--secret` or `--jwks`.

use super::exit::{Exit, Fault};
use super::{input, voice};
use crate::client::{
    ByScheme, Curl, KeysError, Limits, PlainHttp, Scheme, Url, check_plain, fetch,
};
use crate::jose::JwkSet;

#[derive(clap::Args)]
pub(super) struct TrustArgs {
    /// File with the key: PEM, DER, certificate, JWK
    #[arg(long, value_name = "FILE", conflicts_with_all = ["secret", "jwks"])]
    key: Option<String>,
    /// Secret for HS: TEXT, @FILE, env:NAME, hex:…, b64u:…
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true, conflicts_with = "jwks")]
    secret: Option<String>,
    /// File or URL of a JWK Set: the token's kid chooses from it
    #[arg(long, value_name = "FILE|URL")]
    jwks: Option<String>,
    #[command(flatten)]
    fetching: FetchArgs,
}

/// How keys are fetched.
#[derive(clap::Args)]
pub(super) struct FetchArgs {
    /// Certificates (PEM) that an https URL is believed by, instead of the system's
    #[arg(long, value_name = "FILE", requires = "jwks")]
    ca_file: Option<String>,
    /// Fetch over http from another machine too: whoever is on the way can change what comes
    #[arg(long)]
    plain_http: bool,
}

impl FetchArgs {
    pub(super) fn plain(&self) -> PlainHttp {
        if self.plain_http { PlainHttp::Anywhere } else { PlainHttp::LoopbackOnly }
    }

    pub(super) fn transport(&self) -> ByScheme {
        let curl = self.ca_file.iter().fold(Curl::default(), Curl::ca_file);
        ByScheme { curl }
    }

    /// The address in the value of an option, if it is one and not a path.
    pub(super) fn address(&self, option: &str, value: &str) -> Result<Option<Url>, Fault> {
        let shown = voice::shown(value, 200);
        if !Url::is_meant(value) {
            return match self.ca_file {
                None => Ok(None),
                Some(_) => Err(Fault::usage(format_args!(
                    "--ca-file is for an https URL, and {option} {shown} is none"
                ))),
            };
        }
        let fault =
            |error: &dyn std::fmt::Display| Fault::usage(format_args!("{option} {shown}: {error}"));
        let url = Url::parse(value).map_err(|error| fault(&error))?;
        if self.ca_file.is_some() && url.scheme() != Scheme::Https {
            return Err(fault(&"--ca-file is for an https URL"));
        }
        check_plain(&url, self.plain()).map_err(|error| {
            fault(&error).hint("https, or --plain-http to take it all the same")
        })?;
        Ok(Some(url))
    }
}

impl TrustArgs {
    /// Refuses an address that cannot be, before anything is read.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.url().map(drop)
    }

    /// The keys. Those of an address are fetched, once.
    pub(super) fn keys(&self) -> Result<JwkSet, Fault> {
        match (self.url()?, &self.jwks) {
            (Some(url), _) => fetched(&url, &self.fetching.transport()),
            (None, Some(path)) => input::keys(path),
            (None, None) if self.key.is_none() && self.secret.is_none() => {
                Err(Fault::usage("one of --key, --secret and --jwks is needed"))
            }
            (None, None) => input::key_set(self.key.as_deref(), self.secret.as_deref()),
        }
    }

    fn url(&self) -> Result<Option<Url>, Fault> {
        match &self.jwks {
            Some(jwks) => self.fetching.address("--jwks", jwks),
            None => Ok(None),
        }
    }
}

fn fetched(url: &Url, transport: &ByScheme) -> Result<JwkSet, Fault> {
    let shown = voice::shown(&url.to_string(), 200);
    fetch(url, transport, &Limits::default()).map_err(|error| {
        let exit = match error {
            KeysError::Fetch(_) => Exit::Usage,
            KeysError::Set(_) => Exit::Malformed,
        };
        Fault::new(exit, format_args!("{shown}: {error}"))
    })
}
