//! What RSA signs: the encoded message EM (RFC 8017 §9.2), field by field and byte by byte.

use super::super::demo;
use super::super::form::Fields;
use super::super::page::Page;
use super::super::parts;
use super::super::refusal::Refusal;
use crate::rsa::emsa::{self, Parameters};
use crate::sha2::Algorithm;
use maud::{Markup, html};

/// The longest message that is hashed here.
const MOST_BYTES: usize = 4096;
/// Sizes of a modulus that are offered, in bits.
const SIZES: [&str; 4] = ["1024", "2048", "3072", "4096"];

/// A field of EM: its name, how many bytes, what they say, which section asks for them.
struct Field {
    name: &'static str,
    length: usize,
    says: String,
    section: &'static str,
}

pub(super) fn show(fields: &Fields) -> Result<Page, Refusal> {
    let name = fields.or("alg", "sha256");
    let algorithm: Algorithm = name.parse().map_err(|error| {
        Refusal::input("the field alg", format!("{name:?}: {error}"), "RFC 8017 §9.2 note 1")
    })?;
    let bits = fields.or("bits", "2048");
    let size: usize = bits.parse().ok().filter(|_| SIZES.contains(&bits)).ok_or_else(|| {
        Refusal::input(
            "the field bits",
            format!("{bits:?} is not offered"),
            "1024, 2048, 3072 or 4096",
        )
    })?;
    let digest = algorithm.digest(&fields.bytes("message", "abc", MOST_BYTES)?);
    let block = emsa::encode(&digest, Parameters::Null, size / 8).map_err(demo::fault)?;
    let info = emsa::digest_info(&digest, Parameters::Null).len();
    let map = map(algorithm, block.len() - info - 3);
    Ok(Page {
        path: "/em",
        title: "What RSA signs".to_owned(),
        lead: "Not the message, and not the hash alone: a block as long as the key, of which every byte is \
               fixed. A verifier builds it and compares it whole."
            .to_owned(),
        body: html! {
            (form(fields, algorithm, bits))
            (bytes(&block, &map))
            (table(&block, &map))
            section {
                h2 { "Why every byte is fixed" }
                p {
                    "s" sup { "e" } " mod n gives a block back. If a verifier looked only for a hash somewhere in it, a \
                     forger could choose the rest freely until the block is a cube: with e = 3 no key is needed for \
                     that. So nothing is parsed: the block that must come is built from the message and compared, all "
                    (block.len()) " bytes of it."
                }
                (parts::place("RFC 8017 §8.2.2 step 4", None))
            }
        },
    })
}

/// The fields in their order, PS being `ps` bytes.
fn map(algorithm: Algorithm, ps: usize) -> [Field; 10] {
    let hash = algorithm.digest_bytes();
    let field =
        |name, length, says: &str, section| Field { name, length, says: says.to_owned(), section };
    [
        field("00", 1, "the block is a smaller number than the modulus", "RFC 8017 §9.2 step 5"),
        field("01", 1, "block type 1: a signature", "RFC 8017 §9.2 step 5"),
        field(
            "PS",
            ps,
            &format!("{ps} bytes ff, as many as fit: none is free to choose"),
            "RFC 8017 §9.2 step 4",
        ),
        field("00, end of PS", 1, "the padding ends", "RFC 8017 §9.2 step 5"),
        field("DigestInfo", 2, &format!("SEQUENCE of {} bytes", 17 + hash), "RFC 8017 §A.2.4"),
        field("AlgorithmIdentifier", 2, "SEQUENCE of 13 bytes", "RFC 8017 §A.2.4"),
        field("OID", 11, &format!("which hash: {algorithm}"), "RFC 8017 §B.1"),
        field("NULL", 2, "no parameters, which must be written", "RFC 8017 §A.2.4"),
        field("OCTET STRING", 2, &format!("{hash} bytes follow"), "RFC 8017 §A.2.4"),
        field("H", hash, "the hash of the message", "RFC 8017 §9.2 step 1"),
    ]
}

fn form(fields: &Fields, algorithm: Algorithm, bits: &str) -> Markup {
    let names = Algorithm::ALL.map(|algorithm| (algorithm.command_name(), algorithm.name()));
    html! {
        form.ask method="get" action="/em" {
            label { "Message" input name="message" value=(fields.or("message", "abc")) maxlength="4096" spellcheck="false" autocomplete="off"; }
            label { "Hash" select name="alg" { (parts::options(names, algorithm.command_name())) } }
            label { "Bits of the modulus" select name="bits" { (parts::options(SIZES.map(|size| (size, size)), bits)) } }
            button { "Build it" }
        }
    }
}

/// Each field with the bytes that it is, from the start of the block on.
fn pieces<'a>(
    block: &'a [u8],
    map: &'a [Field],
) -> impl Iterator<Item = (usize, &'a Field, &'a [u8])> {
    map.iter().scan(0, |offset, field| {
        let begin = *offset;
        *offset += field.length;
        Some((begin, field, block.get(begin..*offset).unwrap_or_default()))
    })
}

fn bytes(block: &[u8], map: &[Field]) -> Markup {
    html! {
        section {
            h2 { "The block" }
            p.hint { "Choose bytes to come to their field, or a field to come to its bytes." }
            p.block {
                @for (i, (_, field, bytes)) in pieces(block, map).enumerate() {
                    a.run.(format!("f{i}")) id={ "bytes-" (i) } href={ "#field-" (i) } {
                        span.away { (field.name) ": " }
                        @for (j, byte) in bytes.iter().enumerate() { @if j > 0 { " " } (format!("{byte:02x}")) }
                    }
                    " "
                }
            }
        }
    }
}

fn table(block: &[u8], map: &[Field]) -> Markup {
    html! {
        section {
            h2 { "Its fields" }
            table.fields.stacked {
                thead { tr { th scope="col" { "field" } th scope="col" { "at" } th scope="col" { "bytes" } th scope="col" { "says" } } }
                tbody {
                    @for (i, (offset, field, bytes)) in pieces(block, map).enumerate() {
                        tr id={ "field-" (i) } {
                            th scope="row" { a.run.(format!("f{i}")) href={ "#bytes-" (i) } { (field.name) } }
                            td data-name="at" { (offset) }
                            td data-name="bytes" { (bytes.len()) }
                            td { (field.says) " " span.why { (field.section) } }
                        }
                    }
                }
            }
        }
    }
}
