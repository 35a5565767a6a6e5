//! Bearer tokens in front of axum routes (RFC 6750): a tower layer, and the verified claims as an extractor.
//!
//! | file | what stands there |
//! |---|---|
//! | `credentials` | the token in a request: where it may stand, and how often |
//! | `guard` | the layer: keys, signature, claims, scope, in this order |
//! | `memory` | tokens that were verified a moment ago |
//! | `scopes` | which scopes a path needs |
//! | `refusal` | the answers, which say the kind of refusal and never the reason |
//! | `caller` | the extractor |
//!
//! The keys come from a file, or from an issuer's address by [`crate::client`]; the policy is that of
//! [`crate::jose`].
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use jotlab::bearer::{Guard, Verified};
//! use jotlab::client::{IssuerKeys, Plain, Url};
//! use jotlab::jose::{Algorithm, Policy};
//!
//! #[derive(serde::Deserialize)]
//! struct Caller {
//!     sub: String,
//!     role: Option<String>,
//! }
//!
//! async fn hello(Verified(caller): Verified<Caller>) -> String {
//!     format!("{} is here as {}\n", caller.sub, caller.role.as_deref().unwrap_or("a guest"))
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // nothing is fetched before the first token comes
//! let url = Url::parse("http://127.0.0.1:8080/.well-known/jwks.json")?;
//! // the time that stands here is replaced at each request
//! let policy = Policy::at(0)
//!     .algorithms([Algorithm::Rs256])
//!     .issuer("https://issuer.example")
//!     .audience("my-service");
//! let guard = Guard::new(IssuerKeys::new(url, Plain), policy);
//! let app: Router = Router::new().route("/hello", get(hello)).layer(guard);
//! # let request = axum::extract::Request::new(axum::body::Body::empty());
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # let mut app = app;
//! # let answer = runtime.block_on(tower_service::Service::call(&mut app, request))?;
//! # assert_eq!(answer.status(), 401);
//! # assert_eq!(answer.headers()["www-authenticate"], "Bearer");
//! # Ok(()) }
//! ```

mod caller;
mod credentials;
mod guard;
mod memory;
mod refusal;
mod scopes;

pub use caller::Verified;
pub use guard::{Admitted, Guard, Guarded};
pub use refusal::Refusal;
pub use scopes::{ScopeError, Scopes, is_plain};
