import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authorizers } from '../../www-shim/cli/authorizers.mjs';
import { isTrap } from '../../www-shim/lib/trap.mjs';
import { verdictOn } from '../../www-shim/cli/verdict.mjs';
import { CONFIGURATION, NOW, viewerEvent } from './support/viewer-event.mjs';

const SOURCE = { configText: JSON.stringify(CONFIGURATION), configFolder: '/' };
const noWarning = (/** @type {string} */ problem) => assert.fail(problem);

test('the same configuration and keys are the same authorizer, others are not', async () => {
  const authorizers = new Authorizers();
  const first = await authorizers.get(SOURCE, noWarning);
  assert.equal(await authorizers.get({ ...SOURCE }, noWarning), first);
  assert.notEqual(await authorizers.get({ ...SOURCE, keys: {} }, noWarning), first);
  assert.notEqual(await authorizers.get({ ...SOURCE, configFolder: '/a' }, noWarning), first);
});

test('after an exception there are new authorizers, and they decide', async () => {
  const authorizers = new Authorizers();
  const before = await authorizers.get(SOURCE, noWarning);
  authorizers.discardAll();
  const after = await authorizers.get(SOURCE, noWarning);
  assert.notEqual(after, before);
  assert.equal(after.constructor === before.constructor, false);
  assert.equal(verdictOn(after, viewerEvent('/public/a.png'), NOW).code, 'public');
});

test('a trap is told from what the module refuses', () => {
  const { RuntimeError } = /** @type {any} */ (globalThis).WebAssembly;
  assert.equal(isTrap(new RuntimeError('unreachable')), true);
  assert.equal(isTrap(new RangeError('maximum call stack size exceeded')), true);
  assert.equal(isTrap(new TypeError('a getter threw')), true);
  assert.equal(isTrap('thrown text'), true);
  assert.equal(isTrap(new Error('`request.headers` is not an object')), false);
});
