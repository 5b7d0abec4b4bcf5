import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startHandler } from './support/shipped-handler.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';
import { emptyFolder } from './support/zip-folder.mjs';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

/**
 * A handler with pages.
 *
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string | Buffer>} pages by status
 */
function startWithPages(t, pages) {
  const configFolder = emptyFolder(t);
  const files = Object.entries(pages).map(([status, content]) => {
    writeFileSync(join(configFolder, `${status}.html`), content);
    return [status, `./${status}.html`];
  });
  const configuration = { ...CONFIGURATION, realm: 'images', pages: Object.fromEntries(files) };
  return startHandler({ configuration, configFolder });
}

/** @type {[string, string, RegExp][]} */
const FORMS = [
  ['application/json', 'application/json', /^\{"status":401,"message":"Unauthorized"\}\n$/],
  [BROWSER, 'text/html; charset=utf-8', /^<!doctype html>[^]*You are not signed in, or your access has expired\./],
  ['text/plain;q=0.9, application/json;q=0.1', 'text/plain; charset=utf-8', /^401 Unauthorized: This needs/],
  ['text/html;q=0, text/*;q=0.5', 'text/plain; charset=utf-8', /^401/],
];
for (const [accept, type, body] of FORMS) {
  test(`the answer to \`Accept: ${accept}\` is ${type}`, async () => {
    const { send } = await startHandler({ configuration: CONFIGURATION });
    const { result } = await send('/users/alice/a.png', { headers: { Accept: accept } });
    assert.equal(result.headers['content-type'][0].value, type);
    assert.match(result.body, body);
  });
}

test('several `Accept` headers are one list', async () => {
  const { sendEvent } = await startHandler({ configuration: CONFIGURATION });
  const accept = [{ value: 'text/html;q=0.3' }, { value: 'text/plain;q=0.4' }, { value: 'image/png' }];
  const request = { method: 'GET', uri: '/users/a/b', querystring: '', headers: { accept } };
  const { result } = await sendEvent({ Records: [{ cf: { config: {}, request } }] });
  assert.equal(result.headers['content-type'][0].value, 'text/plain; charset=utf-8');
});

test('threat 43: our own pages send no referrer', async (t) => {
  const { send } = await startWithPages(t, { 401: '<!doctype html><a href="https://elsewhere.example">' });
  for (const accept of [BROWSER, 'application/json']) {
    const { result } = await send('/users/alice/a.png', { querystring: 'token=t', headers: { Accept: accept } });
    assert.equal(result.headers['referrer-policy'][0].value, 'no-referrer');
    assert.equal(result.headers['x-content-type-options'][0].value, 'nosniff');
  }
});

test("a page of the user's own stands in for ours, byte for byte", async (t) => {
  const page = '<!doctype html>\n<title>Pas d\u2019entr\u00e9e</title>{status}<style>p{color:red}</style>\n';
  const { send } = await startWithPages(t, { 401: page, 405: 'never' });
  const { result } = await send('/users/alice/a.png', { headers: { Accept: BROWSER } });
  assert.equal(result.body, page);
  assert.equal(result.headers['www-authenticate'][0].value, 'Bearer realm="images"');
  const policy = result.headers['content-security-policy'][0].value;
  assert.match(policy, /^default-src 'none'; style-src 'self' 'unsafe-inline'; /);
  assert.doesNotMatch(policy, /script-src/);
  const ours = await send('/no-rule', { headers: { Accept: BROWSER } });
  assert.match(ours.result.body, /<h1>No access/);
  const ourPolicy = ours.result.headers['content-security-policy'][0].value;
  assert.match(ourPolicy, /^default-src 'none'; img-src data:; style-src 'sha256-[\w+/]+='; base-uri 'none'; /);
  assert.doesNotMatch(ourPolicy, /unsafe|script-src/);
});

test('HEAD is answered with the same headers, and no content', async (t) => {
  const { send } = await startWithPages(t, { 401: '<!doctype html>' });
  const headers = { Accept: BROWSER };
  const get = await send('/users/alice/a.png', { headers });
  const head = await send('/users/alice/a.png', { method: 'HEAD', headers });
  assert.deepEqual(head.result, { ...get.result, body: '' });
});

test('the largest page stays below the limit of CloudFront, with every header there can be', async (t) => {
  const configFolder = emptyFolder(t);
  writeFileSync(join(configFolder, '405.html'), 'x'.repeat(37_888));
  const configuration = {
    ...CONFIGURATION,
    pages: { 405: './405.html' },
    cors: { allowOrigins: ['https://app.example.com'], allowCredentials: true },
  };
  const { send } = await startHandler({ configuration, configFolder });
  const headers = { Accept: BROWSER, Origin: 'https://app.example.com' };
  // `send` asks CloudFront's validator.
  const { result } = await send('/users/alice/a.png', { method: 'PUT', headers });
  assert.deepEqual([result.status, result.body.length], ['405', 37_888]);
});

/** @type {[string, string | Buffer, RegExp][]} */
const UNUSABLE = [
  ['too long', 'x'.repeat(37_889), /^pages\.401: `\.\/401\.html`: the page has 37889 bytes; at most 37888 are allowed$/],
  ['no UTF-8', Buffer.of(0xff), /^pages\.401: `\.\/401\.html`: the page is not UTF-8$/],
];
for (const [title, content, message] of UNUSABLE) {
  test(`a page that is ${title} lets nothing pass`, async (t) => {
    const { send, log } = await startWithPages(t, { 401: content });
    assert.match(log.last('cannot start').detail, message);
    assert.equal((await send('/public/logo.png')).result.status, '503');
  });
}

test('a page that is not there lets nothing pass', async (t) => {
  const configuration = { ...CONFIGURATION, pages: { 403: './pages/403.html' } };
  const { send, log } = await startHandler({ configuration, configFolder: emptyFolder(t) });
  assert.match(log.last('cannot start').detail, /^pages\.403: `\.\/pages\/403\.html`: ENOENT/);
  assert.equal((await send('/public/logo.png')).result.status, '503');
});
