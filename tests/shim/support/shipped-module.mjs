import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { viewerEvent } from './viewer-event.mjs';
import { unpackedZip } from './zip-folder.mjs';

/** @type {typeof import('../../../www-shim/lib/handler.mjs')} */
const { loadModule } = await import(pathToFileURL(join(unpackedZip(), 'lib/handler.mjs')).href);

/** The class that the WebAssembly module of the zip exports. */
export const { Authorizer } = loadModule();

const SECRETS = { algorithms: ['HS256', 'HS384', 'HS512'] };

/**
 * An authorizer that forwards whatever its one provider has signed. The configuration names no
 * algorithms but where the keys are secrets: all that fit public keys are allowed then.
 *
 * @param {any[]} keys JWKs
 * @param {Record<string, unknown>} [provider]
 * @throws {Error} where the set has no usable key
 */
export function authorizerWith(keys, provider = {}) {
  const authorizer = new Authorizer(
    JSON.stringify({
      providers: {
        vectors: {
          ...{ issuer: null, audience: null, allowMissingExpiry: true },
          ...(keys.every((key) => key.kty === 'oct') ? SECRETS : {}),
          ...provider,
        },
      },
      rules: [{ name: 'all', match: { path: '/{*rest}' }, allow: 'authenticated' }],
    }),
  );
  authorizer.setKeySet('vectors', JSON.stringify({ keys }), Infinity);
  return authorizer;
}

/**
 * What becomes of a request with this token, when there are no other keys to be had.
 *
 * @param {any} authorizer
 * @param {string} token
 * @param {number} [now]
 */
export function outcomeOf(authorizer, token, now = 1_700_000_000) {
  const event = viewerEvent('/a', { headers: { Authorization: `Bearer ${token}` } });
  const { request } = /** @type {any} */ (event.Records[0]).cf;
  return authorizer.authorizeViewerRequest(request, now, true);
}

/**
 * Whether the module was built with an algorithm: without, no configuration may name it.
 *
 * @param {string} algorithm
 */
export function supports(algorithm) {
  const provider = { issuer: 'https://issuer.example', audience: 'a' };
  const rules = [{ match: { path: '/a' }, allow: 'authenticated' }];
  const withAlgorithm = (/** @type {string} */ name) => {
    const keys = name.startsWith('HS') ? { secret: { file: './secret' } } : { jwksUri: 'https://issuer.example/jwks.json' };
    const configuration = { providers: { p: { ...provider, ...keys, algorithms: [name] } }, rules };
    return new Authorizer(JSON.stringify(configuration));
  };
  withAlgorithm('RS256').free();
  try {
    withAlgorithm(algorithm).free();
    return true;
  } catch {
    return false;
  }
}
