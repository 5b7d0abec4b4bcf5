// Image frames of AWS HealthImaging that the function fetches itself, from a server that checks signatures.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { validateOriginRequestResult } from '../../www-shim/edge/validate.mjs';
import { NOW, originEvent, signingConfiguration } from './support/origin-event.mjs';
import { assertRefused, startHandler } from './support/shipped-handler.mjs';
import { ROLE, startVerifier } from './support/sigv4-server.mjs';

/** @typedef {import('./support/sigv4-server.mjs').Verifier['answer']} Answer */

const [STORE, SET, FRAME] = ['a', '1', 'z'].map((letter) => letter.repeat(32));
const PATH = `/runtime/datastore/${STORE}/imageset/${SET}/imageframe/${FRAME}`;
const PATTERN = '/runtime/datastore/{datastoreId}/imageset/{imageSetId}/imageframe/{imageFrameId}';

beforeEach(() => Object.assign(process.env, ROLE));
afterEach(() => Object.keys(ROLE).forEach((name) => delete process.env[name]));

/**
 * @param {import('node:test').TestContext} t
 * @param {Answer} answer of AWS HealthImaging
 */
async function startFrames(t, answer) {
  const service = 'medical-imaging';
  const verifier = await startVerifier(t, { service, region: 'us-east-1', now: NOW, answer });
  const sign = { service, region: 'us-east-1', imageFramePath: PATTERN };
  const handler = await startHandler({ configuration: signingConfiguration(sign) });
  const ask = async (uri = PATH, method = 'GET', port = verifier.port) => {
    const event = originEvent(uri, { port, protocol: 'http', method });
    const original = structuredClone(event.Records[0]?.cf.request);
    const answer = await handler.sendEvent(event);
    assert.deepEqual(validateOriginRequestResult(/** @type {any} */ (original), answer.result), []);
    return answer;
  };
  return { ask, verifier, ...handler };
}

/** @type {(bytes: Buffer, status?: number) => Answer} */
function answering(bytes, status = 200) {
  return (_request, _body, response) => {
    response.writeHead(status, { 'content-type': 'application/octet-stream' }).end(bytes);
  };
}

test('a GET is answered with the frame that a signed POST brings', async (t) => {
  const bytes = Buffer.from([0xff, 0x4f, 0xff, 0x51, 0, 1, 2]);
  const { ask, verifier } = await startFrames(t, answering(bytes));
  for (const method of ['GET', 'HEAD']) {
    const { result, record } = await ask(PATH, method);
    assert.equal(result.status, '200');
    assert.equal(result.bodyEncoding, 'base64');
    assert.deepEqual(Buffer.from(result.body, 'base64'), bytes);
    assert.deepEqual(result.headers['content-type'][0].value, 'application/octet-stream');
    assert.equal(result.headers['cache-control'][0].value, 'max-age=86400');
    assert.equal(record?.code, 'generated');
    assert.equal(record?.level, 'debug');
  }
  const [received] = verifier.requests;
  assert.equal(received?.method, 'POST');
  assert.equal(received?.url, `/datastore/${STORE}/imageSet/${SET}/getImageFrame`);
  assert.deepEqual(JSON.parse(String(received?.body)), { imageFrameId: FRAME });
});

test('the largest frame that CloudFront takes is answered, a larger one is a 502 of ours', async (t) => {
  let size = 0;
  const { ask } = await startFrames(t, (request, body, response) => {
    answering(Buffer.alloc(size, 7))?.(request, body, response);
  });
  // Base64 takes four characters for three bytes, and 4 KB are left for headers.
  size = ((1024 * 1024 - 4096) / 4) * 3;
  assert.equal((await ask()).result.status, '200');
  size += 1;
  assertRefused(await ask(), 'origin_failed', 502);
  size = 1024 * 1024 + 1;
  assertRefused(await ask(), 'origin_failed', 502);
});

/** @type {[string, Answer, string, number][]} */
const FAILURES = [
  ['404', answering(Buffer.from('{}'), 404), 'not_found', 404],
  ['400', answering(Buffer.from('{}'), 400), 'origin_failed', 502],
  ['500', answering(Buffer.from('{}'), 500), 'origin_failed', 502],
  ['a redirect', (_, __, response) => response.writeHead(302, { location: '/x' }).end(), 'origin_failed', 502],
  ['403', answering(Buffer.from('{"message":"not allowed"}'), 403), 'origin_failed', 502],
  [
    '403 for expired credentials',
    answering(Buffer.from('{"message":"The security token included in the request is expired"}'), 403),
    'secrets_unavailable',
    503,
  ],
  ['a broken connection', (_, __, response) => response.destroy(), 'origin_failed', 502],
];

for (const [name, answer, code, status] of FAILURES) {
  test(`AWS HealthImaging answers with ${name}`, async (t) => {
    const { ask, log } = await startFrames(t, answer);
    assertRefused(await ask(), code, status);
    const isSilent = name === 'a broken connection';
    assert.equal(log.entriesOf('nothing fetched').length, isSilent ? 1 : 0);
  });
}

test('nobody there is a 502, and without credentials nobody is asked', async (t) => {
  const { ask, verifier } = await startFrames(t, answering(Buffer.from('x')));
  assertRefused(await ask(PATH, 'GET', 1), 'origin_failed', 502);
  delete process.env.AWS_SECRET_ACCESS_KEY;
  assertRefused(await ask(), 'secrets_unavailable', 503);
  assert.equal(verifier.requests.length, 0);
});

test('ids that are none are refused before anybody is asked', async (t) => {
  const { ask, verifier } = await startFrames(t, answering(Buffer.from('x')));
  for (const id of ['A'.repeat(32), 'a'.repeat(31), '%22'.repeat(10), '..']) {
    assertRefused(await ask(PATH.replace(String(STORE), id)), 'request_malformed', 400);
  }
  assert.equal(verifier.requests.length, 0);
});
