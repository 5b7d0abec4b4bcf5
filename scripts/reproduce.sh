# shellcheck shell=bash
# Whether a build is reproducible: the same sources in two folders, built from nothing, have to give the same bytes. That is
# promised for one toolchain: the same Rust, Node.js and packages. Takes some minutes.

# Prints the SHA-256 of both zips and their bills of materials; false where they differ.
reproduce() {
  local work first second
  work=$(mktemp --directory)
  # Paths of different length, so that what depends on them cannot hide.
  first=$work/a second=$work/another/folder
  # Both before either is built: whoever goes on working meanwhile changes neither.
  copy_sources "$first" && copy_sources "$second" || fail 'the sources could not be copied' 'the lines above say why'
  build_copy "$first" && build_copy "$second" || fail 'a copy could not be built' "the lines above say why; it is in $work"
  local name differs=0
  for name in edge-authorizer.zip edge-authorizer.cdx.json; do
    (cd "$first/dist" && sha256sum "$name") && (cd "$second/dist" && sha256sum "$name")
    cmp "$first/dist/$name" "$second/dist/$name" || differs=1
  done
  [[ $differs -eq 0 ]] || fail 'the builds differ' "they are in $first and $second"
  rm -rf "$work"
}

# copy_sources FOLDER: with whatever is not committed yet, and the packages of the build.
copy_sources() {
  local folder=$1
  mkdir -p "$folder/www-shim"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory="$folder" &&
    cp -r www-shim/node_modules "$folder/www-shim/"
}

# build_copy FOLDER. Key sets are not fetched: providers may change them in between.
build_copy() {
  step "building in $1"
  (cd "$1" && env -u CARGO_TARGET_DIR ./build.sh build --no-pin >/dev/null)
}
