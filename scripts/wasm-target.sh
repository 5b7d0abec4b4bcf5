# shellcheck shell=bash
# Which Rust toolchain compiles for wasm32-unknown-unknown, and how one is had where none does.

readonly WASM_TARGET=wasm32-unknown-unknown
readonly RUSTUP_PATIENCE=180 # seconds; the download is some 20 MB

# The toolchain for wasm builds as RUSTUP_TOOLCHAIN takes it; empty: the one that is active anyway.
WASM_TOOLCHAIN=

# Brings a toolchain that compiles for wasm: the quick way with rustup, or else with Debian's packages.
need_wasm_target() {
  find_wasm_toolchain || add_target_with_rustup || add_debian_toolchain
  have "$WASM_TARGET, with $(in_wasm_toolchain rustc --version)${WASM_TOOLCHAIN:+ (toolchain $WASM_TOOLCHAIN)}"
}

# Runs a command with the toolchain for wasm builds.
in_wasm_toolchain() {
  if [[ -n $WASM_TOOLCHAIN ]]; then env RUSTUP_TOOLCHAIN="$WASM_TOOLCHAIN" "$@"; else "$@"; fi
}

# Sets WASM_TOOLCHAIN; false if no toolchain here compiles for wasm.
find_wasm_toolchain() {
  for WASM_TOOLCHAIN in '' "$DEBIAN_TOOLCHAIN"; do
    ! compiles_for_wasm || return 0
  done
  WASM_TOOLCHAIN=
  return 1
}

# True if the toolchain links a test against the target's standard library. Trying it tells more than looking for
# files: a library left by an earlier compiler, or a linker that is missing, shows as well.
compiles_for_wasm() {
  local folder status=0
  folder=$(mktemp --directory)
  in_wasm_toolchain rustc --test --target "$WASM_TARGET" -o "$folder/probe.wasm" - \
    <<<'#[test] fn links() {}' >/dev/null 2>&1 || status=1
  rm -r "$folder"
  return "$status"
}

add_target_with_rustup() {
  command -v rustup >/dev/null || return 1
  step "adding the standard library for $WASM_TARGET (rustup target add)"
  if timeout --foreground "$RUSTUP_PATIENCE" rustup target add "$WASM_TARGET" && compiles_for_wasm; then
    return 0
  fi
  note "rustup could not add it (it was given $RUSTUP_PATIENCE seconds)"
  return 1
}
