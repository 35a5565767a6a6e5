//! Keys that look well and are not: the ROCA fingerprint (CVE-2017-15361), primes that lie near each other
//! (CVE-2022-26320).
//!
//! Primes of a widespread library had the form k·M + (65537^a mod M), M a product of the first primes. So
//! modulo each of those primes n is a power of 65537: for all of them together a chance hit is about one
//! in 2²⁷ (M. Nemec et al., "The Return of Coppersmith's Attack", 2017, §2.3).

use super::key::PublicKey;
use super::prime::SMALL;
use num_bigint::BigUint;
use num_traits::ToPrimitive;

/// The primes of M for keys of 512 to 960 bits, 2 to 167; longer keys use these and more.
const PRIMES_OF_M: usize = 39;

impl PublicKey {
    /// Whether the modulus has the [ROCA fingerprint](has_roca_fingerprint); looked at once.
    pub fn is_roca(&self) -> bool {
        *self.is_roca.get_or_init(|| has_roca_fingerprint(self.n()))
    }
}

/// Whether a modulus has the ROCA fingerprint: it can be factored from the public key alone.
pub fn has_roca_fingerprint(n: &BigUint) -> bool {
    SMALL.iter().take(PRIMES_OF_M).skip(1).all(|&prime| {
        let prime = u32::from(prime);
        let residue = (n % prime).to_u32().unwrap_or(0);
        is_power_of_65537(residue, prime)
    })
}

/// Whether x is in the group that 65537 generates modulo a prime.
fn is_power_of_65537(x: u32, prime: u32) -> bool {
    let generator = 65537 % prime;
    core::iter::successors(Some(1), |power| Some(power * generator % prime))
        .take(prime as usize)
        .any(|power| power == x)
}

/// Whether Fermat's method factors n within a hundred steps: n = a² − b², so its factors a − b and a + b lie near
/// its root, or are the root itself (CVE-2022-26320).
pub fn is_near_a_square(n: &BigUint) -> bool {
    const STEPS: u32 = 100;
    let root = n.sqrt();
    let is_square = |x: &BigUint| &x.sqrt().pow(2) == x;
    &root.pow(2) == n
        || (1..=STEPS).any(|step| {
            let a = &root + step;
            is_square(&(a.pow(2) - n))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_weak_library_is_found_and_others_are_not() {
        let m: BigUint = SMALL[..PRIMES_OF_M].iter().map(|&p| BigUint::from(p)).product();
        let weak = |k: u32, a: u32| &m * k + BigUint::from(65537u32).modpow(&a.into(), &m);
        for (k, a) in [(12345, 678), (98765, 4321), (1, 0)] {
            assert!(has_roca_fingerprint(&(weak(k, a) * weak(k + 2, a + 1))));
        }
        for i in 1u32..2000 {
            assert!(!has_roca_fingerprint(&(weak(i, i) + 2u32)));
        }
    }

    #[test]
    fn a_square_and_the_product_of_near_primes_are_found() {
        let p = (BigUint::from(1u32) << 256) + 297u32;
        for near in [0u32, 2, 1000, 1 << 30] {
            assert!(is_near_a_square(&(&p * (&p + near))), "{near}");
        }
        assert!(!is_near_a_square(&(&p * (&p * 3u32 + 2u32))));
        assert!(!is_near_a_square(&(&p * (&p + (BigUint::from(1u32) << 200)))));
    }
}
