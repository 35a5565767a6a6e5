//! The page `jotlab study`: the laboratory in a browser, on this machine and for nobody else.
//!
//! | file | what stands there |
//! |---|---|
//! | `server` | the listener on loopback, the routes, one thread for the work of a page |
//! | `guard` | who may ask: this host, this origin; what every answer carries |
//! | `form` | what is asked: the fields of a URL or of a sent form, strictly read |
//! | `refusal` | what is wrong, where, and which rule says so: as a page |
//! | `demo` | the published keys that the samples are made with |
//! | `page`, `parts` | the frame of every page, and what the views have in common |
//! | `views` | one file a view |
//!
//! The server makes whole pages, which say everything without a script; the script only lets the arrow keys
//! step. A state that is no secret is in the URL, so that a link leads to it and the back button works; a
//! token or a secret goes by POST only, so that no history, log or referrer ever holds it.

mod demo;
mod form;
mod guard;
mod page;
mod parts;
mod refusal;
mod server;
mod views;

pub use server::{MAX_FORM_BYTES, Study};
