# shellcheck shell=bash
# What tests/differential compares with, verifiers and signers: npm packages, and PyJWT in a Python environment of its own.

readonly DIFFERENTIAL=tests/differential

# Brings all of them, but for PyJWT where there is no Python: its tests are skipped then, and say so.
need_differential_peers() {
  step 'looking for the verifiers that tests compare with'
  need_npm_packages_in "$DIFFERENTIAL" 'aws-jwt-verify, jose, signers of the AWS SDK'
  need_pyjwt
}

need_pyjwt() {
  if need_python_packages PyJWT "$DIFFERENTIAL/requirements.txt" "$(pyjwt_folder)" pyjwt_python; then
    have "PyJWT ($(pyjwt_python))"
  else
    note 'the comparison with PyJWT will be skipped'
  fi
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
