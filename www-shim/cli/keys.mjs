import { isTrap } from '../lib/trap.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */

/**
 * Hands JWK Sets over to an authorizer. A set that cannot be used is not fatal: the authorizer
 * then answers as it does when a provider's keys cannot be fetched.
 *
 * @param {Authorizer} authorizer
 * @param {unknown} keySets JWK Sets by provider name, or what `pin` has written
 * @param {(problem: string) => void} warn
 */
export function handOverKeys(authorizer, keySets, warn) {
  if (typeof keySets !== 'object' || keySets === null || Array.isArray(keySets)) {
    throw new Error('`keys` must be an object of JWK Sets by provider name');
  }
  if ('keys' in keySets && Array.isArray(keySets.keys)) {
    warn('`keys` is one JWK Set: it has to stand below the name of its provider, as in `{"NAME": {"keys": […]}}`');
    return;
  }
  for (const [provider, keySet] of Object.entries(keySets)) {
    try {
      const { skipped } = authorizer.setKeySet(provider, JSON.stringify(pinnedOr(keySet)), Infinity);
      for (const { kid, reason } of skipped) {
        warn(`a key of \`${provider}\` is not used (kid ${JSON.stringify(kid)}): ${reason}`);
      }
    } catch (error) {
      if (isTrap(error)) throw error;
      warn(`the keys of \`${provider}\` are not used: ${/** @type {Error} */ (error).message}`);
    }
  }
}

/** @type {(keySet: any) => unknown} a JWK Set has `keys`; what was pinned has one as `jwks`, beside where it is from */
function pinnedOr(keySet) {
  return keySet?.keys === undefined && keySet?.jwks !== undefined ? keySet.jwks : keySet;
}
