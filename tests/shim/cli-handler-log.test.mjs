// What the local edge makes of the handler's own log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handlerLog } from '../../www-shim/cli/handler-log.mjs';
import { handlerFromSource } from '../../www-shim/cli/handlers.mjs';
import { CONFIGURATION, viewerEvent } from './support/viewer-event.mjs';

/** @returns {{ lines: string[], log: ReturnType<typeof handlerLog> }} */
function start() {
  /** @type {string[]} */
  const lines = [];
  return { lines, log: handlerLog((line) => lines.push(line)) };
}

test('each decision has its note, however few the configuration logs', async () => {
  /** @type {string[]} */
  const lines = [];
  const configuration = { ...CONFIGURATION, logLevel: 'error', logSample: { info: 0, debug: 0 }, metrics: true };
  const { handler, takeNote } = handlerFromSource(JSON.stringify(configuration), '.', (line) => lines.push(line));
  for (const [uri, code] of [['/public/a.png', 'public'], ['/users/alice/a.png', 'credentials_missing']]) {
    await handler(/** @type {any} */ (viewerEvent(String(uri))), {});
    const note = takeNote('r');
    assert.equal(note?.code, code);
    assert.ok(note?.milliseconds !== null && Number(note?.milliseconds) >= 0);
    assert.equal(takeNote('r'), null);
  }
  assert.deepEqual(lines, []);
});

test('lines for CloudWatch are not shown', () => {
  const { lines, log } = start();
  log.write(JSON.stringify({ level: 'info', message: 'metrics', _aws: {}, FunctionName: 'f' }));
  assert.deepEqual(lines, []);
});

test('what else the handler says is shown, with what matters of it', () => {
  const { lines, log } = start();
  log.write(JSON.stringify({ level: 'info', message: 'key set', provider: 'dev', keys: 1 }));
  log.write(JSON.stringify({ level: 'info', message: 'key set', provider: 'dev', keys: 2 }));
  log.write(JSON.stringify({ level: 'error', message: 'no key set', provider: 'dev', detail: 'status 500' }));
  log.write('not JSON');
  assert.deepEqual(lines, [
    '  handler: key set: dev: 1 key',
    '  handler: key set: dev: 2 keys',
    '  handler: no key set: dev: status 500',
    '  handler: not JSON',
  ]);
});
