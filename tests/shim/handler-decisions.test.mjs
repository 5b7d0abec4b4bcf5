import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import {
  assertForwarded,
  assertRefused,
  configurationFor,
  startHandler,
} from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';

/** @typedef {import('./support/shipped-handler.mjs').ViewerParts} ViewerParts */

const KEY = generateKey('RS256');
const TOKEN = tokenFor(KEY);

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const server = await startKeyServer(t, { keys: [KEY] });
  return { server, ...(await startHandler({ configuration: configurationFor(server.url) })) };
}

test('the first token fetches the keys, once, and the request goes on edited', async (t) => {
  const { server, send, log } = await start(t);
  const first = await send('/users/alice/a.png', {
    token: TOKEN,
    querystring: 'size=2&token=&x=%C3%A9',
    headers: { Accept: 'image/png', 'X-User': 'bob', X_User: 'bob' },
  });
  assertForwarded(first);
  assert.deepEqual(first.result, {
    clientIp: '203.0.113.9',
    method: 'GET',
    uri: '/users/alice/a.png',
    querystring: 'size=2&x=%C3%A9',
    headers: {
      host: [{ key: 'Host', value: 'images.example' }],
      accept: [{ key: 'Accept', value: 'image/png' }],
      'x-user': [{ key: 'x-user', value: 'alice' }],
    },
  });
  assert.deepEqual(log.entriesOf('key set').map(({ provider, keys }) => [provider, keys]), [
    ['dev', 1],
  ]);

  assertForwarded(await send('/users/alice/b.png', { token: TOKEN }));
  assertForwarded(await send('/users/bob/b.png', { token: tokenFor(KEY, 'bob') }));
  assert.equal(server.fetches, 1);
  await server.allClosed();
});

test('headers that are called like properties of every object stay where others are taken out', async (t) => {
  const { send } = await start(t);
  const headers = JSON.parse('{"__proto__":"a","constructor":"b"}');
  const answer = await send('/users/alice/a.png', { token: TOKEN, headers });
  assertForwarded(answer);
  assert.deepEqual(Object.entries(answer.result.headers), [
    ['host', [{ key: 'Host', value: 'images.example' }]],
    ['__proto__', [{ key: '__proto__', value: 'a' }]],
    ['constructor', [{ key: 'constructor', value: 'b' }]],
    ['x-user', [{ key: 'x-user', value: 'alice' }]],
  ]);
});

test('what anyone may see needs no keys', async (t) => {
  const { server, send } = await start(t);
  const answer = await send('/public/logo.png', { headers: { 'X-User': 'alice' } });
  assertForwarded(answer);
  assert.equal(answer.result.headers['x-user'], undefined);
  assert.equal(server.fetches, 0);
});

test('a token in the query is taken out before the request goes on', async (t) => {
  const { send, log } = await start(t);
  log.mustNotTellToken(TOKEN);
  const answer = await send('/users/alice/a.png', { querystring: `a=1&token=${TOKEN}&b=%20` });
  assertForwarded(answer);
  assert.equal(answer.result.querystring, 'a=1&b=%20');
});

/** @type {[string, string, ViewerParts, string, number][]} */
const REFUSALS = [
  ['no token', '/users/alice/a', {}, 'credentials_missing', 401],
  ['no JWS', '/users/alice/a', { token: 'e30.second-part' }, 'token_malformed', 401],
  ['expired', '/users/alice/a', { token: tokenWith({ exp: NOW }) }, 'token_expired', 401],
  ['no `exp`', '/users/alice/a', { token: tokenWith({ exp: undefined }) }, 'claim_missing', 401],
  ['early', '/users/alice/a', { token: tokenWith({ nbf: NOW + 1 }) }, 'token_not_yet_valid', 401],
  ['for others', '/users/alice/a', { token: tokenWith({ aud: 'x' }) }, 'audience_mismatch', 401],
  ['of others', '/users/alice/a', { token: tokenWith({ iss: 'x' }) }, 'issuer_unknown', 401],
  ['changed', '/users/alice/a', { token: flipped(TOKEN) }, 'signature_invalid', 401],
  ['unsigned', '/users/alice/a', { token: unsigned(TOKEN) }, 'algorithm_not_allowed', 401],
  ['of another key', '/users/alice/a', { token: ofImpostor() }, 'signature_invalid', 401],
  ["another's file", '/users/bob/a', { token: TOKEN }, 'policy_denied', 403],
  ['no rule', '/other', { token: TOKEN }, 'no_rule', 403],
  ['PUT', '/users/alice/a', { token: TOKEN, method: 'PUT' }, 'method_not_allowed', 405],
  ['two paths in one', '/users/bob/../alice/a', { token: TOKEN }, 'request_malformed', 400],
  [
    'two tokens',
    '/users/alice/a',
    { token: TOKEN, querystring: `token=${ofImpostor()}` },
    'credentials_ambiguous',
    400,
  ],
];
for (const [title, uri, parts, code, status] of REFUSALS) {
  test(`refused: ${title}`, async (t) => {
    const { send, log } = await start(t);
    const answer = await send(uri, parts);
    assertRefused(answer, code, status);
    const challenge = answer.result.headers['www-authenticate']?.[0].value;
    if (status === 401) assert.match(challenge, parts.token ? /error="invalid_token"/ : /^Bearer$/);
    else assert.equal(challenge, undefined);
    assert.ok(!JSON.stringify(answer.result).includes(code), 'the code is for the log only');
    assert.equal(typeof log.last('decision').detail, 'string');
    assertForwarded(await send('/users/alice/a', { token: TOKEN }));
  });
}

/** @param {Record<string, unknown>} claims */
function tokenWith(claims) {
  return tokenFor(KEY, 'alice', claims);
}

/** Signed by a key that nobody knows, under the name of the one that is trusted. */
function ofImpostor() {
  return tokenFor({ ...generateKey('RS256'), kid: KEY.kid });
}

/** @param {string} token */
function flipped(token) {
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1);
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

/** @param {string} token */
function unsigned(token) {
  const header = Buffer.from(JSON.stringify({ alg: 'none', kid: KEY.kid })).toString('base64url');
  return `${header}.${token.split('.')[1]}.`;
}
