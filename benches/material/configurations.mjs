// Configurations to measure with.

import { CLIENT_ID, GROUP, ISSUER, USER_POOL } from './tokens.mjs';

/**
 * A provider for the tokens of tokens.mjs. Its key set is handed over as a pinned one, as from a zip that was built while
 * the provider could be reached.
 */
export const COGNITO = { userPoolId: USER_POOL, tokenUse: 'access', clientId: CLIENT_ID };

/** The same for algorithms that Cognito does not use. */
export const GENERIC = { issuer: ISSUER, audience: CLIENT_ID, groupsClaim: 'cognito:groups' };

const KINDS = [
  (/** @type {number} */ n) => ({ match: { path: `/area${n}/{*rest}` }, requires: { group: GROUP } }),
  (/** @type {number} */ n) => ({ match: { path: `/public${n}/{*rest}` }, allow: 'anyone' }),
  (/** @type {number} */ n) => ({
    match: { path: `/users${n}/{user}/{*rest}` },
    requires: { claim: 'sub', equals: '{user}' },
  }),
  (/** @type {number} */ n) => ({
    match: { path: `/team${n}/{team}/{*rest}`, methods: ['GET', 'PUT'] },
    requires: { all: [{ group: '{team}' }, { scope: 'images/read' }] },
  }),
  (/** @type {number} */ n) => ({ match: { path: `/report${n}.pdf` }, requires: { not: { group: 'guests' } } }),
];

/**
 * Rules of each kind that the documentation shows, in turn.
 *
 * @param {number} count
 */
export function rules(count) {
  return Array.from({ length: count }, (_, n) => ({ name: `rule-${n}`, ...KINDS[n % KINDS.length]?.(n) }));
}

/**
 * A path that comes under one of these rules, a different one for each `n`, which asks for a group.
 *
 * @param {number} ruleCount
 * @param {number} n
 */
export function pathFor(ruleCount, n) {
  const area = (n % Math.ceil(ruleCount / KINDS.length)) * KINDS.length;
  return `/area${area}/2026/IMG_${n}.jpg`;
}

/**
 * @param {Record<string, unknown>} providers
 * @param {number} ruleCount
 */
export function configurationText(providers, ruleCount) {
  return JSON.stringify({ providers, rules: rules(ruleCount), forward: { claimToHeaders: { 'x-user': 'sub' } } });
}
