// docs/recipes/: the configuration and the claims of each provider's page, decided about in cases. A token is made with the claims
// of the page, but for what the case changes; claims that are `undefined` are left out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, NOW, token } from '../../examples/cases.mjs';
import { folderWith, run } from '../shim/support/cli.mjs';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { documents } from './support/documents.mjs';

/** @typedef {[name: string, uri: string, changes: Record<string, unknown>, expect: object]} Case */

/** @type {(rule: string) => object} */
const passes = (rule) => ({ decision: 'forward', code: 'allowed', rule });
/** @type {(code: string, status?: number) => object} */
const refused = (code, status = 401) => ({ status, code });
const DENIED = refused('policy_denied', 403);
const KEY = generateKey('RS256');

const TENANT = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const API = '6e74172b-be56-4843-9ff4-e66a39bb12e3';
const V1 = { ver: '1.0', iss: `https://sts.windows.net/${TENANT}/`, azp: undefined };

/** @type {Record<string, Case[]>} */
const CASES = {
  auth0: [
    ['the own folder, the bar encoded', '/users/auth0%7C6553da60a54af58e29493993/a.png', {}, passes('own')],
    ["another user's", '/users/auth0%7C1/a.png', {}, DENIED],
    ['a role in a claim with a URL for its name', '/wards/radiology/1.png', {}, passes('ward')],
    ['another role', '/wards/cardiology/1.png', {}, DENIED],
    ['a role in a claim without namespace', '/wards/radiology/1.png', { 'https://images.example.com/roles': undefined, roles: ['radiology'] }, DENIED],
    ['a scope', '/reports/1.pdf', {}, passes('reports')],
    ['no such scope', '/reports/1.pdf', { scope: 'openid profile' }, refused('insufficient_scope', 403)],
    ['a permission', '/frames/1', {}, passes('frames')],
    ['no RBAC, no permissions', '/frames/1', { permissions: undefined }, DENIED],
    ['an issuer without its slash', '/frames/1', { iss: 'https://example.eu.auth0.com' }, refused('issuer_unknown')],
    ['a token for /userinfo only', '/frames/1', { aud: 'https://example.eu.auth0.com/userinfo' }, refused('audience_mismatch')],
    ['an ID token', '/frames/1', { aud: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja' }, refused('audience_mismatch')],
  ],
  okta: [
    ['the own folder, by uid', '/users/00uexample0user/a.png', {}, passes('own')],
    ['by the login name', '/users/alice%40example.com/a.png', {}, DENIED],
    ['a group', '/wards/radiology/1.png', {}, passes('ward')],
    ['no groups claim in access tokens', '/wards/radiology/1.png', { groups: undefined }, DENIED],
    ['a scope in an array', '/reports/1.pdf', {}, passes('reports')],
    ['no such scope', '/reports/1.pdf', { scp: ['openid'] }, refused('insufficient_scope', 403)],
    ['the app', '/frames/1', {}, passes('viewer-app')],
    ['another app', '/frames/1', { cid: '0oaother' }, DENIED],
    ['the org authorization server', '/frames/1', { iss: 'https://example.okta.com', aud: 'https://example.okta.com' }, refused('issuer_unknown')],
    ['an ID token', '/frames/1', { aud: '0oaexample0app' }, refused('audience_mismatch')],
  ],
  'entra-id': [
    ['the own folder, by oid', '/users/690222be-ff1a-4d56-abd1-7e4f7d38e474/a.png', {}, passes('own')],
    ['a group by its object id', '/groups/0d7a1a4c-6c0f-4e6e-9d57-2f8b0c1d2e3f/1.png', {}, passes('group')],
    [
      'somebody with more groups than a token holds',
      '/groups/0d7a1a4c-6c0f-4e6e-9d57-2f8b0c1d2e3f/1.png',
      { groups: undefined, _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } },
      DENIED,
    ],
    ['a scope', '/reports/1.pdf', {}, passes('reports')],
    ['an app role', '/frames/1', {}, passes('frames')],
    ["an app's own token", '/frames/1', { scp: undefined, groups: undefined }, passes('frames')],
    ['neither role nor scope', '/frames/1', { roles: ['Other'] }, { status: 403 }],
    ['version 1.0, with the URI for an audience', '/frames/1', { ...V1, aud: `api://${API}` }, passes('frames')],
    ['version 1.0, with the id', '/frames/1', { ...V1, aud: API }, passes('frames')],
    ['version 1.0 without the slash', '/frames/1', { ...V1, iss: `https://sts.windows.net/${TENANT}` }, refused('issuer_unknown')],
    ['version 2.0 with the URI', '/frames/1', { aud: `api://${API}` }, refused('audience_mismatch')],
    ['another tenant', '/frames/1', { iss: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0' }, refused('issuer_unknown')],
    ['the placeholder of `common`', '/frames/1', { iss: 'https://login.microsoftonline.com/{tenantid}/v2.0' }, refused('issuer_unknown')],
    ['a token for Microsoft Graph', '/frames/1', { aud: '00000003-0000-0000-c000-000000000000' }, refused('audience_mismatch')],
  ],
  keycloak: [
    ['the own folder', '/users/0f8fad5b-d9cb-469f-a165-70867728950e/a.png', {}, passes('own')],
    ['a realm role', '/wards/radiology/1.png', {}, passes('ward')],
    ['another realm role', '/wards/cardiology/1.png', {}, DENIED],
    ['lightweight: no roles', '/wards/radiology/1.png', { realm_access: undefined }, DENIED],
    ['a client role', '/frames/1', {}, passes('frames')],
    ["another client's role of the same name", '/frames/1', { resource_access: { other: { roles: ['reader'] } } }, DENIED],
    ['a scope', '/reports/1.pdf', {}, passes('reports')],
    ['no mapper for the audience', '/frames/1', { aud: 'account' }, refused('audience_mismatch')],
    ['another realm', '/frames/1', { iss: 'https://sso.example.com/realms/master' }, refused('issuer_unknown')],
    ['the path of old versions', '/frames/1', { iss: 'https://sso.example.com/auth/realms/hospital' }, refused('issuer_unknown')],
  ],
  'amazon-cognito': [
    ['the own folder', '/users/6f1c9a52-0b0e-4b0d-9d5e-5a7f1f0c2d11/a.png', {}, passes('own')],
    ['a group', '/wards/radiology/1.png', {}, passes('ward')],
    ['in no group', '/wards/radiology/1.png', { 'cognito:groups': undefined }, DENIED],
    ['a scope', '/reports/1.pdf', {}, passes('reports')],
    ['the other form of the issuer', '/frames/1', { iss: 'https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_Example01' }, passes('frames')],
    ['the other app client', '/frames/1', { client_id: '5m2example' }, passes('frames')],
    ['an app client of others', '/frames/1', { client_id: '6n3example' }, refused('audience_mismatch')],
    ['an ID token', '/frames/1', { client_id: undefined, aud: '4l1example', token_use: 'id' }, refused('token_use_mismatch')],
    ['another pool', '/frames/1', { iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example02' }, refused('issuer_unknown')],
  ],
};

/** What is else in the token that stands for the person who has signed in. @type {Record<string, Record<string, unknown>>} */
const SIGNED_IN = {
  auth0: { aud: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja', email: 'alice@example.com', email_verified: true },
  okta: { aud: '0oaexample0app' },
  'entra-id': { aud: API, roles: ['Viewer'] },
  keycloak: {},
  'amazon-cognito': { token_use: 'id', client_id: undefined, aud: '4l1example' },
};

const PAGES = documents().filter(({ name }) => name.startsWith('docs/recipes/') && !name.endsWith('README.md'));

for (const { name, blocks } of PAGES) {
  const provider = name.slice('docs/recipes/'.length, -'.md'.length);
  const file = (/** @type {string} */ wanted) => blocks.find(({ file }) => file === wanted)?.text ?? assert.fail(`${name} has no ${wanted}`);

  test(`the cases of ${name} are decided as they expect`, async (t) => {
    const [config, claims] = [file('authorizer.json'), JSON.parse(file('claims.json'))];
    const cases = CASES[provider] ?? assert.fail(`${provider} has no cases`);
    const keys = Object.fromEntries(Object.keys(JSON.parse(config).providers).map((one) => [one, publicKeySet(KEY)]));
    const bearer = (/** @type {object} */ changes) => ({ headers: { Authorization: `Bearer ${token(KEY, { ...claims, ...changes })}` } });
    const lines = cases.map(([what, uri, changes, expect]) => {
      return JSON.stringify({ name: what, now: NOW, keys, event: event(uri, bearer(changes)), expect });
    });
    const path = folderWith(t, { 'authorizer.json': config, 'cases.jsonl': lines.join('\n') });
    const { code, stdout, stderr } = await run('explain', '--config', path('authorizer.json'), '--cases', path('cases.jsonl'));
    assert.deepEqual([code, stderr], [0, `${cases.length} cases: ${cases.length} as expected\n`], stdout);
    // A condition that is never met, or never not, is not tried out.
    for (const { name: rule } of JSON.parse(config).rules) {
      assert.ok(cases.some(([, , , expect]) => 'rule' in expect && expect.rule === rule), `no case passes by rule \`${rule}\``);
    }
  });

  test(`the sign-in of ${name} sends browsers away, refuses scripts, and takes the token that stands for the person`, async (t) => {
    const config = file('sign-in.json');
    const browser = { Host: 'images.example', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    const script = { Host: 'images.example' };
    const Authorization = `Bearer ${token(KEY, { ...JSON.parse(file('claims.json')), ...SIGNED_IN[provider] })}`;
    // Where the provider's document has the endpoints, `explain`, which fetches nothing, does not know them.
    const away = config.includes('"domain"') ? 'sign_in_required' : 'sign_in_unavailable';
    const cases = [
      { name: 'the front page', event: event('/', { headers: browser }), expect: { decision: 'respond', code: away } },
      { name: 'a page', event: event('/wards/radiology/', { headers: browser }), expect: { decision: 'respond', code: away } },
      { name: 'a script', event: event('/wards/radiology/1', { headers: script }), expect: refused('credentials_missing') },
      { name: 'signed in', event: event('/wards/radiology/1', { headers: { ...script, Authorization } }), expect: { code: 'allowed' } },
    ];
    const secrets = { 'cookie-key': 'x'.repeat(43), 'client-secret': 'y'.repeat(43) };
    const keys = { [String(Object.keys(JSON.parse(config).providers)[0])]: publicKeySet(KEY) };
    const lines = cases.map((line) => JSON.stringify({ ...line, keys, now: NOW })).join('\n');
    const path = folderWith(t, { 'sign-in.json': config, 'cases.jsonl': lines, ...secrets });
    const { code, stdout, stderr } = await run('explain', '--config', path('sign-in.json'), '--cases', path('cases.jsonl'));
    assert.deepEqual([code, stderr], [0, `${cases.length} cases: ${cases.length} as expected\n`], stdout);
  });
}

test('there is a page for each provider that has cases', () => {
  assert.equal(PAGES.length, Object.keys(CASES).length);
  assert.ok(PAGES.length >= 5);
});
