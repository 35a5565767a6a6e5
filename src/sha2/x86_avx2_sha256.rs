//! SHA-256 by AVX2 and BMI2: the schedules of two blocks, four words at a time, with the rounds of the first between
//! them (FIPS 180-4 §6.2.2).
//!
//! Method: S. Gulley, V. Gopal and others, "Fast SHA-256 implementations on Intel architecture processors" (2012),
//! and for two blocks S. Gueron and V. Krasnov, "Parallelizing message schedules to accelerate the computations of
//! hash functions" (2012): blocks are chained by their hash values, but a schedule depends on its own block only.
//! The rounds are the portable text's, compiled with `rorx`, which rotates into another register.
//!
//! | value | |
//! |---|---|
//! | `w[i]` | W[t] to W[t + 3] of two blocks, one in each half, t = 4i modulo 16; the last 16 are kept |
//! | `kw[t / 16][t / 4 % 4][block]` | K[t] + W[t] for four rounds: what they add |
//!
//! σ1 needs a word and its neighbour at once, as a vector has them at different times: W[t + 2] and W[t + 3] hang on
//! W[t] and W[t + 1]. So σ1 is taken twice, for two words each. Each of them stands twice then, side by side in 64
//! bits, and a shift of 64 bits is their rotation.
//!
//! **The limit.** A round is 27 instructions, a word of two schedules nine, and the processors in question begin four
//! of them a cycle: 64 · 27 + 48 · 9 / 2 of them are 490 cycles a block. Measured are 580 on Skylake. A last block
//! alone has the schedule of two. Eight blocks in a vector, turned as `x86_avx2_sha512` does, took as long, and short
//! messages a third longer.
//!
//! There is no bound to keep: additions are modulo 2³².

use super::compress::{State, feed_forward, round};
use super::constants::K32;
use super::word::W32;
use crate::cpu::Avx2;
use crate::cpu::x86_lanes::{Lanes, load, store};
use core::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_alignr_epi8, _mm256_broadcastsi128_si256,
    _mm256_castsi256_si128, _mm256_extracti128_si256, _mm256_or_si256, _mm256_set_m128i,
    _mm256_shuffle_epi8, _mm256_shuffle_epi32, _mm256_slli_epi32, _mm256_srli_epi32,
    _mm256_srli_epi64, _mm256_xor_si256,
};
use core::num::Wrapping;

/// Takes runs of whole blocks into a hash value, in order.
#[expect(unsafe_code, reason = "the one call into instructions that not every machine has")]
pub(super) fn compress(_proof: Avx2, h: &mut State<W32>, runs: &[&[[u8; 64]]]) {
    // SAFETY: Avx2 is made only where the processor has all features of `by_twos`
    unsafe { by_twos(h, runs) }
}

/// K[t] + W[t] of two blocks, by fours.
type Schedules = [[Fours; 4]; 4];
type Fours = [[W32; 4]; 2];

#[target_feature(enable = "avx2,bmi1,bmi2")]
fn by_twos(h: &mut State<W32>, runs: &[&[[u8; 64]]]) {
    let mut kw: Schedules = [[[[Wrapping(0); 4]; 2]; 4]; 4];
    let mut blocks = runs.iter().copied().flatten();
    while let Some(first) = blocks.next() {
        let second = blocks.next();
        feed_forward(h, schedules_and_rounds(*h, &mut kw, [first, second.unwrap_or(first)]));
        if second.is_some() {
            let mut state = *h;
            // by eights no variable moves
            for [[_, kw], [_, next]] in kw.as_flattened().as_chunks().0 {
                four_rounds(&mut state, kw);
                four_rounds(&mut state, next);
            }
            feed_forward(h, state);
        }
    }
}

/// FIPS 180-4 §6.2.2 step 1 for two blocks, and steps 2 and 3 for the first.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2")]
fn schedules_and_rounds(
    mut state: State<W32>,
    kw: &mut Schedules,
    blocks: [&[u8; 64]; 2],
) -> State<W32> {
    let (ks, _) = K32.as_chunks::<4>();
    let (ks, _) = ks.as_chunks::<4>();
    let mut w = take_blocks(blocks);
    for i in 0..4 {
        put(&mut kw[0][i], w[i], &ks[0][i]);
    }
    for t in 1..4 {
        let [now, next] = &mut kw[t - 1..=t] else { break };
        step::<0>(&mut state, &mut w, now, next, &ks[t]);
        step::<1>(&mut state, &mut w, now, next, &ks[t]);
        step::<2>(&mut state, &mut w, now, next, &ks[t]);
        step::<3>(&mut state, &mut w, now, next, &ks[t]);
    }
    for [kw, _] in &kw[3] {
        four_rounds(&mut state, kw);
    }
    state
}

/// Four rounds of sixteen, and the words that are sixteen further.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2")]
fn step<const I: usize>(
    state: &mut State<W32>,
    w: &mut [__m256i; 4],
    now: &[Fours; 4],
    next: &mut [Fours; 4],
    ks: &[[W32; 4]; 4],
) {
    four_rounds(state, &now[I][0]);
    extend(w, I);
    put(&mut next[I], w[I], &ks[I]);
}

/// Four rounds (FIPS 180-4 §6.2.2 step 3).
#[inline]
#[target_feature(enable = "bmi1,bmi2")]
fn four_rounds(state: &mut State<W32>, kw: &[W32; 4]) {
    for kw_t in kw {
        // K is in the sum already
        *state = round(*state, Wrapping(0), *kw_t);
    }
}

/// Writes K[t] + W[t] of both blocks.
#[inline]
#[target_feature(enable = "avx2")]
fn put(kw: &mut Fours, w: __m256i, k: &[W32; 4]) {
    let sum = add(w, both(k));
    store(&mut kw[0], _mm256_castsi256_si128(sum));
    store(&mut kw[1], _mm256_extracti128_si256::<1>(sum));
}

/// Replaces the four oldest words of each schedule by those sixteen further (FIPS 180-4 §6.2.2 step 1).
#[inline]
#[target_feature(enable = "avx2")]
fn extend(w: &mut [__m256i; 4], oldest: usize) {
    // the words in their order: W[t − 16] to W[t − 13] are a, W[t − 4] to W[t − 1] d
    let [a, b, c, d] = [0, 1, 2, 3].map(|i| w[(oldest + i) % 4]);
    let behind_15 = _mm256_alignr_epi8::<4>(b, a);
    let behind_7 = _mm256_alignr_epi8::<4>(d, c);
    let sum = add(add(behind_7, small_sigma0(behind_15)), a);
    let two = add(sum, to_lower(small_sigma1(_mm256_shuffle_epi32::<0b11_11_10_10>(d))));
    w[oldest] = add(two, to_upper(small_sigma1(_mm256_shuffle_epi32::<0b01_01_00_00>(two))));
}

/// The first 16 words of the schedules, most significant byte first.
#[inline]
#[target_feature(enable = "avx2")]
fn take_blocks(blocks: [&[u8; 64]; 2]) -> [__m256i; 4] {
    let big_endian = both(&0x0c0d0e0f_08090a0b_04050607_00010203_u128.to_le_bytes());
    let [first, second] = blocks.map(|block| block.as_chunks::<16>().0);
    [0, 1, 2, 3].map(|i| {
        _mm256_shuffle_epi8(_mm256_set_m128i(load(&second[i]), load(&first[i])), big_endian)
    })
}

/// The same in each half.
#[inline]
#[target_feature(enable = "avx2")]
fn both<T: Lanes>(half: &T) -> __m256i {
    _mm256_broadcastsi128_si256(load(half))
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(x: __m256i, y: __m256i) -> __m256i {
    _mm256_add_epi32(x, y)
}

// FIPS 180-4 §4.1.2.

#[inline]
#[target_feature(enable = "avx2")]
fn xor(x: __m256i, y: __m256i, z: __m256i) -> __m256i {
    _mm256_xor_si256(_mm256_xor_si256(x, y), z)
}

/// ROTR by RIGHT; LEFT is the rest of 32.
#[inline]
#[target_feature(enable = "avx2")]
fn rotr<const RIGHT: i32, const LEFT: i32>(x: __m256i) -> __m256i {
    const { assert!(RIGHT + LEFT == 32) };
    _mm256_or_si256(_mm256_srli_epi32::<RIGHT>(x), _mm256_slli_epi32::<LEFT>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn small_sigma0(x: __m256i) -> __m256i {
    xor(rotr::<7, 25>(x), rotr::<18, 14>(x), _mm256_srli_epi32::<3>(x))
}

/// σ1 of words that stand twice each: of words 0 and 2 of a half it is right.
#[inline]
#[target_feature(enable = "avx2")]
fn small_sigma1(twice: __m256i) -> __m256i {
    let rotated = (_mm256_srli_epi64::<17>(twice), _mm256_srli_epi64::<19>(twice));
    xor(rotated.0, rotated.1, _mm256_srli_epi32::<10>(twice))
}

/// Words 0 and 2 of each half as words 0 and 1, and zeros.
#[inline]
#[target_feature(enable = "avx2")]
fn to_lower(x: __m256i) -> __m256i {
    _mm256_shuffle_epi8(x, both(&0x80808080_80808080_0b0a0908_03020100_u128.to_le_bytes()))
}

/// The same as words 2 and 3, behind zeros.
#[inline]
#[target_feature(enable = "avx2")]
fn to_upper(x: __m256i) -> __m256i {
    _mm256_shuffle_epi8(x, both(&0x0b0a0908_03020100_80808080_80808080_u128.to_le_bytes()))
}
