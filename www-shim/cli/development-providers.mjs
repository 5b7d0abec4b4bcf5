import { existsSync } from 'node:fs';
import { generateKey } from '../edge/development-keys.mjs';
import { isLoopback } from '../edge/issuer.mjs';
import { writeSecret } from './files.mjs';
import { readKey } from './token.mjs';

/** @typedef {import('../edge/development-keys.mjs').DevelopmentKey} DevelopmentKey */
/** @typedef {import('./sample-requests.mjs').SampleProvider} SampleProvider */

/**
 * The providers of a configuration that the development issuer can stand in for, each with a key.
 *
 * @param {string} configText valid
 * @param {string} [keyFile] where one key for all of them is kept, across restarts
 * @returns {SampleProvider[]}
 */
export function developmentProviders(configText, keyFile) {
  const { providers = {} } = JSON.parse(configText);
  const loopback = Object.entries(providers).filter(
    ([, { issuer, jwksUri }]) => typeof issuer === 'string' && isLoopback(jwksUri),
  );
  const kept = loopback.length > 0 && keyFile !== undefined ? keptKey(keyFile, loopback) : null;
  return loopback.map(([name, { issuer, jwksUri, audience, algorithms = ['RS256'] }]) => {
    const key = kept ?? generateKey(algorithmOf(algorithms));
    if (!algorithms.includes(key.alg)) {
      throw new Error(`provider \`${name}\` takes ${algorithms}, but the key is for ${key.alg}`);
    }
    return { name, issuer, jwksUri, audience, key };
  });
}

/** @type {(file: string, providers: [string, any][]) => DevelopmentKey} */
function keptKey(file, providers) {
  const [[, { algorithms }]] = providers;
  if (existsSync(file)) return readKey(file);
  const key = generateKey(algorithmOf(algorithms));
  writeSecret(file, `${JSON.stringify(key, null, 2)}\n`);
  return key;
}

/** @type {(algorithms: string[] | undefined) => string} */
function algorithmOf(algorithms) {
  return algorithms?.find((name) => !name.startsWith('HS')) ?? 'RS256';
}
