//! What memcheck, a tool of valgrind, is told of secrets: a secret is memory without a defined value, and a
//! branch or an address that depends on it is what memcheck reports anyway.
//!
//! Requests are an instruction sequence without effect that valgrind knows (valgrind.h, "client requests" of
//! amd64/Linux); on the bare machine it does nothing.

use core::arch::asm;

const MAKE_MEM_UNDEFINED: u64 = REQUESTS + 1;
const MAKE_MEM_DEFINED: u64 = REQUESTS + 2;
/// The requests of memcheck: "MC" in the upper two bytes (memcheck.h).
const REQUESTS: u64 = 0x4d43_0000;
/// Whether valgrind runs the program.
const RUNNING_ON_VALGRIND: u64 = 0x1001;

pub(super) fn secret<T>(memory: &[T]) {
    request(MAKE_MEM_UNDEFINED, memory.as_ptr() as u64, size_of_val(memory) as u64);
}

pub(super) fn public<T>(memory: &[T]) {
    request(MAKE_MEM_DEFINED, memory.as_ptr() as u64, size_of_val(memory) as u64);
}

/// Whether somebody listens.
pub fn is_running() -> bool {
    request(RUNNING_ON_VALGRIND, 0, 0) != 0
}

fn request(what: u64, address: u64, length: u64) -> u64 {
    let arguments: [u64; 6] = [what, address, length, 0, 0, 0];
    let mut answer = 0;
    #[expect(unsafe_code, reason = "valgrind listens to these instructions and to no function")]
    // SAFETY: the rotations sum up to 128 bits and the exchange is of a register with itself, so nothing
    // changes but rdx, which is declared, and what valgrind knows of the memory.
    unsafe {
        asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") answer,
        );
    }
    answer
}
