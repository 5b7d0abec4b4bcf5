import { MUTATIONS } from '../mutations/all.mjs';
import { draftOf, finish, headerText, payloadText } from './draft.mjs';
import { Random } from './random.mjs';

/** @typedef {import('./draft.mjs').Setup} Setup */

/**
 * One question to all verifiers.
 *
 * @typedef {object} Case
 * @property {string} mutation
 * @property {string} algorithm
 * @property {Setup} setup the same object for the same configuration
 * @property {number} now
 * @property {string} token
 * @property {string} header before encoding
 * @property {string} payload before encoding
 */

/**
 * Every mutation with every algorithm that it is for, then more of them, as the seed has it.
 *
 * @param {number} seed
 * @param {number} least how many tokens at least
 * @param {import('./keys.mjs').Keys} keys
 * @returns {Case[]}
 */
export function makeCases(seed, least, keys) {
  const random = new Random(seed);
  const setups = new Map();
  /** @type {Case[]} */
  const cases = [];

  /** @param {import('../mutations/all.mjs').Mutation} mutation @param {string} algorithm */
  const add = (mutation, algorithm) => {
    const draft = draftOf(algorithm, keys, random);
    mutation.change(draft, { keys, random });
    const id = JSON.stringify(draft.setup);
    const setup = setups.get(id) ?? draft.setup;
    setups.set(id, setup);
    cases.push({
      mutation: mutation.name,
      algorithm,
      setup,
      now: draft.now,
      token: finish(draft),
      header: Buffer.from(headerText(draft)).toString(),
      payload: Buffer.from(payloadText(draft)).toString(),
    });
  };

  for (const mutation of MUTATIONS) {
    for (const algorithm of mutation.algorithms) {
      add(mutation, algorithm);
    }
  }
  while (cases.length < least) {
    const mutation = random.pick(MUTATIONS);
    add(mutation, random.pick(mutation.algorithms));
  }
  return cases;
}
