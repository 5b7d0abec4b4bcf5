# shellcheck shell=bash
# What the scripts say. Progress goes to standard error, results (tables, summaries) to standard output.

# step TEXT: something that takes a while begins.
step() {
  printf '\n==> %s\n' "$1" >&2
}

# have TEXT: something that is needed is there.
have() {
  printf '    ok: %s\n' "$1" >&2
}

# note TEXT...: further lines below a step.
note() {
  printf '    %s\n' "$@" >&2
}

# fail WHAT_WAS_WRONG [WHAT_WOULD_BE_RIGHT...]: ends the script.
fail() {
  printf '\nbuild.sh: %s\n' "$1" >&2
  shift
  [[ $# -eq 0 ]] || printf '    %s\n' "$@" >&2
  exit 1
}
