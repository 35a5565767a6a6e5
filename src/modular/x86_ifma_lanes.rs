//! Exponentiation on IFMA, a number in each lane: eight numbers, each by its own modulus, at once. The products
//! are those of `x86_ifma_columns`.
//!
//! An exponent that is public is one for all. Secret ones are one for each, of one length: all lanes do the same
//! products, and what a lane multiplies by is picked out of its powers by masks, all of which are read.

use super::digits::{Prepared, Shape};
use super::number::Number;
use super::x86_ifma::Exponent;
use super::x86_ifma_columns::{Columns, LANES, Lanes};
use crate::cpu::Ifma;
use crate::cpu::x86_lanes::{Words, load_words, store_words};
use crate::ct;
use core::arch::x86_64::{
    _mm512_cmpeq_epu64_mask, _mm512_mask_mov_epi64, _mm512_set1_epi64, _mm512_setzero_si512,
};
use core::array;
use num_bigint::BigUint;

/// Bits of a secret exponent taken at once: one fewer than elsewhere, since a table of eight numbers' powers is to stay
/// in the nearest cache.
const WINDOW: usize = 4;

/// x^e mod n, below 2n in a word more than x, of eight numbers x < n, by moduli of one shape.
pub(super) fn power(
    moduli: [&Prepared; LANES],
    x: [&Number; LANES],
    exponent: Exponent<'_, LANES>,
    memory: &mut Vec<Lanes>,
) -> [Number; LANES] {
    let digits = moduli[0].shape.digits;
    // in one piece: aligned memory has its price
    memory.resize(7 * digits, Lanes::default());
    let (t, rest) = memory.split_at_mut(2 * digits);
    let mut parts = rest.chunks_exact_mut(digits);
    let mut part = || parts.next().unwrap_or_default();
    let [n, rr, columns, base] = [part(), part(), part(), part()];
    for (lane, (modulus, x)) in moduli.iter().zip(x).enumerate() {
        let moduli = modulus.n.words().iter().zip(modulus.rr.words());
        for ((n, rr), (n_i, rr_i)) in n.iter_mut().zip(&mut *rr).zip(moduli) {
            (n.0[lane], rr.0[lane]) = (*n_i, *rr_i);
        }
        for (i, column) in columns.iter_mut().enumerate() {
            column.0[lane] = Shape::digit(x, i);
        }
    }
    base.copy_from_slice(columns);
    let n0 = Words(moduli.map(|modulus| modulus.n0));
    let room = Room { t, base, value: part() };
    let power = Columns { n, n0 }.call(moduli[0].proof, columns, rr, exponent, room);
    let powers = array::from_fn(|lane| {
        Shape::join_each(|i| power.get(i).map(|column| column.0[lane]), x[lane].words().len() + 1)
    });
    if let Exponent::Secret(_) = exponent {
        ct::wipe(memory);
    }
    powers
}

/// Where an exponentiation keeps what it makes.
struct Room<'m> {
    /// A product, twice as long as the others.
    t: &'m mut [Lanes],
    /// At first x.
    base: &'m mut [Lanes],
    value: &'m mut [Lanes],
}

impl Columns<'_> {
    #[expect(unsafe_code, reason = "the features are there: the proof says so")]
    fn call<'m>(
        &self,
        _: Ifma,
        x: &[Lanes],
        rr: &[Lanes],
        exponent: Exponent<'_, LANES>,
        room: Room<'m>,
    ) -> &'m [Lanes] {
        // SAFETY: a cpu::Ifma is made only where the machine has these features
        unsafe { self.power(x, rr, exponent, room) }
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power<'m>(
        &self,
        x: &[Lanes],
        rr: &[Lanes],
        exponent: Exponent<'_, LANES>,
        room: Room<'m>,
    ) -> &'m [Lanes] {
        match exponent {
            Exponent::Public(e) => self.power_vartime(x, rr, e, room),
            Exponent::Secret(e) => self.power_secret(x, rr, e, room),
        }
    }

    /// Left to right, as [`Modulus::ladder`](super::Modulus::ladder); an odd e ends with x as it came, which
    /// takes the number out of Montgomery form.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_vartime<'m>(
        &self,
        x: &[Lanes],
        rr: &[Lanes],
        e: &BigUint,
        room: Room<'m>,
    ) -> &'m [Lanes] {
        let Room { t, base, value } = room;
        self.multiply(t, base, rr);
        value.copy_from_slice(base);
        for bit in (0..e.bits() - 1).rev() {
            self.square(t, value);
            if e.bit(bit) {
                self.multiply(t, value, if bit == 0 { x } else { base });
            }
        }
        if !e.bit(0) {
            set_to_one(base);
            self.multiply(t, value, base);
        }
        value
    }

    /// By windows, as [`Modulus::windows`](super::Modulus::windows).
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_secret<'m>(
        &self,
        x: &[Lanes],
        rr: &[Lanes],
        e: [&Number; LANES],
        room: Room<'m>,
    ) -> &'m [Lanes] {
        let Room { t, base, value } = room;
        let mut table = vec![Lanes::default(); x.len() << WINDOW];
        self.multiply(t, base, rr);
        set_to_one(value);
        self.multiply(t, value, rr);
        for (i, power) in table.chunks_exact_mut(x.len()).enumerate() {
            if i > 0 {
                self.multiply(t, value, base);
            }
            power.copy_from_slice(value);
        }
        value.copy_from_slice(&table[..x.len()]);
        let windows = (e[0].words().len() * 64).div_ceil(WINDOW);
        for window in (0..windows).rev() {
            for _ in 0..WINDOW {
                self.square(t, value);
            }
            select(&table, &Words(e.map(|e| e.bits(window * WINDOW, WINDOW))), base);
            self.multiply(t, value, base);
        }
        ct::wipe(&mut table);
        set_to_one(base);
        self.multiply(t, value, base);
        value
    }
}

fn set_to_one(number: &mut [Lanes]) {
    number.fill(Lanes::default());
    number[0] = Words([1; LANES]);
}

/// The table's entries at secret indices, one for each lane: every entry is read, its lanes are kept or not.
#[target_feature(enable = "avx512f")]
fn select(table: &[Lanes], index: &Lanes, selected: &mut [Lanes]) {
    let index = load_words(index);
    let digits = selected.len();
    // four digits at a time: the masks are not made again for each
    for (d, selected) in selected.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let mut kept = [_mm512_setzero_si512(); 4];
        for (i, power) in (0..).zip(table.chunks_exact(digits)) {
            let wanted = _mm512_cmpeq_epu64_mask(index, _mm512_set1_epi64(i));
            for (kept, digit) in kept.iter_mut().zip(&power.as_chunks::<4>().0[d]) {
                *kept = _mm512_mask_mov_epi64(*kept, wanted, load_words(digit));
            }
        }
        selected.iter_mut().zip(kept).for_each(|(to, kept)| store_words(to, kept));
    }
}
