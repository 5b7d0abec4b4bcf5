// Sessions whose tokens end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIFETIME, TTL } from './support/provider.mjs';
import { allow, said, setUp, signIn } from './support/stage.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./support/provider.mjs').Provider} Provider */

/** @param {Provider} provider */
function refreshes({ asked }) {
  // The first request for tokens is the sign-in's.
  return asked.filter((request) => request === 'POST /token').length - 1;
}

test('a session is refreshed before its token ends, and nobody notices', async (t) => {
  const stage = await setUp(t);
  const { page, url, clock, provider, site } = stage;
  await signIn(stage);
  clock.pass(LIFETIME - 310);
  await page.goto(`${url}/b`);
  assert.equal(refreshes(provider), 0);
  const before = await stage.context.cookies(url);
  clock.pass(20);
  await page.goto(`${url}/c?x=%2F&y=a|b`);
  assert.equal(page.url(), `${url}/c?x=%2F&y=a|b`);
  assert.equal((await said(page)).user, 'alice');
  assert.equal(refreshes(provider), 1);
  assert.deepEqual(site.requestsFor('/c').map(({ status }) => status), [307, 200]);
  assert.notDeepEqual(await stage.context.cookies(url), before);
  // The old token would have ended long ago.
  clock.pass(LIFETIME - 400);
  await page.goto(`${url}/d`);
  assert.equal((await said(page)).user, 'alice');
  assert.equal(refreshes(provider), 1);
});

test('a session goes on by its refresh token after its token has ended, and the refresh token is another each time', async (t) => {
  const stage = await setUp(t);
  const { page, url, clock, provider } = stage;
  await signIn(stage);
  for (let count = 1; count <= 3; count += 1) {
    clock.pass(LIFETIME + 10);
    await page.goto(`${url}/${count}`);
    assert.equal((await said(page)).user, 'alice');
    assert.equal(refreshes(provider), count);
  }
  const saved = provider.refreshTokens.filter(({ what }) => what === 'saved').map(({ token }) => token);
  assert.equal(new Set(saved).size, 4);
  assert.equal(await provider.isRefreshTokenGood(saved[0]), false);
});

test('an old refresh token that comes again ends the session with both who have it', async (t) => {
  const stage = await setUp(t);
  const { page, url, clock, context, provider } = stage;
  await signIn(stage);
  const stolen = await context.cookies(url);
  clock.pass(LIFETIME - 100);
  await page.goto(`${url}/b`);
  const current = await context.cookies(url);
  assert.equal(await provider.isRefreshTokenGood(), true);
  // After longer than answers are remembered the old session is used again.
  clock.pass(200);
  await context.addCookies(stolen);
  await page.goto(`${url}/c`);
  assert.ok(page.url().startsWith(provider.issuer));
  assert.equal(await provider.isRefreshTokenGood(), false);
  clock.pass(LIFETIME);
  await context.addCookies(current);
  await page.goto(`${url}/d`);
  assert.ok(page.url().startsWith(provider.issuer));
  await allow(page);
  assert.equal((await said(page)).uri, '/d');
});

test('the whole address is kept, however long, where a page is refreshed', async (t) => {
  const stage = await setUp(t);
  const { page, url, clock, site } = stage;
  await signIn(stage);
  for (const [path, seconds] of /** @type {const} */ ([['/soon', LIFETIME - 100], ['/late', 2 * LIFETIME]])) {
    const link = `${url}${path}?file=C:%5C1&x=%2F&${'x'.repeat(5000)}`;
    clock.pass(seconds);
    await page.goto(link);
    assert.equal(page.url() === link, true, `of ${link.length} characters ${page.url().length} are left`);
    assert.equal(site.requestsFor(path)[0].status, 307);
  }
});

test('pictures and scripts go on while the token is good, and are told 401 after it, until a script refreshes the session', async (t) => {
  const stage = await setUp(t);
  const { page, clock, site } = stage;
  await signIn(stage);
  const status = (/** @type {string} */ path, method = 'GET') =>
    page.evaluate(async ([to, how]) => {
      const { status: answered, redirected } = await fetch(to, { method: how, cache: 'no-store' });
      return [answered, redirected];
    }, [path, method]);
  clock.pass(LIFETIME - 100);
  assert.deepEqual(await status('/1.gif'), [200, false]);
  assert.equal(site.requestsFor('/1.gif')[0].status, 200);
  clock.pass(200);
  assert.deepEqual(await status('/2.gif'), [401, false]);
  assert.deepEqual(await status('/refreshauth', 'POST'), [204, false]);
  assert.deepEqual(await status('/2.gif'), [200, false]);
});

test('a person whose refresh token is good no more signs in again', async (t) => {
  const stage = await setUp(t, { provider: { ttl: { ...TTL, RefreshToken: 1800, Session: 1800 } } });
  const { page, url, clock } = stage;
  await signIn(stage);
  clock.pass(LIFETIME + 10);
  await page.goto(`${url}/b?x`);
  await allow(page);
  assert.equal(page.url(), `${url}/b?x`);
});

test('a session ends however often it was refreshed', async (t) => {
  const stage = await setUp(t, { signIn: { sessionMaxAgeSeconds: 7200 } });
  const { page, url, clock, provider } = stage;
  await signIn(stage);
  clock.pass(LIFETIME);
  await page.goto(`${url}/b`);
  assert.equal(refreshes(provider), 1);
  clock.pass(LIFETIME - 10);
  await page.goto(`${url}/c`);
  // The provider knows the person still; it is a new session.
  assert.equal((await said(page)).uri, '/c');
  clock.pass(20);
  await page.goto(`${url}/d`);
  assert.equal((await said(page)).uri, '/d');
});
