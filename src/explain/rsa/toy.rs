//! RSA with numbers that fit on paper: the key (RFC 8017 §3), the public and the private operation (§5), by
//! the same code that signs with 2048 bits.

use super::super::code::{Code, code};
use super::super::step::{Stage, Step};
use super::super::trace::{End, Trace, Unfaithful};
use super::super::value::Value;
use super::toy_error::{MAX_TOY_BITS, ToyError};
use super::{LADDER, ladder_steps};
use crate::modular::Number;
use crate::rsa::prime::{ROUNDS_FOR_GIVEN, is_probable_prime};
use crate::rsa::{Components, KeyError, PrivateKey, lambda};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::ToPrimitive;

const PRIMES: Code = code!("rsa/prime.rs", "pub fn is_probable_prime(");
const MODULUS: Code = code!("rsa/key.rs", "Self::new(&Components { n: &p * &q,");
const LAMBDA: Code = code!("rsa/key.rs", "(p - 1u32).lcm(&(q - 1u32))");
const INVERSE: Code = code!("rsa/key.rs", "let d = e.modinv(");
const JOINED: Code = code!("rsa/primitive.rs", "let m = Number::multiply_add(q.number(), &h, &m2)");

/// The largest modulus whose whole table of m^e is shown.
const WHOLE_TABLE: u64 = 64;

/// RSA with tiny numbers: the key of the primes p and q for the exponent e, m^e, and back.
///
/// Ids: `toy.p`, `toy.q`, `toy.n`, `toy.lambda`, `toy.d`, `toy.c.sqr1`, …, `toy.c`, `toy.back.sqr1`, …,
/// `toy.m`.
///
/// # Errors
///
/// When a number has more than [`MAX_TOY_BITS`] bits or breaks a rule of RFC 8017 §3.1; the error says
/// which.
pub fn toy(p: u64, q: u64, e: u64, m: u64) -> Result<Trace, ToyError> {
    let key = key([("p", p), ("q", q), ("e", e), ("m", m)])?;
    let public = key.public();
    let n = public.modulus();
    let title = format!("RSA with p = {p}, q = {q}, e = {e}, m = {m}");
    let not_below = || ToyError::Message(m, public.n().to_u64().unwrap_or(u64::MAX));
    let residue = n.residue(&m.into()).map_err(|_| not_below())?;
    let c = n.number_of(&n.power_vartime(&residue, public.e()));
    let end = End::Value(BigUint::from(m).to_bytes_be());
    let Ok(halves) = key.crt(&c) else {
        return Err(Unfaithful { subject: "rsa-toy", production: end }.into());
    };
    let c = c.to_biguint();
    let back = [&halves.m1, &halves.m2, &halves.h, &halves.m].map(Number::to_biguint);
    let parts = key.components();
    let mut stages = vec![primes_stage(&parts), n_stage(&parts), lambda_stage(&parts)];
    stages.push(d_stage(&parts));
    stages.push(forth_stage(&key, m));
    stages.extend(table_stage(&key));
    stages.push(back_stage(&key, &c));
    stages.push(crt_stage(&key, &c, back));
    Ok(Trace::new("rsa-toy", title, stages, end)?)
}

/// A key of these numbers, or the first rule that they break.
fn key(numbers: [(&'static str, u64); 4]) -> Result<PrivateKey, ToyError> {
    for (letter, value) in numbers {
        let bits = u64::BITS - value.leading_zeros();
        if bits > MAX_TOY_BITS {
            return Err(ToyError::TooLong(letter, bits));
        }
    }
    let [p, q, (_, e), _] = numbers;
    for (letter, value) in [p, q] {
        if !is_probable_prime(&value.into(), ROUNDS_FOR_GIVEN)? {
            return Err(ToyError::NotPrime(letter, value));
        }
        if value == 2 {
            return Err(ToyError::Two(letter));
        }
    }
    let [p, q] = [p.1, q.1];
    if p == q {
        return Err(ToyError::SamePrimes(p));
    }
    match PrivateKey::from_primes(p.into(), q.into(), e.into()) {
        Ok(key) => Ok(key),
        Err(KeyError::Exponent) => Err(ToyError::Exponent(e)),
        Err(KeyError::Inconsistent(_)) if e.is_multiple_of(2) => Err(ToyError::Exponent(e)),
        Err(KeyError::Inconsistent(_)) => {
            let lambda = lambda(&p.into(), &q.into()).to_u64().unwrap_or(u64::MAX);
            Err(ToyError::NotCoprime(e, lambda))
        }
        Err(error) => Err(error.into()),
    }
}

fn primes_stage(parts: &Components) -> Stage {
    let prime = |letter: &'static str, value: &BigUint| {
        Step::new(format!("toy.{letter}"), format!("{letter} is a prime"))
            .outputs([Value::number(letter, value.clone())])
            .outcome(Ok(()))
    };
    let why = "Everything begins with two primes that only the owner knows. Real ones have 1024 bits each.";
    Stage::new("toy.primes", "two primes", "RFC 8017 §3.1")
        .code(PRIMES)
        .why(why)
        .step(prime("p", &parts.p))
        .step(prime("q", &parts.q))
}

fn n_stage(parts: &Components) -> Stage {
    let step = Step::new("toy.n", "n = p · q")
        .inputs([Value::number("p", parts.p.clone()), Value::number("q", parts.q.clone())])
        .outputs([Value::number("n", parts.n.clone())]);
    let why = "The product is public, the primes are not. This one anybody takes apart by trying; nobody \
               knows how to do it with 2048 bits.";
    Stage::new("toy.n", "modulus", "RFC 8017 §3.1").code(MODULUS).why(why).step(step)
}

fn lambda_stage(parts: &Components) -> Stage {
    let step = Step::new("toy.lambda", "λ(n), the least common multiple of p − 1 and q − 1")
        .inputs([Value::number("p − 1", &parts.p - 1u32), Value::number("q − 1", &parts.q - 1u32)])
        .outputs([Value::number("λ(n)", lambda(&parts.p, &parts.q))]);
    let why = "After so many multiplications a power modulo n comes back to where it was: x^(λ(n) + 1) is \
               x again. Who knows the primes knows this number. Older books take φ(n) = (p − 1)(q − 1), a \
               multiple of it; both work.";
    Stage::new("toy.lambda", "how powers repeat", "RFC 8017 §3.1").code(LAMBDA).why(why).step(step)
}

fn d_stage(parts: &Components) -> Stage {
    let lambda = lambda(&parts.p, &parts.q);
    let product = &parts.e * &parts.d;
    let (times, rest) = product.div_rem(&lambda);
    let step = Step::new("toy.d", "e · d leaves 1 when divided by λ(n)")
        .inputs([Value::number("e", parts.e.clone()), Value::number("λ(n)", lambda.clone())])
        .outputs([Value::number("d", parts.d.clone())])
        .remark(format!("{} · {} = {product} = {times} · {lambda} + {rest}", parts.e, parts.d));
    let why = "The private exponent undoes the public one: (x^e)^d = x^(e·d), and e · d is one more than a \
               multiple of λ(n).";
    Stage::new("toy.d", "private exponent", "RFC 8017 §3.2").code(INVERSE).why(why).step(step)
}

fn forth_stage(key: &PrivateKey, m: u64) -> Stage {
    let public = key.public();
    let steps = public.modulus().residue(&m.into()).map(|m| {
        let ladder = public.modulus().ladder(&m, public.e());
        ladder_steps("toy.c", "m", public.modulus(), ladder)
    });
    let why = format!(
        "c = m^e mod n. e = {0} is {0:b} in binary: from the left, the first 1 is m = {m} itself; each \
         further digit squares, a 1 multiplies by m as well. The last value is c.",
        public.e()
    );
    Stage::new("toy.c", "public operation", "RFC 8017 §5.2.2 step 2")
        .code(LADDER)
        .why(why)
        .table(&["does", "value"])
        .steps(steps.unwrap_or_default())
}

/// Every m and its m^e, if they are few.
fn table_stage(key: &PrivateKey) -> Option<Stage> {
    let public = key.public();
    let n = public.n().to_u64().filter(|&n| n <= WHOLE_TABLE)?;
    let steps = (0..n).filter_map(|m| {
        let residue = public.modulus().residue(&m.into()).ok()?;
        let c = public.modulus().power_vartime(&residue, public.e());
        Some(
            Step::new(format!("toy.all.{m}"), format!("{m} ↦"))
                .outputs([Value::number("c", public.modulus().value(&c))]),
        )
    });
    let why = "m^e mod n for every m: each number comes out once, so that each can be found back; some stay where they \
               are. With 2048 bits nobody can write this table.";
    Some(
        Stage::new("toy.all", "the whole table", "RFC 8017 §5.2.2")
            .why(why)
            .table(&["c"])
            .steps(steps.collect::<Vec<_>>()),
    )
}

fn back_stage(key: &PrivateKey, c: &BigUint) -> Stage {
    let n = key.public().modulus();
    let d = key.components().d;
    let steps = n.residue(c).map(|c| ladder_steps("toy.back", "c", n, n.ladder(&c, &d)));
    let why = format!(
        "m = c^d mod n, with d = {d}, {d:b} in binary. A signature is this operation, and checking it is \
         the one above: the owner alone can do this one, everybody the other."
    );
    Stage::new("toy.back", "private operation", "RFC 8017 §5.2.1 step 2")
        .code(LADDER)
        .why(why)
        .table(&["does", "value"])
        .steps(steps.unwrap_or_default())
}

fn crt_stage(key: &PrivateKey, c: &BigUint, [m1, m2, h, m]: [BigUint; 4]) -> Stage {
    let Components { p, q, dp, dq, qi, .. } = key.components();
    let step = Step::new("toy.m", "m from c and the primes")
        .inputs([
            Value::number("c", c.clone()),
            Value::number("p", p),
            Value::number("dP", dp),
            Value::number("q", q),
            Value::number("dQ", dq),
            Value::number("qInv", qi),
        ])
        .outputs([
            Value::number("m1 = c^dP mod p", m1),
            Value::number("m2 = c^dQ mod q", m2),
            Value::number("h = (m1 − m2) · qInv mod p", h),
            Value::number("m = m2 + q · h", m),
        ]);
    let why = "Real keys take c^dP mod p and c^dQ mod q, each half as long, and put m together from both: \
               four times as fast, and the same m.";
    Stage::new("toy.m", "the same by the primes", "RFC 8017 §5.1.2 step 2b")
        .code(JOINED)
        .why(why)
        .step(step)
}
