// Several tabs at once, and pages that the browser fetches before somebody asks for them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ownCookies, said, setUp, signIn } from './support/stage.mjs';

/** @typedef {import('playwright-core').Page} Page */

test('threat 53: two tabs that sign in at once both come to their page', async (t) => {
  const { page, url, context } = await setUp(t);
  const other = await context.newPage();
  await Promise.all([page.goto(`${url}/first?x=1`), other.goto(`${url}/second?x=2`)]);
  assert.deepEqual(await ownCookies(context), ['__Host-edge-attempt', '__Host-edge-attempt']);
  // The last that began is the first to end.
  await allow(other);
  assert.equal(other.url(), `${url}/second?x=2`);
  await allow(page);
  assert.equal(page.url(), `${url}/first?x=1`);
  for (const tab of [page, other]) assert.equal((await said(tab)).user, 'alice');
});

test('threat 53: tabs of somebody whom the provider knows, all opened at once', async (t) => {
  const stage = await setUp(t);
  const { url, context } = stage;
  await signIn(stage);
  await context.clearCookies({ domain: 'images.site.test' });
  const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
  await Promise.all(tabs.map((tab, index) => tab.goto(`${url}/${index}`)));
  for (const [index, tab] of tabs.entries()) assert.equal((await said(tab)).uri, `/${index}`);
});

test('threat 54: many tabs that were left behind do not fill the request with cookies', async (t) => {
  const { page, url, context, site } = await setUp(t);
  const long = 'x'.repeat(2000);
  for (let count = 0; count < 8; count += 1) await page.goto(`${url}/${count}?${long}`);
  const attempts = (await context.cookies(url)).filter(({ name }) => name.includes('attempt'));
  assert.ok(attempts.length <= 4, `${attempts.length} attempts`);
  const bytes = attempts.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  assert.ok(bytes < 10_000, `${bytes} bytes`);
  // Those that are left are the last ones.
  await allow(page);
  assert.equal(page.url(), `${url}/7?${long}`);
  assert.equal(site.seen.some(({ status }) => status >= 400), false);
});

test('a page that is fetched before anybody asks for it is no attempt to sign in', async (t) => {
  const { page, url, site, context } = await setUp(t);
  site.page = {
    body: `<link rel="prefetch" href="/a"><a href="/b">b</a><script type="speculationrules">
      { "prefetch": [{ "urls": ["/b"], "eagerness": "immediate" }], "prerender": [{ "urls": ["/c"], "eagerness": "immediate" }] }
    </script>`,
  };
  await page.goto(`${url}/public/page`);
  for (const path of ['/a', '/b', '/c']) {
    const { headers, status } = await site.nextRequestFor(path);
    assert.match(headers['sec-purpose'], /^prefetch/);
    assert.equal(status, 401);
  }
  assert.deepEqual(await ownCookies(context), []);
  // Nor does it stand in the way of the real one.
  await page.click('a');
  await allow(page);
  assert.equal((await said(page)).uri, '/b');
});

test('threat 53: tabs that refresh at once all go on, with one refresh', async (t) => {
  const stage = await setUp(t);
  const { url, context, clock, provider, site } = stage;
  await signIn(stage);
  const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
  clock.pass(3500);
  await Promise.all(tabs.map((tab, index) => tab.goto(`${url}/${index}`)));
  for (const [index, tab] of tabs.entries()) assert.equal((await said(tab)).uri, `/${index}`);
  assert.ok(site.seen.filter(({ status }) => status === 307).length >= 1);
  assert.equal(provider.refreshTokens.filter(({ what }) => what === 'consumed').length, 1);
  assert.equal(await provider.isRefreshTokenGood(), true);
});

test('threat 53: tabs that refresh at once in several instances of the function all see their page', async (t) => {
  const stage = await setUp(t, { instances: 4 });
  const { url, context, clock, provider, site } = stage;
  await signIn(stage);
  const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
  clock.pass(3500);
  await Promise.all(tabs.map((tab, index) => tab.goto(`${url}/${index}`)));
  for (const [index, tab] of tabs.entries()) assert.equal((await said(tab)).uri, `/${index}`);
  assert.equal(site.seen.some(({ status }) => status >= 400), false);
  // This provider ends what was issued where a refresh token comes twice. Then people sign in again, and come to their page.
  clock.pass(3700);
  const [tab] = tabs;
  await tab.goto(`${url}/later`);
  if (tab.url().startsWith(provider.issuer)) await allow(tab);
  assert.equal((await said(tab)).uri, '/later');
});
