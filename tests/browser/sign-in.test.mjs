// From a page without a session to the provider, and back to the page.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { allow, ownCookies, said, setUp, shownCode, signIn } from './support/stage.mjs';

test('a person signs in, and sees the page', async (t) => {
  const { page, url, site, context, provider } = await setUp(t);
  await page.goto(`${url}/pictures/1`);
  assert.ok(page.url().startsWith(`${provider.issuer}/interaction/`), page.url());
  assert.deepEqual(await ownCookies(context), ['__Host-edge-attempt']);
  await allow(page);
  assert.equal(page.url(), `${url}/pictures/1`);
  assert.equal((await said(page)).user, 'alice');
  assert.deepEqual(await ownCookies(context), ['__Host-edge-again', '__Host-edge-session-0']);
  await page.reload();
  assert.equal((await said(page)).user, 'alice');
  assert.equal(site.requestsFor('/parseauth').length, 1);
});

test('threat 48: the browser keeps the cookies from scripts, from http, and from other sites', async (t) => {
  const stage = await setUp(t);
  await signIn(stage);
  assert.equal(await stage.page.evaluate('document.cookie'), '');
  const cookies = (await stage.context.cookies()).filter(({ name }) => name.includes('edge-'));
  assert.ok(cookies.length > 0);
  for (const { domain, path, httpOnly, secure, sameSite } of cookies) {
    assert.deepEqual({ domain, path, httpOnly, secure, sameSite }, { domain: 'images.site.test', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' });
  }
});

for (const [what, link] of Object.entries({
  'a query': '/a/b.html?size=big&x=%2F&x=2&empty=&none',
  'letters and spaces that are encoded': '/my%20pictures/%C3%A9t%C3%A9.html?q=%C3%A9t%C3%A9+2&p=50%25',
  'letters that browsers encode': '/été/a b?q=été&r="<>',
  'what browsers leave as it is': '/a?json={"a":[1|2,^3]}&t=~\'()*!$;,:@/?`&percent=%',
  'a backslash': '/a?file=C:\\pictures\\1&x=1',
  'a URL': '/a?next=https://elsewhere.test//x&to=//elsewhere.test',
  'names that the sign-in uses itself': '/a?code=1&state=2&error=3&iss=4&to=/b',
})) {
  test(`a link with ${what} in it is the page afterwards, as it was`, async (t) => {
    const { page, url, site } = await setUp(t);
    await page.goto(`${url}${link}`);
    await allow(page);
    const asked = site.seen[0];
    assert.equal((await said(page)).user, 'alice');
    // What the browser sends with the cookies is what it had sent without them; but that a backslash is encoded.
    const expected = asked.url.replaceAll('\\', '%5C');
    assert.equal(site.seen.findLast(({ forwarded }) => forwarded)?.url, expected);
    assert.equal(page.url(), `${url}${expected}`);
  });
}

test('threat 54: a session with large tokens is in several cookies, which the browser takes and the site puts together', async (t) => {
  const stage = await setUp(t, { client: { keep: ['access', 'refresh'] }, provider: withClaimOf(6000) });
  const { page, url, context, site, clock } = stage;
  await signIn(stage);
  assert.deepEqual((await ownCookies(context)).slice(1), ['__Host-edge-session-0', '__Host-edge-session-1', '__Host-edge-session-2']);
  for (const [path, seconds] of /** @type {const} */ ([['/b', 0], ['/c', 3500]])) {
    clock.pass(seconds);
    await page.goto(`${url}${path}`);
    assert.equal((await said(page)).user, 'alice');
  }
  // As much as that does not get to the origin.
  assert.ok(site.originRequests.every(({ headers }) => JSON.stringify(headers).length < 3000));
  await page.goto(`${url}/signout`);
  assert.deepEqual(await ownCookies(context), []);
});

test('threat 54: a session that no browser would keep is refused at once, rather than lost', async (t) => {
  const { page, url, context, site, log } = await setUp(t, { provider: withClaimOf(9600) });
  await page.goto(`${url}/a`);
  await allow(page);
  assert.equal(await shownCode(page), 'sign_in_failed');
  assert.match(log.last('decision').detail, /too large/);
  assert.deepEqual(await ownCookies(context), []);
  assert.equal(site.requestsFor('/a').length, 1);
});

/**
 * A provider whose ID tokens have a claim that is so large, and cannot be made smaller by packing it.
 *
 * @param {number} bytes
 */
function withClaimOf(bytes) {
  return {
    claims: { openid: ['sub', 'large'] },
    conformIdTokenClaims: false,
    findAccount: (/** @type {unknown} */ _, /** @type {string} */ sub) => ({
      accountId: sub,
      claims: () => ({ sub, large: randomBytes((bytes * 3) / 4).toString('base64') }),
    }),
  };
}

test('people who are known to the provider see the page at once', async (t) => {
  const stage = await setUp(t);
  const { page, url, context } = stage;
  await signIn(stage);
  // As after a week: the session here has ended, the provider's has not.
  await context.clearCookies({ domain: 'images.site.test' });
  await page.goto(`${url}/b?x=1`);
  assert.equal(page.url(), `${url}/b?x=1`);
  assert.equal((await said(page)).user, 'alice');
});

test('over http on this machine, as `edge-authorizer serve` has it', async (t) => {
  const stage = await setUp(t, { signIn: { cookieSettings: { secure: false } } });
  assert.match(stage.url, /^http:\/\/localhost:/);
  await signIn(stage, '/a?x=1');
  assert.deepEqual(await ownCookies(stage.context), ['edge-again', 'edge-session-0']);
  await stage.page.goto(`${stage.url}/signout`);
  await stage.page.click('button[value=yes]');
  assert.equal(stage.page.url(), `${stage.url}/signout/done`);
  assert.deepEqual(await ownCookies(stage.context), []);
});
