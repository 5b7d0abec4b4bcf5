import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';

const KEY = generateKey('RS256');
const ALICE = tokenFor(KEY);
const ARN = 'arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/users/alice/a.png';
const ROLE = 'arn:aws:iam::111122223333:role/DicomWebReader';

/** @param {import('node:test').TestContext} t */
async function start(t, changes = {}) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const base = configurationFor(server.url);
  const rules = [...base.rules, { name: 'studies', match: { path: '/datastore/{id}/{operation}' }, allow: 'authenticated' }];
  const forward = { ...base.forward, claimToContext: { user: 'sub', principalId: 'sub' } };
  const configuration = { ...base, rules, forward, dicomWeb: { roleArn: ROLE }, ...changes };
  const { handler: started, log, clock } = await startHandler({ configuration });
  const handler = /** @type {(event: any) => Promise<any>} */ (started);
  return { server, handler, log, clock };
}

/** As in "HTTP API Lambda authorizers", payload format 2.0. */
function httpApiEvent({ path = '/users/alice/a.png', token = ALICE, headers = {}, query = '', method = 'GET' } = {}) {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: ARN,
    identitySource: [token],
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { authorization: `Bearer ${token}`, host: 'api.example', ...headers },
    requestContext: { requestId: 'request-1', http: { method, path, sourceIp: '203.0.113.9' } },
  };
}

test('an HTTP API gets the simple response, with the claims that the configuration names', async (t) => {
  const { handler, log } = await start(t);
  log.mustNotTellToken(ALICE);
  assert.deepEqual(await handler(httpApiEvent()), {
    isAuthorized: true,
    context: { user: 'alice', principalId: 'alice' },
  });
  assert.equal(log.last('decision').requestId, 'request-1');
  assert.equal(log.last('decision').code, 'allowed');
  const refused = [
    httpApiEvent({ path: '/users/bob/a.png' }),
    httpApiEvent({ token: `${ALICE}x` }),
    httpApiEvent({ path: '/users/alice/../bob/a.png' }),
    httpApiEvent({ method: 'DELETE' }),
    httpApiEvent({ headers: { Authorization: 'Bearer x' } }),
    httpApiEvent({ query: `token=${tokenFor(KEY, 'bob')}` }),
  ];
  for (const event of refused) assert.deepEqual(await handler(event), { isAuthorized: false });
});

test('the name of a stage is no part of the path, where the viewer chooses whether it is there', async (t) => {
  const { handler } = await start(t);
  const at = (/** @type {string} */ domainName, /** @type {string} */ path) => {
    const event = httpApiEvent({ path });
    return { ...event, requestContext: { ...event.requestContext, stage: 'prod', domainName } };
  };
  const own = 'abcdef123.execute-api.us-east-1.amazonaws.com';
  assert.equal((await handler(at(own, '/prod/users/alice/a.png'))).isAuthorized, true);
  assert.equal((await handler(at(own, '/prod/users/bob/a.png'))).isAuthorized, false);
  assert.equal((await handler(at('api.example.com', '/users/alice/a.png'))).isAuthorized, true);
  assert.equal((await handler(at('api.example.com', '/prod/users/alice/a.png'))).isAuthorized, false);
});

test('an HTTP API is told of a public path without claims', async (t) => {
  const { handler, server } = await start(t);
  assert.deepEqual(await handler(httpApiEvent({ path: '/public/logo.png' })), { isAuthorized: true, context: {} });
  assert.equal(server.fetches, 0);
});

test('cookies of an HTTP API event are one header', async (t) => {
  const { handler } = await start(t, { token: [{ cookie: 'session' }] });
  const event = { ...httpApiEvent(), cookies: ['a=1', `session=${ALICE}`] };
  assert.equal((await handler(event)).isAuthorized, true);
  assert.equal((await handler({ ...event, cookies: [`session=${ALICE}`, 'session=x'] })).isAuthorized, false);
});

test('a REST API gets a policy for exactly what was asked', async (t) => {
  const { handler } = await start(t);
  const request = {
    type: 'REQUEST',
    methodArn: ARN,
    path: '/users/alice/a.png',
    httpMethod: 'GET',
    headers: { Authorization: `Bearer ${ALICE}` },
    multiValueHeaders: { Authorization: [`Bearer ${ALICE}`] },
    queryStringParameters: null,
    requestContext: { requestId: 'r', identity: { sourceIp: '203.0.113.9' } },
  };
  const token = { type: 'TOKEN', methodArn: ARN, authorizationToken: `Bearer ${ALICE}` };
  for (const event of [request, token]) {
    assert.deepEqual(await handler(event), {
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: ARN }],
      },
      context: { user: 'alice' },
    });
  }
  const bobs = ARN.replace('alice', 'bob');
  for (const event of [
    { ...request, path: '/users/bob/a.png', methodArn: bobs },
    { ...token, methodArn: bobs },
    { ...token, methodArn: ARN.replace('a.png', '*') },
    { ...token, methodArn: ARN.replace('a.png', '${aws:username}') },
    // The policy opens what its ARN names, whatever the event calls the path.
    { ...request, methodArn: bobs },
  ]) {
    const { policyDocument, context } = await handler(event);
    assert.equal(policyDocument.Statement[0].Effect, 'Deny');
    assert.deepEqual(context, {});
  }
  // Two Authorization headers, or two tokens: none is taken.
  const twice = { ...request, multiValueHeaders: { Authorization: [`Bearer ${ALICE}`, 'Bearer x'] } };
  assert.equal((await handler(twice)).policyDocument.Statement[0].Effect, 'Deny');
  // The exact words that API Gateway makes a 401 of.
  await assert.rejects(handler({ ...token, authorizationToken: 'Bearer x' }), { message: 'Unauthorized' });
  await assert.rejects(handler({ ...token, authorizationToken: undefined }), (error) => error instanceof Error);
});

test('the query of a REST API is read as it was sent', async (t) => {
  const { handler } = await start(t);
  const event = { type: 'REQUEST', methodArn: ARN, path: '/users/alice/a.png', httpMethod: 'GET', headers: {} };
  const withQuery = { ...event, multiValueQueryStringParameters: { 'a&b': ['1', '2'], token: [ALICE] } };
  assert.equal((await handler(withQuery)).policyDocument.Statement[0].Effect, 'Allow');
});

test('where no decision can be made API Gateway gets an error, which it makes a 500 of', async (t) => {
  const { handler, server, log } = await start(t);
  server.respond = (_request, response) => void response.writeHead(500).end();
  await assert.rejects(handler(httpApiEvent()), /cannot decide/);
  assert.equal(log.last('decision').code, 'keys_unavailable');
  await assert.rejects(handler({ ...httpApiEvent(), rawPath: 7 }), /cannot decide/);
  assert.equal(log.last('decision').code, 'internal');
});

const API = 'giy7kumfmvcqvbedntjwjvagii';

/** As in "AWS_LAMBDA authorization" of the AppSync Developer Guide. */
function appSyncEvent(authorizationToken = ALICE, more = {}) {
  return {
    authorizationToken,
    requestContext: {
      apiId: API,
      accountId: '111122223333',
      requestId: 'request-2',
      queryString: 'mutation Public { deleteEverything { id } }',
      operationName: 'Public',
      variables: {},
    },
    requestHeaders: { host: `${API}.appsync-api.us-east-1.amazonaws.com`, Authorization: authorizationToken },
    ...more,
  };
}

const GRAPHQL = { name: 'graphql', match: { path: `/graphql/${API}`, methods: ['POST'] }, requires: { claim: 'sub', equals: 'alice' } };

test('AppSync gets the claims for a valid token, and is told to keep no answer', async (t) => {
  const { handler, log } = await start(t, { rules: [GRAPHQL] });
  log.mustNotTellToken(ALICE);
  const authorized = { isAuthorized: true, resolverContext: { user: 'alice', principalId: 'alice' }, ttlOverride: 0 };
  assert.deepEqual(await handler(appSyncEvent()), authorized);
  assert.deepEqual([log.last('decision').requestId, log.last('decision').rule], ['request-2', 'graphql']);
  assert.deepEqual(await handler(appSyncEvent(`Bearer ${ALICE}`)), authorized);
  assert.deepEqual(await handler(appSyncEvent(ALICE, { requestHeaders: undefined })), authorized);
  for (const event of [
    appSyncEvent(`${ALICE}x`),
    appSyncEvent(''),
    appSyncEvent(`Basic ${ALICE}`),
    appSyncEvent(tokenFor(KEY, 'bob')),
    appSyncEvent(ALICE, { requestContext: { ...appSyncEvent().requestContext, apiId: 'another' } }),
    appSyncEvent('none', { requestHeaders: { authorization: `Bearer ${ALICE}` } }),
  ]) {
    assert.deepEqual(await handler(event), { isAuthorized: false, ttlOverride: 0 });
  }
});

test('AppSync gets an error where no decision can be made', async (t) => {
  const { handler, server } = await start(t, { rules: [GRAPHQL] });
  server.respond = (_request, response) => void response.writeHead(500).end();
  await assert.rejects(handler(appSyncEvent()), /cannot decide/);
});

test('a rule for a host lets no caller pass that does not say it', async (t) => {
  const studies = { name: 'studies', match: { path: '/datastore/{id}/{operation}' }, allow: 'authenticated' };
  const elsewhere = { name: 'site', match: { host: 'www.example.com', path: '/{*rest}' }, allow: 'anyone' };
  const { handler, log } = await start(t, { rules: [elsewhere, studies, GRAPHQL] });
  const dicomWeb = { datastoreId: 'abc', operation: 'GetDICOMInstance', bearerToken: ALICE };
  assert.deepEqual(await handler(dicomWeb), { isTokenValid: false });
  assert.equal(log.last('decision').code, 'request_malformed');
  assert.deepEqual(await handler(appSyncEvent(ALICE, { requestHeaders: {} })), { isAuthorized: false, ttlOverride: 0 });
  assert.equal((await handler(appSyncEvent())).isAuthorized, true);
});

test('HealthImaging gets the role for a valid token, and within a second no for all else', async (t) => {
  const { handler, clock } = await start(t);
  const event = { datastoreId: '0'.repeat(32), operation: 'GetDICOMInstance', bearerToken: ALICE };
  assert.deepEqual(await handler(event), { isTokenValid: true, roleArn: ROLE });
  for (const bearerToken of ['x', '', null, `${ALICE}x`]) {
    assert.deepEqual(await handler({ ...event, bearerToken }), { isTokenValid: false });
  }
  assert.deepEqual(await handler({ ...event, operation: '../x' }), { isTokenValid: false });
  clock.now = NOW + 3600;
  assert.deepEqual(await handler(event), { isTokenValid: false });
});

test('HealthImaging does not wait for a provider that does not answer', async (t) => {
  const { handler, server } = await start(t);
  server.respond = () => {};
  const event = { datastoreId: '0'.repeat(32), operation: 'GetDICOMInstance', bearerToken: ALICE };
  const startedAt = performance.now();
  assert.deepEqual(await handler(event), { isTokenValid: false });
  assert.ok(performance.now() - startedAt < 1500, 'an answer comes before the fetch is given up');
});

test('HealthImaging is not told of a role on a path that anyone may see, nor without one', async (t) => {
  const open = { name: 'open', match: { path: '/{*rest}' }, allow: 'anyone' };
  const event = { datastoreId: '0'.repeat(32), operation: 'GetDICOMInstance', bearerToken: 'x' };
  assert.deepEqual(await (await start(t, { rules: [open] })).handler(event), { isTokenValid: false });
  const roleless = await start(t, { dicomWeb: undefined });
  assert.deepEqual(await roleless.handler({ ...event, bearerToken: ALICE }), { isTokenValid: false });
});
