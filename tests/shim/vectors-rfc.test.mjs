// The examples of the RFCs, in the module that ships.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, judgeSignedAgain } from './support/judge-jws.mjs';
import { authorizerWith, outcomeOf, supports } from './support/shipped-module.mjs';
import { readVectors, reportVectors } from './support/vectors.mjs';

test('RFC 7515, appendix A: tokens of joe pass until they expire', (t) => {
  const content = readVectors(t, 'rfc/rfc7515-appendix-a.json');
  if (content === undefined) return;
  const results = content.vectors.map((/** @type {any} */ { id, alg, jwk, compact }) => {
    if (id === 'A.4') return judgeText(alg, jwk, compact);
    const joe = { issuer: 'joe', allowMissingExpiry: false };
    const key = jwk ?? content.vectors.find((/** @type {any} */ one) => one.id === 'A.2').jwk;
    const authorizer = authorizerWith([published(key)], joe);
    const code = (/** @type {string} */ token, /** @type {number} */ now) =>
      outcomeOf(authorizer, token, now).code;
    if (id === 'A.5') {
      assert.equal(code(compact, 1300819379), 'algorithm_not_allowed');
      return 'algorithm_not_allowed';
    }
    assert.equal(code(compact, 1300819379), 'allowed', id);
    assert.equal(code(compact, 1300819380), 'token_expired', id);
    assert.equal(code(forged(compact), 1300819379), 'signature_invalid', id);
    return 'allowed';
  });
  assert.equal(results.length, 5);
  assert.equal(results.filter((/** @type {string} */ one) => one === 'allowed').length, 3);
  reportVectors(5, 'RFC 7515, appendix A', results);
});

test('RFC 7520, section 4: texts are no claims sets, and a JWT has one serialization', (t) => {
  const content = readVectors(t, 'rfc/rfc7520-jws.json');
  if (content === undefined) return;
  /** @type {string[]} */
  const results = [];
  for (const { title, input, output } of content.examples) {
    const keys = [input.key].flat().map(published);
    for (const serialization of ['json', 'json_flat']) {
      if (output[serialization] === undefined) continue;
      // One of them has three keys that do not go together: its RSA key is as good as any.
      const result = judge(JSON.stringify(output[serialization]), keys.slice(0, 1), false);
      const usable = supports([input.alg].flat()[0]);
      assert.equal(result, usable ? 'token_malformed' : 'key set refused', title);
      results.push(result);
    }
    if (output.compact === undefined) continue;
    if (title === 'Signature with Detached Content') {
      results.push(judge(output.compact, keys, false));
    } else {
      results.push(judgeText(input.alg, input.key, output.compact));
    }
  }
  assert.equal(results.length, 20);
  reportVectors(20, 'RFC 7520, section 4', results);
});

test('RFC 8037, appendix A.4: Ed25519', (t) => {
  const content = readVectors(t, 'rfc/rfc8037-eddsa.json');
  if (content === undefined) return;
  const { input, output } = content.example;
  reportVectors(1, 'RFC 8037, appendix A.4', [judgeText(input.alg, input.key, output.compact)]);
});

test('RFC 7797: no payload goes without encoding', (t) => {
  const content = readVectors(t, 'rfc/rfc7797-b64-false.json');
  if (content === undefined) return;
  /** @type {string[]} */
  const results = [];
  for (const { input, output } of content.examples) {
    const { protected: header, payload, signature } = output.json_flat;
    results.push(judge(`${header}.${payload}.${signature}`, [input.key], false));
    results.push(judge(JSON.stringify(output.json), [input.key], false));
    results.push(judge(JSON.stringify(output.json_flat), [input.key], false));
  }
  // The payload of the first has a `.` in it: four parts.
  const malformed = ['token_malformed', 'token_malformed', 'token_malformed'];
  assert.deepEqual(results, [...malformed, 'critical_header', ...malformed.slice(1)]);
  reportVectors(results.length, 'RFC 7797', results);
});

/**
 * An example whose payload is a text. An algorithm that the module lacks verifies nothing.
 *
 * @param {string} algorithm
 * @param {any} key
 * @param {string} token
 */
function judgeText(algorithm, key, token) {
  const keys = [published(key)];
  const result = judge(token, keys, true);
  if (!supports(algorithm)) {
    assert.equal(result, 'key set refused', algorithm);
    return `${algorithm} not built in`;
  }
  assert.equal(result, 'valid, but no claims set', algorithm);
  if (key.d !== undefined || key.k !== undefined) judgeSignedAgain(token, keys, key);
  return result;
}

/**
 * The JWK without its private members, as it would be published.
 *
 * @param {any} jwk
 */
function published({ d, p, q, dp, dq, qi, ...jwk }) {
  return jwk;
}

/** @param {string} token */
function forged(token) {
  const start = token.lastIndexOf('.') + 1;
  return token.slice(0, start) + (token[start] === 'A' ? 'B' : 'A') + token.slice(start + 1);
}
