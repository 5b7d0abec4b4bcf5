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
/** A key set has 32 keys at most (`MAX_KEYS` of the core), so 100 keys are those of several providers. */
const KEYS_EACH = 25;
const PROVIDERS_WITH_MANY_KEYS = 4;

/**
 * @param {Bench} bench
 * @returns {Promise<Section[]>}
 */
export async function scaling(bench) {
  const { tiny } = bench.effort;
  const each = tiny ? 1 : KEYS_EACH;
  const all = each * PROVIDERS_WITH_MANY_KEYS;
  const keys = Array.from({ length: all }, (_, n) => makeKey('ES256', `key-${n}`));
  const manyKeys = `${all} keys, ${each} of each of ${PROVIDERS_WITH_MANY_KEYS} providers`;
  return [
    await section('rules, repeated tokens', [10, 100, 1_000, 10_000].slice(0, tiny ? 2 : 4).map(withRules(keys)), 1, bench),
    await section(
      'keys, new tokens (ES256)',
      [withKeys('1 key', keys, 1, 1), withKeys(manyKeys, keys, PROVIDERS_WITH_MANY_KEYS, each)],
      0,
      bench,
    ),
    await section(
      'providers, new tokens (ES256)',
      [withKeys('1 provider', keys, 1, 1), withKeys(`${PROVIDERS} providers`, keys, PROVIDERS, 1)],
      0,
      bench,
    ),
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

/**
 * @param {string} name
 * @param {SigningKey[]} all
 * @param {number} count of providers
 * @param {number} each how many keys each of them has
 * @returns {Size} with tokens of each of the keys in turn
 */
function withKeys(name, all, count, each) {
  const issuers = Array.from({ length: count }, (_, n) => `${ISSUER}/${n}`);
  const named = issuers.map((issuer, n) => /** @type {const} */ ([`provider-${n}`, { ...GENERIC, issuer, algorithms: ['ES256'] }]));
  const keysOf = (/** @type {number} */ provider) => Array.from({ length: each }, (_, n) => at(all, provider * each + n));
  let turn = 0;
  return size(name, {
    providers: Object.fromEntries(named),
    keys: Object.fromEntries(named.map(([provider], n) => [provider, keysOf(n)])),
    token: () => {
      turn += 1;
      const provider = turn % count;
      return accessToken(at(keysOf(provider), Math.floor(turn / count)), { iss: issuers[provider] });
    },
  });
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
