import { createServer } from 'node:http';
import { publicKeySet } from './development-keys.mjs';
import { listen, stop } from './listen.mjs';

/** @typedef {import('./development-keys.mjs').DevelopmentKey} DevelopmentKey */
/** @typedef {{ issuer: string, jwksUri: string, key: DevelopmentKey }} IssuedProvider */
/** @typedef {Map<string, object>} Documents by path */

const DISCOVERY_PATH = '/.well-known/openid-configuration';

/**
 * The development issuer: serves the public keys of providers whose `jwksUri` is on loopback, at
 * exactly the addresses that the configuration names, with a discovery document beside them
 * (OpenID Connect Discovery 1.0 section 4). It has no sign-in: whoever starts it makes the tokens.
 *
 * @param {IssuedProvider[]} providers
 * @returns {Promise<{ urls: string[], stop: () => Promise<void> }>}
 * @throws {Error} where an address is not http on loopback, or its port cannot be had
 */
export async function startDevelopmentIssuer(providers) {
  /** @type {import('node:http').Server[]} */
  const servers = [];
  const urls = [];
  try {
    for (const [origin, documents] of documentsByOrigin(providers)) {
      const { hostname, port } = new URL(origin);
      const server = createServer(answerFrom(documents));
      urls.push(await listen(server, Number(port || 80), hostname.replace(/^\[|\]$/g, '')));
      servers.push(server);
    }
  } catch (error) {
    await Promise.all(servers.map((server) => stop(server, 0)));
    throw error;
  }
  const stopAll = async () => {
    await Promise.all(servers.map((server) => stop(server)));
  };
  return { urls, stop: stopAll };
}

/**
 * @param {string | null | undefined} uri
 * @returns {boolean} whether the development issuer can serve this `jwksUri`
 */
export function isLoopback(uri) {
  if (!uri || !URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

/** @type {(providers: IssuedProvider[]) => Map<string, Documents>} */
function documentsByOrigin(providers) {
  /** @type {Map<string, Documents>} */
  const origins = new Map();
  for (const { issuer, jwksUri, key } of providers) {
    if (!isLoopback(jwksUri)) throw new Error(`\`jwksUri\` \`${jwksUri}\` is not http on loopback`);
    const { origin, pathname } = new URL(jwksUri);
    const documents = origins.get(origin) ?? new Map();
    origins.set(origin, documents);
    const earlier = documents.get(pathname)?.keys ?? [];
    documents.set(pathname, { keys: [...earlier, ...publicKeySet(key).keys] });
    if (!URL.canParse(issuer) || new URL(issuer).origin !== origin) continue;
    const issuerPath = new URL(issuer).pathname.replace(/\/$/, '');
    documents.set(issuerPath + DISCOVERY_PATH, {
      issuer,
      jwks_uri: jwksUri,
      id_token_signing_alg_values_supported: [key.alg],
    });
  }
  return origins;
}

/** @type {(documents: Documents) => import('node:http').RequestListener} */
function answerFrom(documents) {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const document = documents.get(pathname);
    if (!document || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(document ? 405 : 404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(document));
  };
}
