# shellcheck shell=bash
# The verifiers that tests/differential compares with: two npm packages, and PyJWT in a Python environment of its own.

readonly DIFFERENTIAL=tests/differential
# What the packages in its requirements.txt need.
readonly PYTHON_MINIMUM=3.10

# Brings all of them, but for PyJWT where there is no Python: its tests are skipped then, and say so.
need_differential_peers() {
  step 'looking for the verifiers that tests compare with'
  need_npm_peers
  need_pyjwt
}

need_npm_peers() {
  local lock=$DIFFERENTIAL/package-lock.json installed_from=$DIFFERENTIAL/node_modules/.installed-from.json
  if ! cmp --silent "$lock" "$installed_from"; then
    # npm empties the folder before it fills it, through a link to another checkout's, too.
    [[ ! -L $DIFFERENTIAL/node_modules ]] ||
      fail "$DIFFERENTIAL/node_modules is a link, and what it leads to has other versions" 'remove the link'
    step "installing the npm packages of $DIFFERENTIAL (aws-jwt-verify, jose)"
    npm ci --prefix "$DIFFERENTIAL" --include=dev --ignore-scripts --no-audit --no-fund >&2 ||
      fail "npm could not install what $lock names" \
        'the lines above say why; the npm registry has to be reachable for this step'
    cp "$lock" "$installed_from"
  fi
  have 'aws-jwt-verify, jose'
}

need_pyjwt() {
  local requirements=$DIFFERENTIAL/requirements.txt folder
  folder=$(pyjwt_folder)
  if ! cmp --silent "$requirements" "$folder/installed-from.txt" || ! pyjwt_python >/dev/null; then
    # In a subshell, where a failure does not end the script.
    python_makes_environments ||
      (install_packages "PyJWT needs Python $PYTHON_MINIMUM or newer with venv" python3 python3-venv) || true
    if ! python_makes_environments; then
      note "there is no Python $PYTHON_MINIMUM with venv: the comparison with PyJWT will be skipped"
      return 0
    fi
    install_pyjwt "$requirements" "$folder"
  fi
  have "PyJWT ($(pyjwt_python))"
}

# install_pyjwt REQUIREMENTS FOLDER
install_pyjwt() {
  local requirements=$1 folder=$2
  step 'installing PyJWT'
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

# Prints the Python that has PyJWT; false if none has.
pyjwt_python() {
  local python
  python=$(pyjwt_folder)/bin/python
  "$python" -c 'import jwt, cryptography' 2>/dev/null && printf '%s' "$python"
}

pyjwt_folder() {
  printf '%s/pyjwt-%s' "$TOOLS" "$(sed -n 's/^pyjwt==\([0-9.]*\).*/\1/p' "$DIFFERENTIAL/requirements.txt")"
}
