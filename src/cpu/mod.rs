//! What this machine's processor can do, as proofs: a token of this room exists only where it was detected.
//!
//! A kernel takes its token by value and is thereby safe to call; nothing else makes one. Off x86-64 the
//! tokens are there and never made, so that nobody above asks which architecture this is.
//!
//! | file | what stands there |
//! |---|---|
//! | `forced` | `JOTLAB_BACKEND`: a way that the user asks for, in the command and in tests |
//! | `x86_lanes` | loads and stores of vectors, behind arrays |

#[cfg(any(feature = "cli", test, jotlab_ct))]
mod forced;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86_lanes;

#[cfg(any(feature = "cli", test, jotlab_ct))]
pub use forced::{UnknownBackend, VARIABLE, forced};

/// The name of the ways that every machine has.
pub const PORTABLE: &str = "portable";

/// The SHA extensions, and AVX for instructions that leave their operands alone: rounds and schedule of
/// SHA-256.
#[derive(Clone, Copy, Debug)]
pub struct ShaNi(());

impl ShaNi {
    /// The name of ways that use it.
    pub const NAME: &str = "sha-ni";

    /// The proof, if this machine has it.
    pub fn detect() -> Option<ShaNi> {
        #[cfg(target_arch = "x86_64")]
        let has = is_x86_feature_detected!("sha") && is_x86_feature_detected!("avx");
        #[cfg(not(target_arch = "x86_64"))]
        let has = false;
        has.then_some(ShaNi(()))
    }

    /// Whether many messages go faster by threes than in sixteen lanes of AVX-512 (docs/performance.md): on AMD's
    /// processors, which make two rounds of a second message while the first one's are under way, as Intel's do
    /// not; but not where they have vectors of 512 bits in one piece. Only AMD's have SSE4a, and of those the
    /// first with VP2INTERSECT, Zen 5, was the first in one piece; the ones in some notebooks are halved again, and
    /// are not told apart here.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn streams_beat_lanes() -> bool {
        is_x86_feature_detected!("sse4a") && !is_x86_feature_detected!("avx512vp2intersect")
    }
}

/// AVX2 for vectors of 256 bits, and BMI for rotations and Ch that leave their operands alone.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// The name of ways that use it.
    pub const NAME: &str = "avx2";

    /// The proof, if this machine has it.
    pub fn detect() -> Option<Avx2> {
        #[cfg(target_arch = "x86_64")]
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        #[cfg(not(target_arch = "x86_64"))]
        let has = false;
        has.then_some(Avx2(()))
    }
}

/// ADX and BMI2: sums of long numbers in two chains of carries, beside products that leave both alone.
#[derive(Clone, Copy, Debug)]
pub struct Adx(());

impl Adx {
    /// The name of ways that use it.
    pub const NAME: &str = "adx";

    /// The proof, if this machine has it.
    pub fn detect() -> Option<Adx> {
        #[cfg(target_arch = "x86_64")]
        let has = {
            // memcheck runs these instructions and does not show that it does: in the build for it they are there
            (is_x86_feature_detected!("adx") || cfg!(jotlab_ct)) && is_x86_feature_detected!("bmi2")
        };
        #[cfg(not(target_arch = "x86_64"))]
        let has = false;
        has.then_some(Adx(()))
    }
}

/// AVX-512 with its products of 52-bit integers (IFMA): eight digits of long numbers at once.
#[derive(Clone, Copy, Debug)]
pub struct Ifma(());

impl Ifma {
    /// The name of ways that use it.
    pub const NAME: &str = "ifma";

    /// The proof, if this machine has it.
    pub fn detect() -> Option<Ifma> {
        #[cfg(target_arch = "x86_64")]
        let has = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma");
        #[cfg(not(target_arch = "x86_64"))]
        let has = false;
        has.then_some(Ifma(()))
    }
}

/// AVX-512 with its permutations of bytes (VBMI): 64 letters of base 64 at once.
#[derive(Clone, Copy, Debug)]
pub struct Vbmi(());

impl Vbmi {
    /// The name of ways that use it.
    pub const NAME: &str = "vbmi";

    /// The proof, if this machine has it.
    pub fn detect() -> Option<Vbmi> {
        #[cfg(target_arch = "x86_64")]
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("bmi2");
        #[cfg(not(target_arch = "x86_64"))]
        let has = false;
        has.then_some(Vbmi(()))
    }
}

/// AVX-512 for words of 32 and 64 bits, and BMI2 for rotations that leave their operand alone: many messages of
/// SHA-256, or many blocks of SHA-512, at once.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    /// The name of ways that use it.
    pub const NAME: &str = "avx512";

    /// The proof, if this machine has it.
    pub fn detect() -> Option<Avx512> {
        #[cfg(target_arch = "x86_64")]
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        #[cfg(not(target_arch = "x86_64"))]
        let has = false;
        has.then_some(Avx512(()))
    }
}

/// The names of all ways that kernels exist for, and whether this machine has them.
#[cfg(any(feature = "cli", test, jotlab_ct))]
fn known() -> [(&'static str, bool); 7] {
    [
        (ShaNi::NAME, ShaNi::detect().is_some()),
        (Avx512::NAME, Avx512::detect().is_some()),
        (Ifma::NAME, Ifma::detect().is_some()),
        (Vbmi::NAME, Vbmi::detect().is_some()),
        (Avx2::NAME, Avx2::detect().is_some()),
        (Adx::NAME, Adx::detect().is_some()),
        (PORTABLE, true),
    ]
}

/// The names of the ways that this machine has, the portable one last.
#[cfg(any(feature = "cli", test, jotlab_ct))]
pub fn available() -> Vec<&'static str> {
    known().into_iter().filter(|(_, here)| *here).map(|(name, _)| name).collect()
}

/// Keeps to the way that the user asks for; a subject that has none of this name keeps to its portable one.
/// All of them stay where nobody can ask: outside of the command and of tests.
///
/// # Panics
///
/// Where `JOTLAB_BACKEND` names no way of this machine. The command asks [`forced`] before it begins.
#[cfg(any(feature = "cli", test, jotlab_ct))]
#[expect(clippy::expect_used, reason = "to run another way than the one asked for proves nothing")]
pub(crate) fn allowed<T>(mut ways: Vec<T>, name: impl Fn(&T) -> &'static str) -> Vec<T> {
    if let Some(asked) = forced().expect("JOTLAB_BACKEND names a way of this machine") {
        let kept = if ways.iter().any(|way| name(way) == asked) { asked } else { PORTABLE };
        ways.retain(|way| name(way) == kept);
    }
    ways
}

#[cfg(not(any(feature = "cli", test, jotlab_ct)))]
pub(crate) fn allowed<T>(ways: Vec<T>, _name: impl Fn(&T) -> &'static str) -> Vec<T> {
    ways
}
