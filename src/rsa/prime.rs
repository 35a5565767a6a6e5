//! Probable primes: trial division and Miller–Rabin (FIPS 186-5 §B.3.1).

use crate::modular::backend::power_many;
use crate::modular::{Modulus, Number, words_for};
use crate::random::{self, NoRandomness};
use core::iter;
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
fn miller_rabin(w: &BigUint, rounds: usize) -> Result<bool, NoRandomness> {
    match Witnesses::new(w) {
        Some(witnesses) => witnesses.rounds(rounds),
        None => Ok(false),
    }
}

/// The first of several numbers that passes `rounds` rounds of Miller–Rabin, at least one. Their first rounds go
/// side by side where the machine's way has lanes: [`side_by_side`](crate::modular::backend::side_by_side) of them
/// are best.
///
/// # Errors
///
/// As [`is_probable_prime`].
pub(super) fn first_probable_prime(
    candidates: &[BigUint],
    rounds: usize,
) -> Result<Option<BigUint>, NoRandomness> {
    let all: Vec<_> = candidates.iter().filter_map(Witnesses::new).collect();
    let bases: Vec<_> = all.iter().map(Witnesses::base).collect::<Result<_, _>>()?;
    let tasks: Vec<_> = all.iter().zip(&bases).map(|(one, b)| (&one.modulus, b)).collect();
    let exponents: Vec<_> = all.iter().map(|one| &one.m).collect();
    for (one, z) in all.iter().zip(power_many(&tasks, &exponents)) {
        if z.is_some_and(|z| one.passes(&z)) && one.rounds(rounds - 1)? {
            return Ok(Some(one.w.clone()));
        }
    }
    Ok(None)
}

/// A number w on trial: each base b is a witness for it or against it (FIPS 186-5 §B.3.1).
///
/// The exponentiations are those of secret exponents: a candidate may become a key.
struct Witnesses<'w> {
    w: &'w BigUint,
    modulus: Modulus,
    w_1: BigUint,
    /// w − 1 = 2^a · m
    a: u64,
    m: Number,
}

impl<'w> Witnesses<'w> {
    /// Steps 1 and 2. Nothing for 0, 1 and even numbers.
    fn new(w: &'w BigUint) -> Option<Self> {
        let modulus = Modulus::new(w).ok()?;
        let w_1 = w - 1u32;
        let a = w_1.trailing_zeros()?;
        let m = Number::new(&(&w_1 >> a), words_for(w))?;
        Some(Witnesses { w, modulus, w_1, a, m })
    }

    /// Whether so many random bases are all for it.
    fn rounds(&self, rounds: usize) -> Result<bool, NoRandomness> {
        for _ in 0..rounds {
            // step 4.3
            let z = self.modulus.power_of(&self.base()?, &self.m);
            if !z.is_ok_and(|z| self.passes(&z)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Steps 4.1 and 4.2: 0 < b < w − 1. The standard draws again for b = 1; here it counts as one that passes.
    fn base(&self) -> Result<Number, NoRandomness> {
        let b = random::below(&self.w_1)?;
        let words = self.modulus.words();
        // b fits, since it is below w; 0 would be a witness against any number
        Ok(Number::new(&b, words).unwrap_or_else(|| Number::zero(words)))
    }

    /// Steps 4.4 and 4.5: what z = b^m mod w says.
    fn passes(&self, z: &Number) -> bool {
        let z = z.to_biguint();
        if z.is_one() || z == self.w_1 {
            return true;
        }
        let squares = iter::successors(Some(z), |z| Some(z * z % self.w));
        squares.take(self.a as usize).skip(1).any(|z| z == self.w_1)
    }
}

/// Whether e and p − 1 share no factor: e can be undone modulo p.
pub(super) fn exponent_fits(e: &BigUint, p: &BigUint) -> bool {
    // one division, and the small remainder takes the place of the large number
    ((p - 1u32) % e).gcd(e).is_one()
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

    #[test]
    fn the_first_prime_among_several_is_found_wherever_it_stands() {
        let prime: BigUint = (BigUint::one() << 521) - 1u32;
        let other = BigUint::from(4_294_967_291u32);
        let composites = [&prime * &other, &other * 4_294_967_279u32, prime.pow(2), &prime + 2u32];
        let first = |numbers: Vec<BigUint>| first_probable_prime(&numbers, 5).unwrap();
        assert_eq!(first(vec![]), None);
        assert_eq!(first(composites.to_vec()), None);
        for at in 0..=composites.len() {
            let mut numbers = composites.to_vec();
            numbers.insert(at, prime.clone());
            numbers.push(other.clone());
            assert_eq!(first(numbers), Some(prime.clone()), "at {at}");
        }
        // of one length, so that they go side by side
        let mut many = vec![&prime - 2u32; 20];
        many[13] = prime.clone();
        assert_eq!(first(many), Some(prime));
    }
}
