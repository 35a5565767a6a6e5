//! The first verdict: whether the signature is one, of which key, and if not, why.

use super::super::exit::Exit;
use super::super::voice;
use super::{Reasons, Verifier};
use crate::explain::diagnosis::{self, Diagnosis};
use crate::jose::{BindError, Bound, Chosen, Jws, Malformed, Verified};
use serde_json::{Value, json};

pub(super) enum SignatureVerdict<'a> {
    Malformed(Malformed),
    NoKey(BindError),
    Bad { alg: String, key: String, why: Option<Diagnosis>, hint: Option<&'static str> },
    Good(Box<Verified<'a>>),
}

impl<'a> SignatureVerdict<'a> {
    /// Of a signature that is bound to a key and does not verify.
    pub(super) fn bad(jws: &Jws<'_>, bound: &Bound<'_>, verifier: &Verifier) -> Self {
        let (alg, key) = (bound.algorithm().to_string(), bound.key_label());
        let why = match verifier.reasons {
            Reasons::Told => diagnosis::of(bound, &verifier.keys),
            Reasons::NotTold => None,
        };
        let detached = "the payload is empty: --payload FILE gives a detached one";
        let hint = jws.is_detached().then_some(detached);
        let hint = hint.or_else(|| why.as_ref().and_then(Diagnosis::hint));
        SignatureVerdict::Bad { alg, key, why, hint }
    }

    pub(super) fn good(&self) -> Option<&Verified<'a>> {
        match self {
            SignatureVerdict::Good(verified) => Some(verified),
            _ => None,
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            SignatureVerdict::Malformed(_) => Exit::Malformed,
            SignatureVerdict::NoKey(_) => Exit::Key,
            SignatureVerdict::Bad { .. } => Exit::No,
            SignatureVerdict::Good(_) => Exit::Yes,
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            SignatureVerdict::Malformed(error) => format!("{}  {error}", voice::bad("malformed")),
            SignatureVerdict::NoKey(error) => format!("{}  {error}", voice::bad("no key")),
            SignatureVerdict::Bad { alg, key, why, .. } => {
                let why = why.as_ref().map(|why| format!("\n  {why}")).unwrap_or_default();
                format!("{}  {alg} with {key}: it does not verify{why}", voice::bad("bad"))
            }
            SignatureVerdict::Good(verified) => {
                let chosen = match verified.chosen() {
                    Chosen::ByKid => "chosen by its kid",
                    Chosen::OnlyFit => "the only key that fits",
                };
                let (alg, key) = (verified.algorithm(), verified.key());
                format!("{}  {alg} with {key}, {chosen}", voice::good("good"))
            }
        }
    }

    /// The kind of refusal, in a word that stays.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            SignatureVerdict::Malformed(_) => "malformed",
            SignatureVerdict::NoKey(_) => "no key",
            SignatureVerdict::Bad { .. } => "bad",
            SignatureVerdict::Good(_) => "good",
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut value = json!({ "verdict": self.kind() });
        match self {
            SignatureVerdict::Malformed(error) => {
                value["reason"] = error.to_string().into();
                value["offset"] = error.offset.into();
            }
            SignatureVerdict::NoKey(error) => value["reason"] = error.to_string().into(),
            SignatureVerdict::Bad { alg, key, why, .. } => {
                value["alg"] = alg.clone().into();
                value["key"] = key.clone().into();
                if let Some(why) = why {
                    value["why"] = why.to_string().into();
                }
            }
            SignatureVerdict::Good(verified) => {
                value["alg"] = verified.algorithm().name().into();
                value["key"] = verified.key().into();
                value["header"] = verified.header().members().clone().into();
            }
        }
        value
    }
}
