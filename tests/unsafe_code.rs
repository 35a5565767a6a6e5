//! Where `unsafe` stands: the list, and the check that `src/` keeps to it.
//!
//! A kernel has one, the call that its token justifies; loads and stores of vectors are in one file. What
//! each block relies on stands above it (clippy's `undocumented_unsafe_blocks` sees to that).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

mod source;

use source::sources;
use std::collections::BTreeMap;

/// Files with `unsafe` blocks, how many, and why.
const PLACES: [(&str, usize, &str); 12] = [
    ("ct/memcheck.rs", 1, "what valgrind listens to; in no build but that of tests/constant_time"),
    ("base64/x86_avx2.rs", 1, "the call that cpu::Avx2 justifies"),
    ("base64/x86_vbmi.rs", 1, "the call that cpu::Vbmi justifies"),
    ("cpu/x86_lanes.rs", 6, "loads and stores, by address"),
    ("modular/x86_adx.rs", 1, "the instructions that cpu::Adx justifies"),
    ("modular/x86_ifma.rs", 1, "the call that cpu::Ifma justifies"),
    ("modular/x86_ifma_lanes.rs", 1, "the same"),
    ("sha2/x86_avx2_sha256.rs", 1, "the call that cpu::Avx2 justifies"),
    ("sha2/x86_avx2_sha512.rs", 1, "the same"),
    ("sha2/x86_avx512_messages.rs", 1, "the call that cpu::Avx512 justifies"),
    ("sha2/x86_avx512_sha512.rs", 1, "the same"),
    ("sha2/x86_sha.rs", 1, "the call that cpu::ShaNi justifies"),
];

#[test]
fn unsafe_stands_where_the_list_says() {
    let mut found = BTreeMap::new();
    for source in sources() {
        let blocks = source.text.matches("unsafe {").count();
        let other = ["unsafe fn", "unsafe impl", "unsafe extern", "unsafe trait", "unsafe("];
        assert!(!other.iter().any(|o| source.text.contains(o)), "{}: not a block", source.path);
        if blocks > 0 {
            found.insert(source.path, blocks);
        }
    }
    let listed = PLACES.map(|(path, blocks, _)| (path.to_owned(), blocks)).into();
    assert_eq!(found, listed, "the list: tests/unsafe_code.rs");
}
