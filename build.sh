#!/usr/bin/env bash
# One way in for everything that is done with this project; `./build.sh help` tells what. The work is in scripts/.
set -euo pipefail

readonly COMMANDS=(build serve pack publish rollback unpublish templates reproduce test bench setup env clean help)

main() {
  caller_folder=$PWD
  cd "$(dirname "${BASH_SOURCE[0]}")"
  load_scripts

  local command=${1:-build}
  [[ $# -eq 0 ]] || shift
  case $command in
    help | -h | --help) help ;;
    setup) takes_nothing "$@"; setup ;;
    build) build "$@" ;;
    serve) serve "$@" ;;
    pack) takes_nothing "$@"; pack ;;
    publish) publish "$@" ;;
    rollback | unpublish) withdraw "$command" "$@" ;;
    templates) takes_nothing "$@"; templates ;;
    reproduce) takes_nothing "$@"; set_up_build; reproduce ;;
    test) takes_nothing "$@"; run_tests ;;
    bench) run_bench "$@" ;;
    env) takes_nothing "$@"; print_environment ;;
    clean) takes_nothing "$@"; clean ;;
    *) misused "unknown command \`$command\`$(meant "$command")" ;;
  esac
}

help() {
  cat <<END
usage: ./build.sh [COMMAND]

  build [--config FILE] [--no-pin] [--features LIST]
                          (default) build pkg/ and dist/edge-authorizer.zip, and print the size of each part.
                          FILE is the configuration to bundle: $DEFAULT_CONFIGURATION unless given;
                          its key sets are fetched and bundled, too, where they can be: not with --no-pin.
                          LIST names what the module leaves out unless asked: es512
  serve [ARGUMENT...]     build, and run the local edge over the bundled example, with a development issuer;
                          arguments go to \`edge-authorizer serve\`: --config examples/sign-in/authorizer.json
                          is a site to sign in to with a browser
  pack                    build, and make the npm package dist/edge-authorizer-VERSION.tgz: handler, command and types
  publish --config FILE [--distribution ID] [OPTION...]
                          build, publish the zip as a version of a Lambda@Edge function with the AWS CLI, let the
                          distribution's behaviors call it, wait until that is deployed, and try it.
                          --dry-run shows every command and runs none; --no-pin is as above, and without it a key set
                          that cannot be fetched is an error; docs/deploying.md has the other options
  rollback --distribution ID [--to VERSION]
                          let the distribution call the version before
  unpublish --distribution ID --disable|--unguarded
                          take function and role away; the distribution answers nobody then, or everybody
  templates               write deploy/cloudformation/ anew from deploy/cdk and the examples, and Terraform's dashboards
  reproduce               build the same sources in two other folders, and compare the zips, byte for byte
  test                    build, and run every test: Rust, WebAssembly, the shim's from the unpacked zip
                          under Node.js $(printf '%s, ' "${NODE_TEST_VERSIONS[@]%%.*}" | sed 's/, $//'), the comparison with other verifiers,
                          the npm package, the bill of materials, the commands in the documents, publishing to a server that
                          answers as AWS does, and the sign-in with Chromium and an OpenID provider (pictures of its pages:
                          target/screenshots/)
  bench [--full] [--json FILE]
                          measure what decisions cost beside other verifiers, on Node.js ${NODE_TEST_VERSIONS[-1]%%.*}, and say which goals
                          are met; --full takes minutes; FILE gets the figures
  setup                   only bring the tools that the others need (they do so themselves)
  env                     print what makes \`wasm-pack\` typed by hand find these tools: eval "\$(./build.sh env)"
  clean                   remove what builds made: target/ pkg/ dist/ and node_modules/
  help                    this

Needed beforehand: stable Rust from rustup, Node.js $NODE_MINIMUM or newer. Everything else is brought by set-up:
the Rust library for WebAssembly, wasm-pack $WASM_PACK_VERSION, wasm-bindgen, wasm-opt, Node.js versions to test on, and
verifiers to compare with, CDK, the AWS CLI with moto, which answers as AWS does (in Python, and skipped where there is
none, as one of the verifiers is), and Chromium (the system's; what needs it is left out where there is none).
Tools are kept in $TOOLS
(\$EDGE_AUTHORIZER_TOOLS names another folder) and are shared between checkouts; links in cargo's own folder make
wasm-pack and wasm-bindgen known to your shell, unless you have other versions there. System packages are only
installed by root, or with a sudo that asks for nothing; anybody else is told what to install.
END
}

setup() {
  set_up_build
  set_up_tests
  note '' 'to type wasm-pack by hand: eval "$(./build.sh env)"'
}

build() {
  local configuration=$DEFAULT_CONFIGURATION pinned=target/key-sets.json
  while [[ $# -gt 0 ]]; do
    case $1 in
      --config)
        [[ -n ${2:-} ]] || misused '`--config` needs a file'
        configuration=$(from_caller "$2")
        shift 2
        ;;
      --no-pin) pinned='' && shift ;;
      --features)
        [[ -n ${2:-} ]] || misused '`--features` needs a list'
        MODULE_FEATURES=$2
        shift 2
        ;;
      *) misused "unexpected argument \`$1\`" ;;
    esac
  done
  assert_configuration "$configuration"
  # A zip of an earlier build must not pass for this one's.
  rm -f "$ZIP"
  set_up_build
  build_module
  check_configuration "$configuration"
  [[ -z $pinned ]] || pin_key_sets "$configuration" "$pinned"
  build_zip "$configuration" "$ZIP" "$pinned"
  write_bill_of_materials "$ZIP"
}

serve() {
  set_up_build
  build_module
  local root=$PWD
  cd "$caller_folder"
  exec node "$root/www-shim/cli.mjs" serve --config "$root/$DEFAULT_CONFIGURATION" --development-issuer "$@"
}

pack() {
  set_up_build
  build_module
  build_package dist
}

# publish ARGUMENT...: `--config` is for the build as well, `--no-pin` only for it; the other arguments are only for publishing,
# and are looked at before the build takes its time.
publish() {
  local options=() configuration='' no_pin=()
  MISSING_KEY_SETS=refused
  while [[ $# -gt 0 ]]; do
    case $1 in
      --config)
        [[ -n ${2:-} ]] || misused '`--config` needs a file'
        configuration=$(from_caller "$2")
        shift 2
        ;;
      --no-pin) no_pin=(--no-pin) && shift ;;
      --dry-run) MISSING_KEY_SETS=told && options+=("$1") && shift ;;
      *) options+=("$1") && shift ;;
    esac
  done
  [[ -n $configuration ]] || misused '`publish` needs `--config FILE`'
  assert_configuration "$configuration"
  ! command -v node >/dev/null || node deploy/publish/main.mjs options-of-publish "${options[@]}"
  build --config "$configuration" "${no_pin[@]}"
  step 'publishing'
  node deploy/publish/main.mjs publish --config "$configuration" --zip "$PWD/$ZIP" "${options[@]}"
}

# withdraw COMMAND ARGUMENT...
withdraw() {
  node deploy/publish/main.mjs "$@"
}

templates() {
  set_up_build
  need_npm_packages_in "$CDK" aws-cdk-lib
  build_module
  write_templates
}

clean() {
  rm -rf target pkg dist www-shim/node_modules "$DIFFERENTIAL/node_modules" "$CDK/node_modules" "$BENCHES/node_modules" \
    "$BROWSER_TESTS/node_modules"
  note "removed target/ pkg/ dist/ and node_modules/; tools stay in $TOOLS"
}

load_scripts() {
  local script
  for script in messages versions system wasm-target slim-library debian-toolchain cargo-tools node-versions packages differential s3-server deploy browser setup build package reproduce bench test; do
    # shellcheck source=/dev/null
    source "scripts/$script.sh"
  done
}

# from_caller PATH: prints a path that the caller gave, for use from the project's folder.
from_caller() {
  if [[ $1 == /* ]]; then printf '%s' "$1"; else printf '%s/%s' "$caller_folder" "$1"; fi
}

assert_configuration() {
  [[ -e $1 ]] || misused "there is no configuration \`$1\`"
}

takes_nothing() {
  [[ $# -eq 0 ]] || misused "unexpected argument \`$1\`"
}

misused() {
  printf 'build.sh: %s\nrun `./build.sh help` for what there is\n' "$1" >&2
  exit 2
}

# meant COMMAND: prints a question, if there is a command that is spelt alike.
meant() {
  local nearest="import { nearest } from './www-shim/cli/nearest.mjs';
    const meant = nearest(process.argv[1], process.argv.slice(2)); if (meant) process.stdout.write('; did you mean \`' + meant + '\`?')"
  ! command -v node >/dev/null || node --input-type=module --eval "$nearest" -- "$1" "${COMMANDS[@]}"
}

main "$@"
