import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertForwarded, assertRefused, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';

const [OLD, NEW] = [generateKey('RS256'), generateKey('RS256')];
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Good for as long as any of these tests runs. */
const LASTING = { iat: NOW - 30 * DAY, exp: NOW + 30 * DAY };

/**
 * @param {import('node:test').TestContext} t
 * @param {{ pinnedAt?: number, times?: Record<string, number> }} [options]
 */
async function start(t, { pinnedAt, times = {} } = {}) {
  const server = await startKeyServer(t, { keys: [OLD] });
  const configuration = configurationFor(server.url);
  Object.assign(configuration.providers.dev, times);
  const shim = await startHandler({
    configuration,
    pinned: pinnedAt === undefined ? undefined : { dev: { jwks: publicKeySet(OLD), fetchedAt: pinnedAt } },
  });
  const token = tokenFor(OLD, 'alice', LASTING);
  const view = () => shim.send('/users/alice/a.png', { token });
  const viewNew = () => shim.send('/users/alice/a.png', { token: tokenFor(NEW, 'alice', LASTING) });
  return { ...shim, server, view, viewNew };
}

/** @param {import('./support/key-server.mjs').KeyServer} server */
function takeDown(server) {
  server.misbehave = (socket) => socket.destroy();
}

test('threat 26: a key that the provider takes out is not trusted after the time of the set', async (t) => {
  const { server, clock, view } = await start(t);
  assertForwarded(await view());
  server.serve(NEW);
  clock.now += HOUR;
  assertRefused(await view(), 'key_not_found', 401);
  assert.equal(server.fetches, 2);
});

test('a set is fetched ahead of its end', async (t) => {
  const { server, clock, view } = await start(t);
  assertForwarded(await view());
  clock.now += 0.75 * HOUR - 1;
  assertForwarded(await view());
  assert.equal(server.fetches, 1);
  clock.now += 1;
  server.serve(OLD, NEW);
  assertForwarded(await view());
  assert.equal(server.fetches, 2);
  // The new set has a time of its own.
  clock.now += 0.75 * HOUR - 1;
  assertForwarded(await view());
  assert.equal(server.fetches, 2);
});

test('threat 25: a set outlives its time while the provider is down, but not for ever', async (t) => {
  const { server, clock, view } = await start(t);
  assertForwarded(await view());
  takeDown(server);
  for (let hours = 1; hours < 25; hours += 1) {
    clock.now = NOW + hours * HOUR;
    assertForwarded(await view());
  }
  clock.now = NOW + HOUR + DAY;
  assertRefused(await view(), 'keys_unavailable', 503);
  server.recover();
  clock.now += 10;
  assertForwarded(await view());
});

test('threat 25: with no time for stale sets the end of a set is its end', async (t) => {
  const times = { jwksMaxAgeSeconds: 60, jwksStaleIfErrorSeconds: 0 };
  const { server, clock, view } = await start(t, { times });
  assertForwarded(await view());
  takeDown(server);
  clock.now += 59;
  assertForwarded(await view());
  clock.now += 1;
  assertRefused(await view(), 'keys_unavailable', 503);
});

test('a pinned set that is young decides without a fetch', async (t) => {
  const { server, clock, view, viewNew } = await start(t, { pinnedAt: NOW - 60 });
  server.serve(OLD, NEW);
  assertForwarded(await view());
  assert.equal(server.fetches, 0);
  assertForwarded(await viewNew());
  assert.equal(server.fetches, 1);
  clock.now += 60;
  assertForwarded(await view());
  assert.equal(server.fetches, 1);
});

test('threat 26: a key that was pinned long ago and taken out since opens no cold start', async (t) => {
  for (const pinnedAt of [NOW - 365 * DAY, NOW - HOUR, 0]) {
    const { server, view } = await start(t, { pinnedAt });
    server.serve(NEW);
    assertRefused(await view(), 'key_not_found', 401);
    assert.equal(server.fetches, 1);
  }
});

test('an outage of an hour is invisible with a pinned set, however old', async (t) => {
  for (const pinnedAt of [NOW - 60, NOW - 365 * DAY]) {
    const { server, clock, view } = await start(t, { pinnedAt });
    takeDown(server);
    for (let minutes = 0; minutes <= 60; minutes += 5) {
      clock.now = NOW + minutes * 60;
      assertForwarded(await view());
    }
    assert.ok(server.fetches >= 1 && server.fetches <= 13, `${server.fetches} fetches`);
  }
});

test('threat 26: a provider that takes out every key is not one that is down', async (t) => {
  const { server, clock, view } = await start(t);
  assertForwarded(await view());
  server.serve();
  clock.now += 0.75 * HOUR;
  assertForwarded(await view());
  assert.equal(server.fetches, 2);
  clock.now = NOW + HOUR;
  assertRefused(await view(), 'keys_unavailable', 503);
});

test('threat 26: a provider that was down and then has no key for us is not one that is down', async (t) => {
  const { server, clock, view } = await start(t);
  assertForwarded(await view());
  takeDown(server);
  clock.now = NOW + 2 * HOUR;
  assertForwarded(await view());
  server.recover();
  server.serve();
  clock.now += 60;
  assertForwarded(await view());
  assertRefused(await view(), 'keys_unavailable', 503);
});

test('a pinned set that is none is fetched for', async (t) => {
  const server = await startKeyServer(t, { keys: [OLD] });
  const pinned = { dev: { jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } } };
  const shim = await startHandler({ configuration: configurationFor(server.url), pinned });
  assert.match(shim.log.last('no key set').detail, /no usable key/);
  assertForwarded(await shim.send('/users/alice/a.png', { token: tokenFor(OLD) }));
});

test('with nothing pinned and the provider down, 1,000 requests are one fetch', async (t) => {
  const { server, clock, view } = await start(t);
  takeDown(server);
  for (const fetches of [1, 2, 3]) {
    const answers = await Promise.all(Array.from({ length: 1000 }, view));
    for (const answer of answers) assertRefused(answer, 'keys_unavailable', 503);
    assert.equal(server.fetches, fetches);
    clock.now += 10;
  }
});

test('threat 21: a kid that the provider does not have is not asked for again for a minute', async (t) => {
  const { server, clock, view, viewNew } = await start(t);
  assertForwarded(await view());
  clock.now += 10;
  for (let seconds = 0; seconds < 60; seconds += 10) {
    assertRefused(await viewNew(), 'key_not_found', 401);
    clock.now += 10;
  }
  assert.equal(server.fetches, 2);
  server.serve(OLD, NEW);
  assertForwarded(await viewNew());
  assert.equal(server.fetches, 3);
});

test('a clock that jumps, either way, fetches again rather than trusting for longer', async (t) => {
  for (const jump of [-DAY, +DAY]) {
    const { server, clock, view } = await start(t);
    assertForwarded(await view());
    server.serve(NEW);
    clock.now += jump;
    await view();
    assertRefused(await view(), 'key_not_found', 401);
  }
});
