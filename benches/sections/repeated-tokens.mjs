// A token that was seen before: the whole call of a handler, event in, edited request out.

import { ourHandler } from '../contenders/ours.mjs';
import { awsJwtVerify, fastJwt, joseVerify, jsonWebToken } from '../contenders/peers.mjs';
import { COGNITO, configurationText, pathFor } from '../material/configurations.mjs';
import { eventText } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { accessTokens } from '../material/tokens.mjs';
import { inTurn, ratio, turnOf } from '../rounds.mjs';
import { comparison } from '../report/rows.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */

const RULES = 20;
const TOKENS = 512;

/** @param {Bench} bench */
export async function repeatedTokens({ zipFolder, effort }) {
  const keys = [makeKey('RS256'), makeKey('RS256')];
  const [key] = /** @type {[import('../material/keys.mjs').SigningKey]} */ (/** @type {unknown} */ (keys));
  const tokens = accessTokens(key, effort.tiny ? 16 : TOKENS);
  const texts = tokens.map((token, n) => eventText(token, pathFor(RULES, n)));
  const handlers = {
    'edge-authorizer': await ourHandler(zipFolder, configurationText({ staff: COGNITO }, RULES), { staff: keys }),
    'aws-jwt-verify': awsJwtVerify(keys),
    'fast-jwt, with its cache': fastJwt(keys, { cache: 2 * TOKENS }),
    'fast-jwt': fastJwt(keys),
    jsonwebtoken: jsonWebToken(keys),
    jose: joseVerify(keys),
  };
  const contenders = Object.entries(handlers).map(([name, handler]) => {
    return { name, calls: texts.length, prepare: turnOf(handler, () => texts) };
  });
  const samples = await inTurn(contenders, effort.rounds(40, 200));
  const ours = samples.get('edge-authorizer') ?? [];
  return {
    title: `a repeated token, RS256-2048: ${tokens.length} hot tokens, ${RULES} rules, the whole call of the handler`,
    rows: comparison(samples, 'aws-jwt-verify'),
    goals: [
      {
        what: 'repeated token, whole handler call, against the aws-jwt-verify handler',
        goal: '≥ 12 × faster',
        measured: ratio(samples.get('aws-jwt-verify') ?? [], ours).median,
        isMet: (/** @type {number} */ value) => value >= 12,
        unit: '× faster',
      },
    ],
  };
}
