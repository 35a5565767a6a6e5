//! Probable primes: trial division and Miller–Rabin (FIPS 186-5 §B.3.1).

use crate::modular::{Modulus, Number, words_for};
use crate::random::{self, NoRandomness};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::{One, ToPrimitive};

/// How many small primes a candidate is divided by.
const SMALL_COUNT: usize = 512;

/// The first primes: 2, 3, 5, … 3671.
pub static SMALL: [u16; SMALL_COUNT] = {
    let mut primes = [2; SMALL_COUNT];
    let mut count = 1;
    let mut candidate: u16 = 3;
    while count < SMALL_COUNT {
        let mut i = 0;
        while i < count && !candidate.is_multiple_of(primes[i]) {
            i += 1;
        }
        if i == count {
            primes[count] = candidate;
            count += 1;
        }
        candidate += 2;
    }
    primes
};

/// Miller–Rabin rounds for a *random* candidate of RSA (FIPS 186-5 table B.1, the column of the smallest
/// error): 5 for 1024 bits, 4 for 1536 bits and more. Smaller primes are not in the table and get more.
pub fn rounds_for_random(bits: u64) -> usize {
    match bits {
        1536.. => 4,
        1024.. => 5,
        _ => 16,
    }
}

/// Rounds for a number that somebody else chose: the chance that a composite passes is below 4⁻⁶⁴.
pub const ROUNDS_FOR_GIVEN: usize = 64;

/// Whether `w` is a probable prime, by trial division and `rounds` rounds of Miller–Rabin.
///
/// A prime always passes. A composite that was chosen to pass does so with a chance below 4^−rounds.
///
/// # Errors
///
/// When the operating system gives no random bases.
pub fn is_probable_prime(w: &BigUint, rounds: usize) -> Result<bool, NoRandomness> {
    match small_factor(w) {
        Some(factor) => Ok(*w == BigUint::from(factor)),
        None => miller_rabin(w, rounds),
    }
}

/// The smallest prime of [`SMALL`] that divides `w`; 2 for 0, nothing for 1.
pub fn small_factor(w: &BigUint) -> Option<u16> {
    let mut rest = &SMALL[..];
    while !rest.is_empty() {
        // as many primes as fit into a word are divided out by one long division
        let mut product = 1u64;
        let fitting = rest.iter().take_while(|&&prime| {
            product.checked_mul(u64::from(prime)).inspect(|&larger| product = larger).is_some()
        });
        let (batch, others) = rest.split_at(fitting.count());
        let remainder = (w % product).to_u64().unwrap_or(0);
        let divides = |prime: &&u16| remainder.is_multiple_of(u64::from(**prime));
        if let Some(&factor) = batch.iter().find(divides) {
            return Some(factor);
        }
        rest = others;
    }
    None
}

/// FIPS 186-5 §B.3.1 for an odd w ≥ 5. `false` for 0, 1 and even numbers.
///
/// The exponentiations are those of secret exponents: a candidate may become a key.
fn miller_rabin(w: &BigUint, rounds: usize) -> Result<bool, NoRandomness> {
    let Ok(modulus) = Modulus::new(w) else { return Ok(false) };
    // steps 1 and 2: w − 1 = 2^a · m
    let w_1 = w - 1u32;
    let a = w_1.trailing_zeros().unwrap_or(0);
    let Some(m) = Number::new(&(&w_1 >> a), words_for(w)) else { return Ok(false) };
    'rounds: for _ in 0..rounds {
        // steps 4.1 and 4.2: 1 < b < w − 1
        let b = random::below(&w_1)?;
        if b.is_one() {
            continue;
        }
        let Some(b) = Number::new(&b, modulus.words()) else { return Ok(false) };
        // step 4.3
        let Ok(z) = modulus.power_of(&b, &m) else { return Ok(false) };
        let z = z.to_biguint();
        // step 4.4
        if z.is_one() || z == w_1 {
            continue;
        }
        // step 4.5
        let Ok(mut z) = modulus.residue(&z) else { return Ok(false) };
        for _ in 1..a {
            z = modulus.multiply(&z, &z);
            let z = modulus.value(&z);
            if z == w_1 {
                continue 'rounds;
            }
            if z.is_one() {
                return Ok(false);
            }
        }
        return Ok(false);
    }
    Ok(true)
}

/// Whether e and p − 1 share no factor: e can be undone modulo p.
pub(super) fn exponent_fits(e: &BigUint, p: &BigUint) -> bool {
    (p - 1u32).gcd(e).is_one()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_told_apart() {
        let naive =
            |n: u32| n > 1 && (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
        for n in 0..20_000 {
            assert_eq!(is_probable_prime(&n.into(), 10).unwrap(), naive(n), "{n}");
        }
        assert_eq!(SMALL.last(), Some(&3671));
    }

    #[test]
    fn strong_composites_are_found_out() {
        let given = |hex: &str| {
            let n = BigUint::parse_bytes(hex.as_bytes(), 16).unwrap();
            is_probable_prime(&n, ROUNDS_FOR_GIVEN).unwrap()
        };
        // 2^127 − 1 and 2^521 − 1 are prime
        assert!(given(&("7".to_owned() + &"f".repeat(31))));
        assert!(given(&("1".to_owned() + &"f".repeat(130))));
        // strong pseudoprimes to the first 12 and 13 prime bases: random bases find them out
        assert!(!given("437ae92817f9fc85b7e5"));
        assert!(!given("2be6951adc5b22410a5fd"));
        // a square and a product of two primes above the small ones
        let p = BigUint::from(4_294_967_291u32);
        assert!(!miller_rabin(&(&p * &p), 64).unwrap());
        assert!(!miller_rabin(&(&p * 4_294_967_279u32), 64).unwrap());
    }
}
