import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, describe as suite, test } from 'node:test';
import { compare, describe } from './compare.mjs';
import { makeCases } from './generator/cases.mjs';
import { Keys } from './generator/keys.mjs';
import { readDivergences } from './list.mjs';
import { awsJwtVerify } from './peers/aws-jwt-verify.mjs';
import { jose } from './peers/jose.mjs';
import { askOurs } from './peers/ours.mjs';
import { pyjwt, pyjwtIsMissing } from './peers/pyjwt.mjs';

/** @typedef {import('./generator/cases.mjs').Case} Case */
/** @typedef {import('./peers/verdict.mjs').Answer} Answer */

// EDGE_AUTHORIZER_SEED=… repeats a run; the keys are new in each.
const SEED = Number(process.env.EDGE_AUTHORIZER_SEED ?? randomInt(2 ** 32));
const TOKENS = Number(process.env.EDGE_AUTHORIZER_TOKENS ?? 6000);
assert.ok(Number.isSafeInteger(SEED) && SEED >= 0, 'EDGE_AUTHORIZER_SEED is not a whole number');

const AGAIN = `repeat with EDGE_AUTHORIZER_SEED=${SEED}`;
const PEERS = [
  { peer: jose, skip: false },
  { peer: awsJwtVerify, skip: false },
  { peer: pyjwt, skip: pyjwtIsMissing() },
];
const DIVERGENCES = readDivergences();
const CASES = makeCases(SEED, TOKENS, new Keys());

/** @type {Answer[]} */
let ours;
before(() => {
  ours = askOurs(CASES);
});

test('there are thousands of tokens, and both answers are frequent', (t) => {
  const accepted = ours.filter(({ verdict }) => verdict === 'accept').length;
  t.diagnostic(`seed ${SEED}: ${CASES.length} tokens, ${accepted} accepted by ours`);
  assert.ok(CASES.length >= 5000);
  assert.ok(accepted > 1000 && CASES.length - accepted > 1000);
});

test('every refusal of ours has a reason of its own, none is a failure', () => {
  const failures = ['internal', 'keys-needed', 'keys_unavailable', 'secrets_unavailable'];
  const failed = CASES.filter((_, index) => failures.includes(ours[index].why));
  assert.deepEqual(
    failed.map(({ mutation }) => mutation),
    [],
    AGAIN,
  );
});

for (const { peer, skip } of PEERS) {
  suite(`compared with ${peer.name}`, () => {
    /** @type {Case[]} */
    let questions;
    /** @type {Answer[]} */
    let answers;
    /** @type {Answer[]} */
    let theirs;
    before(async () => {
      if (skip) {
        return;
      }
      const asked = CASES.map((question) => peer.knows(question));
      questions = CASES.filter((_, index) => asked[index]);
      answers = ours.filter((_, index) => asked[index]);
      theirs = await peer.ask(questions);
    });

    test('both accept what is valid', { skip }, () => {
      const refused = questions.flatMap((question, index) => {
        const pair = { question, ours: answers[index], theirs: theirs[index] };
        const both = pair.ours.verdict === 'accept' && pair.theirs.verdict === 'accept';
        return question.mutation.startsWith('valid: ') && !both ? [describe(pair)] : [];
      });
      assert.equal(refused.length, 0, `${AGAIN}\n${refused.slice(0, 5).join('\n')}`);
    });

    test('every divergence is on the list', { skip }, (t) => {
      const found = compare(peer.name, questions, answers, theirs, DIVERGENCES);
      const kinds = [...found.kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
      t.diagnostic(
        `${peer.name}: ${questions.length} tokens, ${found.agreed} agreed, ` +
          `${found.listed} divergences that are known (ours/theirs: ${kinds})`,
      );
      const examples = new Map(found.unlisted.map((pair) => [pair.question.mutation, pair]));
      const shown = [...examples.values()].slice(0, 20).map(describe).join('\n');
      assert.equal(
        found.unlisted.length,
        0,
        `${found.unlisted.length} divergences from ${peer.name} are not listed; ${AGAIN}\n${shown}`,
      );
    });

    test('every divergence of the list occurs', { skip }, () => {
      const { stale } = compare(peer.name, questions, answers, theirs, DIVERGENCES);
      assert.deepEqual(stale, [], `${peer.name} agrees by now: take these off the list; ${AGAIN}`);
    });
  });
}
