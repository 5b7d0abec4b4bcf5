// Answers of the provider that are not what they should be, and answers to somebody else.

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { allow, held, newContext, ownCookies, said, setUp, shownCode, signIn } from './support/stage.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {Page} page
 * @param {string} url
 * @param {string} code
 * @param {number} [status]
 */
async function assertShown(page, url, code, status = 400) {
  const answer = await page.goto(url);
  assert.equal(answer?.status(), status);
  assert.equal(await shownCode(page), code);
}

/**
 * @param {string} url
 * @param {Record<string, string | null>} changes `null` takes a parameter away
 */
function changed(url, changes) {
  const other = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) other.searchParams.delete(name);
    else other.searchParams.set(name, value);
  }
  return other.href;
}

test('people who say no are told so, and may try again', async (t) => {
  const { page, url, context } = await setUp(t);
  await page.goto(`${url}/a?x=1`);
  await page.click('button[value=deny]');
  assert.equal(await shownCode(page), 'sign_in_denied');
  assert.deepEqual(await ownCookies(context), []);
  await page.click('a');
  await allow(page);
  assert.equal(page.url(), `${url}/a?x=1`);
});

test('threat 50: an answer whose state is another signs nobody in', async (t) => {
  const stage = await setUp(t);
  const { page, url, context, provider } = stage;
  const callback = await held(stage, page, async () => {
    await page.goto(`${url}/a`);
    await allow(page);
  });
  const state = new URL(callback).searchParams.get('state') ?? '';
  const flipped = (/** @type {number} */ at) => `${state.slice(0, at)}${state[at] === 'A' ? 'B' : 'A'}${state.slice(at + 1)}`;
  // Another attempt; this one, but for what is secret; none.
  for (const other of [flipped(10), flipped(20), flipped(state.length - 5), state.slice(0, 16), state.slice(0, -1), `${state}A`, '']) {
    await assertShown(page, changed(callback, { state: other }), 'sign_in_failed');
  }
  assert.equal(provider.asked.includes('POST /token'), false);
  assert.deepEqual(await ownCookies(context), ['__Host-edge-attempt']);
  // It was none of their business: the right one is still good.
  await page.goto(callback);
  assert.equal((await said(page)).user, 'alice');
});

test('threat 50: an answer is good once', async (t) => {
  const stage = await setUp(t);
  const { page, url, context } = stage;
  const callback = await held(stage, page, async () => {
    await page.goto(`${url}/a`);
    await allow(page);
  });
  const before = await context.cookies();
  await page.goto(callback);
  assert.equal((await said(page)).user, 'alice');
  await context.clearCookies({ name: /session/ });
  await assertShown(page, callback, 'sign_in_failed');
  // Even for somebody who kept the attempt's cookie: the provider takes no code twice.
  await context.clearCookies();
  await context.addCookies(before);
  await assertShown(page, callback, 'sign_in_failed');
  assert.deepEqual(await ownCookies(context), []);
});

test('threat 50: nobody is signed in as somebody else by a link', async (t) => {
  const stage = await setUp(t);
  const { page, url, site } = stage;
  const callback = await held(stage, page, async () => {
    await page.goto(`${url}/a`);
    await allow(page, 'mallory');
  });
  const victim = await newContext(t);
  const tab = await victim.newPage();
  // Straight away, by a link on another site, and with an attempt of their own.
  await assertShown(tab, callback, 'sign_in_failed');
  site.page = { body: `<a href="${callback.replaceAll('&', '&amp;')}">pictures</a>` };
  await tab.goto(site.elsewhere);
  await tab.click('a');
  assert.equal(await shownCode(tab), 'sign_in_failed');
  await tab.goto(`${url}/a`);
  await assertShown(tab, callback, 'sign_in_failed');
  assert.deepEqual(await ownCookies(victim), ['__Host-edge-attempt']);
});

test("threat 51: somebody else's code is worth nothing without the verifier", async (t) => {
  const stage = await setUp(t);
  const { page, url, site } = stage;
  const signedIn = (/** @type {Page} */ tab, /** @type {string} */ login) =>
    held(stage, tab, async () => {
      await tab.goto(`${url}/a`);
      await allow(tab, login);
    });
  const stolen = await signedIn(page, 'alice');
  const mallory = await (await newContext(t)).newPage();
  const own = await signedIn(mallory, 'mallory');
  const code = new URL(stolen).searchParams.get('code');
  await assertShown(mallory, changed(own, { code }), 'sign_in_failed');
  // The provider has refused it: no token of alice has got here, whatever would have been made of it.
  assert.match(stage.log.last('decision').detail, /invalid_grant/);
  assert.equal(site.seen.some(({ url: seen }) => /verifier/.test(seen)), false);
});

test("threat 50: somebody else's code is refused by the nonce even where the provider knows no PKCE", async (t) => {
  // As an old provider, which passes over parameters that it does not know.
  const stage = await setUp(t, {
    provider: { pkce: { required: () => false } },
    before: async (context, next) => {
      if (context.path === '/auth') context.query = Object.fromEntries(Object.entries(context.query).filter(([name]) => !name.startsWith('code_challenge')));
      if (context.path === '/token') await withoutVerifier(context);
      await next();
    },
  });
  const { page, url } = stage;
  await signIn(stage);
  const stolen = await held(stage, page, async () => {
    await stage.context.clearCookies({ domain: 'images.site.test' });
    await page.goto(`${url}/a`);
  });
  const mallory = await (await newContext(t)).newPage();
  const own = await held(stage, mallory, async () => {
    await mallory.goto(`${url}/a`);
    await allow(mallory, 'mallory');
  });
  await assertShown(mallory, changed(own, { code: new URL(stolen).searchParams.get('code') }), 'sign_in_failed');
  assert.match(stage.log.last('decision').detail, /nonce/);
});

/** @param {any} context of Koa */
async function withoutVerifier(context) {
  const form = new URLSearchParams(await text(context.req));
  form.delete('code_verifier');
  const { headers } = context.req;
  const body = Buffer.from(form.toString());
  headers['content-length'] = String(body.length);
  context.req = Object.assign(Readable.from([body]), { headers });
}

test('threat 52: an answer of another provider is not taken', async (t) => {
  const stage = await setUp(t, { providers: ['staff', 'partners'] });
  const { page, url, providers: [staff, partners], context } = stage;
  /** An attempt with the staff's provider; it has no session there before. */
  const begun = async () => {
    await context.clearCookies();
    return held(stage, page, async () => {
      await page.goto(`${url}/a`);
      await page.click('text=staff');
      await allow(page);
    });
  };
  const callback = await begun();
  assert.equal(new URL(callback).searchParams.get('iss'), staff.issuer);
  await assertShown(page, changed(callback, { iss: partners.issuer }), 'sign_in_failed');
  await assertShown(page, changed(await begun(), { iss: null }), 'sign_in_failed');
  await assertShown(page, `${await begun()}&iss=${encodeURIComponent(staff.issuer)}`, 'sign_in_failed');
  await assertShown(page, (await begun()).replace('/parseauth/staff', '/parseauth/partners'), 'sign_in_failed');
  assert.equal([...staff.asked, ...partners.asked].includes('POST /token'), false);
  await page.goto(await begun());
  assert.equal((await said(page)).user, 'alice');
});

test('an answer that comes too late is none', async (t) => {
  const stage = await setUp(t, { signIn: { attemptMaxAgeSeconds: 300 } });
  const { page, url, clock } = stage;
  const callback = await held(stage, page, async () => {
    await page.goto(`${url}/a`);
    await allow(page);
  });
  clock.skew = 301;
  await assertShown(page, callback, 'sign_in_failed');
});
