//! The views, one file each. Every one makes a page from fields alone: the same fields, the same page.

mod landing;
mod sha2;

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
    pub(super) show: fn(&Fields) -> Result<Page, Refusal>,
}

/// Every view, in the order in which somebody may want them.
pub(super) const VIEWS: [View; 2] = [
    View { path: "/", name: "Questions", takes_forms: false, show: landing::show },
    View { path: "/sha2", name: "SHA-2", takes_forms: false, show: sha2::show },
];
