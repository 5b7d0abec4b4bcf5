import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { gate } from './support/gate.mjs';
import { startKeyServer } from './support/key-server.mjs';
import {
  assertForwarded,
  assertRefused,
  configurationFor,
  startHandler,
} from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

/** @typedef {import('./support/key-server.mjs').KeyServer} KeyServer */

const KEY = generateKey('RS256');
const OTHER_KEY = generateKey('RS256');
const OTHER_ISSUER = 'https://other.example/';

/**
 * Holds back the server's answers.
 *
 * @param {KeyServer} server
 */
function holdBack(server) {
  const [asked, released] = [gate('keys are asked for'), gate('keys are released')];
  server.respond = async (request, response) => {
    asked.open();
    await released.isOpen();
    server.sendKeys(request, response);
  };
  return { isAsked: asked.isOpen, release: released.open };
}

/**
 * @template T
 * @param {number} count
 * @param {(index: number) => Promise<T>} make
 */
function times(count, make) {
  return Array.from({ length: count }, (_, index) => make(index));
}

test('threat 22: 200 requests at once, cold, are one fetch, all decided right', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const { send, log } = await startHandler({ configuration: configurationFor(server.url) });
  const { isAsked, release } = holdBack(server);
  const [good, bad] = [tokenFor(KEY), tokenFor({ ...OTHER_KEY, kid: KEY.kid })];
  const view = (/** @type {number} */ index) => {
    const uri = index % 5 === 1 ? '/users/bob/a.png' : '/users/alice/a.png';
    return send(uri, { token: index % 5 === 2 ? bad : good });
  };
  const early = times(100, view);
  await isAsked();
  const late = times(100, view);
  release();

  for (const [index, answer] of (await Promise.all([...early, ...late])).entries()) {
    if (index % 5 === 1) assertRefused(answer, 'policy_denied', 403);
    else if (index % 5 === 2) assertRefused(answer, 'signature_invalid', 401);
    else assertForwarded(answer);
  }
  assert.equal(server.fetches, 1);
  assert.equal(log.entriesOf('key set').length, 1);
  await server.allClosed();
});

test('what needs no keys does not wait for them', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const { send } = await startHandler({ configuration: configurationFor(server.url) });
  const { isAsked, release } = holdBack(server);
  const waiting = send('/users/alice/a.png', { token: tokenFor(KEY) });
  await isAsked();
  assertForwarded(await send('/public/logo.png'));
  assertRefused(await send('/users/alice/a.png'), 'credentials_missing', 401);
  release();
  assertForwarded(await waiting);
});

test('threat 28: 200 requests at once, whose fetch fails, are one fetch', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const { send, clock } = await startHandler({ configuration: configurationFor(server.url) });
  server.misbehave = (socket) => socket.resetAndDestroy();
  const view = () => send('/users/alice/a.png', { token: tokenFor(KEY) });
  for (const answer of await Promise.all(times(200, view))) {
    assertRefused(answer, 'keys_unavailable', 503);
  }
  assert.equal(server.fetches, 1);

  server.recover();
  clock.now += 10;
  for (const answer of await Promise.all(times(200, view))) assertForwarded(answer);
  assert.equal(server.fetches, 2);
});

test('an exception during the fetch loses neither the keys nor who waits for them', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const { send, sendEvent } = await startHandler({ configuration: configurationFor(server.url) });
  const { isAsked, release } = holdBack(server);
  const waiting = times(20, () => send('/users/alice/a.png', { token: tokenFor(KEY) }));
  await isAsked();
  assert.equal((await sendEvent({})).result.status, '503');
  release();
  for (const answer of await Promise.all(waiting)) assertForwarded(answer);
  assertForwarded(await send('/users/alice/a.png', { token: tokenFor(KEY) }));
  assert.equal(server.fetches, 1);
});

/** @param {import('node:test').TestContext} t */
async function startWithTwoProviders(t) {
  const servers = {
    dev: await startKeyServer(t, { keys: [KEY] }),
    other: await startKeyServer(t, { keys: [OTHER_KEY] }),
  };
  const { dev } = CONFIGURATION.providers;
  const providers = {
    dev: { ...dev, jwksUri: servers.dev.url },
    other: { ...dev, issuer: OTHER_ISSUER, jwksUri: servers.other.url },
  };
  const configuration = { ...CONFIGURATION, providers, logLevel: 'debug' };
  const { send, clock } = await startHandler({ configuration });
  /** @param {string} token */
  const view = (token) => send('/users/alice/a.png', { token });
  return { servers, view, clock };
}

test('each provider has a fetch of its own', async (t) => {
  const { servers, view } = await startWithTwoProviders(t);
  const held = [holdBack(servers.dev), holdBack(servers.other)];
  const ofOther = tokenFor(OTHER_KEY, 'alice', { iss: OTHER_ISSUER });
  const views = times(100, (index) => view(index % 2 ? ofOther : tokenFor(KEY)));
  // Both are under way at once: neither waits for the other.
  for (const { isAsked } of held) await isAsked();
  for (const { release } of held) release();
  for (const answer of await Promise.all(views)) assertForwarded(answer);
  assert.deepEqual([servers.dev.fetches, servers.other.fetches], [1, 1]);
});

test("one provider's outage is not another's", async (t) => {
  const { servers, view } = await startWithTwoProviders(t);
  servers.dev.misbehave = (socket) => socket.resetAndDestroy();
  assertRefused(await view(tokenFor(KEY)), 'keys_unavailable', 503);
  assertForwarded(await view(tokenFor(OTHER_KEY, 'alice', { iss: OTHER_ISSUER })));
});

test("threat 16: one provider's key does not verify another's token", async (t) => {
  const { view } = await startWithTwoProviders(t);
  const impostor = { ...KEY, kid: OTHER_KEY.kid };
  const answer = await view(tokenFor(impostor, 'alice', { iss: OTHER_ISSUER }));
  assertRefused(answer, 'signature_invalid', 401);
});
