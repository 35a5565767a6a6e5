//! Constant time: comparing and choosing without a branch or an address that depends on a secret.
//!
//! "Constant time" here means: the instructions that run and the addresses they touch depend on lengths
//! only. It is a property of the text of these functions, kept from the optimiser by [`black_box`]; what
//! has been checked by a tool, and what has not, stands in `docs/security.md`.
//!
//! A build with `--cfg jotlab_ct` tells that tool what is secret ([`secret`]) and where it becomes public
//! ([`public`]). In every other build the two do nothing.

#[cfg(jotlab_ct)]
pub mod memcheck;

use core::hint::black_box;

/// Here the memory's value becomes a secret.
#[inline(always)]
#[cfg_attr(not(jotlab_ct), expect(unused_variables, reason = "nothing is done with it"))]
pub fn secret<T>(memory: &[T]) {
    #[cfg(jotlab_ct)]
    memcheck::secret(memory);
}

/// Here the value becomes public: branches and addresses may depend on it from now on. Who calls says why.
#[inline(always)]
pub fn public<T: Copy>(value: T) -> T {
    #[cfg(jotlab_ct)]
    memcheck::public(core::slice::from_ref(&value));
    value
}

/// A secret yes or no: all bits set, or none.
#[derive(Clone, Copy)]
pub struct Choice(u64);

impl Choice {
    /// Yes if `x` is zero.
    #[inline]
    pub fn is_zero(x: u64) -> Choice {
        // x | −x has its top bit set unless x is 0
        Choice(black_box(((x | x.wrapping_neg()) >> 63).wrapping_sub(1)))
    }

    /// Yes if `a` and `b` are the same.
    #[inline]
    pub fn equal(a: u64, b: u64) -> Choice {
        Choice::is_zero(a ^ b)
    }

    /// The choice made public. The one place where a secret comparison becomes a branch.
    #[inline]
    pub fn reveal(self) -> bool {
        public(self.0) != 0
    }

    /// `yes` or `no`, without a branch.
    #[inline]
    pub fn select(self, yes: u64, no: u64) -> u64 {
        no ^ (self.0 & (yes ^ no))
    }
}

impl core::ops::Not for Choice {
    type Output = Choice;

    #[inline]
    fn not(self) -> Choice {
        Choice(!self.0)
    }
}

impl From<bool> for Choice {
    #[inline]
    fn from(yes: bool) -> Choice {
        Choice(black_box(u64::from(yes)).wrapping_neg())
    }
}

/// Whether two byte strings are the same. The time depends on the lengths only, which are public.
#[inline]
pub fn eq(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let difference = a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    Choice::is_zero(u64::from(difference)).reveal()
}

/// Writes zeros over a secret that is about to be dropped. Best effort: copies that the compiler made
/// on the stack or in registers are out of reach.
#[inline]
pub fn wipe<T: Copy + Default>(secret: &mut [T]) {
    secret.fill(T::default());
    black_box(secret);
}

/// Secret bytes: compared by [`eq`] only, never shown, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes over bytes that are secret.
    pub fn new(bytes: Vec<u8>) -> Secret {
        Secret(bytes)
    }

    /// The bytes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_compares_all_bytes_and_lengths() {
        let a: Vec<u8> = (0..100).collect();
        assert!(eq(&a, &a.clone()));
        assert!(eq(b"", b""));
        assert!(!eq(&a, &a[..99]));
        for i in 0..a.len() {
            for bit in 0..8 {
                let mut b = a.clone();
                b[i] ^= 1 << bit;
                assert!(!eq(&a, &b), "byte {i} bit {bit}");
            }
        }
    }

    #[test]
    fn select_takes_the_chosen_word() {
        for (yes, no) in [(0, u64::MAX), (1, 2), (7, 7)] {
            assert_eq!(Choice::from(true).select(yes, no), yes);
            assert_eq!(Choice::from(false).select(yes, no), no);
            assert_eq!((!Choice::from(false)).select(yes, no), yes);
        }
        for x in [1, u64::MAX, 1 << 63, 1 << 32] {
            assert!(!Choice::is_zero(x).reveal());
        }
        assert!(Choice::is_zero(0).reveal());
        assert!(Choice::equal(5, 5).reveal() && !Choice::equal(5, 4).reveal());
    }
}
