# shellcheck shell=bash
# wasm-pack, and the wasm-bindgen that it calls: programs that `cargo install` builds from crates.io.

# Brings both, and puts them ahead on PATH, so that another version elsewhere does no harm.
need_cargo_tools() {
  local bindgen
  bindgen=$(wasm_bindgen_version)
  [[ -n $bindgen ]] || fail 'there is no `wasm-bindgen` in Cargo.lock' 'cargo generate-lockfile'
  PATH=$(cargo_tools_path):$PATH
  need_cargo_tool wasm-pack "$WASM_PACK_VERSION" wasm-pack
  # wasm-pack would bring wasm-bindgen itself, unseen, in the middle of a build.
  need_cargo_tool wasm-bindgen-cli "$bindgen" wasm-bindgen wasm-bindgen-test-runner
}

# Prints the folders of both, as a part of PATH.
cargo_tools_path() {
  printf '%s/bin:%s/bin' "$(tool_folder wasm-pack "$WASM_PACK_VERSION")" \
    "$(tool_folder wasm-bindgen-cli "$(wasm_bindgen_version)")"
}

tool_folder() {
  printf '%s/%s-%s' "$TOOLS" "$1" "$2"
}

# need_cargo_tool PACKAGE VERSION PROGRAM...: installs a package unless its programs are on PATH in that version.
need_cargo_tool() {
  local package=$1 version=$2 folder
  folder=$(tool_folder "$package" "$version")
  shift 2
  if ! have_version "$version" "$@"; then
    step "installing $package $version with cargo (a few minutes, once)"
    cargo_install "$package" "$version" "$folder" ||
      fail "cargo could not install $package $version" \
        'the lines above say why; crates.io has to be reachable for this step'
    hash -r
    have_version "$version" "$@" || fail "$package $version was installed but does not run" "$folder"
  fi
  offer_in_cargo_bin "$folder/bin" "$@"
  have "$package $version"
}

# A package's own lock file can name a crate that a registry or a mirror of it does not hand out; it is then built with
# the newest crates that fit, as wasm-pack would do.
cargo_install() {
  local arguments=("$1" --version "$2" --force --root "$3")
  cargo install --locked "${arguments[@]}" && return 0
  note "$1 $2 could not be installed with the crates of its lock file; trying the newest that fit"
  cargo install "${arguments[@]}"
}

# have_version VERSION PROGRAM...: true if each program is on PATH and says that it is of this version.
have_version() {
  local version=$1 program said
  shift
  for program in "$@"; do
    said=$("$program" --version 2>/dev/null) || return 1
    [[ $said == "$program $version" || $said == "$program $version "* ]] || return 1
  done
}

# offer_in_cargo_bin FOLDER PROGRAM...: links programs into cargo's own folder, which is on PATH where rustup is used,
# so that they can be typed by hand. A program that somebody else put there stays as it is.
offer_in_cargo_bin() {
  local folder=$1 bin=${CARGO_HOME:-$HOME/.cargo}/bin program
  shift
  for program in "$@"; do
    [[ -x $folder/$program && -w $bin ]] || continue
    if [[ ! -e $bin/$program || $(readlink "$bin/$program") == "$TOOLS"/* ]]; then
      ln --symbolic --force --no-target-directory "$folder/$program" "$bin/$program"
    fi
  done
}
