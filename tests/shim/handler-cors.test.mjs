import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { assertForwarded, assertRefused, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

const APP = 'https://app.example.com';
const KEY = generateKey('RS256');
const ASKS = { Origin: APP, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' };

/** @param {Record<string, unknown>} [changes] */
function start(changes = {}) {
  const cors = { allowOrigins: [APP], allowCredentials: true, maxAgeSeconds: 60 };
  return startHandler({ configuration: { ...CONFIGURATION, cors, logLevel: 'debug', ...changes } });
}

/** @param {Record<string, { value: string }[]>} headers */
function valuesOf(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, entries]) => [name, entries.map(({ value }) => value)]));
}

test('a preflight is answered without a token, without a body, and without a line but for debugging', async () => {
  const { send } = await start();
  const { forwarded, result, record } = await send('/users/alice/a.png', { method: 'OPTIONS', headers: ASKS });
  assert.equal(forwarded, false);
  assert.deepEqual([result.status, result.statusDescription, 'body' in result], ['204', 'No Content', false]);
  assert.deepEqual(valuesOf(result.headers), {
    'cache-control': ['no-store'],
    vary: ['origin'],
    'access-control-allow-origin': [APP],
    'access-control-allow-credentials': ['true'],
    'access-control-expose-headers': ['www-authenticate'],
    'access-control-allow-methods': ['GET, HEAD'],
    'access-control-allow-headers': ['authorization'],
    'access-control-max-age': ['60'],
  });
  assert.deepEqual([record?.level, record?.code, record?.status], ['debug', 'cors_preflight', 204]);
});

/** @type {[string, Record<string, string>, Record<string, unknown>][]} */
const NO_PREFLIGHTS = [
  ['without `Origin`', { 'Access-Control-Request-Method': 'GET' }, {}],
  ['without `Access-Control-Request-Method`', { Origin: APP }, {}],
  ['of another origin', { ...ASKS, Origin: 'https://evil.example' }, {}],
  ['where CORS is not configured', ASKS, { cors: undefined }],
];
for (const [title, headers, changes] of NO_PREFLIGHTS) {
  test(`threat 37: OPTIONS ${title} is refused`, async () => {
    const { send } = await start(changes);
    for (const uri of ['/users/alice/a.png', '/public/logo.png']) {
      const answer = await send(uri, { method: 'OPTIONS', headers });
      assertRefused(answer, 'method_not_allowed', 405);
      assert.equal(answer.result.headers['access-control-allow-methods'], undefined);
    }
  });
}

test('threat 37: what only looks like a preflight passes with no method', async () => {
  const { send } = await start();
  for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE']) {
    const { forwarded, result } = await send('/users/alice/a.png', { method, headers: ASKS });
    assert.equal(forwarded, false, method);
    assert.match(result.status, /^40[15]$/, method);
  }
});

test('a script can read the challenge of a refusal', async () => {
  const { send } = await start();
  const answer = await send('/users/alice/a.png', { headers: { Origin: APP }, token: 'no-token' });
  assertRefused(answer, 'token_malformed', 401);
  const headers = valuesOf(answer.result.headers);
  assert.deepEqual(headers['www-authenticate'], ['Bearer error="invalid_token"']);
  assert.deepEqual(headers['access-control-allow-origin'], [APP]);
  assert.deepEqual(headers['access-control-expose-headers'], ['www-authenticate']);
  assert.deepEqual(headers.vary, ['origin']);
});

test('a request that passes goes on with its `Origin`, and nothing of ours', async () => {
  const { send } = await start();
  const answer = await send('/public/logo.png', { headers: { Origin: APP, Accept: 'image/png' } });
  assertForwarded(answer);
  assert.deepEqual(Object.keys(answer.result.headers), ['host', 'origin', 'accept']);
});

test('where CORS is not configured nothing is said of it', async () => {
  const { send } = await start({ cors: undefined });
  const answer = await send('/users/alice/a.png', { headers: { Origin: APP }, token: tokenFor(KEY).slice(0, -1) });
  assert.equal(answer.forwarded, false);
  assert.deepEqual(Object.keys(answer.result.headers).filter((name) => /^access-control|^vary/.test(name)), []);
});
