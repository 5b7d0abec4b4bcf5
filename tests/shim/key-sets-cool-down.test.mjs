import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import {
  assertForwarded,
  assertRefused,
  configurationFor,
  startHandler,
} from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';

const KEY = generateKey('RS256');
/** Valid for days around the time of the test, for clocks that jump. */
const LASTING = { iat: NOW - 500_000, exp: NOW + 500_000 };

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const { send, clock } = await startHandler({ configuration: configurationFor(server.url) });
  let count = 0;
  return {
    server,
    clock,
    view: () => send('/users/alice/a.png', { token: tokenFor(KEY, 'alice', LASTING) }),
    viewWithUnknownKey() {
      const stranger = { ...KEY, kid: `made-up-${(count += 1)}` };
      return send('/users/alice/a.png', { token: tokenFor(stranger, 'alice', LASTING) });
    },
  };
}

test('threat 21: a flood of unknown keys is one fetch in 10 s', async (t) => {
  const { server, clock, view, viewWithUnknownKey } = await start(t);
  assertForwarded(await view());
  clock.now += 60;
  for (let seconds = 0; seconds < 10; seconds += 0.5) {
    assertRefused(await viewWithUnknownKey(), 'key_not_found', 401);
    clock.now += 0.5;
  }
  assert.equal(server.fetches, 2);
  assertRefused(await viewWithUnknownKey(), 'key_not_found', 401);
  assert.equal(server.fetches, 3, 'after the cool-down');
  assertForwarded(await view());
  assert.equal(server.fetches, 3);
});

test('the first fetch cools down as well', async (t) => {
  const { server, clock, view, viewWithUnknownKey } = await start(t);
  assertForwarded(await view());
  clock.now += 9.999;
  assertRefused(await viewWithUnknownKey(), 'key_not_found', 401);
  assert.equal(server.fetches, 1);
  clock.now += 0.001;
  assertRefused(await viewWithUnknownKey(), 'key_not_found', 401);
  assert.equal(server.fetches, 2);
});

test('a key that is known is not fetched again for every token', async (t) => {
  const { server, clock, view } = await start(t);
  for (let seconds = 0; seconds < 120; seconds += 20) {
    assertForwarded(await view());
    clock.now += 20;
  }
  assert.equal(server.fetches, 1);
});

test('an outage is one fetch in 10 s, and ends with the outage', async (t) => {
  const { server, clock, view } = await start(t);
  server.respond = (_request, response) => response.writeHead(500).end();
  for (let seconds = 0; seconds < 30; seconds += 1) {
    assertRefused(await view(), 'keys_unavailable', 503);
    assert.equal(server.fetches, 1 + Math.floor(seconds / 10), `${seconds} s`);
    clock.now += 1;
  }
  server.recover();
  assertForwarded(await view());
  assert.equal(server.fetches, 4);
});

test('a clock that was set back does not stop fetching until it has caught up', async (t) => {
  const { server, clock, view } = await start(t);
  server.respond = (_request, response) => response.writeHead(500).end();
  assertRefused(await view(), 'keys_unavailable', 503);
  clock.now -= 86_400;
  assertRefused(await view(), 'keys_unavailable', 503);
  assert.equal(server.fetches, 2);
  clock.now += 9;
  assertRefused(await view(), 'keys_unavailable', 503);
  assert.equal(server.fetches, 2, 'the cool-down holds by the new time, too');
  server.recover();
  clock.now += 1;
  assertForwarded(await view());
});
