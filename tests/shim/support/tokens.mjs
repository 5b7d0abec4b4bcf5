import { signToken } from '../../../www-shim/edge/development-keys.mjs';
import { claimsFor } from './viewer-event.mjs';

/** @typedef {import('../../../www-shim/edge/development-keys.mjs').DevelopmentKey} Key */

/** The value of a claim in every token that no configuration names: it must not be in any log. */
export const UNNAMED_CLAIM = 'told-to-nobody';

/**
 * A token of the issuer in `CONFIGURATION`.
 *
 * @param {Key} key
 * @param {string} [sub]
 * @param {Record<string, unknown>} [claims] further ones, or others
 */
export function tokenFor(key, sub = 'alice', claims = {}) {
  return signToken(key, { ...claimsFor(sub), private_note: UNNAMED_CLAIM, ...claims });
}
