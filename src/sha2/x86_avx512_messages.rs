//! SHA-256 of sixteen messages side by side, by AVX-512 (FIPS 180-4 §6.2.2).
//!
//! Method: S. Gueron and V. Krasnov, "Simultaneous hashing of multiple messages" (2012). A vector holds one
//! word of each message, so that every line of the standard stays what it is and is done sixteen times:
//!
//! | value | lanes |
//! |---|---|
//! | `state[i]` | a, b, c, … or h of sixteen messages |
//! | `w[t % 16]` | W[t] of sixteen messages; the last 16 are kept |
//!
//! Blocks lie in memory the other way, a message's words one behind the other: [`take_blocks`] turns a square of
//! 16 × 16 words. `vpternlogd` takes any function of three bits: Ch, Maj and ⊕ of three are one instruction each,
//! and so is a rotation.
//!
//! **The limit.** A round is six rotations, four functions of three and seven sums; a word of the schedule is six
//! rotations or shifts, two functions and three sums. Where rotations have one of the two ports of 512 bits to
//! themselves, 64 · 17 + 48 · 11 instructions and 80 for the turning are about 850 cycles for sixteen blocks, 53
//! each; SHA-NI's chain takes 128 for one, and about 64 with another beside it. Where there are four ports, two of
//! which rotate, but each instruction takes two cycles (Zen 5), it is the chain from e to the next e, eight cycles
//! a round or 512 for a block: so each round is followed by the word of the schedule that takes its own word's
//! place, which fills the gaps. About 680 were measured; a block's turning is in front of its first round. Rounds
//! are given to the compiler by fours and eights, which it writes out, or the words would be kept in memory.
//!
//! There is no bound to keep: additions are modulo 2³².

use super::compress::State;
use super::constants::K32;
use super::word::W32;
use crate::cpu::Avx512;
use crate::cpu::x86_lanes::{Words, load_bytes, load_words, store_words, turn_quarters};
use core::arch::x86_64::{
    __m512i, _mm_set_epi64x, _mm512_add_epi32, _mm512_broadcast_i32x4, _mm512_ror_epi32,
    _mm512_set1_epi32, _mm512_shuffle_epi8, _mm512_srli_epi32, _mm512_ternarylogic_epi32,
    _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};
use core::array::from_fn;
use core::num::Wrapping;

/// Messages in a vector.
pub(super) const LANES: usize = 16;

/// Takes the blocks of 1 to 16 messages into their hash values, side by side: as many of each as the shortest
/// has. Fewer cost as much as sixteen.
///
/// # Panics
///
/// When there are more than sixteen, or fewer hash values than messages.
pub(super) fn compress(_proof: Avx512, h: &mut [State<W32>], blocks: &[&[[u8; 64]]]) {
    let Some(&last) = blocks.last() else { return };
    // lanes without a message do the last one's work again
    let mut lanes = [last; LANES];
    lanes[..blocks.len()].copy_from_slice(blocks);
    let mut state = from_fn(|i| {
        let word = |lane: usize| h[lane.min(blocks.len() - 1)][i];
        Words(from_fn(word))
    });
    #[expect(unsafe_code, reason = "the one call into instructions that not every machine has")]
    // SAFETY: Avx512 is made only where the processor has both features of `side_by_side`
    unsafe {
        side_by_side(&mut state, lanes);
    }
    for (lane, h) in h[..blocks.len()].iter_mut().enumerate() {
        *h = from_fn(|i| state[i].0[lane]);
    }
}

/// A word of each message.
type Lanes = Words<[Wrapping<u32>; LANES]>;

#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn side_by_side(h: &mut [Lanes; 8], blocks: [&[[u8; 64]]; LANES]) {
    let count = blocks.iter().map(|blocks| blocks.len()).min().unwrap_or(0);
    let mut state: [__m512i; 8] = from_fn(|i| load_words(&h[i]));
    for i in 0..count {
        let before = state;
        let mut w = take_blocks(blocks.map(|blocks| &blocks[i]));
        // rounds 0 to 47 also make the schedule of 16 to 63; the last 16 have nothing left to make
        let (k, _) = K32.as_chunks::<16>();
        for k in &k[..3] {
            four_rounds::<0>(&mut state, &mut w, k);
            four_rounds::<4>(&mut state, &mut w, k);
            four_rounds::<8>(&mut state, &mut w, k);
            four_rounds::<12>(&mut state, &mut w, k);
        }
        for (w, k) in w.as_chunks::<8>().0.iter().zip(k[3].as_chunks::<8>().0) {
            w.iter().zip(k).for_each(|(w_t, k_t)| round(&mut state, *w_t, *k_t));
        }
        // FIPS 180-4 §6.2.2 step 4
        state = from_fn(|i| add(state[i], before[i]));
    }
    h.iter_mut().zip(state).for_each(|(h, state)| store_words(h, state));
}

/// Four rounds from a place in the schedule, each of whose words is replaced by the one sixteen further.
#[inline]
#[target_feature(enable = "avx512f")]
fn four_rounds<const T: usize>(state: &mut [__m512i; 8], w: &mut [__m512i; 16], k: &[W32; 16]) {
    for t in T..T + 4 {
        round(state, w[t], k[t]);
        extend(w, t);
    }
}

/// One round (FIPS 180-4 §6.2.2 step 3).
#[inline]
#[target_feature(enable = "avx512f")]
fn round(state: &mut [__m512i; 8], w_t: __m512i, k_t: W32) {
    let [a, b, c, d, e, f, g, h] = *state;
    let k_t = _mm512_set1_epi32(k_t.0.cast_signed());
    let t1 = add(add(add(h, add(w_t, k_t)), ch(e, f, g)), big_sigma1(e));
    let t2 = add(big_sigma0(a), maj(a, b, c));
    *state = [add(t1, t2), a, b, c, add(d, t1), e, f, g];
}

/// Replaces the oldest word of the schedule by the one sixteen further (FIPS 180-4 §6.2.2 step 1).
#[inline]
#[target_feature(enable = "avx512f")]
fn extend(w: &mut [__m512i; 16], t: usize) {
    let behind = |n: usize| w[(t + 16 - n) % 16];
    let sum = add(small_sigma1(behind(2)), behind(7));
    w[t] = add(add(sum, small_sigma0(behind(15))), behind(16));
}

/// The first 16 words of the schedules, most significant byte first.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn take_blocks(blocks: [&[u8; 64]; LANES]) -> [__m512i; 16] {
    let big_endian = _mm_set_epi64x(0x0c0d0e0f_08090a0b, 0x04050607_00010203);
    let big_endian = _mm512_broadcast_i32x4(big_endian);
    let rows: [__m512i; 16] =
        from_fn(|lane| _mm512_shuffle_epi8(load_bytes(blocks[lane]), big_endian));
    // each quarter of quads[t % 4][m] has W[t] of messages 4m to 4m + 3, for its own t
    let mut quads = [[rows[0]; 4]; 4];
    for m in 0..4 {
        let [a, b, c, d]: [__m512i; 4] = from_fn(|i| rows[4 * m + i]);
        let (even, odd) = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
        quads[0][m] = _mm512_unpacklo_epi64(even, odd);
        quads[1][m] = _mm512_unpackhi_epi64(even, odd);
        let (even, odd) = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
        quads[2][m] = _mm512_unpacklo_epi64(even, odd);
        quads[3][m] = _mm512_unpackhi_epi64(even, odd);
    }
    let mut w = [rows[0]; 16];
    for (t, four) in quads.into_iter().enumerate() {
        [w[t], w[t + 4], w[t + 8], w[t + 12]] = turn_quarters(four);
    }
    w
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add(x: __m512i, y: __m512i) -> __m512i {
    _mm512_add_epi32(x, y)
}

// FIPS 180-4 §4.1.2. A function of three is the column of its truth table, from 111 down to 000.

#[inline]
#[target_feature(enable = "avx512f")]
fn ch(x: __m512i, y: __m512i, z: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0b1100_1010>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn maj(x: __m512i, y: __m512i, z: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0b1110_1000>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor(x: __m512i, y: __m512i, z: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0b1001_0110>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn big_sigma0(x: __m512i) -> __m512i {
    xor(_mm512_ror_epi32::<2>(x), _mm512_ror_epi32::<13>(x), _mm512_ror_epi32::<22>(x))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn big_sigma1(x: __m512i) -> __m512i {
    xor(_mm512_ror_epi32::<6>(x), _mm512_ror_epi32::<11>(x), _mm512_ror_epi32::<25>(x))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn small_sigma0(x: __m512i) -> __m512i {
    xor(_mm512_ror_epi32::<7>(x), _mm512_ror_epi32::<18>(x), _mm512_srli_epi32::<3>(x))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn small_sigma1(x: __m512i) -> __m512i {
    xor(_mm512_ror_epi32::<17>(x), _mm512_ror_epi32::<19>(x), _mm512_srli_epi32::<10>(x))
}
