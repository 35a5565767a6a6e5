//! Montgomery multiplication by BMI2 and ADX: what `montgomery` does, eight words of a factor at a time.
//!
//! Method: E. Ozturk, J. Guilford, V. Gopal and W. Feghali, "New instructions supporting large integer arithmetic on
//! Intel architecture processors" (2012). A row of products needs two sums, of lower words and of upper words, each
//! with its chain of carries. `mulx` leaves the flags alone, `adcx` carries by one of them and `adox` by another, so
//! that both chains run beside each other; a compiler knows one flag, so [`row`] is written in instructions.
//!
//! | value | |
//! |---|---|
//! | `sum` | eight words that stand in registers while eight rows are added to them |
//! | `t` | a number of twice the words of n, by eights: a·b, then that plus multiples of n |
//!
//! A row's lowest word is done, and the seven above with a new one are the sum for the next row. So a square of
//! 8 × 8 products costs a load of each factor, and the words of t are loaded and stored once.
//!
//! **The bound.** sum + x·b ≤ (2⁵¹² − 1) + (2⁶⁴ − 1)(2⁵¹² − 1) = 2⁵⁷⁶ − 2⁶⁴, which fits into nine words. What t adds to a sum
//! may carry: that bit belongs to the eight words above, where the next sum is.
//!
//! **The limit.** Four instructions a product, `mulx` being two, on processors that begin four a cycle: one product a
//! cycle. A square saves the products below its diagonal but for those of the eights on it.

use super::montgomery;
use crate::cpu::Adx;
use crate::ct;
use core::arch::asm;

/// Eight words, least significant first.
type Eight = [u64; 8];

/// out = a·b·R⁻¹ mod n, as [`montgomery::multiply`], which does the lengths that are not listed.
pub(super) fn multiply(proof: Adx, out: &mut [u64], a: &[u64], b: &[u64], n: &[u64], n0: u64) {
    match n.len() {
        16 => multiply_fixed::<2>(proof, out, a, b, n, n0),
        24 => multiply_fixed::<3>(proof, out, a, b, n, n0),
        32 => multiply_fixed::<4>(proof, out, a, b, n, n0),
        48 => multiply_fixed::<6>(proof, out, a, b, n, n0),
        64 => multiply_fixed::<8>(proof, out, a, b, n, n0),
        _ => montgomery::multiply(out, a, b, n, n0),
    }
}

/// out = a²·R⁻¹ mod n, as [`montgomery::square`].
pub(super) fn square(proof: Adx, out: &mut [u64], a: &[u64], n: &[u64], n0: u64) {
    match n.len() {
        16 => square_fixed::<2>(proof, out, a, n, n0),
        24 => square_fixed::<3>(proof, out, a, n, n0),
        32 => square_fixed::<4>(proof, out, a, n, n0),
        48 => square_fixed::<6>(proof, out, a, n, n0),
        64 => square_fixed::<8>(proof, out, a, n, n0),
        _ => montgomery::square(out, a, n, n0),
    }
}

#[inline(never)]
fn multiply_fixed<const E: usize>(
    proof: Adx,
    out: &mut [u64],
    a: &[u64],
    b: &[u64],
    n: &[u64],
    n0: u64,
) {
    let [a, b, n] = [a, b, n].map(eights::<E>);
    let mut t = [[[0; 8]; 2]; E];
    let t = t.as_flattened_mut();
    for i in 0..E {
        add_rows(proof, [0; 8], false, &mut t[i..], &a[i], b);
    }
    reduce(proof, out, t, n, n0);
}

#[inline(never)]
fn square_fixed<const E: usize>(proof: Adx, out: &mut [u64], a: &[u64], n: &[u64], n0: u64) {
    let [a, n] = [a, n].map(eights::<E>);
    let mut t = [[[0; 8]; 2]; E];
    let t = t.as_flattened_mut();
    // each product of words of two different eights, twice
    for i in 0..E - 1 {
        add_rows(proof, [0; 8], false, &mut t[2 * i + 1..], &a[i], &a[i + 1..]);
    }
    let mut shifted = 0;
    for t in t.as_flattened_mut() {
        (*t, shifted) = (*t << 1 | shifted, *t >> 63);
    }
    // the squares of eights
    let mut carry = false;
    for i in 0..E {
        carry = add_rows(proof, [0; 8], carry, &mut t[2 * i..], &a[i], &a[i..=i]);
    }
    // a² < R² leaves nothing to carry
    reduce(proof, out, t, n, n0);
}

/// A number as so many eights: it has them.
#[inline(always)]
fn eights<const E: usize>(words: &[u64]) -> &[Eight; E] {
    words.as_chunks().0.first_chunk().unwrap_or(&[[0; 8]; E])
}

/// out = t·R⁻¹ mod n for t < n·R; t is used up.
#[inline(always)]
fn reduce<const E: usize>(proof: Adx, out: &mut [u64], t: &mut [Eight], n: &[Eight; E], n0: u64) {
    // as in `montgomery`: what is carried out stays 0 or 1
    let mut top = false;
    for i in 0..E {
        let t = &mut t[i..];
        let mut sum = t[0];
        // multiples of n that make the lowest eight words zero
        let mut m = [0; 8];
        eight_rows(proof, &mut sum, &mut t[0], &n[0], |j, lowest| {
            m[j] = lowest.wrapping_mul(n0);
            m[j]
        });
        let over = add_rows(proof, sum, false, &mut t[1..], &m, &n[1..]);
        let top_too = add(&mut t[E], &[0; 8], top);
        top = over | top_too;
    }
    out.copy_from_slice(t[E..].as_flattened());
    montgomery::subtract_once(out, u64::from(top), n.as_flattened());
    ct::wipe(t);
}

/// t += sum + x·b + carry for eight words x, in as many eights as b has and one more; what is carried out.
#[inline(always)]
fn add_rows(
    proof: Adx,
    mut sum: Eight,
    mut carry: bool,
    t: &mut [Eight],
    x: &Eight,
    b: &[Eight],
) -> bool {
    for (t, b) in t.iter_mut().zip(b) {
        carry = add(&mut sum, t, carry);
        eight_rows(proof, &mut sum, t, b, |j, _| x[j]);
    }
    let last = &mut t[b.len()];
    carry = add(&mut sum, last, carry);
    *last = sum;
    carry
}

/// a += b + carry; what is carried out.
#[inline(always)]
fn add(a: &mut Eight, b: &Eight, mut carry: bool) -> bool {
    for (a, &b) in a.iter_mut().zip(b) {
        (*a, carry) = a.carrying_add(b, carry);
    }
    carry
}

/// sum + x·b for eight words x: its lower eight go to t, the upper ones are the new sum. A word of x is asked for with
/// its place and the lowest word of the sum at its turn.
#[inline(always)]
fn eight_rows(
    proof: Adx,
    sum: &mut Eight,
    t: &mut Eight,
    b: &Eight,
    mut x: impl FnMut(usize, u64) -> u64,
) {
    t[0] = row::<0>(proof, sum, b, x(0, sum[0]));
    t[1] = row::<1>(proof, sum, b, x(1, sum[1]));
    t[2] = row::<2>(proof, sum, b, x(2, sum[2]));
    t[3] = row::<3>(proof, sum, b, x(3, sum[3]));
    t[4] = row::<4>(proof, sum, b, x(4, sum[4]));
    t[5] = row::<5>(proof, sum, b, x(5, sum[5]));
    t[6] = row::<6>(proof, sum, b, x(6, sum[6]));
    t[7] = row::<7>(proof, sum, b, x(7, sum[7]));
}

/// sum + x·b, where the sum begins at its word J and its highest one is before that: gives the lowest word, whose place
/// the new highest one takes.
#[inline(always)]
#[expect(unsafe_code, reason = "the one use of instructions that not every machine has")]
fn row<const J: usize>(_proof: Adx, sum: &mut Eight, b: &Eight, x: u64) -> u64 {
    let lowest;
    let [s0, s1, s2, s3, s4, s5, s6, s7] = sum;
    // each word of the sum has its register, so that none moves from row to row
    macro_rules! from {
        ($a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt) => {
            // SAFETY: Adx is made only where the processor has these instructions; they read the eight words of b
            unsafe {
                asm!(
                    // no carry in either chain
                    "xor eax, eax",
                    "mulx rcx, rax, [rsi]",
                    concat!("adcx ", $a, ", rax"),
                    concat!("adox ", $b, ", rcx"),
                    "mulx rcx, rax, [rsi + 8]",
                    concat!("adcx ", $b, ", rax"),
                    concat!("adox ", $c, ", rcx"),
                    "mulx rcx, rax, [rsi + 16]",
                    concat!("adcx ", $c, ", rax"),
                    concat!("adox ", $d, ", rcx"),
                    "mulx rcx, rax, [rsi + 24]",
                    concat!("adcx ", $d, ", rax"),
                    concat!("adox ", $e, ", rcx"),
                    "mulx rcx, rax, [rsi + 32]",
                    concat!("adcx ", $e, ", rax"),
                    concat!("adox ", $f, ", rcx"),
                    "mulx rcx, rax, [rsi + 40]",
                    concat!("adcx ", $f, ", rax"),
                    concat!("adox ", $g, ", rcx"),
                    "mulx rcx, rax, [rsi + 48]",
                    concat!("adcx ", $g, ", rax"),
                    concat!("adox ", $h, ", rcx"),
                    "mulx rcx, rax, [rsi + 56]",
                    concat!("adcx ", $h, ", rax"),
                    concat!("mov rax, ", $a),
                    concat!("mov ", $a, ", 0"),
                    // what both chains carry goes to the new word
                    concat!("adcx rcx, ", $a),
                    concat!("adox ", $a, ", rcx"),
                    in("rdx") x,
                    in("rsi") b.as_ptr(),
                    inout("r8") *s0,
                    inout("r9") *s1,
                    inout("r10") *s2,
                    inout("r11") *s3,
                    inout("r12") *s4,
                    inout("r13") *s5,
                    inout("r14") *s6,
                    inout("r15") *s7,
                    out("rax") lowest,
                    out("rcx") _,
                    options(pure, readonly, nostack),
                );
            }
        };
    }
    match J {
        0 => from!("r8" "r9" "r10" "r11" "r12" "r13" "r14" "r15"),
        1 => from!("r9" "r10" "r11" "r12" "r13" "r14" "r15" "r8"),
        2 => from!("r10" "r11" "r12" "r13" "r14" "r15" "r8" "r9"),
        3 => from!("r11" "r12" "r13" "r14" "r15" "r8" "r9" "r10"),
        4 => from!("r12" "r13" "r14" "r15" "r8" "r9" "r10" "r11"),
        5 => from!("r13" "r14" "r15" "r8" "r9" "r10" "r11" "r12"),
        6 => from!("r14" "r15" "r8" "r9" "r10" "r11" "r12" "r13"),
        _ => from!("r15" "r8" "r9" "r10" "r11" "r12" "r13" "r14"),
    }
    lowest
}
