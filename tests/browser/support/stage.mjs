import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHandler } from '../../shim/support/shipped-handler.mjs';
import { emptyFolder } from '../../shim/support/zip-folder.mjs';
import { startChromium } from './chromium.mjs';
import { Clock } from './clock.mjs';
import { startProvider } from './provider.mjs';
import { startSite } from './site.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('./provider.mjs').Provider} Provider */
/**
 * @typedef {object} StageOptions
 * @property {Record<string, unknown>} [client] the provider's `signIn` in the configuration
 * @property {Record<string, unknown>} [signIn] `signIn` at the top of the configuration
 * @property {Record<string, unknown>} [people] more of the provider in the configuration
 * @property {object} [provider] configuration of `oidc-provider`
 * @property {(context: any, next: () => Promise<void>) => Promise<void>} [before] of the provider's own answers
 * @property {string[]} [providers] the names of the providers
 * @property {object[]} [rules]
 * @property {number} [instances] of the function, which take turns, as on Lambda where requests come at once
 * @property {Record<string, string>} [files] beside the configuration
 */

const RULES = [
  { name: 'public', match: { path: '/public/{*rest}', methods: ['GET', 'POST'] }, allow: 'anyone' },
  { name: 'home', match: { path: '/' }, allow: 'authenticated' },
  { name: 'all', match: { path: '/{*rest}', methods: ['GET', 'POST', 'PUT'] }, allow: 'authenticated' },
];

/**
 * All parts that a test needs: the site behind the local edge, the handler of the zip in it, a provider, a clock for both, and a
 * browser without cookies.
 *
 * @param {TestContext} t
 * @param {StageOptions} [options]
 */
export async function setUp(t, options = {}) {
  const clock = new Clock(t);
  const folder = emptyFolder(t);
  const secrets = writeFiles(folder, options);
  /** @type {import('../../../www-shim/edge/types.d.ts').Handler[]} */
  const handlers = [];
  let turn = 0;
  const site = await startSite(t, (event, context) => handlers[(turn += 1) % handlers.length](event, context));
  const url = isOverHttps(options) ? site.url : site.plainUrl;
  const names = options.providers ?? ['people'];
  const providers = await Promise.all(names.map((name) => startProviderFor(t, options, { name, url, secret: secrets.clientSecret })));

  const configuration = configurationOf(options, new Map(names.map((name, index) => [name, providers[index].issuer])));
  const instances = await Promise.all(
    Array.from({ length: options.instances ?? 1 }, () => startHandler({ configuration, configFolder: folder, now: clock.atEdge })),
  );
  handlers.push(...instances.map(({ handler }) => handler));
  const logs = instances.map(({ log }) => log);
  for (const log of logs) log.mustNotTell(...Object.values(secrets));
  t.after(() => {
    // Reading them checks that they tell no secret.
    for (const log of logs) assert.deepEqual(log.entriesOf('cannot start'), []);
    assert.deepEqual(site.problems, []);
    assert.deepEqual(site.originRequests.filter(({ headers }) => /edge-/.test(JSON.stringify(headers.cookie ?? ''))), []);
  });
  const context = await newContext(t);
  const page = await context.newPage();
  return { site, url, provider: providers[0], providers, clock, log: logs[0], context, page };
}

/**
 * What the configuration refers to.
 *
 * @param {string} folder
 * @param {StageOptions} options
 */
function writeFiles(folder, { files = {} }) {
  // With characters that have to be encoded on the way to the provider (RFC 6749, section 2.3.1).
  const secrets = { cookieKey: randomBytes(32).toString('base64'), clientSecret: `${randomBytes(16).toString('base64')}%/+ &` };
  const all = { 'cookie-key': secrets.cookieKey, 'client-secret': secrets.clientSecret, ...files };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content);
  return secrets;
}

/**
 * A provider that knows the site.
 *
 * @param {TestContext} t
 * @param {StageOptions} options
 * @param {{ name: string, url: string, secret: string }} site the provider's name there, its URL, and the client secret
 */
function startProviderFor(t, options, { name, url, secret }) {
  const { client = {}, signIn = {}, providers = [], provider, before } = options;
  const callback = providers.length > 1 ? `/parseauth/${name}` : '/parseauth';
  const registration = {
    client_id: 'site',
    token_endpoint_auth_method: client.clientAuthentication ?? 'client_secret_basic',
    ...(isPublic(options) ? {} : { client_secret: secret }),
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: [`${url}${callback}`],
    post_logout_redirect_uris: [`${url}${signIn.redirectPathSignOut ?? '/signout/done'}`],
  };
  return startProvider(t, { client: registration, configuration: provider, before });
}

/**
 * @param {StageOptions} options
 * @param {Map<string, string>} issuers by the provider's name
 */
function configurationOf(options, issuers) {
  const { client, signIn, people, rules = RULES } = options;
  const secret = isPublic(options) ? {} : { clientSecret: { file: './client-secret' } };
  const providers = [...issuers].map(([name, issuer]) => [
    name,
    { issuer, audience: 'site', signIn: { clientId: 'site', ...secret, ...client }, ...people },
  ]);
  return {
    providers: Object.fromEntries(providers),
    signIn: { cookieKey: { file: './cookie-key' }, ...signIn },
    rules,
    forward: { claimToHeaders: { 'x-user': 'sub' } },
    logLevel: 'debug',
  };
}

/** @param {StageOptions} options */
function isPublic({ client }) {
  return client?.clientAuthentication === 'none';
}

/** @param {StageOptions} options */
function isOverHttps({ signIn }) {
  const { secure = true } = /** @type {{ secure?: boolean }} */ (signIn?.cookieSettings ?? {});
  return secure;
}

/**
 * Another browser, as far as cookies go.
 *
 * @param {TestContext} t
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function newContext(t, options) {
  const browser = await startChromium();
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  t.after(() => context.close());
  return context;
}

/** @typedef {Awaited<ReturnType<typeof setUp>>} Stage */

/**
 * The person signs in on the provider's page.
 *
 * @param {Page} page
 * @param {string} [login]
 */
export async function allow(page, login = 'alice') {
  // A tab in the background is drawn seldom, and a click waits for that.
  await page.bringToFront();
  await page.fill('input[name=login]', login);
  await page.click('button[value=allow]');
}

/**
 * Opens a page of the site, and signs in on the way.
 *
 * @param {Stage} stage
 * @param {string} [path]
 */
export async function signIn({ page, url }, path = '/a') {
  await page.goto(`${url}${path}`);
  await allow(page);
  assert.equal(await page.title(), 'alice');
}

/**
 * What the origin said in its page: who asked for what.
 *
 * @param {Page} page
 */
export async function said(page) {
  return JSON.parse((await page.textContent('pre')) ?? '');
}

/**
 * The code of the sign-in's own page that is shown.
 *
 * @param {Page} page
 */
export function shownCode(page) {
  return page.getAttribute('html', 'data-code');
}

/**
 * The names of the sign-in's cookies that the browser has for a site, those of attempts without what is random in them.
 *
 * @param {BrowserContext} context
 */
export async function ownCookies(context) {
  const names = (await context.cookies()).map(({ name }) => name).filter((name) => name.includes('edge-'));
  return names.map((name) => name.replace(/attempt-.*/, 'attempt')).sort();
}

/**
 * Lets a browser go as far as the way back from the provider, and keeps the request from the edge.
 *
 * @param {Stage} stage
 * @param {Page} page
 * @param {() => Promise<unknown>} action
 * @returns {Promise<string>} the URL that the provider sent the browser to
 */
export async function held({ site, url }, page, action) {
  let callback = '';
  site.intercept = ({ uri, querystring }) => {
    if (!uri.startsWith('/parseauth') || !querystring.includes('state=')) return undefined;
    callback = `${url}${uri}?${querystring}`;
    return { status: '200', headers: { 'content-type': [{ value: 'text/html' }] }, body: '<title>held</title>' };
  };
  await action();
  assert.equal(await page.title(), 'held');
  site.intercept = () => undefined;
  return callback;
}
