//! RSA keys (RFC 8017 §3): a value of these types is a key that its standard allows.

use super::blinding::Blinding;
use crate::modular::{Modulus, Number, Residue, words_for};
use core::{fmt, iter};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::{CheckedSub, One};
use std::sync::{Mutex, OnceLock};

/// The longest modulus that is taken, in bits: more would let a key make every verification slow.
pub const MAX_MODULUS_BITS: u64 = 16384;

/// A public key (n, e): n odd, of at most 16384 bits; e odd, 3 ≤ e < n (RFC 8017 §3.1).
#[derive(Clone)]
pub struct PublicKey {
    n: BigUint,
    e: BigUint,
    modulus: Modulus,
    /// Whether n has the ROCA fingerprint, once somebody has asked.
    pub(super) is_roca: OnceLock<bool>,
}

impl PublicKey {
    /// Checks and prepares a public key.
    ///
    /// # Errors
    ///
    /// When n or e is not as RFC 8017 §3.1 says. That n is a product of primes cannot be seen.
    pub fn new(n: BigUint, e: BigUint) -> Result<PublicKey, KeyError> {
        if n.bits() > MAX_MODULUS_BITS {
            return Err(KeyError::ModulusTooLong(n.bits()));
        }
        let modulus = Modulus::new(&n).map_err(|_| KeyError::ModulusEven)?;
        if !e.bit(0) || e.is_one() || e >= n {
            return Err(KeyError::Exponent);
        }
        Ok(PublicKey { n, e, modulus, is_roca: OnceLock::new() })
    }

    /// The modulus n.
    pub fn n(&self) -> &BigUint {
        &self.n
    }

    /// The public exponent e.
    pub fn e(&self) -> &BigUint {
        &self.e
    }

    /// n, ready to calculate with.
    pub fn modulus(&self) -> &Modulus {
        &self.modulus
    }

    /// k: the length of n in bytes, and so of every signature (RFC 8017 §8.2.1).
    pub fn modulus_bytes(&self) -> usize {
        usize::try_from(self.n.bits().div_ceil(8)).unwrap_or(usize::MAX)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        (&self.n, &self.e) == (&other.n, &other.e)
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits, e = {})", self.n.bits(), self.e)
    }
}

/// A private key: n, e, d and the two primes with their CRT values (RFC 8017 §3.2), all of them
/// consistent. Keys of more than two primes are not supported.
pub struct PrivateKey {
    public: PublicKey,
    d: Number,
    pub(super) p: Modulus,
    pub(super) q: Modulus,
    /// dP = d mod (p − 1)
    pub(super) dp: Number,
    /// dQ = d mod (q − 1)
    pub(super) dq: Number,
    /// qInv = q⁻¹ mod p
    pub(super) qi: Residue,
    pub(super) blinding: Mutex<Option<Blinding>>,
}

/// The numbers of a private key, for import and export. They are not wiped: see docs/security.md.
#[derive(Clone, PartialEq, Eq)]
pub struct Components {
    /// Modulus.
    pub n: BigUint,
    /// Public exponent.
    pub e: BigUint,
    /// Private exponent.
    pub d: BigUint,
    /// First prime.
    pub p: BigUint,
    /// Second prime.
    pub q: BigUint,
    /// d mod (p − 1).
    pub dp: BigUint,
    /// d mod (q − 1).
    pub dq: BigUint,
    /// q⁻¹ mod p.
    pub qi: BigUint,
}

impl PrivateKey {
    /// Checks that the parts belong together, each against the others, and prepares the key.
    ///
    /// Whether p and q are prime is not tested here (that takes longer than signing); a key that is
    /// wrong in this way cannot give a wrong signature away, since each is verified before it is released.
    ///
    /// # Errors
    ///
    /// On a public part that is not allowed, and on the first part that does not fit the others.
    pub fn new(parts: &Components) -> Result<PrivateKey, KeyError> {
        let Components { n, e, d, p, q, dp, dq, qi } = parts;
        let public = PublicKey::new(n.clone(), e.clone())?;
        let one = BigUint::one();
        let fits =
            |holds: bool, part| if holds { Ok(()) } else { Err(KeyError::Inconsistent(part)) };
        fits(p * q == *n, "p·q is not n")?;
        fits(p > &one && q > &one && p != q, "p and q are not two primes")?;
        let (p_1, q_1) = (p - 1u32, q - 1u32);
        // RFC 8017 §3.2: e·d ≡ 1 mod λ(n)
        fits(d < n && (e * d % lambda(p, q)).is_one(), "d does not undo e")?;
        fits(*dp == d % &p_1, "dp is not d mod (p − 1)")?;
        fits(*dq == d % &q_1, "dq is not d mod (q − 1)")?;
        fits(qi < p && (qi * q % p).is_one(), "qi is not the inverse of q mod p")?;

        // one width for both primes: reducing n's residues needs q < R of p and the other way round
        let words = words_for(p).max(words_for(q));
        let unfit = |_| KeyError::Inconsistent("p or q is not an odd prime");
        let number = |x| Number::new(x, words).ok_or(KeyError::Inconsistent("a part is too long"));
        let p = Modulus::with_words(p, words).map_err(unfit)?;
        let q = Modulus::with_words(q, words).map_err(unfit)?;
        let qi = p.residue(qi).map_err(unfit)?;
        let d = Number::new(d, words_for(n)).ok_or(KeyError::Inconsistent("d is too long"))?;
        let (dp, dq) = (number(dp)?, number(dq)?);
        // imported: from here on no time depends on them
        [&p, &q].into_iter().for_each(Modulus::mark_secret);
        [&d, &dp, &dq].into_iter().for_each(Number::mark_secret);
        qi.mark_secret();
        Ok(PrivateKey { public, d, p, q, dp, dq, qi, blinding: Mutex::new(None) })
    }

    /// A key from n, e and the two primes, the rest calculated: d = e⁻¹ mod λ(n).
    ///
    /// # Errors
    ///
    /// As [`new`](PrivateKey::new), and when e has no inverse.
    pub fn from_primes(p: BigUint, q: BigUint, e: BigUint) -> Result<PrivateKey, KeyError> {
        let one = BigUint::one();
        if p <= one || q <= one {
            return Err(KeyError::Inconsistent("p and q are not two primes"));
        }
        let (p_1, q_1) = (&p - 1u32, &q - 1u32);
        let d = e.modinv(&lambda(&p, &q)).ok_or(KeyError::Inconsistent("e has no inverse"))?;
        let qi = q.modinv(&p).ok_or(KeyError::Inconsistent("p and q are not two primes"))?;
        Self::new(&Components { n: &p * &q, dp: &d % p_1, dq: &d % q_1, e, d, p, q, qi })
    }

    /// A key of which only n, e and d are known: its primes are found (NIST SP 800-56B §C.2).
    ///
    /// # Errors
    ///
    /// When d does not undo e modulo a product of two primes.
    pub fn from_exponents(n: BigUint, e: BigUint, d: BigUint) -> Result<PrivateKey, KeyError> {
        let modulus = PublicKey::new(n.clone(), e.clone())?.modulus;
        let not_found = KeyError::Inconsistent("d does not undo e modulo two primes");
        if d >= n {
            return Err(not_found);
        }
        let (p, q) = factor(&modulus, &n, &(&e * &d)).ok_or(not_found)?;
        // keep the d that was given: it may be the inverse modulo φ(n) instead of λ(n)
        let qi = q.modinv(&p).ok_or(KeyError::Inconsistent("p and q are not two primes"))?;
        let (dp, dq) = (&d % (&p - 1u32), &d % (&q - 1u32));
        Self::new(&Components { n, e, d, p, q, dp, dq, qi })
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// All numbers of the key, to be exported.
    pub fn components(&self) -> Components {
        Components {
            n: self.public.n.clone(),
            e: self.public.e.clone(),
            d: self.d.to_biguint(),
            p: self.p.to_biguint(),
            q: self.q.to_biguint(),
            dp: self.dp.to_biguint(),
            dq: self.dq.to_biguint(),
            qi: self.p.value(&self.qi),
        }
    }
}

impl Clone for PrivateKey {
    fn clone(&self) -> Self {
        PrivateKey {
            public: self.public.clone(),
            d: self.d.clone(),
            p: self.p.clone(),
            q: self.q.clone(),
            dp: self.dp.clone(),
            dq: self.dq.clone(),
            qi: self.qi.clone(),
            blinding: Mutex::new(None),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.public.n.bits())
    }
}

impl fmt::Debug for Components {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Components({} bits)", self.n.bits())
    }
}

/// λ(n) of n = p·q, the least common multiple of p − 1 and q − 1 (RFC 8017 §3.1); p and q are above 1.
pub(crate) fn lambda(p: &BigUint, q: &BigUint) -> BigUint {
    (p - 1u32).lcm(&(q - 1u32))
}

/// p > q with p·q = n, from a multiple e·d − 1 of λ(n) (NIST SP 800-56B §C.2).
///
/// Write e·d − 1 = 2^t·r. For a base g, one of g^r, g^2r, g^4r, … may be a root of 1 other than ±1, and
/// then shares a factor with n. At least half of all g give one; the small primes are as good as any.
fn factor(modulus: &Modulus, n: &BigUint, ed: &BigUint) -> Option<(BigUint, BigUint)> {
    let multiple = ed.checked_sub(&BigUint::one())?;
    let t = multiple.trailing_zeros()?;
    let r = &multiple >> t;
    let n_1 = n - 1u32;
    for g in super::prime::SMALL.iter().take(100) {
        let g = BigUint::from(*g);
        if g >= *n {
            break;
        }
        let x = modulus.power_vartime(&modulus.residue(&g).ok()?, &r);
        // g^r, g^2r, … to g^(e·d − 1), which is 1 for every g if d is right
        let powers = iter::successors(Some(x), |x| Some(modulus.multiply(x, x)));
        let powers: Vec<BigUint> = powers.take(t as usize + 1).map(|x| modulus.value(&x)).collect();
        let first_one = powers.iter().position(BigUint::is_one)?;
        if first_one > 0 && powers[first_one - 1] != n_1 {
            let p = (&powers[first_one - 1] - 1u32).gcd(n);
            let q = n / &p;
            return Some(if p > q { (p, q) } else { (q, p) });
        }
    }
    None
}

/// Why numbers are no RSA key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// n is even, or below 3.
    ModulusEven,
    /// n has this many bits, more than [`MAX_MODULUS_BITS`].
    ModulusTooLong(u64),
    /// e is even, below 3, or not below n.
    Exponent,
    /// A part of a private key does not fit the others; says which.
    Inconsistent(&'static str),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::ModulusEven => {
                f.write_str("the modulus n is even or below 3 (RFC 8017 §3.1)")
            }
            KeyError::ModulusTooLong(bits) => {
                write!(f, "the modulus n has {bits} bits, more than {MAX_MODULUS_BITS}")
            }
            KeyError::Exponent => {
                f.write_str("the exponent e must be odd, 3 or more, and below n (RFC 8017 §3.1)")
            }
            KeyError::Inconsistent(what) => {
                write!(f, "inconsistent private key: {what} (RFC 8017 §3.2)")
            }
        }
    }
}

impl core::error::Error for KeyError {}
