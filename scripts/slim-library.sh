# shellcheck shell=bash
# The module in the zip is compiled with a standard library in which a panic is a trap and nothing else: what panics say was 11
# KB of the zip. A trap is what the handler sees of a panic anyway (docs/decisions/0026-panics-without-words.md).

# Switches that no stable compiler has without RUSTC_BOOTSTRAP; the compiler itself is the stable one.
readonly SLIM_FLAGS=$'-Zunstable-options\x1f-Cpanic=immediate-abort'
# With the smaller of two algorithms, wherever the library has two: 3 KB less of each zip.
readonly SLIM_LIBRARY=(-Z build-std=std,panic_abort -Z build-std-features=optimize_for_size)
# What every text, copy and allocation goes through is compiled for speed, as it is in the library that comes with the compiler: a
# known token takes some 7 % less time, for 1 KB of each zip.
readonly SLIM_FAST_PACKAGES=(core alloc compiler_builtins dlmalloc)

# Brings the source of the standard library. Without it the module is larger, and the same otherwise.
need_library_source() {
  has_library_source || add_library_source || {
    note "there is no source of Rust's standard library: the module will be 11 KB larger" 'rustup component add rust-src'
    return 0
  }
  have "the source of Rust's standard library"
}

has_library_source() {
  [[ -f $(in_wasm_toolchain rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock ]]
}

add_library_source() {
  command -v rustup >/dev/null || return 1
  [[ -z $WASM_TOOLCHAIN ]] || return 1
  step "adding the source of Rust's standard library (rustup component add rust-src)"
  timeout --foreground "$RUSTUP_PATIENCE" rustup component add rust-src && has_library_source
}

# compile_slim_module FOLDER FEATURES: false if it cannot be done with this compiler. It has a target folder of its own, or each
# build with other flags would begin anew.
compile_slim_module() {
  has_library_source || return 1
  local package levels=()
  for package in "${SLIM_FAST_PACKAGES[@]}"; do levels+=(--config "profile.release.package.$package.opt-level=3"); done
  RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS="$(module_flags)"$'\x1f'"$SLIM_FLAGS" CARGO_TARGET_DIR=$PWD/target/slim \
    in_wasm_toolchain wasm-pack --log-level warn build --target nodejs --mode no-install --out-dir "$1" -- \
    --locked --features "$2" "${SLIM_LIBRARY[@]}" "${levels[@]}" >&2
}
