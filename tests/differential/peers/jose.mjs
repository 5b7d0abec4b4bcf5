import { createLocalJWKSet, jwtVerify } from 'jose';
import { ACCEPTED, once, refusal } from './verdict.mjs';

/** @typedef {import('../generator/draft.mjs').Setup} Setup */
/** @typedef {import('./verdict.mjs').Answer} Answer */

const keySetOf = once((/** @type {Setup} */ { keySet }) =>
  createLocalJWKSet(/** @type {import('jose').JSONWebKeySet} */ ({ keys: keySet })),
);

/** @type {import('./verdict.mjs').Peer} */
export const jose = {
  name: 'jose',
  knows: () => true,
  async ask(questions) {
    const answers = [];
    for (const question of questions) {
      answers.push(await answer(question));
    }
    return answers;
  },
};

/**
 * @param {import('../generator/cases.mjs').Case} question
 * @returns {Promise<Answer>}
 */
async function answer({ setup, token, now }) {
  const { algorithms, issuer, audience, graceSeconds, allowMissingExpiry, secret } = setup;
  const options = {
    algorithms,
    issuer,
    audience: audience ?? undefined,
    clockTolerance: graceSeconds,
    currentDate: new Date(now * 1000),
    requiredClaims: allowMissingExpiry ? [] : ['exp'],
  };
  try {
    await (secret ? jwtVerify(token, secret, options) : jwtVerify(token, keySetOf(setup), options));
    return ACCEPTED;
  } catch (error) {
    return refusal(error);
  }
}
