//! Base 64 on AVX-512 VBMI: 48 octets and 64 letters at once (W. Muła and D. Lemire, "Base64 encoding and
//! decoding at almost the speed of a memory copy", 2020).
//!
//! | step | encoding | decoding |
//! |---|---|---|
//! | 1 | the three octets of each group, as four bytes | the sextet of each letter, out of a table of 128 in two registers |
//! | 2 | the four sextets of each group, shifted out of it | two sextets to 12 bits, two of those to 24 |
//! | 3 | the letter of each sextet, out of a table of 64 in a register | the three octets of each group, closed up |
//!
//! The tables are registers: no address depends on a secret. A text that is refused is refused whole; where
//! it is wrong, and how, the portable text says.

use super::Alphabet;
use super::backend::ENCODE;
use super::groups::{LETTERS, NO_LETTER, VALUES};
use crate::cpu::Vbmi;
use crate::cpu::x86_lanes::{lanes, load_bytes, load_bytes_onto, store_bytes};
use core::arch::x86_64::{
    __m512i, _mm512_madd_epi16, _mm512_maddubs_epi16, _mm512_mask_test_epi8_mask,
    _mm512_movepi8_mask, _mm512_multishift_epi64_epi8, _mm512_or_si512, _mm512_permutex2var_epi8,
    _mm512_permutexvar_epi8, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_set1_epi64,
    _mm512_setzero_si512,
};

/// What a vector holds of the octets, and of the letters.
const OCTETS: usize = 48;
const VECTOR: usize = 64;

/// Does the work; says whether all bytes were letters, and their spare bits zero.
#[inline]
#[expect(unsafe_code, reason = "the features are there: the proof says so")]
pub(super) fn run<const WORK: bool>(
    _: Vbmi,
    alphabet: Alphabet,
    from: &[u8],
    to: &mut [u8],
) -> bool {
    // SAFETY: a cpu::Vbmi is made only where the machine has these features
    unsafe { with_features::<WORK>(alphabet, from, to) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
fn with_features<const WORK: bool>(alphabet: Alphabet, from: &[u8], to: &mut [u8]) -> bool {
    if WORK == ENCODE { encode(alphabet, from, to) } else { decode(alphabet, from, to) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
fn encode(alphabet: Alphabet, octets: &[u8], letters: &mut [u8]) -> bool {
    let table = load_bytes(&LETTERS[alphabet as usize]);
    let (whole, octets) = octets.as_chunks::<OCTETS>();
    let (full, letters) = letters.as_chunks_mut::<VECTOR>();
    for (from, to) in whole.iter().zip(full) {
        store_bytes(to, letters_of(load_bytes(from), table));
    }
    store_bytes(letters, letters_of(load_bytes(octets), table));
    true
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
fn decode(alphabet: Alphabet, letters: &[u8], octets: &mut [u8]) -> bool {
    let (low, high) = VALUES[alphabet as usize].split_at(VECTOR);
    let table = [load_bytes(low), load_bytes(high)];
    let mut outside = _mm512_setzero_si512();
    let (whole, letters) = letters.as_chunks::<VECTOR>();
    let (full, octets) = octets.as_chunks_mut::<OCTETS>();
    for (from, to) in whole.iter().zip(full) {
        let sextets = sextets_of(load_bytes(from), table, &mut outside);
        store_bytes(to, octets_of(sextets));
    }
    // behind the text stands the letter of zero bits
    let zeros = _mm512_set1_epi8(b'A'.cast_signed());
    let sextets = sextets_of(load_bytes_onto(zeros, letters), table, &mut outside);
    let tail = octets_of(sextets);
    store_bytes(octets, tail);
    let outside = _mm512_movepi8_mask(outside);
    // RFC 4648 §3.5: bits that no octet takes must be zero
    let spare = _mm512_mask_test_epi8_mask(!lanes(octets.len()), tail, tail);
    outside | spare == 0
}

/// 48 octets to 64 letters.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
fn letters_of(octets: __m512i, table: __m512i) -> __m512i {
    // octets a b c as the bytes b a c b: its sextets begin at bits 10, 4, 22 and 16
    let spread = _mm512_permutexvar_epi8(load_bytes(&SPREAD), octets);
    let shifts = _mm512_set1_epi64(0x3036_242a_1016_040a);
    let sextets = _mm512_multishift_epi64_epi8(shifts, spread);
    // the two bits above a sextet are not looked at
    _mm512_permutexvar_epi8(sextets, table)
}

/// 64 letters to sextets; a byte that is none sets its uppermost bit in `outside`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
fn sextets_of(letters: __m512i, [low, high]: [__m512i; 2], outside: &mut __m512i) -> __m512i {
    let sextets = _mm512_permutex2var_epi8(low, letters, high);
    // either it is the bit that the table does not see, or the table's answer
    const { assert!(NO_LETTER == 0x80) };
    *outside = _mm512_or_si512(*outside, _mm512_or_si512(letters, sextets));
    sextets
}

/// 64 sextets to 48 octets.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
fn octets_of(sextets: __m512i) -> __m512i {
    // w · 2⁶ + x, then wx · 2¹² + yz
    let twelve = _mm512_maddubs_epi16(sextets, _mm512_set1_epi32(0x0140_0140));
    let groups = _mm512_madd_epi16(twelve, _mm512_set1_epi32(0x0001_1000));
    _mm512_permutexvar_epi8(load_bytes(&CLOSE_UP), groups)
}

/// Bytes 1 0 2 1 of each three.
const SPREAD: [u8; VECTOR] = {
    let mut from = [0; VECTOR];
    let mut i = 0;
    while i < VECTOR {
        from[i] = (i / 4 * 3) as u8 + [1, 0, 2, 1][i % 4];
        i += 1;
    }
    from
};

/// Bytes 2 1 0 of each four, then byte 3 of the first, which is zero.
const CLOSE_UP: [u8; VECTOR] = {
    let mut from = [3; VECTOR];
    let mut i = 0;
    while i < OCTETS {
        from[i] = (i / 3 * 4) as u8 + [2, 1, 0][i % 3];
        i += 1;
    }
    from
};
