// A provider that is down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIFETIME } from './support/provider.mjs';
import { allow, ownCookies, said, setUp, shownCode, signIn } from './support/stage.mjs';

test('while the provider is down people are told so, and sign in when it is back', async (t) => {
  const { page, url, provider, context, clock } = await setUp(t);
  provider.isDown = () => true;
  const answer = await page.goto(`${url}/a?x=1`);
  assert.equal(answer?.status(), 503);
  assert.equal(await shownCode(page), 'sign_in_unavailable');
  assert.deepEqual(await ownCookies(context), []);
  provider.isDown = () => false;
  // Metadata is not asked for again at once.
  clock.pass(10);
  await page.click('a');
  await allow(page);
  assert.equal(page.url(), `${url}/a?x=1`);
});

test('where the token endpoint is down in the middle of a sign-in, the answer is still good when it is back', async (t) => {
  const { page, url, provider } = await setUp(t);
  await page.goto(`${url}/a?x=1`);
  provider.isDown = (path) => path === '/token';
  await allow(page);
  assert.equal(await shownCode(page), 'sign_in_unavailable');
  assert.match(page.url(), /\/parseauth\?code=/);
  provider.isDown = () => false;
  await page.reload();
  assert.equal(page.url(), `${url}/a?x=1`);
  assert.equal((await said(page)).user, 'alice');
});

test('where keys cannot be had in the middle of a sign-in, another try goes on from there', async (t) => {
  const { page, url, provider, clock } = await setUp(t);
  await page.goto(`${url}/a?x=1`);
  provider.isDown = (path) => path === '/jwks';
  await allow(page);
  assert.equal(await shownCode(page), 'keys_unavailable');
  provider.isDown = () => false;
  // Keys are not asked for again at once.
  clock.pass(40);
  await page.click('a');
  assert.equal(page.url(), `${url}/a?x=1`);
  assert.equal((await said(page)).user, 'alice');
});

test('a session goes on while the provider is down, for as long as its token is good', async (t) => {
  const stage = await setUp(t);
  const { page, url, provider, clock } = stage;
  await signIn(stage);
  provider.isDown = () => true;
  clock.pass(LIFETIME - 200);
  await page.goto(`${url}/b`);
  assert.equal((await said(page)).user, 'alice');
  clock.pass(300);
  const answer = await page.goto(`${url}/c?x=1`);
  assert.equal(answer?.status(), 503);
  assert.equal(await shownCode(page), 'sign_in_unavailable');
  // The session was not thrown away for that.
  provider.isDown = () => false;
  clock.pass(10);
  await page.goto(`${url}/c?x=1`);
  assert.equal((await said(page)).uri, '/c');
});

test('signing out does not need the provider', async (t) => {
  const stage = await setUp(t);
  const { page, url, provider, context } = stage;
  await signIn(stage);
  provider.isDown = () => true;
  // The browser cannot reach the provider either.
  await page.goto(`${url}/signout`).catch(() => {});
  assert.deepEqual(await ownCookies(context), []);
  provider.isDown = () => false;
  const tab = await context.newPage();
  await tab.goto(`${url}/signout/done`);
  assert.equal(await shownCode(tab), 'signed_out');
});
