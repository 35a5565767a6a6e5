//! SHA-2: the same message by other cuts, messages of bits, messages whose length does not fit in a counter.

use super::{Entry, Smithy};
use crate::sha2::padding::LastBits;
use crate::sha2::{Algorithm, Hasher};
use serde_json::json;

/// Cuts of a message, in blocks' fractions: how many bytes each call gets.
fn cuts(block: usize) -> [(&'static str, Vec<usize>); 8] {
    [
        ("byte-by-byte", vec![1; 2 * block]),
        ("just-a-block", vec![block, block]),
        ("fills-the-buffer", vec![block - 1, 1, 5]),
        ("fills-the-buffer-by-more", vec![3, block - 3, block - 1, 1]),
        ("goes-over-the-buffer", vec![block - 1, 2, block]),
        ("empty-first", vec![0, 10]),
        ("empty-between", vec![10, 0, 10, 0, block]),
        ("empty-last", vec![block + 1, 0]),
    ]
}

pub(super) fn updates(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    for hash in Algorithm::ALL {
        let name = hash.command_name();
        for (cut, lengths) in cuts(hash.block_bytes()) {
            let message = smithy.source.bytes(&format!("updates/{name}"), lengths.iter().sum());
            let mut rest = &message[..];
            let mut chunks = vec![];
            for length in lengths {
                let (chunk, behind) = rest.split_at(length);
                chunks.push(hex::encode(chunk));
                rest = behind;
            }
            entries.push(Entry::new(
                format!("{name}-{cut}"),
                "sha2.chunks",
                "FIPS 180-4 §5.1",
                "catches an update that loses, overwrites or miscounts what waits in the buffer",
                &format!("hex:{}", hash.digest(&message)),
                json!({ "alg": hash.name(), "chunks": chunks }),
            ));
        }
        let block_bits = 8 * hash.block_bytes() as u64;
        // around the border where the padding needs a block more
        let border = block_bits - 2 * block_bits / 16;
        for bits in [1, 5, 7, 9, border - 9, border - 1, border + 3, block_bits - 1, block_bits + 1]
        {
            let bytes = smithy.source.bytes(&format!("bits/{name}"), bits.div_ceil(8) as usize);
            let (whole, last) = bytes.split_at((bits / 8) as usize);
            let mut hasher = Hasher::new(hash);
            hasher.update(whole);
            let last = LastBits::new(last[0], (bits % 8) as u8).unwrap_or(LastBits::NONE);
            entries.push(Entry::new(
                format!("{name}-{bits}-bits"),
                "sha2.bits",
                "FIPS 180-4 §5.1",
                "catches bits of the last byte that are dropped, or hashed where they do not count",
                &format!("hex:{}", hasher.finish_bits(last)),
                json!({ "alg": hash.name(), "msg": hex::encode(&bytes), "bits": bits }),
            ));
        }
    }
    entries
}

pub(super) fn messages(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = odd(smithy);
    entries.extend(long());
    entries
}

/// Messages that a program for texts reads otherwise.
fn odd(smithy: &Smithy) -> Vec<Entry> {
    let random = smithy.source.bytes("odd", 20);
    let rows: [(&str, &str, Vec<u8>); 6] = [
        ("empty", "catches a message of no bytes that is special", vec![]),
        ("nul-first", "catches a message that ends at a zero byte", vec![0]),
        (
            "nul-inside",
            "catches a message that ends at a zero byte",
            [&random[..], &[0], &random].concat(),
        ),
        ("newline-last", "catches a newline that is stripped", b"line\n".to_vec()),
        ("crlf-last", "catches a newline that is stripped or changed", b"line\r\n".to_vec()),
        (
            "not-utf-8",
            "catches a message that is taken for a text",
            vec![0xff, 0xfe, 0x80, 0xc3, 0x28],
        ),
    ];
    let entry = |(hash, (id, comment, message)): (Algorithm, &(&str, &str, Vec<u8>))| {
        let fields = json!({
            "alg": hash.name(), "msg": hex::encode(message), "md": hash.digest(message).to_string(),
        });
        Entry::figure(
            format!("{}-{id}", hash.command_name()),
            "sha2",
            "FIPS 180-4 §3.1",
            *comment,
            fields,
        )
    };
    Algorithm::ALL
        .into_iter()
        .flat_map(|hash| rows.iter().map(move |row| (hash, row)))
        .map(entry)
        .collect()
}

/// Messages whose length does not fit in a counter.
fn long() -> Vec<Entry> {
    let entry = |hash: Algorithm, count: u64, comment: &str| {
        let mut hasher = Hasher::new(hash);
        let piece = vec![0x61; 65_536];
        let mut left = count;
        while left > 0 {
            let length = left.min(piece.len() as u64);
            hasher.update(&piece[..length as usize]);
            left -= length;
        }
        Entry::figure(
            format!("{}-{count}", hash.command_name()),
            "sha2",
            "FIPS 180-4 §5.1",
            comment,
            json!({
                "alg": hash.name(), "repeat": { "octet_hex": "61", "count": count },
                "md": hasher.finish().to_string(),
            }),
        )
    };
    let mut entries = vec![];
    for hash in Algorithm::ALL {
        for count in [8_191, 8_192, 65_535, 65_536, 65_537] {
            entries.push(entry(hash, count, "catches a length that is kept in 16 bits"));
        }
    }
    // one of each word size: 2³² bits are half a gigabyte
    for hash in [Algorithm::Sha256, Algorithm::Sha512] {
        entries.push(entry(
            hash,
            (1 << 29) + 1,
            "catches a length in bits that is kept in 32 bits",
        ));
    }
    entries
}
