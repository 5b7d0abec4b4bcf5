import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertForwarded, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { viewerEvent } from './support/viewer-event.mjs';

const KEY = generateKey('RS256');
const TOKEN = tokenFor(KEY);

/**
 * Changes an event whose request would pass.
 *
 * @param {(parts: { event: any, cf: any, request: any }) => unknown} change an event in its place,
 *   or nothing
 */
function changed(change) {
  return () => {
    const headers = { Authorization: `Bearer ${TOKEN}`, 'X-User': 'alice' };
    const event = viewerEvent('/users/alice/a.png', { headers, querystring: `token=${TOKEN}` });
    const [{ cf }] = /** @type {[any]} */ (event.Records);
    return change({ event, cf, request: cf.request }) ?? event;
  };
}

/** @type {(set: (request: any) => void) => () => unknown} */
const withRequest = (set) => changed(({ request }) => void set(request));

/** @type {(name: string, value: unknown) => () => unknown} */
const withMember = (name, value) => withRequest((request) => void (request[name] = value));

/** @type {(value: unknown) => () => unknown} */
const inPlaceOfRequest = (value) => changed(({ cf }) => void (cf.request = value));

/** @type {(object: object, name: string) => void} */
function makeThrow(object, name) {
  Object.defineProperty(object, name, { enumerable: true, get: throwError });
}

/** @returns {never} */
function throwError() {
  throw new Error('as it was to be');
}

/** Throws, whatever is done to it. */
function explosive() {
  const traps = Reflect.ownKeys(Reflect).filter((name) => typeof name === 'string');
  return new Proxy({}, Object.fromEntries(traps.map((name) => [name, throwError])));
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** @type {[string, () => unknown][]} */
const EVENTS = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['an empty object', () => ({})],
  ['no record', () => ({ Records: [] })],
  ['records that are null', () => ({ Records: null })],
  ['a record of another service', () => ({ Records: [{ s3: {} }] })],
  ['no request', changed(({ cf }) => void delete cf.request)],
  ['a request that is null', inPlaceOfRequest(null)],
  ['a request that is a text', inPlaceOfRequest('GET /users/alice/a.png')],
  ['a request that is an array', inPlaceOfRequest([])],
  ['no method', withRequest((request) => delete request.method)],
  ['a method that is a number', withMember('method', 7)],
  ['no uri', withRequest((request) => delete request.uri)],
  ['a uri that is null', withMember('uri', null)],
  ['a uri that is a number', withMember('uri', 7)],
  ['a uri that is an object', withMember('uri', { toString: () => '/public/a' })],
  ['a uri that is an array', withMember('uri', ['/public/a'])],
  ['a uri that is a String', withMember('uri', new String('/public/a'))],
  ['a query that is null', withMember('querystring', null)],
  ['a query that is an object', withMember('querystring', {})],
  ['no headers', withRequest((request) => delete request.headers)],
  ['headers that are null', withMember('headers', null)],
  ['headers that are a list', withMember('headers', [])],
  ['headers as fetch has them', withMember('headers', { authorization: `Bearer ${TOKEN}` })],
  ['a header with a bare value', withMember('headers', { authorization: [`Bearer ${TOKEN}`] })],
  ['a header without value', withMember('headers', { authorization: [{ key: 'Authorization' }] })],
  ['a header that is null', withMember('headers', { authorization: [null] })],
  ['records that throw', changed(({ event }) => makeThrow(event, 'Records'))],
  ['a configuration that throws', changed(({ cf }) => makeThrow(cf, 'config'))],
  ['a request that throws', changed(({ cf }) => makeThrow(cf, 'request'))],
  ['a uri that throws', withRequest((request) => makeThrow(request, 'uri'))],
  ['headers that throw', withRequest((request) => makeThrow(request, 'headers'))],
  ['a header that throws', withRequest(({ headers }) => makeThrow(headers, 'authorization'))],
  ['what cannot be touched', explosive],
  ['a request that cannot be touched', inPlaceOfRequest(explosive())],
  ['headers that cannot be touched', withMember('headers', explosive())],
  ['a header that cannot be touched', withMember('headers', { authorization: explosive() })],
  ['a request that is gone', inPlaceOfRequest(revoked())],
  ['headers that are gone', withMember('headers', revoked())],
  ['a request that cannot be edited', withRequest((request) => void Object.freeze(request))],
  ['an origin-request', changed(({ cf }) => void (cf.config.eventType = 'origin-request'))],
  ['a viewer-response', changed(({ cf }) => void (cf.config.eventType = 'viewer-response'))],
  ['an event type that is a number', changed(({ cf }) => void (cf.config.eventType = 7))],
];

for (const [title, makeEvent] of EVENTS) {
  test(`threat 61: 503, and not the request, for ${title}`, async (t) => {
    const { server, send, sendEvent, log } = await startWithKeys(t);
    assertUnavailable(await sendEvent(makeEvent()));
    const { level, code, status, detail } = log.last('decision');
    assert.deepEqual({ level, code, status }, { level: 'error', code: 'internal', status: 503 });
    assert.ok(typeof detail === 'string' && detail !== '');

    assertForwarded(await send('/users/alice/a.png', { token: TOKEN }));
    assert.equal(server.fetches, 1, 'the keys are still there');
  });
}

test('headers that cannot be edited are replaced: the token does not go on', async (t) => {
  const { sendEvent } = await startWithKeys(t);
  const answer = await sendEvent(withRequest(({ headers }) => void Object.freeze(headers))());
  assertForwarded(answer);
  assert.deepEqual(answer.result.headers['x-user'], [{ key: 'x-user', value: 'alice' }]);
  assert.equal(answer.result.headers.authorization, undefined);
});

test('503 to a HEAD request has no content', async (t) => {
  const { sendEvent } = await startWithKeys(t);
  const makeEvent = withRequest((request) => {
    request.method = 'HEAD';
    request.headers = null;
  });
  assertUnavailable(await sendEvent(makeEvent()), '');
});

test('a request id that cannot be logged is left out', async (t) => {
  const { sendEvent } = await startWithKeys(t);
  for (const requestId of [7n, circular(), { toJSON: throwError }, ['r'], null]) {
    const makeEvent = changed(({ cf }) => void (cf.config.requestId = requestId));
    const answer = await sendEvent(makeEvent());
    assertForwarded(answer);
    assert.equal(answer.record?.requestId, undefined);
  }
});

test('an exception that is no Error is one all the same', async (t) => {
  const { send, sendEvent, log } = await startWithKeys(t);
  for (const thrown of ['a text', undefined, null, Object.create(null), Symbol('s'), explosive()]) {
    const before = log.entriesOf('decision').length;
    const makeEvent = changed(({ cf }) => {
      Object.defineProperty(cf, 'request', {
        get() {
          throw thrown;
        },
      });
    });
    assertUnavailable(await sendEvent(makeEvent()));
    assert.equal(log.entriesOf('decision').length, before + 1);
    assert.equal(log.last('decision').code, 'internal');
  }
  assertForwarded(await send('/users/alice/a.png', { token: TOKEN }));
});

/**
 * A handler that has fetched its keys.
 *
 * @param {import('node:test').TestContext} t
 */
async function startWithKeys(t) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const shim = await startHandler({ configuration: configurationFor(server.url) });
  shim.log.mustNotTellToken(TOKEN);
  assertForwarded(await shim.send('/users/alice/a.png', { token: TOKEN }));
  return { server, ...shim };
}

/** @param {import('./support/shipped-handler.mjs').Answer} answer */
function assertUnavailable({ forwarded, result }, body = '{"status":503,"message":"Service Unavailable"}\n') {
  assert.equal(forwarded, false);
  assert.deepEqual(result, {
    status: '503',
    statusDescription: 'Service Unavailable',
    headers: {
      'cache-control': [{ key: 'cache-control', value: 'no-store' }],
      'content-type': [{ key: 'content-type', value: 'application/json' }],
      'x-content-type-options': [{ key: 'x-content-type-options', value: 'nosniff' }],
      'referrer-policy': [{ key: 'referrer-policy', value: 'no-referrer' }],
    },
    body,
  });
}

function circular() {
  /** @type {Record<string, unknown>} */
  const object = {};
  object.itself = object;
  return object;
}
