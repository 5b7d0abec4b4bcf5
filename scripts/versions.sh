# shellcheck shell=bash
# Every version that set-up installs, but for those that a lock file pins already:
#   wasm-bindgen-cli               has to equal `wasm-bindgen` in Cargo.lock, so it is read from there
#   wasm-opt, tsc, types of Node   www-shim/package-lock.json
#   verifiers to compare with      tests/differential/package-lock.json and requirements.txt
#   a provider to sign in with     tests/browser/package-lock.json

# The oldest Node.js that the shim supports, and with it the oldest that builds and tests run on.
readonly NODE_MINIMUM=20.9.0

# What the shim's tests run on: the runtimes that Lambda offers (22, 24) and the last one before them
# (AWS Lambda Developer Guide, "Lambda runtimes").
readonly NODE_TEST_VERSIONS=(20.20.2 22.23.3 24.21.0)

readonly WASM_PACK_VERSION=0.15.1

# Rust of Debian 12's security archive, which keeps its newest build only: these versions cannot be pinned. lld is
# that of the LLVM release which rustc-web was built with (`readlink /usr/bin/rust-lld`).
readonly DEBIAN_RUST_PACKAGES=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22)

# Prints the version of `wasm-bindgen` in Cargo.lock.
wasm_bindgen_version() {
  awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}
