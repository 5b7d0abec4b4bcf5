import { JwtVerifier } from 'aws-jwt-verify';
import { ALGORITHMS } from '../generator/keys.mjs';
import { ACCEPTED, once, refusal } from './verdict.mjs';

/** @typedef {import('../generator/draft.mjs').Setup} Setup */
/** @typedef {import('./verdict.mjs').Answer} Answer */

/**
 * The list of algorithms is not among its options: it takes those that it knows and the key
 * allows.
 */
const verifierOf = once((/** @type {Setup} */ setup) => {
  const { issuer, audience, graceSeconds, keySet } = setup;
  const verifier = JwtVerifier.create({
    issuer,
    audience,
    graceSeconds,
    jwksUri: 'https://issuer.example/jwks.json',
  });
  const keys = /** @type {import('aws-jwt-verify/jwk').Jwk[]} */ (/** @type {unknown} */ (keySet));
  verifier.cacheJwks({ keys });
  return verifier;
});

/** @type {import('./verdict.mjs').Peer} */
export const awsJwtVerify = {
  name: 'aws-jwt-verify',
  knows: ({ algorithm }) => ['rsa', 'ec', 'ed'].includes(ALGORITHMS[algorithm].kind),
  ask: async (questions) => questions.map(answer),
};

/**
 * @param {import('../generator/cases.mjs').Case} question
 * @returns {Answer}
 */
function answer({ setup, token, now }) {
  const clock = Date.now;
  // The only clock that it has.
  Date.now = () => now * 1000;
  try {
    verifierOf(setup).verifySync(token);
    return ACCEPTED;
  } catch (error) {
    return refusal(error);
  } finally {
    Date.now = clock;
  }
}
