# shellcheck shell=bash
# Whether a build is reproducible: the same sources in two folders, built from nothing, have to give the same bytes. That is
# promised for one toolchain: the same Rust, Node.js and packages. Takes some minutes.

# Prints the SHA-256 of both zips and their bills of materials; false where they differ.
reproduce() {
  local work first second
  work=$(mktemp --directory)
  # Paths of different length, so that what depends on them cannot hide.
  first=$work/a second=$work/another/folder
  build_copy "$first" && build_copy "$second" || fail 'a copy could not be built' "the lines above say why; it is in $work"
  local name differs=0
  for name in edge-authorizer.zip edge-authorizer.cdx.json; do
    (cd "$first/dist" && sha256sum "$name") && (cd "$second/dist" && sha256sum "$name")
    cmp "$first/dist/$name" "$second/dist/$name" || differs=1
  done
  [[ $differs -eq 0 ]] || fail 'the builds differ' "they are in $first and $second"
  rm -rf "$work"
}

# build_copy FOLDER: builds a copy of the sources, with whatever is not committed yet. Key sets are not fetched: providers may
# change them in between.
build_copy() {
  local folder=$1
  step "building a copy in $folder"
  mkdir -p "$folder"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory="$folder" &&
    mkdir -p "$folder/www-shim" && cp -r www-shim/node_modules "$folder/www-shim/" &&
    (cd "$folder" && env -u CARGO_TARGET_DIR ./build.sh build --no-pin >/dev/null)
}
