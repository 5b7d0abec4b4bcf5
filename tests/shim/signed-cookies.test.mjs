import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assumeRole } from './support/role.mjs';
import { startSecretServer } from './support/secret-server.mjs';
import { configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';
import { captureMemories } from './support/wasm-memory.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const KEY = generateKey('RS256');
const ALICE = tokenFor(KEY);
/** @type {Record<string, { pem: string, publicKey: import('node:crypto').KeyObject }>} */
const SIGNERS = {
  'RSA, PKCS#8': signer('rsa', { modulusLength: 2048 }, 'pkcs8'),
  'RSA, PKCS#1': signer('rsa', { modulusLength: 2048 }, 'pkcs1'),
  'ECDSA, PKCS#8': signer('ec', { namedCurve: 'prime256v1' }, 'pkcs8'),
  'ECDSA, SEC 1': signer('ec', { namedCurve: 'prime256v1' }, 'sec1'),
};

/** @type {(type: any, options: any, form: any) => { pem: string, publicKey: import('node:crypto').KeyObject }} */
function signer(type, options, form) {
  const { privateKey } = /** @type {{ privateKey: import('node:crypto').KeyObject }} */ (
    /** @type {unknown} */ (generateKeyPairSync(type, options))
  );
  const pem = privateKey.export({ type: form, format: 'pem' }).toString();
  return { pem, publicKey: createPublicKey(privateKey) };
}

/**
 * @param {TestContext} t
 * @param {string} pem
 * @param {Record<string, unknown>} [more] of the signed cookies
 * @param {Record<string, unknown>} [rest] of the configuration
 */
async function start(t, pem, more = {}, rest = {}) {
  const configFolder = mkdtempSync(join(tmpdir(), 'signer-'));
  t.after(() => rmSync(configFolder, { recursive: true }));
  writeFileSync(join(configFolder, 'key.pem'), pem);
  const server = await startKeyServer(t, { keys: [KEY] });
  const base = configurationFor(server.url);
  const configuration = {
    ...base,
    ...rest,
    signedCookies: {
      live: {
        keyPairId: 'K2JCJMDEHXQW5F',
        privateKey: { file: './key.pem' },
        resource: 'https://live.example.com/{claim:sub}/*',
        lifetimeSeconds: 600,
        cookies: { domain: 'example.com' },
        ...more,
      },
    },
    rules: [
      { name: 'start', match: { path: '/stream-auth' }, allow: 'authenticated', respond: { signedCookies: 'live' } },
      { name: 'end', match: { path: '/signout-stream' }, allow: 'anyone', respond: { clearSignedCookies: 'live' } },
      ...base.rules,
    ],
  };
  return startHandler({ configuration, configFolder });
}

/** @param {any} result */
function cookiesOf(result) {
  const lines = /** @type {{ value: string }[]} */ (result.headers['set-cookie']);
  return Object.fromEntries(
    lines.map(({ value }) => {
      const [pair] = value.split(';');
      return [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    }),
  );
}

/** What CloudFront undoes ("Code examples for creating a signature for a signed URL"). @param {string} text */
function fromCloudFront(text) {
  return Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');
}

for (const [title, { pem, publicKey }] of Object.entries(SIGNERS)) {
  for (const [hash, more] of /** @type {const} */ ([
    ['sha1', {}],
    ['sha256', { hash: 'SHA256' }],
  ])) {
    test(`a token becomes cookies that the public key verifies: ${title}, ${hash}`, async (t) => {
      const { send, log } = await start(t, pem, more);
      const { result, record } = await send('/stream-auth', { token: ALICE });
      assert.equal(result.status, '200');
      assert.equal(record?.code, 'cookies_signed');
      const cookies = cookiesOf(result);
      const policy = fromCloudFront(cookies['CloudFront-Policy']);
      assert.ok(verify(hash, policy, publicKey, fromCloudFront(cookies['CloudFront-Signature'])));
      const [statement] = JSON.parse(policy.toString()).Statement;
      assert.deepEqual(statement, {
        Resource: 'https://live.example.com/alice/*',
        Condition: { DateLessThan: { 'AWS:EpochTime': NOW + 600 } },
      });
      assert.equal(cookies['CloudFront-Key-Pair-Id'], 'K2JCJMDEHXQW5F');
      assert.equal(cookies['CloudFront-Hash-Algorithm'], hash === 'sha256' ? 'SHA256' : undefined);
      assert.ok(!JSON.stringify(log.entries()).includes(cookies['CloudFront-Signature']));
    });
  }
}

test('OpenSSL verifies the signature, too', async (t) => {
  const { pem, publicKey } = SIGNERS['RSA, PKCS#8'];
  const { send } = await start(t, pem);
  const cookies = cookiesOf((await send('/stream-auth', { token: ALICE })).result);
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(folder, 'policy'), fromCloudFront(cookies['CloudFront-Policy']));
  writeFileSync(join(folder, 'signature'), fromCloudFront(cookies['CloudFront-Signature']));
  const verifying = ['dgst', '-sha1', '-verify', 'public.pem', '-signature', 'signature', 'policy'];
  const { stdout, error } = spawnSync('openssl', verifying, { cwd: folder, encoding: 'utf8' });
  if (error) return t.skip('there is no `openssl` here');
  assert.equal(stdout, 'Verified OK\n');
});

test('nobody gets cookies without a token, and signing out needs none', async (t) => {
  const { send } = await start(t, SIGNERS['RSA, PKCS#8'].pem);
  const refused = await send('/stream-auth');
  assert.equal(refused.record?.code, 'credentials_missing');
  assert.equal(refused.result.headers['set-cookie'], undefined);
  const { result, record } = await send('/signout-stream');
  assert.equal(record?.code, 'cookies_cleared');
  const lines = result.headers['set-cookie'].map((/** @type {{ value: string }} */ { value }) => value);
  assert.equal(lines.length, 5);
  for (const line of lines) {
    assert.match(line, /^CloudFront-[A-Za-z-]+=; Path=\/; Domain=example\.com; Secure; HttpOnly; SameSite=None; Max-Age=0$/);
  }
});

const UNFIT = {
  'an RSA key of 1024 bits': signer('rsa', { modulusLength: 1024 }, 'pkcs8').pem,
  'an RSA key of 4096 bits': signer('rsa', { modulusLength: 4096 }, 'pkcs8').pem,
  'a key on another curve': signer('ec', { namedCurve: 'secp384r1' }, 'pkcs8').pem,
  'an Ed25519 key': signer('ed25519', {}, 'pkcs8').pem,
  'a public key': SIGNERS['RSA, PKCS#8'].publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  nothing: '',
};
for (const [title, pem] of Object.entries(UNFIT)) {
  test(`threat 65: with ${title} for a private key nothing starts, and nothing of it is told`, async (t) => {
    const { send, log } = await start(t, pem);
    assert.match(log.last('cannot start').detail, /^signedCookies\.live\.privateKey\.file: `\.\/key\.pem`: /);
    assert.ok(pem === '' || !JSON.stringify(log.entries()).includes(pem.split('\n')[1]));
    assert.equal((await send('/public/logo.png')).result.status, '503');
  });
}

test('a private key that lies with a service is fetched for the first who needs it, and ends with its time', async (t) => {
  const { pem, publicKey } = SIGNERS['RSA, PKCS#8'];
  const time = { now: () => NOW };
  const secrets = await startSecretServer(t, { now: () => time.now() });
  assumeRole(t);
  secrets.secrets['/live/key'] = { Parameter: { Value: pem } };
  const reference = { ssm: '/live/key', endpoint: secrets.endpoint, maxAgeSeconds: 600, staleIfErrorSeconds: 0 };
  const { send, log, clock } = await start(t, pem, { privateKey: reference });
  time.now = () => clock.now;
  log.mustNotTell(pem, ...pem.split('\n').slice(1, -2));
  assert.equal((await send('/stream-auth')).record?.code, 'credentials_missing');
  assert.equal(secrets.fetches, 0);

  const cookies = cookiesOf((await send('/stream-auth', { token: ALICE })).result);
  const policy = fromCloudFront(cookies['CloudFront-Policy']);
  assert.ok(verify('sha1', policy, publicKey, fromCloudFront(cookies['CloudFront-Signature'])));
  await send('/stream-auth', { token: ALICE });
  assert.equal(secrets.fetches, 1);

  secrets.misbehave = (socket) => socket.destroy();
  clock.now += 600;
  const refused = await send('/stream-auth', { token: ALICE });
  assert.deepEqual([refused.record?.code, refused.result.headers['set-cookie']], ['secrets_unavailable', undefined]);
  secrets.recover();
  clock.now += 10;
  assert.equal((await send('/stream-auth', { token: ALICE })).record?.code, 'cookies_signed');
});

test('what lies with a service and is no private key signs nothing', async (t) => {
  const { pem } = SIGNERS['RSA, PKCS#8'];
  const secrets = await startSecretServer(t, { now: () => NOW });
  assumeRole(t);
  secrets.secrets['/live/key'] = { Parameter: { Value: pem.slice(0, 200) } };
  const { send, log } = await start(t, pem, { privateKey: { ssm: '/live/key', endpoint: secrets.endpoint } });
  assert.equal((await send('/stream-auth', { token: ALICE })).record?.code, 'secrets_unavailable');
  assert.match(log.last('no secret').detail, /^not a private key in PEM/);
});

test('a player of another origin may ask for cookies, and to have them ended, if it is in the list', async (t) => {
  const app = 'https://app.example.com';
  const cors = { allowOrigins: [app], allowCredentials: true };
  const { pem } = SIGNERS['ECDSA, PKCS#8'] ?? {};
  const { send } = await start(t, String(pem), {}, { cors });
  for (const [uri, token] of [['/stream-auth', ALICE], ['/signout-stream', undefined]]) {
    const { result } = await send(String(uri), { token, headers: { Origin: app } });
    assert.ok(result.headers['set-cookie'].length >= 3, uri);
    assert.equal(result.headers['access-control-allow-origin'][0].value, app);
    assert.equal(result.headers['access-control-allow-credentials'][0].value, 'true');
    const stranger = await send(String(uri), { token, headers: { Origin: 'https://evil.example' } });
    assert.equal(stranger.result.headers['access-control-allow-origin'], undefined);
    assert.equal(stranger.result.headers.vary[0].value, 'origin');
  }
});

for (const place of ['a file', 'a service']) {
  test(`threat 18: a private key in ${place} signs, and never enters the module`, async (t) => {
    const memory = captureMemories(t);
    const { pem } = SIGNERS['RSA, PKCS#8'];
    const secrets = await startSecretServer(t, { now: () => NOW });
    assumeRole(t);
    secrets.secrets['/live/key'] = { Parameter: { Value: pem } };
    const remote = { privateKey: { ssm: '/live/key', endpoint: secrets.endpoint } };
    const [, ...lines] = pem.trim().split('\n');
    const { d = '', p = '', q = '' } = createPrivateKey(pem).export({ format: 'jwk' });
    const assertNotInModule = () => {
      assert.ok(memory.holds('https://live.example.com/'), 'what is in the module is found');
      for (const text of lines.slice(0, -2)) assert.ok(!memory.holds(text));
      for (const number of [d, p, q]) assert.ok(!memory.holds(Buffer.from(number, 'base64url')));
    };
    const { send } = await start(t, pem, place === 'a file' ? {} : remote);
    // Before anything else may have been written where it was.
    assertNotInModule();
    assert.equal((await send('/stream-auth', { token: ALICE })).record?.code, 'cookies_signed');
    assertNotInModule();
  });
}
