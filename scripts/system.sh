# shellcheck shell=bash
# What the operating system and the user have to bring: Rust, Node.js, a linker; and how a system package is had.

# Checks what set-up cannot bring itself, and brings a linker where it may.
need_system() {
  need_rust
  need_node
  need_linker
}

need_rust() {
  command -v cargo >/dev/null ||
    fail 'no `cargo` on PATH' \
      'install stable Rust with rustup: https://rustup.rs' \
      'and open a new shell, so that ~/.cargo/bin is on PATH'
  local version
  version=$(rustc --version) || fail '`rustc` does not run' 'rustup default stable'
  have "$version"
}

need_node() {
  local advice='install Node.js 20, 22 or 24 with npm: https://nodejs.org/en/download'
  command -v node >/dev/null || fail 'no `node` on PATH' "$advice"
  command -v npm >/dev/null || fail 'no `npm` on PATH' "$advice"
  local version
  version=$(node --version)
  version=${version#v}
  [[ $(printf '%s\n' "$NODE_MINIMUM" "$version" | sort --version-sort | head -n 1) == "$NODE_MINIMUM" ]] ||
    fail "Node.js $version is too old, $NODE_MINIMUM is needed" "$advice"
  have "Node.js $version"
}

# Cargo links build scripts and procedural macros with `cc`; some crates compile C with it.
need_linker() {
  command -v cc >/dev/null || install_packages 'cargo needs a C compiler to link with' gcc libc6-dev
  have "$(cc --version | head -n 1)"
}

# install_packages WHY PACKAGE...: installs system packages, or says which ones to install.
install_packages() {
  local why=$1
  shift
  if ! command -v apt-get >/dev/null; then
    fail "$why, and there is no \`apt-get\` to install that with" "install what Debian calls: $*"
  fi
  if ! may_be_root; then
    fail "$why, and only root may install that" \
      "sudo apt-get update && sudo apt-get install --no-install-recommends $*"
  fi
  step "$why: installing $*"
  # --no-remove: where a package would push out one that is there, stop instead.
  {
    as_root apt-get update &&
      as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends --no-remove "$@"
  } >&2 || fail "apt-get could not install: $*" 'the lines above say why'
}

# True for root, and where sudo does not ask for a password.
may_be_root() {
  [[ $EUID -eq 0 ]] || sudo --non-interactive true 2>/dev/null
}

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo --non-interactive "$@"; fi
}
