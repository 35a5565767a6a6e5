//! Where the digits of numbers stand in vectors of eight lanes: eight of one number, or four each of two.
//!
//! N is how many numbers there are. The digits of one go on in the next vector, those of two both do.

use super::number::Number;
use crate::cpu::x86_lanes::{Words, load_words};
use core::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_alignr_epi64, _mm512_broadcastq_epi64,
    _mm512_castsi512_si128, _mm512_mask_add_epi64, _mm512_permutex_epi64,
    _mm512_permutex2var_epi64, _mm512_permutexvar_epi64, _mm512_set_epi64, _mm512_set1_epi64,
};
use core::array;

/// Lanes of a vector, each with a digit.
pub(super) const LANES: usize = 8;

/// N numbers as V vectors.
pub(super) type Digits<const V: usize> = [Words; V];

/// Whose lane this is.
pub(super) fn whose<const N: usize>(lane: usize) -> usize {
    lane * N / LANES
}

/// The lanes of the lowest digits.
pub(super) const fn lowest<const N: usize>() -> u8 {
    if N == 1 { 0b0000_0001 } else { 0b0001_0001 }
}

/// From numbers in digits.
pub(super) fn vectors<const N: usize, const V: usize>(x: [&Number; N]) -> Digits<V> {
    let of = |v, lane| x[whose::<N>(lane)].words()[v * LANES / N + lane % (LANES / N)];
    array::from_fn(|v| Words(array::from_fn(|lane| of(v, lane))))
}

/// To numbers in digits.
pub(super) fn from_vectors<const N: usize, const V: usize>(x: &Digits<V>) -> [Number; N] {
    array::from_fn(|k| {
        let lanes = k * LANES / N..(k + 1) * LANES / N;
        Number::from_words(x.iter().flat_map(|words| &words.0[lanes.clone()]).copied())
    })
}

/// Each number is 1.
pub(super) fn one<const N: usize, const V: usize>() -> Digits<V> {
    let mut one: Digits<V> = [Words::default(); V];
    (0..N).for_each(|k| one[0].0[k * LANES / N] = 1);
    one
}

/// Digit i of each number, in every lane of it.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn digit<const N: usize>(a: &[Words], i: usize) -> __m512i {
    let words = &a[i * N / LANES];
    if N == 1 {
        return _mm512_set1_epi64(words.0[i % LANES].cast_signed());
    }
    const { assert!(N <= 2) };
    _mm512_permutexvar_epi64(load_words(&OF_TWO[i % 4]), load_words(words))
}

/// The lanes of digit i of both of two numbers, i being counted modulo 4, each where it is wanted.
const OF_TWO: [Words; 4] = [
    Words([0, 0, 0, 0, 4, 4, 4, 4]),
    Words([1, 1, 1, 1, 5, 5, 5, 5]),
    Words([2, 2, 2, 2, 6, 6, 6, 6]),
    Words([3, 3, 3, 3, 7, 7, 7, 7]),
];

/// The lowest digit of each number, in every lane of it.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn spread<const N: usize>(x: __m512i) -> __m512i {
    if N == 1 {
        return _mm512_broadcastq_epi64(_mm512_castsi512_si128(x));
    }
    _mm512_permutex_epi64::<0>(x)
}

/// x with all lanes one down, the highest of each number coming from the vector above; plus a sum.
///
/// Of two numbers it is two moves within the halves: a permutation of two vectors takes the place of a product on
/// AMD's processors. That is also why `highest`, the mask of the highest lanes, is no constant: the compiler
/// would make that permutation of it.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn down_plus<const N: usize>(
    above: __m512i,
    x: __m512i,
    sum: __m512i,
    highest: u8,
) -> __m512i {
    if N == 1 {
        return _mm512_add_epi64(_mm512_alignr_epi64::<1>(above, x), sum);
    }
    let low = _mm512_add_epi64(_mm512_permutex_epi64::<TURN>(x), sum);
    _mm512_mask_add_epi64(low, highest, _mm512_permutex_epi64::<TURN>(above), sum)
}

/// Of four lanes each the next higher one, of the highest the lowest.
const TURN: i32 = 0b00_11_10_01;

/// All lanes one up; the lowest of each number comes from the vector below.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn up<const N: usize>(x: __m512i, below: __m512i) -> __m512i {
    if N == 1 {
        return _mm512_alignr_epi64::<7>(x, below);
    }
    _mm512_permutex2var_epi64(x, _mm512_set_epi64(6, 5, 4, 15, 2, 1, 0, 11), below)
}
