//! The named relaxations: what strictness can be asked to let pass, one thing at a time.

use core::fmt;

/// Something that is refused unless it is allowed by this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relaxation {
    /// An HMAC secret shorter than the hash (RFC 7518 §3.2). An empty one is refused even so.
    ShortHmacKey,
    /// An RSA key under 2048 bits (RFC 7518 §3.3).
    SmallRsa,
    /// A DigestInfo without NULL in its AlgorithmIdentifier (RFC 8017 §A.2.4 wants it).
    MissingNull,
    /// Base64url with its padding (RFC 7515 §2 leaves it out).
    Base64Padding,
    /// A token without `exp`.
    NoExpiry,
    /// A token with `aud` where no audience is expected (RFC 7519 §4.1.3).
    AnyAudience,
    /// `alg` in the unprotected header only: then anybody may change it (RFC 7515 §10.7).
    UnprotectedAlg,
}

impl Relaxation {
    /// All of them.
    pub const ALL: [Relaxation; 7] = [
        Relaxation::ShortHmacKey,
        Relaxation::SmallRsa,
        Relaxation::MissingNull,
        Relaxation::Base64Padding,
        Relaxation::NoExpiry,
        Relaxation::AnyAudience,
        Relaxation::UnprotectedAlg,
    ];

    /// The name by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Relaxation::ShortHmacKey => "short-hmac-key",
            Relaxation::SmallRsa => "small-rsa",
            Relaxation::MissingNull => "missing-null",
            Relaxation::Base64Padding => "base64-padding",
            Relaxation::NoExpiry => "no-expiry",
            Relaxation::AnyAudience => "any-audience",
            Relaxation::UnprotectedAlg => "unprotected-alg",
        }
    }

    /// The relaxation of this name.
    pub fn from_name(name: &str) -> Option<Relaxation> {
        Self::ALL.into_iter().find(|relaxation| relaxation.name() == name)
    }
}

impl fmt::Display for Relaxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of relaxations: those that were asked for, or those that were needed. The default has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relaxations {
    /// A bit for each, by its place among all.
    bits: u8,
}

impl Relaxations {
    /// Nothing is relaxed.
    pub const fn none() -> Self {
        Relaxations { bits: 0 }
    }

    /// Adds one.
    pub const fn allow(&mut self, relaxation: Relaxation) {
        self.bits |= 1 << relaxation as u8;
    }

    /// Whether this one is among them.
    #[inline]
    pub const fn allows(self, relaxation: Relaxation) -> bool {
        self.bits & 1 << relaxation as u8 != 0
    }

    /// They, in the order of [`Relaxation::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Relaxation> {
        Relaxation::ALL.into_iter().filter(move |relaxation| self.allows(*relaxation))
    }
}

impl Extend<Relaxation> for Relaxations {
    #[inline]
    fn extend<I: IntoIterator<Item = Relaxation>>(&mut self, relaxations: I) {
        relaxations.into_iter().for_each(|relaxation| self.allow(relaxation));
    }
}

impl FromIterator<Relaxation> for Relaxations {
    fn from_iter<I: IntoIterator<Item = Relaxation>>(relaxations: I) -> Self {
        let mut all = Relaxations::none();
        all.extend(relaxations);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        assert_eq!(Relaxations::none().iter().count(), 0);
        for one in Relaxation::ALL {
            let set: Relaxations = [one, one].into_iter().collect();
            assert!(set.iter().eq([one]));
            assert!(Relaxation::ALL.iter().all(|other| set.allows(*other) == (*other == one)));
        }
        let all: Relaxations = Relaxation::ALL.into_iter().rev().collect();
        assert!(all.iter().eq(Relaxation::ALL));
    }
}
