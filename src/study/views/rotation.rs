//! A key is replaced: publish the new one, sign with it, retire the old one; and what verifiers say to that.

use super::super::demo::{self, Pair};
use super::super::form::{Fields, link};
use super::super::page::Page;
use super::super::parts;
use super::super::refusal::Refusal;
use crate::jose::{self, Algorithm, Jwk, JwkSet};
use maud::{Markup, html};

const OLD: &str = "spring";
const NEW: &str = "autumn";

/// How long a token lives, in minutes.
const LIFE: i64 = 60;
/// How long a verifier keeps a set that it fetched, in minutes.
const CACHE: i64 = 15;

/// A state of the issuer.
#[derive(Clone, Copy)]
struct Moment {
    /// Minutes since the beginning.
    minute: i64,
    does: &'static str,
    why: &'static str,
    published: &'static [&'static str],
    signs: &'static str,
}

/// Two ways to do it: each thing in its time, or all at once.
const IN_TIME: [Moment; 5] = [
    Moment {
        minute: 0,
        does: "One key",
        why: "It signs, and it is published.",
        published: &[OLD],
        signs: OLD,
    },
    Moment {
        minute: 60,
        does: "Publish the new key",
        why: "It signs nothing yet: verifiers get to know it first.",
        published: &[OLD, NEW],
        signs: OLD,
    },
    Moment {
        minute: 80,
        does: "Sign with the new key",
        why: "Every cache is younger than the new key. The old one stays published for the tokens that are out.",
        published: &[OLD, NEW],
        signs: NEW,
    },
    Moment {
        minute: 145,
        does: "Retire the old key",
        why: "The last token that it signed has expired.",
        published: &[NEW],
        signs: NEW,
    },
    Moment {
        minute: 205,
        does: "One key again",
        why: "Nothing knows the old one any more.",
        published: &[NEW],
        signs: NEW,
    },
];

const AT_ONCE: [Moment; 3] = [
    IN_TIME[0],
    Moment {
        minute: 60,
        does: "Replace the key",
        why: "Published, used and retired in one move.",
        published: &[NEW],
        signs: NEW,
    },
    Moment {
        minute: 121,
        does: "An hour later",
        why: "It heals by itself, after an hour of refusals.",
        published: &[NEW],
        signs: NEW,
    },
];

/// The minute of the day that the story begins at, in seconds.
const BEGIN: i64 = 2_000_000_000;

pub(super) fn show(fields: &Fields) -> Result<Page, Refusal> {
    let order = fields.or("order", "in-time");
    let moments: &[Moment] = match order {
        "in-time" => &IN_TIME,
        "at-once" => &AT_ONCE,
        _ => return Err(Refusal::input("the field order", "there are two", "in-time or at-once")),
    };
    let at = fields.number("at", 0, moments.len() - 1)?;
    let moment = moments[at];
    let keys = [demo::rsa(Pair::First, OLD)?, demo::rsa(Pair::Second, NEW)?];
    let verdicts = verdicts(moments, moment, &keys)?;
    let steps = |at: usize| link("/rotation", &[("order", order), ("at", &at.to_string())]);
    Ok(Page {
        path: "/rotation",
        title: "Replacing a key".to_owned(),
        lead: "An issuer publishes a set of keys (JWKS), names the one it signed with (kid), and one day changes \
               it. Verifiers keep the set for a quarter of an hour; tokens live for one."
            .to_owned(),
        body: html! {
            nav.ways aria-label="Order" {
                @for (value, name) in [("in-time", "each thing in its time"), ("at-once", "all at once")] {
                    a href=(link("/rotation", &[("order", value)])) aria-current=[(value == order).then_some("true")] { (name) }
                }
            }
            section.step id="moment" {
                nav.ways.slider aria-label="Moments" {
                    @if at > 0 { a href=(steps(at - 1)) rel="prev" { "← earlier" } }
                    @for (i, moment) in moments.iter().enumerate() {
                        a href=(steps(i)) aria-current=[(i == at).then_some("step")] { (clock(moment.minute)) }
                    }
                    @if at + 1 < moments.len() { a href=(steps(at + 1)) rel="next" { "later →" } }
                }
                h2 { (moment.does) }
                p.crumb { "minute " (moment.minute) ", " (clock(moment.minute)) }
                p { (moment.why) }
                dl.facts {
                    div { dt { "Signs" } dd { (key(moment.signs)) } }
                    div { dt { "Publishes" } dd { @for name in moment.published { (key(name)) " " } } }
                }
            }
            (table(&verdicts))
            (set(moment, &keys)?)
        },
    })
}

/// A token and who looks at it, with what was said.
struct Verdict {
    token: String,
    verifier: &'static str,
    knows: String,
    said: Result<&'static str, String>,
}

/// Every verifier at every token that is about at that moment.
fn verdicts(moments: &[Moment], now: Moment, keys: &[Jwk; 2]) -> Result<Vec<Verdict>, Refusal> {
    // issued now, and when the set was last changed less a minute: the oldest that may still be about
    let mut issued = vec![now.minute, now.minute - LIFE / 2];
    issued.retain(|minute| *minute >= 0);
    let mut found = vec![];
    for minute in issued {
        let by = state(moments, minute).signs;
        let token = issue(minute, named(keys, by)?)?;
        let fetched = [
            ("asks each time", now.minute),
            ("keeps the set 15 minutes", (now.minute - CACHE + 1).max(0)),
        ];
        for (verifier, fetched) in fetched {
            let published = state(moments, fetched).published;
            let said =
                jose::verify(&token, &public(published, keys)?, &demo::policy(seconds(now.minute)));
            found.push(Verdict {
                token: format!("of {}, by {by}", clock(minute)),
                verifier,
                knows: published.join(", "),
                said: said.map(|_| "signature and claims").map_err(|error| error.to_string()),
            });
        }
    }
    Ok(found)
}

/// How the issuer stood at a minute.
fn state(moments: &[Moment], minute: i64) -> Moment {
    let begun = moments.iter().rev().find(|moment| moment.minute <= minute);
    *begun.unwrap_or(&moments[0])
}

fn issue(minute: i64, key: &Jwk) -> Result<String, Refusal> {
    let (iat, exp) = (seconds(minute), seconds(minute + LIFE));
    let claims =
        format!(r#"{{"iss":"https://issuer.example","aud":"my-service","iat":{iat},"exp":{exp}}}"#);
    demo::sign(key, Algorithm::Rs256, iat, &claims)
}

fn public(names: &[&str], keys: &[Jwk; 2]) -> Result<JwkSet, Refusal> {
    names.iter().map(|name| demo::public(named(keys, name)?)).collect()
}

fn named<'k>(keys: &'k [Jwk; 2], name: &str) -> Result<&'k Jwk, Refusal> {
    let found = keys.iter().find(|key| key.kid() == Some(name));
    found.ok_or_else(|| demo::fault("no such key"))
}

fn seconds(minute: i64) -> i64 {
    BEGIN + 60 * minute
}

/// The story begins at ten.
fn clock(minute: i64) -> String {
    format!("{}:{:02}", 10 + minute / 60, minute % 60)
}

fn key(name: &str) -> Markup {
    let class = if name == OLD { "old" } else { "new" };
    html! { span.key.(class) { (name) } }
}

fn table(verdicts: &[Verdict]) -> Markup {
    html! {
        section {
            h2 { "What verifiers say" }
            table.stacked {
                thead { tr {
                    th scope="col" { "token" } th scope="col" { "verifier" }
                    th scope="col" { "knows" } th scope="col" { "says" }
                } }
                tbody {
                    @for verdict in verdicts {
                        tr {
                            th scope="row" { (verdict.token) }
                            td data-name="verifier" { (verdict.verifier) }
                            td data-name="knows" { (verdict.knows) }
                            td data-name="says" { (parts::verdict(&verdict.said.as_ref().copied())) }
                        }
                    }
                }
            }
        }
    }
}

/// The set as it is published.
fn set(moment: Moment, keys: &[Jwk; 2]) -> Result<Markup, Refusal> {
    let set = public(moment.published, keys)?;
    Ok(html! {
        section {
            h2 { "The set, as it is published" }
            p { "Public halves only. " code { "kid" } " is a name and nothing else: a verifier picks the key by it, and the signature decides." }
            pre.set tabindex="0" { code { (format!("{:#}", set.to_value())) } }
        }
    })
}
