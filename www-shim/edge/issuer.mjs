import { createServer } from 'node:http';
import { publicKeySet } from './development-keys.mjs';
import { listen, stop } from './listen.mjs';
import { isLoopback, isLoopbackHost } from './loopback.mjs';
import { SignInProvider } from './sign-in-provider.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('./development-keys.mjs').DevelopmentKey} DevelopmentKey */
/** @typedef {import('./sign-in-provider.mjs').Answered} Answered */
/** @typedef {import('./sign-in-provider.mjs').DevelopmentClient} DevelopmentClient */
/** @typedef {import('./sign-in-provider.mjs').Route} Route */
/** @typedef {{ issuer: string, jwksUri: string, key: DevelopmentKey, client?: DevelopmentClient }} IssuedProvider with a `client` people can sign in */
/** @typedef {{ documents: Map<string, any>, routes: Map<string, Route> }} Site by path */

const DISCOVERY_PATH = '/.well-known/openid-configuration';

/** No request of a sign-in is longer. */
const MAX_FORM_BYTES = 64 * 1024;

/**
 * The development issuer: serves the public keys of providers whose `jwksUri` is on loopback, at exactly the addresses that the
 * configuration names, with a discovery document beside them (OpenID Connect Discovery 1.0 section 4). Where a provider has a
 * client, people can sign in there; tokens of the others are made by whoever starts it. All of it is on loopback: what lets
 * everybody in must not be reached from elsewhere.
 *
 * @param {IssuedProvider[]} providers
 * @param {() => number} [now] seconds since 1970
 * @returns {Promise<{ urls: string[], stop: () => Promise<void> }>}
 * @throws {Error} where an address is not http on loopback, or its port cannot be had
 */
export async function startDevelopmentIssuer(providers, now = () => Date.now() / 1000) {
  /** @type {import('node:http').Server[]} */
  const servers = [];
  const urls = [];
  try {
    for (const [origin, site] of sitesByOrigin(providers, now)) {
      const { hostname, port } = new URL(origin);
      const server = createServer((request, response) => {
        answer(site, request).then(
          (answered) => send(response, answered),
          () => response.destroy(),
        );
      });
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

/** @type {(providers: IssuedProvider[], now: () => number) => Map<string, Site>} */
function sitesByOrigin(providers, now) {
  /** @type {Map<string, Site>} */
  const sites = new Map();
  const siteOf = (/** @type {string} */ origin) => {
    const site = sites.get(origin) ?? { documents: new Map(), routes: new Map() };
    sites.set(origin, site);
    return site;
  };
  for (const { issuer, jwksUri, key, client } of providers) {
    if (!isLoopback(jwksUri)) throw new Error(`\`jwksUri\` \`${jwksUri}\` is not http on loopback`);
    if (client && !isLoopback(issuer)) throw new Error(`\`issuer\` \`${issuer}\` is not http on loopback`);
    const { origin, pathname } = new URL(jwksUri);
    const { documents } = siteOf(origin);
    documents.set(pathname, { keys: [...(documents.get(pathname)?.keys ?? []), ...publicKeySet(key).keys] });
    if (!URL.canParse(issuer) || (new URL(issuer).origin !== origin && !client)) continue;
    const site = siteOf(new URL(issuer).origin);
    const path = new URL(issuer).pathname.replace(/\/$/, '');
    const provider = client && new SignInProvider(issuer, key, client, now);
    site.documents.set(path + DISCOVERY_PATH, {
      issuer,
      jwks_uri: jwksUri,
      id_token_signing_alg_values_supported: [key.alg],
      ...provider?.metadata(),
    });
    for (const [name, route] of Object.entries(provider?.routes() ?? {})) site.routes.set(path + name, route);
  }
  return sites;
}

/** @type {(site: Site, request: IncomingMessage) => Promise<Answered>} */
async function answer({ documents, routes }, request) {
  // A name of somebody else's that leads here (DNS rebinding) would be another site to a browser, with our answers in it.
  const host = `http://${request.headers.host}`;
  if (!URL.canParse(host) || !isLoopbackHost(new URL(host).hostname)) {
    return { status: 421, body: { error: 'the development issuer answers on loopback only' } };
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', host);
  const [document, route] = [documents.get(pathname), routes.get(pathname)];
  if (!document && !route) return { status: 404 };
  const { headers, method } = request;
  const wanted = route?.method ?? 'GET';
  if (method !== wanted && !(method === 'HEAD' && wanted === 'GET')) return { status: 405, headers: { allow: wanted } };
  if (!route) return { status: 200, body: document };
  return route.answer({ headers, parameters: method === 'POST' ? await formOf(request) : searchParams });
}

/** @type {(request: IncomingMessage) => Promise<URLSearchParams>} */
async function formOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) throw new Error('the form is too long');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** @type {(response: import('node:http').ServerResponse, answered: Answered) => void} */
function send(response, { status, headers = {}, body }) {
  const isJson = typeof body === 'object';
  // RFC 6749, section 5.1: tokens are not cached; nothing here needs to be.
  const common = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };
  response.writeHead(status, { ...common, ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers });
  response.end(isJson ? JSON.stringify(body) : body);
}
