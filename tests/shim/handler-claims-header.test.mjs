import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertForwarded, assertRefused, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';
import { emptyFolder } from './support/zip-folder.mjs';

const KEY = generateKey('RS256');
const SECRET = randomBytes(32).toString('hex');

/**
 * @param {import('node:test').TestContext} t
 * @param {Record<string, unknown>} claimsHeader
 * @param {string} [secret]
 */
async function start(t, claimsHeader, secret = SECRET) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const configFolder = emptyFolder(t);
  writeFileSync(join(configFolder, 'claims-secret'), `${secret}\n`);
  const configuration = { ...configurationFor(server.url), forward: { claimsHeader } };
  const shim = await startHandler({ configuration, configFolder });
  shim.log.mustNotTell(secret);
  return shim;
}

/** @param {string} text */
function decoded(text) {
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

test('a plain claims header is base64url of JSON', async (t) => {
  const { send } = await start(t, { name: 'X-Claims', claims: ['sub', 'groups', 'https://claims.example/a'] });
  const claims = { groups: ['caf\u00e9', '\r\nx: y'], 'https://claims.example/a': { b: [1, null] } };
  const answer = await send('/users/alice/a.png', { token: tokenFor(KEY, 'alice', claims) });
  assertForwarded(answer);
  const [{ key, value }] = answer.result.headers['x-claims'];
  assert.equal(key, 'x-claims');
  assert.deepEqual(decoded(value), { sub: 'alice', ...claims });
});

test('a signed one is a JWT that an origin with the secret can verify', async (t) => {
  const { send } = await start(t, { name: 'x-claims', claims: ['sub'], secret: { file: './claims-secret' } });
  const answer = await send('/users/alice/a.png', { token: tokenFor(KEY) });
  assertForwarded(answer);
  const [header, payload, signature] = answer.result.headers['x-claims'][0].value.split('.');
  assert.deepEqual(decoded(header), { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(decoded(payload), { sub: 'alice', iat: NOW, exp: NOW + 60 });
  const expected = createHmac('sha256', SECRET).update(`${header}.${payload}`).digest('base64url');
  assert.equal(signature, expected);
});

test('threat 40: what viewers send under its name is taken out, on public paths too', async (t) => {
  const { send } = await start(t, { name: 'x-claims', claims: ['sub'], secret: { file: './claims-secret' } });
  const headers = { 'X-Claims': 'forged', X_Claims: 'forged', 'x.claims': 'forged' };
  const open = await send('/public/logo.png', { headers });
  assertForwarded(open);
  assert.deepEqual(Object.keys(open.result.headers), ['host']);
  const own = await send('/users/alice/a.png', { headers, token: tokenFor(KEY) });
  assert.deepEqual(Object.keys(own.result.headers), ['host', 'x-claims']);
  assert.equal(own.result.headers['x-claims'].length, 1);
  assert.match(own.result.headers['x-claims'][0].value, /^eyJ/);
});

test('a request stays below the limits with all that is added to it', async (t) => {
  const { send } = await start(t, { name: 'x-claims', claims: ['groups'] });
  const groups = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => `group-${1000 + index}`);
  const headers = { 'X-Long': 'x'.repeat(3_000) };
  // `send` asks CloudFront's validator.
  assertForwarded(await send('/users/alice/a.png', { token: tokenFor(KEY, 'alice', { groups: groups(400) }), headers }));
  const token = tokenFor(KEY, 'alice', { groups: groups(600) });
  assertRefused(await send('/users/alice/a.png', { token, headers }), 'policy_denied', 403);
});

test('a secret that is too short lets nothing pass', async (t) => {
  const shim = await start(t, { name: 'x-claims', claims: ['sub'], secret: { file: './claims-secret' } }, 'too-short');
  const { detail } = shim.log.last('cannot start');
  assert.equal(
    detail,
    'forward.claimsHeader.secret.file: `./claims-secret`: the secret has to have at least 32 bytes',
  );
  assert.equal((await shim.send('/public/logo.png')).result.status, '503');
});
