// The development provider, as strict as a real one: what it refuses, a sign-in that is wrong would otherwise not show.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startDevelopmentIssuer } from '../../www-shim/edge/issuer.mjs';
import { freePort } from './support/free-port.mjs';
import { HttpBrowser, linkIn } from './support/http-browser.mjs';
import { NOW } from './support/viewer-event.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const VERIFIER = 'a-verifier-of-the-tests-that-is-long-enough-to-be-one';
const CALLBACK = 'http://127.0.0.1:9000/parseauth';
const KEY = generateKey('ES256');
const ALICE = { title: 'Alice', claims: { sub: 'alice', groups: ['a'] } };
const MALLORY = { title: '<script>', claims: { sub: '"><b>' } };

/**
 * A provider with a client, and what one does with it.
 *
 * @param {TestContext} t
 * @param {object} [client]
 */
async function start(t, client = {}) {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const clock = { now: NOW };
  const site = {
    clientId: 'site',
    clientSecret: null,
    redirectPath: '/parseauth',
    afterSignOutPath: '/signout/done',
    audience: 'pictures',
    users: [ALICE, MALLORY],
    ...client,
  };
  const provider = { issuer, jwksUri: `${issuer}/jwks.json`, key: KEY, client: site };
  const { stop } = await startDevelopmentIssuer([provider], () => clock.now);
  t.after(stop);
  const browser = new HttpBrowser();

  /** @param {Record<string, string | undefined>} [changed] */
  const authorize = (changed = {}) => browser.fetch(`${issuer}/authorize?${parameters(changed)}`);
  /** @param {Record<string, string | undefined>} [changed] */
  const code = async (changed = {}) => {
    const { headers } = await authorize({ user: 'alice', ...changed });
    return new URL(headers.location ?? '').searchParams.get('code') ?? '';
  };
  /** @type {(path: string, form: Record<string, string>, headers?: Record<string, string>) => Promise<{ status: number, body: any }>} */
  const post = async (path, form, headers = {}) => {
    const answer = await fetch(issuer + path, { method: 'POST', headers, body: new URLSearchParams({ client_id: 'site', ...form }) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  const exchange = (/** @type {string} */ one, changed = {}) =>
    post('/token', { grant_type: 'authorization_code', code: one, redirect_uri: CALLBACK, code_verifier: VERIFIER, ...changed });
  const refresh = (/** @type {string} */ token) => post('/token', { grant_type: 'refresh_token', refresh_token: token });
  return { issuer, clock, browser, authorize, code, post, exchange, refresh };
}

/** @param {Record<string, string | undefined>} changed */
function parameters(changed) {
  const all = {
    response_type: 'code',
    client_id: 'site',
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changed,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
  return query;
}

/** @type {(token: string) => { header: any, claims: any }} */
function decoded(token) {
  const [header, claims] = token.split('.').slice(0, 2).map((part) => JSON.parse(String(Buffer.from(part, 'base64url'))));
  return { header, claims };
}

test('a code is exchanged for tokens of the person who was chosen', async (t) => {
  const { issuer, browser, authorize, exchange } = await start(t);
  const page = await authorize();
  assert.equal(page.status, 200);
  const answered = await browser.fetch(new URL(linkIn(page.text, 'Alice'), page.url).href);
  assert.equal(answered.status, 303);
  const back = new URL(answered.headers.location ?? '');
  assert.equal(back.origin + back.pathname, CALLBACK);
  assert.equal(back.searchParams.get('state'), 'a state');
  assert.equal(back.searchParams.get('iss'), issuer);

  const { status, body } = await exchange(back.searchParams.get('code') ?? '');
  assert.equal(status, 200);
  assert.equal(body.expires_in, 600);
  const id = decoded(body.id_token).claims;
  const common = { sub: 'alice', groups: ['a'], iss: issuer, iat: NOW, exp: NOW + 600 };
  assert.deepEqual(id, { ...common, aud: 'site', auth_time: NOW, nonce: 'a nonce' });
  const { header, claims } = decoded(body.access_token);
  assert.equal(header.typ, 'at+jwt');
  assert.deepEqual(claims, { ...common, aud: 'pictures', client_id: 'site', scope: 'openid email', jti: claims.jti });
});

test('the page lets nothing in that is not its own', async (t) => {
  const { authorize } = await start(t);
  const { text, headers } = await authorize({ state: '"><script>' });
  assert.doesNotMatch(text, /<script>|<b>/);
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
  assert.equal(headers['cache-control'], 'no-store');
  const answered = await authorize({ user: MALLORY.claims.sub });
  assert.equal(answered.status, 303);
});

/** @type {[string, Record<string, string | undefined>, RegExp][]} */
const NOWHERE = [
  ['another client', { client_id: 'other' }, /no client <code>other<\/code> here, but <code>site<\/code>/],
  ['no redirect URI', { redirect_uri: undefined }, /redirect_uri/],
  ['another path', { redirect_uri: 'http://127.0.0.1:9000/other' }, /is not <code>\/parseauth<\/code>/],
  ['a query at the path', { redirect_uri: `${CALLBACK}?a` }, /is not/],
  ['a path that only looks like it', { redirect_uri: 'http://127.0.0.1:9000/x/../parseauth' }, /is not/],
  ['user info', { redirect_uri: 'http://a@127.0.0.1:9000/parseauth' }, /is not/],
  ['another machine', { redirect_uri: 'http://192.0.2.1/parseauth' }, /over http on loopback/],
  ['a name that is not loopback', { redirect_uri: 'http://127.0.0.1.evil.example/parseauth' }, /over http on loopback/],
  ['https', { redirect_uri: 'https://127.0.0.1:9000/parseauth' }, /over http on loopback/],
];
for (const [title, changed, message] of NOWHERE) {
  test(`a wrong redirect URI or client is told, and nobody is sent there: ${title}`, async (t) => {
    const { authorize } = await start(t);
    for (const answer of ['user', 'deny']) {
      const { status, headers, text } = await authorize({ ...changed, [answer]: 'alice' });
      assert.equal(status, 400);
      assert.equal(headers.location, undefined);
      assert.match(text, message);
    }
  });
}

/** @type {[string, Record<string, string | undefined>, string][]} */
const WRONG = [
  ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  ['PKCE with `plain`', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['a challenge that is none', { code_challenge: 'short' }, 'invalid_request'],
  ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ['no `openid`', { scope: 'email' }, 'invalid_scope'],
  ['consent denied', { deny: '1' }, 'access_denied'],
  ['`prompt=none` without a session', { prompt: 'none', user: undefined }, 'login_required'],
];
for (const [title, changed, error] of WRONG) {
  test(`an error goes back to the site: ${title}`, async (t) => {
    const { authorize, issuer } = await start(t);
    const { status, headers } = await authorize({ user: 'alice', ...changed });
    assert.equal(status, 303);
    const { searchParams } = new URL(headers.location ?? '');
    assert.equal(searchParams.get('error'), error);
    assert.equal(searchParams.get('code'), null);
    assert.equal(searchParams.get('state'), 'a state');
    assert.equal(searchParams.get('iss'), issuer);
  });
}

test('a parameter that is there twice is an error', async (t) => {
  const { issuer, browser } = await start(t);
  const { headers } = await browser.fetch(`${issuer}/authorize?${parameters({ user: 'alice' })}&state=b`);
  assert.equal(new URL(headers.location ?? '').searchParams.get('error'), 'invalid_request');
});

/** @type {[string, Record<string, string>][]} */
const EXCHANGES = [
  ['another verifier', { code_verifier: `${VERIFIER}x` }],
  ['no verifier', { code_verifier: '' }],
  ['another redirect URI', { redirect_uri: 'http://localhost:9000/parseauth' }],
  ['another code', { code: 'abc' }],
];
for (const [title, changed] of EXCHANGES) {
  test(`threat 51: no tokens with ${title}, and the code is used up`, async (t) => {
    const { code, exchange } = await start(t);
    const one = await code();
    assert.deepEqual(await exchange(one, changed), { status: 400, body: { error: 'invalid_grant' } });
    if (!('code' in changed)) assert.equal((await exchange(one)).status, 400);
  });
}

test('threat 50: a code is good for one time, and using it again ends what came of it', async (t) => {
  const { code, exchange, refresh } = await start(t);
  const one = await code();
  const { body } = await exchange(one);
  assert.deepEqual(await exchange(one), { status: 400, body: { error: 'invalid_grant' } });
  assert.deepEqual(await refresh(body.refresh_token), { status: 400, body: { error: 'invalid_grant' } });
});

test('a code ends after a minute', async (t) => {
  const { code, exchange, clock } = await start(t);
  const [first, second] = [await code(), await code()];
  clock.now += 59;
  assert.equal((await exchange(first)).status, 200);
  clock.now += 1;
  assert.equal((await exchange(second)).status, 400);
});

test('refresh tokens are rotated; the old one ends the new one', async (t) => {
  const { code, exchange, refresh, clock } = await start(t);
  const { body } = await exchange(await code());
  clock.now += 500;
  const second = await refresh(body.refresh_token);
  assert.equal(second.status, 200);
  assert.notEqual(second.body.refresh_token, body.refresh_token);
  const { claims } = decoded(second.body.id_token);
  assert.deepEqual([claims.sub, claims.nonce, claims.auth_time, claims.exp], ['alice', undefined, NOW, NOW + 1100]);
  const third = await refresh(second.body.refresh_token);
  assert.equal(third.status, 200);
  assert.equal((await refresh(body.refresh_token)).status, 400);
  assert.equal((await refresh(third.body.refresh_token)).status, 400);
});

test('a refresh token that was revoked is none', async (t) => {
  const { code, exchange, refresh, post } = await start(t);
  const { body } = await exchange(await code());
  assert.equal((await post('/revoke', { token: 'unknown' })).status, 200);
  assert.equal((await post('/revoke', { token: body.refresh_token })).status, 200);
  assert.equal((await refresh(body.refresh_token)).status, 400);
});

test('whoever has signed in is not asked again, until the session ends', async (t) => {
  const { issuer, authorize, browser } = await start(t);
  await authorize({ user: 'alice' });
  assert.equal((await authorize()).status, 303);
  assert.equal((await authorize({ prompt: 'none' })).status, 303);
  assert.equal((await authorize({ prompt: 'login' })).status, 200);
  const kept = new Map(browser.cookies);
  const after = encodeURIComponent('http://127.0.0.1:9000/signout/done');
  const out = await browser.fetch(`${issuer}/end-session?post_logout_redirect_uri=${after}`);
  assert.equal(out.headers.location, decodeURIComponent(after));
  assert.deepEqual([...browser.cookies], []);
  // Even for whoever has kept the cookie.
  browser.cookies = kept;
  assert.equal((await authorize()).status, 200);
  assert.equal((await browser.fetch(`${issuer}/end-session`)).status, 200);
  for (const uri of ['https://evil.example/signout/done', 'http://127.0.0.1:9000/other']) {
    const elsewhere = await browser.fetch(`${issuer}/end-session?post_logout_redirect_uri=${encodeURIComponent(uri)}`);
    assert.deepEqual([elsewhere.status, elsewhere.headers.location], [400, undefined]);
  }
});

test('a confidential client has to show its secret', async (t) => {
  const secret = 'a secret: %/+ é';
  const { code, exchange, post } = await start(t, { clientSecret: secret });
  const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: VERIFIER };
  for (const wrong of [{}, { client_secret: 'other' }, { client_secret: secret, client_id: 'other' }]) {
    const answer = await exchange(await code(), wrong);
    assert.deepEqual(answer, { status: 401, body: { error: 'invalid_client' } });
  }
  assert.equal((await exchange(await code(), { client_secret: secret })).status, 200);
  const basic = (/** @type {string} */ text) => ({
    authorization: `Basic ${Buffer.from(`site:${encodeURIComponent(text)}`).toString('base64')}`,
  });
  assert.equal((await post('/token', { ...form, code: await code() }, basic(secret))).status, 200);
  assert.equal((await post('/token', { ...form, code: await code() }, basic('other'))).status, 401);
  assert.equal((await post('/revoke', { token: 'a' })).status, 401);
});

test('the discovery document says what there is', async (t) => {
  const { issuer } = await start(t);
  const document = /** @type {any} */ (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json());
  assert.equal(document.issuer, issuer);
  assert.deepEqual(document.code_challenge_methods_supported, ['S256']);
  for (const name of ['authorization', 'token', 'revocation', 'end_session']) {
    assert.ok(document[`${name}_endpoint`].startsWith(`${issuer}/`));
  }
  assert.equal((await fetch(`${issuer}/token`)).status, 405);
  assert.equal((await fetch(`${issuer}/authorize`, { method: 'POST' })).status, 405);
});

test('what comes by a name that is not loopback is refused: DNS rebinding', async (t) => {
  const { issuer } = await start(t);
  for (const host of ['evil.example', '127.0.0.1.evil.example', '192.0.2.1']) {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${issuer}/jwks.json`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    assert.equal(status, 421, host);
  }
});

test('a form that is too long ends the connection', async (t) => {
  const { post } = await start(t);
  await assert.rejects(post('/token', { a: 'a'.repeat(70_000) }));
});

test('a provider that is not on loopback is not stood in for', async () => {
  const client = { clientId: 'a', clientSecret: null, redirectPath: '/', afterSignOutPath: '/', audience: 'a', users: [ALICE] };
  for (const issuer of ['https://issuer.example', 'http://192.0.2.1', 'https://127.0.0.1:1', 'issuer']) {
    const provider = { issuer, jwksUri: 'http://127.0.0.1:1/jwks.json', key: KEY, client };
    await assert.rejects(startDevelopmentIssuer([provider]), /`issuer` `.*` is not http on loopback/);
  }
});
