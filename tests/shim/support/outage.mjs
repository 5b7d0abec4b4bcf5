import assert from 'node:assert/strict';
import { generateKey } from '../../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './key-server.mjs';
import {
  assertForwarded,
  assertRefused,
  configurationFor,
  startHandler,
} from './shipped-handler.mjs';
import { tokenFor } from './tokens.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('./key-server.mjs').KeyServer} KeyServer */

/** The key that the servers of these tests would serve, were they well. */
export const KEY = generateKey('RS256');

/**
 * What must hold whenever the key server does wrong: the answer is a 503, the log says why, nothing
 * stays open, the server is left alone for the cool-down, and then all is well again.
 *
 * @param {TestContext} t
 * @param {object} outage
 * @param {(server: KeyServer) => void} outage.begin
 * @param {RegExp} outage.reason what the log says
 * @param {(server: KeyServer) => Promise<void>} [outage.meanwhile] during the first request
 */
export async function assertOutageIsSurvived(t, { begin, reason, meanwhile = async () => {} }) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const shim = await startHandler({ configuration: configurationFor(server.url) });
  const view = () => shim.send('/users/alice/a.png', { token: tokenFor(KEY) });

  begin(server);
  const [first] = await Promise.all([view(), meanwhile(server)]);
  assertRefused(first, 'keys_unavailable', 503);
  assert.equal(first.record?.level, 'error');
  const why = shim.log.last('no key set');
  assert.deepEqual([why.level, why.provider], ['error', 'dev']);
  assert.match(why.detail, reason);
  await server.allClosed();

  shim.clock.now += 9;
  assertRefused(await view(), 'keys_unavailable', 503);
  assert.equal(server.fetches, 1, 'within the cool-down');

  server.recover();
  shim.clock.now += 1;
  assertForwarded(await view());
  assert.equal(server.fetches, 2);
  await server.allClosed();
}
