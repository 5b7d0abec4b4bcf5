# shellcheck shell=bash
# The npm package: a tarball of www-shim/ and pkg/, as `npm publish` takes it.

# build_package FOLDER: puts the tarball of what was compiled into a folder, and prints its name.
build_package() {
  local folder=$1 staged
  mkdir -p "$folder"
  folder=$(realpath "$folder")
  staged=$(mktemp --directory)
  step 'packing the npm package'
  node scripts/npm-package.mjs "$staged" &&
    (cd "$staged" && npm pack --ignore-scripts --loglevel=error --pack-destination "$folder") ||
    fail 'there is no npm package' 'the lines above say why'
  rm -r "$staged"
}

# package_tarball FOLDER: prints the path of the tarball in it.
package_tarball() {
  printf '%s/edge-authorizer-%s.tgz' "$1" "$(node --print 'require("./www-shim/package.json").version')"
}
