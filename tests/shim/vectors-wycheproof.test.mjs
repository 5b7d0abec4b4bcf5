// Google's Wycheproof vectors of JWS and JWK, in the module that ships. No payload of theirs is a
// claims set, so each that fails for that alone is run again over one, with the same fault. The
// signatures as they are published are judged by the tests of the Rust crates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, judgeSignedAgain, judgeWithClaims } from './support/judge-jws.mjs';
import { readVectors, reportVectors } from './support/vectors.mjs';

const VALID = 'valid, but no claims set';

/**
 * Reviewed vectors that are decided otherwise than they are published.
 *
 * @type {{ file: string, number: number, expected: string, actual: string, reason: string }[]}
 */
const EXCEPTIONS = [
  {
    file: 'json_web_signature',
    number: 347,
    expected: VALID,
    actual: 'key set refused',
    reason: 'the `alg` of the JWK is `ES521`, which does not exist (RFC 7518, section 3.1)',
  },
  {
    file: 'json_web_signature',
    number: 351,
    expected: VALID,
    actual: 'key set refused',
    reason: 'as 347, with `key_ops`',
  },
  {
    file: 'json_web_signature',
    number: 373,
    expected: VALID,
    actual: 'token_malformed',
    reason: 'a `?` in the payload is not base64url (RFC 7515, section 5.2)',
  },
  {
    file: 'json_web_key',
    number: 7,
    expected: 'refused over a claims set',
    actual: 'allowed over a claims set',
    reason: 'the key is weak by the way it was made (ROCA), which its issuer has to see',
  },
];

const FILES = [
  {
    file: 'json_web_signature',
    vectors: 203,
    valid: 26,
    signedAgain: 23,
    faulty: 157,
    carriedOver: 96,
  },
  { file: 'json_web_key', vectors: 13, valid: 4, signedAgain: 4, faulty: 2, carriedOver: 1 },
];

for (const { file, vectors, valid, signedAgain, faulty, carriedOver } of FILES) {
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
    assert.equal(count((one) => one.faulty), faulty);
    assert.equal(count((one) => one.carriedOver), carriedOver);
    const exceptions = EXCEPTIONS.filter((exception) => exception.file === file).length;
    assert.equal(count((one) => one.exception), exceptions);
    const results = ran.map((/** @type {any} */ one) => one.result);
    reportVectors(ran.length, `Wycheproof ${file}`, results);
    console.log(`    exceptions: ${exceptions}; over a claims set: ${signedAgain} signed again,`);
    console.log(`    ${faulty} with their fault, in ${carriedOver} of them in a signature for it`);
  });
}

/**
 * @param {string} file
 * @param {any} group
 * @param {any} vector
 */
function run(file, group, vector) {
  const keys = jwks(group.public ?? group.private);
  const privateKey = jwks(group.private ?? { keys: [] })[0];
  const valid = vector.result === 'valid';
  const published = judge(vector.jws, keys, valid);
  const faulty = published === 'no claims set' && privateKey !== undefined;
  const signedAgain = published === VALID && privateKey !== undefined;
  if (signedAgain) judgeSignedAgain(vector.jws, keys, privateKey);
  const again = faulty ? judgeWithClaims(vector.jws, keys, privateKey) : undefined;
  const overClaims = `${again?.code === 'allowed' ? 'allowed' : 'refused'} over a claims set`;
  const result = faulty ? overClaims : published;

  const what = `${file} ${vector.tcId}, ${vector.comment}: ${result}`;
  const exception = EXCEPTIONS.find((one) => one.file === file && one.number === vector.tcId);
  if (exception) {
    // An exception that has become none is as wrong as one that is not listed.
    assert.notEqual(result, exception.expected, what);
    assert.equal(result, exception.actual, `${what} (${exception.reason})`);
  } else {
    assert.equal(result === VALID, valid, what);
    assert.notEqual(result, 'allowed over a claims set', what);
  }
  const carriedOver = again?.carriedOver === true;
  return { result, valid, signedAgain, faulty, carriedOver, exception: exception !== undefined };
}

/** @param {any} keys a JWK or a set of them */
function jwks(keys) {
  return keys.keys ?? [keys];
}
