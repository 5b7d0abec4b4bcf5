# shellcheck shell=bash
# The way to WebAssembly where rustup's download server cannot be reached: Debian's security archive has a newer Rust
# with its library source. The standard library for wasm is built from that source, by the same compiler.

readonly DEBIAN_TOOLCHAIN=debian
readonly DEBIAN_WASM_LIBRARY=/usr/lib/rustlib/$WASM_TARGET/lib

# Brings rustup's toolchain `debian`, able to compile for wasm, and sets WASM_TOOLCHAIN.
add_debian_toolchain() {
  command -v rustup >/dev/null ||
    fail "this Rust does not compile for $WASM_TARGET" \
      'install stable Rust with rustup: https://rustup.rs'
  need_permission
  have_packages "${DEBIAN_RUST_PACKAGES[@]}" ||
    install_packages "without rustup's download server, Rust for WebAssembly comes from Debian" \
      "${DEBIAN_RUST_PACKAGES[@]}"
  build_standard_library
  rustup toolchain link "$DEBIAN_TOOLCHAIN" /usr ||
    fail "rustup could not link Debian's Rust as the toolchain \`$DEBIAN_TOOLCHAIN\`"
  WASM_TOOLCHAIN=$DEBIAN_TOOLCHAIN
  compiles_for_wasm ||
    fail "Debian's Rust still does not compile for $WASM_TARGET" \
      "to see why: echo | rustc +$DEBIAN_TOOLCHAIN --test --target $WASM_TARGET -"
}

# Tells at once all that only root may do.
need_permission() {
  may_be_root || { have_packages "${DEBIAN_RUST_PACKAGES[@]}" && [[ -w $DEBIAN_WASM_LIBRARY ]]; } ||
    fail "rustup could not add $WASM_TARGET, and only root may install Debian's Rust instead" \
      'either make https://static.rust-lang.org reachable, for: rustup target add '"$WASM_TARGET" \
      'or, on Debian 12:' \
      "  sudo apt-get update && sudo apt-get install --no-install-recommends ${DEBIAN_RUST_PACKAGES[*]}" \
      "  sudo install --directory --owner=\"\$USER\" $DEBIAN_WASM_LIBRARY"
}

have_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || return 1
  done
}

# Cargo builds the standard library as a dependency of an empty crate; its files are then put where rustc looks for
# the libraries of a target.
build_standard_library() {
  step "building the standard library for $WASM_TARGET from Debian's source (about a minute, once)"
  local folder
  folder=$(mktemp --directory)
  mkdir "$folder/src"
  printf '#![no_std]\n' >"$folder/src/lib.rs"
  printf '[package]\nname = "empty"\nedition = "2024"\n[profile.release]\npanic = "abort"\n' >"$folder/Cargo.toml"
  # RUSTC_BOOTSTRAP allows -Z options on a stable compiler. Without bitcode in the libraries link-time optimisation
  # of what is built on them fails.
  (
    cd "$folder" &&
      env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET \
        RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS='-C embed-bitcode=yes' \
        /usr/bin/cargo build --release --target "$WASM_TARGET" -Z build-std=std,panic_abort,test,proc_macro
  ) || fail 'the standard library could not be built' 'the lines above say why'
  rm "$folder/target/$WASM_TARGET/release/deps/"libempty-*
  install_standard_library "$folder/target/$WASM_TARGET/release/deps"
  rm -r "$folder"
}

install_standard_library() {
  local libraries=("$1"/*.rlib) run=as_root
  [[ ! -w $DEBIAN_WASM_LIBRARY ]] || run='command'
  "$run" mkdir -p "$DEBIAN_WASM_LIBRARY"
  # Those of an earlier compiler would be in the way.
  "$run" find "$DEBIAN_WASM_LIBRARY" -name '*.rlib' -delete
  "$run" install --mode=644 "${libraries[@]}" "$DEBIAN_WASM_LIBRARY"
}
