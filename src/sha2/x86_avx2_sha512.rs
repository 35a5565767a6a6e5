//! SHA-512 by AVX2 and BMI2: the schedules of four blocks at once, then their rounds (FIPS 180-4 §6.4.2).
//!
//! Method: S. Gueron and V. Krasnov, "Parallelizing message schedules to accelerate the computations of hash
//! functions" (2012): what `x86_avx512_sha512` does, with half the lanes and without a rotation of vectors. The
//! rounds are the portable text's, compiled with `rorx`, which rotates into another register.
//!
//! | value | |
//! |---|---|
//! | `w[t % 16]` | W[t] of four blocks; the last 16 are kept |
//! | `kw[t]` | K[t] + W[t] of four blocks: what a round adds |
//!
//! **The limit.** A rotation of a vector is three instructions, so schedules take a quarter of the time; a round is
//! a chain of five cycles, 400 a block. A last block alone goes the portable way, compiled for this machine: a
//! schedule of four for one would cost more than its own.
//!
//! There is no bound to keep: additions are modulo 2⁶⁴.

use super::compress::{State, compress as compress_portable, feed_forward, round};
use super::constants::K64;
use super::word::W64;
use crate::cpu::Avx2;
use crate::cpu::x86_lanes::{load, store};
use core::arch::x86_64::{
    __m256i, _mm_set_epi64x, _mm256_add_epi64, _mm256_broadcastsi128_si256, _mm256_castsi256_si128,
    _mm256_extracti128_si256, _mm256_or_si256, _mm256_permute2x128_si256, _mm256_set_m128i,
    _mm256_set1_epi64x, _mm256_shuffle_epi8, _mm256_slli_epi64, _mm256_srli_epi64,
    _mm256_unpackhi_epi64, _mm256_unpacklo_epi64, _mm256_xor_si256,
};
use core::array::from_fn;
use core::num::Wrapping;

/// Blocks in a vector.
const LANES: usize = 4;

/// Takes whole blocks into a hash value, in order.
#[expect(unsafe_code, reason = "the one call into instructions that not every machine has")]
pub(super) fn compress(_proof: Avx2, h: &mut State<W64>, blocks: &[[u8; 128]]) {
    // SAFETY: Avx2 is made only where the processor has all features of `by_four`
    unsafe { by_four(h, blocks) }
}

/// K[t] + W[t] of four blocks.
type Schedules = [[W64; LANES]; 80];

#[target_feature(enable = "avx2,bmi1,bmi2")]
fn by_four(h: &mut State<W64>, blocks: &[[u8; 128]]) {
    let mut kw: Schedules = [[Wrapping(0); LANES]; 80];
    for group in blocks.chunks(LANES) {
        if let [alone] = group {
            compress_portable(h, core::slice::from_ref(alone));
            continue;
        }
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
            state = round(state, Wrapping(0), kw_t[block]);
        }
    }
    state
}

/// FIPS 180-4 §6.4.2 step 1 for four blocks, and the sum with K of step 3.
#[inline]
#[target_feature(enable = "avx2")]
fn schedules(kw: &mut Schedules, blocks: [&[u8; 128]; LANES]) {
    let mut w = take_blocks(blocks);
    let ks = K64.as_chunks::<16>().0;
    for (i, (kw, k)) in kw.as_chunks_mut::<16>().0.iter_mut().zip(ks).enumerate() {
        if i > 0 {
            extend(&mut w);
        }
        for ((kw_t, w_t), k_t) in kw.iter_mut().zip(w).zip(k) {
            let sum = add(w_t, _mm256_set1_epi64x(k_t.0.cast_signed()));
            let halves = kw_t.as_chunks_mut::<2>().0;
            store(&mut halves[0], _mm256_castsi256_si128(sum));
            store(&mut halves[1], _mm256_extracti128_si256::<1>(sum));
        }
    }
}

/// Replaces the last sixteen words of the schedules by the next.
#[inline]
#[target_feature(enable = "avx2")]
fn extend(w: &mut [__m256i; 16]) {
    for t in 0..16 {
        let behind = |n: usize| w[(t + 16 - n) % 16];
        let sum = add(small_sigma1(behind(2)), behind(7));
        w[t] = add(add(sum, small_sigma0(behind(15))), behind(16));
    }
}

/// The first 16 words of the schedules, most significant byte first.
#[inline]
#[target_feature(enable = "avx2")]
fn take_blocks(blocks: [&[u8; 128]; LANES]) -> [__m256i; 16] {
    let quarters = blocks.map(|block| block.as_chunks::<32>().0);
    let turned: [_; 4] = from_fn(|quarter| turn(from_fn(|lane| &quarters[lane][quarter])));
    from_fn(|t| turned[t / 4][t % 4])
}

/// The lower halves of two vectors, and the upper ones.
const LOW: i32 = 0x20;
const HIGH: i32 = 0x31;

/// Turns a square of 4 × 4 words: from four of a block to one of four blocks.
#[inline]
#[target_feature(enable = "avx2")]
fn turn(rows: [&[u8; 32]; LANES]) -> [__m256i; 4] {
    let big_endian = _mm_set_epi64x(0x08090a0b_0c0d0e0f, 0x00010203_04050607);
    let big_endian = _mm256_broadcastsi128_si256(big_endian);
    let [a, b, c, d] = rows.map(|row| {
        let halves = row.as_chunks::<16>().0;
        _mm256_shuffle_epi8(_mm256_set_m128i(load(&halves[1]), load(&halves[0])), big_endian)
    });
    let even = [_mm256_unpacklo_epi64(a, b), _mm256_unpacklo_epi64(c, d)];
    let odd = [_mm256_unpackhi_epi64(a, b), _mm256_unpackhi_epi64(c, d)];
    [
        _mm256_permute2x128_si256::<LOW>(even[0], even[1]),
        _mm256_permute2x128_si256::<LOW>(odd[0], odd[1]),
        _mm256_permute2x128_si256::<HIGH>(even[0], even[1]),
        _mm256_permute2x128_si256::<HIGH>(odd[0], odd[1]),
    ]
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(x: __m256i, y: __m256i) -> __m256i {
    _mm256_add_epi64(x, y)
}

// FIPS 180-4 §4.1.3.

#[inline]
#[target_feature(enable = "avx2")]
fn xor(x: __m256i, y: __m256i, z: __m256i) -> __m256i {
    _mm256_xor_si256(_mm256_xor_si256(x, y), z)
}

/// ROTR by RIGHT; LEFT is the rest of 64.
#[inline]
#[target_feature(enable = "avx2")]
fn rotr<const RIGHT: i32, const LEFT: i32>(x: __m256i) -> __m256i {
    const { assert!(RIGHT + LEFT == 64) };
    _mm256_or_si256(_mm256_srli_epi64::<RIGHT>(x), _mm256_slli_epi64::<LEFT>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn small_sigma0(x: __m256i) -> __m256i {
    xor(rotr::<1, 63>(x), rotr::<8, 56>(x), _mm256_srli_epi64::<7>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn small_sigma1(x: __m256i) -> __m256i {
    xor(rotr::<19, 45>(x), rotr::<61, 3>(x), _mm256_srli_epi64::<6>(x))
}
