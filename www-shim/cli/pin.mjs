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
  usage: ['--config FILE --out FILE [--all]'],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration', required: true },
    out: { type: 'string', value: 'FILE', help: 'takes the key sets, as JSON', required: true },
    all: { type: 'boolean', help: 'exit code 1 where one of them cannot be fetched; else, where none can' },
  },
  run: async ({ config, out, all = false }, io) => {
    const text = readText(config, 'configuration');
    const authorizer = shippedAuthorizer(text, dirname(resolve(config)));
    /** @type {Record<string, PinnedKeySet>} */
    const pinned = {};
    let missing = 0;
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
        io.out(`${provider.name}: not pinned, ${whyNot(message)}\n`);
        missing += 1;
      }
    }
    writeFileSync(out, `${JSON.stringify(pinned)}\n`);
    return missing > 0 && (all || Object.keys(pinned).length === 0) ? 1 : 0;
  },
};

/**
 * A provider that cannot be reached from here may be from the function; one that answers otherwise than with keys will not do
 * so there, either: every token would be refused.
 *
 * @param {string} message of `fetchPinned`
 * @returns {string}
 */
function whyNot(message) {
  if (/^no (?:answer|connection)/.test(message)) return `fetched when it is needed: ${message}`;
  const answer = message.startsWith('status ') ? `it was reached, and answers with ${message}` : `what it answers cannot be used: ${message}`;
  return `${answer}; is its \`userPoolId\`, \`issuer\` or \`jwksUri\` right?`;
}

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
