# shellcheck shell=bash
# Builds pkg/ (the WebAssembly module) and the zip.

readonly DEFAULT_CONFIGURATION=examples/images/authorizer.json
readonly ZIP=dist/edge-authorizer.zip

# Features that the module has besides the default ones, separated by commas.
MODULE_FEATURES=

# Builds pkg/ from src/ and crates/, and in pkg/tooling/ the same with the words that the command line needs. Only the first
# is in the zip.
build_module() {
  step 'compiling Rust to WebAssembly (wasm-pack build --target nodejs)'
  compile_slim_module pkg "$MODULE_FEATURES" || compile_module pkg "$MODULE_FEATURES"
  optimise_module
  step 'compiling the module of the command line (feature tooling)'
  compile_module pkg/tooling "tooling,$MODULE_FEATURES"
}

# compile_module FOLDER FEATURES. At level `info` wasm-pack says of each that it is ready to publish, which only the zip is.
compile_module() {
  RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS=$(module_flags) in_wasm_toolchain \
    wasm-pack --log-level warn build --target nodejs --mode no-install --out-dir "$1" -- --locked --features "$2" >&2 ||
    fail 'the module does not compile' 'the lines above say why'
}

# Functions that do the same stay apart: were one of them merged into that of a part which a zip leaves out, it would trap for the
# others, too (scripts/module/parts.mjs). wasm-opt merges them in the end. The switch needs RUSTC_BOOTSTRAP.
module_flags() {
  printf -- '%s\x1f-Zmerge-functions=disabled' "$(path_flags)"
}

# Prints flags that keep the folders of this machine out of the module: they would be in its messages of panics, and the
# same sources in another folder another module. The last that fits is taken.
path_flags() {
  local sysroot
  sysroot=$(in_wasm_toolchain rustc --print sysroot)
  printf -- '--remap-path-prefix=%s\x1f' "$HOME=~" "${CARGO_HOME:-$HOME/.cargo}=cargo"
  printf -- '--remap-path-prefix=%s\x1f' "${CARGO_HOME:-$HOME/.cargo}/registry/src=cargo" "$sysroot/lib/rustlib/src/rust=rust"
  printf -- '--remap-path-prefix=%s' "$PWD=."
}

optimise_module() {
  step 'optimising the WebAssembly (wasm-opt)'
  node scripts/module/finish.mjs pkg/edge_authorizer_bg.wasm ||
    fail 'the module cannot be finished' 'the lines above say why'
}

# check_configuration FILE
check_configuration() {
  step "checking $1"
  node www-shim/cli.mjs check --config "$1" >&2 || fail "$1 is not a configuration to bundle" 'the lines above say why'
}

# build_zip CONFIGURATION ZIP [PINNED]: bundles a configuration that was checked with the handler and a module that is made for
# it, and with the key sets in the file PINNED.
build_zip() {
  local configuration=$1 zip=$2 pinned=${3:-}
  rm -f "$zip"
  step "bundling $zip"
  node scripts/bundle.mjs --config "$configuration" --output "$zip" ${pinned:+--pinned "$pinned"} ||
    fail 'there is no zip' 'the lines above say why'
}

# build_general_zip ZIP: one whose module reads whatever configuration is beside it when it starts: for tests, which have many.
build_general_zip() {
  node scripts/bundle.mjs --config "$DEFAULT_CONFIGURATION" --output "$1" --any-configuration >/dev/null ||
    fail 'there is no zip for any configuration' 'the lines above say why'
}

# write_bill_of_materials ZIP: beside it, as CycloneDX.
write_bill_of_materials() {
  local rust
  rust=$(in_wasm_toolchain rustc --version | cut -d ' ' -f 2)
  node scripts/sbom.mjs --zip "$1" --output "${1%.zip}.cdx.json" --rust "$rust" --features "$MODULE_FEATURES" ||
    fail 'there is no bill of materials' 'the lines above say why'
}

# What becomes of a build where a key set cannot be fetched. Left out: the function fetches it. `refused`: there is no zip.
# `told`: as the first, and it is said that it would be refused.
MISSING_KEY_SETS=

# pin_key_sets CONFIGURATION FILE: fetches what key sets can be fetched now; those that cannot are fetched at run time.
pin_key_sets() {
  local status=0
  step "fetching the key sets of $1"
  mkdir -p "$(dirname "$2")"
  rm -f "$2"
  node www-shim/cli.mjs pin --all --config "$1" --out "$2" >&2 || status=$?
  # It ends with 1 where one is missing as well, and has written the others then.
  [[ -e $2 ]] || fail 'no key sets' 'the lines above say why'
  [[ $status -ne 0 ]] || return 0
  case $MISSING_KEY_SETS in
    refused)
      fail 'a key set cannot be fetched, and nothing was published' \
        'the lines above say why; `--no-pin` publishes without key sets, and the function fetches them itself'
      ;;
    told) note 'without `--dry-run` this would end here; `--no-pin` publishes without key sets' ;;
  esac
}
