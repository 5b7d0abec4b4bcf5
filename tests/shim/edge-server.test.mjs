import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, startEdge } from './support/local-edge.mjs';
import { sendRaw } from './support/raw-http.mjs';

/** @typedef {import('../../www-shim/edge/types.d.ts').FunctionEvent} FunctionEvent */

const HOST = 'Host: images.example';

test('a returned request goes to the origin as the function edited it', async (t) => {
  const { url, events, originRequests } = await startEdge(t, {
    handler: (event) => {
      const request = requestOf(event);
      request.uri = '/edited%20path';
      request.querystring = 'kept=1';
      request.headers['x-user'] = [{ key: 'X-User', value: 'alice' }];
      return request;
    },
  });
  const { status, headers, body } = await sendRaw(url, [
    'GET /path?token=secret HTTP/1.1',
    HOST,
    'Authorization: Bearer opaque',
    'X-Forwarded-For: 198.51.100.7',
    'Accept-Encoding: gzip',
  ]);
  assert.deepEqual([status, headers['x-cache'], body], [200, 'Miss from local edge', 'ok']);
  assert.deepEqual(originRequests, [
    {
      method: 'GET',
      uri: '/edited%20path',
      querystring: 'kept=1',
      headers: {
        'x-user': [{ key: 'X-User', value: 'alice' }],
        'x-forwarded-for': [
          { key: 'X-Forwarded-For', value: '198.51.100.7' },
          { value: '127.0.0.1' },
        ],
        via: [{ value: '1.1 localedge.cloudfront.net (local edge)' }],
      },
      body: null,
      clientIp: '127.0.0.1',
      requestId: events[0]?.Records[0]?.cf.config.requestId,
    },
  ]);
});

test('Authorization reaches the origin only where that was asked for', async (t) => {
  const { url, originRequests } = await startEdge(t, { forwardAuthorization: true });
  await sendRaw(url, ['GET / HTTP/1.1', HOST, 'Authorization: Bearer opaque']);
  assert.deepEqual(originRequests[0]?.headers.authorization, [
    { key: 'Authorization', value: 'Bearer opaque' },
  ]);
});

test('a generated response goes to the viewer, and the origin is not asked', async (t) => {
  const { url, originRequests } = await startEdge(t, {
    handler: () => ({
      status: '401',
      statusDescription: 'Not You',
      headers: {
        'www-authenticate': [{ key: 'WWW-Authenticate', value: 'Bearer' }],
        'set-cookie': [{ value: 'a=1' }, { value: 'b=2' }],
      },
      body: Buffer.from('say who you are').toString('base64'),
      bodyEncoding: 'base64',
    }),
  });
  const response = await fetch(url);
  assert.deepEqual([response.status, response.statusText], [401, 'Not You']);
  assert.equal(response.headers.get('www-authenticate'), 'Bearer');
  assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.equal(response.headers.get('x-cache'), 'LambdaGeneratedResponse from local edge');
  assert.equal(await response.text(), 'say who you are');
  assert.deepEqual(originRequests, []);
});

test('a HEAD request gets a generated response without its body', async (t) => {
  const { url } = await startEdge(t, { handler: () => ({ status: '403', body: 'no' }) });
  const { status, body } = await sendRaw(url, ['HEAD / HTTP/1.1', HOST]);
  assert.deepEqual([status, body], [403, '']);
});

test('an invalid answer is a 502 that says why, on the page and in the log', async (t) => {
  const { url, lines, originRequests } = await startEdge(t, {
    handler: (event) => {
      const request = requestOf(event);
      request.method = 'POST';
      delete request.headers.host;
      return request;
    },
  });
  const { status, headers, body } = await sendRaw(url, ['GET / HTTP/1.1', HOST]);
  assert.deepEqual([status, headers['x-cache']], [502, 'LambdaValidationError from local edge']);
  assert.match(body, /`method` is read-only: it was `"GET"` and became `"POST"`/);
  assert.match(body, /header `host` is read-only/);
  assert.match(lines.join('\n'), /502: `method` is read-only/);
  assert.deepEqual(originRequests, []);
});

test('what is lost on the way through JSON is lost', async (t) => {
  const { url } = await startEdge(t, { handler: () => ({ status: undefined }) });
  const { status, body } = await sendRaw(url, ['GET / HTTP/1.1', HOST]);
  assert.equal(status, 502);
  assert.match(body, /`method` is read-only/);
});

for (const [title, handler] of /** @type {[string, () => unknown][]} */ ([
  ['throws', () => JSON.parse('broken')],
  ['rejects', () => Promise.reject(new TypeError('broken'))],
  ['returns what JSON cannot hold', () => ({ status: 10n, why: 'broken' })],
])) {
  test(`a handler that ${title} is a 503, and the edge goes on`, async (t) => {
    let isBroken = true;
    const { url, originRequests } = await startEdge(t, {
      handler: (event) => (isBroken ? handler() : requestOf(event)),
    });
    const first = await sendRaw(url, ['GET / HTTP/1.1', HOST]);
    assert.deepEqual([first.status, originRequests.length], [503, 0]);
    assert.equal(first.headers['x-cache'], 'LambdaExecutionError from local edge');
    isBroken = false;
    assert.equal((await sendRaw(url, ['GET / HTTP/1.1', HOST])).status, 200);
  });
}

/** @type {[string, string[], string, number, RegExp][]} */
const REFUSED = [
  ['GET with a body', ['GET / HTTP/1.1', HOST, 'Content-Length: 1'], 'x', 403, /GET .* a body/],
  ['chunks', ['GET / HTTP/1.1', HOST, 'Transfer-Encoding: chunked'], '0\r\n\r\n', 403, /GET/],
  ['a method that CloudFront lacks', ['PROPFIND / HTTP/1.1', HOST], '', 403, /`PROPFIND`/],
  ['the target *', ['OPTIONS * HTTP/1.1', HOST], '', 400, /must begin with/],
  ['a raw space', ['GET /a b HTTP/1.1', HOST], '', 400, /percent-encoded/],
  ['a raw é', ['GET /\xc3\xa9 HTTP/1.1', HOST], '', 400, /percent-encoded/],
  ['no host', ['GET / HTTP/1.1'], '', 400, /^/],
  ['headers of 70 KB', ['GET / HTTP/1.1', HOST, `A: ${'a'.repeat(70_000)}`], '', 413, /longer/],
];
for (const [title, lines, body, status, explanation] of REFUSED) {
  test(`refused before the function: ${title}`, async (t) => {
    const { url, events } = await startEdge(t);
    const answer = await sendRaw(url, lines, body);
    assert.equal(answer.status, status);
    assert.match(answer.body, explanation);
    assert.deepEqual(events, []);
  });
}

test('a URL of 8,192 bytes is served, a longer one is refused', async (t) => {
  const { url, events } = await startEdge(t);
  const path = `/${'a'.repeat(8_192 - 'https://images.example/'.length)}`;
  assert.equal((await sendRaw(url, [`GET ${path} HTTP/1.1`, HOST])).status, 200);
  const { status, body } = await sendRaw(url, [`GET ${path}a HTTP/1.1`, HOST]);
  assert.equal(status, 413);
  assert.match(body, /the URL has 8193 bytes; the limit is 8192/);
  assert.equal(events.length, 1);
});

test('a request of 20,480 bytes is served, a longer one is refused', async (t) => {
  const { url, events } = await startEdge(t);
  const rest = ['GET / HTTP/1.1', HOST, 'A: ', 'Connection: close', '', ''].join('\r\n').length;
  const value = 'a'.repeat(20_480 - rest);
  assert.equal((await sendRaw(url, ['GET / HTTP/1.1', HOST, `A: ${value}`])).status, 200);
  const { status, body } = await sendRaw(url, ['GET / HTTP/1.1', HOST, `A: ${value}a`]);
  assert.equal(status, 413);
  assert.match(body, /the request has 20481 bytes; the limit is 20480/);
  assert.equal(events.length, 1);
});

test('an origin that fails is a 502', async (t) => {
  const { url } = await startEdge(t, { origin: () => Promise.reject(new Error('gone')) });
  const { status, body } = await sendRaw(url, ['GET / HTTP/1.1', HOST]);
  assert.equal(status, 502);
  assert.match(body, /the origin did not answer: Error: gone/);
});

test('a request is one line in the log, without its query or a token', async (t) => {
  const { url, lines } = await startEdge(t, {
    takeNote: () => ({ code: 'allowed', rule: 'own-files', milliseconds: 1.2344 }),
  });
  await sendRaw(url, ['GET /a.png?token=secret HTTP/1.1', HOST, 'Authorization: Bearer secret']);
  assert.equal(lines.length, 1);
  const [time, ...parts] = (lines[0] ?? '').split(/ {2,}/);
  assert.match(time ?? '', /^\d\d:\d\d:\d\d$/);
  assert.deepEqual(parts, ['GET', '/a.png?…', '200', 'allowed', '1,234 µs', 'rule own-files, cache miss']);
});
