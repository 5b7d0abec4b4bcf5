// A token that was never seen: the whole call of a handler, for each algorithm.

import { ourHandler } from '../contenders/ours.mjs';
import { awsJwtVerifyGeneric, fastJwt, joseVerify, jsonWebToken } from '../contenders/peers.mjs';
import { GENERIC, configurationText, pathFor } from '../material/configurations.mjs';
import { eventText } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { accessToken } from '../material/tokens.mjs';
import { comparison } from '../report/rows.mjs';
import { inTurn, ratio, turnOf } from '../rounds.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */
/** @typedef {import('../report/rows.mjs').Section} Section */

const RULES = 20;
const CALLS = 16;

/** What each is compared with, where aws-jwt-verify does not know the algorithm; and the most that our time may be. */
const ALGORITHMS = [
  { algorithm: 'RS256', reference: 'aws-jwt-verify', limit: 1.0 },
  { algorithm: 'ES256', reference: 'aws-jwt-verify', limit: 4 },
  { algorithm: 'EdDSA', reference: 'aws-jwt-verify', limit: 1.3 },
  { algorithm: 'ES384', reference: 'aws-jwt-verify' },
  { algorithm: 'PS256', reference: 'fast-jwt' },
  { algorithm: 'HS256', reference: 'fast-jwt' },
];

/**
 * @param {Bench} bench
 * @returns {Promise<Section[]>}
 */
export async function newTokens(bench) {
  const sections = [];
  for (const row of bench.effort.tiny ? ALGORITHMS.slice(0, 1) : ALGORITHMS) sections.push(await newTokensOf(row, bench));
  return sections;
}

/**
 * @param {{ algorithm: string, reference: string, limit?: number }} row
 * @param {Bench} bench
 * @returns {Promise<Section>}
 */
async function newTokensOf({ algorithm, reference, limit }, { zipFolder, effort }) {
  const key = makeKey(algorithm);
  // A secret is not fetched: it stands in the configuration.
  const isSecret = algorithm === 'HS256';
  const provider = { ...GENERIC, algorithms: [algorithm], ...(isSecret ? { jwks: { keys: [key.jwk] } } : {}) };
  const ours = await ourHandler(zipFolder, configurationText({ staff: provider }, RULES), isSecret ? {} : { staff: [key] });
  const handlers = {
    'edge-authorizer': ours,
    ...(reference === 'aws-jwt-verify' ? { 'aws-jwt-verify': awsJwtVerifyGeneric([key]) } : {}),
    'fast-jwt': fastJwt([key]),
    // jsonwebtoken does not know it.
    ...(algorithm === 'EdDSA' ? {} : { jsonwebtoken: jsonWebToken([key]) }),
    jose: joseVerify([key]),
  };
  // All contenders of a round are given the same tokens; none sees one of them twice.
  const names = Object.keys(handlers);
  let turns = 0;
  /** @type {string[]} */
  let texts = [];
  const next = () => {
    if (turns++ % names.length === 0) {
      texts = Array.from({ length: effort.tiny ? 2 : CALLS }, (_, n) => eventText(accessToken(key), pathFor(RULES, n)));
    }
    return texts;
  };
  const contenders = Object.entries(handlers).map(([name, handler]) => {
    return { name, calls: effort.tiny ? 2 : CALLS, prepare: turnOf(handler, next) };
  });
  const samples = await inTurn(contenders, effort.rounds(60, 400));
  const measured = ratio(samples.get('edge-authorizer') ?? [], samples.get(reference) ?? []).median;
  return {
    title: `a token never seen, ${algorithm}: the whole call of the handler`,
    rows: comparison(samples, reference),
    goals:
      limit === undefined
        ? []
        : [
            {
              what: `token never seen (${algorithm}), whole handler call, against the aws-jwt-verify handler`,
              goal: `≤ ${limit.toFixed(1)} × its time`,
              measured,
              unit: '× its time',
              isMet: (value) => value <= limit,
            },
          ],
  };
}
