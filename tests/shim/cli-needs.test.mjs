import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distributionNeeds } from '../../www-shim/cli/distribution-needs.mjs';
import { folderWith, run } from './support/cli.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

const RULE = { match: { path: '/{*all}' }, allow: 'authenticated' };
const TOKEN = [{ header: 'authorization', scheme: 'Bearer' }, { header: 'X-Token' }, { query: 'token' }, { cookie: 'jwt' }];

test('the command prints what a configuration needs', async (t) => {
  const path = folderWith(t, { 'c.json': CONFIGURATION });
  const { code, stdout } = await run('needs', '--config', path('c.json'));
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), distributionNeeds(CONFIGURATION));
});

test('a configuration that is wrong has no needs', async (t) => {
  const path = folderWith(t, { 'c.json': { ...CONFIGURATION, rules: 'none' } });
  const { code, stdout, stderr } = await run('needs', '--config', path('c.json'));
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /c\.json.*error: rules/s);
});

test('threat 43: no token is in the cache key, wherever a rule looks for it', () => {
  const rules = [RULE, { ...RULE, token: [{ query: 'jwt' }] }];
  const { cacheKey } = distributionNeeds({ token: TOKEN, rules });
  assert.deepEqual(cacheKey, { headers: [], cookies: [], queryStringsExcept: ['jwt', 'token'] });
});

test('tokens that go to the origin are in the cache key, since it may answer by them', () => {
  const { cacheKey } = distributionNeeds({ token: TOKEN, rules: [RULE], forward: { stripCredentials: false } });
  assert.deepEqual(cacheKey, { headers: ['authorization', 'x-token'], cookies: ['jwt'], queryStringsExcept: [] });
});

test('headers that are set from claims are in the cache key: one viewer is not answered what is for another', () => {
  const forward = { claimToHeaders: { 'X-User': 'sub' }, claimsHeader: { name: 'x-claims' } };
  const { cacheKey } = distributionNeeds({ rules: [RULE], forward });
  assert.deepEqual(cacheKey.headers, ['x-claims', 'x-user']);
});

for (const [methods, cors, expected] of /** @type {[string[] | undefined, object | undefined, number][]} */ ([
  [undefined, undefined, 2],
  [['GET'], undefined, 2],
  [undefined, {}, 3],
  [['OPTIONS'], undefined, 3],
  [['DELETE'], undefined, 7],
])) {
  test(`methods ${methods ?? 'left out'}${cors ? ' with CORS' : ''}: the smallest of the sets that CloudFront has`, () => {
    const needs = distributionNeeds({ rules: [{ ...RULE, match: { path: '/{*a}', methods } }], cors });
    assert.equal(needs.allowedMethods.length, expected);
  });
}

test('where people sign in, a form may sign them out, and the origin gets no more for that', () => {
  const forward = { sign: { service: 's3' } };
  const needs = distributionNeeds({ rules: [RULE], signIn: {}, forward });
  assert.ok(needs.allowedMethods.includes('POST'));
  assert.equal(needs.originRequest?.includeBody, false);
  assert.deepEqual(needs.permissions, [{ actions: ['s3:GetObject'], resources: null }]);
});

test('without signing the function is called at viewer-request only', () => {
  const { originRequest, forwardsWholeQuery, permissions } = distributionNeeds({ rules: [RULE] });
  assert.deepEqual([originRequest, forwardsWholeQuery, permissions], [null, false, []]);
});

test('signing needs origin-request, the whole query, and a role that may do what is signed for', () => {
  const sign = { service: 'medical-imaging', region: 'us-east-1' };
  const needs = distributionNeeds({ rules: [RULE], forward: { sign } });
  assert.deepEqual(needs.originRequest, {
    service: 'medical-imaging',
    region: 'us-east-1',
    includeBody: false,
    generatesFrames: false,
  });
  assert.ok(needs.forwardsWholeQuery);
  assert.deepEqual(needs.cacheKey.headers, ['accept']);
  assert.equal(needs.permissions.length, 1);
  assert.ok(needs.permissions[0]?.actions.every((action) => action.startsWith('medical-imaging:Get')));
});

test('bodies are included where they are signed', () => {
  const rules = [{ ...RULE, match: { path: '/{*a}', methods: ['PUT'] } }];
  const included = (/** @type {object} */ sign) =>
    distributionNeeds({ rules, forward: { sign: { service: 's3', ...sign } } }).originRequest?.includeBody;
  assert.deepEqual([included({}), included({ unsignedPayload: true })], [true, false]);
});

test('versions of objects are named, and then allowed', () => {
  const actions = (/** @type {unknown} */ query, /** @type {string} */ method) => {
    const rules = [{ ...RULE, match: { path: '/{*a}', methods: [method] } }];
    return distributionNeeds({ rules, forward: { sign: { service: 's3', query } } }).permissions[0]?.actions;
  };
  for (const query of [undefined, null, 'v', ['v']]) assert.deepEqual(actions(query, 'GET'), ['s3:GetObject']);
  for (const query of ['versionId', ['v', 'versionId']]) {
    assert.deepEqual(actions(query, 'GET'), ['s3:GetObject', 's3:GetObjectVersion']);
    const all = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion', 's3:DeleteObjectVersion'];
    assert.deepEqual(actions(query, 'DELETE'), all);
  }
});

test('uploads may go where the beginning of their key says', () => {
  const uploads = { avatar: { bucket: 'people', key: 'avatars/{sub}/{name}' } };
  const { permissions } = distributionNeeds({ rules: [RULE], uploads });
  assert.deepEqual(permissions, [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::people/avatars/*'] }]);
});

test('signed cookies open the paths of their resource', () => {
  const signer = (/** @type {string | undefined} */ resource) => ({ keyPairId: 'K', resource });
  const needs = distributionNeeds({
    rules: [RULE],
    signedCookies: { a: signer('https://media.example/live/{channel}/*'), b: signer('https://*/vod/*?x=*'), c: signer(undefined) },
  });
  assert.deepEqual(needs.signedCookies.map(({ paths }) => paths), [['/live/*/*'], ['/vod/*'], []]);
});

test('keys that are fetched have an age, where there are metrics', () => {
  const own = { issuer: 'https://a.example/', audience: 'a' };
  const providers = { cognito: { userPoolId: 'us-east-1_A' }, own: { ...own, jwksMaxAgeSeconds: 600 }, fixed: { ...own, jwks: {} }, hs: { secret: {} } };
  assert.equal(distributionNeeds({ rules: [RULE], providers }).metrics, null);
  assert.deepEqual(distributionNeeds({ rules: [RULE], providers, metrics: true }).metrics, {
    keySets: [
      { provider: 'cognito', maxAgeSeconds: 3600 },
      { provider: 'own', maxAgeSeconds: 600 },
    ],
  });
});

test('the role may read the secrets that are named, and no others', () => {
  const permissionsFor = (/** @type {object} */ secret) =>
    distributionNeeds({ rules: [RULE], providers: { p: { issuer: 'i', audience: 'a', secret } } }).permissions;
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf';
  for (const [secret, action, resource] of /** @type {[object, string, string][]} */ ([
    [{ ssm: '/a/b' }, 'ssm:GetParameter', 'arn:aws:ssm:us-east-1:*:parameter/a/b'],
    [{ ssm: 'a:3', region: 'eu-west-1' }, 'ssm:GetParameter', 'arn:aws:ssm:eu-west-1:*:parameter/a'],
    [{ secretsManager: 'a' }, 'secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:us-east-1:*:secret:a-??????'],
    [{ secretsManager: arn, key: 'b' }, 'secretsmanager:GetSecretValue', arn],
  ])) {
    assert.deepEqual(permissionsFor(secret), [{ actions: [action], resources: [resource] }]);
  }
  assert.deepEqual(permissionsFor({ file: './a' }), []);
});

test('where the function answers itself, it has to be called', () => {
  const rules = [RULE, { match: { path: '/public/{stream}/auth' }, requires: {}, respond: { signedCookies: 'live' } }];
  assert.deepEqual(distributionNeeds({ rules }).answersAt, ['/public/*/auth']);
  const signIn = { redirectPathSignIn: '/auth/callback', redirectPathSignOut: '/bye' };
  const ofSignIn = ['/auth/callback', '/auth/callback/*', '/refreshauth', '/signout', '/signout/done', '/bye'];
  assert.deepEqual(distributionNeeds({ rules, signIn }).answersAt, ['/public/*/auth', ...ofSignIn]);
});

test('the role may read the secrets of the sign-in', () => {
  const providers = { staff: { signIn: { clientSecret: { secretsManager: 'staff-client' } } } };
  const signIn = { cookieKey: [{ ssm: '/cookies/new' }, { ssm: '/cookies/old' }] };
  const { permissions } = distributionNeeds({ rules: [RULE], providers, signIn });
  const actions = permissions.map((permission) => permission.actions[0]);
  assert.deepEqual(actions, ['secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParameter']);
});
