// docs/migrating/: the configurations there do what the pages say, with the cookies and tokens that there were before.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, NOW, token } from '../../examples/cases.mjs';
import { folderWith, run } from '../shim/support/cli.mjs';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { documentOf } from './support/documents.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const KEY = generateKey('RS256');
const POOL = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example01';
const ID = { iss: POOL, aud: '4l1example', token_use: 'id', sub: 'alice', 'cognito:groups': ['viewers'] };
const PAGE = { Host: 'site.example', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
const SCRIPT = { Host: 'site.example', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };

/**
 * @param {TestContext} t
 * @param {string} page
 */
function filesOf(t, page) {
  const config = documentOf(`docs/migrating/${page}.md`).blocks.find(({ file }) => file === 'authorizer.json')?.text;
  assert.ok(config, page);
  const keys = Object.fromEntries(Object.keys(JSON.parse(config).providers).map((name) => [name, publicKeySet(KEY)]));
  const secrets = { 'cookie-key': 'x'.repeat(43), 'client-secret': 'y'.repeat(43) };
  return folderWith(t, { 'authorizer.json': config, 'keys.json': keys, ...secrets });
}

/**
 * @param {TestContext} t
 * @param {string} page
 * @param {[name: string, event: object, expect: object][]} cases
 */
async function assertDecided(t, page, cases) {
  const path = filesOf(t, page);
  const lines = cases.map(([name, event, expect]) => JSON.stringify({ name, now: NOW, event, expect })).join('\n');
  const file = folderWith(t, { 'cases.jsonl': lines })('cases.jsonl');
  const options = ['--config', path('authorizer.json'), '--keys', path('keys.json')];
  const { code, stdout, stderr } = await run('explain', ...options, '--cases', file);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stderr, new RegExp(`^${cases.length} cases?: ${cases.length} as expected\n$`));
}

/** The cookies of before. @param {Record<string, unknown>} [changes] */
function cookies(changes) {
  const before = 'CognitoIdentityServiceProvider.4l1example';
  const session = `${before}.alice.idToken=${token(KEY, { ...ID, ...changes })}; ${before}.alice.refreshToken=r`;
  return { Cookie: `${before}.LastAuthUser=alice; ${session}; theme=dark` };
}

for (const [page, file] of [
  ['cloudfront-authorization-at-edge', 'configuration.json'],
  ['cognito-at-edge', 'parameters.json'],
]) {
  test(`${page}: the page shows what \`convert\` makes of its example`, async (t) => {
    const { blocks } = documentOf(`docs/migrating/${page}.md`);
    const [source, shown] = [file, 'authorizer.json'].map((name) => blocks.find((block) => block.file === name)?.text);
    const path = folderWith(t, { source });
    const { code, stdout, stderr } = await run('convert', '--from', path('source'));
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(String(shown)), JSON.parse(stdout));
  });
}

for (const page of ['cloudfront-authorization-at-edge', 'cognito-at-edge']) {
  test(`${page}: whoever is signed in stays so until the ID token ends`, (t) => {
    const over = cookies({ exp: NOW - 60 });
    return assertDecided(t, page, [
      ['the root', event('/', { headers: { ...PAGE, ...cookies() } }), { code: 'allowed', rule: 'root' }],
      ['a file', event('/a.js', { headers: { ...SCRIPT, ...cookies() } }), { code: 'allowed', rule: 'site' }],
      ['a page, the token has ended', event('/a', { headers: { ...PAGE, ...over } }), { status: 302, code: 'sign_in_required' }],
      ['a script, the token has ended', event('/a', { headers: { ...SCRIPT, ...over } }), { status: 401 }],
      ['nobody, a page', event('/a', { headers: PAGE }), { status: 302, code: 'sign_in_required' }],
      ['nobody, a script', event('/a', { headers: SCRIPT }), { status: 401, code: 'credentials_missing' }],
      ['another app client', event('/a', { headers: { ...SCRIPT, ...cookies({ aud: 'other' }) } }), { status: 401 }],
    ]);
  });

  test(`${page}: the origin gets no old cookie, and signing out clears them`, async (t) => {
    const path = filesOf(t, page);
    const explained = async (/** @type {object} */ event) => {
      const file = folderWith(t, { 'event.json': event })('event.json');
      const options = ['--config', path('authorizer.json'), '--keys', path('keys.json'), '--now', String(NOW), '--json'];
      return JSON.parse((await run('explain', ...options, '--event', file)).stdout);
    };
    const passed = await explained(event('/a.js', { headers: { ...SCRIPT, ...cookies() } }));
    assert.deepEqual(passed.result.headers.cookie?.map((/** @type {{ value: string }} */ { value }) => value.trim()), ['theme=dark']);
    // Without a refresh token, since `explain` asks nobody to revoke it.
    const Cookie = cookies().Cookie.replace(/; \S+refreshToken=r/, '');
    const signedOut = await explained(event('/signout', { headers: { ...PAGE, Cookie } }));
    assert.equal(signedOut.code, 'signed_out');
    const set = signedOut.result.headers['set-cookie'].map((/** @type {{ value: string }} */ { value }) => value);
    const cleared = set.filter((/** @type {string} */ value) => value.startsWith('CognitoIdentityServiceProvider.'));
    assert.ok(cleared.length >= 2, set.join('\n'));
    for (const value of cleared) assert.match(value, /=; Max-Age=0; Path=\/; Secure/);
  });
}

test('cloudfront-authorization-at-edge: whoever is not of the group is denied, and not sent to sign in', (t) => {
  const headers = { ...PAGE, ...cookies({ 'cognito:groups': ['others'] }) };
  return assertDecided(t, 'cloudfront-authorization-at-edge', [['a page', event('/a', { headers }), { status: 403, code: 'policy_denied' }]]);
});

test('aws-jwt-verify: tokens are decided about as its page says', (t) => {
  const access = { iss: POOL, client_id: '4l1example', token_use: 'access', sub: 'alice' };
  const reader = { ...access, 'cognito:groups': ['users'], scope: 'my-api/read' };
  const asked = (/** @type {string} */ uri, /** @type {object} */ claims, scheme = 'Bearer ') => {
    return event(uri, { headers: { Authorization: `${scheme}${token(KEY, { ...claims })}` } });
  };
  return assertDecided(t, 'aws-jwt-verify', [
    ['one of the groups, and the scope', asked('/reports/1', reader), { code: 'allowed', rule: 'reports' }],
    ['another group', asked('/reports/1', { ...reader, 'cognito:groups': ['guests'] }), { status: 403, code: 'policy_denied' }],
    ['another scope', asked('/reports/1', { ...reader, scope: 'my-api/write' }), { status: 403, code: 'insufficient_scope' }],
    ['any token elsewhere', asked('/a', access), { code: 'allowed' }],
    ['any token at the front page', asked('/', access), { code: 'allowed' }],
    ['of the partner', asked('/a', { iss: 'https://partner.example/', aud: 'images', sub: 'p' }), { code: 'allowed' }],
    ['without exp', asked('/a', { ...access, exp: undefined }), { status: 401, code: 'claim_missing' }],
    ['without Bearer', asked('/a', access, ''), { status: 401, code: 'credentials_missing' }],
    ['a POST', { ...event('/a', { method: 'POST' }) }, { status: 405, code: 'method_not_allowed' }],
    ['double encoding', event('/a/%252e'), { status: 400, code: 'request_malformed' }],
  ]);
});
