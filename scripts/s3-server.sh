# shellcheck shell=bash
# s3s-fs: a server that speaks S3 over a folder and checks signatures, for the tests of uploads. cargo builds it, unoptimised.

readonly S3_SERVER_VERSION=0.14.1

need_s3_server() {
  local program
  program=$(s3_server)
  if [[ ! -x $program ]]; then
    step "building s3s-fs $S3_SERVER_VERSION with cargo (two minutes, once)"
    cargo install s3s-fs --version "$S3_SERVER_VERSION" --locked --debug --features binary --force \
      --root "$(dirname "$(dirname "$program")")" ||
      { note 'it could not be built: the tests of uploads will be skipped'; return 0; }
  fi
  have "s3s-fs $S3_SERVER_VERSION"
}

# Prints where it is.
s3_server() {
  printf '%s/bin/s3s-fs' "$(tool_folder s3s-fs "$S3_SERVER_VERSION")"
}
