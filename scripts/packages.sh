# shellcheck shell=bash
# Packages of npm and of the Python package index, as lock files pin them. A copy of the lock file beside what was
# installed tells whether that is still right.

# What the packages in each requirements.txt need.
readonly PYTHON_MINIMUM=3.10

# need_npm_packages_in FOLDER WHAT
need_npm_packages_in() {
  local folder=$1 what=$2
  local lock=$folder/package-lock.json installed_from=$folder/node_modules/.installed-from.json
  if ! cmp --silent "$lock" "$installed_from"; then
    # npm empties the folder before it fills it, through a link to another checkout's, too.
    [[ ! -L $folder/node_modules ]] ||
      fail "$folder/node_modules is a link, and what it leads to has other versions" 'remove the link'
    step "installing the npm packages of $folder ($what)"
    npm ci --prefix "$folder" --include=dev --ignore-scripts --no-audit --no-fund >&2 ||
      fail "npm could not install what $lock names" \
        'the lines above say why; the npm registry has to be reachable for this step'
    cp "$lock" "$installed_from"
  fi
  have "npm packages of $folder ($what)"
}

# need_python_packages WHAT REQUIREMENTS FOLDER PROBE: brings a Python environment; PROBE is true if it works. False where
# there is no Python that makes one.
need_python_packages() {
  local what=$1 requirements=$2 folder=$3 probe=$4
  ! cmp --silent "$requirements" "$folder/installed-from.txt" || ! "$probe" >/dev/null || return 0
  # In a subshell, where a failure does not end the script.
  python_makes_environments ||
    (install_packages "Python $PYTHON_MINIMUM or newer with venv is needed for $what" python3 python3-venv) || true
  if ! python_makes_environments; then
    note "there is no Python $PYTHON_MINIMUM with venv for $what"
    return 1
  fi
  step "installing $what"
  rm -rf "$folder"
  { python3 -m venv "$folder" &&
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
      --require-hashes --requirement "$requirements"; } >&2 ||
    fail "pip could not install what $requirements names" \
      'the lines above say why; the Python package index has to be reachable for this step'
  cp "$requirements" "$folder/installed-from.txt"
}

# Debian keeps what `venv` needs in a package of its own; without it there is `venv`, but no `ensurepip`.
python_makes_environments() {
  python3 -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (${PYTHON_MINIMUM/./, }))" 2>/dev/null
}
