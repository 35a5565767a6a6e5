//! Whether time tells two kinds of secrets apart: `cargo bench --bench dudect`.
//!
//! Method: O. Reparaz, J. Balasch and I. Verbauwhede, "Dude, is my code constant time?" (2017). Each sample is
//! of one of two classes, drawn at random; the slowest are cropped, since a scheduler made them; Welch's t says by
//! how many standard errors the means of the classes differ. A large one is a leak on this machine; a small one
//! proves nothing, as more samples might show more. What looks at every instruction is `tests/constant_time`.
//!
//! A comparison that ends at the first difference is among the subjects: it must be seen. Exit code 1 if it is
//! not, or if another is; a build with debug assertions only shows that everything runs.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and fails by panic")]

use jotlab::base64::{decode_url, encode_url};
use jotlab::ct;
use jotlab::hmac::Hmac;
use jotlab::modular::{Modulus, Number};
use jotlab::random;
use jotlab::sha2::Algorithm;
use num_bigint::BigUint;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// Standard errors from which on a difference is one: twice the paper's 4.5, and more, since one run in many would
/// reach that by chance.
const BOUND: f64 = 10.0;

/// Samples of what takes less than a microsecond, and of what takes more than a hundred.
const SAMPLES: [usize; 2] = if cfg!(debug_assertions) { [100, 20] } else { [50_000, 5_000] };

fn main() -> ExitCode {
    let [many, few] = SAMPLES;
    println!("{:<44} {:>8} {:>8}", "", "samples", "t");
    let mut right = true;
    let mut row = |name: &str, samples: usize, t: f64, leaks: bool| {
        let seen = t.abs() > BOUND;
        right &= seen == leaks || cfg!(debug_assertions);
        let verdict = match (seen, leaks) {
            (true, true) => "seen, as planted",
            (false, true) => "NOT SEEN",
            (true, false) => "LEAKS",
            (false, false) => "",
        };
        println!("{name:<44} {samples:>8} {t:>8.1} {verdict}");
    };
    let tag = [7_u8; 1024];
    let differs_at = |at: usize| {
        let mut other = tag;
        other[at] ^= 1;
        other
    };
    // class 0: the first byte differs; class 1: the last
    let [first, last] = [differs_at(0), differs_at(1023)];
    let others = |class: bool| if class { last } else { first };
    let t = welch(many, others, |other| black_box(&tag) == other);
    row("planted: ==, first or last byte differs", many, t, true);
    let t = welch(many, others, |other| ct::eq(black_box(&tag), other));
    row("ct::eq, first or last byte differs", many, t, false);

    let key = Hmac::new(Algorithm::Sha256, &[1; 32]);
    let right_tag = key.mac(b"message");
    let tags = |class: bool| {
        let mut tag = right_tag.to_vec();
        tag[if class { 31 } else { 0 }] ^= 1;
        tag
    };
    let t = welch(many, tags, |tag| key.verify(black_box(b"message"), tag));
    row("Hmac::verify, first or last byte differs", many, t, false);

    // class 0: zeros; class 1: any
    let bytes = |class: bool| if class { any::<64>() } else { [0; 64] };
    let t = welch(many, bytes, |secret| encode_url(secret));
    row("base64 of 64 octets, zeros or any", many, t, false);
    let texts = |class: bool| encode_url(&bytes(class));
    let t = welch(many, texts, |text| decode_url(text).unwrap());
    row("base64 to 64 octets, zeros or any", many, t, false);

    let n = (BigUint::from(1_u32) << 512_u32) - 569_u32;
    let modulus = Modulus::new(&n).unwrap();
    let base = modulus.residue(&BigUint::from(3_u32)).unwrap();
    // class 0: one bit of 512; class 1: about half of them
    let exponents = |class: bool| {
        Number::new(&(BigUint::from_bytes_le(&bytes(class)) | BigUint::from(1_u32)), 8).unwrap()
    };
    let t = welch(few, exponents, |e| modulus.power(&base, e));
    row("a power, few or many bits of the exponent", few, t, false);

    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// By how many standard errors the times of the two classes differ.
fn welch<I, T>(samples: usize, input: impl Fn(bool) -> I, work: impl Fn(&I) -> T) -> f64 {
    // all inputs first: making them must not be what differs
    let inputs: Vec<(bool, I)> = (0..samples + samples / 10)
        .map(|_| {
            let class = any::<1>()[0] & 1 == 1;
            (class, input(class))
        })
        .collect();
    let time = |(class, input): &(bool, I)| {
        let start = Instant::now();
        // one is shorter than the clock can tell
        for _ in 0..8 {
            black_box(work(black_box(input)));
        }
        (*class, start.elapsed().as_secs_f64() * 1e9)
    };
    // the first tell what a cold machine does
    let times: Vec<(bool, f64)> = inputs.iter().map(time).skip(samples / 10).collect();
    let mut sorted: Vec<f64> = times.iter().map(|(_, time)| *time).collect();
    sorted.sort_by(f64::total_cmp);
    // the slowest tenth goes
    let most = sorted[samples / 10 * 9];
    let [a, b] = [false, true].map(|class| {
        let kept = times.iter().filter(|(of, time)| *of == class && *time <= most);
        Summary::of(kept.map(|(_, time)| *time))
    });
    (a.mean - b.mean) / (a.variance / a.count + b.variance / b.count).sqrt()
}

struct Summary {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Summary {
    fn of(times: impl Iterator<Item = f64> + Clone) -> Summary {
        let count: f64 = times.clone().map(|_| 1.0).sum();
        let mean = times.clone().sum::<f64>() / count;
        let variance = times.map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Summary { count, mean, variance }
    }
}

fn any<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    random::fill(&mut bytes).unwrap();
    bytes
}
