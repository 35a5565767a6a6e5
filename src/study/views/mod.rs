//! The views, one file each. Every one makes a page from fields alone: the same fields, the same page.

mod compare;
mod em;
mod landing;
mod middle;
mod rotation;
mod sha2;
mod token;
mod traces;

use super::form::Fields;
use super::page::Page;
use super::refusal::Refusal;

/// A page and where it is.
pub(super) struct View {
    pub(super) path: &'static str,
    /// What it is called among the others.
    pub(super) name: &'static str,
    /// Whether a form may be sent to it.
    pub(super) takes_forms: bool,
    pub(super) show: Show,
}

type Show = fn(&Fields) -> Result<Page, Refusal>;

const fn view(path: &'static str, name: &'static str, show: Show) -> View {
    View { path, name, takes_forms: false, show }
}

/// One whose forms are sent: they may hold a token or a secret.
const fn form(path: &'static str, name: &'static str, show: Show) -> View {
    View { path, name, takes_forms: true, show }
}

/// Every view, in the order in which somebody may want them.
pub(super) const VIEWS: [View; 9] = [
    view("/", "Questions", landing::show),
    form("/token", "Token", token::show),
    view("/middle", "In the middle", middle::show),
    view("/compare", "HS256 · RS256", compare::show),
    view("/rotation", "Rotation", rotation::show),
    view("/sha2", "SHA-2", sha2::show),
    form("/hmac", "HMAC", traces::hmac),
    view("/em", "EM", em::show),
    view("/base64url", "base64url", traces::base64url),
];
