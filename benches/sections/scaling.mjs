// What a decision costs with many rules, keys and providers, beside one with few.

import { ourHandler } from '../contenders/ours.mjs';
import { GENERIC, configurationText, pathFor } from '../material/configurations.mjs';
import { eventText } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { ISSUER, accessToken } from '../material/tokens.mjs';
import { comparison } from '../report/rows.mjs';
import { inTurn, ratio, turnOf } from '../rounds.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */
/** @typedef {import('../material/keys.mjs').SigningKey} SigningKey */
/** @typedef {import('../report/rows.mjs').Section} Section */
/**
 * @typedef {object} Size
 * @property {string} name
 * @property {number} rules
 * @property {Record<string, unknown>} providers
 * @property {Record<string, SigningKey[]>} keys
 * @property {(n: number) => string} token
 */

const CALLS = 64;
const PROVIDERS = 50;
/** As many as the core reads from one set (`MAX_KEYS`). */
const KEYS = 32;

/**
 * @param {Bench} bench
 * @returns {Promise<Section[]>}
 */
export async function scaling(bench) {
  const { tiny } = bench.effort;
  const keys = Array.from({ length: tiny ? 2 : KEYS }, (_, n) => makeKey('ES256', `key-${n}`));
  return [
    await section('rules, repeated tokens', [10, 100, 1_000, 10_000].slice(0, tiny ? 2 : 4).map(withRules(keys)), 1, bench),
    await section('keys of a provider, new tokens (ES256)', [1, keys.length].map(withKeys(keys)), 0, bench),
    await section('providers, new tokens (ES256)', [1, PROVIDERS].map(withProviders(keys)), 0, bench),
  ];
}

/**
 * @param {string} what
 * @param {Size[]} sizes
 * @param {0 | 1} isRepeated whether all turns have the same tokens
 * @param {Bench} bench
 * @returns {Promise<Section>}
 */
async function section(what, sizes, isRepeated, { zipFolder, effort }) {
  const calls = effort.tiny ? 2 : CALLS;
  const contenders = [];
  for (const { name, rules, providers, keys, token } of sizes) {
    const handler = await ourHandler(zipFolder, configurationText(providers, rules), keys);
    const make = () => Array.from({ length: calls }, (_, n) => eventText(token(n), pathFor(rules, n * 7)));
    const fixed = make();
    contenders.push({ name, calls, prepare: turnOf(handler, () => (isRepeated ? fixed : make())) });
  }
  const [first, last] = /** @type {[Size, Size]} */ ([sizes[0], sizes.at(-1)]);
  const samples = await inTurn(contenders, effort.rounds(isRepeated ? 60 : 30, 200));
  return {
    title: `scaling: ${what}`,
    rows: comparison(samples, first.name),
    goals: [
      {
        what: `${first.name} → ${last.name}: cost of a decision`,
        goal: '< 2 ×',
        measured: ratio(samples.get(last.name) ?? [], samples.get(first.name) ?? []).median,
        unit: '×',
        isMet: (value) => value < 2,
      },
    ],
  };
}

/** @param {SigningKey[]} keys */
function withRules([key]) {
  return (/** @type {number} */ rules) =>
    size(`${rules.toLocaleString('en-US')} rules`, { rules, keys: { staff: key === undefined ? [] : [key] } });
}

/** @param {SigningKey[]} keys */
function withKeys(keys) {
  return (/** @type {number} */ count) => {
    const some = keys.slice(0, count);
    return size(count === 1 ? '1 key' : `${count} keys`, { keys: { staff: some }, token: (n) => accessToken(at(some, n)) });
  };
}

/** @param {SigningKey[]} keys */
function withProviders(keys) {
  return (/** @type {number} */ count) => {
    const issuers = Array.from({ length: count }, (_, n) => `${ISSUER}/${n}`);
    const named = issuers.map((issuer, n) => /** @type {const} */ ([`provider-${n}`, { ...GENERIC, issuer }]));
    const providers = Object.fromEntries(named.map(([name, provider]) => [name, { ...provider, algorithms: ['ES256'] }]));
    return size(count === 1 ? '1 provider' : `${count} providers`, {
      providers,
      keys: Object.fromEntries(named.map(([name], n) => [name, [at(keys, n)]])),
      token: (n) => accessToken(at(keys, n % count), { iss: issuers[n % count] }),
    });
  };
}

/**
 * @param {string} name
 * @param {Partial<Size> & Pick<Size, 'keys'>} size
 * @returns {Size}
 */
function size(name, { keys, ...others }) {
  const [key] = Object.values(keys)[0] ?? [];
  return {
    name,
    rules: 20,
    providers: { staff: { ...GENERIC, algorithms: ['ES256'] } },
    keys,
    token: () => accessToken(/** @type {SigningKey} */ (key)),
    ...others,
  };
}

/**
 * @template T
 * @param {T[]} list
 * @param {number} n
 */
function at(list, n) {
  return /** @type {T} */ (list[n % list.length]);
}
