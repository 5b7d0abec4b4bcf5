import { isTrap } from '../lib/trap.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */

/**
 * Hands JWK Sets over to an authorizer. A set that cannot be used is not fatal: the authorizer
 * then answers as it does when a provider's keys cannot be fetched.
 *
 * @param {Authorizer} authorizer
 * @param {unknown} keySets JWK Sets by provider name
 * @param {(problem: string) => void} warn
 */
export function handOverKeys(authorizer, keySets, warn) {
  if (typeof keySets !== 'object' || keySets === null || Array.isArray(keySets)) {
    throw new Error('`keys` must be an object of JWK Sets by provider name');
  }
  for (const [provider, keySet] of Object.entries(keySets)) {
    try {
      const { skipped } = authorizer.setKeySet(provider, JSON.stringify(keySet), Infinity);
      for (const { kid, reason } of skipped) {
        warn(`a key of \`${provider}\` is not used (kid ${JSON.stringify(kid)}): ${reason}`);
      }
    } catch (error) {
      if (isTrap(error)) throw error;
      warn(`the keys of \`${provider}\` are not used: ${/** @type {Error} */ (error).message}`);
    }
  }
}
