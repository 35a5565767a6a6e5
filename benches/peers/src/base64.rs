//! base64url, to a buffer of the caller's on all sides.

use crate::interleave::{Bar, Contender, Table};
use ::base64::Engine;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use base64_simd::{AsOut, URL_SAFE_NO_PAD as SIMD};
use base64_turbo::URL_SAFE_NO_PAD as TURBO;
use jotlab::base64::{decode_url_to, encode_url_to};
use jotlab::cpu::Vbmi;
use std::hint::black_box;

pub(crate) fn rows(table: &mut Table) {
    for (name, size, encode, decode) in
        [("32 B", 32, 1.7, 1.3), ("256 B", 256, 1.6, 1.3), ("1 MiB", 1 << 20, 0.95, 0.95)]
    {
        both(table, name, size, [encode, decode]);
    }
}

fn both(table: &mut Table, name: &str, size: usize, [encode, decode]: [f64; 2]) {
    let mut places = [(); 6].map(|()| vec![0; 2 * PAGE + 2 * size]);
    let [bytes, text, a, b, c, d] = places.each_mut().map(|place| at_a_page(place));
    let [a, b, c, d] = [a, b, c, d].map(|to| &mut to[PAGE / 2..]);
    let bytes = &mut bytes[..size];
    bytes.iter_mut().zip((0_u8..=255).cycle()).for_each(|(byte, i)| *byte = i.wrapping_mul(7));
    let letters = encode_url_to(bytes, text).expect("there is room");
    let text = &text[..letters];
    assert_eq!(BASE64.encode(&*bytes).as_bytes(), text);
    let from = || black_box(&*bytes);
    let contenders = [
        Contender::new("jotlab", || encode_url_to(from(), a)),
        Contender::new("base64", || BASE64.encode_slice(from(), b)),
        Contender::new("base64-simd", || SIMD.encode(from(), c.as_out()).len()),
        Contender::new("base64-turbo", || TURBO.encode_slice(from(), d)),
    ];
    table
        .compare(format!("base64url encode, {name}"), contenders)
        .bytes(size)
        .needs(Vbmi::detect().is_some())
        .bar(Bar::Ratio(encode));
    let from = || black_box(text);
    let contenders = [
        Contender::new("jotlab", || decode_url_to(from(), a).expect("our own text")),
        Contender::new("base64", || BASE64.decode_slice(from(), b).expect("our own text")),
        Contender::new("base64-simd", || {
            SIMD.decode(from(), c.as_out()).expect("our own text").len()
        }),
        Contender::new("base64-turbo", || TURBO.decode_slice(from(), d).expect("our own text")),
    ];
    table
        .compare(format!("base64url decode, {name}"), contenders)
        .bytes(size)
        .needs(Vbmi::detect().is_some())
        .bar(Bar::Ratio(decode));
}

/// A text that happens to lie in two pages of memory takes up to twice the time, whoever reads or writes it, and up to
/// five times what is read at the place of its page where a text is written in another: a load may wait for a store
/// whose address ends in the same bits. Here none does that need not.
const PAGE: usize = 4096;

fn at_a_page(place: &mut [u8]) -> &mut [u8] {
    let page = place.as_ptr().align_offset(PAGE);
    &mut place[page..]
}
