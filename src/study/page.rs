//! The frame of every page: title, ways to the other views, one heading, the content, a word at the end.

use super::views::VIEWS;
use maud::{DOCTYPE, Markup, html};

/// The content of a page.
pub(super) struct Page {
    /// The view's path, to mark it among the others.
    pub(super) path: &'static str,
    pub(super) title: String,
    /// A sentence or two: what is to be seen here.
    pub(super) lead: String,
    pub(super) body: Markup,
}

/// The whole document.
pub(super) fn document(page: &Page) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · jotlab study" }
                link rel="icon" href="/study.svg" type="image/svg+xml";
                link rel="stylesheet" href="/study.css";
                script src="/study.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header { (views(page.path)) }
                main id="main" tabindex="-1" {
                    h1 { (page.title) }
                    p.lead { (page.lead) }
                    (page.body)
                }
                footer {
                    p {
                        "Made by the jotlab on this machine, from the code that hashes, signs and verifies. \
                         Nothing leaves the machine, nothing is kept."
                    }
                }
            }
        }
    };
    document.into_string()
}

fn views(here: &str) -> Markup {
    html! {
        a.brand href="/" aria-current=[(here == "/").then_some("page")] { "jotlab " span { "study" } }
        nav aria-label="Views" {
            ul {
                @for view in VIEWS.iter().filter(|view| view.path != "/") {
                    li {
                        a href=(view.path) aria-current=[(here == view.path).then_some("page")] {
                            (view.name)
                        }
                    }
                }
            }
        }
    }
}
