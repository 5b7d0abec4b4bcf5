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

const [OLD, NEW] = [generateKey('RS256'), generateKey('RS256')];

/**
 * A handler that has the old key, after the cool-down.
 *
 * @param {import('node:test').TestContext} t
 */
async function start(t) {
  const server = await startKeyServer(t, { keys: [OLD] });
  const shim = await startHandler({ configuration: configurationFor(server.url) });
  /** @param {import('../../www-shim/edge/development-keys.mjs').DevelopmentKey} key */
  const view = (key) => shim.send('/users/alice/a.png', { token: tokenFor(key) });
  assertForwarded(await view(OLD));
  shim.clock.now += 10;
  return { ...shim, server, view };
}

test('a new key is there after one fetch, beside the old one', async (t) => {
  const { server, view } = await start(t);
  server.serve(OLD, NEW);
  for (const key of [NEW, OLD, NEW]) assertForwarded(await view(key));
  assert.equal(server.fetches, 2);
});

test('a key that was replaced is not trusted after that fetch', async (t) => {
  const { server, view } = await start(t);
  server.serve(NEW);
  assertForwarded(await view(NEW));
  assertRefused(await view(OLD), 'key_not_found', 401);
  assert.equal(server.fetches, 2);
});

test('200 requests with the new key at once are one fetch', async (t) => {
  const { server, view } = await start(t);
  server.serve(OLD, NEW);
  const answers = await Promise.all(Array.from({ length: 200 }, () => view(NEW)));
  answers.forEach(assertForwarded);
  assert.equal(server.fetches, 2);
});

/** @type {[string, (server: import('./support/key-server.mjs').KeyServer) => void][]} */
const OUTAGES = [
  ['hangs up', (server) => (server.misbehave = (socket) => socket.destroy())],
  ['has no usable key', (server) => server.serve()],
];
for (const [title, begin] of OUTAGES) {
  test(`the keys that are there stay when the server ${title}`, async (t) => {
    const { server, view, log, clock } = await start(t);
    begin(server);
    assertRefused(await view(NEW), 'key_not_found', 401);
    assert.equal(log.last('no key set').provider, 'dev');
    assertForwarded(await view(OLD));

    server.recover();
    server.serve(OLD, NEW);
    clock.now += 10;
    assertForwarded(await view(NEW));
    assertForwarded(await view(OLD));
    assert.equal(server.fetches, 3);
  });
}

test('threat 27: one bad key is left out, and the log says why', async (t) => {
  const { server, view, log } = await start(t);
  const [good] = JSON.parse(server.text).keys;
  const bad = [{ kty: 'EC', kid: 'other-type' }, { ...good, kid: 'short', n: 'AQAB' }, 'no key'];
  server.serve(NEW);
  const keys = JSON.stringify({ keys: [...bad, ...JSON.parse(server.text).keys] });
  server.respond = (_request, response) => response.end(keys);
  assertForwarded(await view(NEW));
  assert.equal(log.last('key set').keys, 1);
  const skipped = log.entriesOf('key not used');
  assert.deepEqual(
    skipped.map(({ level, provider, kid }) => ({ level, provider, kid })),
    ['other-type', 'short', null].map((kid) => ({ level: 'info', provider: 'dev', kid })),
  );
  assert.ok(skipped.every(({ detail }) => typeof detail === 'string' && detail !== ''));
});
