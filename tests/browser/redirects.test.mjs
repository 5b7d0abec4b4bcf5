// Links that want to lead somewhere else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, setUp, signIn } from './support/stage.mjs';

/** What leads to another site if it is put behind a site's name, into a `Location`, or into a link. */
const ELSEWHERE = [
  '//elsewhere.test/',
  '/\\elsewhere.test/',
  '/\t/elsewhere.test/',
  '/\r\nLocation: https://elsewhere.test/',
  '/%5Celsewhere.test/',
  '/%2Felsewhere.test/',
  '/a/..//elsewhere.test/',
  'https://elsewhere.test/',
  'https:elsewhere.test/',
  '@elsewhere.test/',
  '.elsewhere.test/',
  'javascript:alert(1)',
  '/a#//elsewhere.test/',
  '/a?\\elsewhere.test/\r\nb: c',
];

test('threat 49: a link to the sign-in leads nowhere but to this site', async (t) => {
  const stage = await setUp(t);
  const { page, url, context } = stage;
  await signIn(stage);
  /** @type {string[]} */
  const visited = [];
  page.on('framenavigated', (frame) => visited.push(frame.url()));
  for (const to of ELSEWHERE) {
    // Whoever has no session gets one on the way, and whoever has one has it refreshed.
    await context.clearCookies({ domain: 'images.site.test' });
    for (const path of ['/parseauth', '/refreshauth']) {
      await page.goto(`${url}${path}?to=${encodeURIComponent(to)}`);
      assert.equal(page.url(), `${url}/`, `${JSON.stringify(to)} leads to ${page.url()}`);
    }
  }
  assert.deepEqual(visited.filter((visit) => !visit.startsWith(`${url}/`)), []);
});

test('threat 49: no address of this site leads to another one after the sign-in', async (t) => {
  const stage = await setUp(t);
  const { page, url, site, context } = stage;
  await signIn(stage);
  for (const path of ['//elsewhere.test/', '/\\elsewhere.test/', '/%2Felsewhere.test/', '/%5Celsewhere.test/', '/.//elsewhere.test/', '/a/%2e%2e//elsewhere.test/']) {
    await context.clearCookies({ domain: 'images.site.test' });
    await page.goto(`${url}${path}`).catch(() => 'refused');
    assert.ok(page.url().startsWith(url), page.url());
  }
  for (const { answered } of site.seen) {
    const [location = ''] = answered.location ?? [];
    assert.match(location, /^$|^\/(?![/\\])|^http:\/\/127\.0\.0\.1:/, location);
  }
});

test('threat 49: what is in the address is not in the page', async (t) => {
  const { page, url } = await setUp(t, { providers: ['staff', 'partners'] });
  /** @type {string[]} */
  const said = [];
  page.on('dialog', (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  const script = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
  const query = `x=${script}&to=${encodeURIComponent(`/a?${script}`)}&error=${script}&error_description=${script}&state=${script}`;
  for (const path of [`/a?${query}`, `/parseauth?${query}`, `/parseauth/staff?${query}`, '/signout/done?' + query]) {
    await page.goto(`${url}${path}`);
    assert.equal(await page.locator('script, img').count(), 0, path);
    assert.deepEqual(await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')?.[0])).then((all) => [...new Set(all)]), ['/']);
  }
  assert.deepEqual(said, []);
});

test('threat 49: the name of the host is not one that somebody makes up', async (t) => {
  const { page, url, site, provider } = await setUp(t);
  // The provider knows one way back, and shows its own page for any other.
  site.alias = 'elsewhere.test';
  await page.goto(`${site.elsewhere}/a`);
  assert.ok(page.url().startsWith(provider.issuer), page.url());
  assert.equal(await page.isVisible('input[name=login]'), false);
  await page.goto(`${url}/a`);
  await allow(page);
  assert.equal(page.url(), `${url}/a`);
});
