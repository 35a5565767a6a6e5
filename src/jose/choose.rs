//! Who may choose: the algorithm from the caller's list and the key, the key by its name or as the only fit
//! (RFC 8725 §3.1, RFC 7515 appendix D).

use super::algorithm::Algorithm;
use super::fitness::{Operation, Unfit};
use super::header::Header;
use super::json::bounded;
use super::jwk::Jwk;
use super::jwks::{JwkSet, Unusable};
use super::policy::Policy;
use crate::base64::encode_url;
use crate::sha2;
use core::fmt;

/// Why this key was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Its `kid` is the token's.
    ByKid,
    /// It is the only one that fits.
    OnlyFit,
}

/// The header's `alg`, if it is known and allowed.
pub(super) fn accepted_algorithm(header: &Header, policy: &Policy) -> Result<Algorithm, BindError> {
    match Algorithm::from_name(header.alg()) {
        None => Err(BindError::UnknownAlgorithm(header.alg().to_owned())),
        Some(algorithm) if policy.algorithms.contains(&algorithm) => Ok(algorithm),
        Some(algorithm) => Err(BindError::NotAllowed(algorithm)),
    }
}

/// What a key of a set is to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidacy {
    /// The token names another key.
    NotMeant,
    /// It could be meant and may not be used.
    Unfit(Unfit),
    /// It fits.
    Fits,
}

impl JwkSet {
    /// Every key in its order, and what it is to a token of this algorithm and `kid`: a key without a `kid`
    /// can be meant by any, one with another is not meant.
    pub fn candidates<'a>(
        &'a self,
        algorithm: Algorithm,
        kid: Option<&str>,
        policy: &Policy,
    ) -> impl Iterator<Item = (&'a Jwk, Candidacy)> {
        let by_kid = self.names(kid);
        let now = policy.now;
        self.keys().iter().map(move |key| {
            let meant = match kid {
                Some(_) if by_kid => key.kid() == kid,
                Some(_) => key.kid().is_none(),
                None => true,
            };
            let candidacy = match meant.then(|| key.suits(algorithm, Operation::Verify, now)) {
                None => Candidacy::NotMeant,
                Some(Err(why)) => Candidacy::Unfit(why),
                Some(Ok(())) => Candidacy::Fits,
            };
            (key, candidacy)
        })
    }

    /// The one key that fits a token of this algorithm and `kid` (RFC 7515 appendix D).
    ///
    /// # Errors
    ///
    /// When the set is mixed, no key fits, or more than one does.
    pub fn choose(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
        policy: &Policy,
    ) -> Result<(&Jwk, Chosen), BindError> {
        if self.is_mixed() {
            return Err(BindError::MixedSet);
        }
        let fits = |(key, candidacy)| (candidacy == Candidacy::Fits).then_some(key);
        let mut fitting = self.candidates(algorithm, kid, policy).filter_map(fits);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => {
                let by_kid = kid.is_some() && key.kid() == kid;
                Ok((key, if by_kid { Chosen::ByKid } else { Chosen::OnlyFit }))
            }
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(fitting);
                Err(BindError::Ambiguous(all.map(label).collect()))
            }
            (None, _) => Err(self.no_key(algorithm, kid, policy)),
        }
    }

    /// Why no key fits.
    fn no_key(&self, algorithm: Algorithm, kid: Option<&str>, policy: &Policy) -> BindError {
        let unfit = |(key, candidacy)| match candidacy {
            Candidacy::Unfit(why) => Some((label(key), why)),
            Candidacy::NotMeant | Candidacy::Fits => None,
        };
        let unfit = self.candidates(algorithm, kid, policy).filter_map(unfit).collect();
        let meant = |u: &&Unusable| kid.is_none() || u.kid.as_deref() == kid;
        let unusable = self.unusable().iter().filter(meant).map(ToString::to_string).collect();
        BindError::NoKey { algorithm, kid: kid.map(str::to_owned), unfit, unusable }
    }

    /// Whether a key of the set has this `kid`.
    fn names(&self, kid: Option<&str>) -> bool {
        kid.is_some() && self.keys().iter().any(|key| key.kid() == kid)
    }
}

/// What a key is called in a message: its kid, or its thumbprint where it has none.
pub(crate) fn label(key: &Jwk) -> String {
    match key.kid() {
        Some(kid) => format!("{} key \"{}\"", key.kty(), bounded(kid)),
        None if key.kty() == "oct" => "oct key without kid".to_owned(),
        None => {
            let thumbprint = encode_url(key.thumbprint(sha2::Algorithm::Sha256).as_bytes());
            format!("{} key without kid, thumbprint {}…", key.kty(), &thumbprint[..8])
        }
    }
}

/// Why a signature has no key to be verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindError {
    /// `alg` names nothing that is built here: `none` too.
    UnknownAlgorithm(String),
    /// `alg` is not one that the caller allows.
    NotAllowed(Algorithm),
    /// The payload travels apart and was not given.
    NoPayload,
    /// There are so many signatures, and one was expected.
    SeveralSignatures(usize),
    /// The set has secrets beside public keys.
    MixedSet,
    /// No key fits.
    NoKey {
        /// The algorithm.
        algorithm: Algorithm,
        /// The token's `kid`.
        kid: Option<String>,
        /// The keys that were considered, and why not.
        unfit: Vec<(String, Unfit)>,
        /// Keys of the set that might be meant but could not be read.
        unusable: Vec<String>,
    },
    /// More than one key fits: these.
    Ambiguous(Vec<String>),
    /// The key that fits may not be used.
    Unfit {
        /// What it is called.
        key: String,
        /// Why not.
        unfit: Unfit,
    },
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BindError::UnknownAlgorithm(alg) if alg.eq_ignore_ascii_case("none") => {
                write!(f, "alg \"{}\" is no signature: there is nothing to verify", bounded(alg))
            }
            BindError::UnknownAlgorithm(alg) => {
                write!(f, "alg \"{}\" is unknown or not built here", bounded(alg))
            }
            BindError::NotAllowed(algorithm) => write!(f, "alg {algorithm} is not allowed"),
            BindError::NoPayload => f.write_str("the payload is detached and was not given"),
            BindError::SeveralSignatures(count) => {
                write!(f, "{count} signatures, where one is expected")
            }
            BindError::MixedSet => f.write_str("the key set has secrets beside public keys"),
            BindError::NoKey { algorithm, kid, unfit, unusable } => {
                write!(f, "no key for {algorithm}")?;
                if let Some(kid) = kid {
                    write!(f, " with kid \"{}\"", bounded(kid))?;
                }
                let unfit = unfit.iter().map(|(key, why)| format!("{key}: {why}"));
                let reasons: Vec<String> = unfit.chain(unusable.iter().cloned()).collect();
                reasons.iter().take(MOST_SHOWN).try_for_each(|reason| write!(f, "; {reason}"))?;
                write_rest(f, reasons.len())
            }
            BindError::Ambiguous(keys) => {
                let shown = &keys[..keys.len().min(MOST_SHOWN)];
                write!(f, "more than one key matches: {}", shown.join(", "))?;
                write_rest(f, keys.len())
            }
            BindError::Unfit { key, unfit } => write!(f, "{key}: {unfit}"),
        }
    }
}

impl core::error::Error for BindError {}

/// Keys that a message names: a set may have a thousand.
const MOST_SHOWN: usize = 8;

fn write_rest(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    match count.saturating_sub(MOST_SHOWN) {
        0 => Ok(()),
        rest => write!(f, " and {rest} more"),
    }
}
