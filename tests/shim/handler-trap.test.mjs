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
import { captureMemories } from './support/wasm-memory.mjs';

const KEY = generateKey('RS256');

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const memory = captureMemories(t);
  const server = await startKeyServer(t, { keys: [KEY] });
  const shim = await startHandler({ configuration: configurationFor(server.url) });
  const view = () => shim.send('/users/alice/a.png', { token: tokenFor(KEY) });
  return { ...shim, memory, server, view };
}

/** @param {import('./support/handler-log.mjs').Entry | undefined} record */
function assertTrap(record) {
  assert.match(record?.detail, /^unreachable$|out of bounds/);
}

test('threat 57: a trap is a 503, and the next request is served by a new instance', async (t) => {
  const { memory, server, view } = await start(t);
  assertForwarded(await view());
  for (let traps = 1; traps <= 3; traps += 1) {
    memory.ruin();
    const trapped = await view();
    assertRefused(trapped, 'internal', 503);
    assertTrap(trapped.record);
    assert.equal(memory.instances(), traps);

    assertForwarded(await view());
    assertForwarded(await view());
    assert.equal(memory.instances(), traps + 1);
  }
  assert.equal(server.fetches, 1, 'the keys are still there');
});

test('a trap where nobody needs a token is a 503 as well', async (t) => {
  const { memory, send } = await start(t);
  memory.ruin();
  assertRefused(await send('/public/logo.png'), 'internal', 503);
  assertForwarded(await send('/public/logo.png'));
});

test('a trap that takes in the keys does not keep them', async (t) => {
  const { memory, server, view, log, clock } = await start(t);
  const [asked, ruined] = [gate('keys are asked for'), gate('the instance is ruined')];
  server.respond = async (request, response) => {
    asked.open();
    await ruined.isOpen();
    server.sendKeys(request, response);
  };
  const waiting = view();
  await asked.isOpen();
  memory.ruin();
  ruined.open();
  assertRefused(await waiting, 'keys_unavailable', 503);
  assertTrap(log.last('no key set'));
  assert.equal(memory.instances(), 2);

  server.recover();
  clock.now += 10;
  assertForwarded(await view());
  assert.equal(server.fetches, 2);
});

test('requests that wait while the instance traps are decided by the next one', async (t) => {
  const { memory, server, view, send } = await start(t);
  const [asked, trapped] = [gate('keys are asked for'), gate('the instance traps')];
  server.respond = async (request, response) => {
    asked.open();
    await trapped.isOpen();
    server.sendKeys(request, response);
  };
  const waiting = [view(), view(), view()];
  await asked.isOpen();
  memory.ruin();
  assertRefused(await send('/public/logo.png'), 'internal', 503);
  trapped.open();
  for (const answer of await Promise.all(waiting)) assertForwarded(answer);
  assert.equal(memory.instances(), 2);
});
