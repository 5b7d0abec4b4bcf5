// Google's Wycheproof vectors of JWS and JWK, in the module that ships. No payload of theirs is a
// claims set; the signatures themselves are judged by the tests of the Rust crates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, judgeSignedAgain } from './support/judge-jws.mjs';
import { readVectors, reportVectors } from './support/vectors.mjs';

/**
 * Valid by publication, and refused for more than their payload.
 *
 * @type {{ file: string, number: number, expected: string, actual: string, reason: string }[]}
 */
const EXCEPTIONS = [
  {
    file: 'json_web_signature',
    number: 347,
    expected: 'valid, but no claims set',
    actual: 'key set refused',
    reason: 'the `alg` of the JWK is `ES521`, which does not exist (RFC 7518, section 3.1)',
  },
  {
    file: 'json_web_signature',
    number: 351,
    expected: 'valid, but no claims set',
    actual: 'key set refused',
    reason: 'as 347, with `key_ops`',
  },
  {
    file: 'json_web_signature',
    number: 373,
    expected: 'valid, but no claims set',
    actual: 'token_malformed',
    reason: 'a `?` in the payload is not base64url (RFC 7515, section 5.2)',
  },
];

const FILES = [
  { file: 'json_web_signature', vectors: 203, valid: 26, signedAgain: 23 },
  { file: 'json_web_key', vectors: 13, valid: 4, signedAgain: 4 },
];

for (const { file, vectors, valid, signedAgain } of FILES) {
  test(`the ${vectors} vectors of ${file} are judged right`, (t) => {
    const content = readVectors(t, `wycheproof/${file}.json`);
    if (content === undefined) return;
    const ran = content.testGroups.flatMap((/** @type {any} */ group) =>
      group.tests.map((/** @type {any} */ vector) => run(file, group, vector)),
    );
    const count = (/** @type {(one: any) => boolean} */ which) => ran.filter(which).length;
    assert.equal(ran.length, vectors);
    assert.equal(count((one) => one.valid), valid);
    assert.equal(count((one) => one.signedAgain), signedAgain);
    const exceptions = EXCEPTIONS.filter((exception) => exception.file === file);
    assert.equal(count((one) => one.exception), exceptions.length);
    const results = ran.map((/** @type {any} */ one) => one.result);
    reportVectors(ran.length, `Wycheproof ${file}`, results);
    console.log(`    ${signedAgain} of the valid ones signed again over a claims set: forwarded`);
  });
}

/**
 * @param {string} file
 * @param {any} group
 * @param {any} vector
 */
function run(file, group, vector) {
  const keys = jwks(group.public ?? group.private);
  const valid = vector.result === 'valid';
  const what = `${file} ${vector.tcId}: ${vector.comment}`;
  const result = judge(vector.jws, keys, valid);
  const exception = EXCEPTIONS.find((one) => one.file === file && one.number === vector.tcId);
  if (exception) {
    // An exception that has become none is as wrong as one that is not listed.
    assert.ok(valid && exception.expected !== result, what);
    assert.equal(result, exception.actual, `${what} (${exception.reason})`);
    return { result, valid, exception: true, signedAgain: false };
  }
  assert.equal(result === 'valid, but no claims set', valid, `${what}: ${result}`);
  const privateKey = jwks(group.private ?? { keys: [] })[0];
  const signedAgain = valid && privateKey !== undefined;
  if (signedAgain) judgeSignedAgain(vector.jws, keys, privateKey);
  return { result, valid, exception: false, signedAgain };
}

/** @param {any} keys a JWK or a set of them */
function jwks(keys) {
  return keys.keys ?? [keys];
}
