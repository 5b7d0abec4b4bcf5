import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from './support/free-port.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { KEY, assertOutageIsSurvived } from './support/outage.mjs';
import {
  assertForwarded,
  assertRefused,
  configurationFor,
  startHandler,
} from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';

/** @typedef {(socket: import('node:net').Socket) => unknown} Misbehave */

const OK = 'HTTP/1.1 200 OK\r\n';
const LENGTH_9 = `${OK}Content-Length: 9\r\n\r\n`;
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';

/**
 * Sends the text and then resets the connection.
 *
 * @type {(text: string) => Misbehave}
 */
const thenReset = (text) => (socket) => socket.write(text, () => socket.resetAndDestroy());

/** @type {(text: string) => Misbehave} */
const thenEnd = (text) => (socket) => socket.end(text);

/** @type {(text: string) => Misbehave} */
const thenWait = (text) => (socket) => socket.write(text);

/** @type {[string, Misbehave, RegExp][]} */
const CONNECTIONS = [
  ['resets', thenReset(''), /^no connection \(ECONNRESET\)$/],
  ['resets in the headers', thenReset(`${OK}Content-Le`), /^no connection \(ECONNRESET\)$/],
  ['hangs up', thenEnd(''), /^no connection \(ECONNRESET\)$/],
  ['hangs up in the headers', thenEnd(`${OK}Content-Le`), /^no connection \(\w+\)$/],
  ['resets in the body', thenReset(`${LENGTH_9}{"keys"`), /broke off|ECONNRESET/],
  ['hangs up in the body', thenEnd(`${LENGTH_9}{"keys"`), /^the answer broke off$/],
  ['hangs up in a chunk', thenEnd(`${CHUNKED}9\r\n{"keys"`), /^the answer broke off$/],
  ['leaves out the last chunk', thenEnd(`${CHUNKED}2\r\n{}\r\n`), /^the answer broke off$/],
  ['sends garbage for a chunk', thenWait(`${CHUNKED}zz\r\n{}\r\n`), /HPE_INVALID_CHUNK_SIZE/],
  ['sends more than it says', thenWait(`${OK}Content-Length: 2\r\n\r\n{}{}`), /HPE_|no array/],
  ['sends a negative length', thenWait(`${OK}Content-Length: -1\r\n\r\n{}`), /HPE_INVALID_CONTENT/],
  [
    'sends two lengths',
    thenWait(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `),
    /HPE_UNEXPECTED_CONTENT_LENGTH/,
  ],
  ['sends endless headers', thenWait(`${OK}X: ${'x'.repeat(80_000)}`), /HPE_HEADER_OVERFLOW/],
  ['speaks another protocol', thenWait('SSH-2.0-OpenSSH_9.2\r\n'), /HPE_/],
  ['speaks HTTP/0.9', thenEnd('{"keys":[]}'), /HPE_/],
  ['switches protocols', thenWait(UPGRADE), /^no answer$/],
  ['switches protocols and hangs up', thenEnd(UPGRADE), /^no answer$/],
];

for (const [title, misbehave, reason] of CONNECTIONS) {
  test(`a key server that ${title}`, async (t) => {
    await assertOutageIsSurvived(t, {
      begin: (server) => {
        server.misbehave = misbehave;
      },
      reason,
    });
  });
}

test('a key server that is not there, and then is', async (t) => {
  const port = await freePort();
  const configuration = configurationFor(`http://127.0.0.1:${port}/jwks.json`);
  const { send, log, clock } = await startHandler({ configuration });
  const view = () => send('/users/alice/a.png', { token: tokenFor(KEY) });
  assertRefused(await view(), 'keys_unavailable', 503);
  assert.equal(log.last('no key set').detail, 'no connection (ECONNREFUSED)');

  const server = await startKeyServer(t, { keys: [KEY], port });
  clock.now += 9;
  assertRefused(await view(), 'keys_unavailable', 503);
  assert.equal(server.fetches, 0);
  clock.now += 1;
  assertForwarded(await view());
});
