import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadAuthorizer } from '../lib/configuration.mjs';
import { viewerRequest } from '../lib/viewer-request.mjs';
import { eventFor } from './asked-request.mjs';
import { runCases } from './cases.mjs';
import { UsageError } from './errors.mjs';
import { explanationText } from './explanation.mjs';
import { readJson, readText } from './files.mjs';
import { handOverKeys } from './keys.mjs';
import { numberOption } from './options.mjs';
import { loadTooling, shippedAuthorizer } from './tooling.mjs';
import { internalFailure, verdictOn } from './verdict.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('./types.d.ts').Command} Command */
/** @typedef {import('./types.d.ts').Io} Io */
/** @typedef {import('../../pkg/tooling/edge_authorizer.js').TraceStep} TraceStep */
/** @typedef {import('./types.d.ts').Verdict} Verdict */

/** @typedef {{ text: string, folder: string, keys: unknown }} Source */

/** The code of a provider that cannot be reached says nothing of the provider here, where nobody has asked it. */
const HINTS = /** @type {Record<string, string | undefined>} */ ({
  keys_unavailable:
    '`explain` fetches nothing: hand it the key set with `--keys FILE`, as `edge-authorizer pin --config FILE --out FILE` writes it\n',
  sign_in_unavailable: '`explain` fetches nothing: the function would ask the provider here, and go on with its answer\n',
});

/** @type {Command} */
export const explain = {
  about: 'decide about an event, or many, without a network, and say why',
  usage: [
    '--config FILE --get URL [--token FILE --keys FILE] [--method METHOD] …',
    '--config FILE --event FILE [--keys FILE] [--now SECONDS] [--json]',
    '--cases FILE.jsonl [--config FILE] [--keys FILE] [--now SECONDS]',
  ],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration, an authorizer.json' },
    get: { type: 'string', value: 'URL', help: 'a path with its query, or a URL: that request, instead of an event' },
    token: { type: 'string', value: 'FILE', help: 'with `--get`: a file with its token; `-`: standard input' },
    method: { type: 'string', value: 'METHOD', help: 'with `--get`: another method than GET' },
    browser: { type: 'boolean', help: 'with `--get`: as a browser opens a page' },
    event: { type: 'string', value: 'FILE', help: 'a viewer-request or origin-request event, as JSON' },
    cases: { type: 'string', value: 'FILE', help: 'a case a line: name, config?, keys?, event, …' },
    keys: { type: 'string', value: 'FILE', help: 'JWK Sets by provider name, as JSON; `pin` writes such a file' },
    now: { type: 'string', value: 'SECONDS', help: 'seconds since 1970; default: the clock' },
    json: { type: 'boolean', help: 'one JSON object, with the whole answer to CloudFront' },
    trace: { type: 'boolean', help: 'with `--json`: how it came about, as `trace`' },
  },
  run: async (values, io) => {
    const now = numberOption(values, 'now') ?? Date.now() / 1000;
    const { config, get, event, cases, json = false, trace = false } = values;
    assertOneOf({ get, event, cases });
    assertGoWithGet(values);
    if (trace && !json) throw new UsageError('`--trace` goes with `--json`; the text always says how it came about');
    const keys = values.keys === undefined ? undefined : readJson(values.keys, 'keys');
    if (cases !== undefined) {
      if (json) throw new UsageError('`--json` goes with `--event` and `--get`; `--cases` always writes JSON');
      assertReadable(cases);
      return runCases({ file: cases, config, keys, now }, io);
    }
    if (config === undefined) throw new UsageError('option `--config FILE` is missing');
    return explainOne({ config, asked: values, keys, now, json, withTrace: trace || !json }, io);
  },
};

/** @type {(ways: Record<string, string | undefined>) => void} */
function assertOneOf(ways) {
  const { length } = Object.values(ways).filter((way) => way !== undefined);
  if (length === 0) throw new UsageError('one of `--get`, `--event` and `--cases` is needed');
  if (length > 1) throw new UsageError('only one of `--get`, `--event` and `--cases` is possible');
}

/** @type {(values: import('./types.d.ts').Values) => void} */
function assertGoWithGet(values) {
  const lonely = ['token', 'method', 'browser'].find((name) => values[name] !== undefined);
  if (values.get === undefined && lonely !== undefined) throw new UsageError(`\`--${lonely}\` goes with \`--get\``);
}

/**
 * @param {{ config: string, asked: any, keys: unknown, now: number, json: boolean, withTrace: boolean }} options `asked`: the
 *   options that say what is decided about
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function explainOne({ config, asked, keys, now, json, withTrace }, io) {
  const written = asked.event === undefined ? undefined : readJson(asked.event, 'event');
  const source = { text: readText(config, 'configuration'), folder: dirname(resolve(config)), keys };
  let areKeysWrong = false;
  const authorizer = readAuthorizer(config, source, (problem) => {
    areKeysWrong = true;
    io.err(`${problem}\n`);
  });
  const ruleFor = (/** @type {any} */ asked) => safeVerdict(authorizer, asked, now).rule;
  const event = asked.get === undefined ? written : eventFor(asked, JSON.parse(source.text), ruleFor);
  // First the record, on a copy: a decision edits the request.
  const trace = withTrace ? traceOf(source, structuredClone(event), now) : undefined;
  const verdict = safeVerdict(authorizer, event, now);
  if (json) {
    const { decision, status, code, rule, result } = verdict;
    io.out(`${JSON.stringify({ name: null, decision, status, code, rule, result, trace })}\n`);
    if (code === 'internal') io.err(`${verdict.detail}\n`);
  } else {
    io.out(explanationText(verdict, trace ?? [], io.color));
  }
  const hint = HINTS[verdict.code];
  // What is wrong with the keys that were handed over was said, and is no reason to fetch others.
  if (hint !== undefined && !areKeysWrong) io.err(hint);
  return 0;
}

/**
 * @param {string} config
 * @param {Source} source
 * @param {(problem: string) => void} warn
 * @returns {Authorizer}
 */
function readAuthorizer(config, { text, folder, keys }, warn) {
  let authorizer;
  try {
    authorizer = shippedAuthorizer(text, folder);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new Error(`configuration \`${config}\` cannot be used:\n${message}`);
  }
  if (keys !== undefined) handOverKeys(authorizer, keys, warn);
  return authorizer;
}

/** @type {(source: Source, event: any, now: number) => TraceStep[]} */
function traceOf({ text, folder, keys }, event, now) {
  try {
    const authorizer = loadAuthorizer(loadTooling().Authorizer, text, folder);
    if (keys !== undefined) handOverKeys(authorizer, keys, () => {});
    return authorizer.explainViewerRequest(viewerRequest(event), now).trace;
  } catch {
    // What is wrong with the event comes out again with the verdict.
    return [];
  }
}

/** @type {(authorizer: Authorizer, event: any, now: number) => Verdict} */
function safeVerdict(authorizer, event, now) {
  try {
    return verdictOn(authorizer, event, now);
  } catch (error) {
    return internalFailure(/** @type {Error} */ (error).message, event);
  }
}

/** @type {(file: string) => void} */
function assertReadable(file) {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new Error(`cannot read cases \`${file}\``);
  }
}
