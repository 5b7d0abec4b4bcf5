// The sign-in over real sockets: the handler of the zip, a browser's cookies, and a provider on loopback.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Browser, locationOf } from './support/browser.mjs';
import { startProvider } from './support/provider.mjs';
import { assertForwarded, assertRefused, startHandler } from './support/shipped-handler.mjs';
import { NOW } from './support/viewer-event.mjs';
import { emptyFolder } from './support/zip-folder.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const COOKIE_KEY = 'a cookie key of the tests, long enough for one';
const CLIENT_SECRET = 'the secret of the client %/+';

/**
 * A handler, a provider, and a browser.
 *
 * @param {TestContext} t
 * @param {{ client?: object, signIn?: object, rules?: object[] }} [options]
 */
async function start(t, { client = {}, signIn = {}, rules } = {}) {
  const folder = emptyFolder(t);
  writeFileSync(join(folder, 'cookie-key'), `${COOKIE_KEY}\n`);
  writeFileSync(join(folder, 'client-secret'), CLIENT_SECRET);
  /** @type {{ now: number }} */
  let clock = { now: NOW };
  const provider = await startProvider(t, () => clock.now);
  const configuration = {
    providers: {
      people: {
        issuer: provider.issuer,
        audience: 'client-1',
        signIn: { clientId: 'client-1', clientSecret: { file: './client-secret' }, ...client },
      },
    },
    signIn: { cookieKey: { file: './cookie-key' }, ...signIn },
    rules: rules ?? [{ name: 'all', match: { path: '/{*rest}', methods: ['GET', 'POST', 'PUT'] }, allow: 'authenticated' }],
    forward: { claimToHeaders: { 'x-user': 'sub' } },
    logLevel: 'debug',
  };
  const handler = await startHandler({ configuration, configFolder: folder });
  ({ clock } = handler);
  handler.log.mustNotTell(COOKIE_KEY, CLIENT_SECRET, 'of-alice', 'opaque-access-token', 'code-1');
  return { handler, provider, clock, browser: new Browser(handler) };
}

/**
 * @param {Awaited<ReturnType<typeof start>>} set
 * @param {string} [page]
 */
async function signIn({ browser, provider }, page = '/a') {
  const sent = await browser.open(page);
  return browser.open(provider.letIn(locationOf(sent)));
}

test('a person signs in and sees the page that was asked for, query included', async (t) => {
  const set = await start(t);
  const { browser, provider } = set;
  const sent = await browser.open('/pictures/1.png?size=big&x=%2F&x=2');
  assert.equal(sent.result.status, '302');
  assert.equal(sent.record?.code, 'sign_in_required');
  const back = await browser.open(provider.letIn(locationOf(sent)));
  assert.equal(back.result.status, '303');
  assert.equal(back.record?.code, 'signed_in');
  assert.equal(locationOf(back), '/pictures/1.png?size=big&x=%2F&x=2');

  const page = await browser.open(locationOf(back));
  assertForwarded(page);
  assert.deepEqual(page.result.headers['x-user'], [{ key: 'x-user', value: 'alice' }]);
  assert.equal(page.result.headers.cookie, undefined);
  assert.equal(page.result.querystring, 'size=big&x=%2F&x=2');
  const basic = Buffer.from(`client-1:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64');
  assert.deepEqual(provider.authorizations, [`Basic ${basic}`]);
  assert.deepEqual(provider.asked, ['GET /.well-known/openid-configuration', 'POST /token', 'GET /.well-known/openid-configuration', 'GET /jwks.json']);
});

test('a person signs in where rules are for hosts', async (t) => {
  const rules = ['images.example', '*.images.example'].map((host) => {
    return { match: { host, path: '/{*rest}' }, allow: 'authenticated' };
  });
  const set = await start(t, { rules });
  assert.equal((await signIn(set)).record?.code, 'signed_in');
  assertForwarded(await set.browser.open('/a'));
});

test('a token that is issued after the request came is not from the future', async (t) => {
  const set = await start(t);
  const { browser, provider, clock } = set;
  provider.onTokens = () => {
    clock.now += 10;
  };
  await signIn(set);
  assertForwarded(await browser.open('/a'));
  clock.now += 3500;
  assert.equal((await browser.open('/a')).record?.code, 'session_refreshed');
  assertForwarded(await browser.open('/a'));
});

test('threat 53: what is no page is told 401 and never redirected', async (t) => {
  const { browser } = await start(t);
  for (const [mode, dest] of [['cors', 'empty'], ['no-cors', 'image'], ['no-cors', 'video'], ['navigate', 'iframe']]) {
    const answer = await browser.fetch('/a', { 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': dest, Accept: '*/*' });
    assertRefused(answer, 'credentials_missing', 401);
    assert.equal(answer.result.headers['www-authenticate'][0].value, 'Bearer');
  }
  assertRefused(await browser.fetch('/favicon.ico', { Accept: 'image/*,*/*' }), 'credentials_missing', 401);
  assertRefused(await browser.fetch('/a', { Accept: 'text/html' }, 'PUT'), 'credentials_missing', 401);
  assert.equal((await browser.fetch('/a', { Accept: 'text/html' }, 'POST')).result.status, '303');
});

test('threat 50: a code is good for one time', async (t) => {
  const { browser, provider } = await start(t);
  const callback = provider.letIn(locationOf(await browser.open('/a')));
  const cookies = new Map(browser.cookies);
  assert.equal((await browser.open(callback)).record?.code, 'signed_in');
  assert.equal((await browser.open(callback)).record?.code, 'sign_in_failed');
  // Even where the cookie of the attempt was kept.
  browser.cookies = cookies;
  const replayed = await browser.open(callback);
  assert.equal(replayed.record?.code, 'sign_in_failed');
  assert.match(replayed.record?.detail, /invalid_grant/);
});

test('a session is refreshed before its token ends, and the refresh token with it', async (t) => {
  const set = await start(t);
  const { browser, provider, clock } = set;
  await signIn(set);
  const first = provider.refreshToken;
  clock.now += 3600 - 301;
  assertForwarded(await browser.open('/a?x=1'));
  clock.now += 2;
  // Images pass as long as the token does.
  assertForwarded(await browser.fetch('/a.png', { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }));
  const refreshed = await browser.open('/a?x=1&y=%20');
  assert.equal(refreshed.result.status, '307');
  assert.equal(refreshed.record?.code, 'session_refreshed');
  assert.equal(locationOf(refreshed), '/a?x=1&y=%20');
  assert.notEqual(provider.refreshToken, first);
  assertForwarded(await browser.open('/a?x=1&y=%20'));
  clock.now += 3000;
  assertForwarded(await browser.open('/a'));
  // And after it has ended, with the new refresh token.
  clock.now += 700;
  assertRefused(await browser.fetch('/a.png', { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }), 'token_expired', 401);
  assert.equal((await browser.open('/a')).record?.code, 'session_refreshed');
  assertForwarded(await browser.open('/a'));
});

test('threat 53: tabs that refresh at once send one request', async (t) => {
  const set = await start(t);
  const { browser, provider, clock } = set;
  await signIn(set);
  clock.now += 3500;
  provider.asked = [];
  const tabs = Array.from({ length: 5 }, () => Object.assign(new Browser(set.handler), { cookies: new Map(browser.cookies) }));
  const answers = await Promise.all(tabs.map((tab, index) => tab.open(`/${index}`)));
  for (const { record } of answers) assert.equal(record?.code, 'session_refreshed');
  assert.equal(provider.asked.filter((asked) => asked === 'POST /token').length, 1);
  for (const tab of tabs) assertForwarded(await tab.open('/a'));
});

test('where the refresh token is not taken any more the person signs in again', async (t) => {
  const set = await start(t);
  const { browser, provider, clock } = set;
  await signIn(set);
  provider.refreshToken = 'another';
  clock.now += 3500;
  assertForwarded(await browser.open('/a'));
  clock.now += 200;
  const sent = await browser.open('/a');
  assert.equal(sent.record?.code, 'sign_in_required');
  assert.equal((await browser.open(provider.letIn(locationOf(sent)))).record?.code, 'signed_in');
});

test('scripts ask for a refresh', async (t) => {
  const set = await start(t);
  const { browser, clock } = set;
  const script = { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Site': 'same-origin' };
  assertRefused(await browser.fetch('/refreshauth', script, 'POST'), 'session_invalid', 401);
  await signIn(set);
  clock.now += 4000;
  assertRefused(await browser.fetch('/a', script), 'token_expired', 401);
  const refreshed = await browser.fetch('/refreshauth', script, 'POST');
  assert.equal(refreshed.result.status, '204');
  assertForwarded(await browser.fetch('/a', script));
});

test('threat 55: signing out ends the session here, the refresh token, and the session at the provider', async (t) => {
  const set = await start(t);
  const { browser, provider } = set;
  await signIn(set);
  const { refreshToken } = provider;
  const out = await browser.open('/signout');
  assert.equal(out.result.status, '303');
  assert.equal(out.record?.code, 'signed_out');
  assert.deepEqual([...browser.cookies], []);
  assert.equal(provider.asked.at(-1), 'POST /revoke');
  assert.equal(provider.forms.at(-1)?.token, refreshToken);
  const location = new URL(locationOf(out));
  assert.equal(`${location.origin}${location.pathname}`, `${provider.issuer}/logout`);
  assert.equal(location.searchParams.get('post_logout_redirect_uri'), 'https://images.example/signout/done');
  const done = await browser.open('/signout/done');
  assert.equal(done.result.status, '200');
  assert.equal((await browser.open('/a')).record?.code, 'sign_in_required');
});

test('threat 55: a link on another site signs nobody out', async (t) => {
  const set = await start(t);
  const { browser } = set;
  await signIn(set);
  const asked = await browser.open('/signout', { 'Sec-Fetch-Site': 'cross-site' });
  assert.equal(asked.record?.code, 'sign_out_asked');
  assertForwarded(await browser.open('/a'));
});

test('a provider that is down is a 503 that says so, and signing out works all the same', async (t) => {
  const set = await start(t);
  const { browser, provider, clock } = set;
  await signIn(set);
  provider.misbehave = (response) => response.socket?.destroy();
  clock.now += 3500;
  assertForwarded(await browser.open('/a'));
  clock.now += 200;
  assert.equal((await browser.open('/a')).record?.code, 'sign_in_unavailable');
  const out = await browser.open('/signout');
  assert.equal(out.record?.code, 'signed_out');
  assert.deepEqual([...browser.cookies], []);
  clock.now += 4000;
  const answer = await browser.open('/a');
  assert.equal(answer.record?.code, 'sign_in_unavailable');
  assert.equal(answer.result.status, '503');
});

test('pages that nobody has signed in for ask a provider that is down for its metadata once in 10 s', async (t) => {
  const { browser, provider, clock } = await start(t);
  provider.misbehave = (response) => response.writeHead(500).end();
  const open = async () => (await browser.open('/a')).record?.code;
  for (let second = 0; second < 10; second += 1) {
    assert.equal(await open(), 'sign_in_unavailable');
    clock.now += 1;
  }
  assert.equal(provider.asked.length, 1);
  assert.equal(await open(), 'sign_in_unavailable');
  assert.equal(provider.asked.length, 2);
  provider.misbehave = undefined;
  clock.now += 10;
  assert.equal(await open(), 'sign_in_required');
});

test('HEAD of a page has its headers and no content', async (t) => {
  const { browser } = await start(t);
  for (const path of ['/signout/done', '/parseauth?state=none']) {
    const [head, get] = [await browser.fetch(path, {}, 'HEAD'), await browser.open(path)];
    assert.match(get.result.body, /^<!doctype html>/);
    assert.deepEqual(head.result, { ...get.result, body: '' });
  }
});

test('threat 59: without entropy nobody signs in, and nobody passes', async (t) => {
  const { browser } = await start(t);
  const getRandomValues = t.mock.method(crypto, 'getRandomValues', () => {
    throw new Error('no entropy');
  });
  assertRefused(await browser.open('/a'), 'internal', 503);
  getRandomValues.mock.mockImplementation((/** @type {any} */ bytes) => bytes);
  assertRefused(await browser.open('/a'), 'internal', 503);
  getRandomValues.mock.restore();
  assert.equal((await browser.open('/a')).record?.code, 'sign_in_required');
});

test('threat 56: a token in the place of a session is none, and a session in the place of a token neither', async (t) => {
  const set = await start(t);
  const { browser, handler } = set;
  await signIn(set);
  const [[name, value]] = [...browser.cookies].filter(([cookie]) => cookie.includes('session'));
  assert.equal((await handler.send('/a', { token: value })).result.status, '401');
  assert.equal((await handler.send('/a', { token: `=${value.slice(1)}` })).result.status, '401');
  const bare = await handler.send('/a', { headers: { Cookie: `${name}=1eyJhbGciOiJub25lIn0` } });
  assertRefused(bare, 'session_invalid', 401);
});
