# shellcheck shell=bash
# Formatting, lints and types: what has to hold besides the tests.

check_format() {
  in_lint_toolchain cargo fmt --all --check && in_lint_toolchain cargo fmt --manifest-path "benches/rust/Cargo.toml" --check
}

# The root package is made for WebAssembly, the crates below it for any target.
check_lints() {
  in_lint_toolchain cargo clippy --locked --workspace --exclude edge-authorizer --all-targets -- -D warnings || return
  find_wasm_toolchain || return
  local target=(--target "$WASM_TARGET")
  if [[ -n $WASM_TOOLCHAIN ]]; then
    note "clippy belongs to a toolchain without $WASM_TARGET: src/ is checked as native code"
    target=()
  fi
  # As it is in the zip, and as the command line has it.
  in_lint_toolchain cargo clippy --locked --package edge-authorizer "${target[@]}" -- -D warnings || return
  in_lint_toolchain cargo clippy --locked --package edge-authorizer --all-targets --features tooling "${target[@]}" \
    -- -D warnings
}

# Needs pkg/, for the types of the module, and what tests compare with.
check_types() {
  local folder
  for folder in www-shim benches tests/browser; do
    www-shim/node_modules/.bin/tsc --project "$folder" || return
  done
}

# docs/security.md names the tests of each threat.
check_threats() {
  node scripts/threats.mjs >/dev/null
}

# docs/reference.md says what the schema says.
check_reference() {
  node scripts/reference.mjs
}

check_scripts() {
  local script
  for script in build.sh .ci/run scripts/*.sh; do
    bash -n "$script" || return
  done
  if command -v shellcheck >/dev/null; then
    # Left out: `$` and backquotes in single quotes (messages), unused variables (each file is read on its own).
    shellcheck --exclude=SC2016,SC2034 build.sh .ci/run scripts/*.sh
  else
    note 'shellcheck is not installed: only the syntax was checked'
  fi
}

# The toolchain that is active may be Debian's, without rustfmt and clippy.
in_lint_toolchain() {
  if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then
    "$@"
  else
    env RUSTUP_TOOLCHAIN=stable "$@"
  fi
}
