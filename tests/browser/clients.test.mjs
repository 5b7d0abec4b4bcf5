// What kinds of clients there are, and several providers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ownCookies, said, setUp, shownCode, signIn } from './support/stage.mjs';

for (const clientAuthentication of ['client_secret_basic', 'client_secret_post', 'none']) {
  test(`a client with \`${clientAuthentication}\` signs people in, refreshes, and signs them out`, async (t) => {
    const stage = await setUp(t, { client: { clientAuthentication } });
    const { page, url, clock, provider, site } = stage;
    await signIn(stage);
    clock.pass(3500);
    await page.goto(`${url}/b`);
    assert.equal((await said(page)).user, 'alice');
    assert.equal(site.requestsFor('/b')[0].status, 307);
    assert.equal(await provider.isRefreshTokenGood(), true);
    await page.goto(`${url}/signout`);
    assert.equal(await provider.isRefreshTokenGood(), false);
  });
}

test('what else is asked of the provider gets there', async (t) => {
  const stage = await setUp(t, {
    client: { oauthScopes: ['openid', 'offline_access'], authorizeParameters: { prompt: 'login consent', login_hint: 'a b&c=d' } },
  });
  const { page, url, context } = stage;
  await signIn(stage);
  await context.clearCookies({ domain: 'images.site.test' });
  /** @type {URLSearchParams | undefined} */
  let sent;
  page.on('request', (request) => {
    if (request.url().includes('/auth?')) sent = new URL(request.url()).searchParams;
  });
  await page.goto(`${url}/b`);
  // People who are known are asked again.
  await allow(page);
  assert.equal((await said(page)).uri, '/b');
  assert.equal(sent?.get('login_hint'), 'a b&c=d');
  assert.equal(sent?.get('scope'), 'openid offline_access');
});

test('people choose one of several providers', async (t) => {
  const { page, url, context, providers } = await setUp(t, { providers: ['staff', 'partners'] });
  const answer = await page.goto(`${url}/a?x=%2F&y`);
  assert.equal(answer?.status(), 401);
  assert.equal(await shownCode(page), 'sign_in_choice');
  // As the configuration has them.
  assert.deepEqual(await page.locator('a').allTextContents(), ['staff', 'partners']);
  // Nothing has begun before they choose.
  assert.deepEqual(await ownCookies(context), []);
  await page.click('text=partners');
  assert.ok(page.url().startsWith(providers[1].issuer));
  await allow(page, 'bob');
  assert.equal(page.url(), `${url}/a?x=%2F&y`);
  assert.equal((await said(page)).user, 'bob');
  assert.deepEqual(providers[0].asked, []);
  // And sign out of the one they are with.
  await page.goto(`${url}/signout`);
  assert.ok(page.url().startsWith(providers[1].issuer));
});

test('a rule may say with which provider', async (t) => {
  const rules = [
    { match: { path: '/partners/{*rest}' }, allow: 'authenticated', signIn: 'partners' },
    { match: { path: '/{*rest}' }, allow: 'authenticated' },
  ];
  const { page, url, providers } = await setUp(t, { providers: ['staff', 'partners'], rules });
  await page.goto(`${url}/partners/a?x`);
  assert.ok(page.url().startsWith(providers[1].issuer));
  await allow(page, 'bob');
  assert.equal(page.url(), `${url}/partners/a?x`);
  assert.equal((await said(page)).user, 'bob');
});
