import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gate } from './support/gate.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { KEY, assertOutageIsSurvived } from './support/outage.mjs';
import { assertForwarded, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';

/** @typedef {import('node:net').Socket} Socket */

const MAX_BYTES = 64 * 1024;
const OK = 'HTTP/1.1 200 OK\r\n\r\n';
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\n\r\n';

/** @type {(text: string, bytes: number) => string} */
const padded = (text, bytes) => text + ' '.repeat(bytes - text.length);

for (const chunked of [false, true]) {
  const how = chunked ? 'in chunks' : 'at once';

  test(`a key set of 64 KB is taken, sent ${how}`, async (t) => {
    const server = await startKeyServer(t, { keys: [KEY] });
    server.respond = (_request, response) => {
      const text = padded(server.text, MAX_BYTES);
      if (chunked) response.write(text.slice(0, 1000));
      response.end(text.slice(chunked ? 1000 : 0));
    };
    const { send } = await startHandler({ configuration: configurationFor(server.url) });
    assertForwarded(await send('/users/alice/a.png', { token: tokenFor(KEY) }));
  });

  test(`threat 23: a key set of one byte more is refused, sent ${how}`, async (t) => {
    await assertOutageIsSurvived(t, {
      begin: (server) => {
        server.respond = (_request, response) => {
          const text = padded(server.text, MAX_BYTES + 1);
          if (chunked) response.write(text.slice(0, 1000));
          response.end(text.slice(chunked ? 1000 : 0));
        };
      },
      reason: /^more than 65536 bytes$/,
    });
  });
}

test('threat 23: an endless key set is read to 64 KB, and hung up on', async (t) => {
  let sent = 0;
  await assertOutageIsSurvived(t, {
    begin: (server) => {
      server.misbehave = (socket) => {
        const more = () => {
          while (!socket.destroyed && socket.write(' '.repeat(10_000))) sent += 10_000;
        };
        socket.on('drain', more).write(OK);
        more();
      };
    },
    reason: /^more than 65536 bytes$/,
  });
  // What the sockets hold in between was sent as well.
  assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were sent`);
});

/**
 * Puts the deadlines that the handler sets into the hands of the test.
 *
 * @param {import('node:test').TestContext} t
 */
function takeDeadlines(t) {
  const deadline = new AbortController();
  const timeout = t.mock.method(AbortSignal, 'timeout', () => deadline.signal);
  return {
    milliseconds: () => timeout.mock.calls.map((call) => call.arguments[0]),
    pass: () => deadline.abort(new DOMException('the time is up', 'TimeoutError')),
    restore: () => timeout.mock.restore(),
  };
}

/**
 * Sends bit by bit and never ends.
 *
 * @param {Socket} socket
 * @param {string} start
 * @param {string} bit
 * @param {() => void} afterTen
 */
function drip(socket, start, bit, afterTen) {
  socket.write(start);
  let count = 0;
  const timer = setInterval(() => {
    socket.write(bit);
    if ((count += 1) === 10) afterTen();
  }, 2);
  socket.on('close', () => clearInterval(timer));
}

/** @type {[string, (socket: Socket, late: () => void) => void][]} */
const SLOW = [
  ['never answers', (_socket, late) => late()],
  ['drips headers', (socket, late) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-A: b\r\n', late)],
  ['drips early hints', (socket, late) => drip(socket, '', EARLY_HINTS, late)],
  ['stops after the headers', (socket, late) => socket.write(OK, late)],
  ['drips the body', (socket, late) => drip(socket, OK, ' ', late)],
  [
    'drips chunks',
    (socket, late) => {
      drip(socket, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n', late);
    },
  ],
];
for (const [title, misbehave] of SLOW) {
  test(`threat 23: one deadline of 3 s for all of it: a key server that ${title}`, async (t) => {
    const late = gate('it is late');
    const deadlines = takeDeadlines(t);
    await assertOutageIsSurvived(t, {
      begin: (server) => {
        server.misbehave = (socket) => misbehave(socket, late.open);
      },
      meanwhile: async (server) => {
        await late.isOpen();
        assert.deepEqual(deadlines.milliseconds(), [3000]);
        deadlines.pass();
        await server.allClosed();
        deadlines.restore();
      },
      reason: /^no answer within 3 s$/,
    });
  });
}

test('the deadline passes by itself', async (t) => {
  const startedAt = performance.now();
  await assertOutageIsSurvived(t, {
    begin: (server) => {
      server.misbehave = (socket) => drip(socket, OK, ' ', () => {});
    },
    reason: /^no answer within 3 s$/,
  });
  // Timers may be a millisecond early.
  assert.ok(performance.now() - startedAt > 2990);
});
