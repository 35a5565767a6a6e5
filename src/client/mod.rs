//! Keys from the address of an issuer (RFC 7517 §5): asked for when they are needed, bounded, and kept.
//!
//! | file | what stands there |
//! |---|---|
//! | `url` | the address: from a configuration, never from a token |
//! | `transport` | the trait by which bytes come, its limits, redirects |
//! | `plain`, `curl` | http by hyper; https by the system's curl as a child process |
//! | `set` | what a published set must be, and what refuses it whole |
//! | `freshness` | Cache-Control within bounds |
//! | `cache` | which set counts and when to ask again, as decisions over given times |
//! | `keys` | the client that all threads share: one fetch at a time |
//! | `clock` | what time it is, behind a trait |
//!
//! ```no_run
//! use jotlab::client::{IssuerKeys, Plain, Url};
//! use jotlab::jose::{Jws, Policy};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (token, now) = ("", 0);
//! let url = Url::parse("http://127.0.0.1:8080/.well-known/jwks.json")?;
//! let issuer = IssuerKeys::new(url, Plain);
//! let policy = Policy::at(now).issuer("https://issuer.example").audience("my-service");
//! let jws = Jws::compact(token)?;
//! let keys = issuer.keys(jws.signatures()[0].unverified_header().kid())?;
//! let claims = jws.bind(&keys, &policy)?.verify()?.claims::<jotlab::jose::Claims>(&policy)?;
//! # Ok(()) }
//! ```

mod cache;
mod clock;
mod curl;
mod freshness;
mod keys;
mod plain;
mod set;
mod transport;
mod url;

pub use cache::{Advice, Cache};
pub use clock::{Clock, SystemClock};
pub use curl::Curl;
pub use freshness::Rules;
pub use keys::{IssuerKeys, KeySource, KeysError, Unavailable, fetch};
pub use plain::Plain;
#[cfg(feature = "service")]
pub(crate) use plain::exchange;
#[cfg(all(feature = "serve", feature = "service", unix))]
pub(crate) use plain::post_form;
pub use set::{SetError, published};
pub use transport::{FetchError, Limits, PlainHttp, Response, Transport, check_plain};
pub use url::{MAX_URL_BYTES, Scheme, Url, UrlError};

/// The transport that an address asks for: http by [`Plain`], https by [`Curl`].
#[derive(Clone, Debug, Default)]
pub struct ByScheme {
    /// For https.
    pub curl: Curl,
}

impl Transport for ByScheme {
    fn fetch(
        &self,
        url: &Url,
        etag: Option<&str>,
        limits: &Limits,
    ) -> Result<Response, FetchError> {
        match url.scheme() {
            Scheme::Http => Plain.fetch(url, etag, limits),
            Scheme::Https => self.curl.fetch(url, etag, limits),
        }
    }
}
