import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey, secretText } from '../../www-shim/edge/development-keys.mjs';
import { createHandler } from '../../www-shim/lib/handler.mjs';
import { assertForwarded, assertRefused, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';
import { emptyFolder } from './support/zip-folder.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const KEY = generateKey('HS256');
const SECRET = secretText(KEY);

/**
 * Gives a handler that could not start what it would let through, had it started.
 *
 * @param {import('./support/shipped-handler.mjs').ShippedHandler} shim
 */
async function assertClosed({ send, sendEvent, log }) {
  for (const uri of ['/public/logo.png', '/users/alice/a.png', '/other']) {
    const answer = await send(uri, { token: tokenFor(KEY) });
    assertRefused(answer, 'internal', 503);
    assert.equal(typeof answer.record?.detail, 'string');
  }
  assert.equal((await sendEvent(undefined)).result.status, '503');
  assert.ok(log.entries().every(({ level }) => level === 'error'));
}

/** @type {[string, string][]} */
const BROKEN = [
  ['nothing', ''],
  ['no JSON', '{'],
  ['an empty object', '{}'],
  ['an array', '[]'],
  ['an unknown key', JSON.stringify({ ...CONFIGURATION, ruls: [] })],
  ['no rules', JSON.stringify({ ...CONFIGURATION, rules: [] })],
];
for (const [title, configText] of BROKEN) {
  test(`threat 65: a configuration with ${title} lets nothing through`, async () => {
    const shim = await startHandler({ configText });
    assert.match(shim.log.last('cannot start').detail, /^not a valid configuration: `edge-authorizer check`/);
    await assertClosed(shim);
  });
}

test('what the configuration allows on purpose is said at start, once', async () => {
  const { dev } = CONFIGURATION.providers;
  const configuration = { ...CONFIGURATION, providers: { dev: { ...dev, audience: null } } };
  const { send, sendEvent, log } = await startHandler({ configuration });
  const notices = log.entriesOf('notice');
  assert.ok(notices.some(({ detail }) => /providers\.dev\.audience/.test(detail)));
  assert.ok(notices.every(({ level }) => level === 'warn'));
  await sendEvent(undefined);
  await send('/public/logo.png');
  assert.deepEqual(log.entriesOf('notice'), notices);
});

test('with authorization off everything passes, and every line of the log says so', async () => {
  const configuration = { ...CONFIGURATION, authorization: 'off', logLevel: 'error' };
  const { send, log } = await startHandler({ configuration });
  assert.ok(log.entriesOf('notice').some(({ detail }) => /authorization is off/.test(detail)));
  for (const uri of ['/users/alice/a.png', '/other', '//', '/%2e%2e/a']) {
    const { forwarded, result, record } = await send(uri, {
      token: 'no-token',
      querystring: 'token=another',
      headers: { 'X-User': 'alice', X_User: 'alice' },
    });
    assert.ok(forwarded);
    assert.deepEqual(Object.keys(result.headers), ['host']);
    assert.equal(result.querystring, '');
    assert.deepEqual([record?.level, record?.code], ['warn', 'authorization_off']);
  }
  assert.ok(log.entries().every(({ authorization }) => authorization === 'off'));
});

test('only the exact word switches authorization off', async () => {
  for (const authorization of ['OFF', 'Off', ' off', 'off ', 'false', 'null', 'none', '', null, false, 0, []]) {
    const shim = await startHandler({ configuration: { ...CONFIGURATION, authorization } });
    await assertClosed(shim);
  }
  for (const authorization of ['on', undefined]) {
    const { send, log } = await startHandler({ configuration: { ...CONFIGURATION, authorization } });
    assertRefused(await send('/users/alice/a.png'), 'credentials_missing', 401);
    assert.ok(log.entries().every((entry) => !('authorization' in entry)));
  }
});

/**
 * Starts a handler whose secret is in a file.
 *
 * @param {TestContext} t
 * @param {string | Buffer | null} content of the file, if there is one
 * @param {string} [file]
 */
async function startWithSecret(t, content, file = 'shared-secret') {
  const configFolder = emptyFolder(t);
  if (content !== null) writeFileSync(join(configFolder, file), content);
  const { issuer, audience } = CONFIGURATION.providers.dev;
  const provider = { issuer, audience, algorithms: ['HS256'], secret: { file: `./${file}` } };
  const configuration = { ...CONFIGURATION, providers: { hs: provider }, logLevel: 'debug' };
  const shim = await startHandler({ configuration, configFolder });
  shim.log.mustNotTell(SECRET, `${content ?? ''}`.trim());
  /** @param {string} secret */
  const viewSignedWith = (secret) => {
    const key = { ...KEY, k: Buffer.from(secret).toString('base64url') };
    return shim.send('/users/alice/a.png', { token: tokenFor(key) });
  };
  return { ...shim, viewSignedWith };
}

/** @type {[string, string][]} */
const SECRET_FILES = [
  ['the bare secret', SECRET],
  ['a line break at its end', `${SECRET}\n`],
  ['a line break of Windows at its end', `${SECRET}\r\n`],
];
for (const [title, content] of SECRET_FILES) {
  test(`a shared secret verifies tokens from a file with ${title}`, async (t) => {
    const { viewSignedWith } = await startWithSecret(t, content);
    const answer = await viewSignedWith(SECRET);
    assertForwarded(answer);
    assert.equal(answer.result.headers['x-user'][0].value, 'alice');
    for (const other of [`${SECRET}\n`, SECRET.toUpperCase()]) {
      assertRefused(await viewSignedWith(other), 'signature_invalid', 401);
    }
  });
}

test('of several line breaks only the last one is not part of the secret', async (t) => {
  const { viewSignedWith } = await startWithSecret(t, ` ${SECRET}\n\n`);
  assertForwarded(await viewSignedWith(` ${SECRET}\n`));
  assertRefused(await viewSignedWith(SECRET), 'signature_invalid', 401);
});

test('a secret may be any bytes', async (t) => {
  const bytes = Buffer.concat([Buffer.from('é日本\r\0'), Buffer.alloc(32, 0xff)]);
  const { send } = await startWithSecret(t, bytes);
  const token = tokenFor({ ...KEY, k: bytes.toString('base64url') });
  assertForwarded(await send('/users/alice/a.png', { token }));
});

test('the name of a secret is a name, not a URL', async (t) => {
  const { viewSignedWith } = await startWithSecret(t, SECRET, 'a secret#1?%41');
  assertForwarded(await viewSignedWith(SECRET));
});

test('a secret that is not there lets nothing through', async (t) => {
  const shim = await startWithSecret(t, null);
  const { detail } = shim.log.last('cannot start');
  assert.match(detail, /^providers\.hs\.secret\.file: `\.\/shared-secret`: .*ENOENT/);
  await assertClosed(shim);
});

for (const length of [0, 16, 31]) {
  test(`threat 6: a secret of ${length} bytes lets nothing through`, async (t) => {
    const shim = await startWithSecret(t, `${SECRET.slice(0, length)}\n`);
    const { detail } = shim.log.last('cannot start');
    assert.match(detail, /^providers\.hs\.secret\.file: `\.\/shared-secret`: .*at least 32$/);
    await assertClosed(shim);
  });
}

test('a handler without the text of a configuration is not made, and that is said', () => {
  const options = /** @type {any} */ ({ config: CONFIGURATION });
  assert.throws(() => createHandler(options), /`configText` is missing/);
});
