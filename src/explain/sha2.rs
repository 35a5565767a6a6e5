//! The steps of SHA-2 (FIPS 180-4 §5.1, §6), as [`sha2`](crate::sha2) makes them.

use super::code::{Code, code};
use super::step::{Stage, Step};
use super::trace::{End, Trace};
use super::value::Value;
use super::{ExplainError, figures, fits};
use crate::sha2::backend::Backend;
use crate::sha2::compress::{
    State, feed_forward, rounds, schedule, small_sigma0, small_sigma1, temporaries,
};
use crate::sha2::padding::padding;
use crate::sha2::word::{W32, W64, Word};
use crate::sha2::{Algorithm, Hasher, Initial};
use core::iter;

const PADDING: Code = code!("sha2/padding.rs", "let fits = tail.len() + 1 + W::LENGTH_BYTES");
const WORDS: Code = code!("sha2/compress.rs", "w.iter_mut().zip(W::words");
const SCHEDULE: Code = code!("sha2/compress.rs", "w[t] = small_sigma1");
const ROUND: Code = code!("sha2/compress.rs", "[t1 + t2, a, b, c, d + t1, e, f, g]");
const FEED_FORWARD: Code = code!("sha2/compress.rs", "*h_i += v;");
const DIGEST: Code = code!("sha2/digest.rs", "word.put(chunk);");

const LETTERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
const H: [&str; 8] = ["H0", "H1", "H2", "H3", "H4", "H5", "H6", "H7"];

/// Every step of the digest of a message of at most [`MAX_MESSAGE_BYTES`](super::MAX_MESSAGE_BYTES) bytes.
///
/// Ids: `sha256.input`, `sha256.pad`, `sha256.b0.w17`, `sha256.b0.r17`, `sha256.b0.h`, `sha256.digest`; the
/// first word is the hash's name on the command line.
///
/// # Errors
///
/// When the message is longer, and when the steps do not end as production does.
pub fn digest(algorithm: Algorithm, message: &[u8]) -> Result<Trace, ExplainError> {
    fits(message)?;
    let stages = match algorithm.initial() {
        Initial::Narrow(h) => stages::<W32>(algorithm, *h, message),
        Initial::Wide(h) => stages::<W64>(algorithm, *h, message),
    };
    let digest = algorithm.digest(message);
    let title = format!("{algorithm} of {} bytes", message.len());
    let end = End::Value(digest.as_bytes().to_vec());
    let mut trace = Trace::new(algorithm.command_name(), title, stages, end)?;
    figures::compare_sha2(&mut trace, algorithm, message);
    let same = |backend: &&Backend| {
        let mut hasher = Hasher::with_backend(algorithm, backend);
        hasher.update(message);
        hasher.finish() == digest
    };
    Ok(trace.agreed_by(Backend::all().filter(same).map(|backend| backend.name_for(algorithm))))
}

fn stages<W: Word>(algorithm: Algorithm, initial: State<W>, message: &[u8]) -> Vec<Stage> {
    let name = algorithm.command_name();
    let (whole, tail) = W::blocks(message);
    let last = padding::<W>(tail, message.len() as u128);
    let mut stages = vec![input(name, message), pad::<W>(name, message, last.blocks())];
    let mut h = initial;
    for (i, block) in whole.iter().chain(last.blocks()).enumerate() {
        let w = schedule::<W>(block);
        let id = format!("{name}.b{i}");
        stages.push(schedule_stage::<W>(&id, &w));
        stages.push(rounds_stage::<W>(&id, h, &w));
        let before = h;
        let last = rounds::<W>(h, &w).last().unwrap_or(h);
        feed_forward(&mut h, last);
        stages.push(feed_forward_stage::<W>(&id, before, h));
    }
    stages.push(digest_stage::<W>(algorithm, h));
    stages
}

fn input(name: &'static str, message: &[u8]) -> Stage {
    let length = 8 * message.len();
    let mut step = Step::new(format!("{name}.input"), "the message")
        .outputs([Value::bytes("M", message), Value::text("length", format!("{length} bits"))]);
    if message.ends_with(b"\n") {
        step = step.remark("the last byte is a newline (0a): it is hashed like any other");
    }
    let why = "A hash takes bytes. Text, a file, a token: what counts is the bytes it is written in, \
               every one of them.";
    Stage::new(format!("{name}.input"), "input", "FIPS 180-4 §5").why(why).step(step)
}

fn pad<W: Word>(name: &'static str, message: &[u8], last: &[W::Block]) -> Stage {
    let tail = W::blocks(message).1;
    let blocks = last.iter().map(|block| Value::bytes("block", block.as_ref()));
    let step = Step::new(format!("{name}.pad"), "from the message's tail to whole blocks")
        .inputs([Value::bytes("tail", tail), Value::number("bytes", message.len())])
        .outputs(blocks);
    let why = format!(
        "The message becomes whole blocks of {} bytes: a 1 bit (80), zeros, and in the last {} bytes the \
         length in bits. With the length at the end no padded message is the end of another's.",
        W::BLOCK_BYTES,
        W::LENGTH_BYTES
    );
    let section = if W::LENGTH_BYTES == 8 { "FIPS 180-4 §5.1.1" } else { "FIPS 180-4 §5.1.2" };
    Stage::new(format!("{name}.pad"), "padding", section).code(PADDING).why(why).step(step)
}

fn schedule_stage<W: Word>(id: &str, w: &W::Schedule) -> Stage {
    let w = w.as_ref();
    let first = w[..16].iter().enumerate().map(|(t, &w_t)| {
        Step::new(format!("{id}.w{t}"), format!("W{t}, a word of the block"))
            .outputs([word("W", w_t)])
            .place("FIPS 180-4 §6.2.2 step 1", WORDS)
    });
    let later = (16..w.len()).map(|t| {
        let inputs = [
            word("W[t-2]", w[t - 2]),
            word("σ1", small_sigma1(w[t - 2])),
            word("W[t-7]", w[t - 7]),
            word("W[t-15]", w[t - 15]),
            word("σ0", small_sigma0(w[t - 15])),
            word("W[t-16]", w[t - 16]),
        ];
        Step::new(format!("{id}.w{t}"), format!("W{t}, mixed from four words before it"))
            .inputs(inputs)
            .outputs([word("W", w[t])])
    });
    let steps: Vec<Step> = first.chain(later).collect();
    let title = format!("schedule of {}", block_name(id));
    let why = format!(
        "The 16 words of the block are stretched to {}, one for each round, so that every bit of the block \
         acts in many rounds: W = σ1(W[t-2]) + W[t-7] + σ0(W[t-15]) + W[t-16].",
        w.len()
    );
    Stage::new(format!("{id}.w"), title, compression::<W>(1))
        .code(SCHEDULE)
        .why(why)
        .table(&["σ1", "σ0", "W"])
        .steps(steps)
}

fn rounds_stage<W: Word>(id: &str, h: State<W>, w: &W::Schedule) -> Stage {
    let states: Vec<State<W>> = rounds::<W>(h, w).collect();
    let before = iter::once(&h).chain(&states);
    let words = W::K.as_ref().iter().zip(w.as_ref());
    let steps =
        before.zip(&states).zip(words).enumerate().map(|(t, ((before, after), (&k, &w)))| {
            let [t1, t2] = temporaries(*before, k, w);
            let mixed = [word("K", k), word("W", w), word("T1", t1), word("T2", t2)];
            Step::new(format!("{id}.r{t}"), format!("round {t}"))
                .inputs(named(LETTERS, *before).chain(mixed))
                .outputs(named(LETTERS, *after))
        });
    let why = "T1 = h + Σ1(e) + Ch(e, f, g) + K + W and T2 = Σ0(a) + Maj(a, b, c). Then a = T1 + T2 and \
               e = d + T1; the other six letters move one place on. Only the sums cannot be undone without \
               knowing W.";
    Stage::new(format!("{id}.r"), format!("rounds of {}", block_name(id)), compression::<W>(3))
        .code(ROUND)
        .why(why)
        .table(&["K", "W", "T1", "T2", "a", "e"])
        .steps(steps)
}

fn feed_forward_stage<W: Word>(id: &str, before: State<W>, after: State<W>) -> Stage {
    let step = Step::new(format!("{id}.h"), "H before, plus what the rounds made of it")
        .inputs(named(H, before))
        .outputs(named(H, after));
    let why = "The rounds alone could be run backwards. Adding the value from before them makes a way back \
               from H unknown: this is what makes it one-way.";
    let title = format!("feed-forward of {}", block_name(id));
    Stage::new(format!("{id}.h"), title, compression::<W>(4)).code(FEED_FORWARD).why(why).step(step)
}

fn digest_stage<W: Word>(algorithm: Algorithm, h: State<W>) -> Stage {
    let id = format!("{}.digest", algorithm.command_name());
    let mut bytes = vec![0; 8 * size_of::<W>()];
    bytes.chunks_exact_mut(size_of::<W>()).zip(h).for_each(|(chunk, word)| word.put(chunk));
    let (kept, cut) = bytes.split_at(algorithm.digest_bytes());
    let mut step = Step::new(&id, "the words one behind the other").inputs(named(H, h));
    if !cut.is_empty() {
        step = step.remark(format!("the last {} bytes are left out (FIPS 180-4 §6)", cut.len()));
    }
    let why = "The last H, most significant byte first.";
    let step = step.outputs([Value::bytes("digest", kept)]);
    Stage::new(id, "digest", compression::<W>(4)).code(DIGEST).why(why).step(step)
}

fn named<W: Word>(names: [&'static str; 8], state: State<W>) -> impl Iterator<Item = Value> {
    names.into_iter().zip(state).map(|(name, value)| word(name, value))
}

fn word<W: Word>(name: &'static str, word: W) -> Value {
    let mut bytes = vec![0; size_of::<W>()];
    word.put(&mut bytes);
    Value::word(name, bytes)
}

/// `block 3` of `sha256.b3`.
fn block_name(id: &str) -> String {
    let number = id.rsplit_once(".b").map_or("", |(_, number)| number);
    format!("block {number}")
}

/// A step of the compression in the section of the word size.
fn compression<W: Word>(step: usize) -> &'static str {
    let sections = match W::BLOCK_BYTES {
        64 => ["FIPS 180-4 §6.2.2 step 1", "FIPS 180-4 §6.2.2 step 3", "FIPS 180-4 §6.2.2 step 4"],
        _ => ["FIPS 180-4 §6.4.2 step 1", "FIPS 180-4 §6.4.2 step 3", "FIPS 180-4 §6.4.2 step 4"],
    };
    match step {
        1 => sections[0],
        3 => sections[1],
        _ => sections[2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::MAX_MESSAGE_BYTES;
    use crate::explain::value::Data;

    fn shown(trace: &Trace, id: &str, name: &str) -> String {
        let (_, step) = trace.step(id).unwrap();
        match &step.value(name).unwrap().data {
            Data::Word(bytes) | Data::Bytes(bytes) => hex::encode(bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn round_zero_of_abc_is_as_in_every_textbook() {
        let trace = digest(Algorithm::Sha256, b"abc").unwrap();
        for (name, value) in
            [("T1", "54da50e8"), ("T2", "08909ae5"), ("a", "5d6aebcd"), ("e", "fa2a4622")]
        {
            assert_eq!(shown(&trace, "sha256.b0.r0", name), value, "{name}");
        }
        for (t, value) in [(16, "61626380"), (17, "000f0000"), (63, "12b1edeb")] {
            assert_eq!(shown(&trace, &format!("sha256.b0.w{t}"), "W"), value);
        }
    }

    #[test]
    fn every_length_around_a_block_ends_as_production_does() {
        for algorithm in Algorithm::ALL {
            for length in 0..=2 * algorithm.block_bytes() + 1 {
                let trace = digest(algorithm, &vec![b'x'; length]).unwrap();
                assert_eq!(trace.agreed(), Backend::names_for(algorithm));
            }
        }
        assert!(digest(Algorithm::Sha256, &vec![0; MAX_MESSAGE_BYTES + 1]).is_err());
    }
}
