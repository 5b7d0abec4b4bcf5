// A terminal in which commands are run one after the other: the folder and exported variables stay as the one before left
// them, and a server runs on until the end.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { within } from '../../shim/support/within.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('./checkout.mjs').Checkout} Checkout */
/** @typedef {{ status: number | null, stdout: string, stderr: string }} Result */

const DEADLINE_MILLISECONDS = 120_000;
const OPTIONS = ['-euo', 'pipefail', '-c'];

export class Shell {
  /** @type {{ name: string, end: () => Promise<Result> }[]} */
  #servers = [];
  #test;
  #checkout;
  #state;

  /**
   * @param {TestContext} t
   * @param {Checkout} checkout
   */
  constructor(t, checkout) {
    this.#test = t;
    this.#checkout = checkout;
    this.#state = join(checkout.folder, '.bin/state');
  }

  /**
   * @param {string} command
   * @returns {Promise<Result>}
   */
  run(command) {
    const remember = `{ declare -p -x; printf 'cd %q\\n' "$PWD"; } >'${this.#state}'`;
    return within(this.#start(`${command}\n${remember}`).ended, command, DEADLINE_MILLISECONDS);
  }

  /**
   * Starts a local edge and waits until it listens.
   *
   * @param {string} command
   */
  async serve(command) {
    const { child, ended, output } = this.#start(command.replace(/^/, 'exec '));
    const listens = new Promise((resolve) => {
      child.stdout.on('data', () => /^local edge +http/m.test(output.stdout) && resolve(true));
      child.on('close', () => resolve(false));
    });
    if (!(await within(listens, command, DEADLINE_MILLISECONDS))) throw new Error(`${command}\n${output.stderr}`);
    const end = () => (child.kill('SIGINT'), within(ended, `${command} ends`, DEADLINE_MILLISECONDS));
    this.#servers.push({ name: command, end });
  }

  /** Ends what still runs, as Ctrl-C does. @returns {Promise<(Result & { name: string })[]>} */
  end() {
    return Promise.all(this.#servers.map(async ({ name, end }) => ({ name, ...(await end()) })));
  }

  /** @param {string} script */
  #start(script) {
    const before = existsSync(this.#state) ? readFileSync(this.#state, 'utf8') : '';
    const { folder: cwd, environment: env } = this.#checkout;
    const child = spawn('bash', [...OPTIONS, `${before}\n${script}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#test.after(() => child.kill('SIGKILL'));
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
    /** @type {Promise<Result>} */
    const ended = new Promise((resolve) => child.on('close', (status) => resolve({ status, ...output })));
    return { child, ended, output };
  }
}
