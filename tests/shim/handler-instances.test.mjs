import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { collectGarbage } from './support/garbage.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertForwarded, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';
import { captureMemories } from './support/wasm-memory.mjs';

const KEY = generateKey('RS256');
const EXCEPTIONS = 200;
/** What the linear memory of one instance takes at least: 17 pages of 64 KB. */
const INSTANCE_BYTES = 17 * 64 * 1024;

test('one instance of the module serves all requests', async (t) => {
  const { instances } = captureMemories(t);
  const { send } = await startHandler({ configuration: CONFIGURATION });
  for (let times = 0; times < 20; times += 1) await send('/public/logo.png');
  assert.equal(instances(), 1);
});

test('threat 58: hundreds of exceptions leave no instances behind', async () => {
  const { send, sendEvent } = await startHandler({ configuration: CONFIGURATION });
  await collectGarbage();
  const before = process.memoryUsage().external;
  for (let times = 0; times < EXCEPTIONS; times += 1) await sendEvent(undefined);
  await collectGarbage();
  const left = (process.memoryUsage().external - before) / EXCEPTIONS;
  assert.ok(left < INSTANCE_BYTES / 4, `${left} bytes are left of each exception`);
  const answer = await send('/public/logo.png');
  assert.ok(answer.forwarded);
});

test('threat 58: an instance whose memory has grown by more than 8 MB is replaced, and nobody notices', async (t) => {
  const memory = captureMemories(t);
  const server = await startKeyServer(t, { keys: [KEY] });
  const { send, log } = await startHandler({ configuration: configurationFor(server.url) });
  const atStart = memory.pages();
  const view = () => send('/users/alice/a.png', { token: tokenFor(KEY) });
  assertForwarded(await view());
  memory.grow(atStart + 128 - memory.pages());
  for (let times = 0; times < 3; times += 1) assertForwarded(await view());
  assert.equal(memory.instances(), 1);

  memory.grow(1);
  for (let times = 0; times < 3; times += 1) assertForwarded(await view());
  assert.equal(memory.instances(), 2);
  assert.match(log.last('new instance').detail, /^the memory of the module has \d+ pages of 64 KB$/);
  assert.equal(server.fetches, 1, 'the keys are still there');
});

test('threat 58: more tokens than can be remembered do not make the memory grow', async (t) => {
  const memory = captureMemories(t);
  const secret = { ...generateKey('HS256'), k: Buffer.alloc(32, 7).toString('base64url') };
  const { issuer, audience } = CONFIGURATION.providers.dev;
  const jwks = { keys: [{ kty: 'oct', kid: secret.kid, k: secret.k }] };
  const configuration = { ...CONFIGURATION, providers: { hs: { issuer, audience, jwks } }, logLevel: 'debug' };
  const { send } = await startHandler({ configuration });
  let number = 0;
  const pagesAfter = async (/** @type {number} */ count) => {
    for (let sent = 0; sent < count; sent += 1) {
      number += 1;
      const claims = { jti: `token-${number}`, filler: 'x'.repeat(1500) };
      assertForwarded(await send('/users/alice/a.png', { token: tokenFor(secret, 'alice', claims) }));
    }
    return memory.pages();
  };
  const full = await pagesAfter(1500);
  assert.ok(await pagesAfter(1500) <= full + 1, `${memory.pages()} pages after ${full}`);
  assert.equal(memory.instances(), 1);
});
