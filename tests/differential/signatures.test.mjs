// Requests to the origin that the module of the zip signs, and the signer of the AWS SDK for JavaScript.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { makeRequests } from './generator/requests.mjs';
import { Authorizer } from './peers/ours.mjs';
import { signWithSmithy as signRequest } from './peers/smithy.mjs';

/** @typedef {import('./peers/smithy.mjs').SigningCase} SigningCase */

// EDGE_AUTHORIZER_SEED=… repeats a run.
const SEED = Number(process.env.EDGE_AUTHORIZER_SEED ?? randomInt(2 ** 32));
const REQUESTS = 4000;

/**
 * The request as ours sends it: path and query, and the headers that it sets.
 *
 * @param {SigningCase} request
 */
function signWithOurs({ service, now, credentials, method, host, path, query, contentType, body }) {
  const providers = { p: { issuer: 'https://issuer.example', audience: 'a' } };
  const rules = [{ match: { path: '/{*rest}' }, allow: 'authenticated' }];
  // For every service the whole query, which Amazon S3 does not get unless the configuration says so.
  const sign = { service, query: null };
  const authorizer = new Authorizer(JSON.stringify({ providers, rules, forward: { sign } }));
  const custom = { domainName: host, path: '', port: 443, protocol: 'https' };
  /** @type {Record<string, { value: string }[]>} */
  const headers = contentType === undefined ? {} : { 'content-type': [{ value: contentType }] };
  const data = body.toString('base64');
  const event = {
    ...{ method, uri: path, querystring: query, headers, origin: { custom } },
    ...(body.length > 0 ? { body: { data, encoding: 'base64', inputTruncated: false } } : {}),
  };
  const facts = JSON.stringify({ request: event, requestId: 'r' });
  const outcome = authorizer.signOriginRequest(event, facts, credentials, now);
  authorizer.free();
  assert.equal(outcome.kind, 'forward', JSON.stringify(outcome));
  const { 'content-type': _, ...set } = Object.fromEntries(
    Object.entries(event.headers).map(([name, [{ value }]]) => [name, value]),
  );
  return { path: event.uri, query: event.querystring, set };
}

/** @param {SigningCase} request */
function signWithSmithy({ credentials, contentType, ...request }) {
  const headers = [['host', request.host], ...(contentType === undefined ? [] : [['content-type', contentType]])];
  return signRequest({ ...request, ...credentials, headers });
}

test('both signers set the same headers', async (t) => {
  const services = new Set();
  let rewritten = 0;
  for (const request of makeRequests(SEED, REQUESTS)) {
    const ours = signWithOurs(request);
    const { 'content-type': _, ...theirs } = await signWithSmithy({ ...request, path: ours.path, query: ours.query });
    assert.deepEqual(ours.set, theirs, `repeat with EDGE_AUTHORIZER_SEED=${SEED}: ${JSON.stringify(request)}`);
    // What is sent means what was asked for.
    assert.deepEqual(parametersOf(ours.query), parametersOf(request.query));
    if (request.service === 's3') {
      assert.equal(decodeURIComponent(ours.path), decodeURIComponent(request.path));
    } else {
      assert.equal(ours.path, request.path);
    }
    if (ours.path !== request.path || ours.query !== request.query) rewritten += 1;
    services.add(request.service);
  }
  t.diagnostic(`seed ${SEED}: ${REQUESTS} requests, ${rewritten} sent in another encoding than they came in`);
  assert.equal(services.size, 4);
  assert.ok(rewritten > 1000 && rewritten < REQUESTS - 100, String(rewritten));
});

test('a difference in any part would be seen', async () => {
  const [request] = makeRequests(SEED, 1);
  const ours = signWithOurs(request);
  const same = { ...request, path: ours.path, query: ours.query };
  assert.equal((await signWithSmithy(same)).authorization, ours.set.authorization);
  for (const change of [
    { path: `${ours.path}x` },
    { query: `${ours.query}&x=1` },
    { now: request.now + 1 },
    { body: Buffer.from('other') },
    { region: 'us-east-1' },
    { host: 'other.example' },
    { method: 'LINK' },
  ]) {
    const { authorization } = await signWithSmithy({ ...same, ...change });
    assert.notEqual(authorization, ours.set.authorization, JSON.stringify(change));
  }
});

/** @param {string} query */
function parametersOf(query) {
  // A `?` at the beginning is taken for what separates it from the path.
  return [...new URLSearchParams(`?${query}`)];
}
