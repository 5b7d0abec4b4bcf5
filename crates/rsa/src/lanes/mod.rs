//! Four numbers of 32 bits, or eight of 16, that are calculated with at once.
//!
//! In WebAssembly they are a `v128`, and each operation is one instruction. Elsewhere they are an array, and the same
//! operations are plain Rust: so native tests, which run with checks for overflow, check what WebAssembly calculates. Only
//! instructions of the finished SIMD proposal are used: what "relaxed SIMD" has besides does not load in Node.js 20.

#[cfg(not(target_arch = "wasm32"))]
mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use portable::Lanes;
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::Lanes;
