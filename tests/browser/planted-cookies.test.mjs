// Cookies that somebody else has put into the browser: another host of the domain, a script, or somebody with a session of theirs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContext, said, setUp, shownCode, signIn } from './support/stage.mjs';

/** @typedef {import('./support/stage.mjs').Stage} Stage */

const SHARED = { cookieSettings: { domain: 'site.test' } };

/**
 * The session of somebody who wants others to use it, signed in on the same site.
 *
 * @param {import('node:test').TestContext} t
 * @param {Stage} stage
 */
async function sessionOfMallory(t, { url }) {
  const context = await newContext(t);
  const page = await context.newPage();
  await page.goto(`${url}/a`);
  await page.fill('input[name=login]', 'mallory');
  await page.click('button[value=allow]');
  assert.equal(await page.title(), 'mallory');
  const found = (await context.cookies(url)).find(({ name }) => name.endsWith('session-0'));
  assert.ok(found);
  return found;
}

test('threat 48: another host of the domain plants no session', async (t) => {
  const stage = await setUp(t);
  const { page, url, site } = stage;
  const { name, value } = await sessionOfMallory(t, stage);
  const attributes = ['Domain=site.test; Path=/; Secure', 'Domain=site.test; Path=/a; Secure', 'Domain=site.test', ''];
  site.page = {
    body: `<script>
      for (const attributes of ${JSON.stringify(attributes)}) {
        document.cookie = '${name}=${value};' + attributes;
        document.cookie = '=${name}=${value};' + attributes;
        document.cookie = '${name.toLowerCase()}=${value};' + attributes;
      }
    </script>`,
    headers: { 'set-cookie': attributes.flatMap((given) => [`${name}=${value}; ${given}`, `=${name}=${value}; ${given}`, `${name.toUpperCase()}=${value}; ${given}`]) },
  };
  await page.goto(site.sibling);
  await page.goto(`${url}/a`);
  // Nobody has signed in here.
  assert.ok(await page.isVisible('input[name=login]'));
  const sent = site.requestsFor('/a').at(-1)?.headers.cookie ?? '';
  assert.equal(sent.includes(value), false, sent.replace(/=[^;]*/g, ''));
});

test('threat 48: a session that another host has put beside the right one is not taken for it', async (t) => {
  // With cookies for the whole domain no prefix keeps the others out.
  const stage = await setUp(t, { signIn: SHARED });
  const { page, url, site } = stage;
  const { name, value } = await sessionOfMallory(t, stage);
  const before = requestsOf('mallory', site);
  await signIn(stage, '/b');
  site.page = { body: '', headers: { 'set-cookie': `${name}=${value}; Domain=site.test; Path=/a; Secure` } };
  await page.goto(site.sibling);
  await page.goto(`${url}/b`);
  assert.equal((await said(page)).user, 'alice');
  // Two of one name, and nobody can tell which is which; what does not hold is no circle.
  const answer = await page.goto(`${url}/a`);
  assert.ok((site.requestsFor('/a').at(-1)?.headers.cookie ?? '').split(name).length > 2);
  assert.equal(answer?.status(), 403);
  assert.equal(await shownCode(page), 'sign_in_loop');
  assert.equal(requestsOf('mallory', site), before);
});

test('threat 48: what a script writes is no session', async (t) => {
  const stage = await setUp(t);
  const { page, url, site, context } = stage;
  const { name, value } = await sessionOfMallory(t, stage);
  const requests = requestsOf('mallory', site);
  await signIn(stage);
  const before = await context.cookies(url);
  // A script of the site itself: it can neither read nor replace the person's own, nor end it.
  await page.evaluate(([given, text]) => {
    for (const attributes of ['; Path=/; Secure', '; Path=/b; Secure', '; Path=/; Secure; Max-Age=0']) document.cookie = `${given}=${text}${attributes}`;
  }, [name, value]);
  assert.deepEqual(await context.cookies(url), before);
  await page.goto(`${url}/b`);
  assert.equal((await said(page)).user, 'alice');
  // Nor is anything that was not sealed here, or sealed for something else.
  const attempt = 'AAAA'.repeat(40);
  for (const forged of ['', '1', attempt, `1${value.slice(2)}`, `2${value.slice(1)}`, `${value.slice(0, -2)}AA`]) {
    await context.clearCookies();
    await context.addCookies([{ name, value: forged, url, secure: true }]);
    await page.goto(`${url}/a?${forged.length}`);
    assert.ok(await page.isVisible('input[name=login]'), forged.slice(0, 20));
  }
  assert.equal(requestsOf('mallory', site), requests);
});

test('threat 56: neither an attempt nor a token is a session', async (t) => {
  const stage = await setUp(t);
  const { page, url, context } = stage;
  await page.goto(`${url}/a`);
  const [attempt] = (await context.cookies(url)).filter(({ name }) => name.includes('attempt'));
  const unsigned = `${base64({ alg: 'none' })}.${base64({ iss: stage.provider.issuer, aud: 'site', sub: 'mallory', exp: 2_000_000_000_000 })}.`;
  for (const value of [attempt.value, `1${attempt.value}`, unsigned, `1${unsigned}`]) {
    await context.clearCookies();
    await context.addCookies([{ name: '__Host-edge-session-0', value, url, secure: true }]);
    await page.goto(`${url}/b`);
    assert.ok(await page.isVisible('input[name=login]'));
  }
  assert.equal(stage.site.seen.some(({ forwarded }) => forwarded), false);
});

/**
 * How many requests of somebody the origin has got.
 *
 * @param {string} user
 * @param {import('./support/site.mjs').Site} site
 */
function requestsOf(user, { originRequests }) {
  return originRequests.filter(({ headers }) => headers['x-user']?.[0].value === user).length;
}

/** @param {object} object */
function base64(object) {
  return Buffer.from(JSON.stringify(object)).toString('base64url');
}
