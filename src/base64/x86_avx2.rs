//! Base 64 on AVX2: 24 octets and 32 letters at once (W. Muła and D. Lemire, "Faster Base64 encoding and
//! decoding using AVX2 instructions", 2018).
//!
//! | step | encoding | decoding |
//! |---|---|---|
//! | 1 | the three octets of each group, as four bytes | the sextet of each letter: its upper four bits tell what to add |
//! | 2 | the four sextets of each group, moved by products | two sextets to 12 bits, two of those to 24 |
//! | 3 | the letter of each sextet: its range tells what to add | the three octets of each group, closed up |
//!
//! Whether a byte is a letter is looked up twice, by its upper four bits and by its lower four, in tables of 16
//! that registers hold: no address depends on a secret. A text that is refused is refused whole; where it is
//! wrong, and how, the portable text says.

use super::Alphabet;
use super::backend::ENCODE;
use super::groups::{LETTERS, NO_LETTER, VALUES, encode_groups};
use crate::cpu::Avx2;
use crate::cpu::x86_lanes::{load, store};
use core::arch::x86_64::{
    __m256i, _mm_cvtsi128_si64, _mm256_add_epi8, _mm256_and_si256, _mm256_blendv_epi8,
    _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
    _mm256_extracti128_si256, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_mulhi_epu16,
    _mm256_mullo_epi16, _mm256_or_si256, _mm256_permutevar8x32_epi32, _mm256_set_epi64x,
    _mm256_set_m128i, _mm256_set1_epi8, _mm256_set1_epi32, _mm256_setr_epi32, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi32, _mm256_subs_epu8, _mm256_testz_si256,
};

/// What a vector holds of the octets, and of the letters.
const OCTETS: usize = 24;
const VECTOR: usize = 32;

/// Does the work; says whether all bytes were letters, and their spare bits zero.
#[inline]
#[expect(unsafe_code, reason = "the features are there: the proof says so")]
pub(super) fn run<const WORK: bool>(
    _: Avx2,
    alphabet: Alphabet,
    from: &[u8],
    to: &mut [u8],
) -> bool {
    // SAFETY: a cpu::Avx2 is made only where the machine has this feature
    unsafe { with_features::<WORK>(alphabet, from, to) }
}

#[target_feature(enable = "avx2")]
fn with_features<const WORK: bool>(alphabet: Alphabet, from: &[u8], to: &mut [u8]) -> bool {
    if WORK == ENCODE { encode(alphabet, from, to) } else { decode(alphabet, from, to) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn encode(alphabet: Alphabet, octets: &[u8], letters: &mut [u8]) -> bool {
    let add = table(&LETTER_OF_RANGE[alphabet as usize]);
    let (groups, last) = octets.split_at(octets.len() / 3 * 3);
    let (to_groups, to_last) = letters.split_at_mut(groups.len() / 3 * 4);
    let (whole, tail) = groups.as_chunks();
    for (from, to) in whole.iter().zip(to_groups.as_chunks_mut().0) {
        put(to, letters_of(from, add));
    }
    match (groups.last_chunk(), to_groups.last_chunk_mut()) {
        // the last vector overlaps the one before it
        (Some(from), Some(to)) if !tail.is_empty() => put(to, letters_of(from, add)),
        (Some(_), Some(_)) => {}
        _ => {
            let (mut from, mut to) = ([0; OCTETS], [0; VECTOR]);
            from[..octets.len()].copy_from_slice(octets);
            put(&mut to, letters_of(&from, add));
            letters.copy_from_slice(&to[..letters.len()]);
            return true;
        }
    }
    encode_groups(alphabet, last, to_last);
    true
}

#[inline]
#[target_feature(enable = "avx2")]
fn decode(alphabet: Alphabet, letters: &[u8], octets: &mut [u8]) -> bool {
    let tables = Tables::of(alphabet);
    let mut outside = _mm256_setzero_si256();
    let mut take_vector = |from: &[u8; VECTOR], to: &mut [u8; OCTETS]| {
        let letters = take(from);
        outside = _mm256_or_si256(outside, tables.not_letters(letters));
        put_octets(to, octets_of(tables.sextets_of(letters)));
    };
    let (whole, tail) = letters.as_chunks();
    for (from, to) in whole.iter().zip(octets.as_chunks_mut().0) {
        take_vector(from, to);
    }
    // the last groups, as many as there is room for: they overlap the vector before them
    let last = letters.len().saturating_sub(VECTOR).next_multiple_of(4);
    let (letters, octets) = (&letters[last..], &mut octets[last / 4 * 3..]);
    let spare = match (letters.first_chunk(), octets.first_chunk_mut()) {
        _ if tail.is_empty() => 0,
        (Some(from), Some(to)) => {
            take_vector(from, to);
            0
        }
        _ => {
            // behind the text stands the letter of zero
            let (mut from, mut to) = ([alphabet.letter(0); VECTOR], [0; OCTETS]);
            from[..letters.len()].copy_from_slice(letters);
            take_vector(&from, &mut to);
            let (to, spare) = to.split_at(octets.len());
            octets.copy_from_slice(to);
            // RFC 4648 §3.5: bits that no octet takes must be zero
            spare.iter().fold(0, |bits, byte| bits | byte)
        }
    };
    (_mm256_testz_si256(outside, outside) ^ 1) | i32::from(spare) == 0
}

/// 24 octets to 32 letters, with the table of what to add.
#[inline]
#[target_feature(enable = "avx2")]
fn letters_of(octets: &[u8; OCTETS], add: __m256i) -> __m256i {
    let eight = |i: usize| i64::from_le_bytes(octets.as_chunks().0[i]);
    // twelve octets to each half of the vector; those of the second begin at its byte 4
    let halves = _mm256_set_epi64x(eight(2), eight(1), eight(1), eight(0));
    // octets a b c as the bytes b a c b
    let spread = _mm256_shuffle_epi8(halves, take(&SPREAD));
    // the sextets of a and c begin at bits 10 and 6 of 16, the others at 4 and 0: each to its byte
    let mask = |bits| _mm256_and_si256(spread, _mm256_set1_epi32(bits));
    let first_and_third = _mm256_mulhi_epu16(mask(0x0fc0_fc00), _mm256_set1_epi32(0x0400_0040));
    let second_and_last = _mm256_mullo_epi16(mask(0x003f_03f0), _mm256_set1_epi32(0x0100_0010));
    let sextets = _mm256_or_si256(first_and_third, second_and_last);
    // 1 to 12 for 52 to 63, 13 below 26
    let range = _mm256_subs_epu8(sextets, _mm256_set1_epi8(51));
    let below_26 = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), sextets);
    let range = _mm256_or_si256(range, _mm256_and_si256(below_26, _mm256_set1_epi8(13)));
    _mm256_add_epi8(sextets, _mm256_shuffle_epi8(add, range))
}

/// What is added to a sextet to give its letter, by its range: 26 to 51, each of 52 to 63, below 26.
const LETTER_OF_RANGE: [[u8; 16]; 2] = {
    let mut add = [[0; 16]; 2];
    let mut range = 0;
    while range < 14 {
        let sextet = [26, range as u8 + 51, 0][(range > 0) as usize + (range > 12) as usize];
        add[0][range] = Alphabet::Url.letter(sextet).wrapping_sub(sextet);
        add[1][range] = Alphabet::Standard.letter(sextet).wrapping_sub(sextet);
        range += 1;
    }
    add
};

/// Bytes 1 0 2 1 of each three; in the second half three begin at byte 4.
const SPREAD: [u8; VECTOR] = {
    let mut from = [0; VECTOR];
    let mut i = 0;
    while i < VECTOR {
        from[i] = (i % 16 / 4 * 3) as u8 + [1, 0, 2, 1][i % 4] + (i / 16 * 4) as u8;
        i += 1;
    }
    from
};

/// The tables of an alphabet.
struct Tables {
    rows: __m256i,
    columns: __m256i,
    add: __m256i,
    last: __m256i,
}

impl Tables {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn of(alphabet: Alphabet) -> Tables {
        Tables {
            rows: table(&ROWS),
            columns: table(&COLUMNS[alphabet as usize]),
            add: table(&SEXTET_OF_ROW[alphabet as usize]),
            last: _mm256_set1_epi8(alphabet.letter(63).cast_signed()),
        }
    }

    /// Not zero where a byte is no letter: its column lacks its row.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn not_letters(&self, bytes: __m256i) -> __m256i {
        let column = _mm256_and_si256(bytes, _mm256_set1_epi8(0x0f));
        let lacking = _mm256_shuffle_epi8(self.columns, column);
        _mm256_and_si256(_mm256_shuffle_epi8(self.rows, row_of(bytes)), lacking)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn sextets_of(&self, letters: __m256i) -> __m256i {
        let add = _mm256_shuffle_epi8(self.add, row_of(letters));
        // the letter of 63 shares its row with others
        let is_last = _mm256_cmpeq_epi8(letters, self.last);
        _mm256_blendv_epi8(_mm256_add_epi8(letters, add), _mm256_set1_epi8(63), is_last)
    }
}

/// The upper four bits of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn row_of(bytes: __m256i) -> __m256i {
    _mm256_and_si256(_mm256_srli_epi32::<4>(bytes), _mm256_set1_epi8(0x0f))
}

/// A bit for each row that has letters, and one for all others.
const ROWS: [u8; 16] = {
    let mut rows = [0x80; 16];
    let mut row = 2;
    while row < 8 {
        rows[row] = 1 << (row - 2);
        row += 1;
    }
    rows
};

/// The rows in which a column has no letter.
const COLUMNS: [[u8; 16]; 2] = {
    let mut lacking = [[0x80; 16]; 2];
    let mut byte = 0x20;
    while byte < 0x80 {
        let (row, column) = (byte / 16, byte % 16);
        if VALUES[0][byte] == NO_LETTER {
            lacking[0][column] |= ROWS[row];
        }
        if VALUES[1][byte] == NO_LETTER {
            lacking[1][column] |= ROWS[row];
        }
        byte += 1;
    }
    lacking
};

/// What is added to a letter to give its sextet, by its row; but to the letter of 63.
const SEXTET_OF_ROW: [[u8; 16]; 2] = {
    let mut add = [[0; 16]; 2];
    let mut sextet = 0;
    while sextet < 63 {
        let (url, standard) = (LETTERS[0][sextet], LETTERS[1][sextet]);
        add[0][url as usize / 16] = (sextet as u8).wrapping_sub(url);
        add[1][standard as usize / 16] = (sextet as u8).wrapping_sub(standard);
        sextet += 1;
    }
    add
};

/// 32 sextets to 24 octets, in the lowest bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn octets_of(sextets: __m256i) -> __m256i {
    // w · 2⁶ + x, then wx · 2¹² + yz
    let twelve = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x0140_0140));
    let groups = _mm256_madd_epi16(twelve, _mm256_set1_epi32(0x0001_1000));
    // twelve octets to the front of each half, then both together
    let halves = _mm256_shuffle_epi8(groups, table(&CLOSE_UP));
    _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7))
}

/// Bytes 2 1 0 of each four, then zeros.
const CLOSE_UP: [u8; 16] = [2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0x80, 0x80, 0x80, 0x80];

/// A table of 16 for both halves of a vector.
#[inline]
#[target_feature(enable = "avx2")]
fn table(entries: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load(entries))
}

#[inline]
#[target_feature(enable = "avx2")]
fn take(bytes: &[u8; VECTOR]) -> __m256i {
    let halves = bytes.as_chunks::<16>().0;
    _mm256_set_m128i(load(&halves[1]), load(&halves[0]))
}

#[inline]
#[target_feature(enable = "avx2")]
fn put(bytes: &mut [u8; VECTOR], vector: __m256i) {
    let halves = bytes.as_chunks_mut::<16>().0;
    store(&mut halves[0], _mm256_castsi256_si128(vector));
    store(&mut halves[1], _mm256_extracti128_si256::<1>(vector));
}

/// Writes the lowest 24 bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn put_octets(octets: &mut [u8; OCTETS], vector: __m256i) {
    let (low, high) = octets.split_at_mut(16);
    store(&mut low.as_chunks_mut::<16>().0[0], _mm256_castsi256_si128(vector));
    let last = _mm_cvtsi128_si64(_mm256_extracti128_si256::<1>(vector));
    high.copy_from_slice(&last.to_le_bytes());
}
