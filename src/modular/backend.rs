//! The choice: every way this machine can exponentiate, fastest first.
//!
//! The portable way takes every modulus; a kernel takes the lengths it is made for and leaves the rest to
//! the portable way. Production takes the first; tests and benches take all of them.

#[cfg(target_arch = "x86_64")]
use super::digits::{Prepared, Shape};
use super::number::Number;
use super::{Error, Modulus};
#[cfg(target_arch = "x86_64")]
use super::{x86_ifma, x86_ifma_lanes};
use crate::cpu;
#[cfg(target_arch = "x86_64")]
use crate::cpu::{Adx, Ifma};
use num_bigint::BigUint;
#[cfg(target_arch = "x86_64")]
use std::borrow::Cow;
#[cfg(target_arch = "x86_64")]
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One way to exponentiate.
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    /// The name that reports and options use.
    pub name: &'static str,
    way: Way,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Adx(Adx),
    #[cfg(target_arch = "x86_64")]
    Ifma(Ifma),
}

static HERE: LazyLock<Vec<Backend>> = LazyLock::new(|| {
    let mut ways = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        let ifma = Ifma::detect().map(|proof| Backend { name: Ifma::NAME, way: Way::Ifma(proof) });
        let adx = Adx::detect().map(|proof| Backend { name: Adx::NAME, way: Way::Adx(proof) });
        ways.extend(ifma.into_iter().chain(adx));
    }
    ways.push(PORTABLE);
    cpu::allowed(ways, |backend| backend.name)
});

const PORTABLE: Backend = Backend { name: cpu::PORTABLE, way: Way::Portable };

impl Backend {
    /// All ways that this machine has, fastest first; never empty. Where `JOTLAB_BACKEND` asks for a way, it is
    /// the only one.
    pub fn all() -> impl Iterator<Item = &'static Backend> {
        HERE.iter()
    }

    /// The way production takes: the first of [`Backend::all`].
    pub fn fastest() -> &'static Backend {
        Self::all().next().unwrap_or(&PORTABLE)
    }

    /// What this way wants to know of a modulus; the time depends on it.
    pub(super) fn prepare(&self, n: &BigUint) -> Preparation {
        match self.way {
            Way::Portable => Preparation::Portable,
            #[cfg(target_arch = "x86_64")]
            Way::Adx(proof) => Preparation::Adx(proof),
            #[cfg(target_arch = "x86_64")]
            Way::Ifma(proof) => {
                Prepared::new(proof, n).map_or(Preparation::Portable, Preparation::Ifma)
            }
        }
    }
}

/// What a way wants to know of a modulus.
#[derive(Clone)]
pub(super) enum Preparation {
    /// Nothing more than [`Modulus`] has anyway.
    Portable,
    /// Nothing more, either.
    #[cfg(target_arch = "x86_64")]
    Adx(Adx),
    #[cfg(target_arch = "x86_64")]
    Ifma(Prepared),
}

impl Preparation {
    /// Here the modulus becomes a secret.
    pub(super) fn mark_secret(&self) {
        match self {
            Preparation::Portable => {}
            #[cfg(target_arch = "x86_64")]
            Preparation::Adx(_) => {}
            #[cfg(target_arch = "x86_64")]
            Preparation::Ifma(prepared) => prepared.mark_secret(),
        }
    }
}

impl Modulus {
    /// The way that exponentiations modulo this number take.
    pub fn backend(&self) -> &'static str {
        match self.preparation {
            Preparation::Portable => cpu::PORTABLE,
            #[cfg(target_arch = "x86_64")]
            Preparation::Adx(_) => Adx::NAME,
            #[cfg(target_arch = "x86_64")]
            Preparation::Ifma(_) => Ifma::NAME,
        }
    }

    /// x^e mod n for a public exponent e ≥ 1, by this machine's fastest way: what the last step of the
    /// [`ladder`](Modulus::ladder) is, as a number.
    ///
    /// # Errors
    ///
    /// When x ≥ n; that this is so becomes public, x itself does not.
    pub fn power_of_vartime(&self, x: &Number, e: &BigUint) -> Result<Number, Error> {
        match &self.preparation {
            #[cfg(target_arch = "x86_64")]
            Preparation::Ifma(prepared) if e.bits() > 1 => {
                let x = prepared.shape.split(&*self.checked(x)?);
                let exponent = x86_ifma::Exponent::Public(e);
                let power = x86_ifma::power(prepared, &x, exponent);
                Ok(self.below_n(Shape::join(&power, self.words() + 1)))
            }
            _ => Ok(self.number_of(&self.power_vartime(&self.residue_of(x)?, e))),
        }
    }

    /// x^e mod n for a secret exponent, as [`power`](Modulus::power), as a number.
    ///
    /// # Errors
    ///
    /// When x ≥ n.
    pub(crate) fn power_of(&self, x: &Number, e: &Number) -> Result<Number, Error> {
        match &self.preparation {
            #[cfg(target_arch = "x86_64")]
            Preparation::Ifma(prepared) => {
                let x = prepared.shape.split(&*self.checked(x)?);
                let exponent = x86_ifma::Exponent::Secret([e]);
                let power = x86_ifma::power(prepared, &x, exponent);
                Ok(self.below_n(Shape::join(&power, self.words() + 1)))
            }
            _ => Ok(self.number_of(&self.power(&self.residue_of(x)?, e))),
        }
    }

    /// x^e for each of two moduli with a secret exponent of its own, as [`power`](Modulus::power): the halves
    /// of RSA's private operation, in step where the machine's way takes two at once.
    ///
    /// # Errors
    ///
    /// When an x is not below its modulus.
    pub(crate) fn power_both(
        moduli: [&Modulus; 2],
        x: [&Number; 2],
        e: [&Number; 2],
    ) -> Result<[Number; 2], Error> {
        #[cfg(target_arch = "x86_64")]
        if let [Preparation::Ifma(p), Preparation::Ifma(q)] = moduli.map(|m| &m.preparation)
            && e[0].words().len() == e[1].words().len()
        {
            let digits = [
                p.shape.split(&*moduli[0].checked(x[0])?),
                q.shape.split(&*moduli[1].checked(x[1])?),
            ];
            let exponent = x86_ifma::Exponent::Secret(e);
            if let Some([a, b]) = x86_ifma::power_both([p, q], digits.each_ref(), exponent) {
                let below = |x: &Number, n: &Modulus| n.below_n(Shape::join(x, n.words() + 1));
                return Ok([below(&a, moduli[0]), below(&b, moduli[1])]);
            }
        }
        Ok([moduli[0].power_of(x[0], e[0])?, moduli[1].power_of(x[1], e[1])?])
    }
}

/// x^e mod n for several numbers, each with its modulus, in their order; e is public. Numbers whose moduli are
/// of one length go side by side where the machine's way has lanes.
///
/// Nothing where x ≥ n.
pub fn power_many_vartime(tasks: &[(&Modulus, &Number)], e: &BigUint) -> Vec<Option<Number>> {
    let mut powers = vec![None; tasks.len()];
    for i in in_lanes(tasks, Exponents::Public(e), &mut powers) {
        let (modulus, x) = tasks[i];
        powers[i] = modulus.power_of_vartime(x, e).ok();
    }
    powers
}

/// The same with a secret exponent for each, as [`power`](Modulus::power).
pub(crate) fn power_many(tasks: &[(&Modulus, &Number)], e: &[&Number]) -> Vec<Option<Number>> {
    let mut powers = vec![None; tasks.len()];
    for two in in_lanes(tasks, Exponents::Secret(e), &mut powers).chunks(2) {
        if let [i, j] = *two
            && let ([(m, x), (n, y)], e) = ([tasks[i], tasks[j]], [e[i], e[j]])
            && let Ok([a, b]) = Modulus::power_both([m, n], [x, y], e)
        {
            (powers[i], powers[j]) = (Some(a), Some(b));
            continue;
        }
        for &i in two {
            let (modulus, x) = tasks[i];
            powers[i] = modulus.power_of(x, e[i]).ok();
        }
    }
    powers
}

/// How many numbers of one length are best given to [`power_many`] at once.
pub(crate) fn side_by_side() -> usize {
    match Backend::fastest().way {
        #[cfg(target_arch = "x86_64")]
        Way::Ifma(_) => super::x86_ifma_columns::LANES,
        _ => 1,
    }
}

/// The exponents of several numbers.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "there are no lanes"))]
enum Exponents<'e> {
    /// One for all.
    Public(&'e BigUint),
    /// One for each.
    Secret(&'e [&'e Number]),
}

/// From so many on, eight lanes are faster than one after the other: with 2048 bits they take the time of five and a
/// half verifications, or of three signatures, whose halves are pairs.
#[cfg(target_arch = "x86_64")]
const WORTH_IT: usize = 6;

/// Does what fills eight lanes, or most of them; says which tasks are left.
#[cfg(target_arch = "x86_64")]
fn in_lanes(
    tasks: &[(&Modulus, &Number)],
    exponents: Exponents<'_>,
    powers: &mut [Option<Number>],
) -> Vec<usize> {
    use super::x86_ifma_columns::LANES;
    use x86_ifma::Exponent;
    let mut alone = vec![];
    // what goes side by side has moduli of one shape and exponents of one length
    let mut alike = BTreeMap::<_, Vec<(usize, &Prepared, Cow<'_, Number>)>>::new();
    for (i, (modulus, x)) in tasks.iter().enumerate() {
        let words = match exponents {
            Exponents::Public(e) => (e.bits() > 1).then_some(0),
            Exponents::Secret(e) => Some(e[i].words().len()),
        };
        match (&modulus.preparation, words) {
            (Preparation::Ifma(prepared), Some(words)) => {
                if let Ok(x) = modulus.checked(x) {
                    let ready = alike.entry((prepared.shape.vectors, words)).or_default();
                    ready.push((i, prepared, x));
                }
            }
            _ => alone.push(i),
        }
    }
    let mut memory = vec![];
    for group in alike.values().flat_map(|ready| ready.chunks(LANES)) {
        if group.len() < WORTH_IT {
            alone.extend(group.iter().map(|(i, ..)| i));
            continue;
        }
        // the last group's empty lanes do the work of its last number again
        let at = |lane: usize| &group[lane.min(group.len() - 1)];
        let exponent = match exponents {
            Exponents::Public(e) => Exponent::Public(e),
            Exponents::Secret(e) => Exponent::Secret(core::array::from_fn(|lane| e[at(lane).0])),
        };
        let lanes = core::array::from_fn(|lane| at(lane).1);
        let x = core::array::from_fn(|lane| &*at(lane).2);
        let done = x86_ifma_lanes::power(lanes, x, exponent, &mut memory);
        for ((i, ..), power) in group.iter().zip(done) {
            let modulus = tasks[*i].0;
            powers[*i] = Some(modulus.below_n(power));
        }
    }
    alone
}

/// There are none here.
#[cfg(not(target_arch = "x86_64"))]
fn in_lanes(
    tasks: &[(&Modulus, &Number)],
    _exponents: Exponents<'_>,
    _powers: &mut [Option<Number>],
) -> Vec<usize> {
    (0..tasks.len()).collect()
}
