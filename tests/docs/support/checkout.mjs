// A copy of the project for one document, in which its commands are run as a reader would type them. What takes minutes was
// done before: set-up and compiling do nothing in it, a zip is made once for each configuration, and no key sets are fetched, since
// no test needs the network.

import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePort } from '../../shim/support/free-port.mjs';
import { documentOf, ROOT } from './documents.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

/** What documents run or read. */
const COPIED = ['build.sh', 'scripts', 'deploy/publish', 'examples', 'www-shim'];
const COMPILED = ['pkg', 'www-shim/node_modules'];
const NOT_COPIED = /(?:^|\/)(?:node_modules|target)$/;

const DONE_BEFORE = `
set_up_build() { :; }
build_module() { :; }
pin_key_sets() { printf '{}' >"$2"; }
write_bill_of_materials() { :; }
run_tests() { :; }
eval "$(declare -f build_zip | sed '1s/build_zip/make_zip/')"
build_zip() {
  local made=$MADE_BEFORE/$(sha256sum <"$1" | cut -c 1-32)
  # Documents are run side by side: who comes second waits.
  if command -v flock >/dev/null; then
    exec 9>"$made.lock"
    flock 9
  fi
  [[ -e $made ]] || { make_zip "$1" "$made.$$" "\${3:-}" && mv "$made.$$" "$made"; }
  cp "$made" "$2"
}
`;

/** Zips by their configuration. */
const MADE_BEFORE = mkdtempSync(join(tmpdir(), 'edge-authorizer-docs-zips-'));
process.on('exit', () => rmSync(MADE_BEFORE, { recursive: true }));

/** What would ask the network, or an account of whoever runs the tests: a command with one of these is run by no test here. */
const NOT_HERE = ['aws', 'cargo', 'git', 'npm', 'rustup', 'terraform'];

/** Ports on loopback in commands and files, which others may be using. */
const PORT = /(?<=127\.0\.0\.1:|--port )(?!0\b)\d{2,5}\b/g;

export class Checkout {
  /** @type {Map<string, number>} */
  #ports = new Map();
  #distribution = 'E1EXAMPLE';
  /** The folder. */
  folder;
  /** @type {NodeJS.ProcessEnv} */
  environment;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    const bin = join(folder, '.bin');
    mkdirSync(bin);
    // The names that the package gives the command.
    const cli = `exec "${process.execPath}" "${join(folder, 'www-shim/cli.mjs')}"`;
    writeFileSync(join(bin, 'edge-authorizer'), `#!/bin/sh\n${cli} "$@"\n`, { mode: 0o755 });
    writeFileSync(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = edge-authorizer ] || exit 97\nshift\n${cli} "$@"\n`, { mode: 0o755 });
    for (const name of NOT_HERE) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name}: not run by tests: tests/docs/support/not-run.mjs" >&2\nexit 97\n`, { mode: 0o755 });
    }
    const path = [bin, process.env.PATH].join(delimiter);
    this.environment = { PATH: path, HOME: folder, MADE_BEFORE, LANG: 'C.UTF-8', NO_COLOR: '1', FORCE_COLOR: undefined };
  }

  /**
   * @param {TestContext} t
   * @returns {Promise<Checkout>}
   */
  static async make(t) {
    const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-docs-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const name of COPIED) {
      cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: (source) => !NOT_COPIED.test(source) });
    }
    for (const name of COMPILED) symlinkSync(join(ROOT, name), join(folder, name));
    for (const name of ['target', 'dist']) mkdirSync(join(folder, name));
    appendFileSync(join(folder, 'scripts/test.sh'), DONE_BEFORE);
    const checkout = new Checkout(folder);
    for (const example of readdirSync(join(ROOT, 'examples'), { withFileTypes: true })) {
      const name = `examples/${example.name}/authorizer.json`;
      if (example.isDirectory()) await checkout.write(name, readFileSync(join(ROOT, name), 'utf8'));
    }
    // For documents that bring none of their own.
    for (const { file, text } of documentOf('README.md').blocks) if (file) await checkout.write(file, text);
    writeFileSync(join(folder, 'token.txt'), 'not.a.token\n');
    return checkout;
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  async write(name, text) {
    const path = join(this.folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, await this.withFreePorts(text));
  }

  /**
   * Lets `aws` be the real one, and ask a server of the tests.
   *
   * @param {Record<string, string>} environment
   * @param {string} distribution the id of the one that documents call E1EXAMPLE
   */
  useAws({ PATH, HOME: _, ...environment }, distribution) {
    Object.assign(this.environment, environment, {
      AWS_DEFAULT_REGION: 'us-east-1',
      PATH: [PATH?.split(delimiter)[0], this.environment.PATH].join(delimiter),
    });
    this.#distribution = distribution;
  }

  /**
   * A command as it is run here.
   *
   * @param {string} command
   * @returns {Promise<string>}
   */
  async asHere(command) {
    return (await this.withFreePorts(command)).replaceAll('E1EXAMPLE', this.#distribution);
  }

  /**
   * The same text with each port on loopback replaced by one that is free, always the same one.
   *
   * @param {string} text
   * @returns {Promise<string>}
   */
  async withFreePorts(text) {
    for (const [port] of text.matchAll(PORT)) {
      if (!this.#ports.has(port)) this.#ports.set(port, await freePort());
    }
    return text.replace(PORT, (port) => String(this.#ports.get(port)));
  }

  /**
   * What a reader would see.
   *
   * @param {string} text
   * @returns {string}
   */
  withPortsOfReaders(text) {
    return [...this.#ports].reduce((before, [port, free]) => before.replaceAll(`127.0.0.1:${free}`, `127.0.0.1:${port}`), text);
  }
}
