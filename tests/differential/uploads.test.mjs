// Uploads with what the handler of the unpacked zip hands out, to a server that speaks S3 and checks signatures.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { configurationFor, startHandler } from '../shim/support/shipped-handler.mjs';
import { startKeyServer } from '../shim/support/key-server.mjs';
import { tokenFor } from '../shim/support/tokens.mjs';
import { BUCKET, skip, startS3 } from './s3-server.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const KEY = generateKey('RS256');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** @type {Awaited<ReturnType<typeof startS3>>} */
let s3;

before(async () => {
  if (skip === false) s3 = await startS3();
});

after(() => s3?.stop());

/**
 * @param {TestContext} t
 * @param {Record<string, unknown>} [more]
 */
async function start(t, more = {}) {
  const keys = await startKeyServer(t, { keys: [KEY] });
  const base = configurationFor(keys.url);
  const avatar = {
    bucket: BUCKET,
    region: 'us-east-1',
    endpoint: s3.endpoint,
    key: 'avatars/{claim:sub}.{extension}',
    contentTypes: { png: 'image/png' },
    expiresSeconds: 60,
    ...more,
  };
  const match = { path: '/avatars/key_upload', methods: ['GET', 'POST'] };
  const rules = [{ name: 'upload', match, allow: 'authenticated', respond: { upload: 'avatar' } }];
  const started = await startHandler({ configuration: { ...base, uploads: { avatar }, rules } });
  // The server checks the time against its own clock.
  started.clock.now = Math.floor(Date.now() / 1000);
  return started;
}

/**
 * @param {Awaited<ReturnType<typeof start>>} started
 * @param {string} [extension]
 */
async function placeFor({ send, clock, log }, extension = 'png') {
  const claims = { iss: 'https://issuer.example/', aud: 'images', sub: 'alice', exp: clock.now + 600 };
  const token = tokenFor(KEY, 'alice', claims);
  const { result, record } = await send('/avatars/key_upload', { token, querystring: `extension=${extension}` });
  assert.equal(record?.code, 'upload_signed', record?.detail);
  assert.deepEqual(result.headers['cache-control'], [{ key: 'cache-control', value: 'no-store' }]);
  const place = JSON.parse(result.body);
  log.mustNotTell(place.url.split('X-Amz-Signature=')[1] ?? place.fields['x-amz-signature']);
  log.entries();
  return place;
}

/** @param {any} place */
function put({ url, method, headers }, body = PNG) {
  return fetch(url, { method, headers, body });
}

test('a file is uploaded with the URL, and lies under the key that the function chose', { skip }, async (t) => {
  const place = await placeFor(await start(t));
  assert.equal(place.method, 'PUT');
  const answer = await put(place);
  assert.equal(answer.status, 200, await answer.text());
  const url = new URL(place.url);
  assert.equal(url.pathname, `/${BUCKET}/avatars/alice.png`);
  assert.deepEqual(s3.stored('avatars/alice.png'), PNG);
});

test('what was tampered with is refused there', { skip }, async (t) => {
  const place = await placeFor(await start(t));
  const changed = (/** @type {(url: URL) => void} */ change) => {
    const url = new URL(place.url);
    change(url);
    return put({ ...place, url });
  };
  for (const [title, answer] of Object.entries({
    'another key': await changed((url) => (url.pathname = `/${BUCKET}/avatars/bob.png`)),
    'a longer life': await changed((url) => url.searchParams.set('X-Amz-Expires', '604800')),
    'another time': await changed((url) => url.searchParams.set('X-Amz-Date', '20200101T000000Z')),
    'another signature': await changed((url) => url.searchParams.set('X-Amz-Signature', '0'.repeat(64))),
    'no signature': await changed((url) => url.searchParams.delete('X-Amz-Signature')),
    'another method': await fetch(place.url, { method: 'DELETE' }),
    'another type': await put({ ...place, headers: { 'content-type': 'text/html' } }),
  })) {
    assert.ok(answer.status === 403 || answer.status === 400, `${title}: ${answer.status}`);
    await answer.arrayBuffer();
  }
});

test('after its time the URL is refused there', { skip }, async (t) => {
  const started = await start(t);
  started.clock.now -= 61;
  const answer = await put(await placeFor(started));
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /expired/i);
});

/** @param {any} place @param {Buffer} body @param {Record<string, string>} [changes] */
function post({ url, fields }, body, changes = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, /** @type {string} */ (value));
  form.append('file', new Blob([new Uint8Array(body)], { type: 'image/png' }), 'avatar.png');
  return fetch(url, { method: 'POST', body: form });
}

test('a form uploads a file of the right size', { skip }, async (t) => {
  const place = await placeFor(await start(t, { minBytes: 1, maxBytes: 8 }));
  assert.equal(place.method, 'POST');
  assert.equal(place.url, `${s3.endpoint}/${BUCKET}/`);
  const answer = await post(place, PNG);
  assert.ok(answer.status === 204 || answer.status === 200, `${answer.status} ${await answer.text()}`);
  assert.deepEqual(s3.stored('avatars/alice.png'), PNG);
});

test('a form that was tampered with, or a file of another size, is refused there', { skip }, async (t) => {
  const place = await placeFor(await start(t, { minBytes: 1, maxBytes: 8 }));
  s3.remove('avatars');
  /** @type {[string, Buffer, Record<string, string>?][]} */
  const cases = [
    ['another key', PNG, { key: 'avatars/bob.png' }],
    ['another type', PNG, { 'Content-Type': 'text/html' }],
    ['another policy', PNG, { policy: place.fields.policy.replace(/^./, 'f') }],
    ['another signature', PNG, { 'x-amz-signature': '0'.repeat(64) }],
    ['a larger file', Buffer.concat([PNG, PNG])],
    ['no file at all', Buffer.alloc(0)],
  ];
  for (const [title, file, changes] of cases) {
    // It may close the connection before it has read all that it refuses.
    const status = await post(place, file, changes).then((answer) => answer.status, () => 'closed');
    assert.ok(status === 'closed' || (Number(status) >= 400 && Number(status) < 500), `${title}: ${status}`);
    assert.equal(s3.stored('avatars/alice.png'), undefined, title);
  }
  assert.equal(s3.stored('avatars/bob.png'), undefined);
});

test('a place for a type that is not on the list is refused here', { skip }, async (t) => {
  const { send, clock } = await start(t);
  const claims = { iss: 'https://issuer.example/', aud: 'images', sub: 'alice', exp: clock.now + 600 };
  const { record } = await send('/avatars/key_upload', { token: tokenFor(KEY, 'alice', claims), querystring: 'extension=exe' });
  assert.deepEqual([record?.code, record?.status], ['upload_refused', 415]);
});

test('without credentials of the role nobody gets a place', { skip }, async (t) => {
  const started = await start(t);
  const { AWS_SECRET_ACCESS_KEY } = process.env;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  t.after(() => Object.assign(process.env, { AWS_SECRET_ACCESS_KEY }));
  const claims = { iss: 'https://issuer.example/', aud: 'images', sub: 'alice', exp: started.clock.now + 600 };
  const token = tokenFor(KEY, 'alice', claims);
  const { result, record } = await started.send('/avatars/key_upload', { token, querystring: 'extension=png' });
  assert.deepEqual([record?.code, result.status], ['secrets_unavailable', '503']);
});
