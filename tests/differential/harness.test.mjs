import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compare, describe } from './compare.mjs';
import { makeCases } from './generator/cases.mjs';
import { Keys, hmac } from './generator/keys.mjs';
import { readDivergences, render } from './list.mjs';
import { MUTATIONS } from './mutations/all.mjs';

/** @typedef {import('./peers/verdict.mjs').Answer} Answer */

const ACCEPT = /** @type {Answer} */ ({ verdict: 'accept', why: '' });
const REJECT = /** @type {Answer} */ ({ verdict: 'reject', why: 'because' });
const LISTED = /** @type {import('./list.mjs').Divergence} */ ({
  mutations: ['header: crit empty'],
  peers: ['peer'],
  ours: 'reject',
  theirs: 'accept',
  reason: '',
  reference: '',
});

/** Signs nothing that would verify, and quickly. */
class QuickKeys extends Keys {
  /** @override @param {string} _ @param {string} input */
  sign(_, input) {
    return hmac('HS512', 'x', input);
  }
}

const CASES = makeCases(1, 0, new QuickKeys());
const QUESTION = casesOf('header: crit empty').slice(0, 1);

/** @param {string} name */
function casesOf(name) {
  return CASES.filter(({ mutation }) => mutation === name);
}

test('a divergence that is not on the list is found', () => {
  const { unlisted, stale } = compare('peer', QUESTION, [REJECT], [ACCEPT], []);
  assert.deepEqual([unlisted.length, stale], [1, []]);
});

test('a divergence on the list of another peer is not on the list', () => {
  const { unlisted } = compare('another', QUESTION, [REJECT], [ACCEPT], [LISTED]);
  assert.equal(unlisted.length, 1);
});

test('a divergence the other way round is not on the list', () => {
  const { unlisted } = compare('peer', QUESTION, [ACCEPT], [REJECT], [LISTED]);
  assert.equal(unlisted.length, 1);
});

test('a divergence on the list is counted', () => {
  const found = compare('peer', QUESTION, [REJECT], [ACCEPT], [LISTED]);
  assert.deepEqual([found.listed, found.agreed, found.unlisted, found.stale], [1, 0, [], []]);
});

test('an entry that does not occur is stale, even if it does on other tokens', () => {
  const name = 'header: crit empty';
  assert.deepEqual(compare('peer', QUESTION, [REJECT], [REJECT], [LISTED]).stale, [name]);
  assert.deepEqual(compare('peer', [], [], [], [LISTED]).stale, [name]);
  const twice = [...QUESTION, ...QUESTION];
  const { stale } = compare('peer', twice, [REJECT, REJECT], [ACCEPT, REJECT], [LISTED]);
  assert.deepEqual(stale, [name]);
});

test('a description shows header and payload, but no part of the token', () => {
  const questions = [...QUESTION, ...casesOf('shape: a token as payload (nested)')];
  for (const question of questions) {
    const text = describe({ question, ours: REJECT, theirs: ACCEPT });
    assert.match(text, /crit|nested/);
    assert.doesNotMatch(text, /[\w-]{40}|\beyJ/);
    for (const part of question.token.split('.')) {
      assert.ok(!text.includes(part.slice(0, 20)));
    }
  }
});

test('the same seed asks the same questions, another one others', () => {
  const keys = new QuickKeys();
  const asked = (/** @type {number} */ seed) =>
    makeCases(seed, 0, keys).map(({ mutation, algorithm, now, header, payload }) => {
      // The texts of keys and signatures differ, and their lengths may.
      const isOfKey = /jwk|nested|UTF-16/.test(mutation);
      return [mutation, algorithm, now, isOfKey ? '' : header, isOfKey ? '' : payload];
    });
  const first = asked(7);
  assert.deepEqual(asked(7), first);
  assert.notDeepEqual(asked(8), first);
});

test('each mutation has a name of its own, and tokens', () => {
  const names = MUTATIONS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(
    MUTATIONS.filter(({ algorithms }) => algorithms.length === 0),
    [],
  );
});

test('each entry of the list is complete, and none is there twice', () => {
  const names = new Set(MUTATIONS.map(({ name }) => name));
  const pairs = [];
  for (const { mutations, peers, ours, theirs, reason, reference } of readDivergences()) {
    assert.deepEqual([ours, theirs].sort(), ['accept', 'reject']);
    assert.ok(reason.length > 20 && /^RFC \d+, /.test(reference), mutations[0]);
    for (const mutation of mutations) {
      assert.ok(names.has(mutation), `there is no mutation \`${mutation}\``);
      assert.ok(!mutation.startsWith('valid: '), `\`${mutation}\` cannot be a divergence`);
      pairs.push(...peers.map((peer) => `${peer}: ${mutation}`));
    }
  }
  assert.equal(new Set(pairs).size, pairs.length);
});

test('docs/divergences.md is made from the list', () => {
  const page = readFileSync(new URL('../../docs/divergences.md', import.meta.url), 'utf8');
  assert.equal(page, render(readDivergences()), 'run `node tests/differential/write-page.mjs`');
});
