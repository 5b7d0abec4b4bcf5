import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateOriginRequestResult } from '../../www-shim/edge/validate.mjs';
import { originEvent } from './support/origin-event.mjs';

/** @typedef {import('../../www-shim/edge/types.d.ts').CloudFrontRequest} CloudFrontRequest */

/** @returns {any} */
function originRequest() {
  const headers = { 'Accept-Encoding': 'gzip', 'If-None-Match': '"1"', Authorization: 'Bearer x' };
  return originEvent('/a.png', { headers, body: 'x', method: 'POST' }).Records[0]?.cf.request;
}

/** @type {(result: unknown) => string[]} */
const problemsOf = (result) => validateOriginRequestResult(originRequest(), result);

test('what CloudFront accepts at origin-request has no problems', () => {
  const edited = originRequest();
  Object.assign(edited, { uri: '/b%20c.png', querystring: 'a=1' });
  edited.headers.host = [{ key: 'Host', value: 'bucket.example' }];
  edited.headers['x-amz-date'] = [{ value: '20260101T000000Z' }];
  delete edited.headers.authorization;
  edited.origin.custom.path = '/other';
  for (const result of [originRequest(), edited, { status: '200', body: 'x'.repeat(1024 * 1024) }]) {
    assert.deepEqual(problemsOf(result), []);
  }
});

const READ_ONLY = [
  'accept-encoding',
  'cdn-loop',
  'content-length',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'transfer-encoding',
  'via',
];

for (const name of READ_ONLY) {
  test(`refused at origin-request: the read-only header ${name} changed or removed`, () => {
    const changed = originRequest();
    changed.headers[name] = [{ value: 'changed' }];
    const problem = `header \`${name}\` is read-only at origin-request`;
    assert.deepEqual(problemsOf(changed), [problem]);
    const without = originRequest();
    const had = delete without.headers[name] && name in originRequest().headers;
    assert.deepEqual(problemsOf(without), had ? [problem] : []);
  });
}

/** @type {[string, (request: any) => void, RegExp][]} */
const REFUSED = [
  ['another method', (request) => (request.method = 'GET'), /`method` is read-only/],
  ['no origin', (request) => delete request.origin, /`origin` is missing/],
  ['a disallowed header', (request) => (request.headers['x-amz-cf-id'] = [{ value: 'x' }]), /is disallowed/],
  [
    'a header that the origin has as a custom one',
    (request) => (request.origin.custom.customHeaders['x-a'] = request.headers['x-a'] = [{ value: '1' }]),
    /`x-a` is among the origin's custom headers/,
  ],
];

for (const [title, edit, problem] of REFUSED) {
  test(`refused at origin-request: ${title}`, () => {
    const request = originRequest();
    edit(request);
    assert.match(problemsOf(request).join('\n'), problem);
  });
}

test('refused at origin-request: a generated response above 1 MB', () => {
  const problems = problemsOf({ status: '200', body: 'x'.repeat(1024 * 1024 + 1) });
  assert.match(problems.join('\n'), /the limit is 1048576/);
});

test('refused at origin-request: a body that the event did not have', () => {
  const original = originEvent('/a.png').Records[0]?.cf.request;
  const problems = validateOriginRequestResult(/** @type {any} */ (original), { ...original, body: {} });
  assert.match(problems.join('\n'), /Include Body/);
});
