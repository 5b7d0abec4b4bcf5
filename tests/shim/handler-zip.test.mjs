import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey, secretText } from '../../www-shim/edge/development-keys.mjs';
import { isResponse, validateViewerRequestResult } from '../../www-shim/edge/validate.mjs';
import { runInFreshProcess } from './support/fresh-process.mjs';
import { freePort } from './support/free-port.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { configurationFor } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION, viewerEvent } from './support/viewer-event.mjs';
import { unpackedZip, zipFolderWith } from './support/zip-folder.mjs';

const KEY = generateKey('RS256');

/**
 * A token that is valid now: the handler of the zip goes by the clock.
 *
 * @param {import('../../www-shim/edge/development-keys.mjs').DevelopmentKey} [key]
 */
function currentToken(key = KEY) {
  const now = Math.floor(Date.now() / 1000);
  return tokenFor(key, 'alice', { iat: now, exp: now + 3600 });
}

/**
 * @param {string} uri
 * @param {string} [token]
 */
function viewing(uri, token) {
  return viewerEvent(uri, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

/** @param {{ results: any[], stderr: string, code: number | null }} run */
function statusesOf({ results, stderr, code }) {
  assert.deepEqual([stderr, code], ['', 0]);
  return results.map((result) => {
    const { request } = /** @type {any} */ (viewing('/users/alice/a').Records[0]).cf;
    assert.deepEqual(validateViewerRequestResult(request, result), []);
    return isResponse(result) ? Number(result.status) : 'forward';
  });
}

test('it runs cold, from an empty folder, without anything around it', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const folder = zipFolderWith(t, configurationFor(server.url));
  const token = currentToken();
  const events = [
    viewing('/users/alice/a', token),
    viewing('/users/alice/b', token),
    viewing('/users/alice/c'),
    viewing('/users/bob/a', token),
    viewing('/public/logo.png'),
    { Records: [] },
    viewing('/users/alice/d', token),
  ];
  const mustNotTell = token.split('.').slice(1);
  const run = await runInFreshProcess(t, folder, events, { mustNotTell });
  const expected = ['forward', 'forward', 401, 403, 'forward', 503, 'forward'];
  assert.deepEqual(statusesOf(run), expected);
  assert.deepEqual(run.results[0].headers['x-user'], [{ key: 'x-user', value: 'alice' }]);
  assert.equal(run.results[0].headers.authorization, undefined);
  assert.equal(run.log.entriesOf('decision').length, events.length);
  assert.equal(server.fetches, 1);
});

test('its secret is beside it, wherever the process was started', async (t) => {
  const key = generateKey('HS256');
  const { issuer, audience } = CONFIGURATION.providers.dev;
  const provider = { issuer, audience, secret: { file: './keys/secret' } };
  const folder = zipFolderWith(t, { ...CONFIGURATION, providers: { hs: provider } });
  const events = [viewing('/users/alice/a', currentToken(key)), viewing('/public/logo.png')];

  const without = await runInFreshProcess(t, folder, events);
  assert.deepEqual(statusesOf(without), [503, 503]);
  assert.match(without.log.last('cannot start').detail, /keys\/secret/);

  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys/secret'), `${secretText(key)}\n`);
  const mustNotTell = [secretText(key)];
  const run = await runInFreshProcess(t, folder, events, { mustNotTell });
  assert.deepEqual(statusesOf(run), ['forward', 'forward']);
});

test('cold and without a key server it lets nothing through that needs a token', async (t) => {
  const url = `http://127.0.0.1:${await freePort()}/jwks.json`;
  const folder = zipFolderWith(t, configurationFor(url));
  const events = [viewing('/users/alice/a', currentToken()), viewing('/public/logo.png')];
  const run = await runInFreshProcess(t, folder, events);
  assert.deepEqual(statusesOf(run), [503, 'forward']);
  assert.match(run.log.last('no key set').detail, /ECONNREFUSED/);
});

test('with a broken configuration it lets nothing through', async (t) => {
  const folder = zipFolderWith(t, { ...CONFIGURATION, ruls: [] });
  const run = await runInFreshProcess(t, folder, [viewing('/public/logo.png'), {}]);
  assert.deepEqual(statusesOf(run), [503, 503]);
  assert.match(run.log.last('cannot start').detail, /`edge-authorizer check`/);
});

const NAMES = readdirSync(unpackedZip(), { recursive: true, encoding: 'utf8' });
for (const file of NAMES.filter((name) => statSync(join(unpackedZip(), name)).isFile()).sort()) {
  test(`nothing in it is needless, and without ${file} it lets nothing through`, async (t) => {
    const folder = zipFolderWith(t, CONFIGURATION);
    rmSync(join(folder, file));
    const { results, code } = await runInFreshProcess(t, folder, [viewing('/public/logo.png')]);
    if (code === 0) assert.equal(results[0]?.status, '503');
    else assert.deepEqual(results, []);
  });
}
