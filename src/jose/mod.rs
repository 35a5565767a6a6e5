//! JOSE: JWS (RFC 7515), JWK (RFC 7517), JWT (RFC 7519), with HS and RS algorithms (RFC 7518).
//!
//! | file | what stands there |
//! |---|---|
//! | `jws`, `header`, `json`, `json_serialization` | a token as received: its forms (RFC 7515 §7), its header (§4), strict JSON |
//! | `malformed`, `header_error`, `unverified` | why it cannot be parsed; a look into it all the same |
//! | `choose`, `bound`, `many` | which algorithm and key; one signature verified, or many at once |
//! | `jwk`, `jwk_reader`, `jwk_error`, `jwks` | keys and sets of keys (RFC 7517) |
//! | `algorithm`, `fitness`, `lint` | what is built (RFC 7518); whether a key may be used for it; what is odd about a key |
//! | `jwt`, `claims`, `numeric_date` | all stages in one call; what a token says (RFC 7519 §4); its times (§2) |
//! | `policy`, `demands`, `check`, `relaxation` | what is demanded, how it is checked, how a check came out, what may pass by name |
//! | `signing` | making a token (RFC 7515 §5.1) |
//!
//! A token goes through stages, each reachable only through the one before:
//!
//! ```text
//! Jws::compact ─→ Jws ─ bind ─→ Bound ─ verify ─→ Verified ─ claims ─→ Accepted
//!   malformed?         which key,        is it the        do the claims
//!   (offset)           which alg?        signature?       meet the policy?
//! ```
//!
//! An unverified claim has no accessor, an RSA key cannot become an HMAC secret, and `none` has no
//! verifier. [`verify`] walks all stages:
//!
//! ```
//! use jotlab::jose::{self, Algorithm, Jwk, JwkSet, Policy, Signer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let key = Jwk::parse(include_str!("../../vectors/keys/rfc7515-a2.jwk.json"))?;
//! # let jwks = JwkSet::from(key.to_public().unwrap()).to_value().to_string();
//! # let claims = br#"{"iss":"https://issuer.example","aud":"my-service","exp":2000000300}"#;
//! # let token = Signer::new(&key, Algorithm::Rs256, &Policy::at(2000000000))?.compact(claims)?;
//! # let now = 2000000000;
//! let keys = JwkSet::parse(&jwks)?;
//! let policy = Policy::at(now)
//!     .algorithms([Algorithm::Rs256])
//!     .issuer("https://issuer.example")
//!     .audience("my-service");
//! let claims = jose::verify(&token, &keys, &policy)?.claims;
//! # assert_eq!(claims.iss.as_deref(), Some("https://issuer.example"));
//! # assert!(jose::verify(&token, &keys, &Policy::at(now)).is_err());
//! # Ok(()) }
//! ```

mod algorithm;
mod bound;
mod check;
mod choose;
mod claims;
mod demands;
mod fitness;
mod header;
mod header_error;
pub mod json;
mod json_serialization;
mod jwk;
mod jwk_error;
mod jwk_reader;
mod jwks;
mod jws;
mod jwt;
pub mod lint;
mod malformed;
mod many;
mod numeric_date;
mod policy;
mod relaxation;
mod signing;
mod unverified;

pub use algorithm::{Algorithm, Family};
pub use bound::{Bound, Verified};
pub use check::{Check, Failure, Found, Outcome};
pub(crate) use choose::label;
pub use choose::{BindError, Candidacy, Chosen};
pub use claims::{Audience, Claims};
pub use fitness::{MAX_EXPONENT_BITS, MIN_RSA_BITS, Operation, Unfit};
pub use header::{Header, PayloadForm};
pub use header_error::HeaderError;
pub use jwk::{CurveKey, Jwk, Material, Parameters, SymmetricKey};
pub use jwk_error::JwkError;
pub use jwks::{JwkSet, JwkSetError, KeyFileError, MAX_KEYS, MAX_KEYS_BYTES, Unusable};
pub use jws::{Jws, MAX_SIGNATURES, MAX_TOKEN_BYTES, PartReader, Signature};
pub use jwt::{Accepted, ClaimsError, VerifyError, verify};
pub use malformed::{Malformed, Part, Reason};
pub use many::verify_many;
pub use numeric_date::NumericDate;
pub use policy::Policy;
pub use relaxation::{Relaxation, Relaxations};
pub use signing::{Content, SignError, Signer, general, object};
pub use unverified::{Contents, Unverified, UnverifiedPart};

pub use crate::rsa::pkcs1v15::BadSignature;
