import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, startEdge } from './support/local-edge.mjs';
import { sendRaw } from './support/raw-http.mjs';

/**
 * @param {import('node:test').TestContext} t
 * @param {string | string[]} lines
 */
async function eventOf(t, lines) {
  const { url, events } = await startEdge(t);
  const answer = await sendRaw(url, lines);
  assert.equal(answer.status, 200, answer.body);
  assert.equal(events.length, 1);
  const [event] = events;
  if (!event) throw new Error('no event');
  return event;
}

test('a request becomes a viewer-request event of the documented shape', async (t) => {
  const event = await eventOf(t, ['GET /a/b.png?x=1&y=2 HTTP/1.1', 'Host: a.example', 'X-A: 1']);
  const [record] = event.Records;
  const { requestId, ...config } = record?.cf.config ?? { requestId: '' };
  assert.match(requestId, /^[\w-]{54}==$/);
  assert.deepEqual(config, {
    distributionDomainName: 'localedge.cloudfront.net',
    distributionId: 'ELOCALEDGE',
    eventType: 'viewer-request',
  });
  assert.deepEqual(requestOf(event), {
    clientIp: '127.0.0.1',
    headers: {
      host: [{ key: 'Host', value: 'a.example' }],
      'x-a': [{ key: 'X-A', value: '1' }],
    },
    method: 'GET',
    querystring: 'x=1&y=2',
    uri: '/a/b.png',
  });
});

for (const [target, uri, querystring] of [
  ['/', '/', ''],
  ['/?', '/', ''],
  ['/a//b/../c/./d', '/a//b/../c/./d', ''],
  ['/%2e%2E/%2f%5C%00', '/%2e%2E/%2f%5C%00', ''],
  ['/a%20b/%C3%A9/%e6%97%a5', '/a%20b/%C3%A9/%e6%97%a5', ''],
  ['/a\\b;p=1', '/a\\b;p=1', ''],
  ['/a?b?c=%20&&d', '/a', 'b?c=%20&&d'],
  ['//host/path', '//host/path', ''],
  ['http://other.example/a/../b?c', '/a/../b', 'c'],
  ['http://other.example', '/', ''],
  ['http://other.example?c', '/', 'c'],
]) {
  test(`target ${target} keeps its bytes`, async (t) => {
    const request = requestOf(await eventOf(t, [`GET ${target} HTTP/1.1`, 'Host: a']));
    assert.deepEqual([request.uri, request.querystring], [uri, querystring]);
  });
}

test('every repetition of a header is an entry of its own', async (t) => {
  const event = await eventOf(t, [
    'GET / HTTP/1.1',
    'Host: a',
    'Cookie: token=1',
    'cookie: token=2',
    'AUTHORIZATION: Bearer 1',
    'Authorization: Bearer 2',
  ]);
  const { headers } = requestOf(event);
  assert.deepEqual(headers.cookie, [
    { key: 'Cookie', value: 'token=1' },
    { key: 'cookie', value: 'token=2' },
  ]);
  assert.deepEqual(headers.authorization, [
    { key: 'AUTHORIZATION', value: 'Bearer 1' },
    { key: 'Authorization', value: 'Bearer 2' },
  ]);
});

test('more headers than Node.js keeps by default are all in the event', async (t) => {
  const many = Array.from({ length: 2500 }, (_, index) => `a:${index % 10}`);
  const { headers } = requestOf(await eventOf(t, ['GET / HTTP/1.1', 'Host: a', ...many]));
  assert.equal(headers.a?.length, 2500);
});

test('disallowed headers are not shown to the function', async (t) => {
  const event = await eventOf(t, [
    'GET / HTTP/1.1',
    'Host: a',
    'X-Real-IP: 1.2.3.4',
    'X-Amz-Cf-Id: forged',
    'X-Edge-Location: forged',
    'Upgrade: websocket',
    'CloudFront-Viewer-Country: forged',
  ]);
  const names = Object.keys(requestOf(event).headers).sort();
  assert.deepEqual(names, ['cloudfront-viewer-country', 'host']);
});

test('a header named like an object property is a header', async (t) => {
  const event = await eventOf(t, ['GET / HTTP/1.1', 'Host: a', '__proto__: x', 'constructor: y']);
  assert.deepEqual(Object.keys(requestOf(event).headers).sort(), [
    '__proto__',
    'constructor',
    'host',
  ]);
});
