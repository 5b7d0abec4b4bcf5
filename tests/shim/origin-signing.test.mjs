// Requests on their way to the origin, signed by the handler of the zip, and sent as CloudFront would to a server that
// checks signatures.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { validateOriginRequestResult } from '../../www-shim/edge/validate.mjs';
import { NOW, originEvent, signingConfiguration } from './support/origin-event.mjs';
import { sendAsCloudFront } from './support/origin-send.mjs';
import { assertRefused, startHandler } from './support/shipped-handler.mjs';
import { ROLE, startVerifier } from './support/sigv4-server.mjs';

/** @typedef {import('./support/origin-event.mjs').OriginParts} OriginParts */

const REGION = 'eu-central-1';

beforeEach(() => Object.assign(process.env, ROLE));
afterEach(() => {
  for (const name of [...Object.keys(ROLE), 'AWS_CREDENTIAL_EXPIRATION']) delete process.env[name];
});

/**
 * A handler, and a server for a service that takes what the handler signed.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} service
 * @param {Record<string, unknown>} [sign] more of `forward.sign`
 * @param {import('./support/sigv4-server.mjs').Verifier['answer']} [answer]
 */
async function startSigned(t, service, sign = {}, answer) {
  const verifier = await startVerifier(t, { service, region: REGION, now: NOW, ...(answer ? { answer } : {}) });
  const handler = await startHandler({ configuration: signingConfiguration({ service, region: REGION, ...sign }) });
  for (const secret of [ROLE.AWS_SECRET_ACCESS_KEY, ROLE.AWS_SESSION_TOKEN]) handler.log.mustNotTellToken(secret);

  /** @type {(uri: string, parts?: OriginParts) => Promise<import('./support/shipped-handler.mjs').Answer>} */
  const decide = async (uri, parts = {}) => {
    const event = originEvent(uri, { port: verifier.port, protocol: 'http', ...parts });
    const original = structuredClone(event.Records[0]?.cf.request);
    const answer = await handler.sendEvent(event);
    assert.deepEqual(validateOriginRequestResult(/** @type {any} */ (original), answer.result), []);
    return answer;
  };

  /** @type {(uri: string, parts?: OriginParts) => Promise<string>} what the server says of the signed request */
  const sendSigned = async (uri, parts = {}) => {
    const { forwarded, result, record } = await decide(uri, parts);
    assert.ok(forwarded, `${result.status} ${record?.code} ${record?.detail}`);
    assert.equal(record?.code, 'signed');
    return (await sendAsCloudFront(result, parts.body)).text;
  };
  return { decide, sendSigned, verifier, ...handler };
}

test('Amazon S3 takes GETs as they are signed, whatever is in path and query', async (t) => {
  // CloudFront adds `x-amz-cf-id`, and Amazon S3 wants every header `x-amz-…` signed.
  const { sendSigned, verifier } = await startSigned(t, 's3', { cloudfrontRequestId: true, query: null });
  for (const [uri, querystring] of [
    ['/a.png', ''],
    ['/my%20photo(1).png', ''],
    ['/%C3%A9t%c3%a9/a+b,c@d!$&\'*=:~-_.jpg', 'versionId=a%2Fb&x'],
    ['/a%2Bb/%E6%97%A5/', 'b=2&a=1&a=0&empty=&c=x+y'],
    ['/photo[1]^|.png', "response-content-disposition=attachment;%20filename='a'"],
    ['/...', '%7e=~&%C3%A9=1,2'],
  ]) {
    assert.equal(await sendSigned(String(uri), { querystring }), 'verified', `${uri}?${querystring}`);
  }
  assert.equal(verifier.requests.length, 6);
});

test('threat 67: what S3 would take for another operation is not signed', async (t) => {
  const { decide, sendSigned, verifier } = await startSigned(t, 's3', { cloudfrontRequestId: true, query: 'versionId' });
  for (const method of ['GET', 'HEAD']) {
    for (const querystring of ['acl', '%61cl=', 'response-content-type=text/html&versionId=1', 'X-Amz-Expires=9&uploads&v=3']) {
      assert.match(await sendSigned('/a.png', { method, querystring }), /^(?:verified)?$/, querystring);
    }
  }
  const sent = new Set(verifier.requests.map(({ url, problem }) => `${url} ${problem ?? 'verified'}`));
  assert.deepEqual([...sent], ['/a.png verified', '/a.png?versionId=1 verified']);

  for (const [method, querystring] of [['PUT', 'tagging'], ['POST', 'uploads'], ['DELETE', 'versionId=1&acl'], ['PUT', 'v=3']]) {
    assertRefused(await decide('/a.png', { method: String(method), querystring: String(querystring) }), 'request_malformed', 400);
  }
  assert.equal(verifier.requests.length, 8);
});

test('a server that checks signatures refuses what was changed afterwards', async (t) => {
  const { decide, verifier } = await startSigned(t, 'lambda');
  const { result } = await decide('/a', { querystring: 'b=1', headers: { accept: 'text/plain' } });
  for (const change of [{ uri: '/b' }, { querystring: 'b=2' }, { method: 'DELETE' }]) {
    const changed = { ...structuredClone(result), ...change };
    delete changed.headers['x-amz-cf-id'];
    assert.notEqual((await sendAsCloudFront(changed)).text, 'verified', JSON.stringify(change));
  }
  assert.equal(verifier.requests.length, 3);
});

test('an AWS Lambda function URL takes GETs and POSTs with their body', async (t) => {
  const { sendSigned, verifier } = await startSigned(t, 'lambda', { cloudfrontRequestId: true });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': '13' };
  const body = '{"a":"\u{e9}"}\r\n\0';
  headers['content-length'] = String(Buffer.byteLength(body));
  assert.equal(await sendSigned('/api/x%20y', { querystring: 'q=%C3%A9+1' }), 'verified');
  assert.equal(await sendSigned('/api', { method: 'POST', headers, body }), 'verified');
  assert.deepEqual(verifier.requests.map((request) => request.body), ['', body]);
});

test('AWS HealthImaging: the preview path, DICOMweb with commas, and a POST pass through', async (t) => {
  const sign = { cloudfrontRequestId: true };
  const { sendSigned } = await startSigned(t, 'medical-imaging', sign);
  const [store, set, frame] = ['a', '1', 'z'].map((letter) => letter.repeat(32));
  const preview = `/runtime/datastore/${store}/imageset/${set}/imageframe/${frame}`;
  assert.equal(await sendSigned(preview), 'verified');
  const dicomWeb = `/datastore/${store}/studies/1.2/series/1.3/instances/1.4/frames/1,2`;
  const headers = { accept: 'multipart/related; type="application/octet-stream"' };
  assert.equal(await sendSigned(dicomWeb, { querystring: `imageSetId=${set},x`, headers }), 'verified');
  const body = `{"imageFrameId":"${frame}"}`;
  const length = { 'content-type': 'application/json', 'content-length': String(body.length) };
  const path = `/datastore/${store}/imageSet/${set}/getImageFrame`;
  assert.equal(await sendSigned(path, { method: 'POST', headers: length, body }), 'verified');
});

test('what the viewer sends as a signature does not reach the origin', async (t) => {
  const { sendSigned, verifier } = await startSigned(t, 's3', { cloudfrontRequestId: true });
  const headers = {
    Authorization: 'AWS4-HMAC-SHA256 Credential=theirs',
    'X-Amz-Date': '20200101T000000Z',
    'X-Amz-Security-Token': 'theirs',
    'X-Amz-Acl': 'public-read',
    'X-Amz-Copy-Source': '/other/key',
  };
  assert.equal(await sendSigned('/a', { headers }), 'verified');
  const [received] = verifier.requests;
  assert.equal(received?.headers['x-amz-acl'], undefined);
  assert.equal(received?.headers['x-amz-copy-source'], undefined);
  assert.doesNotMatch(String(received?.headers.authorization), /theirs/);
});

test('the path of the origin is signed, and the query is sent as it is signed', async (t) => {
  const { sendSigned, verifier } = await startSigned(t, 's3', { cloudfrontRequestId: true, query: ['x', 'y'] });
  assert.equal(await sendSigned('/b+c.png', { path: '/bucket', querystring: 'x=1,2&&y' }), 'verified');
  assert.equal(verifier.requests[0]?.url, '/bucket/b%20c.png?x=1%2C2&y');
});

for (const missing of Object.keys(ROLE).slice(0, 2)) {
  test(`without ${missing} nothing goes to the origin`, async (t) => {
    const { decide, verifier } = await startSigned(t, 's3');
    delete process.env[missing];
    assertRefused(await decide('/a'), 'secrets_unavailable', 503);
    process.env[missing] = '';
    assertRefused(await decide('/a'), 'secrets_unavailable', 503);
    assert.equal(verifier.requests.length, 0);
  });
}

test('with credentials that have expired nothing goes to the origin', async (t) => {
  const { decide, log } = await startSigned(t, 's3');
  const date = (/** @type {number} */ seconds) => new Date(seconds * 1000).toISOString();
  for (const expiration of [date(NOW), date(NOW - 1), 'tomorrow']) {
    process.env.AWS_CREDENTIAL_EXPIRATION = expiration;
    assertRefused(await decide('/a'), 'secrets_unavailable', 503);
  }
  assert.match(log.last('decision').detail, /credentials of the function's role have expired/);
  assert.equal(log.last('decision').level, 'error');
  process.env.AWS_CREDENTIAL_EXPIRATION = date(NOW + 1);
  assert.ok((await decide('/a')).forwarded);
});

test('a body that is not there whole is refused, not signed', async (t) => {
  const { decide, sendEvent } = await startSigned(t, 'lambda');
  const post = { method: 'POST', headers: { 'content-length': '2000000' } };
  assertRefused(await decide('/a', { ...post, body: 'x', inputTruncated: true }), 'body_too_large', 413);
  assertRefused(await decide('/a', post), 'internal', 503);
  // What does not say that it is whole is not.
  const event = originEvent('/a', { ...post, body: 'x' });
  const { body } = /** @type {any} */ (event.Records[0]?.cf.request);
  delete body.inputTruncated;
  assertRefused(await sendEvent(event), 'body_too_large', 413);
});

test('threat 45: a configuration that does not sign refuses origin-request, as before', async () => {
  const configuration = { ...signingConfiguration({}), forward: {} };
  const { sendEvent, log } = await startHandler({ configuration });
  assertRefused(await sendEvent(originEvent('/a')), 'internal', 503);
  assert.match(log.last('decision').detail, /associate the function with `viewer-request`/);
});

test('an event without an origin to sign for is refused', async (t) => {
  const { sendEvent } = await startSigned(t, 's3');
  for (const origin of [undefined, {}, { s3: { domainName: 'b', path: '', authMethod: 'origin-access-identity' } }]) {
    const event = originEvent('/a');
    /** @type {any} */ (event.Records[0]?.cf.request).origin = origin;
    assertRefused(await sendEvent(event), 'internal', 503);
  }
  const event = originEvent('/a');
  const s3 = { domainName: 'bucket.s3.eu-central-1.amazonaws.com', path: '', authMethod: 'none', region: REGION };
  /** @type {any} */ (event.Records[0]?.cf.request).origin = { s3 };
  assert.ok((await sendEvent(event)).forwarded);
});

test('viewer-request stays as it is', async (t) => {
  const { send } = await startSigned(t, 's3');
  const { forwarded, result } = await send('/a');
  assert.ok(forwarded);
  assert.equal(result.headers.authorization, undefined);
});
