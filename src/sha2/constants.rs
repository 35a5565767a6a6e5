//! The constants of SHA-2: round constants K (FIPS 180-4 §4.2) and initial hash values (§5.3).
//!
//! They hide nothing: each is the beginning of the fractional part of a root of a prime. The tests
//! below compute every word again from the primes.

use super::word::{W32, W64};
use core::num::Wrapping;

macro_rules! words {
    ($($word:literal)*) => { [$(Wrapping($word)),*] };
}

/// `K_0 … K_63` of SHA-224 and SHA-256: cube roots of the first 64 primes (FIPS 180-4 §4.2.2).
///
/// Both tables of K are roots of the same primes, so these are the first halves of [`K64`].
///
/// A constant, not a static: so a kernel adds each K from where it lies, instead of loading all of them before
/// its first block.
pub const K32: [W32; 64] = {
    let mut k = [Wrapping(0); 64];
    let mut t = 0;
    while t < 64 {
        k[t] = Wrapping((K64[t].0 >> 32) as u32);
        t += 1;
    }
    k
};

/// `K_0 … K_79` of SHA-384 and SHA-512: cube roots of the first 80 primes (FIPS 180-4 §4.2.3).
pub static K64: [W64; 80] = words![
    0x428a2f98d728ae22 0x7137449123ef65cd 0xb5c0fbcfec4d3b2f 0xe9b5dba58189dbbc
    0x3956c25bf348b538 0x59f111f1b605d019 0x923f82a4af194f9b 0xab1c5ed5da6d8118
    0xd807aa98a3030242 0x12835b0145706fbe 0x243185be4ee4b28c 0x550c7dc3d5ffb4e2
    0x72be5d74f27b896f 0x80deb1fe3b1696b1 0x9bdc06a725c71235 0xc19bf174cf692694
    0xe49b69c19ef14ad2 0xefbe4786384f25e3 0x0fc19dc68b8cd5b5 0x240ca1cc77ac9c65
    0x2de92c6f592b0275 0x4a7484aa6ea6e483 0x5cb0a9dcbd41fbd4 0x76f988da831153b5
    0x983e5152ee66dfab 0xa831c66d2db43210 0xb00327c898fb213f 0xbf597fc7beef0ee4
    0xc6e00bf33da88fc2 0xd5a79147930aa725 0x06ca6351e003826f 0x142929670a0e6e70
    0x27b70a8546d22ffc 0x2e1b21385c26c926 0x4d2c6dfc5ac42aed 0x53380d139d95b3df
    0x650a73548baf63de 0x766a0abb3c77b2a8 0x81c2c92e47edaee6 0x92722c851482353b
    0xa2bfe8a14cf10364 0xa81a664bbc423001 0xc24b8b70d0f89791 0xc76c51a30654be30
    0xd192e819d6ef5218 0xd69906245565a910 0xf40e35855771202a 0x106aa07032bbd1b8
    0x19a4c116b8d2d0c8 0x1e376c085141ab53 0x2748774cdf8eeb99 0x34b0bcb5e19b48a8
    0x391c0cb3c5c95a63 0x4ed8aa4ae3418acb 0x5b9cca4f7763e373 0x682e6ff3d6b2b8a3
    0x748f82ee5defb2fc 0x78a5636f43172f60 0x84c87814a1f0ab72 0x8cc702081a6439ec
    0x90befffa23631e28 0xa4506cebde82bde9 0xbef9a3f7b2c67915 0xc67178f2e372532b
    0xca273eceea26619c 0xd186b8c721c0c207 0xeada7dd6cde0eb1e 0xf57d4f7fee6ed178
    0x06f067aa72176fba 0x0a637dc5a2c898a6 0x113f9804bef90dae 0x1b710b35131c471b
    0x28db77f523047d84 0x32caab7b40c72493 0x3c9ebe0a15c9bebc 0x431d67c49c100d4c
    0x4cc5d4becb3e42b6 0x597f299cfc657e2a 0x5fcb6fab3ad6faec 0x6c44198c4a475817
];

/// `H(0)` of SHA-224 (FIPS 180-4 §5.3.2): the second halves of the square roots of the 9th to 16th primes.
pub const H224: [W32; 8] = words![
    0xc1059ed8 0x367cd507 0x3070dd17 0xf70e5939
    0xffc00b31 0x68581511 0x64f98fa7 0xbefa4fa4
];

/// `H(0)` of SHA-256 (FIPS 180-4 §5.3.3): square roots of the first 8 primes.
pub const H256: [W32; 8] = words![
    0x6a09e667 0xbb67ae85 0x3c6ef372 0xa54ff53a
    0x510e527f 0x9b05688c 0x1f83d9ab 0x5be0cd19
];

/// `H(0)` of SHA-384 (FIPS 180-4 §5.3.4): square roots of the 9th to 16th primes.
pub const H384: [W64; 8] = words![
    0xcbbb9d5dc1059ed8 0x629a292a367cd507 0x9159015a3070dd17 0x152fecd8f70e5939
    0x67332667ffc00b31 0x8eb44a8768581511 0xdb0c2e0d64f98fa7 0x47b5481dbefa4fa4
];

/// `H(0)` of SHA-512 (FIPS 180-4 §5.3.5): square roots of the first 8 primes.
pub const H512: [W64; 8] = words![
    0x6a09e667f3bcc908 0xbb67ae8584caa73b 0x3c6ef372fe94f82b 0xa54ff53a5f1d36f1
    0x510e527fade682d1 0x9b05688c2b3e6c1f 0x1f83d9abfb41bd6b 0x5be0cd19137e2179
];

/// `H(0)` of SHA-512/224 (FIPS 180-4 §5.3.6.1): made by SHA-512 itself, see the test.
pub const H512_224: [W64; 8] = words![
    0x8c3d37c819544da2 0x73e1996689dcd4d6 0x1dfab7ae32ff9c82 0x679dd514582f9fcf
    0x0f6d2b697bd44da8 0x77e36f7304c48942 0x3f9d85a86a1d36c8 0x1112e6ad91d692a1
];

/// `H(0)` of SHA-512/256 (FIPS 180-4 §5.3.6.2): made by SHA-512 itself, see the test.
pub const H512_256: [W64; 8] = words![
    0x22312194fc2bf72c 0x9f555fa3c84c64c2 0x2393b86b6f53b151 0x963877195940eabd
    0x96283ee2a88effe3 0xbe5e1e2553863992 0x2b0199fc2c85b8aa 0x0eb72ddc81c52ca2
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha2::{Algorithm, Hasher};
    use num_bigint::BigUint;

    /// The first 64 bits behind the point of the `degree`-th root of `prime`.
    fn root_fraction(prime: u32, degree: u32) -> u64 {
        // the integer root of prime · 2^(64 · degree) is floor(root · 2⁶⁴); its low word is the fraction
        let shifted = BigUint::from(prime) << (64 * degree);
        shifted.nth_root(degree).iter_u64_digits().next().unwrap()
    }

    fn primes() -> impl Iterator<Item = u32> {
        (2..).filter(|&n: &u32| (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d)))
    }

    #[test]
    fn k_is_the_cube_roots_of_the_first_primes() {
        for ((k64, prime), t) in K64.iter().zip(primes()).zip(0..) {
            assert_eq!(k64.0, root_fraction(prime, 3), "K64[{t}]");
            if let Some(k32) = K32.get(t) {
                assert_eq!(u64::from(k32.0), root_fraction(prime, 3) >> 32, "K32[{t}]");
            }
        }
    }

    #[test]
    fn initial_values_are_the_square_roots_of_primes() {
        let roots: Vec<u64> = primes().take(16).map(|p| root_fraction(p, 2)).collect();
        let (first, second) = roots.split_at(8);
        let wide = |words: [W32; 8]| words.map(|w| u64::from(w.0)).to_vec();
        assert_eq!(H512.map(|w| w.0).to_vec(), first);
        assert_eq!(H384.map(|w| w.0).to_vec(), second);
        assert_eq!(wide(H256), first.iter().map(|w| w >> 32).collect::<Vec<_>>());
        assert_eq!(wide(H224), second.iter().map(|w| w & 0xffff_ffff).collect::<Vec<_>>());
    }

    /// FIPS 180-4 §5.3.6: SHA-512 with its initial words ⊕ a5…a5 hashes the name of SHA-512/t.
    #[test]
    fn truncated_sha512_starts_from_the_hash_of_its_name() {
        let generator = H512.map(|w| w ^ Wrapping(0xa5a5_a5a5_a5a5_a5a5));
        for (algorithm, expected) in
            [(Algorithm::Sha512_224, H512_224), (Algorithm::Sha512_256, H512_256)]
        {
            let mut hasher = Hasher::starting_at(Algorithm::Sha512, generator);
            hasher.update(algorithm.name().as_bytes());
            let digest = hasher.finish();
            let words = digest.as_bytes().as_chunks().0.iter().map(|&b| u64::from_be_bytes(b));
            assert!(words.eq(expected.map(|w| w.0)), "{algorithm}");
        }
    }
}
