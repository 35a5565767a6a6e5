//! Loads and stores of vectors, behind arrays of their length: kernels hold no pointer. And a turn of words that
//! more than one of them needs.
//!
//! SSE2 is a part of x86-64, so 128 bits need no token; wider ones are for functions that have the feature.
//! Bytes need no alignment; words of 64 bits have it by their type.

use core::arch::x86_64::{
    __m128i, __m512i, _bzhi_u64, _mm_loadu_si128, _mm_storeu_si128, _mm512_load_si512,
    _mm512_mask_loadu_epi8, _mm512_mask_storeu_epi8, _mm512_setzero_si512, _mm512_shuffle_i32x4,
    _mm512_store_si512,
};
use core::num::Wrapping;

/// What is as long as a vector and is one for every pattern of its bits.
pub(crate) trait Lanes: Copy {}

impl Lanes for [u8; 16] {}
impl Lanes for [Wrapping<u32>; 4] {}
impl Lanes for [Wrapping<u64>; 2] {}

/// The same for vectors of 512 bits.
pub(crate) trait WideLanes: Copy {}

impl WideLanes for [u64; 8] {}
impl WideLanes for [Wrapping<u64>; 8] {}
impl WideLanes for [Wrapping<u32>; 16] {}

/// The vector that holds the array: the first element in the lowest lane.
#[inline]
#[expect(unsafe_code, reason = "a vector is read by its address")]
pub(crate) fn load<T: Lanes>(array: &T) -> __m128i {
    const { assert!(size_of::<T>() == 16) };
    // SAFETY: T has 16 bytes (asserted), all of them initialised: arrays of integers have no padding
    unsafe { _mm_loadu_si128(core::ptr::from_ref(array).cast()) }
}

/// Writes the vector to the array: the lowest lane to the first element.
#[inline]
#[expect(unsafe_code, reason = "a vector is written by its address")]
pub(crate) fn store<T: Lanes>(array: &mut T, vector: __m128i) {
    const { assert!(size_of::<T>() == 16) };
    // SAFETY: T has 16 bytes (asserted), and any bytes are integers
    unsafe { _mm_storeu_si128(core::ptr::from_mut(array).cast(), vector) }
}

/// Words as long as a vector of 512 bits together. Aligned: a vector that lies in two lines of the cache costs
/// twice, or much more.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
pub(crate) struct Words<T = [u64; 8]>(pub(crate) T);

/// The words as a vector: the first in the lowest lane.
#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "a vector is read by its address")]
pub(crate) fn load_words<T: WideLanes>(words: &Words<T>) -> __m512i {
    const { assert!(size_of::<T>() == 64) };
    // SAFETY: the words have the 64 bytes of a vector (asserted) and its alignment
    unsafe { _mm512_load_si512(core::ptr::from_ref(words).cast()) }
}

/// The words of a vector: the lowest lane first.
#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "a vector is written by its address")]
pub(crate) fn store_words<T: WideLanes>(words: &mut Words<T>, vector: __m512i) {
    const { assert!(size_of::<T>() == 64) };
    // SAFETY: the words have the 64 bytes of a vector (asserted) and its alignment, and any bytes are integers
    unsafe { _mm512_store_si512(core::ptr::from_mut(words).cast(), vector) }
}

/// A slice of at most 64 bytes as a vector, zeros where it is shorter: the first in the lowest lane.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
pub(crate) fn load_bytes(bytes: &[u8]) -> __m512i {
    load_bytes_onto(_mm512_setzero_si512(), bytes)
}

/// The same where it is shorter: the lanes of another vector.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
#[expect(unsafe_code, reason = "a vector is read by its address")]
pub(crate) fn load_bytes_onto(others: __m512i, bytes: &[u8]) -> __m512i {
    let lanes = lanes(bytes.len());
    // SAFETY: lanes beyond the slice are masked, and masked lanes are not read
    unsafe { _mm512_mask_loadu_epi8(others, lanes, bytes.as_ptr().cast()) }
}

/// Writes the lowest lanes to a slice of at most 64 bytes, as many as it has.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
#[expect(unsafe_code, reason = "a vector is written by its address")]
pub(crate) fn store_bytes(bytes: &mut [u8], vector: __m512i) {
    let lanes = lanes(bytes.len());
    // SAFETY: lanes beyond the slice are masked, and masked lanes are not written
    unsafe { _mm512_mask_storeu_epi8(bytes.as_mut_ptr().cast(), lanes, vector) }
}

/// Turns a square of quarters (128 bits): the first vector has the first quarter of each of the four, the second the
/// second ones, and so on.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn turn_quarters([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    // quarters 0 and 2 of each of two vectors, and quarters 1 and 3
    const EVEN: i32 = 0b10_00_10_00;
    const ODD: i32 = 0b11_01_11_01;
    let even = [_mm512_shuffle_i32x4::<EVEN>(a, b), _mm512_shuffle_i32x4::<EVEN>(c, d)];
    let odd = [_mm512_shuffle_i32x4::<ODD>(a, b), _mm512_shuffle_i32x4::<ODD>(c, d)];
    [
        _mm512_shuffle_i32x4::<EVEN>(even[0], even[1]),
        _mm512_shuffle_i32x4::<EVEN>(odd[0], odd[1]),
        _mm512_shuffle_i32x4::<ODD>(even[0], even[1]),
        _mm512_shuffle_i32x4::<ODD>(odd[0], odd[1]),
    ]
}

/// The mask of the lowest lanes, at most 64.
#[inline]
#[target_feature(enable = "bmi2")]
pub(crate) fn lanes(count: usize) -> u64 {
    debug_assert!(count <= 64);
    // the lowest byte of the count is looked at: never are there more lanes than asked for
    _bzhi_u64(u64::MAX, count as u32)
}
