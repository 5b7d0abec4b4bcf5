// Clocks that differ, and sessions that do not hold.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIFETIME } from './support/provider.mjs';
import { allow, said, setUp, shownCode, signIn } from './support/stage.mjs';

for (const skew of [-4, 4]) {
  test(`a clock that is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead'} is no matter`, async (t) => {
    const stage = await setUp(t);
    stage.clock.skew = skew;
    await signIn(stage);
    await stage.page.goto(`${stage.url}/b`);
    assert.equal((await said(stage.page)).user, 'alice');
  });
}

test('a clock that is half a minute behind is no matter where the configuration says so', async (t) => {
  const stage = await setUp(t, { people: { graceSeconds: 60 } });
  stage.clock.skew = -30;
  await signIn(stage);
});

for (const [what, skew] of /** @type {const} */ ([['behind', -LIFETIME], ['ahead', 2 * LIFETIME]])) {
  test(`a clock that is hours ${what} ends in a page that says so, not in a circle`, async (t) => {
    const stage = await setUp(t);
    const { page, url, clock, site, log } = stage;
    clock.skew = skew;
    await page.goto(`${url}/a`);
    await allow(page);
    assert.equal(await shownCode(page), 'sign_in_failed');
    assert.match(log.last('decision').detail, /`iat` is yet to come|`exp` has come/);
    assert.equal(site.requestsFor('/a').length, 1);
  });
}

test('sessions that do not hold end in a page that says so, before the browser gives up', async (t) => {
  const stage = await setUp(t);
  const { page, url, context, site } = stage;
  await signIn(stage, '/b');
  await context.clearCookies({ domain: 'images.site.test' });
  // As software between the site and the browser does that drops large cookies.
  site.dropCookies = (cookie) => cookie.includes('session');
  const answer = await page.goto(`${url}/a`);
  assert.equal(answer?.status(), 403);
  assert.equal(await shownCode(page), 'sign_in_loop');
  assert.equal(site.requestsFor('/parseauth').length, 1 + 3);
  // What the page offers is one more try, with the same page to come back to.
  site.dropCookies = () => false;
  await page.click('a');
  assert.equal(page.url(), `${url}/a`);
  assert.equal((await said(page)).user, 'alice');
});

test('whoever goes to and fro between pages of two providers is in no circle', async (t) => {
  const rules = ['staff', 'partners'].map((name) => ({
    match: { path: `/${name}/{*rest}` },
    provider: name,
    allow: 'authenticated',
    signIn: name,
  }));
  const { page, url } = await setUp(t, { providers: ['staff', 'partners'], rules });
  for (let count = 0; count < 4; count += 1) {
    for (const path of ['/staff/a', '/partners/a']) {
      await page.goto(`${url}${path}?${count}`);
      if (count === 0) await allow(page);
      assert.equal((await said(page)).uri, path);
    }
  }
});

test('a person who signs in and out again and again is in no circle', async (t) => {
  const stage = await setUp(t);
  const { page, url } = stage;
  for (let count = 0; count < 5; count += 1) {
    await signIn(stage);
    await page.goto(`${url}/signout`);
    await page.click('button[value=yes]');
    assert.equal(await shownCode(page), 'signed_out');
  }
});
