// Requests that the handler of the unpacked zip signs, to a server that speaks S3: what viewers can make of them by the query.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { originEvent, signingConfiguration } from '../shim/support/origin-event.mjs';
import { sendAsCloudFront } from '../shim/support/origin-send.mjs';
import { startHandler } from '../shim/support/shipped-handler.mjs';
import { BUCKET, skip, startS3 } from './s3-server.mjs';

const PICTURE = '<script>alert(1)</script>, uploaded as a picture';

/** @type {Awaited<ReturnType<typeof startS3>>} */
let s3;

before(async () => {
  if (skip === false) s3 = await startS3();
});

after(() => s3?.stop());

/** @param {Record<string, unknown>} [sign] more of `forward.sign` */
async function start(sign = {}) {
  s3.store('a.png', PICTURE);
  const signing = { service: 's3', region: 'us-east-1', cloudfrontRequestId: true, ...sign };
  const handler = await startHandler({ configuration: signingConfiguration(signing) });
  // The server checks the time against its own clock.
  handler.clock.now = Math.floor(Date.now() / 1000);

  return async (/** @type {string} */ method, /** @type {string} */ querystring, body = '') => {
    const headers = { 'content-length': String(Buffer.byteLength(body)) };
    const origin = /** @type {const} */ ({ port: s3.port, protocol: 'http', path: `/${BUCKET}` });
    const event = originEvent('/a.png', { ...origin, method, querystring, headers, body });
    const { forwarded, result, record } = await handler.sendEvent(event);
    if (forwarded) return sendAsCloudFront(result, body);
    return { status: Number(result.status), text: record?.code ?? '', headers: /** @type {import('node:http').IncomingHttpHeaders} */ ({}) };
  };
}

test('as a control: with the whole query the role does what viewers ask for', { skip }, async () => {
  const send = await start({ query: null });
  assert.match((await send('GET', 'acl')).text, /<Error>/);
  assert.equal((await send('GET', 'response-content-type=text/html')).headers['content-type'], 'text/html');
  assert.match((await send('POST', 'uploads')).text, /<UploadId>/);
});

test('threat 67: no query makes another operation of a GET, or another type of its answer', { skip }, async () => {
  const send = await start();
  const plain = await send('GET', '');
  assert.deepEqual([plain.status, plain.text], [200, PICTURE]);
  for (const query of ['acl', 'tagging', 'uploads', 'uploadId=1', '%61cl', 'attributes', 'versionId=1', 'response-content-type=text/html', 'v=3']) {
    const { status, text, headers } = await send('GET', query);
    assert.deepEqual([status, text, headers['content-type']], [200, PICTURE, plain.headers['content-type']], query);
  }
});

test('threat 67: a query makes nothing else of a request that writes', { skip }, async () => {
  const send = await start();
  for (const [method, query] of [['PUT', 'tagging'], ['PUT', 'acl'], ['POST', 'uploads'], ['POST', 'delete'], ['DELETE', 'tagging']]) {
    const { status, text } = await send(String(method), String(query), '<Tagging/>');
    assert.deepEqual([status, text], [400, 'request_malformed'], `${method} ${query}`);
  }
  assert.equal(String(s3.stored('a.png')), PICTURE);
  assert.equal((await send('PUT', '', 'another')).status, 200);
  assert.equal(String(s3.stored('a.png')), 'another');
});

test('what is named goes to S3', { skip }, async () => {
  const send = await start({ query: 'response-content-type' });
  assert.equal((await send('GET', 'response-content-type=text/plain&acl')).headers['content-type'], 'text/plain');
});
