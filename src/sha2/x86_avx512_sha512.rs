//! SHA-512 by AVX-512 and BMI2: the schedules of eight blocks at once, then their rounds (FIPS 180-4 §6.4.2).
//!
//! Method: S. Gueron and V. Krasnov, "Parallelizing message schedules to accelerate the computations of hash
//! functions" (2012). Blocks are chained by their hash values, but a schedule depends on its own block only: a
//! vector holds W[t] of eight blocks. The rounds are the portable text's, compiled with `rorx`, which rotates
//! into another register; eight are written out by the compiler, so that no variable moves.
//!
//! | value | |
//! |---|---|
//! | `w[t % 16]` | W[t] of eight blocks; the last 16 are kept |
//! | `kw[t]` | K[t] + W[t] of eight blocks: what a round adds |
//!
//! **The limit.** Schedules take about an eighth of the time. A round is a chain: Σ1(e) is three steps, sums with
//! it and into d are two more, and the next round waits for this e. Five cycles a round are 400 a block, three
//! a byte; measured is a little more. A last group of fewer blocks costs the schedule of eight.
//!
//! There is no bound to keep: additions are modulo 2⁶⁴.

use super::compress::{State, feed_forward, round};
use super::constants::K64;
use super::word::W64;
use crate::cpu::Avx512;
use crate::cpu::x86_lanes::{Words, load_bytes, store_words, turn_quarters};
use core::arch::x86_64::{
    __m512i, _mm_set_epi64x, _mm512_add_epi64, _mm512_broadcast_i32x4, _mm512_ror_epi64,
    _mm512_set1_epi64, _mm512_shuffle_epi8, _mm512_srli_epi64, _mm512_ternarylogic_epi64,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};
use core::array::from_fn;
use core::num::Wrapping;

/// Blocks in a vector.
const LANES: usize = 8;

/// Takes whole blocks into a hash value, in order.
#[expect(unsafe_code, reason = "the one call into instructions that not every machine has")]
pub(super) fn compress(_proof: Avx512, h: &mut State<W64>, blocks: &[[u8; 128]]) {
    // SAFETY: Avx512 is made only where the processor has all features of `by_eight`
    unsafe { by_eight(h, blocks) }
}

/// K[t] + W[t] of eight blocks.
type Schedules = [Words<[W64; LANES]>; 80];

#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2")]
fn by_eight(h: &mut State<W64>, blocks: &[[u8; 128]]) {
    let mut kw: Schedules = [Words([Wrapping(0); LANES]); 80];
    for group in blocks.chunks(LANES) {
        // lanes without a block do the last one's work again
        schedules(&mut kw, from_fn(|lane| &group[lane.min(group.len() - 1)]));
        for block in 0..group.len() {
            feed_forward(h, rounds(*h, &kw, block));
        }
    }
}

/// The 80 rounds of one of the blocks (FIPS 180-4 §6.4.2 step 3).
#[inline]
#[target_feature(enable = "bmi1,bmi2")]
fn rounds(mut state: State<W64>, kw: &Schedules, block: usize) -> State<W64> {
    for eight in kw.as_chunks::<8>().0 {
        for kw_t in eight {
            // K is in the sum already
            state = round(state, Wrapping(0), kw_t.0[block]);
        }
    }
    state
}

/// FIPS 180-4 §6.4.2 step 1 for eight blocks, and the sum with K of step 3.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn schedules(kw: &mut Schedules, blocks: [&[u8; 128]; LANES]) {
    let mut w = take_blocks(blocks);
    let ks = K64.as_chunks::<16>().0;
    for (i, (kw, k)) in kw.as_chunks_mut::<16>().0.iter_mut().zip(ks).enumerate() {
        if i > 0 {
            extend(&mut w);
        }
        for ((kw_t, w_t), k_t) in kw.iter_mut().zip(w).zip(k) {
            store_words(kw_t, add(w_t, _mm512_set1_epi64(k_t.0.cast_signed())));
        }
    }
}

/// Replaces the last sixteen words of the schedules by the next.
#[inline]
#[target_feature(enable = "avx512f")]
fn extend(w: &mut [__m512i; 16]) {
    for t in 0..16 {
        let behind = |n: usize| w[(t + 16 - n) % 16];
        let sum = add(small_sigma1(behind(2)), behind(7));
        w[t] = add(add(sum, small_sigma0(behind(15))), behind(16));
    }
}

/// The first 16 words of the schedules, most significant byte first.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn take_blocks(blocks: [&[u8; 128]; LANES]) -> [__m512i; 16] {
    let halves = blocks.map(|block| block.as_chunks::<64>().0);
    let [first, second] = from_fn(|half| turn(from_fn(|lane| &halves[lane][half])));
    from_fn(|t| if t < 8 { first[t] } else { second[t - 8] })
}

/// Turns a square of 8 × 8 words: from eight of a block to one of eight blocks.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn turn(rows: [&[u8; 64]; LANES]) -> [__m512i; 8] {
    let big_endian = _mm_set_epi64x(0x08090a0b_0c0d0e0f, 0x00010203_04050607);
    let big_endian = _mm512_broadcast_i32x4(big_endian);
    let rows: [__m512i; LANES] =
        from_fn(|lane| _mm512_shuffle_epi8(load_bytes(rows[lane]), big_endian));
    let even: [__m512i; 4] = from_fn(|i| _mm512_unpacklo_epi64(rows[2 * i], rows[2 * i + 1]));
    let odd: [__m512i; 4] = from_fn(|i| _mm512_unpackhi_epi64(rows[2 * i], rows[2 * i + 1]));
    let mut words = [rows[0]; 8];
    for (t, four) in [even, odd].into_iter().enumerate() {
        [words[t], words[t + 2], words[t + 4], words[t + 6]] = turn_quarters(four);
    }
    words
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add(x: __m512i, y: __m512i) -> __m512i {
    _mm512_add_epi64(x, y)
}

// FIPS 180-4 §4.1.3.

#[inline]
#[target_feature(enable = "avx512f")]
fn xor(x: __m512i, y: __m512i, z: __m512i) -> __m512i {
    _mm512_ternarylogic_epi64::<0b1001_0110>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn small_sigma0(x: __m512i) -> __m512i {
    xor(_mm512_ror_epi64::<1>(x), _mm512_ror_epi64::<8>(x), _mm512_srli_epi64::<7>(x))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn small_sigma1(x: __m512i) -> __m512i {
    xor(_mm512_ror_epi64::<19>(x), _mm512_ror_epi64::<61>(x), _mm512_srli_epi64::<6>(x))
}
