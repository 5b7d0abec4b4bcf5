import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateViewerRequestResult } from '../../www-shim/edge/validate.mjs';

/** @typedef {import('../../www-shim/edge/types.d.ts').CloudFrontRequest} CloudFrontRequest */

/** @returns {CloudFrontRequest} */
function viewerRequest() {
  return {
    clientIp: '203.0.113.9',
    method: 'GET',
    uri: '/a.png',
    querystring: 'x=1',
    headers: {
      host: [{ key: 'Host', value: 'images.example' }],
      via: [{ key: 'Via', value: '2.0 proxy' }],
      authorization: [{ key: 'Authorization', value: 'Bearer opaque' }],
    },
  };
}

/** @param {string} value */
const header = (value) => [{ key: undefined, value }];

test('what CloudFront accepts has no problems', () => {
  const edited = viewerRequest();
  delete edited.headers.authorization;
  edited.headers['x-user'] = [{ key: 'X-User', value: 'alice' }];
  edited.uri = '/b%20c.png';
  edited.querystring = '';
  for (const result of [
    viewerRequest(),
    edited,
    { status: '401' },
    { status: 403, statusDescription: 'Forbidden', headers: {}, body: 'no', bodyEncoding: 'text' },
    { status: '200', headers: { a: header('no-store') }, body: 'AAE=', bodyEncoding: 'base64' },
    { status: '204', body: '' },
    { status: '599', body: 'x'.repeat(40 * 1024) },
  ]) {
    assert.deepEqual(validateViewerRequestResult(viewerRequest(), result), []);
  }
});

/** @type {[string, unknown, RegExp][]} */
const REFUSED = [
  ['nothing', undefined, /must return .* not `undefined`/],
  ['null', null, /not `null`/],
  ['an array', [], /not `array`/],
  ['a string', 'forward', /not `string`/],
  ['an API Gateway response', { statusCode: 401 }, /`statusCode` is for API Gateway/],
  ['an empty object', {}, /`method` is read-only/],
  ['another method', { ...viewerRequest(), method: 'POST' }, /`method` is read-only: .*GET.*POST/],
  ['another address', { ...viewerRequest(), clientIp: '::1' }, /`clientIp` is read-only/],
  ['a uri that is not a string', { ...viewerRequest(), uri: 7 }, /`uri` must be a string/],
  ['a relative uri', { ...viewerRequest(), uri: 'b.png' }, /`uri` must begin with `\/`/],
  ['a uri with a query', { ...viewerRequest(), uri: '/b?c' }, /`uri` must not hold a `\?`/],
  ['a uri with a space', { ...viewerRequest(), uri: '/b c' }, /`uri` holds a character/],
  ['a uri with a line end', { ...viewerRequest(), uri: '/b\r\nc' }, /`uri` holds a character/],
  ['no querystring', { ...viewerRequest(), querystring: undefined }, /`querystring` must be a s/],
  ['a querystring with a space', { ...viewerRequest(), querystring: 'a b' }, /`querystring` holds/],
  ['an origin', { ...viewerRequest(), origin: {} }, /`origin` can be set in origin-request/],
  ['a body', { ...viewerRequest(), body: {} }, /`body` can be set only where Include Body/],
  ['no headers', { ...viewerRequest(), headers: undefined }, /`headers` must be an object/],
  ['a status below 200', { status: '199' }, /`status` must be from 200 to 599, not `"199"`/],
  ['a status above 599', { status: 600 }, /`status` must be from 200 to 599, not `600`/],
  ['a status that is no number', { status: 'OK' }, /`status` must be/],
  ['a status of null', { status: null }, /`status` must be/],
  ['a broken description', { status: '401', statusDescription: 'a\r\nb' }, /`statusDescription`/],
  ['a description that is no string', { status: '401', statusDescription: 1 }, /must be a string/],
  ['a body that is no string', { status: '200', body: {} }, /`body` must be a string/],
  ['a 204 with a body', { status: '204', body: 'x' }, /status 204 must not have a body/],
  ['another encoding', { status: '200', bodyEncoding: 'gzip' }, /`bodyEncoding` must be/],
  ['base64 that is none', { status: '200', body: 'a-b', bodyEncoding: 'base64' }, /is not base64/],
  ['a body above 40 KB', { status: '200', body: 'x'.repeat(40_961) }, /has 40961 bytes/],
  [
    'headers and body above 40 KB',
    { status: '200', headers: { a: header('b') }, body: 'x'.repeat(40_960) },
    /has 40966 bytes with its headers; the limit is 40960/,
  ],
];

/** @type {[string, unknown, RegExp][]} */
const REFUSED_HEADERS = [
  ['an upper-case name', { 'X-User': header('a') }, /`X-User` must be lower-case/],
  ['a name that is none', { 'x user': header('a') }, /is not a header name/],
  ['a value instead of an array', { 'x-user': 'a' }, /`x-user` must be an array/],
  ['a string instead of an entry', { 'x-user': ['a'] }, /`x-user` must hold objects/],
  ['a value that is no string', { 'x-user': [{ value: 1 }] }, /must have a string as `value`/],
  ['a line end', { 'x-user': header('a\r\nx-admin: b') }, /`x-user` holds a character/],
  ['a NUL', { 'x-user': header('a\0') }, /`x-user` holds a character/],
  ['a character above 255', { 'x-user': header('日本') }, /`x-user` holds a character/],
  ['a key of another name', { 'x-user': [{ key: 'X-Admin', value: 'a' }] }, /of another name/],
];

const DISALLOWED = [
  'connection',
  'expect',
  'keep-alive',
  'upgrade',
  'x-cache',
  'x-real-ip',
  'x-amz-cf-anything',
  'x-edge-anything',
  'x-amzn-requestid',
  'x-forwarded-proto',
  'proxy-authorization',
];
const READ_ONLY = ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via'];

for (const [title, result, problem] of REFUSED) {
  test(`refused: ${title}`, () => expectProblem(result, problem));
}

for (const [title, headers, problem] of REFUSED_HEADERS) {
  test(`refused in headers of a request and of a response: ${title}`, () => {
    const request = viewerRequest();
    Object.assign(request.headers, headers);
    expectProblem(request, problem);
    expectProblem({ status: '401', headers }, problem);
  });
}

for (const name of DISALLOWED) {
  test(`refused: the disallowed header ${name}`, () => {
    const request = viewerRequest();
    request.headers[name] = [{ value: 'a' }];
    const problem = new RegExp(`^header \`${name}\` is disallowed`);
    expectProblem(request, problem);
    expectProblem({ status: '401', headers: { [name]: header('a') } }, problem);
  });
}

for (const name of READ_ONLY) {
  test(`refused: the read-only header ${name} added, changed or removed`, () => {
    const problem = new RegExp(`^header \`${name}\` is read-only`);
    const without = viewerRequest();
    delete without.headers[name];
    const withOne = viewerRequest();
    withOne.headers[name] = [{ value: 'a' }];
    const withTwo = viewerRequest();
    withTwo.headers[name] = [{ value: 'a' }, { value: 'b' }];

    expectProblem(withOne, problem, without);
    expectProblem(without, problem, withOne);
    expectProblem(withTwo, problem, withOne);
    expectProblem({ status: '401', headers: { [name]: header('a') } }, problem);
    assert.deepEqual(validateViewerRequestResult(withOne, structuredClone(withOne)), []);
  });
}

test('problems never show a header value', () => {
  const request = viewerRequest();
  request.headers.authorization = [{ value: 'Bearer secret\n' }];
  request.headers.host = [{ value: 'secret' }];
  assert.doesNotMatch(validateViewerRequestResult(viewerRequest(), request).join(), /secret/);
});

/**
 * @param {unknown} result
 * @param {RegExp} problem
 * @param {CloudFrontRequest} [original]
 */
function expectProblem(result, problem, original = viewerRequest()) {
  const problems = validateViewerRequestResult(original, result);
  assert.ok(
    problems.some((text) => problem.test(text)),
    `expected ${problem} among ${JSON.stringify(problems)}`,
  );
}
