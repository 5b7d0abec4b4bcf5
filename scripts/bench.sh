# shellcheck shell=bash
# The benchmark: brings what it needs, builds what is measured, and runs benches/main.mjs on the newest Node.js to test on.

readonly BENCHES=benches
readonly BENCH_FOLDER=target/benches

# run_bench [--full | --tiny] [--json FILE]
run_bench() {
  local arguments=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --full | --tiny) arguments+=("$1") && shift ;;
      --json)
        [[ -n ${2:-} ]] || misused '`--json` needs a file'
        arguments+=(--json "$(from_caller "$2")")
        shift 2
        ;;
      *) misused "unexpected argument \`$1\`" ;;
    esac
  done
  local node_version=${NODE_TEST_VERSIONS[-1]}
  set_up_build
  need_test_node "$node_version"
  need_bench_peers
  build_bench
  step 'measuring'
  "$(test_node "$node_version")" "$BENCHES/main.mjs" --zip "$BENCH_FOLDER/edge-authorizer.zip" \
    --everything-zip "$BENCH_FOLDER/everything.zip" --zip-folder "$BENCH_FOLDER/zip" \
    --rsa-folder "$BENCH_FOLDER/rsa" --decisions "$BENCH_FOLDER/build/release/decisions" "${arguments[@]}"
}

need_bench_peers() {
  need_npm_packages_in "$BENCHES" 'aws-jwt-verify, fast-jwt, jose, jsonwebtoken, signers of the AWS SDK, esbuild'
}

# Zips for the example that is bundled unless another is given, for a configuration that uses every feature and for any, RSA in
# WebAssembly beside `rsa`, and the program whose instructions are counted.
build_bench() {
  build_module
  mkdir -p "$BENCH_FOLDER"
  build_zip "$DEFAULT_CONFIGURATION" "$BENCH_FOLDER/edge-authorizer.zip" >&2
  build_zip "$BENCHES/material/everything.json" "$BENCH_FOLDER/everything.zip" >&2
  build_general_zip "$BENCH_FOLDER/any.zip"
  rm -rf "$BENCH_FOLDER/zip"
  node scripts/unpack.mjs "$BENCH_FOLDER/any.zip" "$BENCH_FOLDER/zip"
  build_bench_rust
}

# Its lock file follows what the crates that it measures depend on: it is not held to.
build_bench_rust() {
  step 'compiling the Rust of the benchmark'
  CARGO_TARGET_DIR=$PWD/$BENCH_FOLDER/build in_wasm_toolchain wasm-pack build "$BENCHES/rust" --target nodejs --mode no-install \
    --out-dir "../../$BENCH_FOLDER/rsa" >&2 || fail 'the RSA module does not compile' 'the lines above say why'
  cargo build --release --manifest-path "$BENCHES/rust/Cargo.toml" --target-dir "$BENCH_FOLDER/build" --bin decisions >&2 ||
    fail 'the program to count instructions of does not compile' 'the lines above say why'
}
