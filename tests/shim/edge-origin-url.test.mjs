import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { listen, stop } from '../../www-shim/edge/listen.mjs';
import { urlOrigin } from '../../www-shim/edge/origin-url.mjs';
import { startEdge } from './support/local-edge.mjs';
import { sendRaw } from './support/raw-http.mjs';

/**
 * @param {import('node:test').TestContext} t
 * @param {import('node:http').RequestListener} listener
 */
async function startUpstream(t, listener) {
  const server = createServer(listener);
  t.after(() => stop(server, 0));
  return listen(server, 0);
}

/** @param {string} url */
function originOf(url) {
  const origin = urlOrigin(url);
  return {
    origin: async (/** @type {Parameters<typeof origin>[0]} */ request) => ({
      ...(await origin(request)),
      cache: /** @type {const} */ ('Miss'),
    }),
  };
}

test('the upstream gets the bytes of path and query, and its own host', async (t) => {
  const upstream = await startUpstream(t, (request, response) => {
    response.setHeader('x-seen', `${request.url} ${request.headers.host}`);
    response.setHeader('x-headers', JSON.stringify(request.headers));
    response.statusCode = 203;
    response.end('from upstream');
  });
  const { url } = await startEdge(t, originOf(`${upstream}/prefix/`));
  const answer = await sendRaw(url, [
    'GET /a//%2e%2E/%C3%A9?b=%20&c HTTP/1.1',
    'Host: images.example',
    'X-A: 1',
    'X-A: 2',
  ]);
  assert.deepEqual([answer.status, answer.body.includes('from upstream')], [203, true]);
  const host = new URL(upstream).host;
  assert.equal(answer.headers['x-seen'], `/prefix/a//%2e%2E/%C3%A9?b=%20&c ${host}`);
  const seen = JSON.parse(answer.headers['x-headers'] ?? '');
  assert.equal(seen['x-a'], '1, 2');
  assert.equal(seen['x-forwarded-for'], '127.0.0.1');
});

test('a body is streamed to the upstream', async (t) => {
  const upstream = await startUpstream(t, async (request, response) => {
    response.end(`${request.method} ${await text(request)}`);
  });
  const { url } = await startEdge(t, originOf(upstream));
  const sized = await fetch(`${url}/a`, { method: 'PUT', body: 'sized' });
  assert.equal(await sized.text(), 'PUT sized');
  const chunked = await fetch(`${url}/a`, {
    method: 'POST',
    body: new Blob(['in ', 'chunks']).stream(),
    duplex: 'half',
  });
  assert.equal(await chunked.text(), 'POST in chunks');
});

test('a redirect goes to the viewer', async (t) => {
  const upstream = await startUpstream(t, (_, response) => {
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const { url } = await startEdge(t, originOf(upstream));
  const answer = await fetch(url, { redirect: 'manual' });
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/elsewhere']);
});

test('an upstream that is not there is a 502', async (t) => {
  const upstream = await startUpstream(t, (_, response) => response.destroy());
  const { url } = await startEdge(t, originOf(upstream));
  const answer = await fetch(url);
  assert.equal(answer.status, 502);
  assert.match(await answer.text(), /the origin did not answer/);
});

for (const text of ['ftp://a/', 'nonsense', 'http://user@a/', 'http://a/?b', 'http://a/#b']) {
  test(`${text} is not an origin`, () => {
    assert.throws(() => urlOrigin(text), /^Error: origin `/);
  });
}
