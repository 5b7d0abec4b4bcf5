import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isTrap } from '../lib/trap.mjs';
import { Authorizers } from './authorizers.mjs';
import { jsonPlace, readText } from './files.mjs';
import { jsonLines } from './lines.mjs';
import { isNearMiss, nearest } from './nearest.mjs';
import { internalFailure, verdictOn } from './verdict.mjs';

/** @typedef {import('./types.d.ts').Io} Io */
/** @typedef {import('./types.d.ts').Verdict} Verdict */
/** @typedef {{ file: string, config?: string, keys?: unknown, now: number }} CasesOptions */
/** @typedef {Record<string, any>} Case */
/** @typedef {typeof OUTCOMES[number]} Outcome of one line; what is `broken` is no case, whatever was decided */

const KNOWN = ['name', 'config', 'keys', 'event', 'now', 'expect'];
/** Members without which a case says something else than was meant: whoever misspells one has no test there. */
const DECISIVE = ['config', 'keys', 'event', 'now', 'expect', 'expected'];
const EXPECTABLE = /** @type {const} */ (['decision', 'status', 'code', 'rule']);
const OUTCOMES = /** @type {const} */ (['as expected', 'not as expected', 'without `expect`', 'broken']);
const WRITE_AT_CHARACTERS = 64 * 1024;

/**
 * Decides each line of a file, and says where a decision is not the expected one.
 *
 * @param {CasesOptions} options `config` and `keys` are for the lines without their own
 * @param {Io} io
 * @returns {Promise<number>} exit code: 1 where an `expect` differs, where a line is no case, and where there is none
 */
export async function runCases(options, io) {
  const configurations = new Configurations(options);
  const failures = new Failures();
  const authorizers = new Authorizers();
  const tally = new Tally();
  let waiting = '';
  for await (const { number, text } of jsonLines(createReadStream(options.file))) {
    const warn = (/** @type {string} */ problem) => io.err(`line ${number}: ${problem}\n`);
    const { parsed, problem } = parseCase(text);
    for (const misspelt of misspeltKeys(parsed)) warn(misspelt);
    if (parsed && !('event' in parsed)) warn('the case has no `event`');
    const name = parsed?.name ?? null;
    const verdict = parsed
      ? await decideCase(parsed, options, configurations, authorizers, warn)
      : internalFailure(problem);
    if (verdict.code === 'internal' && (parsed === null || failures.isNew(verdict.detail ?? ''))) warn(verdict.detail ?? '');
    const { decision, status, code, rule } = verdict;
    waiting += `${JSON.stringify({ name, decision, status, code, rule })}\n`;
    if (waiting.length > WRITE_AT_CHARACTERS) {
      io.out(waiting);
      waiting = '';
    }
    const differences = differencesFrom(parsed?.expect, verdict);
    for (const difference of differences) warn(`${JSON.stringify(name)}: ${difference}`);
    tally.add(outcomeOf(parsed, differences));
  }
  io.out(waiting);
  for (const repeated of failures.repeated()) io.err(`${repeated}\n`);
  io.err(`${tally.text}\n`);
  return tally.isGood ? 0 : 1;
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

/** @type {(parsed: Case | null, differences: string[]) => Outcome} */
function outcomeOf(parsed, differences) {
  if (parsed === null || !('event' in parsed)) return 'broken';
  const isMisspelt = Object.keys(parsed).some((key) => !KNOWN.includes(key) && isNearMiss(key, DECISIVE));
  if (isMisspelt) return 'broken';
  if (differences.length > 0) return 'not as expected';
  return Object.keys(parsed.expect ?? {}).length === 0 ? 'without `expect`' : 'as expected';
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

/** How many cases came out how. */
class Tally {
  /** @type {Map<Outcome, number>} */
  #counts = new Map();
  #all = 0;

  /** @param {Outcome} outcome */
  add(outcome) {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
    this.#all += 1;
  }

  /** Whether nothing in the file is to be mended: a file without any case tests nothing. */
  get isGood() {
    return this.#all > 0 && !this.#counts.has('not as expected') && !this.#counts.has('broken');
  }

  /** `12 cases: 10 as expected, 2 without `expect`` */
  get text() {
    if (this.#all === 0) return 'no cases: the file has no line with one';
    const parts = OUTCOMES.flatMap((outcome) => (this.#counts.has(outcome) ? [`${this.#counts.get(outcome)} ${outcome}`] : []));
    return `${this.#all} ${this.#all === 1 ? 'case' : 'cases'}: ${parts.join(', ')}`;
  }
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
