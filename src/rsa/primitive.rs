//! The RSA primitives (RFC 8017 §5.2): what a key does to an integer.

use super::blinding::Blinding;
use super::key::{PrivateKey, PublicKey};
use crate::modular::backend::{power_many, power_many_vartime};
use crate::modular::{self, Modulus, Number, Residue, Step};
use crate::random::NoRandomness;
use core::fmt;
use num_bigint::BigUint;
use std::collections::BTreeMap;
use std::sync::PoisonError;

impl PublicKey {
    /// RSAVP1: m = s^e mod n, as k bytes, most significant first (RFC 8017 §5.2.2 with §8.2.2 steps 2a–c).
    ///
    /// Nothing where the signature representative is out of range, s ≥ n, or not k bytes long.
    pub fn recover(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let s = self.integer(signature)?;
        let m = self.modulus().power_of_vartime(&s, self.e()).ok()?;
        Some(self.octets(&m))
    }

    /// [`recover`](PublicKey::recover) of several signatures, each with its key, in their order: keys of one
    /// length and exponent go side by side where the machine's way has lanes.
    pub fn recover_many(tasks: &[(&PublicKey, &[u8])]) -> Vec<Option<Vec<u8>>> {
        let mut recovered = vec![None; tasks.len()];
        let mut by_exponent = BTreeMap::<&BigUint, Vec<(usize, Number)>>::new();
        for (i, (key, signature)) in tasks.iter().enumerate() {
            if let Some(s) = key.integer(signature) {
                by_exponent.entry(key.e()).or_default().push((i, s));
            }
        }
        for (e, ready) in by_exponent {
            let moduli = ready.iter().map(|(i, s)| (tasks[*i].0.modulus(), s));
            let powers = power_many_vartime(&moduli.collect::<Vec<_>>(), e);
            for ((i, _), m) in ready.iter().zip(powers) {
                recovered[*i] = m.map(|m| tasks[*i].0.octets(&m));
            }
        }
        recovered
    }

    /// The squarings and multiplications of [`recover`](PublicKey::recover), one by one.
    pub fn recover_steps(&self, signature: &[u8]) -> Option<Vec<Step>> {
        let s = self.representative(signature)?;
        Some(self.modulus().ladder(&s, self.e()).collect())
    }

    /// OS2IP of k bytes.
    pub(super) fn integer(&self, bytes: &[u8]) -> Option<Number> {
        (bytes.len() == self.modulus_bytes()).then(|| Number::from_bytes(bytes))
    }

    /// The same, below n.
    pub(super) fn representative(&self, bytes: &[u8]) -> Option<Residue> {
        self.modulus().residue_of(&self.integer(bytes)?).ok()
    }

    /// I2OSP to k bytes.
    pub(super) fn octets(&self, x: &Number) -> Vec<u8> {
        let mut bytes = vec![0; self.modulus_bytes()];
        x.write_bytes(&mut bytes);
        bytes
    }
}

impl PrivateKey {
    /// RSASP1: s = m^d mod n for m < n, both as k bytes (RFC 8017 §5.2.1 with §8.2.1 steps 2a–c).
    ///
    /// m is blinded, the halves are put together by CRT, and the result is checked with the public key
    /// before it leaves: one wrong bit in one half would give away a factor of n (Boneh, DeMillo, Lipton
    /// 1997; Lenstra).
    ///
    /// # Errors
    ///
    /// When the operating system gives no randomness, when m is not k bytes or not below n, and when the
    /// check fails.
    pub(super) fn apply(&self, m: &[u8]) -> Result<Vec<u8>, PrivateOperationError> {
        Self::apply_many(&[(self, m)]).pop().unwrap_or(Err(PrivateOperationError::CheckFailed))
    }

    /// [`apply`](PrivateKey::apply) of several keys, in their order: the halves of all of them go side by side
    /// where the machine's way has lanes.
    pub(super) fn apply_many(
        tasks: &[(&PrivateKey, &[u8])],
    ) -> Vec<Result<Vec<u8>, PrivateOperationError>> {
        let blinded: Vec<_> = tasks.iter().map(|(key, m)| key.blind(m)).collect();
        let (mut bases, mut exponents) = (vec![], vec![]);
        for ((key, _), blinded) in tasks.iter().zip(&blinded) {
            if let Ok(Blinded { bases: [c_p, c_q], .. }) = blinded {
                bases.extend([(&key.p, c_p), (&key.q, c_q)]);
                exponents.extend([&key.dp, &key.dq]);
            }
        }
        let mut powers = power_many(&bases, &exponents).into_iter();
        let unblind = |((key, _), blinded): (&(&PrivateKey, _), Result<Blinded, _>)| {
            let blinded = blinded?;
            match (powers.next().flatten(), powers.next().flatten()) {
                (Some(m1), Some(m2)) => key.unblind(&blinded, m1, m2),
                _ => Err(PrivateOperationError::CheckFailed),
            }
        };
        tasks.iter().zip(blinded).map(unblind).collect()
    }

    /// What the halves of the private operation begin with: m times a number that nobody knows.
    fn blind(&self, m: &[u8]) -> Result<Blinded, PrivateOperationError> {
        let n = self.public().modulus();
        let out_of_range = PrivateOperationError::OutOfRange;
        let m = self.public().integer(m).ok_or(out_of_range)?;
        let blinding = self.next_blinding()?;
        let c = n.multiply_number(&m, &blinding.factor).map_err(|_| out_of_range)?;
        let bases = self.bases(&c).map_err(|_| PrivateOperationError::CheckFailed)?;
        Ok(Blinded { m, bases, blinding })
    }

    /// From the halves to the signature, which is checked.
    fn unblind(
        &self,
        blinded: &Blinded,
        m1: Number,
        m2: Number,
    ) -> Result<Vec<u8>, PrivateOperationError> {
        let n = self.public().modulus();
        let halves = self.recombine(m1, m2);
        let s = halves.and_then(|halves| n.multiply_number(&halves.m, &blinded.blinding.undo));
        let s = s.map_err(|_| PrivateOperationError::CheckFailed)?;
        let undone = n.power_of_vartime(&s, self.public().e());
        if !undone.is_ok_and(|undone| undone.equals(&blinded.m).reveal()) {
            return Err(PrivateOperationError::CheckFailed);
        }
        // the signature is released
        Ok(self.public().octets(&s.public()))
    }

    /// c^d mod n by the two primes (RFC 8017 §5.1.2 step 2b).
    pub(crate) fn crt(&self, c: &Number) -> Result<Halves, modular::Error> {
        let [c_p, c_q] = &self.bases(c)?;
        // step i
        let (moduli, exponents) = ([&self.p, &self.q], [&self.dp, &self.dq]);
        let [m1, m2] = Modulus::power_both(moduli, [c_p, c_q], exponents)?;
        self.recombine(m1, m2)
    }

    /// c mod p and c mod q.
    fn bases(&self, c: &Number) -> Result<[Number; 2], modular::Error> {
        Ok([self.p.remainder(c)?, self.q.remainder(c)?])
    }

    /// RFC 8017 §5.1.2 step 2b from step iii on.
    fn recombine(&self, m1: Number, m2: Number) -> Result<Halves, modular::Error> {
        let (p, q) = (&self.p, &self.q);
        // step iii: h = (m1 − m2)·qInv mod p
        let difference = p.subtract_numbers(&m1, &p.remainder(&m2)?);
        let h = p.multiply_number(&difference, &self.qi)?;
        // step iv: m = m2 + q·h, below p·q since h < p and m2 < q
        let m = Number::multiply_add(q.number(), &h, &m2).ok_or(modular::Error::TooLarge)?;
        Ok(Halves { m1, m2, h, m })
    }

    /// The pair of factors for this operation; the next one is made from it.
    fn next_blinding(&self) -> Result<Blinding, NoRandomness> {
        let mut slot = self.blinding.lock().unwrap_or_else(PoisonError::into_inner);
        let blinding = match slot.take() {
            Some(blinding) if !blinding.is_worn() => blinding,
            _ => Blinding::new(self.public())?,
        };
        *slot = Some(blinding.next(self.public().modulus()));
        Ok(blinding)
    }
}

/// A private operation under way.
struct Blinded {
    /// What is to be signed, as it came.
    m: Number,
    /// It is multiplied by the factor of `blinding` and taken modulo both primes.
    bases: [Number; 2],
    blinding: Blinding,
}

/// The steps of the private operation by CRT, in the letters of RFC 8017 §5.1.2. Without blinding they give
/// the key away: they leave this crate in no other way than checked and unblinded.
pub(crate) struct Halves {
    /// c^dP mod p
    pub(crate) m1: Number,
    /// c^dQ mod q
    pub(crate) m2: Number,
    /// (m1 − m2)·qInv mod p
    pub(crate) h: Number,
    /// m2 + q·h
    pub(crate) m: Number,
}

/// Why a private operation gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateOperationError {
    /// The integer is not below the modulus.
    OutOfRange,
    /// No random bytes for blinding.
    NoRandomness(NoRandomness),
    /// The result does not verify with the public key: a fault, or a key whose primes are none.
    CheckFailed,
}

impl From<NoRandomness> for PrivateOperationError {
    fn from(error: NoRandomness) -> Self {
        PrivateOperationError::NoRandomness(error)
    }
}

impl fmt::Display for PrivateOperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PrivateOperationError::OutOfRange => {
                f.write_str("the integer is not below the modulus")
            }
            PrivateOperationError::NoRandomness(error) => error.fmt(f),
            PrivateOperationError::CheckFailed => {
                f.write_str("the result does not verify with the public key and was not released")
            }
        }
    }
}

impl core::error::Error for PrivateOperationError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy() -> PrivateKey {
        PrivateKey::from_primes(61u32.into(), 53u32.into(), 17u32.into()).unwrap()
    }

    #[test]
    fn the_textbook_key_signs_every_message() {
        let key = toy();
        for m in 0u16..3233 {
            let s = key.apply(&m.to_be_bytes()).unwrap();
            let expected = BigUint::from(m).modpow(&413u32.into(), key.public().n());
            assert_eq!(BigUint::from_bytes_be(&s), expected, "{m}");
            assert_eq!(key.public().recover(&s).unwrap(), m.to_be_bytes(), "{m}");
        }
        assert_eq!(key.apply(&3233u16.to_be_bytes()), Err(PrivateOperationError::OutOfRange));
        assert_eq!(key.apply(&[65]), Err(PrivateOperationError::OutOfRange));
    }

    /// A single wrong bit in a CRT value must not leave the house: gcd(s^e − m, n) would be a prime.
    #[test]
    fn a_fault_in_one_half_is_not_released() {
        let good = PrivateKey::generate(512).unwrap();
        let m = [0x5a; 63];
        let m = [&[0][..], &m].concat();
        let s = BigUint::from_bytes_be(&good.apply(&m).unwrap());
        for fault in 0..3 {
            let mut faulty = good.clone();
            let other =
                |x: &Number| Number::new(&(x.to_biguint() ^ BigUint::from(2u32)), 4).unwrap();
            match fault {
                0 => faulty.dp = other(&good.dp),
                1 => faulty.dq = other(&good.dq),
                _ => {
                    let qi = good.p.value(&good.qi) ^ BigUint::from(2u32);
                    faulty.qi = good.p.residue(&qi).unwrap();
                }
            }
            // the fault does change the result of the halves …
            let unchecked = faulty.crt(&Number::from_bytes(&m)).unwrap().m;
            assert_ne!(unchecked.to_biguint(), s, "fault {fault} changes nothing");
            // … and is seen
            assert_eq!(faulty.apply(&m), Err(PrivateOperationError::CheckFailed), "fault {fault}");
        }
    }

    #[test]
    fn primes_of_unequal_length_work_in_either_order() {
        let p = BigUint::parse_bytes(b"ffffffffffffffffffffffffffffff61", 16).unwrap(); // 2^128 − 159
        let q = BigUint::from(0xffff_fffb_u32); // 2^32 − 5
        for (p, q) in [(p.clone(), q.clone()), (q, p)] {
            let key = PrivateKey::from_primes(p, q, 65537u32.into()).unwrap();
            let m: Vec<u8> = (0..key.public().modulus_bytes() as u8).collect();
            let s = key.apply(&m).unwrap();
            assert_eq!(key.public().recover(&s).unwrap(), m);
        }
    }
}
