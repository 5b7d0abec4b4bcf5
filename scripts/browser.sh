# shellcheck shell=bash
# What tests/browser needs: an OpenID provider and a driver for Chromium, two npm packages; and Chromium itself, which is
# Debian's, with a font: no browser is downloaded from anywhere else.

readonly BROWSER_TESTS=tests/browser

# Brings all of it; where there is no Chromium the tests are skipped, and this says what to install.
need_browser() {
  step 'looking for the browser that tests sign in with'
  need_npm_packages_in "$BROWSER_TESTS" 'oidc-provider, playwright-core'
  # In a subshell, where a failure does not end the script.
  chromium_program >/dev/null || (install_packages 'the tests of the sign-in need Chromium' chromium fonts-dejavu-core) || true
  if chromium_program >/dev/null; then
    have "Chromium ($(chromium_program))"
  else
    note 'there is no Chromium: the tests of the sign-in with a browser will be skipped' \
      'install Chromium, or name a program in EDGE_AUTHORIZER_CHROMIUM that Playwright can drive: Chrome and Edge are such, too'
  fi
}

# Prints the program; false if there is none.
chromium_program() {
  local name
  for name in "${EDGE_AUTHORIZER_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    [[ -n $name ]] && type -P "$name" && return
  done
  return 1
}
