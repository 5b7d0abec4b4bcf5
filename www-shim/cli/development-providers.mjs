import { existsSync } from 'node:fs';
import { generateKey } from '../edge/development-keys.mjs';
import { isLoopback } from '../edge/loopback.mjs';
import { developmentClient, isForSigningIn } from './development-sign-in.mjs';
import { writeSecret } from './files.mjs';
import { readKey } from './token.mjs';

/** @typedef {import('../edge/development-keys.mjs').DevelopmentKey} DevelopmentKey */
/** @typedef {import('./development-sign-in.mjs').DevelopmentUser} DevelopmentUser */
/** @typedef {import('./sample-requests.mjs').SampleProvider} SampleProvider */

/**
 * The providers of a configuration that the development issuer can stand in for, each with a key.
 *
 * @param {string} configText valid
 * @param {object} options
 * @param {string} options.configFolder what the names of files are relative to
 * @param {DevelopmentUser[]} options.users who can sign in
 * @param {string} [options.keyFile] where one key for all of them is kept, across restarts
 * @returns {SampleProvider[]}
 */
export function developmentProviders(configText, { configFolder, users, keyFile }) {
  const { providers = {}, signIn = {} } = JSON.parse(configText);
  const loopback = Object.entries(providers).filter(([, provider]) => jwksUriOf(provider) !== null);
  const kept = loopback.length > 0 && keyFile !== undefined ? keptKey(keyFile, loopback) : null;
  const clients = Object.values(providers).filter((provider) => provider.signIn !== undefined).length;
  return loopback.map(([name, provider]) => {
    const { issuer, audience, algorithms = ['RS256'] } = provider;
    const key = kept ?? generateKey(algorithmOf(algorithms));
    if (!algorithms.includes(key.alg)) {
      throw new Error(`provider \`${name}\` takes ${algorithms}, but the key is for ${key.alg}`);
    }
    const jwksUri = String(jwksUriOf(provider));
    const site = { signIn, pathSuffix: clients > 1 ? `/${name}` : '', configFolder, users };
    const client = isForSigningIn(provider) ? { client: developmentClient(provider, site) } : {};
    return { name, issuer, jwksUri, audience, key, ...client };
  });
}

/** @type {(provider: any) => string | null} where the key set is to be; null where that is not ours to serve */
function jwksUriOf(provider) {
  const { issuer, jwksUri, jwks, secret } = provider;
  if (typeof issuer !== 'string' || jwks !== undefined || secret !== undefined) return null;
  if (jwksUri !== undefined) return isLoopback(jwksUri) ? jwksUri : null;
  return isForSigningIn(provider) ? `${issuer.replace(/\/$/, '')}/jwks.json` : null;
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
