// `serve` over examples/sign-in: a person clicks through the sign-in, with no account anywhere.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWith, run, startServe } from './support/cli.mjs';
import { freePort } from './support/free-port.mjs';
import { HttpBrowser } from './support/http-browser.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const EXAMPLE = new URL('../../examples/sign-in/', import.meta.url);
const SITE = fileURLToPath(new URL('site', EXAMPLE));
const IMAGE = { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image', Accept: 'image/*' };

/** The configuration, with its issuer on a port that is free. */
async function configuration() {
  const text = readFileSync(new URL('authorizer.json', EXAMPLE), 'utf8');
  return JSON.parse(text.replace('127.0.0.1:8081', `127.0.0.1:${await freePort()}`));
}

/**
 * @param {TestContext} t
 * @param {any} config
 * @param {Record<string, unknown>} [files] beside it
 */
async function serve(t, config, files = {}) {
  const path = folderWith(t, { 'authorizer.json': config, ...files });
  const args = ['--config', path('authorizer.json'), '--origin', SITE, '--development-issuer'];
  return { ...(await startServe(t, ...args)), path };
}

test('a person signs in, sees what is theirs, and signs out', async (t) => {
  const config = await configuration();
  const { issuer } = config.providers.dev;
  const { url, waitFor, path } = await serve(t, config);
  await waitFor(/^sign-in +open http:\S+ in a browser, and sign in as Alice, Bob, or Carol$/m);
  await waitFor(/^cookie key +\S+cookie-key \(made now, since it was not there\)$/m);
  assert.equal(statSync(path('cookie-key')).mode & 0o777, 0o600);

  const browser = new HttpBrowser();
  const home = await browser.open(`${url}/`);
  assert.equal(home.status, 200);
  assert.equal((await browser.fetch(`${url}/members/hills.svg`, IMAGE)).status, 401);

  // The deep link is kept, query included.
  const choice = await browser.click(home, 'Landscapes');
  assert.match(choice.text, /<h1>Sign in as<\/h1>/);
  const members = await browser.click(choice, 'Alice');
  assert.equal(members.url, `${url}/members/index.html?from=home&view=2`);
  assert.match(members.text, /<h1>Landscapes<\/h1>/);
  assert.deepEqual(browser.hops, [
    `302 ${issuer}/authorize`,
    `303 ${url}/parseauth`,
    `303 ${url}/members/index.html`,
  ]);
  assert.equal((await browser.fetch(`${url}/members/hills.svg`, IMAGE)).status, 200);
  assert.equal((await browser.open(`${url}/groups/radiology/index.html`)).status, 200);
  assert.equal((await browser.open(`${url}/groups/admins/index.html`)).status, 403);

  const done = await browser.click(members, 'Sign out');
  assert.equal(done.url, `${url}/signout/done`);
  assert.ok(browser.hops.includes(`303 ${issuer}/end-session`));
  assert.deepEqual([...browser.cookies.keys()], []);
  assert.match((await browser.open(`${url}/members/index.html`)).text, /<h1>Sign in as<\/h1>/);
  await waitFor(/ signed_out /);
});

test('declining comes back to a page that says so', async (t) => {
  const { url, waitFor } = await serve(t, await configuration());
  const browser = new HttpBrowser();
  const page = await browser.click(await browser.open(`${url}/members/index.html`), 'Decline');
  assert.equal(page.status, 403);
  await waitFor(/ sign_in_denied /);
});

test('users of your own, a confidential client and two providers to choose from', async (t) => {
  const config = await configuration();
  const dev = { ...config.providers.dev, issuer: `${config.providers.dev.issuer}/one` };
  dev.signIn = { ...dev.signIn, clientSecret: { file: './client-secret' } };
  const other = { ...config.providers.dev, issuer: `${config.providers.dev.issuer}/two` };
  other.signIn = { clientId: 'other', title: 'Partners' };
  const dana = { title: 'Dana', claims: { sub: 'dana', groups: ['admins'] } };
  const files = { 'client-secret': 'a secret %+', 'users.json': [dana] };
  const { url, waitFor } = await serve(t, { ...config, providers: { dev, other } }, files);
  await waitFor(/sign in as Dana$/m);
  for (const title of ['Development', 'Partners']) {
    const browser = new HttpBrowser();
    const providers = await browser.open(`${url}/groups/admins/index.html`);
    assert.equal(providers.status, 401);
    const page = await browser.click(await browser.click(providers, title), 'Dana');
    assert.deepEqual([page.status, page.url], [200, `${url}/groups/admins/index.html`]);
  }
});

test('where cookies of sessions get lost, a page says so in the place of the providers', async (t) => {
  const config = await configuration();
  const { dev } = config.providers;
  const providers = { one: { ...dev, issuer: `${dev.issuer}/one` }, two: { ...dev, issuer: `${dev.issuer}/two` } };
  providers.two.signIn = { ...dev.signIn, title: 'Partners' };
  const { url } = await serve(t, { ...config, providers });
  const browser = new HttpBrowser();
  const open = () => browser.open(`${url}/members/index.html`);
  let page = await browser.click(await browser.click(await open(), 'Partners'), 'Alice');
  for (let times = 2; times <= 3; times += 1) {
    for (const name of browser.cookies.keys()) if (name.includes('session-')) browser.cookies.delete(name);
    page = await browser.click(await open(), 'Partners');
  }
  assert.equal(page.status, 200);
  for (const name of browser.cookies.keys()) if (name.includes('session-')) browser.cookies.delete(name);
  page = await open();
  assert.deepEqual([page.status, /data-code="(\w+)"/.exec(page.text)?.[1]], [403, 'sign_in_loop']);
  assert.match((await open()).text, /Partners/);
});

test('keys of cookies that are there are not replaced', async (t) => {
  const key = 'a cookie key of the tests, long enough for one';
  const { waitFor, path, output } = await serve(t, await configuration(), { 'cookie-key': key });
  await waitFor(/^sign-in /m);
  assert.equal(readFileSync(path('cookie-key'), 'utf8'), key);
  assert.doesNotMatch(output(), /cookie key/);
});

test('a provider that is elsewhere is not stood in for: that is said, and no key is made', async (t) => {
  const config = await configuration();
  config.providers.dev.issuer = 'https://issuer.example';
  const path = folderWith(t, { 'authorizer.json': config });
  const args = ['--config', path('authorizer.json'), '--origin', SITE, '--development-issuer'];
  assert.equal((await run('serve', ...args)).code, 1);
  assert.ok(!existsSync(path('cookie-key')));
  const serving = await serve(t, config, { 'cookie-key': 'a cookie key of the tests, long enough for one' });
  await serving.waitFor(/^no sign-in +provider `dev` has an `issuer` that is not http on loopback/m);
  assert.doesNotMatch(serving.output(), /sign in as/);
});

/** @type {[string, (config: any) => void, Record<string, unknown>, RegExp][]} */
const MISTAKES = [
  ['cookies for https', (config) => delete config.signIn.cookieSettings, {}, /`signIn\.cookieSettings\.secure` has to be `false`/],
  ['no list of users', () => {}, { 'users.json': {} }, /users `.*`: must be a list of users/],
  ['a user without title', () => {}, { 'users.json': [{ claims: { sub: 'a' } }] }, /entry 1 has no `title`/],
  ['a user without `sub`', () => {}, { 'users.json': [{ title: 'a', claims: {} }] }, /entry 1 has no `claims` with a `sub`/],
  [
    'two users of one `sub`',
    () => {},
    { 'users.json': [{ title: 'a', claims: { sub: 'a' } }, { title: 'b', claims: { sub: 'a' } }] },
    /entry 2 has the `sub` of an earlier one/,
  ],
];
for (const [title, change, files, message] of MISTAKES) {
  test(`not served: ${title}`, async (t) => {
    const config = await configuration();
    change(config);
    const path = folderWith(t, { 'authorizer.json': config, ...files });
    const args = ['--config', path('authorizer.json'), '--origin', SITE, '--development-issuer', '--port', '0'];
    const { code, stderr } = await run('serve', ...args);
    assert.equal(code, 1);
    assert.match(stderr, message);
  });
}
