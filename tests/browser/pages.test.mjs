// The pages that the sign-in shows, as people see them: each is kept as a picture in target/screenshots/.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { newContext, setUp, shownCode } from './support/stage.mjs';

/** @typedef {import('./support/stage.mjs').Stage} Stage */
/** @typedef {import('playwright-core').Page} Page */

const FOLDER = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
mkdirSync(FOLDER, { recursive: true });

/** @type {Record<string, import('playwright-core').BrowserContextOptions>} */
const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

/** How a browser gets to each page, by its code. @type {Record<string, (page: Page, stage: Stage) => Promise<unknown>>} */
const PAGES = {
  sign_in_choice: (page, { url }) => page.goto(`${url}/a`),
  sign_in_failed: (page, { url }) => page.goto(`${url}/parseauth/staff?state=none&code=none`),
  sign_in_denied: async (page, { url }) => {
    await page.goto(`${url}/parseauth/staff`);
    await page.click('button[value=deny]');
  },
  sign_in_unavailable: async (page, { url, provider }) => {
    provider.isDown = (path) => path === '/token';
    await page.goto(`${url}/parseauth/staff`);
    await page.click('button[value=allow]');
    provider.isDown = () => false;
  },
  sign_in_loop: async (page, stage) => {
    stage.site.dropCookies = (cookie) => cookie.includes('session');
    await page.goto(`${stage.url}/staff/a`);
    await page.click('button[value=allow]');
    stage.site.dropCookies = () => false;
  },
  refused: async (page, { url }) => {
    await page.goto(`${url}/boss/a`);
    await page.click('text=staff');
    await page.click('button[value=allow]');
  },
  sign_out_asked: async (page, { site, url }) => {
    site.page = { body: `<a href="${url}/signout">a</a>` };
    await page.goto(site.elsewhere);
    await page.click('a');
  },
  signed_out: (page, { url }) => page.goto(`${url}/signout/done`),
};

const RULES = [
  { match: { path: '/staff/{*rest}' }, allow: 'authenticated', signIn: 'staff' },
  { match: { path: '/boss/{*rest}' }, requires: { claim: 'sub', equals: 'boss' } },
  { match: { path: '/{*rest}' }, allow: 'authenticated' },
];

for (const [screen, options] of Object.entries(SCREENS)) {
  test(`the pages on a ${screen}, by day and in the dark`, async (t) => {
    const stage = await setUp(t, { providers: ['staff', 'partners'], rules: RULES });
    const context = await newContext(t, options);
    const page = await context.newPage();
    const complaints = complaintsOf(page, stage);
    for (const [code, goTo] of Object.entries(PAGES)) {
      await context.clearCookies();
      await goTo(page, stage);
      assert.equal(await shownCode(page), code);
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${FOLDER}${code}-${screen}-${colorScheme}.png` });
        assert.deepEqual(await looks(page), { isStyled: true, isWide: false, isDark: colorScheme === 'dark' }, code);
      }
    }
    assert.deepEqual(complaints, []);
  });
}

/**
 * What the browser says against the site's own pages, and what it asks others for because of them.
 *
 * @param {Page} page
 * @param {Stage} stage
 */
function complaintsOf(page, { url, providers, site }) {
  /** @type {string[]} */
  const complaints = [];
  const known = [url, site.elsewhere, ...providers.map(({ issuer }) => issuer)];
  page.on('console', (message) => {
    // Chromium tells of each answer that is an error; here they are meant to be.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!known.some((host) => request.url().startsWith(host))) complaints.push(request.url());
  });
  return complaints;
}

/**
 * Whether the page has its style, down to links that a finger hits; whether it is wider than the screen; whether it is dark.
 *
 * @param {Page} page
 */
function looks(page) {
  return page.evaluate(() => {
    const links = [...document.querySelectorAll('a')].map((link) => link.getBoundingClientRect().height);
    const [red = 255] = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number);
    const isWide = document.documentElement.scrollWidth > innerWidth;
    return { isStyled: links.length > 0 && Math.min(...links) >= 44, isWide, isDark: red < 128 };
  });
}

test('a page of the configuration is shown instead, and nothing in it that the policy does not allow', async (t) => {
  const body = `<!doctype html><html data-code="{{code}}"><title>{{title}} at Example</title>
    <style nonce="{{nonce}}">h1{color:rgb(1,2,3)}</style><style>p{color:rgb(1,2,3)}</style>
    <script>document.title = 'a script has run'</script><img src="https://elsewhere.test/a.gif">
    <img id="logo" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
    <h1>{{title}}</h1><p>{{text}}</p>{{links}}`;
  const stage = await setUp(t, { files: { 'page.html': body }, signIn: { page: { file: './page.html' } } });
  const { page, url, site } = stage;
  await page.goto(`${url}/signout/done`);
  assert.equal(await page.title(), 'Signed out at Example');
  const color = (/** @type {string} */ name) => page.locator(name).evaluate((element) => getComputedStyle(element).color);
  assert.equal(await color('h1'), 'rgb(1, 2, 3)');
  assert.notEqual(await color('p'), 'rgb(1, 2, 3)');
  assert.equal(await page.locator('#logo').evaluate((/** @type {HTMLImageElement} */ image) => image.naturalWidth), 1);
  assert.equal(site.seen.some(({ url: seen }) => seen === '/a.gif'), false);
});

test('threat 49: nobody puts the pages into a frame', async (t) => {
  const { page, url, site } = await setUp(t);
  for (const path of ['/a', '/signout', '/signout/done', '/parseauth?state=x']) {
    site.page = { body: `<iframe src="${url}${path}"></iframe>` };
    await page.goto(site.elsewhere);
    const [, frame] = page.frames();
    assert.equal(await frame.locator('a, input').count(), 0, path);
  }
});
