//! Why there is no page of the kind that was asked for: what is wrong, where, and which rule says so.

use super::page::{self, Page};
use axum::http::StatusCode;
use maud::html;

/// A request that gets no for an answer.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// What is wrong, in the words of the library's errors where it has some.
    what: String,
    /// The field, the header, the path.
    place: String,
    /// The rule that asks for something else.
    rule: &'static str,
}

impl Refusal {
    pub(super) fn new(
        status: StatusCode,
        place: impl Into<String>,
        what: impl Into<String>,
        rule: &'static str,
    ) -> Refusal {
        Refusal { status, what: what.into(), place: place.into(), rule }
    }

    /// An input that cannot be taken.
    pub(super) fn input(
        place: impl Into<String>,
        what: impl Into<String>,
        rule: &'static str,
    ) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, place, what, rule)
    }

    /// The whole page that says so.
    pub(super) fn document(&self) -> String {
        page::document(&Page {
            path: "",
            title: self.status.canonical_reason().unwrap_or("Refused").to_owned(),
            lead: "This could not be shown. Nothing was kept and nothing was sent on.".to_owned(),
            body: html! {
                dl.facts {
                    div { dt { "What" } dd { (self.what) } }
                    div { dt { "Where" } dd { (self.place) } }
                    div { dt { "Rule" } dd { (self.rule) } }
                }
                p { "The back button returns to the form as it was. Or begin at " a href="/" { "the questions" } "." }
            },
        })
    }
}
