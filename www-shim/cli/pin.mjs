import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { deadline, fetchKeySet } from '../lib/fetch-key-set.mjs';
import { readText } from './files.mjs';
import { shippedAuthorizer } from './tooling.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').ProviderKeys} ProviderKeys */
/** @typedef {import('../lib/provider-keys.mjs').PinnedKeySet} PinnedKeySet */
/** @typedef {import('./types.d.ts').Command} Command */

/** @type {Command} */
export const pin = {
  about: 'fetch the key sets of the providers, for bundling: a cold start need not wait for them',
  usage: ['--config FILE --out FILE'],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration', required: true },
    out: { type: 'string', value: 'FILE', help: 'takes the key sets, as JSON', required: true },
  },
  run: async ({ config, out }, io) => {
    const text = readText(config, 'configuration');
    const authorizer = shippedAuthorizer(text, dirname(resolve(config)));
    /** @type {Record<string, PinnedKeySet>} */
    const pinned = {};
    for (const provider of authorizer.providers()) {
      const { jwksUri, discoveryUri } = provider;
      // What is served on loopback is for development, and not to be bundled for good.
      const uri = jwksUri ?? discoveryUri;
      if (uri === null || uri.startsWith('http:')) continue;
      try {
        pinned[provider.name] = await fetchPinned(authorizer, provider);
        io.out(`${provider.name}: pinned\n`);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        io.out(`${provider.name}: not pinned, fetched when it is needed: ${message}\n`);
      }
    }
    writeFileSync(out, `${JSON.stringify(pinned)}\n`);
    return 0;
  },
};

/**
 * @param {Authorizer} authorizer
 * @param {ProviderKeys} provider
 * @returns {Promise<PinnedKeySet>}
 * @throws {Error} where it cannot be fetched, or has no usable key
 */
async function fetchPinned(authorizer, { name, jwksUri, discoveryUri }) {
  const signal = deadline();
  const discovered = async () =>
    authorizer.discoveredJwksUri(name, await fetchKeySet(String(discoveryUri), signal));
  const uri = jwksUri ?? (await discovered());
  const text = await fetchKeySet(uri, signal);
  authorizer.setKeySet(name, text, Infinity);
  return { jwksUri: uri, jwks: JSON.parse(text), fetchedAt: Math.floor(Date.now() / 1000) };
}
