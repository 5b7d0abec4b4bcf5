import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOn } from '../../www-shim/cli/verdict.mjs';
import { shippedAuthorizer } from '../../www-shim/cli/tooling.mjs';
import { KeySetLog } from '../../www-shim/cli/key-set-log.mjs';
import { STATUS_PATH } from '../../www-shim/edge/status.mjs';
import { cachedOrigin } from '../../www-shim/edge/cache.mjs';
import { startEdge } from './support/local-edge.mjs';
import { sendRaw } from './support/raw-http.mjs';
import { CONFIGURATION, NOW, viewerEvent } from './support/viewer-event.mjs';

const JSON_PATH = `${STATUS_PATH}.json`;
const HOST = 'Host: images.example';

/** @type {(url: string) => Promise<any>} */
async function statusAt(url) {
  const response = await fetch(`${url}${JSON_PATH}`);
  assert.equal(response.headers.get('content-type'), 'application/json');
  return response.json();
}

for (const path of [STATUS_PATH, JSON_PATH]) {
  test(`\`${path}\` takes nothing from a site: the authorizer refuses it, whatever the rules say`, () => {
    const rules = [{ match: { path: '/{*rest}' }, allow: 'anyone' }];
    const authorizer = shippedAuthorizer(JSON.stringify({ ...CONFIGURATION, rules }), '.');
    const { status, code } = verdictOn(authorizer, viewerEvent(path), NOW);
    assert.deepEqual([status, code], [400, 'request_malformed']);
    authorizer.free();
  });
}

test('the status counts decisions, and neither itself nor what has none', async (t) => {
  const codes = ['allowed', 'allowed', 'policy_denied'];
  const { url, lines, events } = await startEdge(t, {
    takeNote: () => ({ code: codes.shift() ?? null, rule: 'r', milliseconds: codes.length }),
  });
  for (const path of ['/a', '/b?token=secret', '/c']) await sendRaw(url, [`GET ${path} HTTP/1.1`, HOST]);
  await sendRaw(url, ['PROPFIND / HTTP/1.1', HOST]);
  await statusAt(url);
  const { requests, decisions, latest, cache } = await statusAt(url);
  assert.equal(requests, 4);
  assert.deepEqual(decisions, [
    { code: 'allowed', count: 2, microseconds: 2000 },
    { code: 'policy_denied', count: 1, microseconds: 0 },
  ]);
  assert.deepEqual(latest.map((/** @type {any} */ { path, status }) => `${path} ${status}`), ['/ 403', '/c 200', '/b?… 200', '/a 200']);
  assert.deepEqual(cache, { hits: 0, misses: 3, objects: null, bytes: null });
  assert.deepEqual([lines.filter((line) => line.includes(';')), events.length], [[], 3]);
});

test('the latest twenty requests are shown', async (t) => {
  const { url } = await startEdge(t);
  for (let number = 0; number < 25; number += 1) await sendRaw(url, [`GET /${number} HTTP/1.1`, HOST]);
  const { requests, latest } = await statusAt(url);
  assert.deepEqual([requests, latest.length, latest[0].path, latest[19].path], [25, 20, '/24', '/5']);
});

test('the status tells what the cache holds', async (t) => {
  const answer = async () => ({ status: 200, headers: { 'content-length': '2' }, body: 'ok' });
  const { url } = await startEdge(t, { origin: cachedOrigin(answer) });
  for (const path of ['/a', '/a', '/b']) await sendRaw(url, [`GET ${path} HTTP/1.1`, HOST]);
  assert.deepEqual((await statusAt(url)).cache, { hits: 1, misses: 2, objects: 2, bytes: 4 });
});

test('what viewers wrote is escaped in the page, which runs no script', async (t) => {
  const { url } = await startEdge(t, {
    takeNote: () => ({ code: 'allowed', rule: '"><script>', milliseconds: 1 }),
    keySets: () => [
      { provider: "<b>'", from: 'a&b', keys: 1, ageSeconds: 1, trustedUntil: new Date(0), problem: '<i>' },
    ],
  });
  await sendRaw(url, ["GET /<img/src=x>'\" HTTP/1.1", HOST]);
  const response = await fetch(`${url}${STATUS_PATH}`);
  const page = await response.text();
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none';/);
  assert.doesNotMatch(page, /<script|<img|<b>|<i>|a&b/);
  for (const text of ['&#60;img/src=x&#62;&#39;&#34;', '&#34;&#62;&#60;script&#62;', '&#60;b&#62;&#39;', 'a&#38;b', '&#60;i&#62;']) {
    assert.ok(page.includes(text), text);
  }
});

test('a page of a site elsewhere cannot read the status by a name for this machine', async (t) => {
  const { url } = await startEdge(t);
  for (const host of ['evil.example', '127.0.0.1.evil.example', '']) {
    const { status, body } = await sendRaw(url, [`GET ${JSON_PATH} HTTP/1.1`, `Host: ${host}`]);
    assert.deepEqual([status, body.includes('requests')], [403, false], host);
  }
  for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:8080', '[::1]:8080']) {
    assert.equal((await sendRaw(url, [`GET ${JSON_PATH} HTTP/1.1`, `Host: ${host}`])).status, 200, host);
  }
});

test('nothing but GET and HEAD is answered, and other paths go their way', async (t) => {
  const { url, events } = await startEdge(t);
  assert.equal((await fetch(`${url}${STATUS_PATH}`, { method: 'POST' })).status, 405);
  const head = await fetch(`${url}${STATUS_PATH}`, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  assert.equal(events.length, 0);
  for (const path of [`${STATUS_PATH}/`, '/edge-authorizer', `/a${STATUS_PATH}`]) await fetch(`${url}${path}`);
  assert.equal(events.length, 3);
});

test('key sets are those of the configuration, with what the log has said of them', () => {
  const clock = { now: 1_000_000 };
  const log = new KeySetLog(() => clock.now);
  const configuration = {
    providers: {
      pool: { userPoolId: 'us-east-1_A' },
      dev: { issuer: 'https://a.example/', jwksUri: 'https://a.example/jwks' },
      found: { issuer: 'https://b.example/' },
      fixed: { issuer: 'https://c.example/', jwks: { keys: [{}, {}] } },
      hs: { issuer: 'https://d.example/', secret: { file: 's' } },
    },
  };
  const until = '2026-01-01T00:00:00.000Z';
  log.note({ message: 'key set', provider: 'dev', keys: 3, trustedUntil: until });
  log.note({ message: 'decision', provider: 'dev', keys: 9 });
  clock.now += 90_000;
  log.note({ message: 'no key set', provider: 'found', detail: 'status 500' });
  const unknown = { keys: null, ageSeconds: null, trustedUntil: null, problem: null };
  assert.deepEqual(log.statuses(configuration), [
    { ...unknown, provider: 'pool', from: 'user pool us-east-1_A' },
    { provider: 'dev', from: 'https://a.example/jwks', keys: 3, ageSeconds: 90, trustedUntil: new Date(until), problem: null },
    { ...unknown, provider: 'found', from: 'what https://b.example/ names', problem: 'status 500' },
    { ...unknown, provider: 'fixed', from: 'the configuration', keys: 2 },
  ]);
  const later = '2026-01-02T00:00:00.000Z';
  log.note({ message: 'no key set', provider: 'dev', detail: 'timed out', trustedUntil: later });
  const [, dev] = log.statuses(configuration);
  assert.deepEqual([dev?.keys, dev?.ageSeconds, dev?.trustedUntil, dev?.problem], [3, 90, new Date(later), 'timed out']);
});
