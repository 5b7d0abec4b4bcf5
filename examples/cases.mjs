// What the examples' cases are made with. Tokens are signed with keys that are made for one run and kept nowhere, so the cases
// are made as well: `node examples/NAME/cases.mjs > cases.jsonl`, then `edge-authorizer explain --config … --cases cases.jsonl`.

import { signToken } from '../www-shim/edge/development-keys.mjs';

/** @typedef {import('../www-shim/edge/development-keys.mjs').DevelopmentKey} DevelopmentKey */
/** @typedef {{ method?: string, query?: string, headers?: Record<string, string> }} Sent */

/** The time of every case: the cases are the same each time. */
export const NOW = Date.UTC(2026, 0, 1) / 1000;

/**
 * A token that is good for an hour, five minutes of which have passed.
 *
 * @param {DevelopmentKey} key
 * @param {Record<string, unknown>} claims
 * @returns {string}
 */
export function token(key, claims) {
  return signToken(key, { iat: NOW - 300, exp: NOW + 3300, ...claims });
}

/**
 * A viewer-request event, as far as it is decided about.
 *
 * @param {string} uri
 * @param {Sent} [sent]
 * @returns {object}
 */
export function event(uri, { method = 'GET', query = '', headers = {} } = {}) {
  const sent = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]);
  const request = { clientIp: '203.0.113.178', method, uri, querystring: query, headers: Object.fromEntries(sent) };
  return { Records: [{ cf: { request } }] };
}

/**
 * Writes cases as lines for `explain --cases`.
 *
 * @param {[name: string, event: object, expect: object][]} cases
 * @param {Record<string, object>} [keys] JWK Sets by provider name
 */
export function write(cases, keys) {
  for (const [name, event, expect] of cases) console.log(JSON.stringify({ name, now: NOW, keys, event, expect }));
}
