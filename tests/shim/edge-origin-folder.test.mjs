import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { folderOrigin } from '../../www-shim/edge/origin-folder.mjs';

/** @typedef {import('../../www-shim/edge/types.d.ts').Origin} Origin */

const MODIFIED = new Date('2024-05-01T10:00:00Z');
let folder = '';
/** @type {Origin} */
let origin;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'origin-'));
  await mkdir(join(folder, 'site/sub'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'outside');
  await mkdir(join(folder, 'site-2'));
  await writeFile(join(folder, 'site-2/secret.txt'), 'outside');
  await writeFile(join(folder, 'site/a.png'), '0123456789');
  await utimes(join(folder, 'site/a.png'), MODIFIED, MODIFIED);
  await writeFile(join(folder, 'site/sub/été 1.txt'), 'summer');
  await writeFile(join(folder, 'site/empty'), '');
  await symlink('../secret.txt', join(folder, 'site/link.txt'));
  await symlink('../site-2/secret.txt', join(folder, 'site/sibling.txt'));
  await symlink('a.png', join(folder, 'site/inner.png'));
  origin = await folderOrigin(join(folder, 'site'));
});

after(() => rm(folder, { recursive: true }));

/**
 * @param {string} uri
 * @param {Record<string, string>} [headers]
 * @param {string} [method]
 */
async function ask(uri, headers = {}, method = 'GET') {
  const entries = Object.entries(headers).map(([name, value]) => [name, [{ value }]]);
  const response = await origin({
    method,
    uri,
    querystring: '',
    headers: Object.fromEntries(entries),
    body: null,
    clientIp: '203.0.113.9',
    requestId: 'r',
  });
  const { body } = response;
  const isStream = body !== null && typeof body === 'object' && !Buffer.isBuffer(body);
  return { ...response, body: isStream ? await text(body) : String(body ?? '') };
}

test('a file is sent with its type, size and validators', async () => {
  const { status, headers, body } = await ask('/a.png');
  assert.deepEqual([status, body], [200, '0123456789']);
  assert.deepEqual(headers, {
    'accept-ranges': 'bytes',
    'content-length': '10',
    'content-type': 'image/png',
    etag: `"a-${MODIFIED.getTime().toString(16)}"`,
    'last-modified': 'Wed, 01 May 2024 10:00:00 GMT',
  });
});

test('HEAD has the headers of GET and no body', async () => {
  const [get, head] = [await ask('/a.png'), await ask('/a.png', {}, 'HEAD')];
  assert.deepEqual([head.status, head.headers, head.body], [200, get.headers, '']);
});

test('a path is decoded once', async () => {
  assert.equal((await ask('/sub/%C3%A9t%c3%a9%201.txt')).body, 'summer');
  assert.equal((await ask('/sub/%25C3%25A9t%25c3%25a9%25201.txt')).status, 404);
});

for (const [uri, status] of /** @type {[string, number][]} */ ([
  ['/../secret.txt', 400],
  ['/sub/../a.png', 400],
  ['/./a.png', 400],
  ['/%2e%2e/secret.txt', 400],
  ['/%2e%2e%2fsecret.txt', 400],
  ['/..%5csecret.txt', 400],
  ['/..\\secret.txt', 400],
  ['/a.png%00', 400],
  ['/%', 400],
  ['/%c3', 400],
  ['/%252e%252e/secret.txt', 404],
  ['//a.png', 404],
  ['/sub', 404],
  ['/sub/', 404],
  ['/', 404],
  ['/a.png/', 404],
  ['/a.png/x', 404],
  ['/../site-2/secret.txt', 400],
  ['/no-such-file', 404],
  ['/link.txt', 403],
  ['/sibling.txt', 403],
])) {
  test(`${uri} is a ${status}`, async () => {
    const answer = await ask(uri);
    assert.equal(answer.status, status);
    assert.doesNotMatch(answer.body, /outside$/);
  });
}

test('a link inside of the folder is followed', async () => {
  assert.equal((await ask('/inner.png')).body, '0123456789');
});

test('the first page is `index.html`, and no other folder has one', async () => {
  assert.equal((await ask('/')).status, 404);
  for (const name of ['site/index.html', 'site/sub/index.html']) await writeFile(join(folder, name), '<p>');
  assert.equal((await ask('/')).status, 200);
  assert.equal((await ask('/sub/')).status, 404);
});

test('an empty file is an empty body', async () => {
  const { status, headers, body } = await ask('/empty');
  assert.deepEqual([status, headers['content-length'], body], [200, '0', '']);
});

test('other methods are refused', async () => {
  const { status, headers } = await ask('/a.png', {}, 'POST');
  assert.deepEqual([status, headers.allow], [405, 'GET, HEAD']);
});

test('a file that cannot be read is a 403', { skip: process.getuid?.() === 0 }, async () => {
  await writeFile(join(folder, 'site/closed'), '');
  await chmod(join(folder, 'site/closed'), 0);
  assert.equal((await ask('/closed')).status, 403);
});

for (const [range, status, contentRange, body] of [
  ['bytes=0-3', 206, 'bytes 0-3/10', '0123'],
  ['bytes=8-', 206, 'bytes 8-9/10', '89'],
  ['bytes=-2', 206, 'bytes 8-9/10', '89'],
  ['bytes=5-99', 206, 'bytes 5-9/10', '56789'],
  ['bytes=10-', 416, 'bytes */10', undefined],
  ['bytes=-0', 416, 'bytes */10', undefined],
  ['bytes=3-1', 200, undefined, '0123456789'],
  ['bytes=0-1,3-4', 200, undefined, '0123456789'],
  ['lines=0-1', 200, undefined, '0123456789'],
]) {
  test(`range ${range} is a ${status}`, async () => {
    const answer = await ask('/a.png', { range: String(range) });
    assert.equal(answer.status, status);
    assert.equal(answer.headers['content-range'], contentRange);
    if (body !== undefined) assert.equal(answer.body, body);
  });
}

test('a range of another version is the whole file', async () => {
  const { status } = await ask('/a.png', { range: 'bytes=0-1', 'if-range': '"other"' });
  assert.equal(status, 200);
});

test('a validator that still holds is a 304', async () => {
  const { headers } = await ask('/a.png');
  const etag = String(headers.etag);
  for (const condition of /** @type {Record<string, string>[]} */ ([
    { 'if-none-match': etag },
    { 'if-none-match': `"x", W/${etag}` },
    { 'if-none-match': '*' },
    { 'if-modified-since': String(headers['last-modified']) },
  ])) {
    assert.equal((await ask('/a.png', condition)).status, 304, JSON.stringify(condition));
  }
  for (const condition of /** @type {Record<string, string>[]} */ ([
    { 'if-none-match': '"x"' },
    { 'if-none-match': '"x"', 'if-modified-since': String(headers['last-modified']) },
    { 'if-modified-since': 'Wed, 01 May 2024 09:59:59 GMT' },
    { 'if-modified-since': 'nonsense' },
  ])) {
    assert.equal((await ask('/a.png', condition)).status, 200, JSON.stringify(condition));
  }
});

test('an origin that is no folder is an error', async () => {
  await assert.rejects(folderOrigin(join(folder, 'none')), /origin `.*none` is not a folder/);
  await assert.rejects(folderOrigin(join(folder, 'secret.txt')), /is not a folder/);
});
