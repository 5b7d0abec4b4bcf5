import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isTrap } from '../lib/trap.mjs';
import { Authorizers } from './authorizers.mjs';
import { jsonPlace, readText } from './files.mjs';
import { jsonLines } from './lines.mjs';
import { nearest } from './nearest.mjs';
import { internalFailure, verdictOn } from './verdict.mjs';

/** @typedef {import('./types.d.ts').Io} Io */
/** @typedef {import('./types.d.ts').Verdict} Verdict */
/** @typedef {{ file: string, config?: string, keys?: unknown, now: number }} CasesOptions */
/** @typedef {Record<string, any>} Case */

const KNOWN = ['name', 'config', 'keys', 'event', 'now', 'expect'];
const EXPECTABLE = /** @type {const} */ (['decision', 'status', 'code', 'rule']);
const WRITE_AT_CHARACTERS = 64 * 1024;

/**
 * Decides each line of a file, and says where a decision is not the expected one.
 *
 * @param {CasesOptions} options `config` and `keys` are for the lines without their own
 * @param {Io} io
 * @returns {Promise<number>} exit code: 1 where an `expect` differs
 */
export async function runCases(options, io) {
  const configurations = new Configurations(options);
  const failures = new Failures();
  const authorizers = new Authorizers();
  let [count, differing] = [0, 0];
  let waiting = '';
  for await (const { number, text } of jsonLines(createReadStream(options.file))) {
    const warn = (/** @type {string} */ problem) => io.err(`line ${number}: ${problem}\n`);
    const { parsed, problem } = parseCase(text);
    for (const misspelt of misspeltKeys(parsed)) warn(misspelt);
    const name = parsed?.name ?? null;
    const verdict = parsed
      ? await decideCase(parsed, options, configurations, authorizers, warn)
      : internalFailure(problem);
    if (verdict.code === 'internal' && failures.isNew(verdict.detail ?? '')) warn(verdict.detail ?? '');
    const { decision, status, code, rule } = verdict;
    waiting += `${JSON.stringify({ name, decision, status, code, rule })}\n`;
    if (waiting.length > WRITE_AT_CHARACTERS) {
      io.out(waiting);
      waiting = '';
    }
    const differences = differencesFrom(parsed?.expect, verdict);
    for (const difference of differences) warn(`${JSON.stringify(name)}: ${difference}`);
    count += 1;
    if (differences.length > 0) differing += 1;
  }
  io.out(waiting);
  for (const repeated of failures.repeated()) io.err(`${repeated}\n`);
  if (differing > 0) io.err(`${differing} of ${count} cases are not as expected\n`);
  return differing > 0 ? 1 : 0;
}

/** @type {(text: string) => { parsed: Case, problem: '' } | { parsed: null, problem: string }} */
function parseCase(text) {
  try {
    const parsed = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return { parsed, problem: '' };
    }
    return { parsed: null, problem: 'a case must be a JSON object' };
  } catch (error) {
    return { parsed: null, problem: `not JSON${jsonPlace(error)}` };
  }
}

/**
 * A case may have members of its own, notes for one; but one that is nearly a known name was meant for it.
 *
 * @param {Case | null} parsed
 * @returns {string[]}
 */
function misspeltKeys(parsed) {
  const unknown = Object.keys(parsed ?? {}).filter((key) => !KNOWN.includes(key));
  return unknown.flatMap((key) => {
    const near = nearest(key, KNOWN);
    return near === undefined || near === null ? [] : [`unknown key \`${key}\`: did you mean \`${near}\`?`];
  });
}

/**
 * @param {Case} parsed
 * @param {CasesOptions} options
 * @param {Configurations} configurations
 * @param {Authorizers} authorizers
 * @param {(problem: string) => void} warn
 * @returns {Promise<Verdict>} whatever the case holds
 */
async function decideCase(parsed, options, configurations, authorizers, warn) {
  let authorizer;
  try {
    const keys = parsed.keys ?? options.keys;
    const source = configurations.of(parsed.config ?? undefined);
    authorizer = await authorizers.get({ ...source, keys }, warn);
  } catch (error) {
    if (isTrap(error)) authorizers.discardAll();
    return internalFailure(/** @type {Error} */ (error).message);
  }
  const now = parsed.now ?? options.now;
  if (typeof now !== 'number') return internalFailure('`now` must be a number of seconds');
  try {
    return verdictOn(authorizer, parsed.event, now);
  } catch (error) {
    if (isTrap(error)) authorizers.discardAll();
    return internalFailure(/** @type {Error} */ (error).message, parsed.event);
  }
}

/** @type {(expect: unknown, verdict: Verdict) => string[]} */
function differencesFrom(expect, verdict) {
  if (expect === undefined || expect === null) return [];
  if (typeof expect !== 'object') return ['`expect` must be an object'];
  return Object.entries(expect).flatMap(([key, expected]) => {
    const known = EXPECTABLE.find((name) => name === key);
    if (!known) return [`\`expect\` holds any of ${EXPECTABLE.join(', ')}, not \`${key}\``];
    if (verdict[known] === expected) return [];
    const actual = JSON.stringify(verdict[known]);
    const why = verdict.detail ? `: ${verdict.detail}` : '';
    return [`\`${key}\` is ${actual}, expected ${JSON.stringify(expected)}${why}`];
  });
}

/** Why no decision could be made: what is wrong with a configuration is wrong for each of its cases, and said once. */
class Failures {
  /** @type {Map<string, number>} how often */
  #counts = new Map();

  /** @param {string} detail */
  isNew(detail) {
    const count = this.#counts.get(detail) ?? 0;
    this.#counts.set(detail, count + 1);
    return count === 0;
  }

  repeated() {
    const often = [...this.#counts].filter(([, count]) => count > 1);
    return often.map(([detail, count]) => `${count} cases in all: ${detail.split('\n')[0]}`);
  }
}

/** The configurations that cases name: inline, by path, or the command's own. */
class Configurations {
  /** @type {Map<string, { configText: string, configFolder: string }>} */
  #files = new Map();
  #own;
  #folder;

  /** @param {CasesOptions} options */
  constructor({ file, config }) {
    this.#own = config;
    this.#folder = dirname(resolve(file));
  }

  /**
   * @param {unknown} config
   * @returns {{ configText: string, configFolder: string }}
   * @throws {Error} where there is none
   */
  of(config) {
    if (typeof config === 'string') return this.#read(resolve(this.#folder, config));
    if (config !== undefined) {
      return { configText: JSON.stringify(config), configFolder: this.#folder };
    }
    if (this.#own !== undefined) return this.#read(resolve(this.#own));
    throw new Error('the case has no `config`, and there is no `--config`');
  }

  /** @type {(path: string) => { configText: string, configFolder: string }} */
  #read(path) {
    const known = this.#files.get(path);
    if (known) return known;
    const source = {
      configText: readText(path, 'configuration'),
      configFolder: dirname(path),
    };
    this.#files.set(path, source);
    return source;
  }
}
