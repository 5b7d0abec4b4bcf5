// The end of a session.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ownCookies, said, setUp, shownCode, signIn } from './support/stage.mjs';

test('threat 55: signing out ends the session here, the refresh token, and the session at the provider', async (t) => {
  const stage = await setUp(t);
  const { page, url, context, provider } = stage;
  // An attempt that is left behind goes, too.
  await page.goto(`${url}/b`);
  await signIn(stage);
  assert.deepEqual(await ownCookies(context), ['__Host-edge-again', '__Host-edge-attempt', '__Host-edge-session-0']);
  assert.equal(await provider.isRefreshTokenGood(), true);

  await page.goto(`${url}/signout`);
  assert.deepEqual(await ownCookies(context), []);
  assert.equal(await provider.isRefreshTokenGood(), false);
  // The provider asks whether its own session shall end, too.
  assert.equal(await page.title(), 'sign out of the provider');
  await page.click('button[value=yes]');
  assert.equal(page.url(), `${url}/signout/done`);
  assert.equal(await shownCode(page), 'signed_out');
  await page.click('text=Sign in');
  // It does not know the person any more.
  await allow(page, 'bob');
  assert.equal(page.url(), `${url}/`);
  assert.equal((await said(page)).user, 'bob');
});

test('threat 55: cookies for a whole domain are cleared there', async (t) => {
  const stage = await setUp(t, { signIn: { cookieSettings: { domain: 'site.test', sameSite: 'None' } } });
  await signIn(stage);
  assert.ok((await ownCookies(stage.context)).includes('__Secure-edge-session-0'));
  await stage.page.goto(`${stage.url}/signout`);
  assert.deepEqual(await ownCookies(stage.context), []);
});

test('people come to the page that the configuration names, the ID token being a hint for the provider', async (t) => {
  const rules = [
    { match: { path: '/goodbye.html' }, allow: 'anyone' },
    { match: { path: '/{*rest}' }, allow: 'authenticated' },
  ];
  const stage = await setUp(t, { rules, signIn: { redirectPathSignOut: '/goodbye.html' }, client: { keep: ['id', 'refresh'] } });
  const { page, url } = stage;
  await signIn(stage);
  const sent = page.waitForRequest(/id_token_hint=/);
  await page.goto(`${url}/signout`);
  await sent;
  await page.click('button[value=yes]');
  assert.equal(page.url(), `${url}/goodbye.html`);
  assert.equal((await said(page)).user, 'nobody');
});

test('after signing out the way back in the history shows nothing', async (t) => {
  const stage = await setUp(t);
  const { page, url } = stage;
  await signIn(stage, '/secret');
  await page.goto(`${url}/b`);
  await page.goto(`${url}/signout`);
  await page.click('button[value=yes]');
  assert.equal(await page.title(), 'Signed out');
  for (let steps = 0; steps < 5; steps += 1) {
    await page.goBack();
    assert.notEqual(await page.title(), 'alice', page.url());
  }
});

test('what was fetched while somebody was signed in is not shown to the next one', async (t) => {
  const stage = await setUp(t);
  const { page, url, site } = stage;
  await signIn(stage);
  const picture = () => page.evaluate(async () => (await fetch('/1.gif')).status);
  await page.goto(`${url}/b`);
  assert.equal(await picture(), 200);
  // The browser's own copy.
  assert.equal(await picture(), 200);
  assert.equal(site.requestsFor('/1.gif').length, 1);
  await page.goto(`${url}/signout`);
  await page.goto(`${url}/signout/done`);
  assert.equal(await picture().catch(() => 'not allowed by the page'), 'not allowed by the page');
  await page.goto(`${url}/public/page`);
  assert.equal(await picture(), 401);
});

test('threat 55: a page of another site signs nobody out', async (t) => {
  const stage = await setUp(t);
  const { page, url, site, provider } = stage;
  await signIn(stage);
  site.page = {
    body: `<img src="${url}/signout"><a href="${url}/signout">a</a><form method="post" action="${url}/signout"><button>b</button></form>`,
  };
  for (const what of ['a', 'button']) {
    await page.goto(site.elsewhere);
    await page.click(what);
    assert.equal(await shownCode(page), 'sign_out_asked');
  }
  assert.equal(await provider.isRefreshTokenGood(), true);
  await page.goto(`${url}/b`);
  assert.equal((await said(page)).user, 'alice');
  // People who want to can.
  await page.goto(site.elsewhere);
  await page.click('a');
  await page.click('a:text("Sign out")');
  assert.equal(await page.title(), 'sign out of the provider');
});

test('scripts sign out, too', async (t) => {
  const stage = await setUp(t);
  const { page, provider, context } = stage;
  await signIn(stage);
  assert.equal(await page.evaluate(async () => (await fetch('/signout', { method: 'POST' })).status), 204);
  assert.deepEqual(await ownCookies(context), []);
  assert.equal(await provider.isRefreshTokenGood(), false);
});
