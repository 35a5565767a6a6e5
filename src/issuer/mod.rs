//! An identity provider to try against: a name and a password in, a token out, the keys to verify it with at a
//! URL, and new keys in time. It is for laboratories and tests: plain HTTP, for this machine.
//!
//! | file | what stands there |
//! |---|---|
//! | `server` | the listener, the routes, rotation in time, the end |
//! | `login` | from a request to a token |
//! | `request`, `refusal` | what is asked of the token endpoint, and why it says no (RFC 6749) |
//! | `token` | what a token says |
//! | `documents` | the key set and the description of the issuer |
//! | `keys`, `making` | the keys and their times: next, current, retired; new ones |
//! | `users` | who can log in, passwords by PBKDF2 |
//! | `store`, `live`, `admin` | files that are whole at every moment, read again when replaced, and changed |
//! | `attempts`, `connection` | how much is heard of whom |
//! | `settings`, `error` | what it is told, what it says |
//!
//! No clock is read here: [`Settings`] has one.

mod admin;
mod attempts;
mod connection;
mod documents;
mod error;
mod keys;
mod live;
mod login;
mod making;
mod refusal;
mod request;
mod server;
mod settings;
mod store;
mod token;
mod users;

pub use admin::{Existing, Rotated, add_user, rotate};
pub use connection::MAX_CONNECTIONS;
pub use documents::{CONFIGURATION_PATH, JWKS_PATH, TOKEN_PATH};
pub use error::Error;
pub use keys::{GRACE, IssuerKey, Keyring, MAX_KEYS, Schedule, State};
pub use request::MAX_FORM_BYTES;
pub use server::{Issuer, Rotation};
pub use settings::{Clock, Limits, MAX_CACHE, MAX_LIFETIME, Settings};
pub use token::TYPE;
pub use users::{ITERATIONS, MAX_ITERATIONS, MAX_NAME_BYTES, MAX_PASSWORD_BYTES, MAX_USERS, User};
