// Configurations of other software become ours: what can be carried over is, the rest is said, and nothing of it is an error.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { folderWith, run } from './support/cli.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const SECRET = 'the-client-secret-of-the-tests';

/** As the template of cloudfront-authorization-at-edge writes it for its functions. */
const AUTHORIZATION_AT_EDGE = {
  userPoolArn: 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Example01',
  jwks: { keys: [{ kty: 'RSA', kid: 'a', alg: 'RS256', use: 'sig', n: 'AQAB', e: 'AQAB' }] },
  clientId: '4l1example',
  clientSecret: SECRET,
  oauthScopes: ['phone', 'email', 'profile', 'openid', 'aws.cognito.signin.user.admin'],
  cognitoAuthDomain: 'login.auth.eu-west-1.amazoncognito.com',
  redirectPathSignIn: '/parseauth',
  redirectPathSignOut: '/',
  signOutUrl: '/signout',
  redirectPathAuthRefresh: '/refreshauth',
  cookieSettings: { idToken: null, accessToken: null, refreshToken: null, nonce: null },
  mode: 'staticSiteMode',
  httpHeaders: { 'X-Frame-Options': 'DENY' },
  logLevel: 'none',
  nonceSigningSecret: 'jvfg9eexample',
  cookieCompatibility: 'amplify',
  additionalCookies: {},
  requiredGroup: '',
};

/** What an `Authenticator` of cognito-at-edge is made with. */
const COGNITO_AT_EDGE = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_Example01',
  userPoolAppId: '4l1example',
  userPoolDomain: 'example.auth.us-east-1.amazoncognito.com',
};

/**
 * Converts, and has the result checked.
 *
 * @param {TestContext} t
 * @param {object} source
 */
async function converted(t, source) {
  const path = folderWith(t, { 'source.json': source });
  const out = path('authorizer.json');
  const { code, stdout, stderr } = await run('convert', '--from', path('source.json'), '--out', out);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '');
  assert.doesNotMatch(stderr, new RegExp(SECRET));
  const checked = await run('check', '--config', out, '--strict');
  assert.deepEqual([checked.code, checked.stdout], [0, `${out}: no errors, no warnings\n`]);
  const text = readFileSync(out, 'utf8');
  assert.doesNotMatch(text, new RegExp(`${SECRET}|jvfg9eexample`));
  return { path, folder: dirname(out), configuration: JSON.parse(text), notes: stderr };
}

test('the configuration of cloudfront-authorization-at-edge', async (t) => {
  const { path, configuration, notes } = await converted(t, AUTHORIZATION_AT_EDGE);
  assert.deepEqual(configuration, {
    providers: {
      cognito: {
        userPoolId: 'eu-west-1_Example01',
        tokenUse: 'id',
        clientId: '4l1example',
        signIn: {
          domain: 'login.auth.eu-west-1.amazoncognito.com',
          clientSecret: { file: './client-secret' },
          oauthScopes: ['phone', 'email', 'profile', 'openid', 'aws.cognito.signin.user.admin'],
        },
      },
    },
    signIn: {
      cookieKey: { file: './cookie-key' },
      redirectPathSignIn: '/parseauth',
      redirectPathAuthRefresh: '/refreshauth',
      signOutUrl: '/signout',
      redirectPathSignOut: '/',
      compatibleCookies: ['cognito'],
    },
    rules: [
      { name: 'root', match: { path: '/' }, allow: 'authenticated' },
      { name: 'site', match: { path: '/{*rest}' }, allow: 'authenticated' },
    ],
    logLevel: 'error',
  });
  assert.equal(readFileSync(path('client-secret'), 'utf8'), `${SECRET}\n`);
  for (const name of ['client-secret', 'cookie-key']) assert.equal(statSync(path(name)).mode & 0o777, 0o600);
  assert.match(notes, /^- `httpHeaders` is not carried over: a response headers policy/m);
  assert.doesNotMatch(notes, /additionalCookies|jwks|nonceSigningSecret|scripts of the page/);
});

/** @type {[string, object, (signIn: any, configuration: any) => void, RegExp | null][]} */
const OPTIONS = [
  [
    'a group',
    { requiredGroup: 'members' },
    (_, { rules }) => assert.deepEqual(rules.map((/** @type {any} */ rule) => rule.requires), [{ group: 'members' }, { group: 'members' }]),
    null,
  ],
  [
    'attributes of cookies',
    { cookieSettings: { idToken: 'Path=/; Secure; HttpOnly; SameSite=None; Domain=.example.com', nonce: 'Max-Age=1800; Path=/' } },
    (signIn) => {
      assert.deepEqual(signIn.cookieSettings, { domain: 'example.com', sameSite: 'None' });
      assert.equal(signIn.attemptMaxAgeSeconds, 1800);
    },
    null,
  ],
  ['cookies that browsers would keep back', { cookieSettings: { idToken: 'SameSite=Strict' } }, (signIn) => assert.equal(signIn.cookieSettings, undefined), /`SameSite=Strict` in `cookieSettings` is `Lax` now/],
  ['cookies for a path, with an end', { cookieSettings: { idToken: 'Path=/app; Max-Age=60' } }, () => {}, /`Path=\/app`.*\n.*`signIn\.sessionMaxAgeSeconds`/],
  ['an attempt that takes a day', { nonceMaxAge: 86_400 }, (signIn) => assert.equal(signIn.attemptMaxAgeSeconds, 3600), /may take 3600 seconds instead of 86400/],
  ['cookies for Elasticsearch', { cookieCompatibility: 'elasticsearch' }, (signIn) => assert.equal(signIn.compatibleCookies, undefined), /`ID-TOKEN`.*everybody signs in once more/],
  ['an application of one page', { mode: 'spaMode' }, () => {}, /scripts of the page cannot read the tokens/],
  ['cookies besides', { additionalCookies: { a: 'b; Secure' } }, () => {}, /`additionalCookies` is not carried over/],
  ['scopes without `openid`', { oauthScopes: ['email'] }, (_, { providers }) => assert.deepEqual(providers.cognito.signIn.oauthScopes, ['openid', 'email']), /`openid` was not in/],
  ['a key that nobody knows', { somethingNew: 1 }, () => {}, /`somethingNew` is not carried over: it is not known here/],
  ['an older one with `userPoolId`', { userPoolArn: undefined, userPoolId: 'eu-west-1_Older' }, (_, { providers }) => assert.equal(providers.cognito.userPoolId, 'eu-west-1_Older'), null],
  ['a public client', { clientSecret: '' }, (_, { providers }) => assert.equal(providers.cognito.signIn.clientSecret, undefined), null],
  ['all that is logged', { logLevel: 'debug' }, (_, { logLevel }) => assert.equal(logLevel, 'debug'), null],
];
for (const [title, changes, assertOn, note] of OPTIONS) {
  test(`of cloudfront-authorization-at-edge: ${title}`, async (t) => {
    const { configuration, notes } = await converted(t, { ...AUTHORIZATION_AT_EDGE, ...changes });
    assertOn(configuration.signIn, configuration);
    if (note) assert.match(notes, note);
  });
}

test('the parameters of cognito-at-edge', async (t) => {
  const { configuration, path, notes } = await converted(t, COGNITO_AT_EDGE);
  assert.deepEqual(configuration.providers.cognito, {
    userPoolId: 'us-east-1_Example01',
    tokenUse: 'id',
    clientId: '4l1example',
    signIn: { domain: 'example.auth.us-east-1.amazoncognito.com' },
  });
  assert.deepEqual(configuration.signIn, {
    cookieKey: { file: './cookie-key' },
    sessionMaxAgeSeconds: 31_536_000,
    compatibleCookies: ['cognito'],
  });
  assert.ok(!existsSync(path('client-secret')));
  assert.match(notes, /allow the callback URL `https:\/\/<domain>\/parseauth`/);
});

test('all that cognito-at-edge can be told', async (t) => {
  const { configuration, notes } = await converted(t, {
    ...COGNITO_AT_EDGE,
    userPoolAppSecret: SECRET,
    cookieExpirationDays: 30,
    disableCookieDomain: false,
    httpOnly: true,
    sameSite: 'None',
    cookiePath: '/app',
    cookieDomain: '.example.com',
    cookieSettingsOverrides: { idToken: { httpOnly: true } },
    logoutConfiguration: { logoutUri: '/out', logoutRedirectUri: 'https://example.com/bye' },
    parseAuthPath: 'oauth2/idpresponse',
    csrfProtection: { nonceSigningSecret: 'jvfg9eexample' },
    logLevel: 'trace',
  });
  assert.deepEqual(configuration.signIn, {
    cookieKey: { file: './cookie-key' },
    redirectPathSignIn: '/oauth2/idpresponse',
    signOutUrl: '/out',
    cookieSettings: { domain: 'example.com', sameSite: 'None' },
    sessionMaxAgeSeconds: 2_592_000,
    compatibleCookies: ['cognito'],
  });
  assert.equal(configuration.logLevel, 'debug');
  for (const note of [/`cookiePath` is not/, /`cookieSettingsOverrides` is not/, /logoutRedirectUri` is not carried over: it is no path of this site/]) {
    assert.match(notes, note);
  }
  assert.doesNotMatch(notes, /scripts of the page|csrfProtection/);
});

test('nothing is reported of cognito-at-edge that was not said', async (t) => {
  const { configuration, notes } = await converted(t, { ...COGNITO_AT_EDGE, logoutConfiguration: { logoutUri: '/out' } });
  assert.equal(configuration.signIn.signOutUrl, '/out');
  assert.match(notes, /^- whoever signs out comes to `\/out\/done`: allow the sign-out URL `https:\/\/<domain>\/out\/done`/m);
  assert.doesNotMatch(notes, /logoutRedirectUri|not carried over/);
});

test('without `--out` the configuration is printed, and no file is made', async (t) => {
  const path = folderWith(t, { 'source.json': { ...COGNITO_AT_EDGE, userPoolAppSecret: SECRET } });
  const { code, stdout } = await run('convert', '--from', path('source.json'));
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout).providers.cognito.signIn.clientSecret, { file: './client-secret' });
  assert.doesNotMatch(stdout, new RegExp(SECRET));
  assert.ok(!existsSync(path('cookie-key')));
});

test('nothing that is there is overwritten', async (t) => {
  const path = folderWith(t, { 'source.json': COGNITO_AT_EDGE, 'cookie-key': 'mine' });
  const args = ['convert', '--from', path('source.json'), '--out', path('authorizer.json')];
  assert.match((await run(...args)).stderr, /cookie-key` was there before, and is left as it is/);
  assert.equal(readFileSync(path('cookie-key'), 'utf8'), 'mine');
  writeFileSync(path('authorizer.json'), 'mine');
  const { code, stderr } = await run(...args);
  assert.deepEqual([code, readFileSync(path('authorizer.json'), 'utf8')], [1, 'mine']);
  assert.match(stderr, /it exists, and is not overwritten/);
});

/** @type {[string, unknown, RegExp][]} */
const MISTAKES = [
  ['of no known software', { issuer: 'https://issuer.example' }, /is of no known software: .*`cognitoAuthDomain`.*`userPoolAppId`/],
  ['that is a list', [COGNITO_AT_EDGE], /is of no known software/],
  ['that is null', null, /is of no known software/],
  ['without a client', { ...AUTHORIZATION_AT_EDGE, clientId: undefined }, /`clientId` is missing/],
  ['with a number for a text', { ...COGNITO_AT_EDGE, userPoolId: 7 }, /`userPoolId` is no text/],
  ['with one path for two things', { ...AUTHORIZATION_AT_EDGE, signOutUrl: '/parseauth' }, /error: signIn: .* three different paths/],
  ['with a pool that is none', { ...COGNITO_AT_EDGE, userPoolId: 'pool' }, /error: providers\.cognito/],
];
for (const [title, source, message] of MISTAKES) {
  test(`refused: a configuration ${title}`, async (t) => {
    const path = folderWith(t, { 'source.json': JSON.stringify(source) });
    const { code, stderr } = await run('convert', '--from', path('source.json'), '--out', path('authorizer.json'));
    assert.equal(code, 1);
    assert.match(stderr, message);
    assert.ok(!existsSync(path('authorizer.json')));
  });
}
