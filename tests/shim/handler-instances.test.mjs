import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage } from './support/garbage.mjs';
import { startHandler } from './support/shipped-handler.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';
import { captureMemories } from './support/wasm-memory.mjs';

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
