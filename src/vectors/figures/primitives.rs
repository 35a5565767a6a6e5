//! Figures of the primitives beside what this library computes.

use super::model::{
    Base64, Base64Alphabet, DigestInfo, Hmac, RsaKey, RsaSign, RsaSteps, RsaVerify, Sha2,
    Sha2Constants, Sha2Steps,
};
use super::{expect, expect_bytes};
use crate::base64::{self, Alphabet};
use crate::hmac;
use crate::modular::Number;
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::{Components, PrivateKey, PublicKey, pkcs1v15};
use crate::sha2::backend::Backend;
use crate::sha2::compress::{State, feed_forward, rounds, schedule};
use crate::sha2::word::{W32, W64, Word};
use crate::sha2::{Algorithm, Digest, Hasher, constants, padding};
use num_bigint::BigUint;

type Check = Result<(), String>;

pub(super) fn sha2(case: &Sha2, backend: &Backend) -> Check {
    let algorithm = case.alg.0;
    let mut hasher = Hasher::with_backend(algorithm, backend);
    match (&case.msg, &case.repeat) {
        (Some(message), None) => hasher.update(&message.0),
        (None, Some(repeat)) => {
            // in pieces, so that a message of any length needs no more memory than one
            let piece = repeat.octet_hex.0.repeat(4096);
            let mut left = repeat.count as usize;
            while left > 0 {
                let length = left.min(piece.len());
                hasher.update(&piece[..length]);
                left -= length;
            }
        }
        _ => return Err("either msg or repeat is needed".to_owned()),
    }
    expect_bytes("md", hasher.finish().as_bytes(), &case.md.0)?;
    match (&case.steps, &case.msg) {
        (Some(steps), Some(message)) if algorithm.block_bytes() == W32::BLOCK_BYTES => {
            sha2_steps::<W32>(&message.0, steps)
        }
        (Some(steps), Some(message)) => sha2_steps::<W64>(&message.0, steps),
        _ => Ok(()),
    }
}

fn sha2_steps<W: Word>(message: &[u8], steps: &Sha2Steps) -> Check {
    let (whole, tail) = W::blocks(message);
    let last = padding::padding::<W>(tail, message.len() as u128);
    let blocks: Vec<W::Block> = whole.iter().chain(last.blocks()).copied().collect();
    let padded: Vec<u8> = blocks.iter().flat_map(AsRef::as_ref).copied().collect();
    expect_bytes("padded message", &padded, &steps.padded.0)?;
    expect("number of blocks", &blocks.len(), &steps.blocks.len())?;
    for (i, (block, stated)) in blocks.iter().zip(&steps.blocks).enumerate() {
        let mut h = state::<W>(&stated.before)?;
        let w = schedule::<W>(block);
        expect(&format!("W of block {i}"), &words(w.as_ref()), &stated.schedule.join(" "))?;
        expect("number of rounds", &stated.rounds.len(), &w.as_ref().len())?;
        for (t, (round, row)) in rounds(h, &w).zip(&stated.rounds).enumerate() {
            expect(&format!("a…h of block {i} round {t}"), &words(&round), &row.join(" "))?;
        }
        let last = rounds(h, &w).last().unwrap_or(h);
        feed_forward(&mut h, last);
        expect(&format!("H after block {i}"), &words(&h), &stated.after.join(" "))?;
    }
    Ok(())
}

fn state<W: Word>(stated: &[String]) -> Result<State<W>, String> {
    let bytes = hex::decode(stated.concat()).map_err(|error| error.to_string())?;
    let words: Vec<W> = W::words(&bytes).collect();
    words.try_into().map_err(|_| "a state has eight words".to_owned())
}

fn words<W: Word>(words: &[W]) -> String {
    let width = 2 * size_of::<W>();
    words.iter().map(|word| format!("{word:0width$x}")).collect::<Vec<_>>().join(" ")
}

pub(super) fn sha2_constants(case: &Sha2Constants) -> Check {
    let k = match case.word_bits {
        32 => words(&constants::K32),
        64 => words(&constants::K64),
        other => return Err(format!("no words of {other} bits")),
    };
    expect("K", &k, &case.k.join(" "))?;
    for (name, stated) in &case.initial {
        let h = match name.parse().map_err(|_| format!("no hash {name}"))? {
            Algorithm::Sha224 => words(&constants::H224),
            Algorithm::Sha256 => words(&constants::H256),
            Algorithm::Sha384 => words(&constants::H384),
            Algorithm::Sha512 => words(&constants::H512),
            Algorithm::Sha512_224 => words(&constants::H512_224),
            Algorithm::Sha512_256 => words(&constants::H512_256),
        };
        expect(&format!("H(0) of {name}"), &h, &stated.join(" "))?;
    }
    Ok(())
}

pub(super) fn hmac(case: &Hmac, backend: &Backend) -> Check {
    let algorithm = case.alg.0;
    let key = hmac::Hmac::with_backend(algorithm, &case.key.0, backend);
    let mut stream = key.stream();
    stream.update(&case.msg.0);
    let (inner, tag) = stream.digests();
    let length = case.tag.0.len();
    let most = tag.len();
    if !(1..=most).contains(&length) {
        return Err(format!("the tag that is stated has {length} bytes, not 1 to {most}"));
    }
    expect_bytes("tag", &tag[..length], &case.tag.0)?;
    // a truncated tag is for comparing, not for verifying
    expect("verify", &key.verify(&case.msg.0, &case.tag.0), &(length == tag.len()))?;
    if let Some(steps) = &case.steps {
        let k0 = hmac::block_key(algorithm, &case.key.0);
        let [ipad, opad] = hmac::pads(&k0);
        let block = algorithm.block_bytes();
        expect_bytes("K0", &k0[..block], &steps.k0.0)?;
        expect_bytes("K0 ⊕ ipad", &ipad[..block], &steps.ipad.0)?;
        expect_bytes("K0 ⊕ opad", &opad[..block], &steps.opad.0)?;
        expect_bytes("inner digest", inner.as_bytes(), &steps.inner.0)?;
    }
    Ok(())
}

pub(super) fn base64(case: &Base64) -> Check {
    if let Some(text) = &case.text {
        expect("encoded", &base64::encode_standard(&case.data.0), text)?;
        let decoded = base64::decode_standard(text).map_err(|error| error.to_string())?;
        expect_bytes("decoded", &decoded, &case.data.0)?;
    }
    if let Some(url) = &case.url {
        expect("encoded", &base64::encode_url(&case.data.0), url)?;
        let decoded = base64::decode_url(url).map_err(|error| error.to_string())?;
        expect_bytes("decoded", &decoded, &case.data.0)?;
    }
    if case.text.is_none() && case.url.is_none() {
        return Err("text or url is needed".to_owned());
    }
    Ok(())
}

pub(super) fn base64_alphabet(case: &Base64Alphabet) -> Check {
    let alphabet = match case.encoding.as_str() {
        "base64" => Alphabet::Standard,
        "base64url" => Alphabet::Url,
        other => return Err(format!("no alphabet {other}")),
    };
    let letters = (0..64).map(|sextet| char::from(alphabet.letter(sextet))).collect::<String>();
    expect("alphabet", &letters, &case.alphabet)
}

pub(super) fn digest_info(case: &DigestInfo) -> Check {
    let digest = case.alg.0.digest(b"");
    let der = emsa::digest_info(&digest, Parameters::Null);
    let (prefix, rest) = der.split_at(der.len() - digest.as_bytes().len());
    expect_bytes("prefix", prefix, &case.prefix.0)?;
    expect("length of the digest", &rest.len(), &case.digest_octets)
}

pub(super) fn rsa_sign(case: &RsaSign, backend: &Backend) -> Check {
    let key = private_key(&case.key)?;
    let digest = digest(case.alg.0, &case.msg.0, backend);
    let signature = pkcs1v15::sign(&key, &digest).map_err(|error| error.to_string())?;
    expect_bytes("signature", &signature, &case.sig.0)?;
    let verified = pkcs1v15::verify(key.public(), &digest, &case.sig.0).is_ok();
    expect("verifies", &verified, &true)?;
    let Some(steps) = &case.steps else { return Ok(()) };
    let em = emsa::encode(&digest, Parameters::Null, signature.len());
    let em = em.map_err(|error| error.to_string())?;
    rsa_steps(steps, &digest, &em)?;
    // m in the standard's letters: the halves of what is signed, without blinding
    let halves = key.crt(&Number::from_bytes(&em)).map_err(|error| error.to_string())?;
    for (name, stated, found) in
        [("m1", &steps.m1, halves.m1), ("m2", &steps.m2, halves.m2), ("h", &steps.h, halves.h)]
    {
        if let Some(stated) = stated {
            let stated = BigUint::from_bytes_be(&stated.0);
            expect(name, &found.to_biguint(), &stated)?;
        }
    }
    Ok(())
}

pub(super) fn rsa_verify(case: &RsaVerify, backend: &Backend) -> Check {
    let key = public_key(&case.key)?;
    let digest = digest(case.alg.0, &case.msg.0, backend);
    let verified = pkcs1v15::verify(&key, &digest, &case.sig.0).is_ok();
    expect("verifies", &verified, &case.valid)?;
    let Some(steps) = &case.steps else { return Ok(()) };
    let em = key.recover(&case.sig.0).ok_or("the signature is not below the modulus")?;
    rsa_steps(steps, &digest, &em)
}

fn rsa_steps(steps: &RsaSteps, digest: &Digest, em: &[u8]) -> Check {
    let info = emsa::digest_info(digest, Parameters::Null);
    for (name, stated, found) in [
        ("digest", &steps.digest, digest.as_bytes()),
        ("DigestInfo", &steps.digestinfo, &info),
        ("EM", &steps.em, em),
    ] {
        if let Some(stated) = stated {
            expect_bytes(name, found, &stated.0)?;
        }
    }
    Ok(())
}

fn digest(algorithm: Algorithm, message: &[u8], backend: &Backend) -> Digest {
    let mut hasher = Hasher::with_backend(algorithm, backend);
    hasher.update(message);
    hasher.finish()
}

fn public_key(key: &RsaKey) -> Result<PublicKey, String> {
    let [n, e] = [&key.n, &key.e].map(|hex| BigUint::from_bytes_be(&hex.0));
    PublicKey::new(n, e).map_err(|error| error.to_string())
}

fn private_key(key: &RsaKey) -> Result<PrivateKey, String> {
    let integer = |hex: &super::model::Hex| BigUint::from_bytes_be(&hex.0);
    let (n, e) = (integer(&key.n), integer(&key.e));
    let d = key.d.as_ref().map(integer).ok_or("d is needed")?;
    let crt = [&key.p, &key.q, &key.dp, &key.dq, &key.qi].map(|part| part.as_ref().map(integer));
    let key = match crt {
        [Some(p), Some(q), Some(dp), Some(dq), Some(qi)] => {
            PrivateKey::new(&Components { n, e, d, p, q, dp, dq, qi })
        }
        _ => PrivateKey::from_exponents(n, e, d),
    };
    key.map_err(|error| error.to_string())
}
