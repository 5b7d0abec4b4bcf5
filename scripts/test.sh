# shellcheck shell=bash
# Runs every test, part by part, and sums up: what ran, how many tests, how long. A part that fails does not keep the
# others from running; a part that ran no test has failed.

SUMMARY=()
FAILED_PARTS=()
# What tests say where the published vectors are not there, which are no part of the project.
readonly VECTORS_ABSENT='there is no folder shared/vectors beside the checkout'
ARE_VECTORS_ABSENT=

run_tests() {
  set_up_build
  set_up_tests
  test_folder=$(mktemp --directory)
  trap 'rm -rf "$test_folder"' EXIT

  build_test_zip
  test_part 'Rust, native' count_cargo test_native
  test_part 'RSA, WebAssembly' count_cargo test_rsa_wasm
  test_part 'core, WebAssembly' count_cargo test_core_wasm
  test_part 'module, WebAssembly' count_cargo test_wasm
  local version node
  for version in "${NODE_TEST_VERSIONS[@]}"; do
    node=$(test_node "$version")
    test_part "shim, Node.js $version" count_node test_shim "$node"
    test_part "npm package, Node.js $version" count_node test_npm_package "$node" package
  done
  test_part 'shim, modules made for each' count_node test_shim_made_for_each
  test_part 'npm package, types' count_node test_npm_package "$(test_runner)" types
  test_part 'documents' count_node test_documents
  test_part 'differential' count_node test_differential
  test_part 'benchmark' count_node test_bench
  test_part 'supply chain' count_node test_supply_chain
  test_part 'deploy, CDK' count_node test_cdk
  test_part 'deploy' count_node test_deploy
  if chromium_program >/dev/null; then
    test_part 'sign-in, Chromium' count_node test_browser
  else
    leave_out 'sign-in, Chromium' 'there is no Chromium'
  fi
  summarise
}

# The tests' own zips: one whose module reads whatever configuration a test has, and the one that is delivered, whose module is
# made for the example. dist/ may hold one with another configuration, which is not ours to replace.
build_test_zip() {
  build_module
  check_configuration "$DEFAULT_CONFIGURATION"
  build_zip "$DEFAULT_CONFIGURATION" "$test_folder/edge-authorizer.zip"
  # A configuration that uses every feature has the largest handler and module: these have a limit.
  build_zip benches/material/everything.json "$test_folder/everything.zip"
  build_general_zip "$test_folder/any.zip"
  node scripts/unpack.mjs "$test_folder/any.zip" "$test_folder/unpacked"
  node scripts/unpack.mjs "$test_folder/edge-authorizer.zip" "$test_folder/delivered"
  write_bill_of_materials "$test_folder/edge-authorizer.zip"
  build_package "$test_folder"
}

# Prints the program for tests that are for no version of Node.js in particular. The one on PATH may be older than `--test-timeout`,
# which Node.js 20.11 brought.
test_runner() {
  test_node "${NODE_TEST_VERSIONS[0]}"
}

# The root package is a module for WebAssembly and has nothing to run natively. All features: algorithms that the module
# leaves out unless asked are tested as well. --show-output: the tests of vectors say how many they ran.
test_native() {
  cargo test --locked --workspace --exclude edge-authorizer --all-features -- --show-output
}

# The arithmetic with SIMD, which native tests do not run.
test_rsa_wasm() {
  in_wasm_toolchain wasm-pack test --node --mode no-install crates/rsa --locked -- --nocapture
}

# With the features of the module. The unit tests only: the others are for the public API, and run natively.
test_core_wasm() {
  in_wasm_toolchain wasm-pack test --node --mode no-install crates/core --locked --lib -- --nocapture
}

test_wasm() {
  in_wasm_toolchain wasm-pack test --node --mode no-install -- --locked --features tooling
}

# The shim's tests take the handler from the unpacked zip, in a folder without node_modules, as Lambda would.
test_shim() {
  local files
  mapfile -t files < <(find tests/shim -name '*.test.mjs' | sort)
  if [[ ${#files[@]} -eq 0 ]]; then
    note 'there is no file tests/shim/*.test.mjs'
    return 1
  fi
  # A file that hangs fails after three minutes, and all of them after ten; the slowest takes some seconds.
  env -u FORCE_COLOR EDGE_AUTHORIZER_ZIP_FOLDER="$test_folder/unpacked" EDGE_AUTHORIZER_DELIVERED_FOLDER="$test_folder/delivered" \
    timeout --foreground 600 "$1" --test --test-reporter=spec --test-timeout=180000 "${files[@]}"
}

# The same tests, each with a module that was made for its configuration: nothing may change by that.
test_shim_made_for_each() {
  EDGE_AUTHORIZER_MADE_FOR_EACH=1 test_shim "$(test_runner)"
}

# test_npm_package NODE NAME: the tarball, installed in an empty folder.
test_npm_package() {
  env -u FORCE_COLOR EDGE_AUTHORIZER_TARBALL="$(package_tarball "$test_folder")" \
    "$1" --test --test-reporter=spec --test-timeout=180000 "tests/npm/$2.test.mjs"
}

# The commands and configurations in the documents, and their links. Needs pkg/.
test_documents() {
  local python
  python=$(deploy_python) || note 'there is no Python with moto: commands with `aws` are skipped'
  env -u FORCE_COLOR EDGE_AUTHORIZER_DEPLOY_TOOLS="${python:+$(dirname "$python")}" "$(test_runner)" --test --test-reporter=spec --test-timeout=180000 tests/docs/*.test.mjs
}

# The module from the unpacked zip, and other verifiers: their verdicts must not differ but where that is on a list.
test_differential() {
  local python
  python=$(pyjwt_python) || note 'there is no Python with PyJWT: the comparison with it is skipped'
  env -u FORCE_COLOR EDGE_AUTHORIZER_ZIP_FOLDER="$test_folder/unpacked" EDGE_AUTHORIZER_PYTHON="$python" \
    EDGE_AUTHORIZER_S3_SERVER="$(s3_server)" \
    "$(test_runner)" --test --test-reporter=spec "$DIFFERENTIAL"/*.test.mjs
}

# That it measures and prints everything, not how fast anything is.
test_bench() {
  env -u FORCE_COLOR EDGE_AUTHORIZER_ZIP="$test_folder/edge-authorizer.zip" \
    EDGE_AUTHORIZER_EVERYTHING_ZIP="$test_folder/everything.zip" EDGE_AUTHORIZER_ZIP_FOLDER="$test_folder/unpacked" \
    "$(test_runner)" --test --test-reporter=spec --test-timeout=120000 tests/bench/*.test.mjs
}

test_supply_chain() {
  env -u FORCE_COLOR EDGE_AUTHORIZER_TEST_ZIP="$test_folder/edge-authorizer.zip" \
    "$(test_runner)" --test --test-reporter=spec tests/supply-chain/*.test.mjs
}

test_cdk() {
  compile_cdk && env -u FORCE_COLOR "$(test_runner)" --test --test-reporter=spec "$CDK/test/index.js"
}

# The templates under cfn-lint, and publishing with the AWS CLI against a server on this machine that answers as AWS does.
test_deploy() {
  local python
  python=$(deploy_python) || note 'there is no Python with moto: most of this is skipped'
  env -u FORCE_COLOR EDGE_AUTHORIZER_DEPLOY_TOOLS="${python:+$(dirname "$python")}" \
    EDGE_AUTHORIZER_TEST_ZIP="$test_folder/edge-authorizer.zip" \
    "$(test_runner)" --test --test-reporter=spec --test-timeout=300000 "$DEPLOY_TESTS"/*.test.mjs
}

# The handler from the unpacked zip behind the local edge, with a module made for each configuration, as it is delivered;
# `oidc-provider`, which needs a newer Node.js than the oldest that we run on; and a browser.
test_browser() {
  env -u FORCE_COLOR EDGE_AUTHORIZER_ZIP_FOLDER="$test_folder/unpacked" EDGE_AUTHORIZER_MADE_FOR_EACH=1 \
    EDGE_AUTHORIZER_CHROMIUM="$(chromium_program)" \
    timeout --foreground 600 "$(test_node "${NODE_TEST_VERSIONS[-1]}")" \
    --test --test-reporter=spec --test-timeout=120000 --test-concurrency=2 "$BROWSER_TESTS"/*.test.mjs
}

# test_part NAME COUNT COMMAND...: runs one part; COUNT prints `passed failed skipped` from its output.
test_part() {
  local name=$1 count=$2 output=$test_folder/output start=$SECONDS status=0 result=passed
  local passed failed skipped vectors
  shift 2
  step "testing: $name"
  "$@" 2>&1 | tee "$output" >&2 || status=$?
  read -r passed failed skipped < <("$count" "$output")
  vectors=$(count_vectors "$output")
  ! grep --quiet --fixed-strings "$VECTORS_ABSENT" "$output" || ARE_VECTORS_ABSENT=1
  if [[ $status -ne 0 || $failed -ne 0 ]]; then
    result=FAILED
  elif [[ $passed -eq 0 ]]; then
    result='FAILED: ran no test'
  fi
  [[ $result == passed ]] || FAILED_PARTS+=("$name")
  SUMMARY+=("$(printf '%-30s %7d %7d %8d %8d %8d   %s' \
    "$name" "$passed" "$failed" "$skipped" "$vectors" $((SECONDS - start)) "$result")")
}

# leave_out NAME WHY: a part that cannot be run here; the summary says so.
leave_out() {
  note "left out: $1, since $2"
  SUMMARY+=("$(printf '%-30s %7d %7d %8d %8d %8d   %s' "$1" 0 0 0 0 0 "left out: $2")")
}

# Lines of Rust's test harness: `test result: ok. 12 passed; 0 failed; 1 ignored; …`, one for each test program.
count_cargo() {
  awk '/^test result: / { passed += $4; failed += $6; skipped += $8 }
    END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

# Last lines of node's test runner: `ℹ pass 12`.
count_node() {
  awk 'NF == 3 && $1 == "ℹ" { count[$2] = $3 }
    END { print count["pass"] + 0, count["fail"] + count["cancelled"], count["skipped"] + count["todo"] }' "$1"
}

# Lines of the tests that run published vectors: `vectors: 174 Wycheproof HMAC: HS256 (…)`.
count_vectors() {
  awk '$1 == "vectors:" { vectors += $2 } END { print vectors + 0 }' "$1"
}

summarise() {
  printf '\n%-30s %7s %7s %8s %8s %8s\n' 'tests' passed failed skipped vectors seconds
  printf '%s\n' "${SUMMARY[@]}"
  [[ -z $ARE_VECTORS_ABSENT ]] || printf '%s\n' '' "vectors that do not come with the project were not run: $VECTORS_ABSENT"
  [[ ${#FAILED_PARTS[@]} -eq 0 ]] || fail "failed: $(join_lines "${FAILED_PARTS[@]}")"
}

join_lines() {
  local joined
  printf -v joined '%s; ' "$@"
  printf '%s' "${joined%; }"
}
