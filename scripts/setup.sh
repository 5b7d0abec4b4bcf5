# shellcheck shell=bash
# Set-up: brings what is missing for builds and for tests. Each step looks first whether its result is there, in the
# right version, so that running it again costs a second.

# What set_up_build brings is shared between checkouts; each version of a tool has its own folder.
readonly TOOLS=${EDGE_AUTHORIZER_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/edge-authorizer}

# What builds need.
set_up_build() {
  step 'looking for what builds need'
  need_system
  need_wasm_target
  need_library_source
  need_cargo_tools
  need_npm_packages_in www-shim 'wasm-opt, zopfli, tsc'
}

# What tests need on top.
set_up_tests() {
  step 'looking for the Node.js versions that tests run on'
  local version
  for version in "${NODE_TEST_VERSIONS[@]}"; do
    need_test_node "$version"
  done
  need_differential_peers
  need_s3_server
  need_bench_peers
  need_deploy_tools
  need_browser
}

# Prints what a shell has to run so that `wasm-pack` typed by hand finds the same tools as build.sh.
print_environment() {
  find_wasm_toolchain || fail 'set-up has not been run yet' './build.sh setup'
  printf 'export PATH=%q:"$PATH"\n' "$(cargo_tools_path)"
  [[ -z $WASM_TOOLCHAIN ]] || printf 'export RUSTUP_TOOLCHAIN=%q\n' "$WASM_TOOLCHAIN"
}
