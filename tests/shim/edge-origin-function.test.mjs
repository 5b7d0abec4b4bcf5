// The whole way: a viewer with a token, the function at viewer-request, the cache, the function at origin-request, and an
// origin that takes only what is signed.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { cachedOrigin } from '../../www-shim/edge/cache.mjs';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { originWithFunction } from '../../www-shim/edge/origin-function.mjs';
import { urlOrigin } from '../../www-shim/edge/origin-url.mjs';
import { createHandler } from '../../www-shim/lib/handler.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { startEdge } from './support/local-edge.mjs';
import { ROLE, startVerifier } from './support/sigv4-server.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION, NOW } from './support/viewer-event.mjs';

const KEY = generateKey('RS256');
const TOKEN = tokenFor(KEY);
const FRAME = Buffer.from([0xff, 0x4f, 0, 1, 0x80]);
const [STORE, SET, ID] = ['a', '1', 'z'].map((letter) => letter.repeat(32));
const PATH = `/runtime/datastore/${STORE}/imageset/${SET}/imageframe/${ID}`;

beforeEach(() => Object.assign(process.env, ROLE));
afterEach(() => Object.keys(ROLE).forEach((name) => delete process.env[name]));

/**
 * @param {import('node:test').TestContext} t
 * @param {string} service
 * @param {Record<string, unknown>} [sign]
 */
async function startSigningEdge(t, service, sign = {}) {
  const region = 'us-east-1';
  /** @type {import('./support/sigv4-server.mjs').Verifier['answer']} */
  const answer = (_request, body, response) => {
    const echoes = body.length > 0 && sign.imageFramePath === undefined;
    const bytes = echoes ? body : FRAME;
    response.setHeader('content-length', bytes.length);
    response.setHeader('cache-control', 'max-age=60');
    response.end(bytes);
  };
  const verifier = await startVerifier(t, { service, region, now: NOW, answer });
  const keys = await startKeyServer(t, { keys: [KEY] });
  const { dev } = CONFIGURATION.providers;
  const configuration = {
    providers: { dev: { ...dev, jwksUri: keys.url } },
    rules: [{ name: 'all', match: { path: '/{*rest}', methods: ['GET', 'POST'] }, allow: 'authenticated' }],
    forward: { sign: { service, region, ...sign } },
  };
  const handler = createHandler({
    ...{ configText: JSON.stringify(configuration), configFolder: '.', write: () => {}, now: () => NOW },
  });
  const origin = cachedOrigin(originWithFunction(handler, urlOrigin(`${verifier.url}/base`)));
  const edge = await startEdge(t, { handler, origin });
  /** @type {(path: string, init?: RequestInit) => Promise<{ status: number, cache: string | null, body: Buffer }>} */
  const ask = async (path, { headers, ...init } = {}) => {
    const response = await fetch(edge.url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, cache: response.headers.get('x-cache'), body };
  };
  return { ask, edge, verifier };
}

test('a GET is signed once, and then comes from the cache; without a token neither happens', async (t) => {
  const { ask, verifier, edge } = await startSigningEdge(t, 's3', { query: 'b' });
  const first = await ask('/my%20photo(1).png?b=1,2');
  assert.deepEqual(first, { status: 200, cache: 'Miss from local edge', body: FRAME });
  assert.equal((await ask('/my%20photo(1).png?b=1,2')).cache, 'Hit from local edge');
  const stranger = await fetch(`${edge.url}/my%20photo(1).png?b=1,2`);
  assert.equal(stranger.status, 401);
  assert.deepEqual(verifier.requests.map(({ url }) => url), ['/base/my%20photo%281%29.png?b=1%2C2']);
  assert.ok(!JSON.stringify(verifier.requests).includes(TOKEN));
});

test('a POST is signed with its body, each time', async (t) => {
  const { ask, verifier } = await startSigningEdge(t, 'lambda');
  const post = { method: 'POST', body: '{"a":"\u{e9}"}', headers: { 'content-type': 'application/json' } };
  for (const cache of ['Miss from local edge', 'Miss from local edge']) {
    assert.deepEqual(await ask('/api', post), { status: 200, cache, body: Buffer.from(post.body) });
  }
  assert.equal(verifier.requests.length, 2);
  const large = await ask('/api', { ...post, body: 'x'.repeat(1024 * 1024 + 1) });
  assert.equal(large.status, 413);
  assert.equal(verifier.requests.length, 2);
});

test('seed 000: an image frame is fetched by the function, and cached under the GET', async (t) => {
  const imageFramePath = '/runtime/datastore/{datastoreId}/imageset/{imageSetId}/imageframe/{imageFrameId}';
  const { ask, verifier, edge } = await startSigningEdge(t, 'medical-imaging', { imageFramePath });
  assert.deepEqual(await ask(PATH), { status: 200, cache: 'Miss from local edge', body: FRAME });
  assert.deepEqual(await ask(PATH), { status: 200, cache: 'Hit from local edge', body: FRAME });
  assert.equal((await fetch(edge.url + PATH)).status, 401);
  assert.deepEqual(
    verifier.requests.map(({ method, url }) => [method, url]),
    [['POST', `/datastore/${STORE}/imageSet/${SET}/getImageFrame`]],
  );
});

test('without credentials the viewer gets a 503 that is not cached', async (t) => {
  const { ask, verifier } = await startSigningEdge(t, 's3');
  delete process.env.AWS_SECRET_ACCESS_KEY;
  assert.equal((await ask('/a')).status, 503);
  assert.equal(verifier.requests.length, 0);
  process.env.AWS_SECRET_ACCESS_KEY = ROLE.AWS_SECRET_ACCESS_KEY;
  assert.equal((await ask('/a')).status, 200);
});

test('what CloudFront would not accept of the function is a 502', async (t) => {
  /** @type {any} */
  const broken = async (/** @type {any} */ event) => ({ ...event.Records[0].cf.request, method: 'PUT' });
  const origin = originWithFunction(broken, urlOrigin('http://127.0.0.1:1'));
  const { url, lines } = await startEdge(t, { origin: async (request) => ({ ...(await origin(request)), cache: 'Miss' }) });
  assert.equal((await fetch(`${url}/a`)).status, 502);
  assert.match(lines.join('\n'), /`method` is read-only/);
});
