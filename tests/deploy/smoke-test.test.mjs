import assert from 'node:assert/strict';
import { test } from 'node:test';

import { guardedPath, smokeTest } from '../../deploy/publish/smoke-test.mjs';
import { CONFIGURATION } from '../shim/support/viewer-event.mjs';
import { viewers } from './support/viewers.mjs';

const PRIVATE = { match: { path: '/private/{*rest}' }, allow: 'authenticated' };
const PUBLIC = { match: { path: '/public/{*rest}' }, allow: 'anyone' };

/** @param {object[]} rules */
function guarded(rules) {
  return guardedPath(JSON.stringify({ ...CONFIGURATION, rules }), 'authorizer.json', 'd.cloudfront.net');
}

test('what is asked for is a path that somebody has to have a token for', () => {
  assert.deepEqual(guarded([PUBLIC, PRIVATE]), { path: '/private/smoke-test', status: 401 });
});

test('where no rule asks for a token, it is a path that no rule is for', () => {
  assert.deepEqual(guarded([PUBLIC]), { path: '/smoke-test', status: 403 });
});

test('where everybody may pass everywhere, there is nothing to ask for', () => {
  assert.equal(guarded([{ match: { path: '/{*all}' }, allow: 'anyone' }]), undefined);
});

test('the deployed answer has to be the one that is given here', async (t) => {
  const expected = { path: '/private/a', status: 401 };
  const refuses = await viewers(t, 401);
  assert.equal(await smokeTest(refuses.url, expected), '/private/a without a token: 401');
  assert.deepEqual(refuses.asked, ['/private/a']);
  const open = await viewers(t, 200);
  await assert.rejects(smokeTest(open.url, expected), /\/private\/a without a token is answered with 200 instead of 401/);
});

test('a name that cannot be resolved is said, and is no failure', async () => {
  assert.match(await smokeTest('https://nowhere.invalid', { path: '/', status: 401 }), /skipped.*nowhere\.invalid/);
});
