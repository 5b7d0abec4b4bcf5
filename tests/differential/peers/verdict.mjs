/**
 * What a verifier says about a token, and in its own words why.
 *
 * @typedef {{ verdict: 'accept' | 'reject', why: string }} Answer
 */

/** @typedef {import('../generator/cases.mjs').Case} Case */

/**
 * A verifier to compare with.
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {(question: Case) => boolean} knows whether it has the algorithm of the token at all
 * @property {(questions: Case[]) => Promise<Answer[]>} ask
 */

export const ACCEPTED = /** @type {Answer} */ ({ verdict: 'accept', why: '' });

/**
 * @param {unknown} error
 * @returns {Answer}
 */
export function refusal(error) {
  const { name, message } = /** @type {Error} */ (error);
  return { verdict: 'reject', why: `${name}: ${message.slice(0, 120)}` };
}

/**
 * Remembers what was made for each setup.
 *
 * @template {object} K
 * @template V
 * @param {(key: K) => V} make
 * @returns {(key: K) => V}
 */
export function once(make) {
  /** @type {Map<K, V>} */
  const made = new Map();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}
