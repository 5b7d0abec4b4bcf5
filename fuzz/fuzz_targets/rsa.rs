//! Whether our arithmetic and that of the `rsa` crate come to the same result, whatever the numbers are.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/rsa/tests/support/mod.rs"]
mod support;

fuzz_target!(|bytes: &[u8]| support::Case::from_bytes(bytes).check("fuzzing"));
