//! Base blinding (P. Kocher, "Timing Attacks on Implementations of Diffie-Hellman, RSA, DSS", 1996): the
//! private operation works on m·r^e, which is random, and its result s·r is multiplied by r⁻¹.
//!
//! An inverse modulo n costs as much as a signature, so a pair (r^e, r⁻¹) is made once and squared for each
//! further use; after [`USES`] of them a new one is made.

use super::key::PublicKey;
use crate::modular::{Modulus, Residue};
use crate::random::{self, NoRandomness};
use num_bigint::BigUint;

/// How often a pair is squared before it is made anew.
const USES: u32 = 32;

/// A pair of factors for one private operation.
pub(super) struct Blinding {
    /// r^e mod n
    pub(super) factor: Residue,
    /// r⁻¹ mod n
    pub(super) undo: Residue,
    uses: u32,
}

impl Blinding {
    /// A pair from a new random r.
    pub(super) fn new(key: &PublicKey) -> Result<Blinding, NoRandomness> {
        let n = key.modulus();
        loop {
            let r = n.reduced_random(key.n())?;
            let mask = n.reduced_random(key.n())?;
            // num-bigint's inverse takes a time that depends on its input: r·mask tells nothing of r
            let masked = n.value(&n.multiply(&r, &mask).public());
            if let Some(inverse) = masked.modinv(key.n())
                && let Ok(inverse) = n.residue(&inverse)
            {
                let undo = n.multiply(&inverse, &mask);
                return Ok(Blinding { factor: n.power_vartime(&r, key.e()), undo, uses: 0 });
            }
        }
    }

    /// The pair for the next operation: r is squared.
    pub(super) fn next(&self, n: &Modulus) -> Blinding {
        Blinding { factor: n.square(&self.factor), undo: n.square(&self.undo), uses: self.uses + 1 }
    }

    /// Whether a new pair is due.
    pub(super) fn is_worn(&self) -> bool {
        self.uses >= USES
    }
}

impl Modulus {
    /// A random residue, not zero: bytes of the operating system, tried again until below n.
    fn reduced_random(&self, n: &BigUint) -> Result<Residue, NoRandomness> {
        let x = random::below(n)?;
        let x = self.residue(&x).unwrap_or_else(|_| self.one());
        x.mark_secret();
        Ok(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_stays_a_pair_and_changes() {
        let key = PublicKey::new(3233u32.into(), 17u32.into()).unwrap();
        let n = key.modulus();
        let mut blinding = Blinding::new(&key).unwrap();
        for _ in 0..USES {
            assert!(!blinding.is_worn());
            let r_e = n.power_vartime(&blinding.undo, key.e());
            assert_eq!(n.value(&n.multiply(&blinding.factor, &r_e)), BigUint::from(1u32));
            blinding = blinding.next(n);
        }
        assert!(blinding.is_worn());
    }
}
