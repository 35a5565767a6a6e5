//! The steps of HMAC (RFC 2104 §2, FIPS 198-1 §4), as [`hmac`](crate::hmac) makes them.

use super::code::{Code, code};
use super::step::{Stage, Step};
use super::trace::{End, Trace};
use super::value::Value;
use super::{ExplainError, figures, fits};
use crate::hmac::{Hmac, Tag, block_key, pads};
use crate::sha2::backend::Backend;
use crate::sha2::compress::{State, compress};
use crate::sha2::word::Word;
use crate::sha2::{Algorithm, Digest, Initial};
use core::cmp::Ordering;

const KEY: Code = code!("hmac.rs", "if key.len() > algorithm.block_bytes()");
const PADS: Code = code!("hmac.rs", "*byte ^= key");
const INNER: Code = code!("hmac.rs", "let inner = self.inner.finish();");
const OUTER: Code = code!("hmac.rs", "self.outer.update(inner.as_bytes());");

/// Every step of the code of a message of at most [`MAX_MESSAGE_BYTES`](super::MAX_MESSAGE_BYTES) bytes.
///
/// Ids: `hmac.k0`, `hmac.ipad`, `hmac.opad`, `hmac.inner`, `hmac.outer`.
///
/// # Errors
///
/// When the message is longer, and when the steps do not end as production does.
pub fn mac(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Result<Trace, ExplainError> {
    fits(key)?;
    fits(message)?;
    let title = format!("HMAC by {algorithm} of {} bytes", message.len());
    let tag = Hmac::new(algorithm, key).mac(message);
    let stages = stages(algorithm, key, message);
    let mut trace = Trace::new("hmac", title, stages, End::Value(tag.to_vec()))?;
    figures::compare_hmac(&mut trace, algorithm, key, message);
    let same =
        |backend: &&Backend| *Hmac::with_backend(algorithm, key, backend).mac(message) == *tag;
    Ok(trace.agreed_by(Backend::all().filter(same).map(|backend| backend.name_for(algorithm))))
}

/// The stages of the code of a message, from the key to the tag.
pub fn stages(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Vec<Stage> {
    let mut stream = Hmac::new(algorithm, key).stream();
    stream.update(message);
    let (inner, tag) = stream.digests();
    let block = algorithm.block_bytes();
    let k0 = block_key(algorithm, key);
    let [ipad, opad] = pads(&k0).map(|pad| pad[..block].to_vec());
    vec![
        key_stage(algorithm, key, &k0[..block]),
        pads_stage(&k0[..block], &ipad, &opad),
        inner_stage(algorithm, &ipad, message, &inner),
        outer_stage(algorithm, &opad, &inner, &tag),
    ]
}

fn key_stage(algorithm: Algorithm, key: &[u8], k0: &[u8]) -> Stage {
    let block = algorithm.block_bytes();
    let case = match key.len().cmp(&block) {
        Ordering::Less => {
            format!("{} bytes, fewer than a block of {block}: zeros are appended", key.len())
        }
        Ordering::Equal => format!("{block} bytes, a block: taken as it is, not hashed"),
        Ordering::Greater => {
            format!("{} bytes, more than a block of {block}: hashed first, then zeros", key.len())
        }
    };
    let step = Step::new("hmac.k0", "the key as one block")
        .inputs([Value::bytes("K", key).secret(), Value::text("case", case)])
        .outputs([Value::bytes("K0", k0).secret()]);
    let why = "The key becomes exactly one block of the hash, so that both hashes below begin with a block \
               that only its owner knows.";
    Stage::new("hmac.k0", "the key", "RFC 2104 §2 step 1").code(KEY).why(why).step(step)
}

fn pads_stage(k0: &[u8], ipad: &[u8], opad: &[u8]) -> Stage {
    let pad = |id: &'static str, name: &'static str, byte: &'static str, padded: &[u8]| {
        Step::new(format!("hmac.{id}"), format!("K0 ⊕ {id}, {byte} in every byte"))
            .inputs([Value::bytes("K0", k0).secret()])
            .outputs([Value::bytes(name, padded).secret()])
    };
    let why =
        "Two keys out of one, differing in half of their bits, for an inner and an outer hash.";
    Stage::new("hmac.pads", "two pads", "RFC 2104 §2 steps 2 and 5")
        .code(PADS)
        .why(why)
        .step(pad("ipad", "K0 ⊕ ipad", "36", ipad))
        .step(pad("opad", "K0 ⊕ opad", "5c", opad))
}

fn inner_stage(algorithm: Algorithm, ipad: &[u8], message: &[u8], inner: &Digest) -> Stage {
    let step = Step::new("hmac.inner", "the hash of K0 ⊕ ipad, then the message")
        .inputs([
            Value::bytes("K0 ⊕ ipad", ipad).secret(),
            Value::bytes("state behind it", state_behind(algorithm, ipad)).secret(),
            Value::bytes("text", message),
        ])
        .outputs([Value::bytes("inner", inner.as_bytes())]);
    let why = "H(K0 ⊕ ipad ‖ text). The state behind the pad is kept with the key: a message costs nothing \
               for it. Alone this could be continued by anybody who knows it (length extension).";
    Stage::new("hmac.inner", "inner hash", "RFC 2104 §2 steps 3 and 4")
        .code(INNER)
        .why(why)
        .step(step)
}

fn outer_stage(algorithm: Algorithm, opad: &[u8], inner: &Digest, tag: &Tag) -> Stage {
    let step = Step::new("hmac.outer", "the hash of K0 ⊕ opad, then the inner digest")
        .inputs([
            Value::bytes("K0 ⊕ opad", opad).secret(),
            Value::bytes("state behind it", state_behind(algorithm, opad)).secret(),
            Value::bytes("inner", inner.as_bytes()),
        ])
        .outputs([Value::bytes("tag", &tag[..])])
        .remark("the inner digest goes in as bytes, not as hex text");
    let why = "H(K0 ⊕ opad ‖ inner). The outer hash shuts the inner one away: what comes out cannot be \
               continued.";
    Stage::new("hmac.outer", "outer hash", "RFC 2104 §2 steps 6 and 7")
        .code(OUTER)
        .why(why)
        .step(step)
}

/// The hash value after one block.
fn state_behind(algorithm: Algorithm, pad: &[u8]) -> Vec<u8> {
    match algorithm.initial() {
        Initial::Narrow(h) => compressed(*h, pad),
        Initial::Wide(h) => compressed(*h, pad),
    }
}

fn compressed<W: Word>(mut h: State<W>, pad: &[u8]) -> Vec<u8> {
    compress::<W>(&mut h, W::blocks(pad).0);
    let mut bytes = vec![0; 8 * size_of::<W>()];
    bytes.chunks_exact_mut(size_of::<W>()).zip(h).for_each(|(chunk, word)| word.put(chunk));
    bytes
}
