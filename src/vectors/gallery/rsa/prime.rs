//! Primality tests that are fooled.

use super::Flaw;
use crate::rsa::prime::is_probable_prime;
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Zero};

pub(super) fn is_prime(value: &BigInt, flaw: Flaw) -> bool {
    if value.sign() == Sign::Minus && flaw != Flaw::SignDropped {
        return false;
    }
    let w = value.magnitude();
    let small = |n: u32| *w == BigUint::from(n);
    if w.is_zero() || w.is_one() {
        return w.is_one() && flaw == Flaw::OneIsPrime;
    }
    if small(2) {
        return flaw != Flaw::TwoIsNot;
    }
    if !w.bit(0) {
        return false;
    }
    let bases: &[u32] = match flaw {
        Flaw::Fermat => return [2_u32, 3, 5, 7, 11, 13].iter().all(|&base| fermat(w, base)),
        Flaw::SmallDivisorsOnly => {
            return (3..1000_u32).step_by(2).all(|d| small(d) || !(w % d).is_zero());
        }
        Flaw::BaseTwoOnly => &[2],
        Flaw::FirstFourBases => &[2, 3, 5, 7],
        // bases that nobody could know when he made a composite
        _ => return is_probable_prime(w, 32).unwrap_or(false),
    };
    // trial division by the bases themselves keeps them from being their own witnesses
    bases.iter().all(|&base| small(base) || (!(w % base).is_zero() && passes(w, base)))
}

fn fermat(w: &BigUint, base: u32) -> bool {
    let base = BigUint::from(base);
    (&base % w).is_zero() || base.modpow(&(w - 1_u32), w).is_one()
}

/// One round of Miller–Rabin.
fn passes(w: &BigUint, base: u32) -> bool {
    let minus_one = w - 1_u32;
    let a = minus_one.trailing_zeros().unwrap_or(0);
    let mut z = BigUint::from(base).modpow(&(&minus_one >> a), w);
    if z.is_one() || z == minus_one {
        return true;
    }
    (1..a).any(|_| {
        z = &z * &z % w;
        z == minus_one
    })
}
