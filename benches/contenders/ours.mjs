// Our handler, from the unpacked zip.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {import('../material/keys.mjs').SigningKey} SigningKey */
/** @typedef {(event: any) => Promise<any>} Handler */

/**
 * @param {string} folder of the unpacked zip
 * @param {string} configText
 * @param {Record<string, SigningKey[]>} keys by provider
 * @returns {Promise<Handler>}
 */
export async function ourHandler(folder, configText, keys) {
  const { createHandler } = await import(pathToFileURL(join(folder, 'lib/handler.mjs')).href);
  const fetchedAt = Math.floor(Date.now() / 1000);
  const sets = Object.entries(keys).map(([provider, list]) => [
    provider,
    { jwks: { keys: list.map(({ jwk }) => jwk) }, fetchedAt },
  ]);
  // The tables go to standard output.
  return createHandler({ configText, configFolder: folder, pinned: Object.fromEntries(sets), write: console.error });
}
