//! The server `jotlab service`: a resource server to try against (RFC 6750).
//!
//! | file | what stands there |
//! |---|---|
//! | `settings` | the policy file |
//! | `server` | the listener, the route, the end in good order |
//! | `answer` | who the caller is, as JSON |
//! | `forward` | the next service, called with the same token |
//!
//! What is let through is decided by [`crate::bearer`], which stands in front of any axum routes as well.

mod answer;
mod forward;
mod server;
mod settings;

pub use forward::{Forward, ForwardError};
pub use server::Service;
pub use settings::{MAX_SETTINGS_BYTES, Settings, SettingsError};
