import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertForwarded, assertRefused, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';

const KEY = generateKey('RS256');

/**
 * A provider that says where its keys are.
 *
 * @param {import('node:test').TestContext} t
 * @param {(origin: string) => object} [change] to its document
 */
async function start(t, change = () => ({})) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const origin = new URL(server.url).origin;
  /** @type {string[]} */
  const paths = [];
  server.respond = (request, response) => {
    paths.push(String(request.url));
    if (request.url !== '/.well-known/openid-configuration') return server.sendKeys(request, response);
    const document = { issuer: origin, jwks_uri: `${origin}/keys`, ...change(origin) };
    response.end(JSON.stringify(document));
  };
  const configuration = configurationFor('');
  const providers = { dev: { issuer: origin, audience: 'images' } };
  const shim = await startHandler({ configuration: { ...configuration, providers } });
  const view = () => shim.send('/users/alice/a.png', { token: tokenFor(KEY, 'alice', { iss: origin }) });
  return { ...shim, paths, view };
}

test('the document of the issuer says where its keys are', async (t) => {
  const { paths, view } = await start(t);
  assertForwarded(await view());
  assertForwarded(await view());
  assert.deepEqual(paths, ['/.well-known/openid-configuration', '/keys']);
});

test('threat 20: the document of another issuer is not believed', async (t) => {
  for (const change of [
    () => ({ issuer: 'https://issuer.example' }),
    (/** @type {string} */ origin) => ({ issuer: `${origin}/` }),
    () => ({ jwks_uri: 'http://keys.example/' }),
    () => ({ jwks_uri: undefined }),
  ]) {
    const { paths, view, log } = await start(t, change);
    assertRefused(await view(), 'keys_unavailable', 503);
    assert.deepEqual(paths, ['/.well-known/openid-configuration']);
    assert.match(log.last('no key set').detail, /^its `issuer` is not|`jwks_uri`/);
  }
});

test('an issuer that moves its keys is followed with the next fetch', async (t) => {
  let moved = '/keys';
  const { paths, view, clock } = await start(t, (origin) => ({ jwks_uri: origin + moved }));
  assertForwarded(await view());
  moved = '/moved';
  clock.now += 0.75 * 3600;
  assertForwarded(await view());
  assert.deepEqual(paths.slice(2), ['/.well-known/openid-configuration', '/moved']);
});
